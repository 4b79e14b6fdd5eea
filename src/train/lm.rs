//! Trains a language model: modified Kneser–Ney (Chen and Goodman 1998), interpolated, pruned by what an n-gram adds, quantised.
//!
//! An n-gram is a key of 64 bits, four words of 16, so that counting is sorting.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::language::LanguageData;
use crate::models::ngram::{
    BEGIN, END, FIRST_WORD, ORDER, WordId, class_of, hash_word, home, mix, pack_backoff, pack_probability, pack_slot,
};
use crate::surface::{Surface, Token, TokenKind};

/// Words of the vocabulary, at most: what 16 bits hold beside the classes.
const MAX_WORDS: usize = u16::MAX as usize - FIRST_WORD as usize;
/// How full the tables are.
const FULL: f64 = 0.88;

/// Sentences as the model sees them.
#[derive(Default)]
pub struct Corpus {
    words: Vec<WordId>,
}

/// A vocabulary by folded words.
pub struct Vocabulary {
    ids: FxHashMap<Box<str>, WordId>,
    count: usize,
}

fn each_sentence(text: &str, data: LanguageData, mut sentence: impl FnMut(&Surface, &[Token])) {
    let surface = Surface::new(text, data, &[], &[]);
    for one in &surface.sentences {
        sentence(&surface, surface.tokens_of(one));
    }
}

/// Whether a token is looked up in the vocabulary at all.
fn is_lexical(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Mark)
}

impl Vocabulary {
    /// The commonest words of some texts: those that stand so often, at most as many as the model can number. Texts come with
    /// how often they count.
    pub fn of(texts: &[(String, u32)], data: LanguageData, least: u32) -> Self {
        let counts = texts
            .par_iter()
            .fold(FxHashMap::<Box<str>, u32>::default, |mut counts, (text, times)| {
                each_sentence(text, data, |surface, tokens| {
                    for token in tokens.iter().filter(|t| is_lexical(t)) {
                        let folded = surface.folded(token);
                        match counts.get_mut(folded) {
                            Some(count) => *count += times,
                            None => {
                                counts.insert(folded.into(), *times);
                            }
                        }
                    }
                });
                counts
            })
            .reduce(FxHashMap::default, |mut a, b| {
                for (word, count) in b {
                    *a.entry(word).or_insert(0) += count;
                }
                a
            });
        let mut words: Vec<(Box<str>, u32)> = counts.into_iter().filter(|(_, count)| *count >= least).collect();
        words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(MAX_WORDS);
        let count = words.len() + usize::from(FIRST_WORD);
        let number = |(index, (word, _)): (usize, (Box<str>, u32))| {
            (word, u16::try_from(index).unwrap_or(u16::MAX).saturating_add(FIRST_WORD))
        };
        Self { ids: words.into_iter().enumerate().map(number).collect(), count }
    }

    fn id(&self, surface: &Surface, token: &Token) -> WordId {
        let folded = surface.folded(token);
        let known = is_lexical(token).then(|| self.ids.get(folded).copied()).flatten();
        known.unwrap_or_else(|| class_of(folded, token.case, token.kind))
    }
}

impl Corpus {
    /// Texts in the numbers of a vocabulary; a text that counts twice stands twice.
    pub fn of(texts: &[(String, u32)], data: LanguageData, vocabulary: &Vocabulary) -> Self {
        let parts: Vec<Vec<WordId>> = texts
            .par_iter()
            .map(|(text, times)| {
                let mut words = Vec::new();
                each_sentence(text, data, |surface, tokens| {
                    for _ in 0..*times {
                        words.push(BEGIN);
                        words.extend(tokens.iter().map(|t| vocabulary.id(surface, t)));
                        words.push(END);
                    }
                });
                words
            })
            .collect();
        Self { words: parts.concat() }
    }

