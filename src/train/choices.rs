//! Building the model of choices: which of the candidates for a word's place an editor writes there.
//!
//! It learns from sentences that people edited, each seen through a lexicon that does not know it.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::analyse::choices::{Doubt, doubts};
use crate::analyse::words::Bilingual;
use crate::analyse::{Document, Passage};
use crate::language::LanguageData;
use crate::models::ModelFile;
use crate::models::boost::Forest;
use crate::models::choices::Choices;
use crate::models::lexicon::{Lexicon, read_english};
use crate::models::quality::chance;
use crate::rows::edits::{Replaced, replaced};
use crate::rows::{self, Row};
use crate::surface::{BlockKind, Surface, TokenKind};
use crate::train::boost::{Options, Rows, grow};
use crate::train::lexicon::{Fold, part, without};

/// Languages with edited sentences.
const EDITED: [&str; 3] = ["et", "ro", "ru"];
/// Parts of the rows.
const PARTS: u64 = 4;
/// How often a word must have been replaced by another, for the other to be remembered.
const MIN_PAIRS: u32 = 2;
/// The most words that are remembered for one.
const MAX_PAIRS: usize = 12;
/// What holds the share of a replacement, and the rate of a word, small where little was seen.
const OF_SHARE: f32 = 2.0;
const OF_RATE: f32 = 20.0;

/// What the cases of a language weigh together: about their number.
const WEIGHT: f32 = 5_000.0;
/// The chances that the report tells of.
const LEAST: [f32; 7] = [0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];

const ABOUT: &str = "what: what editors write in the place of words\n\
    built from: MLQE-PE ru-en, ro-en, et-en (CC0), and the lexicons and the language model\n\
    command: obelus train choices\n\
    licence: CC BY-SA 4.0\n";

/// A sentence to learn from.
struct Sentence<'a> {
    document: &'a rows::Document,
    row: &'a Row,
    bilingual: Option<Bilingual>,
    part: u64,
    replaced: Vec<Replaced>,
    language: &'static str,
}

/// A word that was replaced.
struct Case {
    doubt: Doubt,
    /// What the editor wrote.
    word: String,
    part: u64,
    language: &'static str,
}

fn lexicons(data: &Path, language: &str) -> anyhow::Result<Vec<Bilingual>> {
    let of = |fold: u64| {
        // A few lexicons, which live as long as the run.
        let [english, other] = without(data, language, Fold { part: fold, of: PARTS })?.map(|b| &*b.leak());
        let lexicon = Lexicon::read("a lexicon in training", other, read_english("a lexicon in training", english)?)?;
        Ok(Bilingual { lexicon: Some(&*Box::leak(Box::new(lexicon))), into_english: true })
    };
    (0..PARTS).into_par_iter().map(of).collect()
}

