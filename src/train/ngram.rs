//! Estimating n-gram models: modified Kneser–Ney (Chen and Goodman 1998), interpolated, over texts that weigh differently,
//! pruned by what an n-gram adds, and packed.
//!
//! An n-gram is a key of 64 bits, so that counting is sorting.
//!
//! *Weights.* An n-gram's count is the sum of the weights of the texts it stands in; its discount, and what it counts for in
//! the lower order, are those of modified Kneser–Ney times the mean weight of its occurrences. With one weight for all, this is
//! modified Kneser–Ney.
//!
//! *Pruning.* Kneser–Ney's lower orders expect that the higher ones are there: pruned afterwards, the model is poor (Chelba and
//! others 2010). So the occurrences of an n-gram that goes are counted in the lower order, as Siivola and others (2007) do it:
//! what has no longer n-gram has to be told by the shorter.

use rayon::prelude::*;

use crate::models::ngram::{INNER, INNER_PRINT, LONGEST, LONGEST_PRINT, pack_backoff, pack_probability};
use crate::models::slots::{BUCKET, FULL};
use crate::train::slots;

/// Texts of one weight, as symbols.
pub struct Part {
    /// How much an occurrence counts.
    pub weight: f32,
    /// Sentences, each from its first mark to its last.
    pub symbols: Vec<u16>,
}

/// What kind of model is built.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The longest n-gram.
    pub order: usize,
    /// Bits of a symbol.
    pub bits: u32,
    /// How many symbols there are.
    pub symbols: usize,
    /// The mark that a sentence begins with, and the one that it ends with.
    pub marks: (u16, u16),
}

/// The n-grams of one order: keys in order, with what is known of each.
#[derive(Default)]
struct Grams {
    keys: Vec<u64>,
    /// The weights of its occurrences added up.
    occurs: Vec<f32>,
    /// Their mean weight.
    mean: Vec<f32>,
    /// Where the n-gram without its oldest symbol stands in the order below.
    tail: Vec<u32>,
    /// Where the n-gram without its newest symbol stands there.
    history: Vec<u32>,
    /// What it counts: as often as it stands there, or as many as stand before it.
    count: Vec<f32>,
    /// Natural probability in the model as it is now.
    p: Vec<f32>,
    /// What the lower order is weighed with behind it.
    backoff: Vec<f32>,
    keep: Vec<bool>,
    /// What counts of one, two, three and more are lessened by.
    discounts: [f32; 3],
}

impl Grams {
    fn find(&self, key: u64) -> Option<usize> {
        self.keys.binary_search(&key).ok()
    }

    fn kept(&self) -> usize {
        self.keep.iter().filter(|keep| **keep).count()
    }

    /// What a count is lessened by: between whole counts, what lies between.
    fn discount(&self, at: usize) -> f32 {
        let (count, mean) = (self.count[at], self.mean[at]);
        let times = (count / mean).min(3.0);
        let of = |whole: usize| if whole == 0 { 0.0 } else { self.discounts[whole.min(3) - 1] };
        let below = times.floor();
        let part = of(below as usize) + (times - below) * (of(below as usize + 1) - of(below as usize));
        (part * mean).clamp(0.0, count)
    }
}

/// Modified Kneser–Ney's discounts from how many n-grams count one to four.
fn discounts(counts: impl Iterator<Item = u32>) -> [f32; 3] {
    let mut of = [0.0_f64; 4];
    for count in counts {
        if let Some(n) = of.get_mut((count as usize).wrapping_sub(1)) {
            *n += 1.0;
        }
    }
    let [n1, n2, n3, n4] = of;
    if n1 == 0.0 || n2 == 0.0 || n3 == 0.0 {
        return [0.5, 0.75, 0.9];
    }
    let y = n1 / (n1 + 2.0 * n2);
    let of = [1.0 - 2.0 * y * n2 / n1, 2.0 - 3.0 * y * n3 / n2, 3.0 - 4.0 * y * n4 / n3];
    [of[0].clamp(0.1, 1.0) as f32, of[1].clamp(0.1, 2.0) as f32, of[2].clamp(0.1, 2.9) as f32]
}

