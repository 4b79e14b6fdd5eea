//! Building the models of quality: a set for each language whose translations people edited and scored, and one for all others.

use std::path::Path;

use anyhow::Context as _;
use rustc_hash::FxHashMap;

use crate::analyse::evidence::Evidence;
use crate::analyse::quality::rows_of_letters;
use crate::analyse::words::Bilingual;
use crate::analyse::{Document, Passage};
use crate::models::ModelFile;
use crate::models::lexicon::{Lexicon, read_english};
use crate::models::quality::ANY;
use crate::rows::{self, Row};
use crate::train::estimator::{Plan, Sample, learn};
use crate::train::lexicon::{Fold, part, without};

/// The languages with edited and scored sentences.
pub const LANGUAGES: [&str; 3] = ["et", "ro", "ru"];
/// The language whose translations were marked and not edited; for the set of all others.
const MARKED: &str = "zh";
/// Of the marked sentences, every so many'th is learned from, and what a word of one counts beside one that was edited.
const EVERY: usize = 3;
const MARKED_WEIGHT: f32 = 1.0;
/// Parts of the rows, each of which its lexicons do not know, and how many of them together are left out by what is learned from
/// the figures.
const PARTS: u64 = 5;
const TOGETHER: u64 = 2;
/// How many steps [`build`] tells of: lexicons and sentences, five that a set takes, four without the letters.
pub const STEPS: u64 = 3 * (PARTS + 1) + 1 + (3 * 5 + 4) * (PARTS.div_ceil(TOGETHER) + 1);
/// Sentences on either side that tell how strict an editor was, and those of average strictness that are added to them.
const NEAR: usize = 25;
const AVERAGE: f32 = 10.0;

const ABOUT: &str = "what: the chance that an editor changes a word, and the quality of a sentence\n\
    built from: MLQE-PE ru-en, ro-en, et-en (CC0), MQM of WMT 2020 zh-en (Apache-2.0), and the lexicons, language models, tagger and parser\n\
    command: obelus train quality\n\
    licence: CC BY-SA 4.0\n";

/// The file.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(data: &Path, mut done: impl FnMut(&str)) -> anyhow::Result<Vec<u8>> {
    let mut sections = Vec::new();
    let mut pooled = Vec::new();
    for language in LANGUAGES {
        let samples = edited(data, language, &mut done)?;
        let plan = Plan { language, trees: [120, 60, 250], rows: 0.5, letters: true };
        sections.extend(learn(&samples, plan, |step| done(&format!("{language}: {step}"))).sections);
        pooled.extend(samples);
    }
    pooled.extend(marked(data)?);
    done(MARKED);
    // What belongs to one language only would tell it.
    let plan = Plan { language: ANY, trees: [100, 40, 200], rows: 0.25, letters: false };
    sections.extend(learn(&pooled, plan, |step| done(&format!("all: {step}"))).sections);
    Ok(ModelFile::write(ABOUT, &sections))
}

fn read(data: &Path, name: &str) -> anyhow::Result<rows::Labelled> {
    let path = data.join(format!("{name}.train.jsonl.gz"));
    rows::read(&path).with_context(|| format!("--data is the folder that has {name}.train.jsonl.gz and parallel/"))
}

/// Sentences that were edited, each seen through lexicons that do not know it.
fn edited(data: &Path, language: &'static str, done: &mut impl FnMut(&str)) -> anyhow::Result<Vec<Sample>> {
    let mut lexicons: Vec<&'static Lexicon<'static>> = Vec::new();
    for fold in 0..PARTS {
        // A few lexicons, which live as long as the run.
        let [english, other] =
            without(data, language, Fold { part: fold, of: PARTS, any: false })?.map(|bytes| &*bytes.leak());
        let lexicon = Lexicon::read("a lexicon in training", other, read_english("a lexicon in training", english)?)?;
        lexicons.push(Box::leak(Box::new(lexicon)));
        done(&format!("{language}: lexicons"));
    }
    let file = read(data, &format!("mlqe-pe.{language}-en"))?;
    let all: Vec<(&rows::Document, &Row)> =
        file.documents.iter().flat_map(|d| d.rows.iter().map(move |row| (d, row))).collect();
    let strict = strictness(&all.iter().map(|(_, row)| *row).collect::<Vec<_>>());
    let mut samples = Vec::new();
    for ((document, row), strict) in all.iter().zip(strict) {
        let fold = part(&row.source, PARTS);
        let lexicon = usize::try_from(fold).ok().and_then(|fold| lexicons.get(fold)).copied();
        let changed = |span| row.marks.iter().any(|m| m.counts() && m.span.overlaps(span));
        let shares = |span| if changed(span) { 1.0 } else { 0.0 };
        for mut sample in seen(document, row, Some(Bilingual { lexicon, into_english: true }), &shares) {
            sample.part = fold / TOGETHER;
            sample.strict = strict;
            samples.push(sample);
        }
    }
    done(&format!("{language}: sentences"));
    Ok(samples)
}

