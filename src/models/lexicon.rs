//! Bilingual lexicons between English and other languages, read in place: which stems render which, how likely either way, and
//! which stems are often left without a rendering.
//!
//! English stems are one list for all languages (`lexicon.en.obm`); each other language has a file of its own with its stems and
//! the links. A stem's number is its rank by hash. Stems are made by `language::stem`; only hashes are looked up, and beside each
//! hash stands the word form that was seen most, to be shown.

use std::sync::LazyLock;

use crate::digest::Digest;
use crate::models::{BadModel, ModelFile, Reader};

/// The number of a stem in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StemId(pub u16);

impl StemId {
    /// Which of 1,024 bits it is in a set that tells of most stems that they are not in it.
    pub(super) fn mark(self) -> usize {
        usize::from(self.0 % 1024)
    }
}

/// A stem's number that no stem has.
pub const NO_STEM: u16 = u16::MAX;
/// A chance is kept as -ln p in units of a 20th, in eight bits: down to e^-12.75.
pub const UNIT: f32 = 1.0 / 20.0;
/// Words that one offset stands for.
const BLOCK: usize = 16;
/// Bytes of a link: the other stem, the chance of it given this one, the chance of this one given it.
const LINK: usize = 4;

/// A chance in eight bits.
pub fn pack_chance(p: f64) -> u8 {
    let cost = -p.max(1e-9).ln() / f64::from(UNIT);
    cost.round().clamp(0.0, 255.0) as u8
}

/// The chance of each of the 256 values: thousands are asked for in a sentence.
static CHANCES: LazyLock<[f32; 256]> = LazyLock::new(|| std::array::from_fn(|packed| (-(packed as f32) * UNIT).exp()));

fn chance(packed: u8) -> f32 {
    CHANCES[usize::from(packed)]
}

/// What a stem is looked up by.
pub fn stem_hash(stem: &str) -> u32 {
    let mut digest = Digest::default();
    digest.write(stem.as_bytes());
    (digest.finish() >> 32) as u32
}

/// Numbers of four bytes, in place.
#[derive(Clone, Copy, Debug)]
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    fn get(&self, at: usize) -> Option<u32> {
        let bytes = self.0.get(at.checked_mul(4)?..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    }

    fn len(&self) -> usize {
        self.0.len() / 4
    }

    /// Where a value stands, in sorted numbers that are spread evenly, as hashes are.
    fn find(&self, value: u32) -> Option<usize> {
        let count = self.len();
        let guess = ((u64::from(value) * count as u64) >> 32) as usize;
        // Hashes stray from the even spread by about the root of their number: the window doubles until it holds the value.
        let (mut low, mut high, mut step) = (guess, guess, 8);
        while low > 0 && self.get(low)? >= value {
            low = low.saturating_sub(step);
            step *= 2;
        }
        step = 8;
        while high < count && self.get(high)? < value {
            high = (high + step).min(count);
            step *= 2;
        }
        while low < high {
            let middle = low.midpoint(high);
            if self.get(middle)? < value {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (self.get(low) == Some(value)).then_some(low)
    }
}

/// A stem, as it is written into a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Stem {
    /// What it is looked up by.
    pub hash: u32,
    /// The word to be shown.
    pub word: String,
    /// The chance that a word of a text has it.
    pub usual: f64,
}

/// The stems of one language.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'b> {
    hashes: Numbers<'b>,
    /// Where each block of words begins.
    blocks: Numbers<'b>,
    /// Each word behind its length.
    words: &'b [u8],
    /// How usual each stem is, packed.
    usual: &'b [u8],
}

impl<'b> Vocabulary<'b> {
    fn read(reader: &mut Reader<'b>) -> Option<Self> {
        let hashes = Numbers(reader.bytes()?);
        let blocks = Numbers(reader.bytes()?);
        let words = reader.bytes()?;
        let usual = reader.bytes()?;
        let fits = hashes.0.len() % 4 == 0
            && usual.len() == hashes.len()
            && hashes.len() <= usize::from(NO_STEM)
            && blocks.0.len() == hashes.len().div_ceil(BLOCK) * 4;
        fits.then_some(Self { hashes, blocks, words, usual })
    }