/// Sorted keys once each, with how often they stand there.
fn runs(sorted: &[u64]) -> (Vec<u64>, Vec<u32>) {
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    for run in sorted.chunk_by(|a, b| a == b) {
        keys.extend(run.first());
        counts.push(run.len() as u32);
    }
    (keys, counts)
}

/// Two lists of keys as one: how often, and with which weight.
type Counted = (Vec<u64>, Vec<u32>, Vec<f32>);

fn merge(a: Counted, b: Counted) -> Counted {
    if a.0.is_empty() {
        return b;
    }
    let (mut i, mut j) = (0, 0);
    let mut out: Counted = Default::default();
    loop {
        let (x, y) = (a.0.get(i).copied(), b.0.get(j).copied());
        let key = match (x, y) {
            (None, None) => return out,
            (Some(key), None) | (None, Some(key)) => key,
            (Some(x), Some(y)) => x.min(y),
        };
        let (mut times, mut weight) = (0, 0.0);
        if x == Some(key) {
            times += a.1[i];
            weight += a.2[i];
            i += 1;
        }
        if y == Some(key) {
            times += b.1[j];
            weight += b.2[j];
            j += 1;
        }
        out.0.push(key);
        out.1.push(times);
        out.2.push(weight);
    }
}

/// A model that is being made.
pub struct Estimated {
    shape: Shape,
    orders: Vec<Grams>,
}

/// How much of a model is pruned at a time, as shares of what is to be left.
const STAGES: [f64; 2] = [3.0, 1.0];

impl Estimated {
    /// Counts the n-grams of some texts and estimates a model with all of them.
    pub fn of(parts: &[Part], shape: Shape) -> Self {
        let mut orders: Vec<Grams> = Vec::new();
        for order in 1..=shape.order {
            let mut all: Counted = Default::default();
            let mut times: Vec<u32>;
            for part in parts {
                let mut keys: Vec<u64> = part
                    .symbols
                    .split_inclusive(|s| *s == shape.marks.1)
                    .flat_map(|sentence| {
                        sentence.windows(order).map(|w| w.iter().fold(0, |key, &s| (key << shape.bits) | u64::from(s)))
                    })
                    .collect();
                keys.par_sort_unstable();
                let (keys, counts) = runs(&keys);
                let weights = counts.iter().map(|n| *n as f32 * part.weight).collect();
                all = merge(all, (keys, counts, weights));
            }
            let (keys, occurs);
            (keys, times, occurs) = all;
            let mean = times.iter().zip(&occurs).map(|(n, w)| w / *n as f32).collect();
            let mut this = Grams { keys, occurs, mean, ..Grams::default() };
            if let Some(below) = orders.last_mut() {
                let mask = (1_u64 << (shape.bits * (order as u32 - 1))) - 1;
                this.tail = this.keys.par_iter().map(|key| below.find(key & mask).unwrap_or_default() as u32).collect();
                let mut at = 0;
                this.history = this
                    .keys
                    .iter()
                    .map(|key| {
                        while below.keys.get(at).is_some_and(|h| *h < key >> shape.bits) {
                            at += 1;
                        }
                        at as u32
                    })
                    .collect();
                // The order below counts, for its discounts, what stands before.
                let mut before = vec![0_u32; below.keys.len()];
                for tail in &this.tail {
                    before[*tail as usize] += 1;
                }
                below.discounts = discounts(before.into_iter());
            }
            if order == shape.order {
                this.discounts = discounts(std::mem::take(&mut times).into_iter());
            }
            this.keep = vec![true; this.keys.len()];
            orders.push(this);
        }
        let mut made = Self { shape, orders };
        made.estimate();
        made
    }

    /// How many n-grams of each order are kept.
    pub fn sizes(&self) -> Vec<usize> {
        self.orders.iter().map(Grams::kept).collect()
    }

