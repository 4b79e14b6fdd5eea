//! Building the bilingual lexicons: expectation and maximisation over sentences and dictionary entries, in both directions at
//! once, so that a link counts as far as both believe in it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use rustc_hash::FxHashMap;

use crate::analyse::stemmed::{Sentence, is_word};
use crate::article::Language;
use crate::digest::Digest;
use crate::language::LanguageData;
use crate::language::stem::{Stemmer, beginning};
use crate::models::ModelFile;
use crate::models::lexicon::{Lexicon, NO_STEM, Renders, Side, Stem, Vocabulary, read_english, stem_hash};
use crate::models::links::{MEASURES, measured};
use crate::names;
use crate::rows::edits::rejoined;
use crate::surface::{BlockKind, Surface};
use crate::train::logistic;

/// The languages, with the name of their dictionary where there is one.
pub const LANGUAGES: &[(&str, Option<&str>)] = &[
    ("ar", Some("arb")),
    ("de", Some("de")),
    ("es", Some("es")),
    ("et", None),
    ("fr", Some("fr")),
    ("it", Some("it")),
    ("pl", Some("pl")),
    ("pt", Some("pt")),
    ("ro", Some("ro")),
    ("ru", Some("ru")),
    ("tr", Some("tr")),
    ("uk", None),
    ("zh", Some("cmn")),
];

/// What a dictionary entry counts as, beside a sentence.
const ENTRY: f32 = 0.2;
/// Rounds without and with regard to place and to the other direction.
const ROUNDS: (usize, usize) = (4, 1);
/// How fast the chance of a link may fall with the distance from the diagonal, at least and at most.
const SLOPES: (f64, f64) = (1.5, 8.0);
/// Prior of the chances: below one, so that few renderings share a stem.
const PRIOR: f64 = 0.01;
/// The chance that a word has no partner, before anything is known of it. Of 0.2, 0.08 and 0.02 the last agreed best with human
/// scores (et: Pearson 0.45, 0.46, 0.47) and found translations as well.
const ALONE: f32 = 0.02;
/// Words of a sentence that is learned from; longer ones are whole paragraphs of lists.
const LONGEST: usize = 260;
/// The share of the other sentence around the diagonal in which a word of a long one is looked for, and the least and the most words.
const BAND: f64 = 0.35;
const BAND_WORDS: (f64, f64) = (8.0, 40.0);
/// Sentences with so many pairs of words are searched whole.
const WHOLE: usize = 900;
/// Renderings that are kept: with so great a chance either way, and expected so often.
const LEAST_CHANCE: f64 = 0.004;
const LEAST_SEEN: f64 = 0.1;
/// Renderings of one stem that are kept.
const MOST: usize = 64;
/// Renderings of a beginning that are kept: so likely, and so many; and what is summed for them.
const LEAST_OF_BEGINNING: f64 = 0.003;
const MOST_OF_BEGINNING: usize = 20;
const LEAST_SEEN_OF_BEGINNING: f64 = 0.01;
/// One row of so many is kept from the lexicon that the weights of links are fitted on.
const HELD: u64 = 12;
/// Holds the weights small.
const RIDGE: f64 = 2.0;

/// A part of the rows that somebody else learns from, to be left out here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Which.
    pub part: u64,
    /// Of how many.
    pub of: u64,
    /// Whether rows of any origin belong to it, and not only those that quality models learn from.
    pub any: bool,
}

impl Fold {
    /// Whether the row with this source belongs to it.
    pub fn holds(&self, source: &str) -> bool {
        part(source, self.of) == self.part
    }
}

/// The part of so many that a row with this source belongs to.
pub fn part(source: &str, of: u64) -> u64 {
    let mut digest = Digest::default();
    digest.write(source.trim().as_bytes());
    digest.finish() % of.max(1)
}

/// Rows whose texts quality models learn from too.
const SHARED_ORIGINS: [&str; 2] = ["mlqe-pe", "mqm"];

/// The files of all lexicons, by name.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(data: &Path, mut done: impl FnMut(&str)) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    for (language, _) in LANGUAGES {
        done(language);
        all.push((*language, learn(data, language, None)?));
    }
    Ok(files(&all))
}

