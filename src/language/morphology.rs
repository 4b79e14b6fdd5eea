//! How the words of a language change: which words of a text can be forms of a dictionary word, by the language's tables.
//!
//! `inflection` has the endings of paradigms, `irregular` what no ending gives, `chain` the suffixes that agglutinative languages
//! put one behind the other, `proclitics` what is written onto the front of a word, `letters` what reads as one letter.
//! `conjugation`, `verb-forms` and `verb-proclitics` are the same for verbs, which only some ask for: a term of a glossary is hardly ever one.
//! Forms are never listed: a word of a text is cut into stem and ending, and the ending is looked up in the rows of the stem.

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use super::declension::Genitive;
use super::{LanguageData, tables};

/// Fewest letters of a stem, and of what a proclitic leaves.
const MIN_STEM: usize = 2;
/// The longest run of suffixes that is followed, in bytes; a Turkish or Finnish word has seldom thirty letters.
const MAX_CHAIN: usize = 64;
/// Fewest letters of an ending of `conjugation` that is a verb of its own.
const MIN_VERB: usize = 3;
/// Fewest letters of a word that is looked for in closed compounds.
pub const MIN_COMPOUND: usize = 5;
/// Fewest letters that stand before it there.
pub const MIN_COMPOUND_HEAD: usize = 3;
/// Fewest letters that stand after it and the element that links.
pub const MIN_COMPOUND_TAIL: usize = 4;

/// The paradigms of one language, compiled once and shared.
#[derive(Debug, Default)]
pub struct Morphology {
    rows: Vec<Paradigm>,
    /// Ending of the dictionary form → rows.
    by_lemma: FxHashMap<String, Vec<u16>>,
    longest_lemma: usize,
    /// Ending of any form → its number in the rows' sets.
    endings: FxHashMap<String, u16>,
    longest_ending: usize,
    /// The last bytes of endings, a bit each: most words of a text end otherwise.
    ending_bytes: [u64; 4],
    irregular: FxHashMap<String, Vec<String>>,
    /// First letter → suffixes that begin with it, each with its slot.
    chain: FxHashMap<char, Vec<(u8, String)>>,
    harmony: Vec<&'static str>,
    proclitics: Vec<String>,
    /// The article that is written onto a word, where the language has one.
    article: Option<String>,
    compounds: Option<Vec<String>>,
    free_order: bool,
    possessives: Vec<String>,
    genitives: Vec<Genitive>,
    letters: Letters,
    /// It has the forms of verbs.
    verbs: bool,
}

/// A row of `inflection`.
#[derive(Debug)]
struct Paradigm {
    name: &'static str,
    after: Vec<String>,
    /// `after` tells what the stem must not end with.
    except: bool,
    changes: Vec<Change>,
    /// Endings by their number.
    endings: Vec<u64>,
    /// Endings that suffixes may follow.
    open: Vec<String>,
}

/// A change of the stem.
#[derive(Debug)]
struct Change {
    from: String,
    to: String,
    /// Of the last place that has it, and not of the end.
    last: bool,
}

/// What reads as one letter: ё as е, the forms of alif, a dotless I in Turkish capitals.
#[derive(Debug, Default)]
struct Letters {
    /// Applied before letters are made small.
    capital: Vec<(char, Option<char>)>,
    /// Applied to small letters.
    small: Vec<(char, Option<char>)>,
    /// Some of these is a plain Latin letter.
    ascii: bool,
    /// The lowest bits of these letters, by which most others are told from them.
    low: u64,
}

/// A row that a dictionary word takes, or what else its stem stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(u16);

impl RowId {
    /// The word itself.
    pub const LEMMA: Self = Self(u16::MAX);
    /// A whole form, of `irregular`.
    pub const IRREGULAR: Self = Self(u16::MAX - 1);
}

/// A dictionary word with its stems and the rows that say how they go on.
#[derive(Clone, Debug)]
pub struct Lemma {
    stems: Vec<(Box<str>, RowId)>,
    /// What all stems begin with.
    begins: Box<[u8]>,
}

impl Lemma {
    /// Its stems, and the forms that no stem gives.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.stems.iter().map(|(stem, _)| &**stem)
    }
}