    /// Words, ends of sentences among them.
    pub fn len(&self) -> usize {
        self.words.iter().filter(|w| **w != BEGIN).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Every sentence with its marks.
    pub fn sentences(&self) -> impl Iterator<Item = &[WordId]> {
        self.words.split_inclusive(|w| *w == END)
    }
}

/// The n-grams of one order: keys in order, with what is known of each.
#[derive(Default)]
struct Grams {
    keys: Vec<u64>,
    /// How often it stands.
    raw: Vec<u32>,
    /// What it counts: how many words stand before it, or how often it stands where nothing can (order four, or at the
    /// beginning of a sentence).
    count: Vec<u32>,
    /// Natural probability, interpolated.
    p: Vec<f32>,
    /// What its history's lower order is weighed with (of this n-gram as a history).
    backoff: Vec<f32>,
    keep: Vec<bool>,
}

/// Counts of sorted keys.
fn runs(keys: Vec<u64>) -> (Vec<u64>, Vec<u32>) {
    let (mut unique, mut counts) = (Vec::new(), Vec::<u32>::new());
    for key in keys {
        if unique.last() == Some(&key) {
            if let Some(count) = counts.last_mut() {
                *count += 1;
            }
        } else {
            unique.push(key);
            counts.push(1);
        }
    }
    (unique, counts)
}

const WORD: u64 = 0xffff;

fn oldest(key: u64, order: usize) -> u64 {
    (key >> (16 * (order - 1))) & WORD
}

fn without_oldest(key: u64, order: usize) -> u64 {
    key & ((1_u64 << (16 * (order - 1))) - 1)
}

impl Grams {
    fn find(&self, key: u64) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }
}

/// Modified Kneser–Ney's three discounts, of an n-gram that counts once, twice, and more often.
fn discounts(counts: &[u32]) -> [f64; 3] {
    let mut of = [0.0_f64; 4];
    for &count in counts {
        if let Some(n) = of.get_mut((count as usize).wrapping_sub(1)) {
            *n += 1.0;
        }
    }
    let [n1, n2, n3, n4] = of;
    if n1 == 0.0 || n2 == 0.0 || n3 == 0.0 {
        return [0.5, 0.75, 0.9];
    }
    let y = n1 / (n1 + 2.0 * n2);
    [1.0 - 2.0 * y * n2 / n1, 2.0 - 3.0 * y * n3 / n2, 3.0 - 4.0 * y * n4 / n3].map(|d| d.clamp(0.05, 2.9))
}

/// A model before it is packed.
pub struct Trained {
    orders: Vec<Grams>,
    words: usize,
}

impl Trained {
    /// Counts and estimates.
    pub fn of(corpus: &Corpus, vocabulary: &Vocabulary) -> Self {
        let mut orders: Vec<Grams> = Vec::new();
        for order in 1..=ORDER {
            let mut keys: Vec<u64> = corpus
                .sentences()
                .flat_map(|sentence| {
                    sentence.windows(order).map(|w| w.iter().fold(0, |key, &word| (key << 16) | u64::from(word)))
                })
                .collect();
            keys.par_sort_unstable();
            let (keys, raw) = runs(keys);
            orders.push(Grams { keys, raw, ..Grams::default() });
        }
        // What an n-gram counts in its own order: the words seen before it.
        for order in 1..ORDER {
            let (lower, higher) = orders.split_at_mut(order);
            let (this, above) = (&mut lower[order - 1], &higher[0]);
            let mut tails: Vec<u64> = above.keys.iter().map(|&key| without_oldest(key, order + 1)).collect();
            tails.par_sort_unstable();
            let (tails, counts) = runs(tails);
            this.count = this.raw.clone();
            for (key, count) in tails.iter().zip(counts) {
                if let Some(at) = this.find(*key)
                    && oldest(*key, order) != u64::from(BEGIN)
                {
                    this.count[at] = count;
                }
            }
        }
        if let Some(highest) = orders.last_mut() {
            highest.count = highest.raw.clone();
        }
        let mut trained = Self { orders, words: vocabulary.count };
        trained.estimate();
        trained
    }