/// The two files, of English and of the language, learned without one part of the rows that quality models learn from: their
/// features of those rows come from here, or they would see a lexicon that knows the answer.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn without(data: &Path, language: &str, fold: Fold) -> anyhow::Result<[Vec<u8>; 2]> {
    let learned = learn(data, language, Some(fold))?;
    let mut files = files(&[(language, learned)]).into_iter().map(|(_, bytes)| bytes);
    Ok([files.next().unwrap_or_default(), files.next().unwrap_or_default()])
}

/// What was learned of one language.
struct Learned {
    /// Its stems: their letters, the word to be shown, how usual.
    other: Vec<(String, String, f64)>,
    /// English stems; how often each was seen.
    english: Vec<(String, String, f64)>,
    /// The other stem, the English one, the chance of the English one, the chance of the other.
    links: Vec<(u32, u32, f64, f64)>,
    /// Beginnings of stems of the other language: for those that no list has.
    beginnings: Vec<Beginning>,
    silent_other: Vec<f64>,
    silent_english: Vec<f64>,
    slope: f64,
    weights: Vec<f32>,
}

/// What stems that begin alike are rendered by: letters, how usual all of them are, the chance that nothing renders them, links.
#[derive(Clone)]
struct Beginning {
    letters: String,
    usual: f64,
    silent: f64,
    /// What renders it: a beginning too, or a short stem.
    links: Vec<(String, f64, f64)>,
}

/// Reads a packed file.
fn unpack(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let file = std::fs::File::open(path).with_context(|| {
        format!("{}: cannot be read; --data is the folder that has parallel/ and lexicon/", path.display())
    })?;
    flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text).with_context(|| path.display().to_string())?;
    Ok(text)
}

/// A sentence and its translation, or an entry of a dictionary.
struct Row {
    other: String,
    english: String,
    entry: bool,
    weight: f32,
}

fn rows(data: &Path, language: &str, fold: Option<Fold>) -> anyhow::Result<Vec<Row>> {
    let mut rows = Vec::new();
    for line in unpack(&data.join(format!("parallel/{language}-en.tsv.gz")))?.lines() {
        let mut fields = line.split('\t');
        let (Some(other), Some(english)) = (fields.next(), fields.next()) else { continue };
        let origin = fields.next().unwrap_or("");
        if fold.is_some_and(|fold| (fold.any || SHARED_ORIGINS.contains(&origin)) && fold.holds(other)) {
            continue;
        }
        let english = if origin == "mlqe-pe" { rejoined(english) } else { english.to_owned() };
        rows.push(Row { other: other.to_owned(), english, entry: false, weight: 1.0 });
    }
    if let Some(name) = LANGUAGES.iter().find(|(tag, _)| *tag == language).and_then(|(_, name)| *name) {
        for line in unpack(&data.join(format!("lexicon/wikt2014.en-{name}.tsv.gz")))?.lines() {
            let Some((english, other)) = line.split_once('\t') else { continue };
            rows.push(Row { other: other.to_owned(), english: english.to_owned(), entry: true, weight: ENTRY });
        }
    }
    Ok(rows)
}

/// Stems by number, in the order in which they were first seen.
struct Counted {
    stemmer: &'static Stemmer,
    data: LanguageData,
    numbers: FxHashMap<String, u32>,
    stems: Vec<String>,
    seen: Vec<f64>,
    words: Vec<BTreeMap<String, u32>>,
}

impl Counted {
    fn new(language: &str) -> anyhow::Result<Self> {
        let data = LanguageData::of(&Language::parse(language)?);
        let stemmer = Stemmer::of(data);
        Ok(Self { stemmer, data, numbers: FxHashMap::default(), stems: vec![], seen: vec![], words: vec![] })
    }

    fn number(&mut self, text: &str, counts: bool) -> Vec<u32> {
        let surface = Surface::of_passage(text, self.data, &[], BlockKind::Body);
        let mut numbers = Vec::with_capacity(surface.tokens.len());
        for token in surface.tokens.iter().filter(|t| is_word(t)) {
            let folded = surface.folded(token);
            let stemmer = self.stemmer;
            stemmer.stems(folded, |stem| {
                let fresh = self.stems.len() as u32;
                let number = *self.numbers.entry(stem.to_owned()).or_insert(fresh);
                if number == fresh {
                    self.stems.push(stem.to_owned());
                    self.seen.push(0.0);
                    self.words.push(BTreeMap::new());
                }
                numbers.push(number);
                self.seen[number as usize] += if counts { 1.0 } else { 0.0 };
                *self.words[number as usize].entry(folded.to_owned()).or_default() += 1;
            });
        }
        numbers
    }

