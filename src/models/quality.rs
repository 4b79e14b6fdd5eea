//! The models of quality: the chance that an editor changes a word, and how good a sentence is, from what is known of either
//! (`analyse::evidence`).
//!
//! There is a set for each source language that people's marks were learned from, and one for all others. In a set, weights of
//! hashed traits (which words, beside which, for which word of the source) give one more figure of a word; boosted trees decide by
//! all figures; trees again, by those and by what was said of the words around. For a sentence, weights of letters and words in a row
//! give two more figures, and trees decide by those and by the chances of its words. Curves turn what is said into what is so.

use crate::models::boost::Forest;
use crate::models::{BadModel, ModelFile, Reader};

/// What a word's row holds beside its figures and those of its sentence: what the letters of either side say of the sentence, what
/// its traits weigh.
pub const BESIDE: usize = 3;
/// What the second trees see beside: what the first said of the word, of three on either side, their mean and most.
pub const AROUND: usize = 9;
/// What a sentence's row holds beside its figures: of the chances of its words the mean, the most, the share above a half, the
/// mean logarithm of the rest, the fifth below the most; what the letters of either side say.
pub const OF_WORDS: usize = 7;
/// The last column of a word's row: how strict the editor is. In training it is known.
pub const LIKE_MOST: f32 = 0.0;
/// The set for languages that have none of their own.
pub const ANY: &str = "und";

/// Weights of hashed traits, in place.
#[derive(Clone, Copy, Debug)]
pub struct Hashed<'b> {
    weights: &'b [u8],
    scale: f32,
    constant: f32,
}

impl<'b> Hashed<'b> {
    /// As bytes; the number of weights is a power of two.
    pub fn write(weights: &[f32], constant: f32) -> Vec<u8> {
        let most = weights.iter().fold(0.0_f32, |m, w| m.max(w.abs())).max(1e-9);
        let scale = most / 127.0;
        let mut out = scale.to_le_bytes().to_vec();
        out.extend(constant.to_le_bytes());
        out.extend((weights.len() as u32).to_le_bytes());
        out.extend(weights.iter().map(|w| (w / scale).round().clamp(-127.0, 127.0) as i8 as u8));
        out
    }

    fn take(reader: &mut Reader<'b>) -> Option<Self> {
        let (scale, constant) = (reader.f32()?, reader.f32()?);
        let weights = reader.bytes()?;
        (weights.is_empty() || weights.len().is_power_of_two()).then_some(Self { weights, scale, constant })
    }

    /// Reads what [`Hashed::write`] gives.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        Self::take(&mut reader).filter(|_| reader.is_empty())
    }

    /// How many weights there are.
    pub fn slots(&self) -> usize {
        self.weights.len()
    }

    /// The sum of the weights of some traits, each with this share, and the constant.
    pub fn value(&self, traits: impl Iterator<Item = u32>, share: f32) -> f32 {
        let slots = self.weights.len();
        let sum: i32 = traits.map(|t| self.weights.get(slot(t, slots)).map_or(0, |w| i32::from(*w as i8))).sum();
        sum as f32 * self.scale * share + self.constant
    }
}

/// The slot of a trait among so many, a power of two.
pub fn slot(hash: u32, slots: usize) -> usize {
    (hash ^ (hash >> 16)) as usize & slots.wrapping_sub(1)
}

/// What is said and what is so: straight lines between points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve(pub Vec<(f32, f32)>);

impl Curve {
    /// As bytes.
    pub fn write(&self) -> Vec<u8> {
        let mut out = (self.0.len() as u32).to_le_bytes().to_vec();
        out.extend(self.0.iter().flat_map(|(x, y)| [x.to_le_bytes(), y.to_le_bytes()].concat()));
        out
    }

