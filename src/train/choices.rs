//! Building the model of words in doubt: which of a source word's renderings an editor writes in the place of a word, and when the
//! word is changed at all.
//!
//! It learns from sentences that people edited or marked, and from published translations, each seen through a lexicon that does not
//! know it.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analyse::choices::{Doubt, OF_DOUBT, doubts, odd};
use crate::analyse::words::Bilingual;
use crate::analyse::{Document, Passage};
use crate::language::LanguageData;
use crate::models::ModelFile;
use crate::models::boost::Forest;
use crate::models::choices::{Choices, OF_CHOICE};
use crate::models::lexicon::{Lexicon, read_english};
use crate::models::quality::Curve;
use crate::rows::edits::replaced;
use crate::rows::{self, Row};
use crate::train::boost::{Options, Rows, grow};
use crate::train::lexicon::{Fold, part, without};
use crate::train::logistic;

/// Languages with edited sentences, and with published translations.
const EDITED: [&str; 3] = ["et", "ro", "ru"];
const PUBLISHED: [&str; 3] = ["ro", "ru", "zh"];
/// The language whose translations were marked and not edited; of its sentences every so many'th is looked at.
const MARKED: &str = "zh";
const EVERY: usize = 2;
/// Where the published translations come from: long sentences, none of which was made for learners.
const ORIGINS: [&str; 2] = ["tico19", "xquad"];
/// Parts of the rows.
const PARTS: u64 = 4;
/// What the renderings are weighed by before anything was learned.
const BEFORE: [f32; OF_CHOICE + 1] = [0.5, 0.3, 0.4, 0.0, 0.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0];
/// What holds the weights small.
const RIDGE: f64 = 2.0;
/// The chance from which a word is told where unsure findings are asked for.
const UNSURE: f32 = 0.25;
/// How many words in doubt may be told in 1,000 words of published translations.
const ALARMS: f64 = 0.3;
/// Points of the curve.
const POINTS: usize = 24;

/// Which figure of a word in doubt tells how much its place expects it.
const PLACE: usize = 16;

const ABOUT: &str = "what: words in doubt, and which rendering an editor writes in their place\n\
    built from: MLQE-PE ru-en, ro-en, et-en (CC0), MQM of WMT 2020 zh-en (Apache-2.0), TICO-19 (CC0), XQuAD (CC BY-SA 4.0), and the lexicons and the language model\n\
    command: obelus train choices\n\
    licence: CC BY-SA 4.0\n";

/// A sentence to learn from.
struct Sentence<'a> {
    document: &'a rows::Document,
    row: &'a Row,
    bilingual: Option<Bilingual>,
    part: u64,
    /// Of the marks, the share of people who made them; edited and published sentences have their own marks.
    raters: Vec<&'a Row>,
    origin: &'a str,
}

/// A word in doubt, and what became of it.
struct Case {
    doubt: Doubt,
    changed: f32,
    /// What the editor wrote, where that is known.
    word: Option<String>,
    part: u64,
    origin: String,
}

fn lexicons(data: &Path, language: &str) -> anyhow::Result<Vec<Bilingual>> {
    let of = |fold: u64| {
        // A few lexicons, which live as long as the run.
        let [english, other] = without(data, language, Fold { part: fold, of: PARTS, any: true })?.map(|b| &*b.leak());
        let lexicon = Lexicon::read("a lexicon in training", other, read_english("a lexicon in training", english)?)?;
        Ok(Bilingual { lexicon: Some(&*Box::leak(Box::new(lexicon))), into_english: true })
    };
    (0..PARTS).into_par_iter().map(of).collect()
}

/// Published translations as rows.
fn published(data: &Path, language: &str) -> anyhow::Result<rows::Labelled> {
    let path = data.join(format!("parallel/{language}-en.tsv.gz"));
    let mut text = String::new();
    let file = std::fs::File::open(&path).with_context(|| path.display().to_string())?;
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    let tag = |tag: &str| crate::article::Language::parse(tag).ok();
    let mut documents = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [source, target, origin] = fields[..] else { continue };
        if ORIGINS.contains(&origin) {
            let row = Row { source: source.to_owned(), target: target.to_owned(), ..Row::default() };
            documents.push(rows::Document::of(row, tag(language), tag("en")));
        }
    }
    Ok(rows::Labelled { name: format!("{language} published"), documents })
}

