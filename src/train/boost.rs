//! Growing boosted trees (Friedman 2001; second-order steps as Chen and Guestrin 2016): the same trees from the same rows each time.
//!
//! The crates that grow trees were looked at: they bring C++, a runtime of their own or an order of additions that hangs on threads,
//! and their trees are none that can be asked without jumps.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::models::boost::{Forest, MAX_DEPTH, Split, Tree};

/// The most bins that the values of a column are sorted into; one more is for what is missing.
const BINS: usize = 96;

/// What the trees are to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The chance that the target is 1 rather than 0: logistic loss.
    Chance,
    /// The target itself: squared error.
    Value,
}

/// How trees grow.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What they are to tell.
    pub goal: Goal,
    /// At most so many.
    pub trees: usize,
    /// Levels of each, up to [`MAX_DEPTH`].
    pub depth: usize,
    /// How much of what each would say is taken.
    pub rate: f32,
    /// What is added to the weight of each leaf: the higher, the less a leaf of few rows says.
    pub ridge: f32,
    /// The share of the columns that a tree may ask about.
    pub columns: f32,
    /// The share of the rows that a tree is grown on.
    pub rows: f32,
    /// If rows are held, growing stops after so many trees that brought nothing on them.
    pub patience: usize,
    /// Where the generator starts.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            goal: Goal::Chance,
            trees: 300,
            depth: 6,
            rate: 0.08,
            ridge: 20.0,
            columns: 0.5,
            rows: 0.7,
            patience: 40,
            seed: 7,
        }
    }
}

/// Rows to learn from, by column.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// All of one length. What is missing is not a number.
    pub columns: Vec<Vec<f32>>,
    /// What each row is to say.
    pub targets: Vec<f32>,
    /// For how many each row stands.
    pub weights: Vec<f32>,
    /// Rows that are not learned from, but tell when to stop; empty for none.
    pub held: Vec<bool>,
    /// What is known of each row beforehand: the trees tell what is to be added to it; empty for nothing.
    pub offsets: Vec<f32>,
}

impl Rows {
    /// Adds a row; all have as many values.
    pub fn push(&mut self, row: &[f32], target: f32, weight: f32, held: bool) {
        self.columns.resize(row.len(), Vec::new());
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(*value);
        }
        self.targets.push(target);
        self.weights.push(weight);
        self.held.push(held);
    }

    fn is_held(&self, row: usize) -> bool {
        self.held.get(row).copied().unwrap_or(false)
    }
}

/// The values of a column in bins, and the values between them.
struct Binned {
    /// A bin a row; 0 is missing.
    bins: Vec<u8>,
    /// What is above the first is in bin 2 or higher, and so on.
    between: Vec<f32>,
}

/// Grows trees. `told` hears after each tree how many there are, and the loss on the held rows.
pub fn grow(rows: &Rows, options: &Options, mut told: impl FnMut(usize, f32)) -> Forest {
    let count = rows.targets.len();
    let binned: Vec<Binned> = rows.columns.par_iter().map(|column| bin(column)).collect();
    let base = if rows.offsets.is_empty() { base(rows, options.goal) } else { 0.0 };
    let mut forest = Forest { base, columns: rows.columns.len(), trees: Vec::new() };
    let mut values: Vec<f32> =
        (0..count).map(|row| base + rows.offsets.get(row).copied().unwrap_or_default()).collect();
    let mut random = Pcg64Mcg::seed_from_u64(options.seed);
    let mut best = (loss(rows, &values, options.goal), 0);
    let any_held = rows.held.contains(&true);
    for made in 1..=options.trees {
        let slopes: Vec<[f32; 2]> = (0..count).map(|row| slope(rows, row, values[row], options.goal)).collect();
        let taken: Vec<bool> =
            (0..count).map(|row| random.random::<f32>() < options.rows && !rows.is_held(row)).collect();
        let asked: Vec<bool> = binned.iter().map(|_| random.random::<f32>() < options.columns).collect();
        let (tree, places) = one(&binned, &slopes, &taken, &asked, options);
        for (value, place) in values.iter_mut().zip(&places) {
            *value += tree.leaves[usize::from(*place)];
        }
        forest.trees.push(tree);
        if any_held {
            let now = loss(rows, &values, options.goal);
            told(made, now);
            if now < best.0 {
                best = (now, made);
            } else if made - best.1 >= options.patience {
                break;
            }
        } else {
            told(made, f32::NAN);
        }
    }
    if any_held {
        forest.trees.truncate(best.1);
    }
    forest
}