    /// Reads what [`Curve::write`] gives.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let count = reader.count(8)?;
        let points = (0..count).map(|_| Some((reader.f32()?, reader.f32()?))).collect::<Option<Vec<_>>>()?;
        let sound = reader.is_empty()
            && points.iter().all(|(x, y)| x.is_finite() && y.is_finite())
            && points.windows(2).all(|w| w[0].0 < w[1].0);
        sound.then_some(Self(points))
    }

    /// What is so where this is said; as at the ends beyond them, and as it is said if there are no points.
    pub fn at(&self, x: f32) -> f32 {
        let above = self.0.partition_point(|(known, _)| *known <= x);
        match (above.checked_sub(1).and_then(|b| self.0.get(b)), self.0.get(above)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0),
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => x,
        }
    }
}

fn mix(hash: u32, letter: u32) -> u32 {
    (hash ^ letter).wrapping_mul(0x9e37_79b1).rotate_left(13)
}

/// The letters and words in a row of a sentence's folded words, hashed: two to four letters, a word's borders among them, and one
/// or two words.
pub fn in_a_row<'t>(words: impl Iterator<Item = &'t str>, out: &mut Vec<u32>) {
    const BORDER: u32 = 32;
    out.clear();
    let mut before = 7_u32;
    let mut letters: Vec<u32> = Vec::with_capacity(32);
    for word in words {
        letters.clear();
        letters.push(BORDER);
        letters.extend(word.chars().map(u32::from));
        letters.push(BORDER);
        let whole = letters.iter().fold(11, |hash, letter| mix(hash, *letter));
        out.push(whole);
        out.push(mix(before, whole));
        before = whole;
        for first in 0..letters.len() {
            let mut hash = 3;
            for (length, letter) in letters.iter().skip(first).take(4).enumerate() {
                hash = mix(hash, *letter);
                if length > 0 {
                    out.push(mix(hash, length as u32));
                }
            }
        }
    }
}

/// What each of so many letters and words in a row counts.
pub fn share(count: usize) -> f32 {
    1.0 / (count.max(1) as f32).sqrt()
}

/// The logarithm of the odds.
pub fn logit(chance: f32) -> f32 {
    let chance = chance.clamp(1e-4, 1.0 - 1e-4);
    (chance / (1.0 - chance)).ln()
}

/// The chance of odds whose logarithm this is.
pub fn chance(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}

/// The models for one language.
#[derive(Clone, Debug)]
pub struct Set<'b> {
    /// What a word's traits weigh.
    pub traits: Hashed<'b>,
    /// The trees of words, before and after they know what is said of those around.
    pub words: [Forest; 2],
    /// From the chance of a word as it is said to as it is.
    pub of_words: Curve,
    /// What letters and words in a row weigh, of the source and of the translation.
    pub letters: [Hashed<'b>; 2],
    /// The trees of sentences.
    pub sentences: Forest,
    /// From a sentence's estimate as it is said to as it is, and to the ends that nine of ten lie between.
    pub of_sentences: [Curve; 3],
    /// The chance of a word from which calling it wrong agreed best with editors.
    pub threshold: f32,
}

impl Set<'_> {
    /// As sections of a file, by the language.
    pub fn names(language: &str) -> [String; 10] {
        const PARTS: [&str; 10] = [
            "traits",
            "words.1",
            "words.2",
            "words.curve",
            "letters.source",
            "letters.target",
            "sentences",
            "sentences.curve",
            "sentences.ends",
            "words.threshold",
        ];
        PARTS.map(|part| format!("{language}.{part}"))
    }

    /// What the first or second trees say of a word.
    pub fn word(&self, pass: usize, row: &[f32]) -> f32 {
        self.words.get(pass).map_or(0.0, |forest| forest.value(row))
    }

    /// What is said of a sentence: the estimate, and the ends of what nine of ten lie between.
    pub fn sentence(&self, row: &[f32]) -> [f32; 3] {
        let said = self.sentences.value(row);
        let [middle, low, high] = &self.of_sentences;
        let middle = middle.at(said).clamp(0.0, 1.0);
        [middle, low.at(said).clamp(0.0, middle), high.at(said).clamp(middle, 1.0)]
    }
}