/// What editors put in the place of words, as [`Choices::new`] reads it, by the sentences that are not of a part.
fn pairs(sentences: &[Sentence<'_>], but: Option<u64>) -> String {
    let english = LanguageData::named("en").unwrap_or(LanguageData::NONE);
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    let mut became: FxHashMap<String, FxHashMap<&str, u32>> = FxHashMap::default();
    for sentence in sentences.iter().filter(|s| Some(s.part) != but) {
        let surface = Surface::of_passage(&sentence.row.target, english, &[], BlockKind::Body);
        for token in surface.tokens.iter().filter(|t| t.kind == TokenKind::Word) {
            let word = surface.folded(token);
            *seen.entry(word.to_owned()).or_default() += 1;
            if let Some(new) = sentence.replaced.iter().find(|r| r.span == token.span) {
                *became.entry(word.to_owned()).or_default().entry(&new.word).or_default() += 1;
            }
        }
    }
    let plain = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut lines: Vec<String> = Vec::new();
    #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
    for (word, new) in &became {
        let all: u32 = new.values().sum();
        if !plain(word) || all < MIN_PAIRS {
            continue;
        }
        let mut new: Vec<(&str, u32)> = new.iter().map(|(new, count)| (*new, *count)).collect();
        new.retain(|(new, count)| plain(new) && *count >= MIN_PAIRS);
        new.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let rate = all as f32 / (seen.get(word).copied().unwrap_or(0) as f32 + OF_RATE);
        let mut line = format!("{word}\t{rate:.4}");
        for (new, count) in new.iter().take(MAX_PAIRS) {
            let _ = write!(line, "\t{new}\t{:.4}", *count as f32 / (all as f32 + OF_SHARE));
        }
        lines.push(line);
    }
    lines.sort_unstable();
    lines.join("\n")
}

/// The file, and what it makes of sentences that it was not learned from.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(data: &Path, mut done: impl FnMut(&str)) -> anyhow::Result<(Vec<u8>, String)> {
    let mut files: Vec<(&'static str, rows::Labelled, Vec<Bilingual>)> = Vec::new();
    for language in EDITED {
        let name = format!("mlqe-pe.{language}-en.train.jsonl.gz");
        let rows = rows::read(&data.join(&name)).with_context(|| format!("--data is the folder that has {name}"))?;
        files.push((language, rows, lexicons(data, language)?));
        done(language);
    }
    let english = LanguageData::named("en").unwrap_or(LanguageData::NONE);
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    for (language, file, known) in &files {
        for (document, row) in file.documents.iter().flat_map(|d| d.rows.iter().map(move |row| (d, row))) {
            let part = part(&row.source, PARTS);
            let bilingual = usize::try_from(part).ok().and_then(|part| known.get(part)).copied();
            let replaced = row.post_edit.as_ref().map(|edit| replaced(&row.target, edit, english)).unwrap_or_default();
            sentences.push(Sentence { document, row, bilingual, part, replaced, language });
        }
    }
    let blank = |but: Option<u64>| Choices::new(&pairs(&sentences, but)).context("the pairs are unsound");
    let blanks = (0..PARTS).map(|part| blank(Some(part))).collect::<anyhow::Result<Vec<Choices>>>()?;
    let mut cases = cases(&sentences, &blanks);
    done("what editors wrote");
    for (part, mut model) in (0..).zip(blanks) {
        model.choice = choice(&cases, |c| c.part != part);
        for case in cases.iter_mut().filter(|c| c.part == part) {
            case.doubt.weigh(&model);
        }
        done("choices");
    }
    let report = report(&cases);
    let mut model = blank(None)?;
    model.choice = choice(&cases, |_| true);
    Ok((ModelFile::write(ABOUT, &model.write(&pairs(&sentences, None))), report))
}

/// The words of some sentences that were replaced.
fn cases(sentences: &[Sentence<'_>], models: &[Choices]) -> Vec<Case> {
    let of = |sentence: &Sentence<'_>| {
        let Sentence { document: of, row, .. } = sentence;
        let article = of.article_of(std::slice::from_ref(row), true);
        let mut document = Document::new(&article, of.source_language.as_ref(), of.target_language.clone(), Vec::new());
        if let Some(bilingual) = sentence.bilingual {
            document = document.with_bilingual(bilingual);
        }
        let mut cases = Vec::new();
        let Some(model) = usize::try_from(sentence.part).ok().and_then(|part| models.get(part)) else { return cases };
        for sentence_at in 0..document.target.surface().sentences.len() {
            let passage = Passage { text: &document.target, sentence: sentence_at, place: sentence_at };
            let span = |at: usize| passage.tokens().get(at).map(|t| t.span);
            let became = |at: usize| sentence.replaced.iter().find(|r| Some(r.span) == span(at));
            for doubt in doubts(&document, &passage, model, &|at| became(at).is_some()) {
                if let Some(word) = became(doubt.token).map(|r| r.word.clone()) {
                    cases.push(Case { doubt, word, part: sentence.part, language: sentence.language });
                }
            }
        }
        cases
    };
    sentences.par_iter().flat_map_iter(of).collect()
}

/// What tells the word that an editor wrote from the others. Each language counts as much as another, whatever it has of rows.
fn choice(cases: &[Case], of: impl Fn(&Case) -> bool) -> Forest {
    let mut rows = Rows::default();
    for language in EDITED {
        let all: Vec<&Case> = cases.iter().filter(|c| c.language == language && of(c)).collect();
        let weight = WEIGHT / all.len().max(1) as f32;
        for (case, choice) in all.iter().flat_map(|case| case.doubt.choices.iter().map(move |choice| (case, choice))) {
            rows.push(&choice.figures, f32::from(u8::from(choice.word == case.word)), weight, false);
        }
    }
    let options =
        Options { trees: 250, depth: 6, rate: 0.06, ridge: 10.0, columns: 0.5, rows: 0.7, ..Options::default() };
    grow(&rows, &options, |_, _| ())
}

/// What was not learned from says how often the first candidate, one of five, and any is the editor's word, from some chance on.
fn report(cases: &[Case]) -> String {
    let mut out = String::new();
    for (language, least) in EDITED.iter().flat_map(|l| LEAST.map(|least| (*l, least))) {
        let likely = |c: &&Case| c.doubt.choices.first().is_some_and(|c| chance(c.value) >= least);
        let of: Vec<&Case> = cases.iter().filter(|c| c.language == language).filter(likely).collect();
        let all = of.len().max(1) as f32;
        let right = |most: usize| {
            let is = |c: &&&Case| c.doubt.choices.iter().take(most).any(|choice| choice.word == c.word);
            of.iter().filter(is).count() as f32 / all
        };
        let said = of.iter().filter_map(|c| c.doubt.choices.first()).map(|c| chance(c.value)).sum::<f32>() / all;
        let (first, five, any) = (right(1), right(5), right(usize::MAX));
        let _ = writeln!(
            out,
            "{language} from {least:.2}: {} replaced, first {first:.3} (said {said:.3}), of five {five:.3}, any {any:.3}",
            of.len(),
        );
    }
    out
}