/// Marked sentences, each once, with the share of the people who marked each word.
fn marked(data: &Path) -> anyhow::Result<Vec<Sample>> {
    let file = read(data, &format!("mqm-news2020.{MARKED}-en"))?;
    let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut groups: Vec<(&rows::Document, Vec<&Row>)> = Vec::new();
    for document in &file.documents {
        for row in &document.rows {
            let place = *places.entry((&row.source, &row.target)).or_insert_with(|| {
                groups.push((document, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(row);
        }
    }
    let mut samples = Vec::new();
    for (document, group) in groups.iter().step_by(EVERY) {
        let share = |span| {
            let marking = group.iter().filter(|r| r.marks.iter().any(|m| m.counts() && m.span.overlaps(span)));
            marking.count() as f32 / group.len() as f32
        };
        let row = group[0];
        for mut sample in seen(document, row, None, &share) {
            sample.part = part(&row.source, PARTS) / TOGETHER;
            sample.weight = [MARKED_WEIGHT, 0.0];
            samples.push(sample);
        }
    }
    Ok(samples)
}

/// The sentences of a row as the models see them.
fn seen(
    of: &rows::Document,
    row: &Row,
    bilingual: Option<Bilingual>,
    changed: &dyn Fn(crate::span::Span) -> f32,
) -> Vec<Sample> {
    let article = of.article_of(std::slice::from_ref(row), true);
    let mut document = Document::new(&article, of.source_language.as_ref(), of.target_language.clone(), Vec::new());
    if let Some(bilingual) = bilingual {
        document = document.with_bilingual(bilingual);
    }
    let sentences = document.target.surface().sentences.len();
    let mut samples = Vec::with_capacity(sentences);
    for sentence in 0..sentences {
        let passage = Passage { text: &document.target, sentence, place: sentence };
        if document.word_links(&passage).is_none() {
            continue;
        }
        let evidence = Evidence::of(&document, &passage);
        samples.push(Sample {
            words: evidence.words,
            traits: evidence.traits.iter().map(|t| t.to_vec()).collect(),
            changed: passage.tokens().iter().map(|t| changed(t.span)).collect(),
            sentence: evidence.sentence,
            letters: rows_of_letters(&document, &passage),
            score: row.da.map(|da| (da / 100.0) as f32),
            part: 0,
            strict: 0.0,
            weight: [1.0, 1.0 / sentences as f32],
        });
    }
    samples
}

/// How much more the rows around each were changed than most, as a logarithm of odds: rows stand in the order in which they were
/// edited, and some editors change three times as much as others.
fn strictness(rows: &[&Row]) -> Vec<f32> {
    let of = |row: &Row| {
        let changed: usize = row.marks.iter().filter(|m| m.counts()).map(|m| m.span.len()).sum();
        (changed as f32 / row.target.len().max(1) as f32).min(1.0)
    };
    let shares: Vec<f32> = rows.iter().map(|row| of(row)).collect();
    let mean = (shares.iter().sum::<f32>() / shares.len().max(1) as f32).clamp(0.01, 0.99);
    let odds = |p: f32| (p / (1.0 - p)).ln();
    (0..shares.len())
        .map(|at| {
            let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(shares.len());
            let count = near.len() as f32 - 1.0;
            let sum: f32 = near.filter(|other| *other != at).map(|other| shares[other]).sum();
            odds(((sum + AVERAGE * mean) / (count + AVERAGE)).clamp(0.005, 0.995)) - odds(mean)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::Mark;
    use crate::span::Span;

    #[test]
    fn rows_of_a_strict_editor_are_told() {
        let row = |changed: bool| Row {
            id: String::new(),
            source: String::new(),
            target: "ten letter".to_owned(),
            marks: if changed {
                vec![Mark { span: Span::new(0, 5), severity: None, category: String::new(), was: None }]
            } else {
                Vec::new()
            },
            post_edit: None,
            hter: None,
            da: None,
        };
        let all: Vec<Row> = (0..200).map(|at| row(at >= 100 && at % 2 == 0)).collect();
        let strict = strictness(&all.iter().collect::<Vec<_>>());
        assert!(strict[20] < -0.5 && strict[180] > 0.3, "{} {}", strict[20], strict[180]);
        assert!(strictness(&[]).is_empty());
    }
}
