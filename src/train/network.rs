//! A small network that learns: what [`crate::models::parser`] reckons, and how each number is to change.

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use crate::models::parser::{ACTION, FOR_ALL, FOR_RELATIONS, LAYERS, RELATION, WIDTH};
use crate::models::transitions::{ACTION_ROWS, RELATION_ROWS, RELATIONS};

/// How much of the last changes goes into the next, and how long the size of changes is remembered (Adam, Kingma and Ba 2015).
const MEMORY: [f32; 2] = [0.9, 0.99];
/// Of what goes in, of each layer and of the layers that choose so much is left out while learning.
const LEFT_OUT: [f32; 3] = [0.1, 0.1, 0.2];
/// Masks of the layers that choose are taken in turn.
const MASKS: usize = 128;
/// A word sees itself and its neighbours.
const WIDE: usize = 3 * WIDTH;

/// A stretch of the numbers of a network.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    from: usize,
    count: usize,
}

impl Part {
    fn of<'x>(&self, numbers: &'x [f32]) -> &'x [f32] {
        &numbers[self.from..self.from + self.count]
    }

    fn of_mut<'x>(&self, numbers: &'x mut [f32]) -> &'x mut [f32] {
        &mut numbers[self.from..self.from + self.count]
    }
}

/// A layer that chooses, of so many numbers among so many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<const N: usize, const AMONG: usize> {
    /// The rows of facts.
    pub(super) rows: Part,
    /// Where the parts of words begin that are for it.
    from: usize,
    weights: Part,
    pub(super) bias: Part,
}

/// Numbers with what is known of how they are to change.
struct Learned {
    now: Vec<f32>,
    slopes: Vec<f32>,
    mean: Vec<f32>,
    square: Vec<f32>,
}

impl Learned {
    fn new(count: usize) -> Self {
        let zeros = || vec![0.0; count];
        Self { now: zeros(), slopes: zeros(), mean: zeros(), square: zeros() }
    }

    fn change(&mut self, from: usize, count: usize, rate: f32, scale: f32, correct: [f32; 2]) {
        let range = from..from + count;
        let (now, slopes) = (self.now[range.clone()].iter_mut(), self.slopes[range.clone()].iter_mut());
        let kept = self.mean[range.clone()].iter_mut().zip(&mut self.square[range]);
        for ((now, slope), (mean, square)) in now.zip(slopes).zip(kept) {
            let steep = std::mem::take(slope) * scale;
            *mean = MEMORY[0] * *mean + (1.0 - MEMORY[0]) * steep;
            *square = MEMORY[1] * *square + (1.0 - MEMORY[1]) * steep * steep;
            *now -= rate * (*mean * correct[0]) / ((*square * correct[1]).sqrt() + 1e-6);
        }
    }
}

/// What comes of a sentence, on the way.
#[derive(Default)]
pub(super) struct Work {
    /// The words before each layer and after the last.
    rows: Vec<Vec<f32>>,
    wide: Vec<Vec<f32>>,
    masks: Vec<Vec<f32>>,
    parts: Vec<f32>,
    slopes: Vec<f32>,
    choices: Vec<f32>,
    turn: usize,
}

/// A choice that was made: what is needed to learn from it.
pub(super) struct Made<const N: usize, const AMONG: usize> {
    hidden: [f32; N],
    mask: [f32; N],
    pub(super) scores: [f32; AMONG],
}

/// The network.
pub(super) struct Network {
    learned: Learned,
    words: Learned,
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    layers: [(Part, Part); LAYERS],
    places: Part,
    /// The choice of actions.
    pub(super) actions: Choice<ACTION, 3>,
    /// The choice of relations.
    pub(super) relations: Choice<RELATION, RELATIONS>,
    /// The weights of the layers, and of the places, the other way about.
    turned: Vec<Vec<f32>>,
    steps: i32,
}

