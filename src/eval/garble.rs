//! How well garbled sentences are told from clean ones: sentences of published news, spoilt on purpose in seven ways, each set
//! against itself as it was.
//!
//! Whatever gives a sentence a number can be measured: [`Scorer`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::analyse::fluency::Fluency;
use crate::analyse::syntax::Syntax;
use crate::article::Language;
use crate::language::LanguageData;
use crate::models::lm::{LanguageModel, Scored, Symbol, class};
use crate::rows;
use crate::surface::{Surface, Token, TokenKind};
use crate::train::lm::held_out;
use crate::train::spoil::{Clean, Way, sentences};

/// Where the generator starts.
const SEED: u64 = 0x0b_e1_05;
/// Sentences that are drawn, if there are so many.
const DRAWN: usize = 2_000;
/// The share of untouched sentences that may be flagged.
const FLAGGED: f64 = 0.02;
/// Clean sentences of the news in a folder, `clean-news.XX-en.jsonl.gz`: each once, with the words of one of its sources.
///
/// # Errors
/// The folder or a file cannot be read, or there is none.
pub fn clean(folder: &Path) -> anyhow::Result<Vec<Clean>> {
    let english = LanguageData::of(&Language::parse("en")?);
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|path| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.starts_with("clean-news.") && name.trim_end_matches(".gz").ends_with("-en.jsonl")
    });
    paths.sort();
    // By the text: the sources, as words.
    let mut texts: Vec<String> = Vec::new();
    let mut sources: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for path in &paths {
        for document in rows::read(path)?.documents {
            let data = document.source_language.as_ref().map(LanguageData::of).unwrap_or(english);
            for row in document.rows {
                let surface = Surface::new(&row.source, data, &[], &[]);
                let words = surface.tokens.iter().filter(|t| t.kind == TokenKind::Word);
                let words = words.map(|t| t.span.of(&row.source).to_owned()).collect();
                let known = sources.entry(row.target.clone()).or_default();
                if known.is_empty() {
                    texts.push(row.target);
                }
                known.push(words);
            }
        }
    }
    if texts.is_empty() {
        anyhow::bail!("{}: has no clean-news.XX-en.jsonl.gz", folder.display());
    }
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    for text in &texts {
        let from = sources.get(text).map_or(&[][..], Vec::as_slice);
        let source = from.get(random.random_range(0..from.len().max(1))).cloned().unwrap_or_default();
        for mut sentence in sentences(text, english) {
            if seen.insert(sentence.text.clone()) {
                sentence.source.clone_from(&source);
                all.push(sentence);
            }
        }
    }
    all.shuffle(&mut random);
    all.truncate(DRAWN);
    Ok(all)
}

/// Gives a sentence a number: the greater, the more likely it is garbled.
pub struct Scorer<'a> {
    /// Its name.
    pub name: String,
    /// What it says.
    pub score: Box<dyn Fn(&str) -> f64 + Sync + 'a>,
}

impl<'a> Scorer<'a> {
    /// One that asks a function.
    pub fn new(name: &str, score: impl Fn(&str) -> f64 + Sync + 'a) -> Self {
        Self { name: name.to_owned(), score: Box::new(score) }
    }
}

/// What a scorer of this file looks at.
struct Seen<'s> {
    model: &'s LanguageModel<'s>,
    surface: &'s Surface,
    tokens: &'s [Token],
    scored: &'s [Scored],
    sequence: &'s [(Symbol, usize)],
}