/// What the second trees see of the words around, by what the first said of each.
pub fn around(said: &[f32], at: usize) -> [f32; AROUND] {
    let of = |at: Option<usize>| at.and_then(|at| said.get(at)).copied().unwrap_or(f32::NAN);
    let mean = said.iter().map(|s| chance(*s)).sum::<f32>() / said.len().max(1) as f32;
    let most = said.iter().fold(f32::MIN, |m, s| m.max(*s));
    [
        of(Some(at)),
        of(at.checked_sub(1)),
        of(Some(at + 1)),
        of(at.checked_sub(2)),
        of(Some(at + 2)),
        of(at.checked_sub(3)),
        of(Some(at + 3)),
        mean,
        most,
    ]
}

/// What is said of a sentence's words, as the sentence's row holds it: without the two of the letters, which stand behind.
pub fn of_words(chances: &[f32]) -> [f32; OF_WORDS - 2] {
    let count = chances.len().max(1) as f32;
    let mean = chances.iter().sum::<f32>() / count;
    let most = chances.iter().fold(0.0_f32, |m, c| m.max(*c));
    let share = chances.iter().filter(|c| **c > 0.5).count() as f32 / count;
    let rest = chances.iter().map(|c| (1.0 - c).max(1e-4).ln()).sum::<f32>() / count;
    let mut sorted = chances.to_vec();
    sorted.sort_by(f32::total_cmp);
    let fifth = sorted.get(sorted.len() * 4 / 5).copied().unwrap_or(0.0);
    [mean, most, share, rest, fifth]
}

/// All sets.
#[derive(Clone, Debug)]
pub struct QualityModels<'b> {
    sets: Vec<(&'b str, Set<'b>)>,
}

impl<'b> QualityModels<'b> {
    /// Reads a file; weights stay where they are.
    ///
    /// # Errors
    /// It is no model file, one of another format, or damaged.
    pub fn read(name: &'static str, bytes: &'b [u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        Self::of(&file).ok_or(BadModel::Damaged(name))
    }

    fn of(file: &ModelFile<'b>) -> Option<Self> {
        let mut sets = Vec::new();
        for (name, _) in &file.sections {
            let Some(language) = name.strip_suffix(".traits") else { continue };
            let names = Set::names(language);
            let section = |at: usize| file.sections.iter().find(|(n, _)| *n == names[at]).map(|(_, bytes)| *bytes);
            let mut ends = Reader::new(section(8)?);
            let set = Set {
                traits: Hashed::read(section(0)?)?,
                words: [Forest::read(section(1)?)?, Forest::read(section(2)?)?],
                of_words: Curve::read(section(3)?)?,
                letters: [Hashed::read(section(4)?)?, Hashed::read(section(5)?)?],
                sentences: Forest::read(section(6)?)?,
                of_sentences: [Curve::read(section(7)?)?, Curve::read(ends.bytes()?)?, Curve::read(ends.bytes()?)?],
                threshold: Reader::new(section(9)?).f32()?,
            };
            sets.push((language, set));
        }
        sets.iter().any(|(language, _)| *language == ANY).then_some(Self { sets })
    }

    /// The set for translations from a language.
    pub fn set(&self, language: &str) -> Option<&Set<'b>> {
        let of = |wanted: &str| self.sets.iter().find(|(l, _)| *l == wanted).map(|(_, set)| set);
        of(language).or_else(|| of(ANY))
    }