impl Network {
    /// A network that knows nothing, for so many numbers of words.
    pub(super) fn new(words: usize, random: &mut Pcg64Mcg) -> Self {
        let mut from = 0;
        let mut part = |count: usize| {
            from += count;
            Part { from: from - count, count }
        };
        let layers = std::array::from_fn(|_| (part(WIDE * WIDTH), part(WIDTH)));
        let places = part(WIDTH * FOR_ALL);
        let actions = Choice { rows: part(ACTION_ROWS * ACTION), from: 0, weights: part(ACTION * 3), bias: part(3) };
        let relations = Choice {
            rows: part(RELATION_ROWS * RELATION),
            from: FOR_RELATIONS,
            weights: part(RELATION * RELATIONS),
            bias: part(RELATIONS),
        };
        let mut learned = Learned::new(from);
        let mut spread = |part: Part, to: f32| {
            part.of_mut(&mut learned.now).iter_mut().for_each(|x| *x = random.random_range(-to..to));
        };
        layers.iter().for_each(|(weights, _)| spread(*weights, (6.0 / (4 * WIDTH) as f32).sqrt()));
        spread(places, 0.7 * (6.0 / (WIDTH + ACTION) as f32).sqrt());
        spread(actions.rows, 0.1);
        spread(relations.rows, 0.1);
        spread(actions.weights, 0.2);
        spread(relations.weights, 0.2);
        let mut of_words = Learned::new(words * WIDTH);
        of_words.now.iter_mut().for_each(|x| *x = random.random_range(-0.3..0.3));
        let is_touched = vec![false; words];
        let mut made = Self {
            learned,
            words: of_words,
            touched: Vec::new(),
            is_touched,
            layers,
            places,
            actions,
            relations,
            turned: Vec::new(),
            steps: 0,
        };
        made.turn();
        made
    }

    fn turn(&mut self) {
        let now = &self.learned.now;
        self.turned = self.layers.iter().map(|(weights, _)| turned(weights.of(now), WIDE, WIDTH)).collect();
        self.turned.push(turned(self.places.of(now), WIDTH, FOR_ALL));
    }

    /// Takes a sentence through the layers: nothing, the words, the root.
    pub(super) fn read(&self, sentence: &[Vec<u16>], work: &mut Work, random: &mut Pcg64Mcg) {
        let count = sentence.len();
        work.rows.resize(LAYERS + 1, Vec::new());
        work.wide.resize(LAYERS, Vec::new());
        work.masks.resize(LAYERS + 1, Vec::new());
        for (at, mask) in work.masks.iter_mut().enumerate() {
            leave_out(mask, count * WIDTH, LEFT_OUT[at.min(1)], random);
        }
        leave_out(&mut work.choices, MASKS * ACTION.max(RELATION), LEFT_OUT[2], random);
        let rows = &mut work.rows[0];
        clear(rows, count * WIDTH);
        for (row, numbers) in rows.chunks_exact_mut(WIDTH).zip(sentence) {
            numbers.iter().for_each(|n| add(row, &self.words.now[usize::from(*n) * WIDTH..][..WIDTH]));
        }
        times(rows, &work.masks[0]);
        for (layer, (weights, bias)) in self.layers.iter().enumerate() {
            let (below, above) = work.rows.split_at_mut(layer + 1);
            let (below, above, wide, mask) =
                (&below[layer], &mut above[0], &mut work.wide[layer], &mut work.masks[layer + 1]);
            clear(wide, count * WIDE);
            for (at, to) in neighbours(count) {
                wide[at * WIDTH..][..WIDTH].copy_from_slice(&below[to * WIDTH..][..WIDTH]);
            }
            above.clear();
            (0..count).for_each(|_| above.extend_from_slice(bias.of(&self.learned.now)));
            multiply(above, wide, weights.of(&self.learned.now), WIDE, WIDTH);
            // What is below zero is left out, too: it is not to learn.
            mask.iter_mut().zip(above.iter()).filter(|(_, x)| **x <= 0.0).for_each(|(mask, _)| *mask = 0.0);
            times(above, mask);
            add(above, below);
        }
        clear(&mut work.parts, count * FOR_ALL);
        clear(&mut work.slopes, count * FOR_ALL);
        multiply(&mut work.parts, &work.rows[LAYERS], self.places.of(&self.learned.now), WIDTH, FOR_ALL);
    }