/// The dumb ways, and what the language model can do alone; `held` are clean sentences to put its parts together by.
///
/// # Errors
/// English is unknown.
pub fn scorers<'a>(model: &'a LanguageModel<'a>, held: &[String]) -> anyhow::Result<Vec<Scorer<'a>>> {
    let data = LanguageData::of(&Language::parse("en")?);
    let with = move |text: &str, of: &dyn Fn(&Seen) -> f64| {
        let surface = Surface::new(text, data, &[], &[]);
        let (mut scored, mut sequence) = (Vec::new(), Vec::new());
        let mut worst = f64::NEG_INFINITY;
        for sentence in &surface.sentences {
            let tokens = surface.tokens_of(sentence);
            model.score(&surface, tokens, &mut scored);
            model.sequence(&surface, tokens, &mut sequence);
            worst = worst.max(of(&Seen { model, surface: &surface, tokens, scored: &scored, sequence: &sequence }));
        }
        worst
    };
    let scorer = |name: &str, of: fn(&Seen) -> f64| Scorer::new(name, move |text| with(text, &of));
    let parts = || {
        vec![
            scorer("all words, by their place", order),
            scorer("best swap", best_swap),
            scorer("best spelling", best_spelling),
            scorer("the end", |seen| seen.scored.last().map_or(0.0, placed)),
            scorer("a word twice", twice),
        ]
    };
    let mut all = vec![
        Scorer::new("length in words", |text| text.split_whitespace().count() as f64),
        scorer("mean log-probability", |seen| {
            seen.scored.iter().map(whole).sum::<f64>() / seen.scored.len().max(1) as f64
        }),
        scorer("worst three words", |seen| worst(seen.scored, 3, whole)),
        scorer("worst three words, by their place", |seen| worst(seen.scored, 3, placed)),
    ];
    all.extend(parts());
    all.push(together(parts(), held));
    all.push(Scorer::new("the garble model", move |text| {
        let surface = Surface::new(text, data, &[], &[]);
        let garbled = surface.sentences.iter().filter_map(|sentence| {
            let tokens = surface.tokens_of(sentence);
            let syntax = Syntax::of(text, tokens, data);
            Some(f64::from(Fluency::of(&surface, tokens, syntax.as_ref(), data)?.garbled))
        });
        garbled.fold(0.0, f64::max)
    }));
    Ok(all)
}

/// How improbable a token is, its letters included: as many as an unknown word of seven has.
fn whole(token: &Scored) -> f64 {
    const LETTERS: f32 = 8.0;
    f64::from(-token.ln - LETTERS * token.spelling)
}

/// How much less probable than by chance.
fn placed(token: &Scored) -> f64 {
    f64::from(token.alone - token.ln)
}

/// The worst run of so many tokens.
fn worst(scored: &[Scored], run: usize, of: impl Fn(&Scored) -> f64) -> f64 {
    let run = run.min(scored.len()).max(1);
    scored.windows(run).map(|w| w.iter().map(&of).sum::<f64>()).fold(f64::NEG_INFINITY, f64::max)
}

/// How much less probable than by chance the words are, on average.
fn order(seen: &Seen) -> f64 {
    seen.scored.iter().map(placed).sum::<f64>() / seen.scored.len().max(1) as f64
}

/// How much two neighbours would gain by changing places.
fn best_swap(seen: &Seen) -> f64 {
    let words = |at: usize| {
        let pair = seen.sequence.get(at..at + 2)?;
        let is_word = |(symbol, token): &(Symbol, usize)| {
            *symbol > class::END && seen.tokens.get(*token).is_some_and(|t| t.kind == TokenKind::Word)
        };
        let [a, b] = pair else { return None };
        (is_word(a) && is_word(b) && a.1 != b.1 && a.0 != b.0).then_some([b.0, a.0])
    };
    (1..seen.sequence.len())
        .filter_map(|at| Some(f64::from(seen.model.gain(seen.sequence, at, 2, &words(at)?))))
        .fold(0.0, f64::max)
}

/// How much an unknown word would gain by being another, one slip away.
fn best_spelling(seen: &Seen) -> f64 {
    let mut best = 0.0_f64;
    for (at, (_, token)) in seen.sequence.iter().enumerate() {
        if seen.scored.get(*token).is_some_and(|s| !s.known)
            && let Some(token) = seen.tokens.get(*token)
        {
            let found = seen.model.best_spelling(seen.surface.folded(token), seen.sequence, at);
            best = best.max(found.map_or(0.0, |(_, gain)| f64::from(gain)));
        }
    }
    best
}