/// What evidence calls a form of `irregular`.
const IRREGULAR: &str = "irregular";
/// What evidence calls a form that only a proclitic makes another.
pub const PREFIX: &str = "prefix";

/// Compiled on first use, in the order of the languages.
static ALL: LazyLock<Vec<OnceLock<Option<Morphology>>>> =
    LazyLock::new(|| tables::LANGUAGES.iter().map(|_| OnceLock::new()).collect());

/// The same with the verbs.
static ALL_WITH_VERBS: LazyLock<Vec<OnceLock<Option<Morphology>>>> =
    LazyLock::new(|| tables::LANGUAGES.iter().map(|_| OnceLock::new()).collect());

impl LanguageData {
    /// How its words change; `None` where no table says it, as for a language that is not known.
    pub fn morphology(&self) -> Option<&'static Morphology> {
        let index = tables::LANGUAGES.binary_search_by_key(&self.tag, |(name, _)| name).ok()?;
        ALL.get(index)?.get_or_init(|| Morphology::read(*self, false)).as_ref()
    }

    /// The same with the forms of verbs, where tables have them.
    pub fn morphology_with_verbs(&self) -> Option<&'static Morphology> {
        if !self.has("conjugation") && !self.has("verb-forms") {
            return self.morphology();
        }
        let index = tables::LANGUAGES.binary_search_by_key(&self.tag, |(name, _)| name).ok()?;
        ALL_WITH_VERBS.get(index)?.get_or_init(|| Morphology::read(*self, true)).as_ref()
    }
}

/// The values of a field; `-` is the empty one.
fn values(field: &str) -> impl Iterator<Item = &str> {
    field.split(' ').filter(|v| !v.is_empty()).map(|v| if v == "-" { "" } else { v })
}

impl Morphology {
    fn read(data: LanguageData, verbs: bool) -> Option<Self> {
        let named = ["inflection", "irregular", "proclitics", "letters"].iter().any(|table| data.has(table));
        if !verbs && !named && data.fact("compounds").is_empty() && data.fact("possessive").is_empty() {
            return None;
        }
        let letters = Letters::read(data);
        let own = |text: &str| letters.small(text).into_owned();
        let mut morphology = Self {
            harmony: data.fact("harmony").split(' ').filter(|class| !class.is_empty()).collect(),
            compounds: Some(data.fact("compounds")).filter(|f| !f.is_empty()).map(|f| values(f).map(own).collect()),
            verbs,
            free_order: data.fact("term-order") == "free",
            possessives: values(data.fact("possessive")).map(own).collect(),
            genitives: data.genitives(),
            ..Self::default()
        };
        // Whatever is asked first is found first: nouns before verbs.
        let both = |nouns, of_verbs| [Some(nouns), Some(of_verbs).filter(|_| verbs)].into_iter().flatten();
        for (lemma, row) in both("irregular", "verb-forms").flat_map(|table| data.table(table).iter()) {
            let forms = values(row.column(0)).map(own);
            morphology.irregular.entry(own(lemma)).or_default().extend(forms);
        }
        for (_, row) in data.table("chain").iter() {
            morphology.link(row.column(0).parse().unwrap_or(u8::MAX), values(row.column(1)).map(own));
        }
        let table = data.table("proclitics");
        let all = both("proclitics", "verb-proclitics").flat_map(|table| data.table(table).iter());
        morphology.proclitics = all.map(|(prefix, _)| own(prefix)).collect();
        // Other articles are the article with a particle before it: most of them end in it.
        let articles: Vec<String> =
            table.iter().filter(|(_, row)| row.column(0) == "article").map(|(a, _)| own(a)).collect();
        let ends = |article: &String| articles.iter().filter(|other| other.ends_with(article.as_str())).count();
        morphology.article = articles.iter().rev().max_by_key(|article| ends(article)).cloned();
        for (name, row) in both("inflection", "conjugation").flat_map(|table| data.table(table).iter()) {
            morphology.add(name, [0, 1, 2, 3].map(|column| own(row.column(column))));
        }
        // A row for "gehen" is there for "weggehen"; no ending is a whole word, so that the verb itself is listed.
        for (_, row) in data.table("conjugation").iter().filter(|_| verbs) {
            for lemma in values(row.column(0)).filter(|lemma| lemma.chars().count() >= MIN_VERB) {
                let forms = values(row.column(1)).map(own);
                morphology.irregular.entry(own(lemma)).or_default().extend(forms);
            }
        }
        morphology.letters = letters;
        Some(morphology)
    }