    /// For each stem its letters, the word that it was seen in most, how usual it is.
    fn stems(&self) -> Vec<(String, String, f64)> {
        let all: f64 = self.seen.iter().sum::<f64>().max(1.0);
        let word = |words: &BTreeMap<String, u32>| {
            let best = words.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.len().cmp(&a.0.len())).then(b.0.cmp(a.0)));
            best.map_or(String::new(), |(word, _)| word.clone())
        };
        let of = |((stem, words), seen): ((&String, &BTreeMap<String, u32>), &f64)| {
            (stem.clone(), word(words), (seen + 0.5) / (all + 1.0))
        };
        self.stems.iter().zip(&self.words).zip(&self.seen).map(of).collect()
    }
}

/// Numbered sentences.
struct Numbered {
    other: Vec<u32>,
    english: Vec<u32>,
    weight: f32,
    entry: bool,
}

fn learn(data: &Path, language: &str, fold: Option<Fold>) -> anyhow::Result<Learned> {
    let rows = rows(data, language, fold)?;
    let (mut other, mut english) = (Counted::new(language)?, Counted::new("en")?);
    let mut numbered = Vec::with_capacity(rows.len());
    for row in &rows {
        let pair = Numbered {
            other: other.number(&row.other, !row.entry),
            english: english.number(&row.english, !row.entry),
            weight: row.weight,
            entry: row.entry,
        };
        numbered.push(pair);
    }
    let held = |at: usize| !rows[at].entry && part(&rows[at].other, HELD) == 0;
    let (held_rows, seen): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|at| held(*at));
    // First without the rows that the weights are fitted on, then with all.
    let mut learned = expect(&seen.iter().map(|at| &numbered[*at]).collect::<Vec<_>>(), &other, &english);
    let pairs: Vec<(&str, &str)> =
        held_rows.iter().map(|at| (rows[*at].other.as_str(), rows[*at].english.as_str())).collect();
    let weights = weigh(&learned, language, &pairs)?;
    learned = expect(&numbered.iter().collect::<Vec<_>>(), &other, &english);
    learned.weights = weights;
    Ok(learned)
}

/// Where on the other side a word is looked for.
fn band(at: usize, of: usize, other: usize) -> std::ops::Range<usize> {
    if of * other <= WHOLE {
        return 0..other;
    }
    let centre = (at as f64 + 0.5) / of as f64 * other as f64;
    let half = (other as f64 * BAND).clamp(BAND_WORDS.0, BAND_WORDS.1);
    ((centre - half).max(0.0) as usize)..((centre + half).ceil() as usize).min(other)
}

/// The logarithmic derivative of the gamma function.
fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < 6.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let f = 1.0 / (x * x);
    sum + x.ln() - 0.5 / x - f * (1.0 / 12.0 - f * (1.0 / 120.0 - f / 252.0))
}

