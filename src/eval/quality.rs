//! How good the models of quality are: against the scores that people gave sentences, and the words that editors changed.
//!
//! The threshold of words is the one of the model file, which was fitted on training rows by models that had not seen them.
//! Dumb measures stand beside: for sentences their length, the ratio of lengths, the language model's mean, what the lexicon
//! covers, chance; for words the language model and the lexicon, each at the threshold that is best on the other half of the rows.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use crate::analyse::quality::together;
use crate::analyse::{Document, Passage};
use crate::eval::lexicons::crossed;
use crate::eval::stats::{Confusion, Pair, once, pearson};
use crate::models;
use crate::models::quality::QualityModels;
use crate::rows::{self, Row};

/// The languages that have scored rows.
const SCORED: [&str; 3] = ["et", "ro", "ru"];
/// The languages that have marked rows.
const MARKED: [&str; 1] = ["zh"];
/// Figures that the models are measured against, by the research prototype on other rows of the same kind: Pearson, Matthews.
const PROTOTYPE: [(&str, f64, f64); 3] = [("et", 0.602, 0.385), ("ro", 0.775, 0.553), ("ru", 0.653, 0.246)];
/// Rows of clean news that are looked at, of each language.
const CLEAN: usize = 300;
/// Words and marks of the sentences that the speed is measured on.
const LENGTH: std::ops::RangeInclusive<usize> = 25..=35;
const SEED: u64 = 11;

/// What was measured of the rows of one language.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// The language, and what rows they are.
    pub language: String,
    /// What rows.
    pub rows: String,
    /// How many.
    pub count: usize,
    /// Pearson with direct assessment: the models, minus length, length ratio, language model, coverage, chance.
    pub assessed: Option<[f64; 6]>,
    /// Calibration error of the quality, and the share of scores within the interval.
    pub quality: Option<[f64; 2]>,
    /// Matthews correlation of words: the models, the language model, the lexicon, chance.
    pub words: Option<[f64; 4]>,
    /// Calibration error of words.
    pub calibration: Option<f64>,
    /// The mean chance of a word, the share that was changed, the mean quality.
    pub means: [f64; 3],
    /// Sentences of some thirty words a second, and how many were timed.
    pub speed: [f64; 2],
}

/// What is said of a row.
#[derive(Default)]
struct Said {
    /// Chance, whether changed; the language model's and the lexicon's measures, low where a word is suspect.
    words: Vec<(f64, bool, f64, f64)>,
    estimate: Option<[f32; 3]>,
    mean_ln: f64,
    cover: f64,
    seconds: f64,
    tokens: usize,
    threshold: f64,
}

fn said(of: &rows::Document, row: &Row, models: Models) -> Said {
    let article = of.article_of(std::slice::from_ref(row), true);
    let start = Instant::now();
    let document = Document::new(&article, of.source_language.as_ref(), of.target_language.clone(), Vec::new())
        .with_quality_models(models);
    let surface = document.target.surface();
    let passages =
        || (0..surface.sentences.len()).map(|sentence| Passage { text: &document.target, sentence, place: sentence });
    let estimate = together(passages().filter_map(|p| document.quality(&p)));
    let seconds = start.elapsed().as_secs_f64();
    let mut said = Said { estimate, seconds, tokens: surface.tokens.len(), ..Said::default() };
    said.threshold = f64::from(document.word_threshold().unwrap_or(0.5));
    let model = models::language_model(of.target_language.as_ref().map_or("", |l| l.primary()));
    let (mut scores, mut sum, mut sentences) = (Vec::new(), 0.0, 0.0_f64);
    for passage in passages() {
        let (Some(quality), Some(links)) = (document.quality(&passage), document.word_links(&passage)) else {
            continue;
        };
        if let Some(model) = model {
            model.score(surface, passage.tokens(), &mut scores);
        }
        for (at, word) in quality.words.iter().enumerate() {
            let Some(token) = surface.tokens.get(word.token) else { continue };
            let changed = row.marks.iter().any(|m| m.counts() && m.span.overlaps(token.span));
            let ln = scores.get(at).map_or(0.0, |s| f64::from(s.ln));
            sum += ln;
            let expected = f64::from(links.expected(document.bilingual(), word.token));
            said.words.push((f64::from(word.probability), changed, ln, expected));
        }
        said.cover += f64::from(links.cover(document.bilingual()).score());
        sentences += 1.0;
    }
    said.mean_ln = sum / said.words.len().max(1) as f64;
    said.cover /= sentences.max(1.0);
    said
}