/// How much a word that stands twice would gain by standing once.
fn twice(seen: &Seen) -> f64 {
    (1..seen.tokens.len())
        .filter(|&at| {
            let folded = |at: usize| seen.tokens.get(at).map(|t| seen.surface.folded(t));
            seen.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Word) && folded(at) == folded(at - 1)
        })
        .filter_map(|at| {
            let place = seen.sequence.iter().position(|(_, token)| *token == at && at > 0)?;
            Some(20.0 + f64::from(seen.model.gain(seen.sequence, place, 1, &[])))
        })
        .fold(0.0, f64::max)
}

/// The scorers that look at one thing each, as one: how rare a score as bad is among held-out sentences, by the rarest of them.
pub fn together<'a>(parts: Vec<Scorer<'a>>, held: &[String]) -> Scorer<'a> {
    let parts: Vec<(Scorer<'a>, Vec<f64>)> = parts
        .into_iter()
        .map(|part| {
            let mut scores: Vec<f64> = held.par_iter().map(|text| (part.score)(text)).collect();
            scores.sort_by(f64::total_cmp);
            (part, scores)
        })
        .collect();
    Scorer::new("the rarest of these five", move |text| {
        let rare = |(part, scores): &(Scorer, Vec<f64>)| {
            let score = (part.score)(text);
            let as_bad = scores.len() - scores.partition_point(|s| *s < score);
            // Beyond what was ever seen, by how far.
            let worst = scores.last().copied().unwrap_or_default();
            let usual = scores.get(scores.len() * 9 / 10).copied().unwrap_or_default();
            let beyond = ((score - worst) / (worst - usual).max(0.5)).max(0.0);
            -((as_bad as f64 + 0.5) / (scores.len() as f64 + 0.5)).ln() + beyond
        };
        parts.iter().map(rare).fold(0.0, f64::max)
    })
}

/// A spoilt sentence's place: the way, and the sentence it was.
type Spoilt = (Way, usize, String);

/// What a scorer did.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its name.
    pub name: String,
    /// The shares of untouched sentences that the two thresholds from [`held`] sentences flag.
    pub flagged: [f64; 2],
    /// By way: recall at those thresholds, recall at the threshold that flags `FLAGGED` of the untouched, and how often the
    /// spoilt sentence scores worse than the clean one (half, where the same).
    pub ways: Vec<(Way, [f64; 4])>,
    /// How many sentences were held out, and how many are clean.
    sizes: [usize; 3],
}

/// Clean news that no model is trained on, for thresholds: the lines of `DIR/train/mono/en.news*.txt.gz` that are held out, and
/// what people wrote in `DIR/train/smt-news.*.train.jsonl.gz`. The first is from the very source that the model knows best, so that
/// a threshold on it flags too much of other news.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn held(folder: &Path) -> anyhow::Result<[Vec<Clean>; 2]> {
    let english = LanguageData::of(&Language::parse("en")?);
    let folder = folder.join("train");
    let lines = held_out(&folder, "en")?.iter().flat_map(|line| sentences(line, english)).collect();
    let entries = std::fs::read_dir(&folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|path| {
        path.file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with("smt-news.") && n.to_string_lossy().contains("-en."))
    });
    paths.sort();
    let mut news = Vec::new();
    for path in paths {
        let documents = rows::read(&path)?.documents.into_iter().filter(|d| d.system == HUMAN);
        news.extend(documents.flat_map(|d| d.rows).flat_map(|row| sentences(&row.target, english)));
    }
    anyhow::ensure!(!news.is_empty(), "{}: has no smt-news.XX-en.train.jsonl.gz", folder.display());
    Ok([lines, news])
}