/// The chances of the renderings, by expectation and maximisation.
fn expect(rows: &[&Numbered], other: &Counted, english: &Counted) -> Learned {
    let rows: Vec<&Numbered> = rows
        .iter()
        .copied()
        .filter(|r| !r.other.is_empty() && !r.english.is_empty() && r.other.len().max(r.english.len()) <= LONGEST)
        .collect();
    let mut index: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let (mut keys, mut cells): (Vec<(u32, u32)>, Vec<u32>) = (Vec::new(), Vec::new());
    for row in &rows {
        for (j, e) in row.english.iter().enumerate() {
            for i in band(j, row.english.len(), row.other.len()) {
                let fresh = keys.len() as u32;
                let cell = *index.entry((row.other[i], *e)).or_insert(fresh);
                if cell == fresh {
                    keys.push((row.other[i], *e));
                }
                cells.push(cell);
            }
        }
    }
    drop(index);
    let (n, m) = (other.stems.len(), english.stems.len());
    let mut forward = vec![1.0_f32; keys.len()];
    let mut back = vec![1.0_f32; keys.len()];
    let (mut alone_english, mut alone_other) = (vec![1.0_f32; m], vec![1.0_f32; n]);
    let mut joint = vec![0.0_f64; keys.len()];
    let (mut left_english, mut left_other) = (vec![0.0_f64; m], vec![0.0_f64; n]);
    let mut slope = 3.0_f64;
    for round in 0..ROUNDS.0 + ROUNDS.1 {
        let together = round >= ROUNDS.0;
        let mut counts = [vec![0.0_f64; keys.len()], vec![0.0_f64; keys.len()]];
        left_english.fill(0.0);
        left_other.fill(0.0);
        joint.fill(0.0);
        let (mut away, mut linked) = (0.0_f64, 0.0_f64);
        let mut at = 0;
        let (mut f, mut b, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let (others, words) = (row.other.len(), row.english.len());
            let odds = ALONE / (1.0 - ALONE);
            f.clear();
            b.clear();
            places.clear();
            let (mut of_other, mut place_other) = (vec![0.0_f32; others], vec![0.0_f32; others]);
            let mut of_english = vec![0.0_f32; words];
            let mut cell = at;
            for j in 0..words {
                let mut place_english = 0.0;
                for i in band(j, words, others) {
                    let apart = ((i as f64 + 0.5) / others as f64 - (j as f64 + 0.5) / words as f64).abs();
                    let place = if together && !row.entry { (-slope * apart).exp() as f32 } else { 1.0 };
                    let pair = cells[cell] as usize;
                    cell += 1;
                    f.push(forward[pair] * place);
                    b.push(back[pair] * place);
                    places.push(apart);
                    of_english[j] += forward[pair] * place;
                    of_other[i] += back[pair] * place;
                    place_english += place;
                    place_other[i] += place;
                }
                let nothing = alone_english[row.english[j] as usize] * odds * place_english;
                of_english[j] += nothing;
            }
            let mut nothing_other = vec![0.0_f32; others];
            for i in 0..others {
                nothing_other[i] = alone_other[row.other[i] as usize] * odds * place_other[i];
                of_other[i] += nothing_other[i];
            }
            let mut rest_other = vec![1.0_f32; others];
            let (mut k, mut cell) = (0, at);
            for j in 0..words {
                let mut rest = 1.0_f32;
                for i in band(j, words, others) {
                    let pair = cells[cell] as usize;
                    let (p, q) = (f[k] / of_english[j].max(1e-30), b[k] / of_other[i].max(1e-30));
                    let both = p * q;
                    joint[pair] += f64::from(row.weight * both);
                    let (p, q) = if together { (both, both) } else { (p, q) };
                    counts[0][pair] += f64::from(row.weight * p);
                    counts[1][pair] += f64::from(row.weight * q);
                    rest -= p;
                    rest_other[i] -= q;
                    if !row.entry {
                        away += f64::from(both) * places[k];
                        linked += f64::from(both);
                    }
                    cell += 1;
                    k += 1;
                }
                left_english[row.english[j] as usize] += f64::from(row.weight * rest.max(0.0));
            }
            for i in 0..others {
                left_other[row.other[i] as usize] += f64::from(row.weight * rest_other[i].max(0.0));
            }
            at = cell;
        }
        let (mut sums, mut kinds) = ([vec![0.0_f64; n], vec![0.0_f64; m]], [vec![0.0_f64; n], vec![0.0_f64; m]]);
        for (pair, (o, e)) in keys.iter().enumerate() {
            sums[0][*o as usize] += counts[0][pair];
            sums[1][*e as usize] += counts[1][pair];
            kinds[0][*o as usize] += 1.0;
            kinds[1][*e as usize] += 1.0;
        }
        let totals = [0, 1].map(|side: usize| -> Vec<f64> {
            sums[side].iter().zip(&kinds[side]).map(|(sum, kinds)| digamma(sum + PRIOR * kinds.max(1.0))).collect()
        });
        for (pair, (o, e)) in keys.iter().enumerate() {
            forward[pair] = (digamma(counts[0][pair] + PRIOR) - totals[0][*o as usize]).exp() as f32;
            back[pair] = (digamma(counts[1][pair] + PRIOR) - totals[1][*e as usize]).exp() as f32;
        }
        for (alone, left) in [(&mut alone_english, &left_english), (&mut alone_other, &left_other)] {
            let all: f64 = left.iter().sum::<f64>() + 0.1 * left.len() as f64;
            for (alone, left) in alone.iter_mut().zip(left) {
                *alone = ((left + 0.1) / all) as f32;
            }
        }
        // The mean distance of an exponential fall is the inverse of its slope.
        slope = (linked.max(1e-9) / away.max(1e-9)).clamp(SLOPES.0, SLOPES.1);
    }
    // The chances are those of what both directions believe in, given that a stem is rendered at all.
    let (mut of_other, mut of_english) = (vec![0.0_f64; n], vec![0.0_f64; m]);
    for (pair, (o, e)) in keys.iter().enumerate() {
        of_other[*o as usize] += joint[pair];
        of_english[*e as usize] += joint[pair];
    }
    let mut links: Vec<(u32, u32, f64, f64)> = keys
        .iter()
        .zip(&joint)
        .map(|((o, e), joint)| {
            (*o, *e, joint / of_other[*o as usize].max(1e-9), joint / of_english[*e as usize].max(1e-9), *joint)
        })
        .filter(|(_, _, f, b, joint)| *joint >= LEAST_SEEN && f.max(*b) >= LEAST_CHANCE)
        .map(|(o, e, f, b, _)| (o, e, f, b))
        .collect();
    links.sort_by_key(|link| (link.0, link.1));
    let beginnings = beginnings(&keys, &joint, [&of_other, &of_english], &left_other, [other, english]);
    let silent = |left: &[f64], joined: &[f64]| -> Vec<f64> {
        left.iter().zip(joined).map(|(left, joined)| (left + 0.05) / (left + joined + 0.5)).collect()
    };
    Learned {
        other: other.stems(),
        english: english.stems(),
        links,
        beginnings,
        silent_other: silent(&left_other, &of_other),
        silent_english: silent(&left_english, &of_english),
        slope,
        weights: Vec::new(),
    }
}