/// What is best said before any tree is asked.
fn base(rows: &Rows, goal: Goal) -> f32 {
    let (mut sum, mut all) = (0.0_f64, 0.0_f64);
    for (row, (target, weight)) in rows.targets.iter().zip(&rows.weights).enumerate() {
        if !rows.is_held(row) {
            sum += f64::from(target * weight);
            all += f64::from(*weight);
        }
    }
    let mean = if all > 0.0 { sum / all } else { 0.0 };
    match goal {
        Goal::Value => mean as f32,
        Goal::Chance => {
            let mean = mean.clamp(1e-4, 1.0 - 1e-4);
            (mean / (1.0 - mean)).ln() as f32
        }
    }
}

/// How the loss changes with what is said of a row, and how that changes, times its weight.
fn slope(rows: &Rows, row: usize, value: f32, goal: Goal) -> [f32; 2] {
    let (target, weight) = (rows.targets[row], rows.weights[row]);
    match goal {
        Goal::Value => [weight * (value - target), weight],
        Goal::Chance => {
            let chance = 1.0 / (1.0 + (-value).exp());
            [weight * (chance - target), weight * (chance * (1.0 - chance)).max(1e-6)]
        }
    }
}

/// The mean loss on the held rows.
fn loss(rows: &Rows, values: &[f32], goal: Goal) -> f32 {
    let (mut sum, mut all) = (0.0_f64, 0.0_f64);
    for (row, value) in values.iter().enumerate().filter(|(row, _)| rows.is_held(*row)) {
        let (target, weight) = (f64::from(rows.targets[row]), f64::from(rows.weights[row]));
        let value = f64::from(*value);
        sum += weight
            * match goal {
                Goal::Value => (value - target).powi(2),
                Goal::Chance => value.max(0.0) + (-value.abs()).exp().ln_1p() - target * value,
            };
        all += weight;
    }
    if all > 0.0 { (sum / all) as f32 } else { f32::INFINITY }
}