    /// Counts, probabilities and back-off weights by what is kept.
    fn estimate(&mut self) {
        for order in (1..=self.shape.order).rev() {
            let (below, above) = self.orders.split_at_mut(order);
            let Some(this) = below.last_mut() else { continue };
            let Some(above) = above.first() else {
                this.count = this.occurs.clone();
                continue;
            };
            let mut count = vec![0.0_f32; this.keys.len()];
            for (at, tail) in above.tail.iter().enumerate() {
                count[*tail as usize] += if above.keep[at] { above.mean[at] } else { above.count[at] };
            }
            // Before the beginning of a sentence nothing stands.
            let oldest = self.shape.bits * (order as u32 - 1);
            for (at, key) in this.keys.iter().enumerate() {
                if key >> oldest == u64::from(self.shape.marks.0) {
                    count[at] = if order == 1 { 0.0 } else { this.occurs[at] };
                }
            }
            this.count = count;
        }
        let Some(first) = self.orders.first_mut() else { return };
        let total: f64 = first.count.iter().map(|c| f64::from(*c)).sum();
        let held: f64 = (0..first.keys.len()).map(|at| f64::from(first.discount(at))).sum();
        let each = held / total / self.shape.symbols as f64;
        first.p = (0..first.keys.len())
            .map(|at| (f64::from(first.count[at] - first.discount(at)) / total + each) as f32)
            .collect();
        for order in 2..=self.shape.order {
            let (lower, higher) = self.orders.split_at_mut(order - 1);
            let (Some(below), Some(this)) = (lower.last_mut(), higher.first_mut()) else { continue };
            below.backoff = vec![1.0; below.keys.len()];
            let mut p = vec![0.0_f32; this.keys.len()];
            let mut start = 0;
            while start < this.keys.len() {
                let history = this.history[start] as usize;
                let length = this.history[start..].iter().take_while(|h| **h as usize == history).count();
                let range = start..start + length;
                let total: f64 = this.count[range.clone()].iter().map(|c| f64::from(*c)).sum();
                let mut told = 0.0_f64;
                for at in range.clone().filter(|&at| this.keep[at]) {
                    let part = f64::from(this.count[at] - this.discount(at)) / total;
                    told += part;
                    p[at] = part as f32;
                }
                let weight = (1.0 - told).clamp(1e-6, 1.0) as f32;
                below.backoff[history] = weight;
                for at in range {
                    p[at] += weight * below.p[this.tail[at] as usize];
                }
                start += length;
            }
            this.p = p;
        }
        if let Some(last) = self.orders.last_mut() {
            last.backoff = vec![1.0; last.keys.len()];
        }
    }

    /// What the model loses with each n-gram of one order (Stolcke 1998): how much worse its occurrences are told by the lower
    /// order, less what others gain by the greater back-off weight. Histories are as frequent as they are in the texts, and
    /// not as the lower orders of Kneser–Ney have them.
    fn losses(&self, order: usize) -> Vec<f32> {
        let (this, below) = (&self.orders[order - 1], &self.orders[order - 2]);
        let mut losses = vec![0.0_f32; this.keys.len()];
        let mut start = 0;
        while start < this.keys.len() {
            let history = this.history[start] as usize;
            let length = this.history[start..].iter().take_while(|h| **h as usize == history).count();
            let range = start..start + length;
            let often = f64::from(below.occurs[history]);
            let weight = f64::from(below.backoff[history]);
            let total: f64 = this.count[range.clone()].iter().map(|c| f64::from(*c)).sum();
            let told_below: f64 =
                range.clone().filter(|&at| this.keep[at]).map(|at| f64::from(below.p[this.tail[at] as usize])).sum();
            let backed_off = weight * (1.0 - told_below).max(1e-6);
            for at in range.clone().filter(|&at| this.keep[at]) {
                let (p, tail) = (f64::from(this.p[at]), f64::from(below.p[this.tail[at] as usize]));
                let part = f64::from(this.count[at] - this.discount(at)) / total;
                let greater = (weight + part).min(1.0);
                let loss = p * (p.ln() - (greater * tail).ln()) - backed_off * (greater.ln() - weight.ln());
                losses[at] = (often * loss) as f32;
            }
            start += length;
        }
        losses
    }

    /// Leaves as many n-grams as fit into so many bytes, those whose loss would cost most for their bytes. The history of what
    /// is left stays too.
    pub fn prune(&mut self, bytes: usize) {
        for stage in STAGES {
            self.prune_once((bytes as f64 * stage) as usize);
            self.estimate();
        }
    }