/// What stems that begin alike have in common.
fn beginnings(
    keys: &[(u32, u32)],
    joint: &[f64],
    of: [&[f64]; 2],
    left: &[f64],
    [other, english]: [&Counted; 2],
) -> Vec<Beginning> {
    if other.stemmer.is_unspaced() {
        return Vec::new();
    }
    let mut by_letters: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (at, stem) in other.stems.iter().enumerate() {
        if let Some(letters) = beginning(stem).filter(|_| of[0][at] >= LEAST_SEEN) {
            by_letters.entry(letters).or_default().push(at as u32);
        }
    }
    // English stems by what stands for those that begin alike.
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    let of_stem: Vec<u32> = english
        .stems
        .iter()
        .map(|stem| {
            let fresh = kinds.len() as u32;
            *kinds.entry(beginning(stem).unwrap_or_else(|| stem.clone())).or_insert(fresh)
        })
        .collect();
    let mut names = vec![String::new(); kinds.len()];
    kinds.into_iter().for_each(|(name, at)| names[at as usize] = name);
    let mut of_kind = vec![0.0_f64; names.len()];
    of_stem.iter().zip(of[1]).for_each(|(kind, sum)| of_kind[*kind as usize] += sum);
    let mut pairs: FxHashMap<u32, Vec<(u32, f64)>> = FxHashMap::default();
    for ((o, e), joint) in keys.iter().zip(joint).filter(|(_, joint)| **joint >= LEAST_SEEN_OF_BEGINNING) {
        pairs.entry(*o).or_default().push((*e, *joint));
    }
    let all: f64 = other.seen.iter().sum::<f64>().max(1.0);
    let mut beginnings = Vec::new();
    for (letters, stems) in by_letters {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (e, joint) in stems.iter().filter_map(|o| pairs.get(o)).flatten() {
            *sums.entry(of_stem[*e as usize]).or_default() += joint;
        }
        let joined: f64 = stems.iter().map(|o| of[0][*o as usize]).sum();
        let alone: f64 = stems.iter().map(|o| left[*o as usize]).sum();
        let seen: f64 = stems.iter().map(|o| other.seen[*o as usize]).sum();
        let mut links: Vec<(String, f64, f64)> = sums
            .into_iter()
            .map(|(e, joint)| {
                (names[e as usize].clone(), joint / joined.max(1e-9), joint / of_kind[e as usize].max(1e-9))
            })
            .filter(|(_, forward, back)| *forward >= LEAST_OF_BEGINNING || *back >= LEAST_OF_BEGINNING)
            .collect();
        links.sort_by(|a, b| (b.1 * b.2).total_cmp(&(a.1 * a.2)).then_with(|| a.0.cmp(&b.0)));
        links.truncate(MOST_OF_BEGINNING);
        if !links.is_empty() {
            let silent = (alone + 0.05) / (alone + joined + 0.5);
            beginnings.push(Beginning { letters, usual: (seen + 0.5) / (all + 1.0), silent, links });
        }
    }
    beginnings
}