    /// As bytes: stems by hash, sorted, without two of one hash.
    pub fn write(stems: &[Stem]) -> Vec<u8> {
        let (mut blocks, mut words) = (Vec::new(), Vec::new());
        for (at, Stem { word, .. }) in stems.iter().enumerate() {
            if at % BLOCK == 0 {
                blocks.extend((words.len() as u32).to_le_bytes());
            }
            let mut end = word.len().min(usize::from(u8::MAX));
            while !word.is_char_boundary(end) {
                end -= 1;
            }
            words.push(end as u8);
            words.extend(&word.as_bytes()[..end]);
        }
        let hashes: Vec<u8> = stems.iter().flat_map(|s| s.hash.to_le_bytes()).collect();
        let usual: Vec<u8> = stems.iter().map(|s| pack_chance(s.usual)).collect();
        let mut out = Vec::new();
        for part in [hashes, blocks, words, usual] {
            put(&mut out, &part);
        }
        out
    }

    /// How many stems there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a stem.
    pub fn find(&self, stem: &str) -> Option<StemId> {
        self.hashes.find(stem_hash(stem)).and_then(|at| u16::try_from(at).ok()).map(StemId)
    }

    /// The chance that a word of a text has this stem.
    pub fn usual(&self, stem: StemId) -> f32 {
        self.usual.get(usize::from(stem.0)).map_or(0.0, |packed| chance(*packed))
    }

    /// The word form of a stem that was seen most.
    pub fn word(&self, stem: StemId) -> &'b str {
        self.word_at(usize::from(stem.0)).unwrap_or("")
    }

    fn word_at(&self, at: usize) -> Option<&'b str> {
        let mut rest = self.words.get(self.blocks.get(at / BLOCK)? as usize..)?;
        for _ in 0..at % BLOCK {
            let (length, more) = rest.split_first()?;
            rest = more.get(usize::from(*length)..)?;
        }
        let (length, more) = rest.split_first()?;
        std::str::from_utf8(more.get(..usize::from(*length))?).ok()
    }
}

/// A stem that renders another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rendering {
    /// The other stem.
    pub stem: StemId,
    /// The chance of it, given the stem that was asked for.
    pub forward: f32,
    /// The chance of that one, given this.
    pub back: f32,
}

/// Renderings of one stem, in place.
#[derive(Clone, Copy, Debug)]
pub struct Renderings<'b>(&'b [u8]);

impl<'b> Renderings<'b> {
    /// None.
    pub const NONE: Renderings<'static> = Renderings(&[]);

    /// The renderings, best first.
    pub fn iter(&self) -> impl Iterator<Item = Rendering> + use<'b> {
        self.0.chunks_exact(LINK).filter_map(|link| {
            let &[a, b, forward, back] = link else { return None };
            Some(Rendering { stem: StemId(u16::from_le_bytes([a, b])), forward: chance(forward), back: chance(back) })
        })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One direction of a lexicon.
#[derive(Clone, Copy, Debug)]
struct Direction<'b> {
    /// The chance that a stem has no rendering, packed.
    silent: &'b [u8],
    /// Where the renderings of each stem begin, and one more.
    starts: Numbers<'b>,
    links: &'b [u8],
}

impl<'b> Direction<'b> {
    fn read(reader: &mut Reader<'b>) -> Option<Self> {
        let silent = reader.bytes()?;
        let starts = Numbers(reader.bytes()?);
        let links = reader.bytes()?;
        let fits = starts.0.len() == (silent.len() + 1) * 4 && links.len() % LINK == 0;
        fits.then_some(Self { silent, starts, links })
    }

    fn of(&self, at: usize) -> Renderings<'b> {
        let range = || {
            let (from, to) = (self.starts.get(at)? as usize, self.starts.get(at + 1)? as usize);
            self.links.get(from.checked_mul(LINK)?..to.checked_mul(LINK)?)
        };
        range().map_or(Renderings(&[]), Renderings)
    }

    fn silent(&self, at: usize) -> f32 {
        self.silent.get(at).map_or(0.0, |packed| chance(*packed))
    }
}

/// What is written of one stem: the chance that nothing renders it, and its renderings with the two chances.
pub type Renders = (f64, Vec<(u16, f64, f64)>);
/// What is written of one direction, by stem.
pub type Side = Vec<Renders>;

fn write_direction(out: &mut Vec<u8>, side: &Side) {
    let silent: Vec<u8> = side.iter().map(|(p, _)| pack_chance(*p)).collect();
    let (mut starts, mut links, mut count) = (Vec::new(), Vec::new(), 0_u32);
    for (_, renderings) in side {
        starts.extend(count.to_le_bytes());
        for (stem, forward, back) in renderings {
            links.extend(stem.to_le_bytes());
            links.extend([pack_chance(*forward), pack_chance(*back)]);
            count += 1;
        }
    }
    starts.extend(count.to_le_bytes());
    for part in [silent, starts, links] {
        put(out, &part);
    }
}

