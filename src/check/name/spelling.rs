//! The letters of a name, in the forms that two spellings of it are compared in.

use std::hash::{Hash as _, Hasher as _};

use icu_normalizer::DecomposingNormalizerBorrowed;
use rustc_hash::{FxHashMap, FxHasher};

use crate::analyse::mentions::NameWord;
use crate::language::LanguageData;
use crate::surface::fold;

/// A name with the forms that it is compared in.
pub(super) struct Spelling<'a> {
    pub(super) word: &'a NameWord,
    pub(super) folded: Vec<char>,
    /// Without accents.
    pub(super) plain: String,
    /// Without what romanisations disagree on.
    pub(super) scheme: String,
}

/// Fewest letters of a name that is compared, if in its accents alone: Něm, Nem.
pub(super) const MIN_LETTERS: usize = 3;
/// Letters of a name that are compared; a longer word is no name, and would cost the square of its length.
pub(super) const MAX_LETTERS: usize = 32;

impl<'a> Spelling<'a> {
    pub(super) fn of(word: &'a NameWord, classes: &[(&'static str, &'static str)]) -> Option<Self> {
        let folded = fold(&word.text);
        let letters: Vec<char> = folded.chars().collect();
        // "III:Ag" and "II:Ag" are two things.
        if !folded.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.')) {
            return None;
        }
        if !(MIN_LETTERS..=MAX_LETTERS).contains(&letters.len()) {
            return None;
        }
        let plain = plain(&folded);
        let scheme = scheme_key(&plain, classes);
        Some(Self { word, folded: letters, plain, scheme })
    }

    /// What two spellings of one name share: the word with one letter left out, the word whole, and its letters without what
    /// romanisations disagree on.
    pub(super) fn keys(&self, mut add: impl FnMut(u64)) {
        let hash = |skip: usize| {
            let mut hasher = FxHasher::default();
            self.folded.iter().enumerate().filter(|(i, _)| *i != skip).for_each(|(_, c)| c.hash(&mut hasher));
            hasher.finish()
        };
        (0..=self.folded.len()).for_each(|skip| add(hash(skip)));
        let mut hasher = FxHasher::default();
        ("scheme", &self.scheme).hash(&mut hasher);
        add(hasher.finish());
    }
}

/// The most names of a text with one key: what a name can be compared with by one.
const MAX_BUCKET: usize = 8;

/// Names by a hash of what two spellings may share. That two share one is only a reason to compare them.
pub(super) fn buckets(spellings: &[Spelling<'_>]) -> FxHashMap<u64, Vec<usize>> {
    let mut buckets: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (index, spelling) in spellings.iter().enumerate() {
        spelling.keys(|key| {
            let bucket = buckets.entry(key).or_default();
            if bucket.len() < MAX_BUCKET && bucket.last() != Some(&index) {
                bucket.push(index);
            }
        });
    }
    buckets
}

/// They differ in their ends alone, as cases, genders and derivations do: Syria and Syrian, Melnik and Melnikov, Ivanov and
/// Ivanova.
pub(super) fn is_ending(a: &[char], b: &[char]) -> bool {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    matches!((a.len() - common, b.len() - common), (0, _) | (_, 0) | (1, 1 | 2) | (2, 1))
}

/// One pair of neighbouring letters exchanged, or one letter written once instead of twice.
pub(super) fn is_exchange_or_doubling(a: &[char], b: &[char]) -> bool {
    let undoubled = |letters: &[char]| {
        let mut letters = letters.to_vec();
        letters.dedup();
        letters
    };
    let differ: Vec<usize> = a.iter().zip(b).enumerate().filter(|(_, (p, q))| p != q).map(|(i, _)| i).collect();
    let exchanged = matches!(differ[..], [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i]);
    (a.len() == b.len() && exchanged) || undoubled(a) == undoubled(b)
}

/// The letters without accents.
pub(super) fn plain(folded: &str) -> String {
    let nfd = DecomposingNormalizerBorrowed::new_nfd().normalize(folded);
    nfd.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letters without what romanisations disagree on (`und/romanisation-classes.tsv`); doubled letters count once.
pub(super) fn scheme_key(plain: &str, classes: &[(&'static str, &'static str)]) -> String {
    let mut key = plain.to_owned();
    for (letters, class) in classes {
        if key.contains(letters) {
            key = key.replace(letters, class);
        }
    }
    let mut letters: Vec<char> = key.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// The classes, longer groups of letters first.
pub(super) fn classes() -> Vec<(&'static str, &'static str)> {
    let table = LanguageData::shared().table("romanisation-classes");
    let mut classes: Vec<_> = table.iter().map(|(letters, row)| (letters, row.column(0))).collect();
    classes.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
    classes
}
