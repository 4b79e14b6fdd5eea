//! Statistics: correlation, ranking, agreement, and bootstrap intervals.
//!
//! Every function takes how often each item counts, because an interval comes from drawing documents with replacement: a
//! document that is drawn twice counts twice. Documents and not sentences are drawn, since what stands in one document is alike.

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

/// Draws an interval is made of. 1,000 put the ends within a tenth of the interval's width of where endless drawing would.
const DRAWS: u64 = 1_000;
/// Where the generator starts: fixed, so that the same answers give the same interval.
const SEED: u64 = 0x0b_e1_05;

/// The 95 % percentile interval of a figure over so many documents. `figure` is told how often each document was drawn.
/// Nothing where there are fewer than two documents, or where the figure cannot be had in most draws.
pub fn interval(documents: usize, figure: impl Fn(&[u32]) -> Option<f64> + Sync) -> Option<(f64, f64)> {
    if documents < 2 {
        return None;
    }
    let draw = |number: u64| {
        let mut random = Pcg64Mcg::seed_from_u64(SEED.wrapping_add(number));
        let mut times = vec![0_u32; documents];
        for _ in 0..documents {
            times[random.random_range(0..documents)] += 1;
        }
        figure(&times)
    };
    let mut values: Vec<f64> = (0..DRAWS).into_par_iter().filter_map(draw).collect();
    if values.len() < DRAWS as usize / 2 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    Some((at(0.025), at(0.975)))
}

/// Each document once: the figure itself.
pub fn once(documents: usize) -> Vec<u32> {
    vec![1; documents]
}

/// A quotient; nothing where it would divide by nothing.
pub fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// One thing with two numbers, and the document it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The one.
    pub x: f64,
    /// The other.
    pub y: f64,
    /// The document.
    pub document: usize,
}

/// Pearson's correlation; nothing where either side does not vary.
pub fn pearson(pairs: &[Pair], times: &[u32]) -> Option<f64> {
    let weight = |p: &Pair| f64::from(times[p.document]);
    let n: f64 = pairs.iter().map(weight).sum();
    if n < 3.0 {
        return None;
    }
    let (mean_x, mean_y) = (
        pairs.iter().map(|p| weight(p) * p.x).sum::<f64>() / n,
        pairs.iter().map(|p| weight(p) * p.y).sum::<f64>() / n,
    );
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for p in pairs {
        let (dx, dy) = (p.x - mean_x, p.y - mean_y);
        xx += weight(p) * dx * dx;
        yy += weight(p) * dy * dy;
        xy += weight(p) * dx * dy;
    }
    let scale = (xx * yy).sqrt();
    (scale > 1e-12).then(|| xy / scale)
}

/// Spearman's correlation of the pairs as they stand, ties sharing their middle rank.
pub fn spearman(pairs: &[Pair], documents: usize) -> Option<f64> {
    let (x, y) = (ranks(pairs.iter().map(|p| p.x)), ranks(pairs.iter().map(|p| p.y)));
    let ranked: Vec<Pair> =
        pairs.iter().zip(x.into_iter().zip(y)).map(|(p, (x, y))| Pair { x, y, document: p.document }).collect();
    pearson(&ranked, &once(documents))
}

fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.enumerate().map(|(at, v)| (v, at)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut ranks = vec![0.0; order.len()];
    let mut from = 0;
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let middle = from as f64 + (tied.len() - 1) as f64 / 2.0;
        for (_, at) in tied {
            ranks[*at] = middle;
        }
        from += tied.len();
    }
    ranks
}

/// How two labellings of the same words agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Confusion {
    /// Marked and said.
    pub hits: f64,
    /// Said and not marked.
    pub alarms: f64,
    /// Marked and not said.
    pub misses: f64,
    /// Neither.
    pub rest: f64,
}

impl Confusion {
    /// Notes words of one kind.
    pub fn add(&mut self, marked: bool, said: bool, times: f64) {
        match (marked, said) {
            (true, true) => self.hits += times,
            (false, true) => self.alarms += times,
            (true, false) => self.misses += times,
            (false, false) => self.rest += times,
        }
    }

    /// Adds another, so many times.
    pub fn merge(&mut self, other: &Self, times: f64) {
        self.hits += other.hits * times;
        self.alarms += other.alarms * times;
        self.misses += other.misses * times;
        self.rest += other.rest * times;
    }

    /// Matthews' correlation coefficient. 0 where nothing, or everything, is said: flagging nothing is worth nothing. Nothing
    /// where nothing, or everything, is marked.
    pub fn mcc(&self) -> Option<f64> {
        let Self { hits, alarms, misses, rest } = *self;
        if hits + misses == 0.0 || alarms + rest == 0.0 {
            return None;
        }
        let scale = ((hits + alarms) * (hits + misses) * (rest + alarms) * (rest + misses)).sqrt();
        Some(if scale == 0.0 { 0.0 } else { (hits * rest - alarms * misses) / scale })
    }
}

/// Something that was said with some confidence, whether it was right, and the document it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Scored {
    /// How sure.
    pub score: f64,
    /// Whether it was right.
    pub right: bool,
    /// The document.
    pub document: usize,
}

/// Puts the surest first, as [`average_precision`] wants them.
pub fn sort_by_score(items: &mut [Scored]) {
    items.sort_by(|a, b| b.score.total_cmp(&a.score));
}

