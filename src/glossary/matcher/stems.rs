//! The stems of a glossary's words, each with the words it may belong to and how they go on from it.
//!
//! Stems are kept as 64-bit hashes in a sorted list with an index by their upper bits: a large glossary has millions, and a text
//! asks for a few a word.

use std::hash::Hasher as _;

use rustc_hash::{FxHashMap, FxHasher};

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
    classes: FxHashMap<Box<[RowId]>, u32>,
    lemma: u32,
}

impl StemsBuilder {
    pub(super) fn new(morphology: Option<&'static Morphology>) -> Self {
        let classes = FxHashMap::from_iter([(Box::from([RowId::LEMMA]), 0)]);
        Self { morphology, numbers: FxHashMap::default(), postings: Vec::new(), classes, lemma: 0 }
    }

    /// The number of a word of a form; one that is no word (a figure, a mark) is found as it is alone.
    pub(super) fn number(&mut self, word: &str, inflects: bool) -> u32 {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.into(), number);
        let Some(morphology) = self.morphology.filter(|_| inflects) else {
            self.postings.push(Posting { hash: hash(word), word: number, class: self.lemma });
            return number;
        };
        let mut stems: Vec<(u64, RowId)> = Vec::with_capacity(16);
        morphology.stems(word, |stem, row| stems.push((hash(stem), row)));
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

    pub(super) fn finish(self) -> Stems {
        let Self { mut postings, classes, numbers, .. } = self;
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
        Stems { postings, buckets, shift, classes: by_number.into_iter().map(|(rows, _)| rows).collect() }
    }
}
