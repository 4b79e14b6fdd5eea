//! Learning one set of the models of quality from sentences whose words and scores people gave.
//!
//! What later steps learn from must not know the answers: what the weights of traits and each of the trees say of a sentence is
//! taken from models that were learned without its part.

use crate::models::boost::Forest;
use crate::models::quality::{AROUND, BESIDE, Curve, Hashed, LIKE_MOST, Set, around, of_words, share, slot};
use crate::train::boost::{Goal, Options, Rows, grow};
use crate::train::sparse;

/// Weights of traits, of letters and words in a row.
const TRAIT_SLOTS: usize = 1 << 16;
const LETTER_SLOTS: usize = 1 << 17;
/// What holds them small.
const TRAIT_RIDGE: f32 = 20.0;
const LETTER_RIDGE: f32 = 4.0;
/// Points of a curve, and the share of sentences that lie between its ends.
const POINTS: usize = 24;
const INSIDE: f64 = 0.9;

/// A sentence that people marked or scored.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Figures of its words, row by row.
    pub words: Vec<f32>,
    /// Traits of its words.
    pub traits: Vec<Vec<u32>>,
    /// Whether each was changed.
    pub changed: Vec<f32>,
    /// Its own figures.
    pub sentence: Vec<f32>,
    /// Letters and words in a row, of the source and of the translation.
    pub letters: [Vec<u32>; 2],
    /// Its score in [0, 1], if people gave one.
    pub score: Option<f32>,
    /// The part of the rows that it belongs to.
    pub part: u64,
    /// How strict its editor was, as a logarithm of odds; 0 for one like most. It is known in training alone.
    pub strict: f32,
    /// For how much its words and its score count.
    pub weight: [f32; 2],
}

impl Sample {
    fn count(&self) -> usize {
        self.changed.len()
    }

    fn word(&self, at: usize) -> &[f32] {
        let width = self.words.len() / self.count().max(1);
        self.words.get(at * width..(at + 1) * width).unwrap_or(&[])
    }
}

/// What a set is called, and how large its trees are.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The language.
    pub language: &'static str,
    /// Trees of words, of either pass, and of sentences.
    pub trees: [usize; 3],
    /// The share of the rows that each tree is grown on.
    pub rows: f32,
    /// Whether letters and words in a row are learned from.
    pub letters: bool,
}

/// What was learned, and what it says of the rows without having seen them: chances of words, estimates of sentences.
#[derive(Debug, Default)]
pub struct Learned {
    /// The sections of the file.
    pub sections: Vec<(String, Vec<u8>)>,
    /// By sample, a chance a word.
    pub words: Vec<Vec<f32>>,
    /// By sample.
    pub sentences: Vec<f32>,
}

fn word_options(trees: usize, rows: f32) -> Options {
    Options { trees, depth: 6, rate: 0.15, ridge: 30.0, columns: 0.25, rows, ..Options::default() }
}

fn sentence_options(trees: usize) -> Options {
    Options {
        goal: Goal::Value,
        trees,
        depth: 4,
        rate: 0.06,
        ridge: 20.0,
        columns: 0.3,
        rows: 0.6,
        ..Options::default()
    }
}