    /// Adds suffixes of one slot.
    fn link(&mut self, slot: u8, forms: impl Iterator<Item = String>) {
        for form in forms {
            if let Some(first) = form.chars().next() {
                self.chain.entry(first).or_default().push((slot, form));
            }
        }
    }

    /// Adds a row of `inflection`: endings of the dictionary form, of the other forms, what stands before, changes.
    fn add(&mut self, name: &'static str, [lemmas, forms, after, changes]: [String; 4]) {
        let Ok(id) = u16::try_from(self.rows.len()) else {
            return;
        };
        for lemma in values(&lemmas) {
            self.longest_lemma = self.longest_lemma.max(lemma.chars().count());
            let rows = self.by_lemma.entry(lemma.to_owned()).or_default();
            if rows.last() != Some(&id) {
                rows.push(id);
            }
        }
        let (mut set, mut open) = (Vec::new(), Vec::new());
        for form in forms.split(' ').filter(|f| !f.is_empty()) {
            let followed = form.strip_suffix('~');
            let ending = followed.unwrap_or(form);
            let ending = if ending == "-" { "" } else { ending };
            if followed.is_some() {
                open.push(ending.to_owned());
            }
            self.longest_ending = self.longest_ending.max(ending.chars().count());
            if let Some(&last) = ending.as_bytes().last() {
                self.ending_bytes[usize::from(last / 64)] |= 1 << (last % 64);
            }
            let fresh = u16::try_from(self.endings.len()).unwrap_or(u16::MAX);
            let number = usize::from(*self.endings.entry(ending.to_owned()).or_insert(fresh));
            if set.len() <= number / 64 {
                set.resize(number / 64 + 1, 0);
            }
            set[number / 64] |= 1 << (number % 64);
        }
        let except = after.starts_with('!');
        let after = if after == "-" { String::new() } else { after };
        self.rows.push(Paradigm {
            name,
            after: after.trim_start_matches('!').split(' ').filter(|a| !a.is_empty()).map(str::to_owned).collect(),
            except,
            changes: changes.split(' ').filter_map(Change::read).collect(),
            endings: set,
            open,
        });
    }

