//! How good the language models are: perplexity of clean news, beside an unpruned model of the same order that is trained on the
//! same text in the same run; and how fast they are.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use indicatif::ProgressBar;

use crate::article::Language;
use crate::language::LanguageData;
use crate::models::language_model;
use crate::models::lm::{LanguageModel, Symbol, class, in_capitals};
use crate::rows;
use crate::surface::{Surface, TokenKind};
use crate::train::lm::{SIZES, Size, prepare, shape};
use crate::train::ngram::Estimated;

/// What was measured of a language.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The language.
    pub language: &'static str,
    /// Words of the training text, marks and ends of sentences among them, and of the news.
    pub words: (usize, usize),
    /// Of the news, the share of words that are classes for rare words and for rare names.
    pub classes: (f64, f64),
    /// Perplexity of the model as it is built in, and of the unpruned one.
    pub perplexity: (f64, f64),
    /// N-grams of each order, unpruned, and pruned.
    pub sizes: Vec<usize>,
    /// Words a second of one core: text to scores, and scores alone.
    pub speed: (f64, f64),
}

/// Measures the models on `DIR/eval/clean-news.*.jsonl.gz`, for which it trains others on `DIR/train`.
///
/// # Errors
/// A file is missing or cannot be read; or a model was built from other text.
pub fn measure(folder: &Path) -> anyhow::Result<Vec<Measured>> {
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(std::time::Duration::from_millis(200));
    SIZES.iter().map(|size| language(folder, size, &progress)).collect()
}

/// News in a language, each text once: the translations into it, or what was translated from it.
fn news(folder: &Path, tag: &str) -> anyhow::Result<Vec<String>> {
    let eval = folder.join("eval");
    let entries = std::fs::read_dir(&eval).with_context(|| format!("{}: cannot be read", eval.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    for path in paths {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let pair = name.strip_prefix("clean-news.").and_then(|rest| rest.split('.').next()?.split_once('-'));
        let Some((_, to)) = pair.filter(|(from, to)| [from, to].contains(&&tag)) else { continue };
        let into = to == tag;
        for row in rows::read(&path)?.documents.into_iter().flat_map(|d| d.rows) {
            let text = if into { row.target } else { row.source };
            if seen.insert(text.clone()) {
                all.push(text);
            }
        }
    }
    anyhow::ensure!(!all.is_empty(), "{}: has no clean-news file of {tag}", eval.display());
    Ok(all)
}

/// The symbols that a model takes some texts for, a sentence after another.
fn symbols(model: &LanguageModel, surfaces: &[Surface]) -> Vec<Symbol> {
    let mut all = Vec::new();
    for (surface, sentence) in surfaces.iter().flat_map(|s| s.sentences.iter().map(move |sentence| (s, sentence))) {
        let tokens = surface.tokens_of(sentence);
        let plain = in_capitals(tokens);
        let mut first = true;
        all.push(class::BEGIN);
        for token in tokens {
            if let Some(taken) = model.words().taken(surface, token, first, plain) {
                all.push(taken.symbol);
                all.extend(taken.second);
            }
            first = first && token.kind == TokenKind::Mark;
        }
        all.push(class::END);
    }
    all
}

fn perplexity(model: &LanguageModel, symbols: &[Symbol]) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for sentence in symbols.split_inclusive(|s| *s == class::END) {
        let mut state = model.begin();
        for &symbol in sentence.iter().skip(1) {
            let (found, next) = model.next(&state, symbol);
            state = next;
            sum += f64::from(found.ln);
            count += 1.0;
        }
    }
    (-sum / count).exp()
}

/// Times that the news is read for its speed.
const TIMES: usize = 5;

fn language(folder: &Path, size: &Size, progress: &ProgressBar) -> anyhow::Result<Measured> {
    let tag = size.language;
    let model = language_model(tag).with_context(|| format!("there is no sound language model of {tag}"))?;
    let data = LanguageData::of(&Language::parse(tag)?);
    let texts = news(folder, tag)?;
    let read = || -> Vec<Surface> { texts.iter().map(|text| Surface::new(text, data, &[], &[])).collect() };
    let surfaces = read();
    let news = symbols(model, &surfaces);
    let words = news.iter().filter(|s| **s != class::BEGIN).count();

    let score = |surfaces: &[Surface]| {
        let mut out = Vec::new();
        for (surface, sentence) in surfaces.iter().flat_map(|s| s.sentences.iter().map(move |one| (s, one))) {
            model.score(surface, surface.tokens_of(sentence), &mut out);
        }
    };
    let start = Instant::now();
    (0..TIMES).for_each(|_| score(&surfaces));
    let alone = (TIMES * words) as f64 / start.elapsed().as_secs_f64();
    let start = Instant::now();
    (0..TIMES).for_each(|_| score(&read()));
    let whole = (TIMES * words) as f64 / start.elapsed().as_secs_f64();

    let prepared = prepare(&folder.join("train"), size, progress)?;
    anyhow::ensure!(
        model.is_of(&prepared.vocabulary.table),
        "the language model of {tag} was built from other text than {}: build it anew with obelus train lm",
        folder.join("train").display()
    );
    let trained_on = prepared.corpus.words();
    let parts = prepared.corpus.parts(&prepared.vocabulary.words()?);
    progress.set_message(format!("{tag}: the unpruned model"));
    let unpruned = Estimated::of(&parts, shape(prepared.vocabulary.traits.len()));
    let share =
        |from: Symbol, to: Symbol| news.iter().filter(|s| (from..to).contains(*s)).count() as f64 / words.max(1) as f64;
    Ok(Measured {
        language: tag,
        words: (trained_on, words),
        classes: (share(class::SMALL, crate::models::lm::FIRST_WORD), share(class::NAME, class::MARK)),
        perplexity: (perplexity(model, &news), unpruned.perplexity(&news)),
        sizes: unpruned.sizes(),
        speed: (whole, alone),
    })
}

/// The figures as a table in Markdown.
pub fn table(all: &[Measured]) -> String {
    let mut out = String::from(
        "| language | trained on, words | news, words | rare words | rare names | perplexity | unpruned | ratio | n-grams unpruned | words/s from text | words/s scored |\n\
         |---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    for one in all {
        let (model, unpruned) = one.perplexity;
        let _ = writeln!(
            out,
            "| {} | {} | {} | {:.3} | {:.3} | {model:.1} | {unpruned:.1} | {:.3} | {} | {:.0} | {:.0} |",
            one.language,
            one.words.0,
            one.words.1,
            one.classes.0,
            one.classes.1,
            model / unpruned,
            one.sizes.iter().skip(1).sum::<usize>(),
            one.speed.0,
            one.speed.1,
        );
    }
    out
}