/// Learns a set. `done` hears of each step.
pub fn learn(samples: &[Sample], plan: Plan, mut done: impl FnMut(&str)) -> Learned {
    let (letters, by_letters) =
        if plan.letters { of_letters(samples, &mut done) } else { (no_letters(), vec![[f32::NAN; 2]; samples.len()]) };
    // The traits of words.
    let (traits, by_traits) = of_traits(samples, &mut done);
    // The trees, twice.
    let rows_first = |sample: &Sample, which: usize, at: usize, row: &mut Vec<f32>| {
        row.clear();
        row.extend(sample.word(at));
        row.extend(&sample.sentence);
        row.extend::<[f32; BESIDE]>([by_letters[which][0], by_letters[which][1], by_traits[which][at]]);
    };
    let (first, said) = of_words_by(samples, (plan.trees[0], plan.rows), &mut done, &rows_first);
    let around: Vec<Vec<[f32; AROUND]>> = said.iter().map(|said| around(said)).collect();
    let rows_second = |sample: &Sample, which: usize, at: usize, row: &mut Vec<f32>| {
        rows_first(sample, which, at, row);
        row.extend(around[which][at]);
    };
    let (second, said) = of_words_by(samples, (plan.trees[1], plan.rows), &mut done, &rows_second);
    let mut pairs: Vec<(f32, f32, f32)> = Vec::new();
    for (sample, said) in samples.iter().zip(&said) {
        pairs.extend(said.iter().zip(&sample.changed).map(|(s, c)| (*s, *c, sample.weight[0])));
    }
    let curve = calibrate(&mut pairs);
    let words: Vec<Vec<f32>> =
        said.iter().map(|said| said.iter().map(|s| curve.at(*s).clamp(0.0, 1.0)).collect()).collect();
    // Sentences.
    let row_of = |which: usize, row: &mut Vec<f32>| {
        row.clear();
        row.extend(&samples[which].sentence);
        row.extend(of_words(&words[which]));
        row.extend(by_letters[which]);
    };
    let (sentences, said) = of_sentences(samples, plan.trees[2], &mut done, &row_of);
    let (middle, low, high) = ends(samples, &said);
    let mut both = Vec::new();
    for curve in [low, high] {
        let bytes = curve.write();
        both.extend((bytes.len() as u32).to_le_bytes());
        both.extend(bytes);
    }
    let estimates = said.iter().map(|s| middle.at(*s).clamp(0.0, 1.0)).collect();
    let [source, target] = letters;
    let threshold = best_threshold(samples, &words);
    let bytes = [
        traits,
        first.write(),
        second.write(),
        curve.write(),
        source,
        target,
        sentences.write(),
        middle.write(),
        both,
        threshold.to_le_bytes().to_vec(),
    ];
    Learned { sections: Set::names(plan.language).into_iter().zip(bytes).collect(), words, sentences: estimates }
}

fn parts(samples: &[Sample]) -> impl Iterator<Item = Option<u64>> + use<> {
    let most = samples.iter().map(|s| s.part).max().unwrap_or(0);
    (0..=most).map(Some).chain([None])
}

fn of_traits(samples: &[Sample], done: &mut impl FnMut(&str)) -> (Vec<u8>, Vec<Vec<f32>>) {
    let mut said: Vec<Vec<f32>> = samples.iter().map(|s| vec![0.0; s.count()]).collect();
    let mut bytes = Vec::new();
    for part in parts(samples) {
        let mut rows = sparse::Rows::default();
        for sample in samples.iter().filter(|s| Some(s.part) != part) {
            for (traits, changed) in sample.traits.iter().zip(&sample.changed) {
                let slots = traits.iter().map(|t| slot(*t, TRAIT_SLOTS) as u32);
                rows.push(slots, 1.0, (*changed, sample.weight[0]), sample.strict);
            }
        }
        let (weights, constant) = sparse::fit(&rows, TRAIT_SLOTS, TRAIT_RIDGE, sparse::Goal::Chance);
        let packed = Hashed::write(&weights, constant);
        if let (Some(part), Some(hashed)) = (part, Hashed::read(&packed)) {
            for (sample, said) in samples.iter().zip(&mut said).filter(|(s, _)| s.part == part) {
                for (traits, said) in sample.traits.iter().zip(said) {
                    *said = hashed.value(traits.iter().copied(), 1.0);
                }
            }
        }
        bytes = packed;
        done("traits");
    }
    (bytes, said)
}