/// Weights that tell links of translations from links of sentences by chance.
fn weigh(learned: &Learned, language: &str, pairs: &[(&str, &str)]) -> anyhow::Result<Vec<f32>> {
    let files = files(&[(language, learned.clone_links())]);
    let [(_, english), (_, other)] = files.as_slice() else { anyhow::bail!("no lexicon of {language}") };
    let english = read_english("lexicon.en.obm", english)?;
    let lexicon = Lexicon::read("the lexicon", other, english)?;
    let (data, of_english) = (LanguageData::of(&Language::parse(language)?), LanguageData::of(&Language::parse("en")?));
    let tag = Language::parse(language)?;
    let surface = |text: &str, data: LanguageData| Surface::of_passage(text, data, &[], BlockKind::Body);
    let surfaces: Vec<(Surface, Surface)> =
        pairs.iter().map(|(text, english)| (surface(text, data), surface(english, of_english))).collect();
    let sentence = |surface: &Surface, data: LanguageData, vocabulary: &Vocabulary<'_>| {
        Sentence::of(surface, 0..surface.tokens.len(), data, Some(vocabulary))
    };
    let others: Vec<Sentence> = surfaces.iter().map(|(s, _)| sentence(s, data, &lexicon.other)).collect();
    let englishes: Vec<Sentence> = surfaces.iter().map(|(_, s)| sentence(s, of_english, &english)).collect();
    // A sentence by chance is one of much the same length.
    let mut by_length: Vec<usize> = (0..pairs.len()).collect();
    by_length.sort_by_key(|at| (englishes[*at].words.len(), part(pairs[*at].0, u64::MAX)));
    let (mut measures, mut labels) = (Vec::new(), Vec::new());
    for (rank, &at) in by_length.iter().enumerate() {
        let chance = by_length[(rank + 1) % by_length.len().max(1)];
        for (with, label) in [(at, true), (chance, false)] {
            let alike = |i: usize, j: usize| {
                let name = others[at].written(&surfaces[at].0, pairs[at].0, i);
                let spelling = englishes[with].written(&surfaces[with].1, pairs[with].1, j);
                names::likeness(name, &tag, spelling) as f32
            };
            measured(Some(&lexicon), &others[at].words, &englishes[with].words, alike, |_, _, _, m| {
                measures.push(m.iter().map(|x| f64::from(*x)).collect::<Vec<f64>>());
                labels.push(label);
            });
        }
    }
    if measures.is_empty() {
        return Ok(vec![0.0; MEASURES + 1]);
    }
    let counts = vec![1.0; measures.len()];
    Ok(logistic::fit(&measures, &labels, &counts, RIDGE).into_iter().map(|w| w as f32).collect())
}

impl Learned {
    fn clone_links(&self) -> Self {
        Self {
            other: self.other.clone(),
            english: self.english.clone(),
            links: self.links.clone(),
            beginnings: self.beginnings.clone(),
            silent_other: self.silent_other.clone(),
            silent_english: self.silent_english.clone(),
            slope: self.slope,
            weights: vec![0.0; MEASURES + 1],
        }
    }
}

/// What the files say of themselves.
fn about(language: &str) -> String {
    format!(
        "what: bilingual lexicon, {language} and English\n\
         from: sentences of Tatoeba (CC BY 2.0), TICO-19 and MLQE-PE (CC0), XQuAD (CC BY-SA 4.0); Wiktionary 2014 (CC BY-SA 3.0)\n\
         by: obelus train lexicons\n\
         licence: CC BY-SA 4.0\n"
    )
}