    fn prune_once(&mut self, bytes: usize) {
        let orders = 2..=self.shape.order;
        let losses: Vec<Vec<f32>> = orders
            .map(|order| {
                let mut losses = self.losses(order);
                for loss in &mut losses {
                    *loss /= self.cost(order) as f32;
                }
                losses
            })
            .collect();
        let keeping = |bar: f32| -> Vec<Vec<bool>> {
            let mut kept: Vec<Vec<bool>> = losses
                .iter()
                .zip(self.orders.iter().skip(1))
                .map(|(l, grams)| l.iter().zip(&grams.keep).map(|(loss, keep)| *keep && *loss > bar).collect())
                .collect();
            for order in (3..=self.shape.order).rev() {
                let (below, above) = kept.split_at_mut(order - 2);
                if let (Some(below), Some(above)) = (below.last_mut(), above.first()) {
                    for (at, history) in self.orders[order - 1].history.iter().enumerate() {
                        if above[at] {
                            below[*history as usize] = true;
                        }
                    }
                }
            }
            kept
        };
        let size = |kept: &[Vec<bool>]| -> f64 {
            let of = |(at, kept): (usize, &Vec<bool>)| kept.iter().filter(|k| **k).count() as f64 * self.cost(at + 2);
            kept.iter().enumerate().map(of).sum()
        };
        // The bar, by halving between one that lets all pass and one that lets none; losses span many powers of ten.
        let (mut low, mut high) = (1e-12_f64.ln(), 1e9_f64.ln());
        let all = keeping(f32::NEG_INFINITY);
        let mut best = all;
        if size(&best) > bytes as f64 {
            for _ in 0..24 {
                let middle = f64::midpoint(low, high);
                let kept = keeping(middle.exp() as f32);
                if size(&kept) > bytes as f64 {
                    low = middle;
                } else {
                    high = middle;
                    best = kept;
                }
            }
        }
        for (grams, kept) in self.orders.iter_mut().skip(1).zip(best) {
            grams.keep = kept;
        }
    }

    /// Bytes that an n-gram takes, packed.
    fn cost(&self, order: usize) -> f64 {
        f64::from(width(order, self.shape.order)) / 8.0 / FULL + 2.0 / BUCKET as f64
    }

    /// The natural logarithm of the probability of a sentence's symbol at a place.
    fn ln(&self, sentence: &[u16], at: usize) -> f64 {
        let from = (at + 1).saturating_sub(self.shape.order);
        let words = &sentence[from..=at];
        let mut weight = 0.0;
        let key_of = |words: &[u16]| words.iter().fold(0, |key, &s| (key << self.shape.bits) | u64::from(s));
        for start in 0..words.len() {
            let words = &words[start..];
            let grams = &self.orders[words.len() - 1];
            if let Some(found) = grams.find(key_of(words)).filter(|&found| grams.keep[found]) {
                return weight + f64::from(grams.p[found]).ln();
            }
            if words.len() > 1 {
                let below = &self.orders[words.len() - 2];
                if let Some(found) = below.find(key_of(&words[..words.len() - 1])) {
                    weight += f64::from(below.backoff[found]).ln();
                }
            }
        }
        weight - (self.shape.symbols as f64).ln() - 8.0
    }

    /// Perplexity of a text; ends of sentences are words.
    pub fn perplexity(&self, text: &[u16]) -> f64 {
        let (mut sum, mut words) = (0.0, 0.0);
        for sentence in text.split_inclusive(|s| *s == self.shape.marks.1) {
            for at in 1..sentence.len() {
                sum += self.ln(sentence, at);
                words += 1.0;
            }
        }
        (-sum / words).exp()
    }

