//! Learning how good an English translation is without its source: `models/alone.obm`.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;

use crate::analyse::alone::{FIGURES, figures, symbols};
use crate::article::Language;
use crate::language::LanguageData;
use crate::models::alone::{BANDS, SLOTS, band, heft, slots};
use crate::models::lm::LanguageModel;
use crate::models::{ModelFile, language_model};
use crate::rows::{self, Document, Mark, Row};
use crate::surface::{BlockKind, Surface};
use crate::train::boost::{self, Goal, Options};
use crate::train::lexicon::part;
use crate::train::sparse;

/// The rows: statistical translation beside people's, whose sentences nobody scored; what people marked; what people scored.
const NEWS: &str = "smt-news.fi-en.train";
const MARKED: &str = "mqm-news2020.zh-en.train";
const SCORED: [&str; 3] = ["mlqe-pe.ru-en.train", "mlqe-pe.ro-en.train", "mlqe-pe.et-en.train"];
/// What sentences of statistical translation and of people are taken to be worth, which nobody said: an assumption. Neural
/// translations of the scored rows have 0.67 on the mean.
const BY_MACHINE: f32 = 0.45;
const BY_HAND: f32 = 0.9;
/// Points of MQM in one sentence at which it is worth nothing.
const WORTHLESS: f32 = 25.0;
/// The mean of the scored rows.
const MEAN: f32 = 0.67;
/// What a row of each kind counts.
const SHARES: [f32; 3] = [1.0, 0.05, 0.02];
/// What a row with a heavy mark, and one by hand, count where manners are learned.
const HEAVY: f32 = 0.1;
const HAND: f32 = 0.3;
/// Holds the weights of manners small.
const RIDGE: f32 = 33.0;
/// Parts, each judged by what was learned from the others.
const PARTS: u64 = 5;

/// A sentence to learn from.
struct Sample {
    slots: Vec<u32>,
    symbols: usize,
    rest: [f32; FIGURES],
    /// By a machine, and what it counts; nothing where it is not learned from.
    machine: Option<(bool, f32)>,
    worth: f32,
    share: f32,
    /// By its document.
    part: u64,
}

/// Builds the model from `DIR/smt-news.fi-en.train.jsonl.gz` and its like.
///
/// # Errors
/// A file is missing or damaged.
pub fn build(data: &Path) -> anyhow::Result<Vec<u8>> {
    let model = language_model("en").context("there is no language model of English: obelus train lm")?;
    let english = LanguageData::of(&Language::parse("en").context("en")?);
    let mut samples = Vec::new();
    for name in [NEWS, MARKED].into_iter().chain(SCORED) {
        let file = rows::read(&data.join(format!("{name}.jsonl.gz")))?;
        let mut seen = BTreeSet::new();
        let all = file.documents.iter().flat_map(|d| d.rows.iter().map(move |r| (d, r)));
        // What several people marked counts once.
        let all: Vec<_> = all.filter(|(d, r)| name != MARKED || seen.insert((&d.system, &r.target))).collect();
        let of = |(document, row): &(&Document, &Row)| sample(model, english, document, row, told(name, document, row));
        samples.par_extend(all.par_iter().filter_map(of));
    }
    Ok(fit(samples))
}

/// What a row of a file tells: whether a machine wrote it and for how much that counts, what it is worth, what that counts.
fn told(name: &str, document: &Document, row: &Row) -> (Option<(bool, f32)>, f32, f32) {
    let hand = rows::by_hand(&document.system);
    match name {
        NEWS => (Some((!hand, 1.0)), if hand { BY_HAND } else { BY_MACHINE }, SHARES[0]),
        MARKED => {
            let points: f32 = row.marks.iter().map(|m| if m.is_heavy() { 5.0 } else { 1.0 }).sum();
            let heavy = row.marks.iter().any(Mark::is_heavy);
            let machine = if hand { Some((false, HAND)) } else { heavy.then_some((true, HEAVY)) };
            (machine, (1.0 - points / WORTHLESS).max(0.0), SHARES[1])
        }
        _ => (None, row.da.map_or(MEAN, |da| (da / 100.0) as f32), SHARES[2]),
    }
}