/// Models in place of those built in.
type Models = Option<&'static QualityModels<'static>>;

/// Models from a file, which live as long as the program.
fn read(path: &Path) -> anyhow::Result<&'static QualityModels<'static>> {
    let name = path.display().to_string().leak();
    let bytes = std::fs::read(path).with_context(|| format!("{name}: cannot be read"))?.leak();
    Ok(Box::leak(Box::new(QualityModels::read(name, bytes)?)))
}

/// Measures the models, those of a file if one is named, on what a folder has, or the folder `eval` in it: `mlqe-pe.LL-en.dev.jsonl.gz`,
/// `mqm-news2020.zh-en.dev.jsonl.gz`, `clean-news.LL-en.jsonl.gz`.
///
/// # Errors
/// A file cannot be read, or there is none.
pub fn measure(folder: &Path, model: Option<&Path>) -> anyhow::Result<Vec<Measured>> {
    let models = model.map(read).transpose()?;
    let inner = folder.join("eval");
    let folder = if inner.is_dir() { inner.as_path() } else { folder };
    let mut all = Vec::new();
    let named =
        SCORED.iter().map(|l| (*l, "mlqe-pe", ".dev")).chain(MARKED.iter().map(|l| (*l, "mqm-news2020", ".dev")));
    let clean = ["ar", "de", "es", "fr", "it", "pl", "pt", "ru", "tr", "uk", "zh"].map(|l| (l, "clean-news", ""));
    for (language, kind, part) in named.chain(clean) {
        let path = folder.join(format!("{kind}.{language}-en{part}.jsonl.gz"));
        if path.exists() {
            let most = if kind == "clean-news" { CLEAN } else { usize::MAX };
            all.push(of_file(language, kind, &rows::read(&path)?, most, models));
        }
    }
    if all.is_empty() {
        anyhow::bail!("{}: has no mlqe-pe.ru-en.dev.jsonl.gz, nor another file of its kind", folder.display());
    }
    Ok(all)
}

fn of_file(language: &str, kind: &str, file: &rows::Labelled, most: usize, models: Models) -> Measured {
    let rows: Vec<(&rows::Document, &Row)> =
        file.documents.iter().flat_map(|d| d.rows.iter().map(move |row| (d, row))).take(most).collect();
    let all: Vec<Said> = rows.iter().map(|(document, row)| said(document, row, models)).collect();
    let mut measured =
        Measured { language: language.to_owned(), rows: kind.to_owned(), count: rows.len(), ..Measured::default() };
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let letters = |text: &str| text.chars().count() as f64 + 1.0;
    let ratio = |row: &Row| (letters(&row.target) / letters(&row.source)).ln();
    let mean_ratio = rows.iter().map(|(_, row)| ratio(row)).sum::<f64>() / rows.len().max(1) as f64;
    let mut columns: [Vec<Pair>; 6] = Default::default();
    let mut scored = Vec::new();
    let mut inside = 0.0;
    for (at, ((_, row), said)) in rows.iter().zip(&all).enumerate() {
        let (Some(da), Some([estimate, low, high])) = (row.da, said.estimate) else { continue };
        let values = [
            f64::from(estimate),
            -letters(&row.target).ln(),
            -(ratio(row) - mean_ratio).abs(),
            said.mean_ln,
            said.cover,
            random.random::<f64>(),
        ];
        for (column, x) in columns.iter_mut().zip(values) {
            column.push(Pair { x, y: da, document: at });
        }
        scored.push((f64::from(estimate), da / 100.0));
        inside += f64::from(u8::from((f64::from(low)..=f64::from(high)).contains(&(da / 100.0))));
    }
    if !scored.is_empty() {
        measured.assessed = Some(columns.map(|pairs| pearson(&pairs, &once(rows.len())).unwrap_or(0.0)));
        measured.quality = Some([error(&scored), inside / scored.len() as f64]);
    }
    let words: Vec<(f64, bool)> = all.iter().flat_map(|s| s.words.iter().map(|w| (w.0, w.1))).collect();
    let changed = words.iter().filter(|w| w.1).count() as f64 / words.len().max(1) as f64;
    if changed > 0.0 {
        let mut models = Confusion::default();
        let mut chance = Confusion::default();
        for said in &all {
            for word in &said.words {
                models.add(word.1, word.0 >= said.threshold, 1.0);
                chance.add(word.1, random.random::<f64>() < changed, 1.0);
            }
        }
        let by = |measure: fn(&(f64, bool, f64, f64)) -> f64| {
            let words =
                all.iter().enumerate().flat_map(|(at, s)| s.words.iter().map(move |w| (measure(w), w.1, at % 2 == 0)));
            crossed(&words.collect::<Vec<_>>())
        };
        measured.words = Some([models.mcc().unwrap_or(0.0), by(|w| w.2), by(|w| w.3), chance.mcc().unwrap_or(0.0)]);
        let pairs: Vec<(f64, f64)> = words.iter().map(|w| (w.0, f64::from(u8::from(w.1)))).collect();
        measured.calibration = Some(error(&pairs));
    }
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, count) = values.fold((0.0, 0.0_f64), |(s, n), v| (s + v, n + 1.0));
        sum / count.max(1.0)
    };
    measured.means = [
        mean(&mut words.iter().map(|w| w.0)),
        changed,
        mean(&mut all.iter().filter_map(|s| s.estimate).map(|e| f64::from(e[0]))),
    ];
    let timed = || all.iter().filter(|s| LENGTH.contains(&s.tokens));
    let seconds: f64 = timed().map(|s| s.seconds).sum();
    measured.speed = [timed().count() as f64 / seconds.max(1e-9), timed().count() as f64];
    measured
}

