//! Building the model of names from pairs: English, the original, how often.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;

use crate::article::Language;
use crate::language::LanguageData;
use crate::models::transducer::{Transducer, encode_latin, pack};
use crate::models::{ModelFile, NameModel, listing};
use crate::names::fold;
use crate::names::likeness::measure;
use crate::names::romanise::spell;
use crate::train::logistic;
use crate::train::operations::{Pair, Shape, learn};
use crate::train::pairs::{LANGUAGES, LOOKED_AT, Lookalikes, best_threshold, read_counted};

/// Where the generator starts: fixed, so that the same pairs give the same model.
const SEED: u64 = 0x0b_e1_05;
/// Of so many parts of the pairs one is kept from the transducer that the weights are fitted on.
const PARTS: usize = 4;
/// Names that the closest look-alikes are the best of.
const CLOSEST_OF: usize = 3_000;
/// A pair seen so often is known by itself, if the model finds it possible at all.
const LEAST_LISTED: u32 = 4;
/// How likely the model must find it: among the pairs are surnames beside given names.
const POSSIBLE: f64 = 0.02;
/// Holds the weights small.
const RIDGE: f64 = 1.0;
/// A letter seen fewer times than this is not of the alphabet.
const LEAST_SEEN: usize = 2;
/// For how often seen an operation is taken that a table has.
const KNOWN: f64 = 1.5;

/// A name by its letters, and its Latin spelling.
type Folded = (Vec<char>, String);

/// Builds `names.obm` from a folder of pairs, `LL-en.tsv.gz`.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let mut all: Vec<Lesson> = Vec::new();
    // Two spellings of one original in two languages at least are most likely one name.
    let mut together: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for &language in LANGUAGES {
        let counted = read_counted(&folder.join(format!("{language}-en.tsv.gz")), language)?;
        let often = counted.iter().filter(|(_, count)| **count >= LEAST_LISTED);
        let often =
            often.map(|((english, original), _)| (fold::letters(original, language), english.clone())).collect();
        let pairs: Vec<(String, String)> = counted.into_keys().collect();
        let mut by_original: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (english, original) in &pairs {
            by_original.entry(original).or_default().push(english);
        }
        for spellings in by_original.values().filter(|s| s.len() <= MOST_SPELLINGS) {
            for (at, a) in spellings.iter().enumerate() {
                for b in &spellings[at + 1..] {
                    together.entry(((*a).to_owned(), (*b).to_owned())).or_default().insert(language);
                }
            }
        }
        if language == "ru" {
            let data = Language::parse("ru").map(|l| LanguageData::of(&l))?;
            let romanised = pairs.iter().filter_map(|(english, original)| {
                let spelt = fold::latin(&spell(data, 0, &fold::letters(original, "ru"))?);
                (!spelt.is_empty()).then(|| (spelt.chars().collect(), english.clone()))
            });
            all.push(Lesson { tag: "und", pairs: romanised.collect(), shape: LETTERS, often: Vec::new() });
        }
        let folded = pairs.into_iter().map(|(english, original)| (fold::letters(&original, language), english));
        all.push(Lesson { tag: language, pairs: folded.collect(), shape: shape(language), often });
    }
    let alike = together.into_iter().filter(|(_, languages)| languages.len() > 1);
    let alike = alike.flat_map(|((a, b), _)| [(a.chars().collect(), b.clone()), (b.chars().collect(), a)]);
    all.push(Lesson { tag: "und-Latn", pairs: alike.collect(), shape: LETTERS, often: Vec::new() });
    let sections: anyhow::Result<Vec<(String, Vec<u8>)>> = all
        .into_par_iter()
        .map(|lesson| {
            let mut model = train(lesson.tag, &lesson.pairs, lesson.shape)?;
            let possible = |(letters, latin): &&Folded| {
                measure(&model.transducer, letters, latin).is_some_and(|m| model.chance(&m) >= POSSIBLE)
            };
            let mut listed: Vec<u32> =
                lesson.often.iter().filter(possible).map(|(l, latin)| listing(l, latin)).collect();
            listed.sort_unstable();
            listed.dedup();
            model.listed = listed;
            Ok((lesson.tag.to_owned(), model.write()))
        })
        .collect();
    Ok(ModelFile::write(ABOUT, &sections?))
}

/// What one model learns from.
struct Lesson {
    tag: &'static str,
    pairs: Vec<Folded>,
    shape: Shape,
    /// Pairs that were seen often.
    often: Vec<Folded>,
}

/// What the file says of itself.
const ABOUT: &str = "what: likeness of names across scripts\n\
    from: names of persons in Wikidata, through NETransliteration, 23,000 to 28,000 pairs a language (CC0)\n\
    by: obelus train names\n\
    licence: CC0-1.0\n";
/// Spellings of one original that are compared: where there are more, it writes many names.
const MOST_SPELLINGS: usize = 8;
/// Alphabets: a letter is up to three.
const LETTERS: Shape = Shape { one: 3, two: 3 };

fn shape(language: &str) -> Shape {
    match language {
        "zh" => Shape { one: 6, two: 3 },
        "ja" => Shape { one: 5, two: 3 },
        _ => LETTERS,
    }
}