    /// A word as it is compared, from the letters that were written and the same folded.
    pub fn spelling<'w>(&self, written: &str, folded: &'w str) -> Cow<'w, str> {
        if written.is_ascii() && !self.letters.ascii {
            return Cow::Borrowed(folded);
        }
        if written.chars().any(|c| self.letters.may_change(c) && has(&self.letters.capital, c)) {
            let plain = replaced(&self.letters.capital, written).to_lowercase().replace(['’', '‘', 'ʼ'], "'");
            return Cow::Owned(self.letters.small(&plain).into_owned());
        }
        self.letters.small(folded)
    }

    /// Every stem of a dictionary word with a row that says how it goes on; the word itself and its irregular forms are stems
    /// that nothing follows. Where words have an article written onto them, also those of the word without it.
    pub fn stems(&self, lemma: &str, mut each: impl FnMut(&str, RowId)) {
        self.bare_stems(lemma, &mut each);
        if let Some(bare) = self.article.as_deref().and_then(|article| lemma.strip_prefix(article))
            && bare.chars().count() >= MIN_STEM
        {
            self.bare_stems(bare, &mut each);
        }
    }

    fn bare_stems(&self, lemma: &str, each: &mut impl FnMut(&str, RowId)) {
        each(lemma, RowId::LEMMA);
        for form in self.irregular.get(lemma).into_iter().flatten() {
            each(form, RowId::IRREGULAR);
        }
        let cuts = lemma.char_indices().rev().map(|(at, _)| at);
        for cut in std::iter::once(lemma.len()).chain(cuts).take(self.longest_lemma + 1) {
            let (stem, ending) = lemma.split_at(cut);
            // "внести" is "нести" with a prefix of one letter.
            let prefixed = self.verbs && cut > 0 && ending.chars().count() >= MIN_VERB;
            if stem.chars().take(MIN_STEM).count() < MIN_STEM && !prefixed {
                break;
            }
            for &id in self.by_lemma.get(ending).into_iter().flatten() {
                let Some(row) = self.rows.get(usize::from(id)).filter(|row| row.fits(stem)) else {
                    continue;
                };
                if row.changes.is_empty() {
                    each(stem, RowId(id));
                } else if let Some(changed) = row.changes.iter().find_map(|change| change.apply(stem)) {
                    each(&changed, RowId(id));
                }
            }
        }
    }

    /// Every place where a word may be cut into a stem and an ending, as the length of the stem: the whole word first.
    pub fn cuts<'s>(&'s self, word: &'s str) -> impl Iterator<Item = usize> + 's {
        let ends = |last: &u8| self.ending_bytes[usize::from(last / 64)] >> (last % 64) & 1 == 1;
        let most = match word.as_bytes().last() {
            _ if !self.chain.is_empty() => MAX_CHAIN,
            Some(last) if ends(last) => self.longest_ending,
            _ => 0,
        };
        let ends = word.char_indices().rev().map(|(at, _)| at).take(most);
        let inner = ends.filter(move |&at| {
            at > 0 && (!self.chain.is_empty() || word.get(at..).is_some_and(|e| self.endings.contains_key(e)))
        });
        std::iter::once(word.len()).chain(inner)
    }

    /// Whether a row, or what else a stem stands for, goes on with an ending; and what the row is called. The name of a word
    /// that is as the dictionary has it is empty.
    pub fn goes_on(&self, row: RowId, stem: &str, ending: &str) -> Option<&'static str> {
        match row {
            RowId::LEMMA => ending.is_empty().then_some(""),
            RowId::IRREGULAR => ending.is_empty().then_some(IRREGULAR),
            RowId(id) => {
                let row = self.rows.get(usize::from(id))?;
                let closed = self.endings.get(ending).is_some_and(|&number| {
                    let (word, bit) = (usize::from(number) / 64, number % 64);
                    row.endings.get(word).is_some_and(|set| set & (1 << bit) != 0)
                });
                let open = || {
                    row.open.iter().any(|form| {
                        let rest = ending.strip_prefix(form.as_str()).filter(|rest| !rest.is_empty());
                        rest.is_some_and(|rest| self.in_harmony([stem, form], rest) && self.is_chain(rest))
                    })
                };
                (closed || open()).then_some(row.name)
            }
        }
    }

    /// Whether letters are suffixes, at most one of each slot, slots rising.
    fn is_chain(&self, rest: &str) -> bool {
        if rest.len() > MAX_CHAIN {
            return false;
        }
        // From the end: the highest slot that a chain from here on may begin with; 0: none.
        let mut slots = vec![0_u8; rest.len() + 1];
        slots[rest.len()] = u8::MAX;
        for (at, first) in rest.char_indices().rev() {
            for (slot, form) in self.chain.get(&first).into_iter().flatten() {
                let fits = rest.get(at..).is_some_and(|r| r.starts_with(form.as_str()));
                if fits && slots.get(at + form.len()).is_some_and(|next| next > slot) {
                    slots[at] = slots[at].max(*slot);
                }
            }
        }
        slots[0] > 0
    }

    /// Whether the vowels of suffixes are of the class of the last vowel before them.
    fn in_harmony(&self, before: [&str; 2], rest: &str) -> bool {
        let class = |c: char| self.harmony.iter().position(|class| class.contains(c));
        let last = before.iter().rev().find_map(|part| part.chars().rev().find_map(class));
        last.is_none_or(|last| rest.chars().filter_map(class).all(|c| c == last))
    }

    /// What proclitics leave of a word.
    pub fn without_proclitics<'w>(&self, word: &'w str) -> impl Iterator<Item = &'w str> {
        let rest = self.proclitics.iter().filter_map(move |prefix| word.strip_prefix(prefix.as_str()));
        rest.filter(|rest| rest.chars().take(MIN_STEM).count() == MIN_STEM)
    }

    /// How many different beginnings are written onto the front of words.
    pub fn proclitics(&self) -> usize {
        self.proclitics.len()
    }

    /// Whether something is written onto the front of words.
    pub fn has_proclitics(&self) -> bool {
        !self.proclitics.is_empty()
    }

    /// Whether a word of a text can be a form of a dictionary word, and by which row; an empty name: it is that word.
    /// Both as [`Self::spelling`] has them.
    pub fn form_of(&self, word: &str, lemma: &str) -> Option<&'static str> {
        self.form_by(word, |each| self.stems(lemma, each))
    }

    /// The same of a dictionary word whose stems are at hand, as many words are asked of it.
    pub fn form_of_lemma(&self, word: &str, lemma: &Lemma) -> Option<&'static str> {
        // Nearly every word that is asked begins otherwise.
        if self.proclitics.is_empty() && !word.as_bytes().starts_with(&lemma.begins) {
            return None;
        }
        self.form_by(word, |each| lemma.stems.iter().for_each(|(stem, row)| each(stem, *row)))
    }

    fn form_by(&self, word: &str, stems: impl Fn(&mut dyn FnMut(&str, RowId))) -> Option<&'static str> {
        let bare = |word: &str| {
            let mut found: Option<&'static str> = None;
            stems(&mut |stem, row| {
                if found.is_none_or(|rule| !rule.is_empty())
                    && let Some(rule) = word.strip_prefix(stem).and_then(|ending| self.goes_on(row, stem, ending))
                    && found.is_none_or(|_| rule.is_empty())
                {
                    found = Some(rule);
                }
            });
            found
        };
        bare(word).or_else(|| self.without_proclitics(word).any(|rest| bare(rest).is_some()).then_some(PREFIX))
    }

    /// A dictionary word, as [`Self::spelling`] has it, with its stems.
    pub fn lemma(&self, word: &str) -> Lemma {
        let mut stems = Vec::new();
        self.stems(word, |stem, row| stems.push((Box::from(stem), row)));
        let mut begins = stems.first().map_or(&[][..], |(stem, _): &(Box<str>, RowId)| stem.as_bytes());
        for (stem, _) in &stems {
            let common = begins.iter().zip(stem.as_bytes()).take_while(|(a, b)| a == b).count();
            begins = begins.get(..common).unwrap_or(begins);
        }
        Lemma { begins: Box::from(begins), stems }
    }

    /// The form of another dictionary word that stands to it as a word stands to its own: the same ending in the same row. `None`
    /// where the two words share no row. All as [`Self::spelling`] has them.
    pub fn likewise(&self, word: &str, lemma: &str, other: &str) -> Option<String> {
        let mut rows: Vec<(RowId, &str)> = Vec::new();
        self.bare_stems(lemma, &mut |stem, row| {
            let ending = word.strip_prefix(stem).filter(|ending| self.goes_on(row, stem, ending).is_some());
            rows.extend(ending.map(|ending| (row, ending)));
        });
        let mut form = None;
        self.bare_stems(other, &mut |stem, row| {
            if form.is_none()
                && row != RowId::IRREGULAR
                && let Some((_, ending)) = rows.iter().find(|(of_word, _)| *of_word == row)
            {
                form = Some(format!("{stem}{ending}"));
            }
        });
        form
    }

    /// What is set between the parts of a closed compound; `None` where the language writes none.
    pub fn compounds(&self) -> Option<&[String]> {
        self.compounds.as_deref()
    }

    /// Whether it knows genitives.
    pub fn has_genitives(&self) -> bool {
        !self.genitives.is_empty()
    }

    /// The genitive plurals of a word in the genitive singular: what an attribute behind the head of a term can be, too.
    pub fn genitive_plurals<'w>(&'w self, word: &'w str) -> impl Iterator<Item = String> + 'w {
        let irregular = self.irregular.contains_key(word);
        Genitive::plurals(&self.genitives, word).filter(move |_| !irregular)
    }

    /// Whether the words of a term of two may change places.
    pub fn is_order_free(&self) -> bool {
        self.free_order
    }

    /// A word without an ending that is no part of it, as the English possessive.
    pub fn without_possessive<'w>(&self, word: &'w str) -> Option<&'w str> {
        self.possessives.iter().find_map(|ending| word.strip_suffix(ending.as_str()))
    }

    /// Whether the language has such endings.
    pub fn has_possessives(&self) -> bool {
        !self.possessives.is_empty()
    }

    /// Whether letters that follow initials and a hyphen, colon or apostrophe are an ending: ONZ-u, EU:n, ABD'nin.
    pub fn is_ending(&self, letters: &str) -> bool {
        !letters.is_empty() && (self.endings.contains_key(letters) || self.is_chain(letters))
    }
}