/// Who wrote what was not translated by machine.
const HUMAN: &str = "reference";

/// Measures scorers on the sentences of `DIR/eval/clean-news.XX-en.jsonl.gz`.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn measure(folder: &Path, scorers: &[Scorer]) -> anyhow::Result<Vec<Measured>> {
    let clean = clean(&folder.join("eval"))?;
    let mut random = Pcg64Mcg::seed_from_u64(SEED + 1);
    let mut spoilt: Vec<Spoilt> = Vec::new();
    for way in Way::ALL {
        for (at, sentence) in clean.iter().enumerate() {
            spoilt.extend(way.spoil(sentence, &mut random).map(|text| (way, at, text)));
        }
    }
    let held = held(folder)?;
    let threshold = |mut scores: Vec<f64>| {
        scores.sort_by(|a, b| b.total_cmp(a));
        scores.get((scores.len() as f64 * FLAGGED) as usize).copied().unwrap_or(f64::INFINITY)
    };
    let mut all = Vec::new();
    for scorer in scorers {
        let of = |sentences: &[Clean]| -> Vec<f64> { sentences.par_iter().map(|s| (scorer.score)(&s.text)).collect() };
        let untouched = of(&clean);
        let [lines, news] = [0, 1].map(|at| threshold(held.get(at).map(|h| of(h)).unwrap_or_default()));
        let thresholds = [lines, news, threshold(untouched.clone())];
        let scores: Vec<f64> = spoilt.par_iter().map(|(_, _, text)| (scorer.score)(text)).collect();
        let ways = Way::ALL.into_iter().map(|way| {
            let mut sums = [0.0; 4];
            let mut count = 0.0_f64;
            for ((_, at, _), score) in spoilt.iter().zip(&scores).filter(|((w, _, _), _)| *w == way) {
                let before = untouched.get(*at).copied().unwrap_or_default();
                count += 1.0;
                for (sum, threshold) in sums.iter_mut().zip(thresholds) {
                    *sum += f64::from(u8::from(*score > threshold));
                }
                sums[3] += if *score > before {
                    1.0
                } else if *score < before {
                    0.0
                } else {
                    0.5
                };
            }
            (way, sums.map(|sum| sum / count.max(1.0)))
        });
        all.push(Measured {
            name: scorer.name.clone(),
            flagged: [lines, news].map(|threshold| {
                untouched.iter().filter(|s| **s > threshold).count() as f64 / clean.len().max(1) as f64
            }),
            ways: ways.collect(),
            sizes: [held[0].len(), held[1].len(), clean.len()],
        });
    }
    Ok(all)
}