    /// The model as it is read.
    ///
    /// # Errors
    /// No table can be built.
    pub fn pack(&self) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let number = |bytes: &mut Vec<u8>, n: usize| bytes.extend((n as u32).to_le_bytes());
        for n in [self.shape.order, self.shape.bits as usize, self.shape.symbols] {
            number(&mut bytes, n);
        }
        let mut begins: Vec<Vec<bool>> = self.orders.iter().map(|grams| vec![false; grams.keys.len()]).collect();
        for order in 2..=self.shape.order {
            let grams = &self.orders[order - 1];
            for (history, _) in grams.history.iter().zip(&grams.keep).filter(|(_, keep)| **keep) {
                begins[order - 2][*history as usize] = true;
            }
        }
        let mut singles = vec![(pack_probability(f32::NEG_INFINITY), pack_backoff(None)); self.shape.symbols];
        for (order, grams) in self.orders.iter().enumerate().map(|(at, grams)| (at + 1, grams)) {
            if order == 1 {
                for (at, key) in grams.keys.iter().enumerate() {
                    if let Some(slot) = singles.get_mut(*key as usize) {
                        let weight = begins[0][at].then(|| grams.backoff[at].ln());
                        *slot = (pack_probability(grams.p[at].max(1e-12).ln()), pack_backoff(weight));
                    }
                }
                number(&mut bytes, singles.len() * 4);
                bytes.extend(singles.iter().flat_map(|(p, b)| p.to_le_bytes().into_iter().chain(b.to_le_bytes())));
                continue;
            }
            let (value_bits, weight_bits) = if order == self.shape.order { LONGEST } else { INNER };
            let kept = || (0..grams.keys.len()).filter(|&at| grams.keep[at]);
            let probabilities = List::of(kept().map(|at| grams.p[at].ln()), 1 << value_bits);
            let weights = if weight_bits == 0 {
                List::default()
            } else {
                let of = kept().filter(|&at| begins[order - 1][at]).map(|at| grams.backoff[at].ln());
                let mut list = List::of(of, (1 << weight_bits) - 1);
                // The first number says that there is none.
                list.values.insert(0, 0.0);
                list
            };
            let pairs: Vec<(u64, u32)> = kept()
                .map(|at| {
                    let mut value = probabilities.number(0, grams.p[at].ln()) << weight_bits;
                    if weight_bits > 0 && begins[order - 1][at] {
                        value |= weights.number(1, grams.backoff[at].ln());
                    }
                    (grams.keys[at], value)
                })
                .collect();
            for list in [&probabilities, &weights] {
                number(&mut bytes, list.values.len() * 4);
                bytes.extend(list.values.iter().flat_map(|v| v.to_le_bytes()));
            }
            let table = slots::build(&pairs, width(order, self.shape.order), value_bits + weight_bits)?;
            number(&mut bytes, table.len());
            bytes.extend(table);
        }
        Ok(bytes)
    }
}

/// Bits of a slot.
fn width(order: usize, longest: usize) -> u32 {
    let ((probability, weight), print) = if order == longest { (LONGEST, LONGEST_PRINT) } else { (INNER, INNER_PRINT) };
    probability + weight + print
}

/// A few values that many are rounded to.
#[derive(Default)]
struct List {
    values: Vec<f32>,
}

impl List {
    /// As many as are asked for: the means of equal shares of the values, then twice moved to the mean of what is nearest
    /// (Lloyd 1982).
    fn of(values: impl Iterator<Item = f32>, most: usize) -> Self {
        let mut all: Vec<f32> = values.collect();
        all.sort_unstable_by(f32::total_cmp);
        if all.is_empty() {
            return Self { values: vec![0.0] };
        }
        // Half by how many there are, half by how far apart they lie: the ends have few and matter.
        let (least, most_value) = (all[0], all[all.len() - 1]);
        let mut list: Vec<f32> = (0..most)
            .map(|n| {
                let share = (n as f64 + 0.5) / most as f64;
                let by_rank = all[((all.len() as f64) * share) as usize];
                let by_value = least + (most_value - least) * share as f32;
                0.5 * by_rank + 0.5 * by_value
            })
            .collect();
        for _ in 0..12 {
            list.sort_unstable_by(f32::total_cmp);
            let mut start = 0;
            let mut moved = Vec::with_capacity(list.len());
            for at in 0..list.len() {
                let end = match list.get(at + 1) {
                    Some(next) => {
                        let border = f32::midpoint(list[at], *next);
                        start + all[start..].partition_point(|v| *v < border)
                    }
                    None => all.len(),
                };
                let own = &all[start..end];
                moved.push(if own.is_empty() {
                    list[at]
                } else {
                    (own.iter().map(|v| f64::from(*v)).sum::<f64>() / own.len() as f64) as f32
                });
                start = end;
            }
            list = moved;
        }
        Self { values: list }
    }