fn put(out: &mut Vec<u8>, part: &[u8]) {
    out.extend((part.len() as u32).to_le_bytes());
    out.extend(part);
}

/// The stems of English, shared by all lexicons.
///
/// # Errors
/// The file is no model file, one of another format, or damaged.
pub fn read_english<'b>(name: &'static str, bytes: &'b [u8]) -> Result<Vocabulary<'b>, BadModel> {
    let file = ModelFile::read(name, bytes)?;
    let section = file.sections.iter().find(|(section, _)| *section == "stems");
    let read = section.and_then(|(_, bytes)| Vocabulary::read(&mut Reader::new(bytes)));
    read.ok_or(BadModel::Damaged(name))
}

/// The lexicon of one language and English.
#[derive(Clone, Copy, Debug)]
pub struct Lexicon<'b> {
    /// Stems of English.
    pub english: Vocabulary<'b>,
    /// Stems of the other language.
    pub other: Vocabulary<'b>,
    from_other: Direction<'b>,
    from_english: Direction<'b>,
    /// Which English stems have renderings, sorted.
    english_numbers: &'b [u8],
    /// Weights of the measures of a link, and the constant.
    weights: Numbers<'b>,
    /// How fast the chance of a link falls with the distance from the diagonal.
    pub slope: f32,
}

impl<'b> Lexicon<'b> {
    /// Reads the file of a language, which belongs to the list of English stems that was built with it.
    ///
    /// # Errors
    /// The file is no model file, one of another format, damaged, or built with another list.
    pub fn read(name: &'static str, bytes: &'b [u8], english: Vocabulary<'b>) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        let section = file.sections.iter().find(|(section, _)| *section == "links");
        let read = section.and_then(|(_, bytes)| Self::take(&mut Reader::new(bytes), english));
        read.ok_or(BadModel::Damaged(name))
    }

    fn take(reader: &mut Reader<'b>, english: Vocabulary<'b>) -> Option<Self> {
        let count = reader.u32()? as usize;
        let slope = reader.f32()?;
        let other = Vocabulary::read(reader)?;
        let from_other = Direction::read(reader)?;
        let english_numbers = reader.bytes()?;
        let from_english = Direction::read(reader)?;
        let weights = Numbers(reader.bytes()?);
        let fits = count == english.len()
            && slope.is_finite()
            && from_other.silent.len() == other.len()
            && english_numbers.len() == from_english.silent.len() * 2
            && reader.is_empty();
        fits.then_some(Self { english, other, from_other, from_english, english_numbers, weights, slope })
    }

    /// As bytes: how many English stems the shared list has, the language's own stems with their renderings, and the English
    /// ones with theirs, by number.
    pub fn write(
        english_stems: usize,
        slope: f32,
        other: &[Stem],
        from_other: &Side,
        english: &[u16],
        from_english: &Side,
        weights: &[f32],
    ) -> Vec<u8> {
        let mut out = (english_stems as u32).to_le_bytes().to_vec();
        out.extend(slope.to_le_bytes());
        out.extend(Vocabulary::write(other));
        write_direction(&mut out, from_other);
        let numbers: Vec<u8> = english.iter().flat_map(|n| n.to_le_bytes()).collect();
        put(&mut out, &numbers);
        write_direction(&mut out, from_english);
        put(&mut out, &weights.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<u8>>());
        out
    }