fn bin(column: &[f32]) -> Binned {
    let mut sorted: Vec<f32> = column.iter().copied().filter(|value| !value.is_nan()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    let mut between: Vec<f32> = Vec::new();
    let mut at = 0;
    for wanted in 1..BINS {
        // The first place behind the wanted share at which the value changes.
        at = at.max(sorted.len() * wanted / BINS);
        while at > 0 && at < sorted.len() && sorted[at] == sorted[at - 1] {
            at += 1;
        }
        if at == 0 || at >= sorted.len() {
            continue;
        }
        let middle = sorted[at - 1] + (sorted[at] - sorted[at - 1]) / 2.0;
        // Between two neighbours of the kind there may be nothing.
        let threshold = if middle < sorted[at] { middle } else { sorted[at - 1] };
        if between.last() != Some(&threshold) {
            between.push(threshold);
        }
    }
    let of = |value: &f32| if value.is_nan() { 0 } else { 1 + between.partition_point(|b| *b < *value) as u8 };
    Binned { bins: column.iter().map(of).collect(), between }
}

/// One tree, its leaves already made smaller by the rate, and the leaf of each row.
fn one(binned: &[Binned], slopes: &[[f32; 2]], taken: &[bool], asked: &[bool], options: &Options) -> (Tree, Vec<u8>) {
    let mut places = vec![0_u8; slopes.len()];
    let mut splits: Vec<Split> = Vec::new();
    for level in 0..options.depth.min(MAX_DEPTH) {
        let found = binned
            .par_iter()
            .enumerate()
            .filter(|(column, binned)| asked[*column] && !binned.between.is_empty())
            .filter_map(|(column, binned)| {
                best_split(binned, slopes, taken, &places, 1 << level, options.ridge).map(|best| (best, column))
            })
            .collect::<Vec<_>>();
        // The lowest column of equals, however many threads there were.
        let Some(&((_, bin, missing), column)) =
            found.iter().max_by(|a, b| a.0.0.total_cmp(&b.0.0).then(b.1.cmp(&a.1)))
        else {
            break;
        };
        let asked = &binned[column];
        for (place, value) in places.iter_mut().zip(&asked.bins) {
            let above = if *value == 0 { missing } else { usize::from(*value) > bin };
            *place |= u8::from(above) << level;
        }
        splits.push(Split { column: column as u16, missing, threshold: asked.between[bin - 1] });
    }
    let mut sums = vec![[0.0_f64; 2]; 1 << splits.len()];
    for ((place, slope), _) in places.iter().zip(slopes).zip(taken).filter(|(_, taken)| **taken) {
        let sum = &mut sums[usize::from(*place)];
        sum[0] += f64::from(slope[0]);
        sum[1] += f64::from(slope[1]);
    }
    let leaf = |[slope, bend]: &[f64; 2]| (-slope / (bend + f64::from(options.ridge)) * f64::from(options.rate)) as f32;
    (Tree { leaves: sums.iter().map(leaf).collect(), splits }, places)
}

/// The best question about a column, asked in all places at once: what it gains, the highest bin below it, the answer for what is
/// missing.
fn best_split(
    binned: &Binned,
    slopes: &[[f32; 2]],
    taken: &[bool],
    places: &[u8],
    leaves: usize,
    ridge: f32,
) -> Option<(f64, usize, bool)> {
    let width = binned.between.len() + 2;
    let mut sums = vec![[0.0_f64; 2]; leaves * width];
    for (((bin, slope), place), _) in binned.bins.iter().zip(slopes).zip(places).zip(taken).filter(|(_, taken)| **taken)
    {
        let sum = &mut sums[usize::from(*place) * width + usize::from(*bin)];
        sum[0] += f64::from(slope[0]);
        sum[1] += f64::from(slope[1]);
    }
    let worth = |slope: f64, bend: f64| slope * slope / (bend + f64::from(ridge));
    // By the highest bin below, without and with what is missing above.
    let mut gains = vec![[0.0_f64; 2]; binned.between.len()];
    for leaf in sums.chunks(width) {
        let missing = leaf[0];
        let all = leaf.iter().fold([0.0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
        let whole = worth(all[0], all[1]);
        let mut below = [0.0; 2];
        for (gain, bin) in gains.iter_mut().zip(&leaf[1..]) {
            below = [below[0] + bin[0], below[1] + bin[1]];
            let with = [below[0] + missing[0], below[1] + missing[1]];
            gain[0] += worth(with[0], with[1]) + worth(all[0] - with[0], all[1] - with[1]) - whole;
            gain[1] += worth(below[0], below[1]) + worth(all[0] - below[0], all[1] - below[1]) - whole;
        }
    }
    let mut best: Option<(f64, usize, bool)> = None;
    for (at, gain) in gains.iter().enumerate() {
        for (missing, gain) in [(false, gain[0]), (true, gain[1])] {
            if gain > 1e-9 && best.is_none_or(|b| gain > b.0) {
                best = Some((gain, at + 1, missing));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Targets that are one where the first column is above the second, or the third is missing.
    fn rows(count: usize) -> Rows {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut rows = Rows::default();
        for at in 0..count {
            let (a, b, c) = (random.random::<f32>(), random.random::<f32>(), random.random::<f32>());
            let third = if c < 0.2 { f32::NAN } else { c };
            let target = if a > b || third.is_nan() { 1.0 } else { 0.0 };
            rows.push(&[a, b, third, 1.0], target, 1.0, at % 5 == 0);
        }
        rows
    }

    #[test]
    fn trees_learn_what_is_there() {
        let rows = rows(4_000);
        let options = Options { ridge: 1.0, columns: 1.0, ..Options::default() };
        let forest = grow(&rows, &options, |_, _| ());
        for (row, likely) in [
            ([0.9, 0.1, 0.5, 1.0], true),
            ([0.1, 0.9, 0.5, 1.0], false),
            ([0.1, 0.9, f32::NAN, 1.0], true),
            ([0.6, 0.4, 0.9, 1.0], true),
        ] {
            let chance = forest.chance(&row);
            assert!(if likely { chance > 0.9 } else { chance < 0.1 }, "{row:?}: {chance}");
        }
    }

    #[test]
    fn values_are_learned_too() {
        let mut rows = Rows::default();
        for at in 0..2_000 {
            let x = at as f32 / 2_000.0;
            rows.push(&[x], x * x, 1.0, at % 7 == 0);
        }
        let options = Options { goal: Goal::Value, ridge: 1.0, columns: 1.0, ..Options::default() };
        let forest = grow(&rows, &options, |_, _| ());
        for x in [0.1_f32, 0.5, 0.9] {
            assert!((forest.value(&[x]) - x * x).abs() < 0.03, "{x}: {}", forest.value(&[x]));
        }
    }

    #[test]
    fn the_same_rows_give_the_same_trees() {
        let rows = rows(1_000);
        let grown = || grow(&rows, &Options { trees: 20, ..Options::default() }, |_, _| ()).write();
        assert_eq!(grown(), grown());
        let threads = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("threads");
        assert_eq!(threads.install(grown), grown());
    }

    #[test]
    fn nothing_to_learn_is_no_tree() {
        let mut rows = Rows::default();
        for at in 0..200 {
            rows.push(&[1.0, f32::NAN], (at % 2) as f32, 1.0, at % 4 < 2);
        }
        let forest = grow(&rows, &Options::default(), |_, _| ());
        assert!(forest.trees.iter().all(|tree| tree.splits.is_empty()));
        assert!((forest.chance(&[1.0]) - 0.5).abs() < 0.05);
        assert_eq!(
            grow(&Rows::default(), &Options::default(), |_, _| ()).trees.iter().map(|t| t.splits.len()).sum::<usize>(),
            0
        );
    }
}