/// The calibration error of chances in ten bins: how far in the mean what is said is from what is so.
fn error(pairs: &[(f64, f64)]) -> f64 {
    let mut bins = [[0.0_f64; 2]; 10];
    for (said, so) in pairs {
        let bin = &mut bins[((said * 10.0) as usize).min(9)];
        bin[0] += said;
        bin[1] += so;
    }
    bins.iter().map(|[said, so]| (said - so).abs()).sum::<f64>() / pairs.len().max(1) as f64
}

/// The figures as tables in Markdown.
pub fn table(all: &[Measured]) -> String {
    let prototype = |language: &str| PROTOTYPE.iter().find(|(l, _, _)| *l == language);
    let mut out = String::from(
        "| quality and direct assessment, Pearson | models | prototype, on other rows | minus length | length ratio | language model | coverage | chance | calibration error | within the interval |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for m in all {
        if let (Some(a), Some(q)) = (m.assessed, m.quality) {
            let before = prototype(&m.language).map_or("–".to_owned(), |p| format!("{:.3}", p.1));
            let _ = writeln!(
                out,
                "| {} {} | {:.3} | {before} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} | {:.3} |",
                m.language, m.rows, a[0], a[1], a[2], a[3], a[4], a[5], q[0], q[1]
            );
        }
    }
    out.push_str(
        "\n| words that were changed, Matthews | models | prototype, on other rows | language model | lexicon | chance | calibration error |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for m in all {
        if let (Some(w), Some(error)) = (m.words, m.calibration) {
            let before = prototype(&m.language).map_or("–".to_owned(), |p| format!("{:.3}", p.2));
            let _ = writeln!(
                out,
                "| {} {} | {:.3} | {before} | {:.3} | {:.3} | {:.3} | {error:.3} |",
                m.language, m.rows, w[0], w[1], w[2], w[3]
            );
        }
    }
    out.push_str(
        "\n| rows | sentences | mean chance of a word | changed | mean quality | sentences of 25 to 35 words and marks a second |\n\
         |---|---|---|---|---|---|\n",
    );
    for m in all {
        let _ = writeln!(
            out,
            "| {} {} | {} | {:.3} | {:.3} | {:.3} | {:.0} of {} |",
            m.language, m.rows, m.count, m.means[0], m.means[1], m.means[2], m.speed[0], m.speed[1]
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibration_is_measured() {
        let right: Vec<(f64, f64)> = (0..100).map(|n| (0.25, if n < 25 { 1.0 } else { 0.0 })).collect();
        assert!(error(&right).abs() < 1e-9);
        assert!((error(&[(0.9, 0.0), (0.1, 0.0)]) - 0.5).abs() < 1e-9);
        assert!(error(&[]).abs() < 1e-9 && error(&[(1.0, 1.0)]).abs() < 1e-9);
    }
}