    /// English stems that render one of the other language, best first.
    pub fn to_english(&self, other: StemId) -> Renderings<'b> {
        self.from_other.of(usize::from(other.0))
    }

    /// Stems of the other language that render an English one, best first.
    pub fn from_english(&self, english: StemId) -> Renderings<'b> {
        self.place(english).map_or(Renderings(&[]), |at| self.from_english.of(at))
    }

    /// The chance that a stem of the other language has no rendering in the English.
    pub fn silent_other(&self, other: StemId) -> f32 {
        self.from_other.silent(usize::from(other.0))
    }

    /// The chance that an English stem renders nothing in the other language.
    pub fn silent_english(&self, english: StemId) -> f32 {
        self.place(english).map_or(0.0, |at| self.from_english.silent(at))
    }

    /// Whether the lexicon has renderings of an English stem.
    pub fn knows_english(&self, english: StemId) -> bool {
        self.place(english).is_some()
    }

    fn place(&self, english: StemId) -> Option<usize> {
        let (mut low, mut high) = (0, self.english_numbers.len() / 2);
        while low < high {
            let middle = low.midpoint(high);
            let bytes = self.english_numbers.get(middle * 2..)?.first_chunk::<2>()?;
            match u16::from_le_bytes(*bytes).cmp(&english.0) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// A weight of a measure of links; the constant stands last.
    pub fn weight(&self, at: usize) -> f32 {
        self.weights.get(at).map_or(0.0, f32::from_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(words: &[&str]) -> Vec<Stem> {
        let stem = |word: &&str| Stem { hash: stem_hash(word), word: (*word).to_owned(), usual: 0.01 };
        let mut all: Vec<Stem> = words.iter().map(stem).collect();
        all.sort_by_key(|s| s.hash);
        all
    }

    /// Two files: many English stems, of which "house" and "river" are rendered.
    fn files() -> (Vec<u8>, Vec<u8>) {
        let many: Vec<String> = (0..500).map(|n| format!("w{n}")).collect();
        let mut words: Vec<&str> = many.iter().map(String::as_str).collect();
        words.extend(["house", "river"]);
        let english = stems(&words);
        let number = |word: &str| english.iter().position(|s| s.word == word).expect(word) as u16;
        let other = stems(&["дом", "рек"]);
        let place = |word: &str| other.iter().position(|s| s.word == word).expect(word);
        let mut from_other: Side = vec![(0.1, Vec::new()); 2];
        from_other[place("дом")].1 = vec![(number("house"), 0.9, 0.5), (number("river"), 0.01, 0.02)];
        from_other[place("рек")].1 = vec![(number("river"), 0.8, 0.7)];
        let mut numbers = vec![number("house"), number("river")];
        numbers.sort_unstable();
        let from_english: Side = numbers
            .iter()
            .map(|n| {
                if *n == number("house") {
                    vec![(place("дом") as u16, 0.5, 0.9)]
                } else {
                    vec![(place("рек") as u16, 0.7, 0.8)]
                }
            })
            .map(|row| (0.2, row))
            .collect();
        let bytes = Lexicon::write(english.len(), 4.0, &other, &from_other, &numbers, &from_english, &[1.0, -1.0]);
        (
            ModelFile::write("what: a test\n", &[("stems".to_owned(), Vocabulary::write(&english))]),
            ModelFile::write("what: a test\n", &[("links".to_owned(), bytes)]),
        )
    }

    #[test]
    fn what_is_written_is_found() {
        let (english, other) = files();
        let english = read_english("test", &english).expect("English");
        let lexicon = Lexicon::read("test", &other, english).expect("the lexicon");
        for word in ["house", "river", "w0", "w250", "w499"] {
            let stem = english.find(word).expect(word);
            assert_eq!(english.word(stem), word);
        }
        assert_eq!(english.find("boat"), None);
        let house = lexicon.other.find("дом").expect("дом");
        let best = lexicon.to_english(house).iter().next().expect("a rendering");
        assert_eq!(english.word(best.stem), "house");
        assert!((best.forward - 0.9).abs() < 0.03 && (best.back - 0.5).abs() < 0.03, "{best:?}");
        let back: Vec<&str> = lexicon
            .from_english(english.find("river").expect("river"))
            .iter()
            .map(|r| lexicon.other.word(r.stem))
            .collect();
        assert_eq!(back, ["рек"]);
        assert!(lexicon.from_english(english.find("w7").expect("w7")).is_empty());
        assert!((lexicon.silent_other(house) - 0.1).abs() < 0.01);
        assert!((lexicon.weight(1) + 1.0).abs() < 1e-6 && lexicon.weight(9).abs() < 1e-6);
    }

    #[test]
    fn damage_is_no_panic() {
        let (english, other) = files();
        let vocabulary = read_english("test", &english).expect("English");
        let file = ModelFile::read("test", &other).expect("sound");
        let section = file.sections[0].1;
        // Behind the checksum too: whatever the bytes are, they are read or refused.
        for at in 0..section.len() {
            for value in [0, 0x7f, 0xff] {
                let mut bad = section.to_vec();
                bad[at] = value;
                if let Some(lexicon) = Lexicon::take(&mut Reader::new(&bad), vocabulary) {
                    for number in [0, 1, 2, 600, NO_STEM] {
                        lexicon.to_english(StemId(number)).iter().for_each(drop);
                        lexicon.from_english(StemId(number)).iter().for_each(drop);
                        let _ = (lexicon.other.word(StemId(number)), lexicon.silent_english(StemId(number)));
                    }
                    let _ = lexicon.other.find("дом");
                }
            }
            assert!(Lexicon::take(&mut Reader::new(&section[..at]), vocabulary).is_none(), "cut at {at}");
        }
        assert!(Lexicon::read("test", &english, vocabulary).is_err());
        assert!(read_english("test", &other).is_err());
    }
}
