//! The averaged perceptron (Collins 2002), with features found by their hashes, and its weights laid out in eight bits.

use crate::models::hashed::{Buckets, CLASSES, FILLED, Rows, squeeze};

/// Weights for many classes.
pub(super) struct Perceptron {
    slots: Vec<(u64, u32)>,
    used: usize,
    rows: Vec<Vec<Weight>>,
    /// How often each feature was changed.
    changes: Vec<u32>,
    clock: f64,
}

#[derive(Clone, Copy)]
struct Weight {
    class: u8,
    now: f32,
    /// The sum of the changes, each times the clock.
    late: f64,
}

/// A power of two.
const FIRST_SLOTS: usize = 1 << 16;

impl Default for Perceptron {
    fn default() -> Self {
        Self { slots: vec![(0, 0); FIRST_SLOTS], used: 0, rows: Vec::new(), changes: Vec::new(), clock: 1.0 }
    }
}

fn slot<T>(slots: &[T], key: u64, of: impl Fn(&T) -> u64) -> usize {
    let mask = slots.len() - 1;
    let mut at = (key >> 20) as usize & mask;
    while !matches!(of(&slots[at]), 0) && of(&slots[at]) != key {
        at = (at + 1) & mask;
    }
    at
}

impl Perceptron {
    /// The scores of the classes.
    pub(super) fn scores(&self, features: &[u64]) -> [f32; CLASSES] {
        let mut scores = [0.0; CLASSES];
        for key in features {
            let (found, row) = self.slots[slot(&self.slots, *key, |s| s.0)];
            if found != 0 {
                self.rows[row as usize].iter().for_each(|w| scores[usize::from(w.class)] += w.now);
            }
        }
        scores
    }

    /// Learns from one place: the right class of some, unless it is ahead by the margin. What it would have said is given
    /// back.
    pub(super) fn learn(&mut self, features: &[u64], right: u8, among: &[u8], margin: f32) -> u8 {
        let scores = self.scores(features);
        let better = |a: u8, b: &u8| if scores[usize::from(*b)] > scores[usize::from(a)] { *b } else { a };
        let first = among.first().copied().unwrap_or(right);
        let said = among.iter().fold(first, better);
        let others = || among.iter().filter(|c| **c != right);
        if let Some(wrong) = others().next().map(|first| others().fold(*first, better))
            && scores[usize::from(wrong)] + margin > scores[usize::from(right)]
        {
            self.change(features, right, 1.0);
            self.change(features, wrong, -1.0);
        }
        self.clock += 1.0;
        said
    }

    fn change(&mut self, features: &[u64], class: u8, by: f32) {
        for key in features {
            let mut at = slot(&self.slots, *key, |s| s.0);
            if self.slots[at].0 == 0 {
                if self.used * 2 > self.slots.len() {
                    self.grow();
                    at = slot(&self.slots, *key, |s| s.0);
                }
                self.slots[at] = (*key, self.rows.len() as u32);
                self.rows.push(Vec::new());
                self.changes.push(0);
                self.used += 1;
            }
            let index = self.slots[at].1 as usize;
            self.changes[index] += 1;
            let late = f64::from(by) * self.clock;
            match self.rows[index].iter_mut().find(|w| w.class == class) {
                Some(weight) => {
                    weight.now += by;
                    weight.late += late;
                }
                None => self.rows[index].push(Weight { class, now: by, late }),
            }
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); size]);
        for (key, row) in old.into_iter().filter(|(key, _)| *key != 0) {
            let at = slot(&self.slots, key, |s| s.0);
            self.slots[at] = (key, row);
        }
    }

    /// The averages as a table of rows: features that were changed so often at least, weights of so much at least.
    pub(super) fn write(&self, keep: Keep) -> (Vec<u8>, Vec<u8>) {
        let (least, lightest) = if self.rows.len() > WHOLE { (keep.changes, keep.weight) } else { (1, 0.0) };
        let mut rows: Vec<(f32, u64, Row)> = Vec::new();
        for (key, row) in self.slots.iter().filter(|(key, _)| *key != 0) {
            if self.changes[*row as usize] < least {
                continue;
            }
            let averages = self.rows[*row as usize].iter();
            let averages = averages.map(|w| (w.class, (f64::from(w.now) - w.late / self.clock) as f32));
            let mut kept: Vec<(u8, f32)> = averages.filter(|(_, w)| w.abs() >= lightest).collect();
            kept.sort_by_key(|(class, _)| *class);
            let weight = kept.iter().map(|(_, w)| w * w).sum::<f32>() * self.changes[*row as usize] as f32;
            let squeezed: Vec<(u8, i8)> = kept.iter().map(|(class, w)| (*class, squeeze(*w, keep.step))).collect();
            let squeezed: Vec<(u8, i8)> = squeezed.into_iter().filter(|(_, w)| *w != 0).collect();
            if !squeezed.is_empty() {
                rows.push((weight, *key, squeezed));
            }
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let rows: Vec<(u64, Row)> = rows.into_iter().take(keep.most).map(|(_, key, row)| (key, row)).collect();
        Rows::write(&rows)
    }
}