    fn estimate(&mut self) {
        for order in 1..=ORDER {
            let (lower, rest) = self.orders.split_at_mut(order - 1);
            let this = &mut rest[0];
            let d = discounts(&this.count);
            let discount = |count: u32| d[(count as usize).clamp(1, 3) - 1];
            if order == 1 {
                let at_begin = this.find(u64::from(BEGIN));
                let counts: Vec<f64> =
                    (0..this.keys.len()).map(|i| if Some(i) == at_begin { 0.0 } else { f64::from(this.count[i]) }).collect();
                let total: f64 = counts.iter().sum();
                let kept: f64 = counts.iter().filter(|c| **c > 0.0).map(|c| discount(*c as u32)).sum::<f64>() / total;
                let uniform = kept / self.words as f64;
                this.p = counts
                    .iter()
                    .map(|c| ((c - if *c > 0.0 { discount(*c as u32) } else { 0.0 }) / total + uniform) as f32)
                    .collect();
            } else {
                // N-grams with one history stand together.
                let below = &mut lower[order - 2];
                let mut weight = vec![1.0_f32; below.keys.len()];
                let mut p = vec![0.0_f32; this.keys.len()];
                let mut start = 0;
                while start < this.keys.len() {
                    let history = this.keys[start] >> 16;
                    let mut end = start;
                    let (mut total, mut held) = (0.0_f64, 0.0_f64);
                    while end < this.keys.len() && this.keys[end] >> 16 == history {
                        total += f64::from(this.count[end]);
                        held += discount(this.count[end]).min(f64::from(this.count[end]));
                        end += 1;
                    }
                    let gamma = held / total;
                    for at in start..end {
                        let count = f64::from(this.count[at]);
                        p[at] = ((count - discount(this.count[at]).min(count)) / total) as f32;
                    }
                    if let Some(h) = below.find(history) {
                        weight[h] = gamma as f32;
                    }
                    // The lower order's part is added below, in parallel.
                    start = end;
                }
                let (keys, below_ref, weight_ref) = (&this.keys, &*below, &weight);
                p.par_iter_mut().zip(keys.par_iter()).for_each(|(p, &key)| {
                    let gamma = below_ref.find(key >> 16).map_or(1.0, |h| weight_ref[h]);
                    let tail = below_ref.find(without_oldest(key, order)).map_or(1e-9, |t| below_ref.p[t]);
                    *p += gamma * tail;
                });
                this.p = p;
                below.backoff = weight;
            }
            this.backoff = vec![1.0; this.keys.len()];
            this.keep = vec![true; this.keys.len()];
        }
    }

    /// How many n-grams of each order are kept.
    pub fn sizes(&self) -> Vec<usize> {
        self.orders.iter().map(|o| o.keep.iter().filter(|k| **k).count()).collect()
    }

    /// Leaves so many n-grams of two words and more: those whose loss costs most, by how often they stand and by how much
    /// worse the shorter n-gram tells them (Seymore and Rosenfeld 1996). What others need as their history stays.
    pub fn prune(&mut self, keep: usize) {
        let mut losses: Vec<Vec<f32>> = Vec::new();
        for order in 2..=ORDER {
            let (lower, rest) = self.orders.split_at(order - 1);
            let (this, below) = (&rest[0], &lower[order - 2]);
            let loss = |at: usize| {
                let key = this.keys[at];
                let gamma = below.find(key >> 16).map_or(1.0, |h| below.backoff[h]);
                let tail = below.find(without_oldest(key, order)).map_or(1e-9, |t| below.p[t]);
                this.raw[at] as f32 * (this.p[at] / (gamma * tail)).ln()
            };
            losses.push((0..this.keys.len()).into_par_iter().map(loss).collect());
        }
        let mut all: Vec<f32> = losses.iter().flatten().copied().collect();
        if all.len() <= keep {
            return;
        }
        all.par_sort_unstable_by(|a, b| b.total_cmp(a));
        let bar = all[keep];
        drop(all);
        for order in (2..=ORDER).rev() {
            let kept: Vec<bool> = losses[order - 2].iter().map(|loss| *loss > bar).collect();
            // A history that is needed above stays.
            let needed: Vec<u64> = if order < ORDER {
                let above = &self.orders[order];
                let mut histories: Vec<u64> =
                    above.keys.iter().zip(&above.keep).filter(|(_, keep)| **keep).map(|(key, _)| key >> 16).collect();
                histories.dedup();
                histories
            } else {
                Vec::new()
            };
            let this = &mut self.orders[order - 1];
            this.keep = kept;
            for history in needed {
                if let Some(at) = this.find(history) {
                    this.keep[at] = true;
                }
            }
        }
        self.weigh();
    }

    /// Back-off weights anew, so that what follows a history adds up to one again.
    fn weigh(&mut self) {
        for order in 2..=ORDER {
            let (lower, rest) = self.orders.split_at_mut(order - 1);
            let this = &rest[0];
            let histories = {
                let mut spans = Vec::new();
                let mut start = 0;
                while start < this.keys.len() {
                    let history = this.keys[start] >> 16;
                    let length = this.keys[start..].iter().take_while(|key| **key >> 16 == history).count();
                    spans.push((history, start..start + length));
                    start += length;
                }
                spans
            };
            let lower = &*lower;
            let weights: Vec<(u64, f32)> = histories
                .into_par_iter()
                .map(|(history, range)| {
                    let (mut here, mut below) = (0.0_f64, 0.0_f64);
                    for at in range.filter(|&at| this.keep[at]) {
                        here += f64::from(this.p[at]);
                        below += probability(lower, without_oldest(this.keys[at], order), order - 1);
                    }
                    (history, ((1.0 - here).max(1e-6) / (1.0 - below).max(1e-6)) as f32)
                })
                .collect();
            let below = &mut self.orders[order - 2];
            below.backoff = vec![1.0; below.keys.len()];
            for (history, weight) in weights {
                if let Some(at) = below.find(history) {
                    below.backoff[at] = weight;
                }
            }
        }
    }