    /// The scores in a state.
    pub(super) fn choose<const N: usize, const AMONG: usize>(
        &self,
        work: &mut Work,
        choice: &Choice<N, AMONG>,
        words: &[usize],
        rows: &[u16],
    ) -> Made<N, AMONG> {
        work.turn = (work.turn + 1) % MASKS;
        let mut mask = [0.0; N];
        mask.copy_from_slice(&work.choices[work.turn * N..][..N]);
        let mut hidden = [0.0; N];
        for (place, word) in words.iter().enumerate().filter(|(_, word)| **word != 0) {
            add(&mut hidden, &work.parts[word * FOR_ALL + choice.from + place * N..][..N]);
        }
        let table = choice.rows.of(&self.learned.now);
        rows.iter().for_each(|row| add(&mut hidden, &table[usize::from(*row) * N..][..N]));
        hidden.iter_mut().for_each(|x| *x = x.max(0.0));
        times(&mut hidden, &mask);
        let mut scores = [0.0; AMONG];
        scores.copy_from_slice(choice.bias.of(&self.learned.now));
        for (x, weights) in hidden.iter().zip(choice.weights.of(&self.learned.now).chunks_exact(AMONG)) {
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += x * weight);
        }
        Made { hidden, mask, scores }
    }

    /// Learns from a choice: by how much each score was too high.
    pub(super) fn learn<const N: usize, const AMONG: usize>(
        &mut self,
        work: &mut Work,
        choice: &Choice<N, AMONG>,
        words: &[usize],
        rows: &[u16],
        made: &Made<N, AMONG>,
        high: &[f32; AMONG],
    ) {
        let slopes = &mut self.learned.slopes;
        add(choice.bias.of_mut(slopes), high);
        let mut below = [0.0; N];
        let weights = choice.weights.of(&self.learned.now).chunks_exact(AMONG);
        let live = below.iter_mut().zip(made.hidden).zip(weights).filter(|((_, x), _)| *x > 0.0);
        for ((below, _), weights) in live {
            *below = high.iter().zip(weights).map(|(high, weight)| high * weight).sum();
        }
        for (x, slopes) in made.hidden.iter().zip(choice.weights.of_mut(slopes).chunks_exact_mut(AMONG)) {
            slopes.iter_mut().zip(high).for_each(|(slope, high)| *slope += x * high);
        }
        times(&mut below, &made.mask);
        for (place, word) in words.iter().enumerate().filter(|(_, word)| **word != 0) {
            add(&mut work.slopes[word * FOR_ALL + choice.from + place * N..][..N], &below);
        }
        let table = choice.rows.of_mut(slopes);
        rows.iter().for_each(|row| add(&mut table[usize::from(*row) * N..][..N], &below));
    }

    /// What was learned from the choices of a sentence goes back through the layers.
    pub(super) fn take_back(&mut self, sentence: &[Vec<u16>], work: &mut Work) {
        let count = sentence.len();
        let slopes = &mut self.learned.slopes;
        let last = turned(&work.rows[LAYERS], count, WIDTH);
        multiply(self.places.of_mut(slopes), &last, &work.slopes, count, FOR_ALL);
        let mut rows = vec![0.0; count * WIDTH];
        multiply(&mut rows, &work.slopes, &self.turned[LAYERS], FOR_ALL, WIDTH);
        for (layer, (weights, bias)) in self.layers.iter().enumerate().rev() {
            let mut above = rows.clone();
            times(&mut above, &work.masks[layer + 1]);
            above.chunks_exact(WIDTH).for_each(|row| add(bias.of_mut(slopes), row));
            let wide = turned(&work.wide[layer], count, WIDE);
            multiply(weights.of_mut(slopes), &wide, &above, count, WIDTH);
            let mut below = vec![0.0; count * WIDE];
            multiply(&mut below, &above, &self.turned[layer], WIDTH, WIDE);
            for (at, to) in neighbours(count) {
                add(&mut rows[to * WIDTH..][..WIDTH], &below[at * WIDTH..][..WIDTH]);
            }
        }
        times(&mut rows, &work.masks[0]);
        for (row, numbers) in rows.chunks_exact(WIDTH).zip(sentence) {
            for number in numbers.iter().map(|n| usize::from(*n)) {
                if !std::mem::replace(&mut self.is_touched[number], true) {
                    self.touched.push(number);
                }
                add(&mut self.words.slopes[number * WIDTH..][..WIDTH], row);
            }
        }
    }

    /// Changes all numbers by what was learned; `scale` is one part of so many choices.
    pub(super) fn change(&mut self, rate: f32, scale: f32) {
        self.steps += 1;
        let correct = MEMORY.map(|memory| 1.0 / (1.0 - memory.powi(self.steps)));
        self.learned.change(0, self.learned.now.len(), rate, scale, correct);
        for number in std::mem::take(&mut self.touched) {
            self.is_touched[number] = false;
            self.words.change(number * WIDTH, WIDTH, rate, scale, correct);
        }
        self.turn();
    }

    /// What a file has of the network, by name: tables, and layers.
    pub(super) fn numbers(&self) -> [Vec<(&'static str, Vec<f32>)>; 2] {
        let now = &self.learned.now;
        let of = |part: Part| part.of(now).to_vec();
        let tables = vec![
            ("words", self.words.now.clone()),
            ("actions", of(self.actions.rows)),
            ("relations", of(self.relations.rows)),
        ];
        let layers = vec![
            ("layers", self.layers.iter().flat_map(|(weights, _)| of(*weights)).collect()),
            ("layers.bias", self.layers.iter().flat_map(|(_, bias)| of(*bias)).collect()),
            ("places", of(self.places)),
            ("of actions", turned(self.actions.weights.of(now), ACTION, 3)),
            ("of actions.bias", of(self.actions.bias)),
            ("of relations", of(self.relations.weights)),
            ("of relations.bias", of(self.relations.bias)),
        ];
        [tables, layers]
    }
}