fn of_words_by(
    samples: &[Sample],
    trees: (usize, f32),
    done: &mut impl FnMut(&str),
    row_of: &impl Fn(&Sample, usize, usize, &mut Vec<f32>),
) -> (Forest, Vec<Vec<f32>>) {
    let mut said: Vec<Vec<f32>> = samples.iter().map(|s| vec![0.0; s.count()]).collect();
    let mut row = Vec::new();
    let mut last = Forest { base: 0.0, columns: 0, trees: Vec::new() };
    for part in parts(samples) {
        let mut rows = Rows::default();
        for (which, sample) in samples.iter().enumerate().filter(|(_, s)| Some(s.part) != part) {
            for at in 0..sample.count() {
                row_of(sample, which, at, &mut row);
                row.push(sample.strict);
                rows.push(&row, sample.changed[at], sample.weight[0], false);
            }
        }
        last = grow(&rows, &word_options(trees.0, trees.1), |_, _| ());
        if let Some(part) = part {
            for (which, sample) in samples.iter().enumerate().filter(|(_, s)| s.part == part) {
                for (at, said) in said[which].iter_mut().enumerate() {
                    row_of(sample, which, at, &mut row);
                    row.push(LIKE_MOST);
                    *said = last.value(&row);
                }
            }
        }
        done("words");
    }
    (last, said)
}

fn no_letters() -> [Vec<u8>; 2] {
    [Hashed::write(&[], 0.0), Hashed::write(&[], 0.0)]
}

fn of_letters(samples: &[Sample], done: &mut impl FnMut(&str)) -> ([Vec<u8>; 2], Vec<[f32; 2]>) {
    let mut said = vec![[f32::NAN; 2]; samples.len()];
    let mut bytes = no_letters();
    for part in parts(samples) {
        // Both sides are weighed together, so that neither says what the other says already; the constant goes to the source.
        let mut rows = sparse::Rows::default();
        for sample in samples.iter().filter(|s| Some(s.part) != part) {
            let Some(score) = sample.score else { continue };
            let slots = (0..2).flat_map(|side| {
                sample.letters[side].iter().map(move |l| (slot(*l, LETTER_SLOTS) + side * LETTER_SLOTS) as u32)
            });
            let count = sample.letters[0].len() + sample.letters[1].len();
            rows.push(slots, share(count), (score, sample.weight[1]), 0.0);
        }
        let (weights, constant) = sparse::fit(&rows, 2 * LETTER_SLOTS, LETTER_RIDGE, sparse::Goal::Value);
        let (source, target) = weights.split_at(LETTER_SLOTS);
        let packed = [Hashed::write(source, constant), Hashed::write(target, 0.0)];
        if let (Some(part), Some(source), Some(target)) = (part, Hashed::read(&packed[0]), Hashed::read(&packed[1])) {
            for (sample, said) in samples.iter().zip(&mut said).filter(|(s, _)| s.part == part) {
                let of = share(sample.letters[0].len() + sample.letters[1].len());
                let side = |hashed: &Hashed<'_>, side: usize| hashed.value(sample.letters[side].iter().copied(), of);
                *said = [side(&source, 0), side(&target, 1)];
            }
        }
        bytes = packed;
        done("letters");
    }
    (bytes, said)
}

fn of_sentences(
    samples: &[Sample],
    trees: usize,
    done: &mut impl FnMut(&str),
    row_of: &impl Fn(usize, &mut Vec<f32>),
) -> (Forest, Vec<f32>) {
    let mut said = vec![0.0; samples.len()];
    let mut row = Vec::new();
    let mut last = Forest { base: 0.0, columns: 0, trees: Vec::new() };
    for part in parts(samples) {
        let mut rows = Rows::default();
        for (which, sample) in samples.iter().enumerate().filter(|(_, s)| Some(s.part) != part) {
            let Some(score) = sample.score else { continue };
            row_of(which, &mut row);
            rows.push(&row, score, sample.weight[1], false);
        }
        last = grow(&rows, &sentence_options(trees), |_, _| ());
        if let Some(part) = part {
            for (which, _) in samples.iter().enumerate().filter(|(_, s)| s.part == part) {
                row_of(which, &mut row);
                said[which] = last.value(&row);
            }
        }
        done("sentences");
    }
    (last, said)
}