/// The figures as tables in Markdown.
pub fn table(all: &[Measured]) -> String {
    let mut out = String::new();
    if let Some([lines, news, clean]) = all.first().map(|first| first.sizes) {
        let _ = writeln!(
            out,
            "{clean} sentences of clean news. Two thresholds flag 2 % each of {lines} sentences of training news that were held out, and of {news} sentences of other news.\n"
        );
    }
    let titles = [
        "Recall at the threshold from held-out training news",
        "Recall at the threshold from other news",
        "Recall at the threshold that flags 2 % of the untouched",
        "How often the spoilt sentence scores worse than the clean one",
    ];
    for (at, title) in titles.into_iter().enumerate() {
        let _ = write!(out, "{title}\n\n| by |");
        let flagged = |one: &Measured| one.flagged.get(at).copied();
        if all.first().and_then(flagged).is_some() {
            out.push_str(" untouched flagged |");
        }
        for way in Way::ALL {
            let _ = write!(out, " {} |", way.name());
        }
        let columns = Way::ALL.len() + usize::from(all.first().and_then(flagged).is_some());
        let _ = write!(out, "\n|---|{}", "---|".repeat(columns));
        for one in all {
            let _ = write!(out, "\n| {} |", one.name);
            if let Some(flagged) = flagged(one) {
                let _ = write!(out, " {flagged:.3} |");
            }
            for (_, figures) in &one.ways {
                let _ = write!(out, " {:.3} |", figures.get(at).copied().unwrap_or_default());
            }
        }
        out.push_str("\n\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> Clean {
        let english = LanguageData::of(&Language::parse("en").expect("en"));
        let mut sentence = sentences(text, english).remove(0);
        sentence.source = vec!["слово".to_owned()];
        sentence
    }

    #[test]
    fn each_way_spoils_what_it_says() {
        let sentence = clean("The old mill near Dover was sold (again) to a baker, they say.");
        let mut random = Pcg64Mcg::seed_from_u64(1);
        for _ in 0..50 {
            let mut spoil = |way: Way| way.spoil(&sentence, &mut random).expect("it can be spoilt");
            let words = |text: &str| {
                let mut words: Vec<String> =
                    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
                words.sort();
                words
            };
            for way in [Way::Shuffled, Way::Swapped] {
                let spoilt = spoil(way);
                assert_eq!(words(&spoilt), words(&sentence.text), "{}", way.name());
                assert_ne!(spoilt, sentence.text);
            }
            assert_eq!(words(&spoil(Way::Dropped)).len(), 12);
            assert_eq!(words(&spoil(Way::Repeated)).len(), 14);
            let misspelt = spoil(Way::Misspelt);
            assert_eq!(words(&misspelt).len(), 13);
            assert_ne!(words(&misspelt), words(&sentence.text));
            assert!(sentence.text.starts_with(&spoil(Way::Cut)));
            assert_eq!(spoil(Way::Mixed).matches("слово").count(), 3);
        }
        assert_eq!(spoil_cut(&sentence), "The old mill near Dover was sold (again");
    }

    fn spoil_cut(sentence: &Clean) -> String {
        Way::Cut.spoil(sentence, &mut Pcg64Mcg::seed_from_u64(1)).expect("it is cut")
    }

    /// What the model that is built in says of a few sentences of our own.
    #[test]
    fn the_english_model_does_what_its_card_says() {
        let model = crate::models::language_model("en").expect("it is built in");
        let held = ["The council will meet again on Monday.".to_owned()];
        let scorers = scorers(model, &held).expect("English is known");
        let score = |name: &str, text: &str| {
            scorers.iter().find(|s| s.name == name).map(|s| (s.score)(text)).expect("there is one")
        };
        let clean = "The government said on Friday that it would raise the price of bread next year.";
        for (name, spoilt) in [
            (
                "all words, by their place",
                "Bread said price the Friday next of that raise on it year would government the.",
            ),
            ("best swap", "The government said on Friday that it raise would the price of bread next year."),
            ("best spelling", "The government said on Friday that it would raise the prcie of bread next year."),
            ("the end", "The government said on Friday that it would raise the"),
            ("a word twice", "The government said on Friday that it would would raise the price of bread next year."),
        ] {
            assert!(score(name, spoilt) > score(name, clean) + 1.0, "{name}: {spoilt}");
        }
        // A name that nobody knows is no worse than one that all know.
        let known = score("worst three words", "Mr Johnson arrived in London on Tuesday.");
        let unknown = score("worst three words", "Mr Grzbolewski arrived in Xanquhar on Tuesday.");
        assert!(unknown < known + 3.0, "{unknown} and {known}");
    }

    /// The scores are ranks: what is flagged, what is found, and which of two is worse.
    #[test]
    fn together_the_rarest_counts() {
        let held: Vec<String> = (0..100).map(|n| "x".repeat(n)).collect();
        let one = together(vec![Scorer::new("length", |text| text.len() as f64)], &held);
        let score = |n: usize| (one.score)(&"x".repeat(n));
        assert!(score(50) < score(90) && score(90) < score(99) && score(99) < score(150));
    }
}
