//! Weights of hashed traits: ridge and logistic regression over rows that have a few of very many traits, by conjugate gradients.
//! No randomness, the same weights each time.

/// Rows, each with the traits that it has.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// Where the traits of each row begin, and one more.
    starts: Vec<usize>,
    slots: Vec<u32>,
    /// How much of each trait a row has.
    shares: Vec<f32>,
    /// What each row is to say, and for how many it stands.
    targets: Vec<(f32, f32)>,
    /// What is known of each row besides, and stands beside its traits' sum.
    known: Vec<f32>,
}

/// What the weights are to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The logarithm of the odds that the target is 1.
    Chance,
    /// The target.
    Value,
}

/// Rounds of Newton's method, and steps of conjugate gradients in one.
const ROUNDS: usize = 8;
const STEPS: [usize; 2] = [12, 40];

impl Rows {
    /// Adds a row of traits, each as a slot, all of one share; `target`: what it is to say, and for how many it stands.
    pub(super) fn push(&mut self, slots: impl Iterator<Item = u32>, share: f32, target: (f32, f32), known: f32) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.slots.extend(slots);
        self.shares.push(share);
        self.starts.push(self.slots.len());
        self.targets.push(target);
        self.known.push(known);
    }

    fn of(&self, row: usize) -> &[u32] {
        self.slots.get(self.starts[row]..self.starts[row + 1]).unwrap_or(&[])
    }

    /// What weights say of each row.
    fn sums(&self, weights: &[f32], out: &mut [f32]) {
        for (row, sum) in out.iter_mut().enumerate() {
            let all: f32 = self.of(row).iter().map(|slot| weights[*slot as usize]).sum();
            *sum = all * self.shares[row];
        }
    }

    /// Adds to each slot what its rows say.
    fn back(&self, of_rows: &[f32], out: &mut [f32]) {
        for (row, value) in of_rows.iter().enumerate() {
            let value = value * self.shares[row];
            for slot in self.of(row) {
                out[*slot as usize] += value;
            }
        }
    }
}

/// The weight of each slot, and the constant. `ridge` holds the weights small.
pub(super) fn fit(rows: &Rows, slots: usize, ridge: f32, goal: Goal) -> (Vec<f32>, f32) {
    let count = rows.targets.len();
    let mut weights = vec![0.0_f32; slots];
    let all: f64 = rows.targets.iter().map(|t| f64::from(t.1)).sum();
    let mean = rows.targets.iter().map(|t| f64::from(t.0 * t.1)).sum::<f64>() / all.max(1e-9);
    let mut constant = match goal {
        Goal::Value => mean as f32,
        Goal::Chance => {
            let mean = mean.clamp(1e-6, 1.0 - 1e-6);
            (mean / (1.0 - mean)).ln() as f32
        }
    };
    let (rounds, steps) = match goal {
        Goal::Value => (1, STEPS[1]),
        Goal::Chance => (ROUNDS, STEPS[0]),
    };
    let mut sums = vec![0.0_f32; count];
    for _ in 0..rounds {
        rows.sums(&weights, &mut sums);
        let (mut slopes, mut bends) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for ((sum, (target, weight)), known) in sums.iter().zip(&rows.targets).zip(&rows.known) {
            let value = sum + constant + known;
            match goal {
                Goal::Value => {
                    slopes.push(weight * (target - value));
                    bends.push(*weight);
                }
                Goal::Chance => {
                    let chance = 1.0 / (1.0 + (-value).exp());
                    slopes.push(weight * (target - chance));
                    bends.push(weight * (chance * (1.0 - chance)).max(1e-5));
                }
            }
        }
        let mut right = vec![0.0_f32; slots];
        rows.back(&slopes, &mut right);
        right.iter_mut().zip(&weights).for_each(|(r, w)| *r -= ridge * w);
        let step = solve(rows, &bends, ridge, right, steps);
        weights.iter_mut().zip(&step).for_each(|(w, s)| *w += s);
        // The constant moves by itself.
        rows.sums(&weights, &mut sums);
        let (mut slope, mut bend) = (0.0_f64, 1e-9_f64);
        for ((sum, (target, weight)), known) in sums.iter().zip(&rows.targets).zip(&rows.known) {
            let value = f64::from(sum + constant + known);
            let (miss, curve) = match goal {
                Goal::Value => (f64::from(*target) - value, 1.0),
                Goal::Chance => {
                    let chance = 1.0 / (1.0 + (-value).exp());
                    (f64::from(*target) - chance, (chance * (1.0 - chance)).max(1e-5))
                }
            };
            slope += f64::from(*weight) * miss;
            bend += f64::from(*weight) * curve;
        }
        constant += (slope / bend) as f32;
    }
    (weights, constant)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum()
}

/// Solves the rows' normal equations for a right side.
fn solve(rows: &Rows, bends: &[f32], ridge: f32, right: Vec<f32>, steps: usize) -> Vec<f32> {
    let mut found = vec![0.0_f32; right.len()];
    let mut rest = right;
    let mut way = rest.clone();
    let mut length = dot(&rest, &rest);
    let first = length;
    let (mut sums, mut pushed) = (vec![0.0_f32; bends.len()], vec![0.0_f32; way.len()]);
    for _ in 0..steps {
        if length <= first * 1e-8 || length <= 0.0 {
            break;
        }
        rows.sums(&way, &mut sums);
        sums.iter_mut().zip(bends).for_each(|(s, b)| *s *= b);
        pushed.iter_mut().zip(&way).for_each(|(p, w)| *p = ridge * w);
        rows.back(&sums, &mut pushed);
        let far = (length / dot(&way, &pushed).max(1e-30)) as f32;
        found.iter_mut().zip(&way).for_each(|(f, w)| *f += far * w);
        rest.iter_mut().zip(&pushed).for_each(|(r, p)| *r -= far * p);
        let next = dot(&rest, &rest);
        let turn = (next / length) as f32;
        way.iter_mut().zip(&rest).for_each(|(w, r)| *w = r + turn * *w);
        length = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_that_tell_get_weights() {
        let mut rows = Rows::default();
        for at in 0..400_u32 {
            // Slot 1 goes with the target, slot 2 against it, slot 3 with neither.
            let with = at % 3 == 0;
            let slots = [if with { 1 } else { 2 }, 3 + at % 2];
            let target = if with { 0.9 } else { 0.1 };
            rows.push(slots.into_iter(), 1.0, (target, 1.0), 0.0);
        }
        for goal in [Goal::Value, Goal::Chance] {
            let (weights, constant) = fit(&rows, 8, 0.1, goal);
            let of = |slot: usize| weights[slot] + weights[3] + constant;
            let wanted: [f32; 2] = if goal == Goal::Value { [0.9, 0.1] } else { [2.197, -2.197] };
            assert!((of(1) - wanted[0]).abs() < 0.1 && (of(2) - wanted[1]).abs() < 0.1, "{weights:?} {constant}");
            assert!((weights[3] - weights[4]).abs() < 0.1 && weights[7] == 0.0, "{weights:?}");
            assert_eq!(fit(&rows, 8, 0.1, goal), (weights, constant), "the same each time");
        }
    }
}