/// The classes that a feature speaks for, with its weights.
type Row = Vec<(u8, i8)>;

/// A model of no more features than this is kept whole.
const WHOLE: usize = 2_000;

/// What is kept of a model.
#[derive(Clone, Copy)]
pub(super) struct Keep {
    /// Features that were changed so often.
    pub(super) changes: u32,
    /// Weights of so much.
    pub(super) weight: f32,
    /// What a weight is counted in.
    pub(super) step: f32,
    /// So many features at most: those that matter most, by their weights, squared, and how often they were changed.
    pub(super) most: usize,
}

/// Weights for the three actions of the parser.
pub(super) struct Actions {
    rows: Vec<Action>,
    used: usize,
    clock: f32,
}

#[derive(Clone, Copy, Default)]
struct Action {
    key: u64,
    now: [f32; 3],
    late: [f32; 3],
}

impl Default for Actions {
    fn default() -> Self {
        Self { rows: vec![Action::default(); FIRST_SLOTS], used: 0, clock: 1.0 }
    }
}

impl Actions {
    /// The scores of the actions.
    pub(super) fn scores(&self, features: &[u64]) -> [f32; 3] {
        let mut scores = [0.0; 3];
        for key in features {
            let row = &self.rows[slot(&self.rows, *key, |r| r.key)];
            scores.iter_mut().zip(row.now).for_each(|(score, weight)| *score += weight);
        }
        scores
    }

    /// One action is to be preferred to another.
    pub(super) fn change(&mut self, features: &[u64], right: usize, wrong: usize) {
        if (self.used + features.len()) * 10 > self.rows.len() * 6 {
            let size = self.rows.len() * 2;
            let old = std::mem::replace(&mut self.rows, vec![Action::default(); size]);
            for row in old.into_iter().filter(|row| row.key != 0) {
                let at = slot(&self.rows, row.key, |r| r.key);
                self.rows[at] = row;
            }
        }
        for key in features {
            let at = slot(&self.rows, *key, |r| r.key);
            let row = &mut self.rows[at];
            self.used += usize::from(row.key == 0);
            row.key = *key;
            row.now[right] += 1.0;
            row.late[right] += self.clock;
            row.now[wrong] -= 1.0;
            row.late[wrong] -= self.clock;
        }
    }

    /// A step was made.
    pub(super) fn tick(&mut self) {
        self.clock += 1.0;
    }

    /// The averages as a table: so many features at most, those with the greatest weight. The others make it
    /// no better on held-out trees, however often they are seen.
    pub(super) fn write(&self, step: f32, most: usize) -> Vec<u8> {
        let mut rows: Vec<(f32, u64, [u8; 2])> = Vec::new();
        for row in self.rows.iter().filter(|row| row.key != 0) {
            let average = |k: usize| row.now[k] - row.late[k] / self.clock;
            let weights = [average(1) - average(0), average(2) - average(0)];
            let weight = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs()));
            rows.push((weight, row.key, weights.map(|w| squeeze(w, step) as u8)));
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let entries: Vec<(u64, [u8; 2])> =
            rows.into_iter().take(most).map(|(_, key, weights)| (key, weights)).filter(|(_, w)| *w != [0; 2]).collect();
        Buckets::write(&entries, FILLED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::hashed::hash;
    use crate::models::tagger::best;

    #[test]
    fn what_was_learned_is_said_from_eight_bits() {
        let mut model = Perceptron::default();
        let features = |n: u64| [hash(&n.to_le_bytes()), hash(b"same")];
        for _ in 0..5 {
            for n in 0..50 {
                model.learn(&features(n), (n % 3) as u8, &[0, 1, 2], 1.0);
            }
        }
        let (places, rows) = model.write(Keep { changes: 1, weight: 0.0, step: 0.01, most: 1000 });
        let read = Rows::read(&places, &rows).expect("it is sound");
        let right = (0..50).filter(|n| best(&read, &features(*n), 3).0 == (*n % 3) as u8).count();
        assert!(right >= 48, "{right}");
    }
}
