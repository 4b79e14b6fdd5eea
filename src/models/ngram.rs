//! An n-gram language model, read in place: how probable a word is after the three before it.
//!
//! Words are numbers of 16 bits: the vocabulary, and classes for what is not in it (unknown words by their case, numbers by
//! their shape). The n-grams of all orders from two stand in one open hash table, a slot of 32 bits each: 12 bits of a
//! fingerprint, 10 bits of a probability, 10 bits of a back-off weight. A fingerprint is mistaken for another once in about
//! 2,000 look-ups; that costs a probability a little noise, and nothing else.
//!
//! Layout, little endian: `order u32`, `words u32`, `slots u32`, then `slots` of the vocabulary (a power of two: fingerprint
//! `u32`, word `u16`, nothing `u16`), then a probability and a back-off weight (`u16` each) a word, then the n-gram slots.

use crate::surface::{Case, TokenKind};

/// A word as the model knows it.
pub type WordId = u16;

/// No word.
pub const NONE: WordId = 0;
/// Before the first word of a sentence.
pub const BEGIN: WordId = 1;
/// After the last word of a sentence.
pub const END: WordId = 2;
/// The first number of a word of the vocabulary; the classes are below it.
pub const FIRST_WORD: WordId = 32;
/// The most words before a word that are looked at, and one.
pub const ORDER: usize = 4;

const UNKNOWN_LOWER: WordId = 3;
const UNKNOWN_TITLE: WordId = 4;
const UNKNOWN_UPPER: WordId = 5;
const UNKNOWN_MIXED: WordId = 6;
const UNKNOWN_NONE: WordId = 7;
const UNKNOWN_MARK: WordId = 8;
const MASKED: WordId = 9;
const ONE_DIGIT: WordId = 10;
const TWO_DIGITS: WordId = 11;
const YEAR: WordId = 12;
const MORE_DIGITS: WordId = 13;
const BROKEN_NUMBER: WordId = 14;
const NUMBER_WORD: WordId = 15;

/// The class of a word that is not in the vocabulary; of a number always, whatever the vocabulary has.
pub fn class_of(folded: &str, case: Case, kind: TokenKind) -> WordId {
    match kind {
        TokenKind::Mask => MASKED,
        TokenKind::Mark => UNKNOWN_MARK,
        TokenKind::Number => {
            let digits = folded.chars().filter(char::is_ascii_digit).count();
            let all = folded.chars().count();
            match (digits, all) {
                (1, 1) => ONE_DIGIT,
                (2, 2) => TWO_DIGITS,
                (4, 4) if folded.starts_with(['1', '2']) => YEAR,
                _ if digits == all => MORE_DIGITS,
                _ if folded.chars().any(char::is_alphabetic) => NUMBER_WORD,
                _ => BROKEN_NUMBER,
            }
        }
        TokenKind::Word => match case {
            Case::Lower => UNKNOWN_LOWER,
            Case::Title => UNKNOWN_TITLE,
            Case::Upper => UNKNOWN_UPPER,
            Case::Mixed => UNKNOWN_MIXED,
            Case::None => UNKNOWN_NONE,
        },
    }
}

/// Bits of a fingerprint.
const PRINT_BITS: u32 = 12;
/// Bits of a probability, and of a back-off weight.
const VALUE_BITS: u32 = 10;
const VALUE_MASK: u32 = (1 << VALUE_BITS) - 1;
/// The least logarithm (base 10) of a probability that is told from smaller ones.
const LEAST_PROBABILITY: f32 = -8.0;
/// The least and the greatest logarithm of a back-off weight.
const BACKOFF: (f32, f32) = (-4.0, 1.0);

/// A probability's logarithm in its bits.
pub fn pack_probability(log10: f32) -> u32 {
    let steps = (log10 / LEAST_PROBABILITY).clamp(0.0, 1.0) * VALUE_MASK as f32;
    steps.round() as u32
}

/// A probability's logarithm from its bits.
pub fn unpack_probability(bits: u32) -> f32 {
    bits as f32 / VALUE_MASK as f32 * LEAST_PROBABILITY
}

/// A back-off weight's logarithm in its bits.
pub fn pack_backoff(log10: f32) -> u32 {
    let (least, most) = BACKOFF;
    let steps = ((log10 - least) / (most - least)).clamp(0.0, 1.0) * VALUE_MASK as f32;
    steps.round() as u32
}

/// A back-off weight's logarithm from its bits.
pub fn unpack_backoff(bits: u32) -> f32 {
    let (least, most) = BACKOFF;
    least + bits as f32 / VALUE_MASK as f32 * (most - least)
}

/// The key of an n-gram: its words, the oldest highest.
pub fn key(words: &[WordId]) -> u64 {
    words.iter().fold(0, |key, &word| (key << 16) | u64::from(word))
}