/// Operations that the tables of a language know, with how often seen they count: readings of characters, and letters of
/// languages that share the script and have no pairs.
fn known(tag: &str, alphabet: &mut BTreeSet<char>) -> anyhow::Result<Vec<(char, String)>> {
    let mut all = Vec::new();
    let table =
        |tag: &str, name: &str| -> anyhow::Result<_> { Ok(LanguageData::of(&Language::parse(tag)?).table(name)) };
    if tag == "zh" {
        for (character, row) in table("zh", "name-characters")?.iter() {
            let readings = row.column(0).split('|').take(2);
            all.extend(character.chars().flat_map(|c| readings.clone().map(move |r| (c, fold::latin(r)))));
        }
    }
    if tag == "ar" {
        for (letters, row) in table("fa", "romanisation")?.iter() {
            let mut letters = letters.chars();
            if let (Some(c @ ('پ' | 'چ' | 'ژ' | 'گ')), None) = (letters.next(), letters.next()) {
                all.push((c, row.column(0).to_owned()));
            }
        }
    }
    alphabet.extend(all.iter().map(|(c, _)| *c));
    Ok(all)
}

fn operations(tag: &str, pairs: &[&Folded], shape: Shape) -> anyhow::Result<Transducer> {
    let mut seen: BTreeMap<char, usize> = BTreeMap::new();
    for c in pairs.iter().flat_map(|(letters, _)| letters) {
        *seen.entry(*c).or_default() += 1;
    }
    let mut alphabet: BTreeSet<char> = seen.into_iter().filter(|(_, n)| *n >= LEAST_SEEN).map(|(c, _)| c).collect();
    let known = known(tag, &mut alphabet)?;
    let transducer = Transducer::new(alphabet.into_iter().collect(), Vec::new(), Vec::new(), Vec::new());
    let known: Vec<((u32, u32), f64)> = known
        .iter()
        .map(|(c, written)| {
            let written: Vec<u8> = written.bytes().map(|b| b - b'a' + 1).collect();
            ((u32::from(transducer.letter(*c)), pack(&written)), KNOWN)
        })
        .collect();
    let pairs: Vec<Pair> = pairs
        .iter()
        .map(|(letters, latin)| Pair { read: transducer.encode(letters.iter().copied()), written: encode_latin(latin) })
        .collect();
    Ok(learn(&pairs, transducer.alphabet, shape, &known))
}

/// Learns one language. The weights are fitted on pairs that the transducer has not seen, and the transducer that is kept is
/// then learned from all.
fn train(tag: &str, pairs: &[Folded], shape: Shape) -> anyhow::Result<NameModel> {
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut shuffled: Vec<&Folded> = pairs.iter().collect();
    shuffled.shuffle(&mut random);
    let (kept, seen) = shuffled.split_at(shuffled.len() / PARTS);
    let part = operations(tag, seen, shape)?;
    let look = Lookalikes::new(kept.iter().map(|(_, latin)| latin.clone()).collect());
    // Other spellings of the same letters are no other names.
    let mut together: BTreeMap<&Vec<char>, BTreeSet<&str>> = BTreeMap::new();
    for (letters, latin) in pairs {
        together.entry(letters).or_default().insert(latin);
    }
    // Each pair counts as much as the names that are set against it.
    let (mut rows, mut labels, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut add = |letters: &[char], latin: &str, label: bool, weight: f64| {
        if let Some(measures) = measure(&part, letters, latin) {
            rows.push(measures.to_vec());
            labels.push(label);
            weights.push(weight);
        }
    };
    for (letters, latin) in kept {
        add(letters, latin, true, 2.0);
        let same = |other: &str| together.get(letters).is_some_and(|all| all.contains(other));
        add(letters, look.best_of(LOOKED_AT, latin, &mut random, same), false, 0.7);
        add(letters, look.best_of(CLOSEST_OF, latin, &mut random, same), false, 0.7);
        add(letters, look.any(latin, &mut random), false, 1.0);
        // A beginning is not the name.
        let half = latin.len() / 2;
        if half > 1 {
            add(letters, &latin[..random.random_range(1..=half)], false, 0.5);
        }
    }
    let measures = rows.first().map_or(0, Vec::len);
    let bounds: Vec<(f64, f64)> = (0..measures)
        .map(|at| {
            let mut values: Vec<f64> = rows.iter().map(|r| r[at]).collect();
            values.sort_by(f64::total_cmp);
            let beyond = values.len() / 500;
            (f64::from(values[beyond] as f32), f64::from(values[values.len() - 1 - beyond] as f32))
        })
        .collect();
    let rows: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| expand(&row.iter().zip(&bounds).map(|(x, (low, high))| x.clamp(*low, *high)).collect::<Vec<_>>()))
        .collect();
    let fitted = logistic::fit(&rows, &labels, &weights, RIDGE);
    let mut model = NameModel {
        transducer: operations(tag, &shuffled, shape)?,
        bounds: bounds.iter().map(|(low, high)| (*low as f32, *high as f32)).collect(),
        weights: fitted.iter().map(|w| *w as f32).collect(),
        listed: Vec::new(),
    };
    // The constant is set so that 0.5 is where pairs and look-alikes are best told apart.
    let mut held = NameModel { transducer: part, ..model.clone() };
    let chance =
        |letters: &[char], latin: &str| measure(&held.transducer, letters, latin).map_or(0.0, |m| held.chance(&m));
    let of_pairs: Vec<f64> = kept.iter().map(|(letters, latin)| chance(letters, latin)).collect();
    let mut random = Pcg64Mcg::seed_from_u64(SEED + 1);
    let of_others: Vec<f64> =
        kept.iter().map(|(letters, latin)| chance(letters, look.hard(latin, &mut random))).collect();
    let threshold = best_threshold(&of_pairs, &of_others).clamp(0.05, 0.95);
    if let Some(constant) = model.weights.last_mut() {
        *constant -= (threshold / (1.0 - threshold)).ln() as f32;
    }
    held.weights.clear();
    Ok(model)
}

/// The measures, and the products of every two.
fn expand(measures: &[f64]) -> Vec<f64> {
    let mut all = measures.to_vec();
    for (at, a) in measures.iter().enumerate() {
        all.extend(measures[at..].iter().map(|b| a * b));
    }
    all
}