fn sample(
    model: &LanguageModel<'_>,
    english: LanguageData,
    document: &Document,
    row: &Row,
    (machine, worth, share): (Option<(bool, f32)>, f32, f32),
) -> Option<Sample> {
    let surface = Surface::of_passage(&row.target, english, &[], BlockKind::Body);
    let symbols = symbols(&surface, &surface.tokens, english);
    let mut found = Vec::new();
    slots(&symbols, |slot| found.push(slot));
    let rest = figures(model, &surface, &surface.tokens, 0.0);
    (rest[4] >= 3.0).then(|| Sample {
        slots: found,
        symbols: symbols.len(),
        rest,
        machine,
        worth,
        share,
        part: part(&document.name, PARTS),
    })
}

/// What was learned of manners: a weight a slot, and the constant.
fn manners(samples: &[Sample], without: Option<u64>) -> (Vec<f32>, f32) {
    let mut rows = sparse::Rows::default();
    for sample in samples.iter().filter(|s| Some(s.part) != without) {
        if let Some((machine, share)) = sample.machine {
            rows.push(sample.slots.iter().copied(), 1.0, (f32::from(u8::from(machine)), share), 0.0);
        }
    }
    sparse::fit(&rows, SLOTS, RIDGE, sparse::Goal::Chance)
}

fn fit(mut samples: Vec<Sample>) -> Vec<u8> {
    let folds: Vec<(Vec<f32>, f32)> = (0..PARTS).into_par_iter().map(|fold| manners(&samples, Some(fold))).collect();
    for sample in &mut samples {
        let (weights, constant) = &folds[sample.part as usize];
        let sum: f32 = sample.slots.iter().map(|slot| weights[*slot as usize]).sum();
        sample.rest[0] = (sum + constant) / heft(sample.symbols);
    }
    let grown = |without: Option<u64>| {
        let mut rows = boost::Rows::default();
        for s in &samples {
            rows.push(&s.rest, s.worth, s.share, Some(s.part) == without);
        }
        let options = Options {
            goal: Goal::Value,
            trees: 100,
            depth: 3,
            rate: 0.05,
            ridge: 30.0,
            columns: 1.0,
            ..Options::default()
        };
        boost::grow(&rows, &options, |_, _| ())
    };
    // How far off estimates are, of people's scores on rows that the trees were not grown on.
    let mut errors: [Vec<(f32, f32)>; BANDS] = Default::default();
    for fold in 0..PARTS {
        let forest = grown(Some(fold));
        for s in samples.iter().filter(|s| s.part == fold) {
            let value = forest.value(&s.rest).clamp(0.0, 1.0);
            errors[band(value)].push((s.worth - value, s.share));
        }
    }
    let mut ends = Vec::new();
    for band in &mut errors {
        for share in [0.05, 0.95] {
            ends.extend(quantile(band, share).to_le_bytes());
        }
    }
    let (weights, constant) = manners(&samples, None);
    let most = weights.iter().fold(0.0_f32, |most, w| most.max(w.abs())).max(1e-6);
    let scale = most / 127.0;
    let mut manner = Vec::new();
    manner.extend(scale.to_le_bytes());
    manner.extend(constant.to_le_bytes());
    manner.extend((SLOTS as u32).to_le_bytes());
    manner.extend(weights.iter().map(|w| (w / scale).round() as i8 as u8));
    let about = "what: how good an English translation is, without its source\n\
        built from: smt-news.fi-en (WMT16; CC BY 4.0), mqm-news2020.zh-en (Apache-2.0), MLQE-PE ru-en, ro-en, et-en (CC0)\n\
        command: obelus train alone --data DIR\n\
        licence: CC BY 4.0\n";
    let sections = [("manner", manner), ("forest", grown(None).write()), ("errors", ends)];
    ModelFile::write(about, &sections.map(|(name, bytes)| (name.to_owned(), bytes)))
}

/// The value below which a share of the weighted values lies.
fn quantile(values: &mut [(f32, f32)], share: f32) -> f32 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f32 = values.iter().map(|v| v.1).sum();
    let mut sum = 0.0;
    for (value, weight) in values.iter() {
        sum += weight;
        if sum >= all * share {
            return *value;
        }
    }
    0.0
}