/// The file, and what it makes of sentences that it was not learned from.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(data: &Path, mut done: impl FnMut(&str)) -> anyhow::Result<(Vec<u8>, String)> {
    let mut files: Vec<(&str, &str, rows::Labelled)> = Vec::new();
    let read = |name: &str| {
        let path = data.join(format!("{name}.train.jsonl.gz"));
        rows::read(&path).with_context(|| format!("--data is the folder that has {name}.train.jsonl.gz and parallel/"))
    };
    for language in EDITED {
        files.push((language, "edited", read(&format!("mlqe-pe.{language}-en"))?));
    }
    files.push((MARKED, "marked", read(&format!("mqm-news2020.{MARKED}-en"))?));
    for language in PUBLISHED {
        files.push((language, "published", published(data, language)?));
    }
    let mut known: FxHashMap<&str, Vec<Bilingual>> = FxHashMap::default();
    for (language, _, _) in &files {
        if !known.contains_key(language) {
            known.insert(language, lexicons(data, language)?);
            done(language);
        }
    }
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    for (language, origin, file) in &files {
        let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        let mut groups: Vec<(&rows::Document, Vec<&Row>)> = Vec::new();
        for (document, row) in file.documents.iter().flat_map(|d| d.rows.iter().map(move |row| (d, row))) {
            let place = *places.entry((&row.source, &row.target)).or_insert_with(|| {
                groups.push((document, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(row);
        }
        let every = if *origin == "marked" { EVERY } else { 1 };
        for (document, raters) in groups.into_iter().step_by(every) {
            let row = raters[0];
            let part = part(&row.source, PARTS);
            let of = known.get(language).and_then(|all| all.get(usize::try_from(part).ok()?));
            sentences.push(Sentence { document, row, bilingual: of.copied(), part, raters, origin });
        }
    }
    // First by weights that were made up, for what an editor wrote; then by those, for the words in doubt.
    let mut model = Choices {
        weights: BEFORE,
        doubt: Forest { base: 0.0, columns: OF_DOUBT, trees: Vec::new() },
        curve: Curve(Vec::new()),
        least: [1.0, UNSURE],
    };
    let cases = cases(&sentences, &model);
    done("what editors wrote");
    model.weights = weights(&cases);
    let cases = self::cases(&sentences, &model);
    done("words in doubt");
    let mut said = vec![0.0; cases.len()];
    for fold in 0..PARTS {
        let forest = forest(cases.iter().filter(|c| c.part != fold));
        for (said, case) in said.iter_mut().zip(&cases).filter(|(_, case)| case.part == fold) {
            *said = forest.value(&case.doubt.figures);
        }
        done("trees");
    }
    model.doubt = forest(cases.iter());
    model.curve = calibrate(said.iter().copied().zip(cases.iter().map(|c| c.changed)).collect());
    let words: f64 = sentences.iter().filter(|s| s.origin == "published").map(|s| s.document.words()).sum();
    model.least[0] = least(&model, &cases, &said, words);
    let report = report(&model, &cases, &said);
    Ok((ModelFile::write(ABOUT, &model.write()), report))
}

/// The words in doubt of some sentences.
fn cases(sentences: &[Sentence<'_>], model: &Choices) -> Vec<Case> {
    let of = |sentence: &Sentence<'_>| {
        let Sentence { document: of, row, .. } = sentence;
        let article = of.article_of(std::slice::from_ref(row), true);
        let mut document = Document::new(&article, of.source_language.as_ref(), of.target_language.clone(), Vec::new());
        if let Some(bilingual) = sentence.bilingual {
            document = document.with_bilingual(bilingual);
        }
        let english = LanguageData::named("en").unwrap_or(LanguageData::NONE);
        let written = row.post_edit.as_ref().map(|edit| replaced(&row.target, edit, english)).unwrap_or_default();
        let mut cases = Vec::new();
        for sentence_at in 0..document.target.surface().sentences.len() {
            let passage = Passage { text: &document.target, sentence: sentence_at, place: sentence_at };
            for doubt in doubts(&document, &passage, model, odd(&passage)) {
                let Some(span) = passage.tokens().get(doubt.token).map(|t| t.span) else { continue };
                let marked = |row: &&&Row| row.marks.iter().any(|m| m.counts() && m.span.overlaps(span));
                let changed = sentence.raters.iter().filter(marked).count() as f32 / sentence.raters.len() as f32;
                let word = written.iter().find(|r| r.span == span).map(|r| r.word.clone());
                let origin = format!("{} {}", sentence.origin, of.source_language.as_ref().map_or("", |l| l.primary()));
                cases.push(Case { doubt, changed, word, part: sentence.part, origin });
            }
        }
        cases
    };
    sentences.par_iter().flat_map_iter(of).collect()
}

/// What tells the rendering that an editor wrote from the others, among words whose editor wrote one of them.
fn weights(cases: &[Case]) -> [f32; OF_CHOICE + 1] {
    let (mut rows, mut labels) = (Vec::new(), Vec::new());
    for case in cases {
        let Some(word) = &case.word else { continue };
        for choice in &case.doubt.choices {
            rows.push(choice.figures.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>());
            labels.push(choice.word == *word);
        }
    }
    let fitted = logistic::fit(&rows, &labels, &vec![1.0; rows.len()], RIDGE);
    std::array::from_fn(|at| fitted.get(at).map_or(0.0, |w| *w as f32))
}

fn forest<'c>(cases: impl Iterator<Item = &'c Case>) -> Forest {
    let mut rows = Rows::default();
    for case in cases {
        rows.push(&case.doubt.figures, case.changed, 1.0, false);
    }
    let options =
        Options { trees: 120, depth: 5, rate: 0.08, ridge: 30.0, columns: 0.3, rows: 0.6, ..Options::default() };
    grow(&rows, &options, |_, _| ())
}

/// From what the trees say to the share that was changed, made to rise.
fn calibrate(mut pairs: Vec<(f32, f32)>) -> Curve {
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut points: Vec<(f32, f32)> = Vec::new();
    // The upper end, which alone is asked for, in finer steps.
    let mut from = 0;
    let mut step = pairs.len() / 4;
    while from < pairs.len() && points.len() < POINTS {
        let to = (from + step.max(150)).min(pairs.len());
        let to = if pairs.len() - to < 75 { pairs.len() } else { to };
        let stretch = &pairs[from..to];
        let mean = |of: fn(&(f32, f32)) -> f32| stretch.iter().map(of).sum::<f32>() / stretch.len().max(1) as f32;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let y = points.last().map_or(y, |(_, before)| y.max(*before));
        if points.last().is_none_or(|(before, _)| *before < x) {
            points.push((x, y));
        }
        from = to;
        step = (pairs.len() - from) / 4;
    }
    Curve(points)
}

/// The least chance at which published translations have no more alarms than they may; no less than one of two.
fn least(model: &Choices, cases: &[Case], said: &[f32], words: f64) -> f32 {
    let alarms = cases.iter().zip(said).filter(|(case, _)| case.origin.starts_with("published"));
    let mut alarms: Vec<f32> = alarms.map(|(_, said)| model.curve.at(*said)).collect();
    alarms.sort_by(|a, b| b.total_cmp(a));
    let most = (words * ALARMS / 1_000.0) as usize;
    // A little above the first that is one too many.
    alarms.get(most).map_or(0.5, |chance| (chance + 1e-4).max(0.5))
}

fn report(model: &Choices, cases: &[Case], said: &[f32]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "weights {:?}", model.weights);
    let _ = writeln!(out, "curve {:?}, told from {:?}", model.curve.0, model.least);
    // How much is lost where fewer words are looked at.
    for place in [-4.0_f32, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0] {
        let of = |c: &&Case| c.doubt.figures[PLACE] < place;
        let all = cases.iter().filter(of).count();
        let sure = cases.iter().zip(said).filter(|(c, s)| of(c) && model.curve.at(**s) >= 0.5);
        let sure: Vec<&Case> = sure.map(|(c, _)| c).collect();
        let changed: f32 = sure.iter().map(|c| c.changed).sum();
        let _ = writeln!(out, "place below {place}: {all} in doubt, {} told, {changed:.0} changed", sure.len());
    }
    let mut origins: Vec<&str> = cases.iter().map(|c| c.origin.as_str()).collect();
    origins.sort_unstable();
    origins.dedup();
    for origin in origins.iter().chain(&["edited"]) {
        for least in [0.0_f32, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] {
            let of =
                cases.iter().zip(said).filter(|(c, s)| c.origin.starts_with(origin) && model.curve.at(**s) >= least);
            let of: Vec<&Case> = of.map(|(c, _)| c).collect();
            let changed: f32 = of.iter().map(|c| c.changed).sum();
            let replaced: Vec<&&Case> = of.iter().filter(|c| c.word.is_some()).collect();
            let right = |c: &Case, most: usize| {
                c.doubt.choices.iter().take(most).any(|choice| Some(&choice.word) == c.word.as_ref())
            };
            let first = replaced.iter().filter(|c| right(c, 1)).count();
            let five = replaced.iter().filter(|c| right(c, 5)).count();
            let _ = writeln!(
                out,
                "{origin} {least:.1}: {} in doubt, {:.3} changed, {} replaced, first {:.3}, of five {:.3}",
                of.len(),
                changed / of.len().max(1) as f32,
                replaced.len(),
                first as f32 / replaced.len().max(1) as f32,
                five as f32 / replaced.len().max(1) as f32,
            );
        }
    }
    out
}