/// Average precision, Σ (R(n) − R(n−1)) · P(n) over the distinct scores: things with one score come together, so that their
/// order does not matter. What a random order gives is the share that is right.
pub fn average_precision(sorted: &[Scored], times: &[u32]) -> Option<f64> {
    let weight = |item: &Scored| f64::from(times[item.document]);
    let all: f64 = sorted.iter().filter(|i| i.right).map(weight).sum();
    if all == 0.0 {
        return None;
    }
    let (mut seen, mut right, mut sum) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.score == b.score) {
        let gain: f64 = tied.iter().filter(|i| i.right).map(weight).sum();
        seen += tied.iter().map(weight).sum::<f64>();
        right += gain;
        if seen > 0.0 {
            sum += gain / all * (right / seen);
        }
    }
    Some(sum)
}

/// The share that is right.
pub fn share_right(items: &[Scored], times: &[u32]) -> Option<f64> {
    let weight = |item: &Scored| f64::from(times[item.document]);
    share(items.iter().filter(|i| i.right).map(weight).sum(), items.iter().map(weight).sum())
}

/// Area under the ROC curve: how often, of one right and one wrong item, the right one has the higher score; ties count half.
pub fn auc(items: &[Scored], times: &[u32]) -> Option<f64> {
    let mut sorted = items.to_vec();
    sort_by_score(&mut sorted);
    let weight = |item: &Scored| f64::from(times[item.document]);
    let (mut right_above, mut wins, mut wrong) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.score == b.score) {
        let right: f64 = tied.iter().filter(|i| i.right).map(weight).sum();
        let here: f64 = tied.iter().filter(|i| !i.right).map(weight).sum();
        wins += here * (right_above + right / 2.0);
        right_above += right;
        wrong += here;
    }
    share(wins, right_above * wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(items: &[(f64, bool)]) -> Vec<Scored> {
        items.iter().enumerate().map(|(document, &(score, right))| Scored { score, right, document }).collect()
    }

    #[test]
    fn correlations_are_those_of_the_books() {
        let pair = |x, y| Pair { x, y, document: 0 };
        let line = [pair(1.0, 2.0), pair(2.0, 4.0), pair(3.0, 6.0)];
        assert!((pearson(&line, &[1]).expect("varies") - 1.0).abs() < 1e-12);
        // Anscombe's first set: r = 0.8164.
        let x = [10.0, 8.0, 13.0, 9.0, 11.0, 14.0, 6.0, 4.0, 12.0, 7.0, 5.0];
        let y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
        let set: Vec<Pair> = x.into_iter().zip(y).map(|(x, y)| pair(x, y)).collect();
        assert!((pearson(&set, &[1]).expect("varies") - 0.816_420_5).abs() < 1e-6);
        assert!((spearman(&set, 1).expect("varies") - 0.818_181_8).abs() < 1e-6);
        assert_eq!(pearson(&[pair(1.0, 1.0), pair(1.0, 2.0), pair(1.0, 3.0)], &[1]), None);
        // What counts twice is as if it stood there twice.
        let twice = [Pair { x: 1.0, y: 1.0, document: 0 }, Pair { x: 2.0, y: 5.0, document: 1 }];
        let more = [pair(1.0, 1.0), pair(2.0, 5.0), pair(2.0, 5.0), pair(3.0, 2.0)];
        let mut weighted = twice.to_vec();
        weighted.push(Pair { x: 3.0, y: 2.0, document: 2 });
        assert_eq!(pearson(&weighted, &[1, 2, 1]), pearson(&more, &[1]));
    }

    #[test]
    fn ranking_is_measured_with_ties() {
        let all = |n: usize| once(n);
        let best = scored(&[(0.9, true), (0.8, true), (0.1, false)]);
        assert_eq!(average_precision(&best, &all(3)), Some(1.0));
        assert_eq!(auc(&best, &all(3)), Some(1.0));
        let tied = scored(&[(0.5, true), (0.5, false), (0.5, false), (0.5, true)]);
        assert_eq!(average_precision(&tied, &all(4)), share_right(&tied, &all(4)));
        assert_eq!(auc(&tied, &all(4)), Some(0.5));
        let worst = scored(&[(0.1, true), (0.8, false)]);
        assert_eq!(auc(&worst, &all(2)), Some(0.0));
        assert_eq!(auc(&scored(&[(0.1, true)]), &all(1)), None);
    }

    #[test]
    fn agreement_is_nothing_for_saying_nothing() {
        let mut confusion = Confusion { misses: 3.0, rest: 7.0, ..Confusion::default() };
        assert_eq!(confusion.mcc(), Some(0.0));
        confusion.add(true, true, 2.0);
        assert!(confusion.mcc() > Some(0.0));
        assert_eq!(Confusion { hits: 3.0, rest: 7.0, ..Confusion::default() }.mcc(), Some(1.0));
        assert_eq!(Confusion { alarms: 3.0, rest: 7.0, ..Confusion::default() }.mcc(), None);
    }

    #[test]
    fn intervals_hold_the_figure_and_narrow_with_more_documents() {
        let rates = |n: usize| -> Vec<f64> { (0..n).map(|i| f64::from(u8::from(i % 4 == 0))).collect() };
        let width = |n: usize| {
            let rates = rates(n);
            let mean = |times: &[u32]| {
                let sum: f64 = rates.iter().zip(times).map(|(r, &t)| r * f64::from(t)).sum();
                Some(sum / n as f64)
            };
            let (low, high) = interval(n, mean).expect("documents enough");
            assert!(low <= 0.25 && 0.25 <= high, "{low} {high}");
            assert_eq!(interval(n, mean), Some((low, high)), "the same answers give the same interval");
            high - low
        };
        // √(p (1 − p) / n) × 2 × 1.96
        assert!((width(400) - 0.085).abs() < 0.01);
        assert!(width(400) < width(40));
        assert_eq!(interval(1, |_| Some(1.0)), None);
    }
}