    /// Whether there is a set for just this language.
    pub fn knows(&self, language: &str) -> bool {
        self.sets.iter().any(|(l, _)| *l == language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::boost::Tree;

    /// A file with one set, whose trees say the same of everything.
    fn file(language: &str) -> Vec<u8> {
        let forest =
            |base: f32| Forest { base, columns: 1, trees: vec![Tree { splits: Vec::new(), leaves: vec![0.5] }] };
        let curve = Curve(vec![(-1.0, 0.0), (1.0, 1.0)]);
        let bytes = [
            Hashed::write(&[0.0, 1.0, -0.5, 0.25], 0.125),
            forest(0.0).write(),
            forest(0.5).write(),
            curve.write(),
            Hashed::write(&[], 0.0),
            Hashed::write(&[], 0.0),
            forest(0.25).write(),
            Curve(Vec::new()).write(),
            [curve.write(), curve.write()]
                .iter()
                .flat_map(|c| [(c.len() as u32).to_le_bytes().to_vec(), c.clone()].concat())
                .collect(),
            0.3_f32.to_le_bytes().to_vec(),
        ];
        let sections: Vec<(String, Vec<u8>)> = Set::names(language).into_iter().zip(bytes).collect();
        ModelFile::write("what: a test\n", &sections)
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = file(ANY);
        let models = QualityModels::read("test", &bytes).expect("it is sound");
        let set = models.set("ru").expect("the set for any");
        assert!(!models.knows("ru") && models.knows(ANY));
        assert_eq!((set.word(0, &[]), set.word(1, &[0.0])), (0.5, 1.0));
        assert!((set.threshold - 0.3).abs() < 1e-6);
        let [middle, low, high] = set.sentence(&[]);
        assert!((middle - 0.75).abs() < 1e-6 && low <= middle && high >= middle, "{low} {middle} {high}");
        assert!(QualityModels::read("test", &file("ru")).is_err(), "there must be one for any language");
    }

    #[test]
    fn weights_of_traits_are_added() {
        let bytes = Hashed::write(&[0.0, 1.0, -0.5, 0.25], 0.125);
        let hashed = Hashed::read(&bytes).expect("it is sound");
        assert!((hashed.value([1, 2, 3].into_iter(), 2.0) - 1.625).abs() < 0.02);
        assert!((hashed.value(std::iter::empty(), 1.0) - 0.125).abs() < 1e-6);
        let none = Hashed::write(&[], 0.5);
        assert!((Hashed::read(&none).map_or(0.0, |h| h.value([7].into_iter(), 1.0)) - 0.5).abs() < 1e-6);
        assert!(Hashed::read(&Hashed::write(&[1.0; 3], 0.0)).is_none(), "three is no power of two");
    }

    #[test]
    fn a_curve_goes_straight_between_its_points() {
        let curve = Curve(vec![(0.0, 0.1), (1.0, 0.3), (2.0, 0.9)]);
        for (x, y) in [(-1.0, 0.1), (0.0, 0.1), (0.5, 0.2), (1.5, 0.6), (2.0, 0.9), (9.0, 0.9)] {
            assert!((curve.at(x) - y).abs() < 1e-6, "{x}");
        }
        assert_eq!(Curve::read(&curve.write()), Some(curve));
        assert_eq!(Curve::read(&Curve(vec![(1.0, 0.0), (1.0, 1.0)]).write()), None);
        assert!(Curve::default().at(f32::NAN).is_nan());
    }

    #[test]
    fn letters_in_a_row_are_counted() {
        let mut found = Vec::new();
        in_a_row(["ab", "ab"].into_iter(), &mut found);
        // Two words of four letters with their borders: three, two and one of two, three and four; the word; it and the one before.
        assert_eq!(found.len(), 2 * (3 + 2 + 1 + 2));
        assert_eq!(found[0], found[8]);
        assert_ne!(found[1], found[9], "another word stands before");
        in_a_row(std::iter::empty(), &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn damage_is_no_panic() {
        let bytes = file(ANY);
        let sections = ModelFile::read("test", &bytes).expect("it is sound").sections;
        for which in 0..sections.len() {
            for at in 0..sections[which].1.len() {
                let mut bad: Vec<(String, Vec<u8>)> =
                    sections.iter().map(|(n, b)| ((*n).to_owned(), b.to_vec())).collect();
                bad[which].1[at] ^= 0x81;
                let file = ModelFile::write("what: a test\n", &bad);
                if let Ok(models) = QualityModels::read("test", &file) {
                    let set = models.set("ru").expect("the set for any");
                    let _ = (set.word(0, &[1.0]), set.sentence(&[f32::NAN]), set.traits.value([9].into_iter(), 1.0));
                }
                bad[which].1.truncate(at);
                let file = ModelFile::write("what: a test\n", &bad);
                let _ = QualityModels::read("test", &file).is_ok();
            }
        }
    }
}