impl Paradigm {
    fn fits(&self, stem: &str) -> bool {
        self.after.is_empty() || self.after.iter().any(|end| ends_with(stem.as_bytes(), end.as_bytes())) != self.except
    }
}

/// Whether letters end with others. The last byte tells of most that they do not, sooner than a comparison of both is called.
fn ends_with(stem: &[u8], end: &[u8]) -> bool {
    stem.last() == end.last() && stem.ends_with(end)
}

impl Change {
    fn read(field: &str) -> Option<Self> {
        let last = field.strip_suffix("@last");
        let (from, to) = last.unwrap_or(field).split_once('>')?;
        (!from.is_empty()).then(|| Self { from: from.to_owned(), to: to.to_owned(), last: last.is_some() })
    }

    fn apply(&self, stem: &str) -> Option<String> {
        if self.last {
            let at = stem.rfind(self.from.as_str())?;
            let (before, after) = (stem.get(..at)?, stem.get(at + self.from.len()..)?);
            Some(format!("{before}{}{after}", self.to))
        } else {
            Some(format!("{}{}", stem.strip_suffix(self.from.as_str())?, self.to))
        }
    }
}

impl Letters {
    fn read(data: LanguageData) -> Self {
        let mut letters = Self::default();
        for (key, row) in data.table("letters").iter() {
            let letter = u32::from_str_radix(key, 16).ok().filter(|_| key.len() == 4).and_then(char::from_u32);
            let Some(from) = letter.or_else(|| key.chars().next()) else {
                continue;
            };
            let to = row.column(0).chars().next().filter(|c| *c != '-');
            let list = if from.is_uppercase() { &mut letters.capital } else { &mut letters.small };
            list.push((from, to));
            letters.ascii |= from.is_ascii();
            letters.low |= 1 << (u32::from(from) % 64);
        }
        letters
    }