    /// Perplexity of a text: two to the mean number of bits of a word, ends of sentences counted, unknown words by their
    /// class.
    pub fn perplexity(&self, text: &Corpus) -> f64 {
        let sentences: Vec<&[WordId]> = text.sentences().collect();
        let total: f64 = sentences
            .par_iter()
            .map(|sentence| {
                (1..sentence.len())
                    .map(|at| {
                        let from = (at + 1).saturating_sub(ORDER);
                        let words = &sentence[from..=at];
                        let key = words.iter().fold(0, |key, &word| (key << 16) | u64::from(word));
                        probability(&self.orders, key, words.len()).log2()
                    })
                    .sum::<f64>()
            })
            .sum();
        (-total / text.len() as f64).exp2()
    }

    /// The model file's body.
    pub fn pack(&self, vocabulary: &Vocabulary) -> Vec<u8> {
        let slots = |count: usize| ((count as f64 / FULL) as usize).max(16) + 1;
        let kept: usize = self.sizes().iter().skip(1).sum();
        let vocabulary_slots = (vocabulary.ids.len() * 2).next_power_of_two();
        let mut words = vec![(0_u32, 0_u16); vocabulary_slots];
        let mut sorted: Vec<(&str, WordId)> = vocabulary.ids.iter().map(|(w, id)| (&**w, *id)).collect();
        sorted.sort_unstable_by_key(|(_, id)| *id);
        for (word, id) in sorted {
            let hash = hash_word(word);
            let mut at = hash as usize & (vocabulary_slots - 1);
            while words[at].1 != 0 {
                at = (at + 1) & (vocabulary_slots - 1);
            }
            words[at] = ((hash >> 32) as u32, id);
        }
        let mut unigrams = vec![(pack_probability(f32::MIN), pack_backoff(0.0)); self.words];
        let first = &self.orders[0];
        for (at, key) in first.keys.iter().enumerate() {
            if let Some(slot) = unigrams.get_mut(*key as usize) {
                *slot = (pack_probability(first.p[at].log10()), pack_backoff(first.backoff[at].log10()));
            }
        }
        let mut table = vec![0_u32; slots(kept)];
        for grams in self.orders.iter().skip(1) {
            for (at, key) in grams.keys.iter().enumerate().filter(|(at, _)| grams.keep[*at]) {
                let mixed = mix(*key);
                let mut slot = home(mixed, table.len());
                while table[slot] != 0 {
                    slot = if slot + 1 == table.len() { 0 } else { slot + 1 };
                }
                table[slot] = pack_slot(mixed, grams.p[at].log10(), grams.backoff[at].log10());
            }
        }
        let mut bytes = Vec::new();
        for number in [ORDER, self.words, vocabulary_slots, table.len()] {
            bytes.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
        for (print, id) in words {
            bytes.extend(print.to_le_bytes());
            bytes.extend(id.to_le_bytes());
            bytes.extend([0, 0]);
        }
        for (p, backoff) in unigrams {
            bytes.extend(u16::try_from(p).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend(u16::try_from(backoff).unwrap_or(u16::MAX).to_le_bytes());
        }
        bytes.extend(table.iter().flat_map(|slot| slot.to_le_bytes()));
        bytes
    }
}

/// The probability of the last word of an n-gram after the others, backing off where it is not kept.
fn probability(orders: &[Grams], key: u64, order: usize) -> f64 {
    let mut weight = 1.0;
    let mut key = key;
    for order in (1..=order).rev() {
        let grams = &orders[order - 1];
        if let Some(at) = grams.find(key).filter(|&at| grams.keep[at]) {
            return weight * f64::from(grams.p[at]);
        }
        if order == 1 {
            break;
        }
        let below = &orders[order - 2];
        if let Some(h) = below.find(key >> 16).filter(|&h| order == 2 || below.keep[h]) {
            weight *= f64::from(below.backoff[h]);
        }
        key = without_oldest(key, order);
    }
    weight * 1e-8
}