/// Mixes a key's bits (the finaliser of SplitMix64, Steele and others 2014).
pub fn mix(key: u64) -> u64 {
    let mut x = key.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Where a mixed key's search begins, among so many slots.
pub fn home(mixed: u64, slots: usize) -> usize {
    ((u128::from(mixed) * slots as u128) >> 64) as usize
}

/// A mixed key's fingerprint, never 0 so that an empty slot is one.
pub fn fingerprint(mixed: u64) -> u32 {
    ((mixed as u32) & ((1 << PRINT_BITS) - 1)).max(1)
}

/// A slot's bits.
pub fn pack_slot(mixed: u64, probability: f32, backoff: f32) -> u32 {
    (fingerprint(mixed) << (2 * VALUE_BITS)) | (pack_probability(probability) << VALUE_BITS) | pack_backoff(backoff)
}

/// FNV-1a, as word keys are hashed.
pub fn hash_word(word: &str) -> u64 {
    mix(word.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

/// A language model.
#[derive(Clone, Copy)]
pub struct NgramModel<'a> {
    order: usize,
    vocabulary: &'a [u8],
    unigrams: &'a [u8],
    slots: &'a [u8],
}

/// What a word's look-up says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Probability {
    /// Base 10.
    pub log10: f32,
    /// How long the n-gram is that the model has: 1 to [`ORDER`].
    pub order: usize,
}

const VOCABULARY_SLOT: usize = 8;

impl<'a> NgramModel<'a> {
    /// Reads a model in place; `None` where the lengths do not agree.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_at_checked(16)?;
        let number = |at: usize| Some(u32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?) as usize);
        let (order, words, vocabulary_slots, slots) = (number(0)?, number(4)?, number(8)?, number(12)?);
        let (vocabulary, rest) = rest.split_at_checked(vocabulary_slots.checked_mul(VOCABULARY_SLOT)?)?;
        let (unigrams, rest) = rest.split_at_checked(words.checked_mul(4)?)?;
        let sound = (1..=ORDER).contains(&order)
            && vocabulary_slots.is_power_of_two()
            && rest.len() == slots.checked_mul(4)?
            && words > usize::from(FIRST_WORD);
        sound.then_some(Self { order, vocabulary, unigrams, slots: rest })
    }

    /// A word's number: its own, or its class's.
    pub fn word(&self, folded: &str, case: Case, kind: TokenKind) -> WordId {
        if matches!(kind, TokenKind::Number | TokenKind::Mask) {
            return class_of(folded, case, kind);
        }
        self.known(folded).unwrap_or_else(|| class_of(folded, case, kind))
    }

    /// The number of a word of the vocabulary.
    pub fn known(&self, folded: &str) -> Option<WordId> {
        let hash = hash_word(folded);
        let count = self.vocabulary.len() / VOCABULARY_SLOT;
        let print = (hash >> 32) as u32;
        let mut at = hash as usize & (count - 1);
        for _ in 0..count {
            let slot = self.vocabulary.get(at * VOCABULARY_SLOT..at * VOCABULARY_SLOT + VOCABULARY_SLOT)?;
            let word = u16::from_le_bytes([slot[4], slot[5]]);
            if word == NONE {
                return None;
            }
            if u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]) == print {
                return Some(word);
            }
            at = (at + 1) & (count - 1);
        }
        None
    }

    fn unigram(&self, word: WordId) -> (f32, f32) {
        let at = usize::from(word) * 4;
        let value = |at: usize| {
            self.unigrams.get(at..at + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])))
        };
        (unpack_probability(value(at).min(VALUE_MASK)), unpack_backoff(value(at + 2).min(VALUE_MASK)))
    }

    fn ngram(&self, words: &[WordId]) -> Option<(f32, f32)> {
        let mixed = mix(key(words));
        let count = self.slots.len() / 4;
        let print = fingerprint(mixed);
        let mut at = home(mixed, count);
        // The table is at most nine tenths full, so that an empty slot is near.
        for _ in 0..count {
            let slot = u32::from_le_bytes(self.slots.get(at * 4..at * 4 + 4)?.try_into().ok()?);
            if slot == 0 {
                return None;
            }
            if slot >> (2 * VALUE_BITS) == print {
                let (probability, backoff) = ((slot >> VALUE_BITS) & VALUE_MASK, slot & VALUE_MASK);
                return Some((unpack_probability(probability), unpack_backoff(backoff)));
            }
            at = if at + 1 == count { 0 } else { at + 1 };
        }
        None
    }

    /// How probable a word is after those before it, of which the last `ORDER - 1` are looked at.
    pub fn probability(&self, before: &[WordId], word: WordId) -> Probability {
        let mut words = [NONE; ORDER];
        let longest = before.len().min(self.order - 1);
        words[..longest].copy_from_slice(&before[before.len() - longest..]);
        words[longest] = word;
        let mut backoff = 0.0;
        for start in 0..longest {
            if let Some((probability, _)) = self.ngram(&words[start..=longest]) {
                return Probability { log10: probability + backoff, order: longest + 1 - start };
            }
            let history = &words[start..longest];
            backoff += match history {
                [only] => self.unigram(*only).1,
                _ => self.ngram(history).map_or(0.0, |(_, weight)| weight),
            };
        }
        Probability { log10: self.unigram(word).0 + backoff, order: 1 }
    }
}