    fn may_change(&self, c: char) -> bool {
        self.low >> (u32::from(c) % 64) & 1 == 1
    }

    fn small<'w>(&self, word: &'w str) -> Cow<'w, str> {
        if self.small.is_empty() || !word.chars().any(|c| self.may_change(c) && has(&self.small, c)) {
            return Cow::Borrowed(word);
        }
        Cow::Owned(replaced(&self.small, word))
    }
}

fn has(letters: &[(char, Option<char>)], c: char) -> bool {
    letters.iter().any(|(from, _)| *from == c)
}

fn replaced(letters: &[(char, Option<char>)], word: &str) -> String {
    let one = |c: char| letters.iter().find(|(from, _)| *from == c).map_or(Some(c), |(_, to)| *to);
    word.chars().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn morphology(rows: &[(&'static str, [&str; 4])]) -> Morphology {
        let mut morphology = Morphology::default();
        for (name, columns) in rows {
            morphology.add(name, columns.map(str::to_owned));
        }
        morphology
    }

    /// A few rows of Russian, German, Turkish.
    fn some() -> Morphology {
        morphology(&[
            ("noun-f-a", ["а", "ы е у ой", "б в д н р т", "-"]),
            ("noun-m-c", ["ец", "ца цу цом це цы", "!л", "-"]),
            ("umlaut", ["-", "er ern", "-", "a>ä@last o>ö@last"]),
            ("velar", ["k", "ce cích", "-", "t>č x>y"]),
            ("noun", ["-", "~ n~", "e a", "-"]),
        ])
    }

    #[test]
    fn an_ending_takes_the_place_of_another() {
        let some = some();
        for (word, lemma, rule) in [
            ("страны", "страна", Some("noun-f-a")),
            ("страна", "страна", Some("")),
            ("странец", "страна", None),
            ("стране", "страны", None),
            ("бойца", "боец", None),
            ("немца", "немец", Some("noun-m-c")),
            ("пальца", "палец", None),
            ("länder", "land", Some("umlaut")),
            ("doktörer", "doktor", Some("umlaut")),
            ("länden", "land", None),
            ("lidér", "lid", None),
            ("mac", "ma", None),
            ("ы", "а", None),
        ] {
            assert_eq!(some.form_of(word, lemma), rule, "{word} of {lemma}");
        }
    }

    #[test]
    fn an_unchanged_stem_is_no_form_where_a_change_is_asked_for() {
        let some = some();
        assert_eq!(some.form_of("notce", "notk"), None);
        assert_eq!(some.form_of("nočce", "notk"), Some("velar"));
        assert_eq!(some.form_of("nosce", "nosk"), None);
    }

    #[test]
    fn suffixes_follow_one_another_in_harmony() {
        let mut some = some();
        some.link(1, ["lar", "ler"].map(str::to_owned).into_iter());
        some.link(2, ["da", "de"].map(str::to_owned).into_iter());
        some.link(3, ["ki"].map(str::to_owned).into_iter());
        some.harmony = vec!["aıou", "eiöü"];
        for (word, found) in [
            ("ankaralar", true),
            ("ankaralarda", true),
            ("ankarada", true),
            ("ankarandan", false),
            ("ankaranda", true),
            ("ankaralerde", false),
            ("ankaradalar", false),
            ("ankaradada", false),
            ("ankaradadır", false),
        ] {
            assert_eq!(some.form_of(word, "ankara").is_some(), found, "{word}");
        }
    }

    #[test]
    fn a_prefix_is_taken_off_either_word() {
        let mut some = morphology(&[("plural", ["ة", "ات", "-", "-"])]);
        some.proclitics = ["ال", "و", "وال"].map(str::to_owned).to_vec();
        some.article = Some("ال".to_owned());
        for word in ["وزارة", "الوزارة", "والوزارة", "وزارات", "والوزارات"] {
            assert!(some.form_of(word, "الوزارة").is_some(), "{word}");
            assert!(some.form_of(word, "وزارة").is_some(), "{word}");
        }
        assert_eq!(some.form_of("زارة", "وزارة"), None);
        assert_eq!(some.form_of("وزير", "وزارة"), None);
    }

    #[test]
    fn letters_that_read_as_one_are_one() {
        let mut some = some();
        some.letters = Letters {
            capital: vec![('I', Some('ı')), ('İ', Some('i'))],
            small: vec![('ё', Some('е')), ('\u{301}', None)],
            ascii: true,
            low: u64::MAX,
        };
        assert_eq!(some.spelling("Хмелёв", "хмелёв"), "хмелев");
        assert_eq!(some.spelling("за\u{301}мок", "за\u{301}мок"), "замок");
        assert_eq!(some.spelling("ISPARTA’da", "isparta'da"), "ısparta'da");
        assert_eq!(some.spelling("İzmir", "i\u{307}zmir"), "izmir");
    }

    #[test]
    fn another_word_takes_the_same_form() {
        let some = some();
        assert_eq!(some.likewise("страной", "страна", "газета").as_deref(), Some("газетой"));
        assert_eq!(some.likewise("немцу", "немец", "испанец").as_deref(), Some("испанцу"));
        assert_eq!(some.likewise("немцу", "немец", "газета"), None);
        assert_eq!(some.likewise("немец", "немец", "газета").as_deref(), Some("газета"));
    }

    #[test]
    fn a_language_that_is_not_known_has_none() {
        assert!(LanguageData::NONE.morphology().is_none());
        let english = LanguageData::named("en").and_then(|data| data.morphology()).expect("English has tables");
        assert_eq!(english.form_of("armies", "army"), Some("noun-ies"));
        assert_eq!(english.form_of("children", "child"), Some("irregular"));
        assert_eq!(english.form_of("Syrian", "Syria"), None);
        assert_eq!(english.without_possessive("petrov's"), Some("petrov"));
    }
}
