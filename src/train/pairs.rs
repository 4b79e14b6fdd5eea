//! Pairs of names, one in another script and one in Latin letters, and names to be set against them.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use crate::names::fold;

/// The languages that there are pairs of.
pub const LANGUAGES: &[&str] = &["ar", "he", "ja", "ko", "ru", "zh"];
/// Names that a look-alike is the best of.
pub const LOOKED_AT: usize = 300;

/// Pairs of a language, English and original, folded; without those in which one side has no letters of its script.
///
/// # Errors
/// The file is missing or cannot be read.
pub fn read_pairs(path: &Path, language: &str) -> anyhow::Result<Vec<(String, String)>> {
    Ok(read_counted(path, language)?.into_iter().map(|((english, original), _)| (english, original)).collect())
}

/// The same, with how often each pair was seen.
///
/// # Errors
/// The file is missing or cannot be read.
pub fn read_counted(path: &Path, language: &str) -> anyhow::Result<BTreeMap<(String, String), u32>> {
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    let mut pairs = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let (Some(english), Some(original)) = (fields.next(), fields.next()) else { continue };
        if english.is_empty() || !english.bytes().all(|b| b.is_ascii_alphabetic()) {
            continue;
        }
        let original = original.replace(' ', "");
        if fold::letters(&original, language).is_empty() || !fold::latin(&original).is_empty() {
            continue;
        }
        let count = fields.next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(1);
        *pairs.entry((english.to_lowercase(), original)).or_default() += count;
    }
    Ok(pairs)
}

/// The pairs of letters that follow each other, borders included, sorted.
fn bigrams(word: &str) -> Vec<(u8, u8)> {
    let bytes = word.as_bytes();
    let before = std::iter::once(b'^').chain(bytes.iter().copied());
    let mut all: Vec<(u8, u8)> = before.zip(bytes.iter().copied().chain([b'$'])).collect();
    all.sort_unstable();
    all
}

/// How like two words are by their bigrams (Dice).
fn dice(a: &[(u8, u8)], b: &[(u8, u8)]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_u32);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    f64::from(2 * common) / (a.len() + b.len()).max(1) as f64
}

/// The value from which on calling a pair one name agrees best (F1) with what it is.
pub fn best_threshold(right: &[f64], wrong: &[f64]) -> f64 {
    let labelled = right.iter().map(|v| (*v, true)).chain(wrong.iter().map(|v| (*v, false)));
    let mut all: Vec<(f64, bool)> = labelled.collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut true_ones, mut best, mut threshold) = (0.0, 0.0, 0.5);
    for (at, (value, label)) in all.iter().enumerate() {
        true_ones += f64::from(u8::from(*label));
        let f1 = 2.0 * true_ones / (at as f64 + 1.0 + right.len() as f64);
        if f1 > best {
            (best, threshold) = (f1, *value);
        }
    }
    threshold
}

/// Names to be set against a name.
pub struct Lookalikes {
    names: Vec<String>,
    bigrams: Vec<Vec<(u8, u8)>>,
}

impl Lookalikes {
    /// Of these names.
    pub fn new(names: Vec<String>) -> Self {
        let bigrams = names.iter().map(|n| bigrams(n)).collect();
        Self { names, bigrams }
    }

    /// Of [`LOOKED_AT`] names by chance the one that looks most like this and is another.
    pub fn hard(&self, name: &str, random: &mut Pcg64Mcg) -> &str {
        self.best_of(LOOKED_AT, name, random, |_| false)
    }

    /// Of so many names by chance the one that looks most like this and is another, and is none of those that `same` knows.
    pub fn best_of(&self, count: usize, name: &str, random: &mut Pcg64Mcg, same: impl Fn(&str) -> bool) -> &str {
        let own = bigrams(name);
        let mut best = (-1.0, "");
        for _ in 0..count.min(self.names.len() * 4) {
            let at = random.random_range(0..self.names.len());
            if self.names[at] != name && !same(&self.names[at]) {
                let like = dice(&own, &self.bigrams[at]);
                if like > best.0 {
                    best = (like, &self.names[at]);
                }
            }
        }
        best.1
    }

    /// Another name by chance.
    pub fn any(&self, name: &str, random: &mut Pcg64Mcg) -> &str {
        for _ in 0..LOOKED_AT {
            let at = random.random_range(0..self.names.len());
            if self.names[at] != name {
                return &self.names[at];
            }
        }
        ""
    }
}