/// The curve from the logarithm of the odds as they are said to the chance as it is: means of neighbours, never falling.
fn calibrate(pairs: &mut [(f32, f32, f32)]) -> Curve {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let size = pairs.len().div_ceil(POINTS * 2).max(1);
    let mut blocks: Vec<[f64; 3]> = pairs
        .chunks(size)
        .map(|chunk| {
            chunk.iter().fold([0.0; 3], |b, (x, y, w)| {
                let w = f64::from(*w);
                [b[0] + f64::from(*x) * w, b[1] + f64::from(*y) * w, b[2] + w]
            })
        })
        .filter(|b| b[2] > 0.0)
        .collect();
    rising(&mut blocks);
    points(&blocks)
}

/// Joins blocks (sums of x, of y, weight) until means of y never fall.
fn rising(blocks: &mut Vec<[f64; 3]>) {
    let mut kept: Vec<[f64; 3]> = Vec::with_capacity(blocks.len());
    for block in blocks.drain(..) {
        let mut block = block;
        while let Some(last) = kept.last().copied().filter(|last| last[1] / last[2] >= block[1] / block[2]) {
            block = [last[0] + block[0], last[1] + block[1], last[2] + block[2]];
            kept.pop();
        }
        kept.push(block);
    }
    *blocks = kept;
}

fn points(blocks: &[[f64; 3]]) -> Curve {
    let mut points: Vec<(f32, f32)> = Vec::new();
    for block in blocks {
        let point = ((block[0] / block[2]) as f32, (block[1] / block[2]) as f32);
        if points.last().is_none_or(|last| last.0 < point.0) {
            points.push(point);
        }
    }
    Curve(points)
}

/// The curve of estimates, and those of the ends that nine of ten lie between, among sentences that are estimated alike.
fn ends(samples: &[Sample], said: &[f32]) -> (Curve, Curve, Curve) {
    let mut pairs: Vec<(f32, f32)> =
        samples.iter().zip(said).filter_map(|(sample, said)| Some((*said, sample.score?))).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut triples: Vec<(f32, f32, f32)> = pairs.iter().map(|(x, y)| (*x, *y, 1.0)).collect();
    let middle = calibrate(&mut triples);
    let (mut low, mut high) = (Vec::new(), Vec::new());
    let size = pairs.len().div_ceil(POINTS / 2).max(1);
    for chunk in pairs.chunks(size).filter(|chunk| chunk.len() * 2 > size) {
        let x = chunk.iter().map(|p| p.0).sum::<f32>() / chunk.len() as f32;
        let mut scores: Vec<f32> = chunk.iter().map(|p| p.1).collect();
        scores.sort_by(f32::total_cmp);
        let beyond = (1.0 - INSIDE) / 2.0;
        let rank = ((scores.len() + 1) as f64 * beyond).floor().max(1.0) as usize - 1;
        if low.last().is_none_or(|last: &(f32, f32)| last.0 < x) {
            low.push((x, scores[rank.min(scores.len() - 1)]));
            high.push((x, scores[scores.len().saturating_sub(1 + rank)]));
        }
    }
    (middle, Curve(low), Curve(high))
}

/// The share of the best agreement that a threshold must keep.
const NEARLY: f64 = 0.98;

