//! The stems of a glossary's words, each with the words it may belong to and how they go on from it.
//!
//! Stems are kept as 64-bit hashes in a sorted list with an index by their upper bits: a large glossary has millions, and a text
//! asks for a few a word.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::language::morphology::{Morphology, RowId};

/// The stems, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Stems {
    /// Sorted by hash.
    postings: Vec<Posting>,
    /// Where the postings of each value of the upper bits begin, and one more.
    buckets: Vec<u32>,
    shift: u32,
    classes: Vec<Box<[RowId]>>,
    starts: Starts,
}

/// Which letters stems begin with: most words of a text begin as no stem does, and are told so before they are cut up. A set of
/// hashes of the first letters, a bit for each; it may say of a few words too many that they do.
#[derive(Debug, Default)]
struct Starts(Vec<u64>);

/// How many letters are asked for.
const START: usize = 3;

impl Starts {
    const BITS: u32 = 16;

    /// The hashes of a word's first letter, first two and first three.
    fn hashes(word: &str) -> impl Iterator<Item = usize> {
        word.chars().take(START).scan(0_u32, |hash, letter| {
            *hash = (hash.rotate_left(5) ^ letter as u32).wrapping_mul(0x9e37_79b1);
            Some((*hash >> (u32::BITS - Self::BITS)) as usize)
        })
    }

    /// Adds a stem: by all of its first letters, so that a shorter one is found in a longer word.
    fn add(&mut self, stem: &str) {
        self.0.resize(1 << Self::BITS >> 6, 0);
        if let Some(hash) = Self::hashes(stem).last()
            && let Some(part) = self.0.get_mut(hash / 64)
        {
            *part |= 1 << (hash % 64);
        }
    }

    fn has(&self, word: &str) -> bool {
        Self::hashes(word).any(|hash| self.0.get(hash / 64).is_some_and(|part| part >> (hash % 64) & 1 == 1))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Posting {
    hash: u64,
    word: u32,
    class: u32,
}

/// Postings a bucket, on average.
const FILL: usize = 4;

fn hash(stem: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(stem.as_bytes());
    hasher.write_u8(0xff);
    hasher.finish()
}

impl Stems {
    /// Whether a word may begin with a stem; where not, it is no form of any word.
    pub(super) fn may_begin(&self, word: &str) -> bool {
        self.starts.has(word)
    }

    /// Calls back with every word that has a stem, and the rows by which it goes on.
    pub(super) fn with_stem(&self, stem: &str, mut each: impl FnMut(u32, &[RowId])) {
        let hash = hash(stem);
        let bucket = hash.checked_shr(self.shift).unwrap_or(0) as usize;
        let Some((&first, &last)) = self.buckets.get(bucket).zip(self.buckets.get(bucket + 1)) else {
            return;
        };
        for posting in self.postings.get(first as usize..last as usize).unwrap_or(&[]) {
            if posting.hash == hash
                && let Some(rows) = self.classes.get(posting.class as usize)
            {
                each(posting.word, rows);
            }
        }
    }
}

/// Collects words, and numbers them.
pub(super) struct StemsBuilder {
    morphology: Option<&'static Morphology>,
    numbers: FxHashMap<Box<str>, u32>,
    postings: Vec<Posting>,
    starts: Starts,
    classes: FxHashMap<Box<[RowId]>, u32>,
    lemma: u32,
    /// Words whose genitive plurals are there.
    with_genitives: FxHashSet<u32>,
}

impl StemsBuilder {
    pub(super) fn new(morphology: Option<&'static Morphology>) -> Self {
        let classes = FxHashMap::from_iter([(Box::from([RowId::LEMMA]), 0)]);
        Self {
            morphology,
            numbers: FxHashMap::default(),
            postings: Vec::new(),
            starts: Starts::default(),
            classes,
            lemma: 0,
            with_genitives: FxHashSet::default(),
        }
    }

    /// The number of a word of a form; one that is no word (a figure, a mark) is found as it is alone.
    pub(super) fn number(&mut self, word: &str, inflects: bool) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into(), number);
        let Some(morphology) = self.morphology.filter(|_| inflects) else {
            self.starts.add(word);
            self.postings.push(Posting { hash: hash(word), word: number, class: self.lemma });
            return number;
        };
        let mut stems: Vec<(u64, RowId)> = Vec::with_capacity(16);
        morphology.stems(word, |stem, row| {
            self.starts.add(stem);
            stems.push((hash(stem), row));
        });
        stems.sort_unstable();
        stems.dedup();
        for stem in stems.chunk_by(|a, b| a.0 == b.0) {
            let rows: Box<[RowId]> = stem.iter().map(|(_, row)| *row).collect();
            let fresh = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
            let class = *self.classes.entry(rows).or_insert(fresh);
            self.postings.extend(stem.first().map(|(hash, _)| Posting { hash: *hash, word: number, class }));
        }
        number
    }

    /// Adds the genitive plurals of a word that may stand in the genitive singular.
    pub(super) fn also_genitives(&mut self, number: u32, word: &str) {
        let Some(morphology) = self.morphology.filter(|m| m.has_genitives() && self.with_genitives.insert(number))
        else {
            return;
        };
        for plural in morphology.genitive_plurals(word) {
            let fresh = u32::try_from(self.classes.len()).unwrap_or(u32::MAX);
            let class = *self.classes.entry(Box::from([RowId::IRREGULAR])).or_insert(fresh);
            self.starts.add(&plural);
            self.postings.push(Posting { hash: hash(&plural), word: number, class });
        }
    }

    pub(super) fn finish(self) -> Stems {
        let Self { mut postings, starts, classes, numbers, .. } = self;
        drop(numbers);
        postings.sort_unstable();
        postings.shrink_to_fit();
        let bits = (postings.len() / FILL).next_power_of_two().trailing_zeros().max(1);
        let shift = u64::BITS - bits;
        let mut buckets = Vec::with_capacity((1 << bits) + 1);
        let mut at = 0;
        for bucket in 0..=(1_u64 << bits) {
            while postings.get(at).is_some_and(|p| p.hash >> shift < bucket) {
                at += 1;
            }
            buckets.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let mut by_number: Vec<(Box<[RowId]>, u32)> = classes.into_iter().collect();
        by_number.sort_unstable_by_key(|(_, number)| *number);
        let classes = by_number.into_iter().map(|(rows, _)| rows).collect();
        Stems { postings, buckets, shift, classes, starts }
    }
}