/// Puts the files together: English first.
fn files(all: &[(&str, Learned)]) -> Vec<(String, Vec<u8>)> {
    // English stems that some link needs, the most usual first where there are too many.
    let mut needed: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for (_, learned) in all {
        let used: BTreeSet<u32> = learned.links.iter().map(|l| l.1).collect();
        for (stem, word, usual) in used.iter().filter_map(|at| learned.english.get(*at as usize)) {
            let entry = needed.entry(stem).or_insert((0.0, word));
            if *usual > entry.0 {
                entry.1 = word;
            }
            entry.0 += usual / all.len() as f64;
        }
    }
    // A beginning is as usual as all stems that begin so.
    let mut usual_beginnings: BTreeMap<String, f64> = BTreeMap::new();
    for (stem, (usual, _)) in &needed {
        if let Some(letters) = beginning(stem) {
            *usual_beginnings.entry(letters).or_default() += usual;
        }
    }
    for part in all.iter().flat_map(|(_, l)| &l.beginnings).flat_map(|b| &b.links).map(|l| l.0.as_str()) {
        let usual = usual_beginnings.get(part).copied().unwrap_or(0.0);
        needed.entry(part).or_insert((usual, ""));
    }
    let mut order: Vec<(&str, f64, &str)> =
        needed.into_iter().map(|(stem, (usual, word))| (stem, usual, word)).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    let english = numbered(order.iter().map(|(stem, usual, word)| (*stem, *usual, *word)));
    let english_stems: Vec<Stem> = english.1;
    let mut files = vec![(
        "lexicon.en.obm".to_owned(),
        ModelFile::write(&about("every language"), &[("stems".to_owned(), Vocabulary::write(&english_stems))]),
    )];
    for (language, learned) in all {
        let used: BTreeSet<u32> = learned.links.iter().map(|l| l.0).collect();
        let mut order: Vec<&(String, String, f64)> =
            used.iter().filter_map(|at| learned.other.get(*at as usize)).collect();
        order.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
        let beginnings = learned.beginnings.iter().map(|b| (b.letters.as_str(), b.usual, ""));
        let whole = order.iter().map(|(stem, word, usual)| (stem.as_str(), *usual, word.as_str()));
        let (numbers, stems) = numbered(whole.chain(beginnings));
        let mut from_other: Side = vec![(0.0, Vec::new()); stems.len()];
        let mut from_english: BTreeMap<u16, Renders> = BTreeMap::new();
        for (o, e, forward, back) in &learned.links {
            let stem = |stems: &[(String, String, f64)], at: u32| stems.get(at as usize).map(|s| s.0.clone());
            let (Some(o_stem), Some(e_stem)) = (stem(&learned.other, *o), stem(&learned.english, *e)) else { continue };
            let (Some(o_number), Some(e_number)) = (numbers.get(&o_stem), english.0.get(&e_stem)) else { continue };
            let row = &mut from_other[usize::from(*o_number)];
            row.0 = learned.silent_other[*o as usize];
            row.1.push((*e_number, *forward, *back));
            let row = from_english.entry(*e_number).or_insert((learned.silent_english[*e as usize], Vec::new()));
            row.1.push((*o_number, *back, *forward));
        }
        for beginning in &learned.beginnings {
            let Some(row) = numbers.get(&beginning.letters).and_then(|n| from_other.get_mut(usize::from(*n))) else {
                continue;
            };
            row.0 = beginning.silent;
            for (e, forward, back) in &beginning.links {
                let number = english.0.get(e);
                row.1.extend(number.map(|n| (*n, *forward, *back)));
            }
        }
        let best_first = |row: &mut Vec<(u16, f64, f64)>| {
            row.sort_by(|a, b| (b.1 * b.2).total_cmp(&(a.1 * a.2)).then(a.0.cmp(&b.0)));
            row.truncate(MOST);
        };
        from_other.iter_mut().for_each(|(_, row)| best_first(row));
        from_english.values_mut().for_each(|(_, row)| best_first(row));
        let (numbers, from_english): (Vec<u16>, Side) = from_english.into_iter().unzip();
        let bytes = Lexicon::write(
            english_stems.len(),
            learned.slope as f32,
            &stems,
            &from_other,
            &numbers,
            &from_english,
            &learned.weights,
        );
        let file = ModelFile::write(&about(language), &[("links".to_owned(), bytes)]);
        files.push((format!("lexicon.{language}.obm"), file));
    }
    files
}