/// The chance from which calling a word wrong agrees with editors (Matthews) nearly as well as any does: the highest such, because a
/// false alarm costs more than a miss, and because the curve is flat at its top.
fn best_threshold(samples: &[Sample], words: &[Vec<f32>]) -> f32 {
    const STEPS: usize = 200;
    let mut counts = vec![[0.0_f64; 2]; STEPS + 1];
    for (sample, words) in samples.iter().zip(words) {
        for (chance, changed) in words.iter().zip(&sample.changed) {
            let weight = f64::from(sample.weight[0]);
            let step = ((chance * STEPS as f32) as usize).min(STEPS);
            counts[step][usize::from(*changed > 0.5)] += weight;
        }
    }
    let all = counts.iter().fold([0.0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
    let mut above = [0.0_f64; 2];
    let mut agreement = vec![0.0; STEPS + 1];
    for (step, count) in counts.iter().enumerate().rev() {
        above = [above[0] + count[0], above[1] + count[1]];
        let (alarms, hits) = (above[0], above[1]);
        let (rest, misses) = (all[0] - alarms, all[1] - hits);
        let product = (hits + alarms) * (hits + misses) * (rest + alarms) * (rest + misses);
        agreement[step] = (hits * rest - alarms * misses) / product.sqrt().max(1e-9);
    }
    let best = agreement.iter().fold(0.0, |best: f64, a| best.max(*a));
    let highest = agreement.iter().rposition(|a| best > 0.0 && *a >= NEARLY * best);
    highest.map_or(0.5, |step| step as f32 / STEPS as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::ModelFile;
    use crate::models::quality::{ANY, QualityModels};

    /// Sentences whose words are changed where their figure is high or they have a trait, and whose score falls with that.
    fn samples() -> Vec<Sample> {
        let sample = |at: u64| {
            let value = |word: u64| ((at * 7 + word * 13) % 10) as f32 / 10.0;
            let odd = |word: u64| (at + word).is_multiple_of(6);
            let changed: Vec<f32> = (0..4).map(|w| if value(w) > 0.65 || odd(w) { 1.0 } else { 0.0 }).collect();
            let score = 1.0 - changed.iter().sum::<f32>() / 4.0;
            Sample {
                words: (0..4).map(value).collect(),
                traits: (0..4).map(|w| vec![if odd(w) { 11 } else { 12 }]).collect(),
                changed,
                sentence: vec![at as f32 % 3.0],
                letters: [vec![1, (at % 50) as u32], vec![2]],
                score: Some(score),
                part: at % 3,
                strict: 0.0,
                weight: [1.0, 1.0],
            }
        };
        (0..400).map(sample).collect()
    }

    #[test]
    fn what_is_there_is_learned_the_same_each_time() {
        let samples = samples();
        let plan = Plan { language: ANY, trees: [40, 20, 40], rows: 0.8, letters: true };
        let mut steps = 0;
        let learned = learn(&samples, plan, |_| steps += 1);
        assert_eq!(steps, 5 * 4, "so many are told");
        let file = ModelFile::write("what: a test\n", &learned.sections);
        assert_eq!(file, ModelFile::write("what: a test\n", &learn(&samples, plan, |_| ()).sections));
        let models = QualityModels::read("test", &file).expect("it is sound");
        assert!(models.set(ANY).is_some_and(|set| set.threshold > 0.1 && set.threshold < 0.95));
        let (mut right, mut all) = (0, 0);
        for (sample, chances) in samples.iter().zip(&learned.words) {
            for (chance, changed) in chances.iter().zip(&sample.changed) {
                right += usize::from((*chance > 0.5) == (*changed > 0.5));
                all += 1;
            }
        }
        assert!(right * 10 > all * 9, "{right} of {all}");
        let miss: f32 =
            samples.iter().zip(&learned.sentences).map(|(s, e)| (s.score.unwrap_or(0.0) - e).abs()).sum::<f32>()
                / 400.0;
        assert!(miss < 0.12, "{miss}");
    }

    #[test]
    fn curves_never_fall_and_intervals_hold_nine_of_ten() {
        let mut pairs: Vec<(f32, f32, f32)> =
            (0..1000).map(|n| (n as f32 / 100.0, if (n * 7919) % 1000 < n { 1.0 } else { 0.0 }, 1.0)).collect();
        let curve = calibrate(&mut pairs);
        assert!(curve.0.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 <= w[1].1));
        assert!((curve.at(5.0) - 0.5).abs() < 0.1);
        let samples: Vec<Sample> =
            (0..2000).map(|n| Sample { score: Some((n % 101) as f32 / 101.0), ..Sample::default() }).collect();
        let said: Vec<f32> = (0..2000).map(|n| n as f32 / 2000.0).collect();
        let (_, low, high) = ends(&samples, &said);
        let inside = samples
            .iter()
            .zip(&said)
            .filter(|(s, x)| s.score.is_some_and(|score| score >= low.at(**x) && score <= high.at(**x)));
        let inside = inside.count();
        assert!((1750..=1880).contains(&inside), "{inside}");
    }
}