/// For each place in a row of words with their neighbours, the word that stands there.
fn neighbours(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count * 3).filter_map(move |at| (at / 3 + at % 3).checked_sub(1).filter(|to| *to < count).map(|to| (at, to)))
}

fn clear(numbers: &mut Vec<f32>, count: usize) {
    numbers.clear();
    numbers.resize(count, 0.0);
}

fn add(sums: &mut [f32], numbers: &[f32]) {
    sums.iter_mut().zip(numbers).for_each(|(sum, x)| *sum += x);
}

fn times(numbers: &mut [f32], by: &[f32]) {
    numbers.iter_mut().zip(by).for_each(|(x, by)| *x *= by);
}

/// A mask that leaves out a share, and makes up for it with the others.
fn leave_out(mask: &mut Vec<f32>, count: usize, share: f32, random: &mut Pcg64Mcg) {
    mask.clear();
    let out = (share * 256.0) as u8;
    let kept = 256.0 / (256.0 - f32::from(out));
    while mask.len() < count {
        let bits: u64 = random.random();
        mask.extend(bits.to_le_bytes().map(|byte| if byte < out { 0.0 } else { kept }));
    }
    mask.truncate(count);
}

fn turned(numbers: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    let mut turned = vec![0.0; rows * columns];
    for (row, numbers) in numbers.chunks_exact(columns).enumerate() {
        numbers.iter().enumerate().for_each(|(column, x)| turned[column * rows + row] = *x);
    }
    turned
}

/// Numbers that are reckoned with at once.
const LANES: usize = 8;
/// Rows that are reckoned with at once.
const ROWS: usize = 4;

/// Adds to `out` the product of `rows`, of `within` numbers each, and of `weights`, with rows of `across` numbers.
fn multiply(out: &mut [f32], rows: &[f32], weights: &[f32], within: usize, across: usize) {
    for (out, rows) in out.chunks_mut(across * ROWS).zip(rows.chunks(within * ROWS)) {
        let count = rows.len() / within;
        let row = |at: usize| &rows[at.min(count - 1) * within..][..within];
        let (a, b, c, d) = (row(0), row(1), row(2), row(3));
        for from in (0..across).step_by(LANES) {
            let mut sums = [[0.0_f32; LANES]; ROWS];
            for (at, weights) in weights.chunks_exact(across).enumerate() {
                let Some(weights) = weights[from..].first_chunk::<LANES>() else {
                    continue;
                };
                for lane in 0..LANES {
                    sums[0][lane] += a[at] * weights[lane];
                    sums[1][lane] += b[at] * weights[lane];
                    sums[2][lane] += c[at] * weights[lane];
                    sums[3][lane] += d[at] * weights[lane];
                }
            }
            for (out, sums) in out.chunks_exact_mut(across).zip(sums) {
                add(&mut out[from..from + LANES], &sums);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_multiplied() {
        let rows: Vec<f32> = (0..5 * 2).map(|n| n as f32).collect();
        let weights: Vec<f32> = (0..2 * 8).map(|n| n as f32 - 4.0).collect();
        let mut out = vec![0.5; 5 * 8];
        multiply(&mut out, &rows, &weights, 2, 8);
        for at in 0..5 {
            for column in 0..8 {
                let right = rows[at * 2] * weights[column] + rows[at * 2 + 1] * weights[8 + column];
                assert_eq!(out[at * 8 + column], right + 0.5);
            }
        }
        assert_eq!(turned(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
        assert_eq!(neighbours(2).collect::<Vec<_>>(), [(1, 0), (2, 1), (3, 0), (4, 1)]);
    }
}