    /// The number of the nearest value, from the `first` on.
    fn number(&self, first: usize, value: f32) -> u32 {
        let list = &self.values[first..];
        let above = list.partition_point(|v| *v < value);
        let nearest = match (above.checked_sub(1).and_then(|at| list.get(at)), list.get(above)) {
            (Some(a), Some(b)) if value - a <= b - value => above - 1,
            (Some(_), None) => above - 1,
            _ => above,
        };
        (first + nearest) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::ngram::Ngrams;

    const SHAPE: Shape = Shape { order: 3, bits: 8, symbols: 30, marks: (1, 2) };

    /// Sentences of a small invented language: each symbol calls for one of three.
    fn text(sentences: usize) -> Vec<u16> {
        let mut x = 7_u64;
        let mut next = move || {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (x >> 33) as u16
        };
        let mut symbols = Vec::new();
        for _ in 0..sentences {
            symbols.push(1);
            let mut last = 3 + next() % 20;
            for _ in 0..3 + next() % 9 {
                symbols.push(last);
                last = 3 + (last * 5 + next() % 3 * (1 + next() % 2)) % 24;
            }
            symbols.push(2);
        }
        symbols
    }

    fn made() -> Estimated {
        Estimated::of(&[Part { weight: 1.0, symbols: text(3_000) }, Part { weight: 2.5, symbols: text(200) }], SHAPE)
    }

    /// What follows any context adds up to one, kept whole or pruned.
    #[test]
    fn it_adds_up_to_one() {
        let mut model = made();
        for pruned in [false, true] {
            if pruned {
                model.prune(600);
            }
            for context in [[1, 5], [5, 9], [9, 4], [20, 20]] {
                let sum: f64 = (2..30).map(|s| model.ln(&[context[0], context[1], s], 2).exp()).sum();
                assert!((0.98..1.02).contains(&sum), "{context:?}, pruned {pruned}: {sum}");
            }
        }
    }

    #[test]
    fn what_is_packed_says_the_same() {
        let mut model = made();
        model.prune(2_000);
        let bytes = model.pack().expect("it is packed");
        let read = Ngrams::new(&bytes).expect("it is sound");
        let text = text(100);
        let (mut worst, mut sum, mut count) = (0.0_f64, 0.0, 0.0);
        for sentence in text.split_inclusive(|s| *s == 2) {
            let mut state = read.after(1);
            for at in 1..sentence.len() {
                let (found, next) = read.next(&state, sentence[at]);
                let difference = (f64::from(found.ln) - model.ln(sentence, at)).abs();
                worst = worst.max(difference);
                sum += difference;
                count += 1.0;
                state = next;
            }
        }
        // A fingerprint that fits another key is the worst; there are few.
        assert!(sum / count < 0.05 && worst < 6.0, "mean {} worst {worst}", sum / count);
    }

    #[test]
    fn pruning_leaves_what_was_asked_for_and_what_matters() {
        let mut model = made();
        let whole = model.perplexity(&text(300));
        let all = model.sizes();
        model.prune(1_500);
        let sizes = model.sizes();
        assert!(sizes.iter().skip(1).sum::<usize>() < all.iter().skip(1).sum::<usize>(), "{sizes:?} of {all:?}");
        assert!(model.pack().expect("it is packed").len() < 1_500 + 2_000);
        let pruned = model.perplexity(&text(300));
        assert!(pruned < 1.3 * whole, "{pruned} and {whole}");
    }

    #[test]
    fn damage_is_no_panic() {
        let mut model = made();
        model.prune(500);
        let bytes = model.pack().expect("it is packed");
        for at in (0..bytes.len()).step_by(3) {
            assert!(Ngrams::new(&bytes[..at]).is_none(), "cut at {at}");
            let mut bad = bytes.clone();
            bad[at] ^= 0xff;
            if let Some(read) = Ngrams::new(&bad) {
                let mut state = read.after(1);
                for symbol in [5, 9, 700, 2] {
                    state = read.next(&state, symbol).1;
                }
            }
        }
    }
}
