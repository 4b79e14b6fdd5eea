//! How well names are told apart across scripts: pairs that are one name against others by chance and against look-alikes.

use std::fmt::Write as _;
use std::path::Path;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::article::Language;
use crate::names::{likeness, romanise};
use crate::train::pairs::{LANGUAGES, Lookalikes, best_threshold, read_pairs};

/// Pairs that one draw takes.
const DRAWN: usize = 3_000;
/// Draws that figures are the mean of.
const DRAWS: u64 = 5;
/// Where the generator starts.
const SEED: u64 = 0x0b_e1_05;

/// The figures of one way to compare names, on one language.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// F1 where each pair is set against another name by chance.
    pub random: f64,
    /// F1 where each is set against the one of 300 names that looks most like its English spelling.
    pub hard: f64,
    /// The share of the pairs found at the threshold where 99 % of what is called one name is one, against look-alikes.
    pub sure: f64,
    /// The F1 that the best threshold on these very pairs would have, against look-alikes.
    pub best: f64,
}

/// A language, and what was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The language.
    pub language: String,
    /// Pairs that there are to draw from.
    pub pairs: usize,
    /// [`likeness`], at 0.5.
    pub obelus: Figures,
    /// Jaro and Winkler's likeness of the likeliest romanisation, at the threshold that is best on these very pairs: better than
    /// it could be had.
    pub jaro_winkler: Figures,
}

/// Measures the languages that a folder has pairs of, `LL-en.tsv.gz`.
///
/// # Errors
/// A file cannot be read, or there is none.
pub fn measure(folder: &Path) -> anyhow::Result<Vec<Measured>> {
    let mut all = Vec::new();
    for &tag in LANGUAGES {
        let path = folder.join(format!("{tag}-en.tsv.gz"));
        if path.exists() {
            all.push(language(&path, tag)?);
        }
    }
    if all.is_empty() {
        anyhow::bail!("{}: no pairs of names here; their files are called ru-en.tsv.gz", folder.display());
    }
    Ok(all)
}

fn language(path: &Path, tag: &str) -> anyhow::Result<Measured> {
    let language = Language::parse(tag)?;
    let pairs = read_pairs(path, tag)?;
    let plain = |original: &str, english: &str| {
        let spelt = romanise(original, &language).into_iter().next().map_or(String::new(), |r| r.text.to_lowercase());
        strsim::jaro_winkler(&spelt, english)
    };
    let by_likeness = |original: &str, english: &str| likeness(original, &language, english);
    let (mut obelus, mut jaro_winkler) = (Vec::new(), Vec::new());
    for draw in 0..DRAWS {
        let mut random = Pcg64Mcg::seed_from_u64(SEED + draw);
        let mut drawn: Vec<&(String, String)> = pairs.iter().collect();
        drawn.shuffle(&mut random);
        drawn.truncate(DRAWN);
        let look = Lookalikes::new(drawn.iter().map(|(english, _)| english.clone()).collect());
        let rows: Vec<[&str; 4]> = drawn
            .iter()
            .map(|(english, original)| {
                [original, english, look.hard(english, &mut random), look.any(english, &mut random)]
            })
            .collect();
        obelus.push(figures(&rows, Some(0.5), &by_likeness));
        jaro_winkler.push(figures(&rows, None, &plain));
    }
    Ok(Measured {
        language: tag.to_owned(),
        pairs: pairs.len(),
        obelus: mean(&obelus),
        jaro_winkler: mean(&jaro_winkler),
    })
}

/// Rows of original, English, look-alike, other name. Without a threshold the one is taken that is best on the rows.
fn figures(rows: &[[&str; 4]], threshold: Option<f64>, like: &(impl Fn(&str, &str) -> f64 + Sync)) -> Figures {
    let [right, hard, any] =
        [1, 2, 3].map(|column| rows.par_iter().map(|row| like(row[0], row[column])).collect::<Vec<f64>>());
    let f1 = |wrong: &[f64], threshold: f64| {
        let of = |values: &[f64]| values.iter().filter(|v| **v >= threshold).count() as f64;
        2.0 * of(&right) / (of(&right) + of(wrong) + right.len() as f64)
    };
    let best = best_threshold(&right, &hard);
    Figures {
        random: f1(&any, threshold.unwrap_or_else(|| best_threshold(&right, &any))),
        hard: f1(&hard, threshold.unwrap_or(best)),
        sure: recall_where_sure(&right, &hard),
        best: f1(&hard, best),
    }
}

/// The most of the right ones that a threshold finds with a precision of 99 %.
fn recall_where_sure(right: &[f64], wrong: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> = right.iter().map(|v| (*v, true)).chain(wrong.iter().map(|v| (*v, false))).collect();
    // Of equal values the wrong ones first: a threshold cannot part them.
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut found, mut best) = (0.0, 0.0);
    for (at, (_, label)) in all.iter().enumerate() {
        found += f64::from(u8::from(*label));
        if found >= 0.99 * (at as f64 + 1.0) {
            best = found;
        }
    }
    best / right.len().max(1) as f64
}

fn mean(all: &[Figures]) -> Figures {
    let of = |value: fn(&Figures) -> f64| all.iter().map(value).sum::<f64>() / all.len().max(1) as f64;
    Figures { random: of(|f| f.random), hard: of(|f| f.hard), sure: of(|f| f.sure), best: of(|f| f.best) }
}

/// The figures as a table in Markdown.
pub fn table(all: &[Measured]) -> String {
    let mut out = String::from(
        "| language | pairs | compared by | F1 random | F1 look-alikes | recall at 99 % precision, look-alikes | F1 at the best threshold |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for one in all {
        for (by, f) in [("obelus", one.obelus), ("Jaro-Winkler", one.jaro_winkler)] {
            let _ = writeln!(
                out,
                "| {} | {} | {by} | {:.3} | {:.3} | {:.3} | {:.3} |",
                one.language, one.pairs, f.random, f.hard, f.sure, f.best
            );
        }
    }
    out
}