/// Numbers stems by their hashes; of two with one hash the first counts, and no more than fit.
fn numbered<'a>(stems: impl Iterator<Item = (&'a str, f64, &'a str)>) -> (BTreeMap<String, u16>, Vec<Stem>) {
    let mut by_hash: BTreeMap<u32, (&str, f64, &str)> = BTreeMap::new();
    for (stem, usual, word) in stems {
        if by_hash.len() < usize::from(NO_STEM) {
            by_hash.entry(stem_hash(stem)).or_insert((stem, usual, word));
        }
    }
    let mut numbers = BTreeMap::new();
    let mut all = Vec::with_capacity(by_hash.len());
    for (hash, (stem, usual, word)) in by_hash {
        numbers.insert(stem.to_owned(), all.len() as u16);
        all.push(Stem { hash, word: word.to_owned(), usual });
    }
    (numbers, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// A folder with a few sentences of invented Estonian, the language without a dictionary, each said in two ways.
    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("obelus-lexicon-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("parallel")).expect("a folder");
        let nouns = [("maja", "house"), ("jogi", "river"), ("linn", "town"), ("kala", "fish"), ("raamat", "book")];
        let verbs = [("kadus", "vanished"), ("seisab", "stands"), ("poleb", "burns"), ("kasvab", "grows")];
        let mut text = String::new();
        for (o, e) in nouns {
            for (ov, ev) in verbs {
                let origin = if o == "raamat" { "mlqe-pe" } else { "tatoeba" };
                text.push_str(&format!("{o} {ov} {}\tThe {e} {ev} {}\t{origin}\n", 10 + ov.len(), 10 + ov.len()));
            }
        }
        let file = std::fs::File::create(folder.join("parallel/et-en.tsv.gz")).expect("a file");
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        packed.write_all(text.as_bytes()).expect("written");
        packed.finish().expect("finished");
        folder
    }

    fn best(files: &[Vec<u8>; 2], word: &str) -> Option<String> {
        let english = read_english("test", &files[0]).expect("English");
        let lexicon = Lexicon::read("test", &files[1], english).expect("the lexicon");
        let mut found = None;
        Counted::new("et").expect("et").stemmer.stems(word, |stem| {
            let renderings = lexicon.other.find(stem).map(|stem| lexicon.to_english(stem));
            found = renderings.and_then(|r| r.iter().next()).map(|r| english.word(r.stem).to_owned());
        });
        found
    }

    #[test]
    fn words_find_their_renderings_and_the_bytes_are_the_same_each_time() {
        let folder = folder("learns");
        let nobody = Fold { part: 9, of: 1, any: false };
        let files = without(&folder, "et", nobody).expect("it learns");
        for (word, english) in [("maja", "house"), ("jogi", "river"), ("raamat", "book"), ("kasvab", "grows")] {
            assert_eq!(best(&files, word).as_deref(), Some(english), "{word}");
        }
        assert_eq!(without(&folder, "et", nobody).expect("again"), files);
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_fold_is_left_out() {
        let folder = folder("folds");
        let known = |part: u64| {
            let files = without(&folder, "et", Fold { part, of: 1, any: false }).expect("it learns");
            (best(&files, "raamat").is_some(), best(&files, "jogi").is_some())
        };
        // Part 0 of 1 is everything that quality models learn from too; other rows stay.
        assert_eq!(known(0), (false, true));
        assert_eq!(known(1), (true, true));
        let parts: BTreeSet<u64> = (0..64).map(|n| part(&format!("row {n}"), 4)).collect();
        assert_eq!(parts, BTreeSet::from([0, 1, 2, 3]));
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = learn(Path::new("/nowhere"), "et", None).err().expect("no such folder");
        assert!(format!("{error:#}").contains("parallel/et-en.tsv.gz"), "{error:#}");
    }
}
