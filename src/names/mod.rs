//! The likeness of names: how like two spellings are to be one name, across scripts and within one, and romanisation.

pub(crate) mod fold;
pub(crate) mod likeness;
pub(crate) mod romanise;

use crate::article::Language;
use crate::language::LanguageData;
use crate::models;

pub(crate) use fold::latin as plain;
pub use romanise::{Romanised, romanise, scheme_of};

/// Schemes of a table whose spellings are compared with one of the translation; the others write their letters much the same.
const SCHEMES: usize = 4;
/// How many times as many letters a name may have as its spelling. Beyond what it was fitted on the model's measures say nothing:
/// a whole phrase was as good as any city.
const LONGER: usize = 2;
/// Fewest letters that are left of a name without its ending.
const LEAST_STEM: usize = 3;
/// Most forms that an ending may stand for.
const MAX_FORMS: usize = 8;
/// What the likeness of a name is multiplied with that is one only without the ending of its case: endings fit many names.
const OBLIQUE: f64 = 0.9;
/// What the likeness of a Chinese name is multiplied with where the spelling is Pinyin of another: the model, which has learned
/// from foreign names too, finds many of them likely. Only for spellings of several words: foreign names of several words have
/// marks between their characters, and single words such as 莉莎 (Lisa) are foreign too often (F1 falls from 0.89 to 0.87).
const OTHERWISE: f64 = 0.4;
/// The likeness of a spelling that a table of names or readings has just so.
const LISTED: f64 = 0.97;

/// How like a name of the source and a spelling of the translation are to be the same name, in [0, 1]. At 0.5 lies the
/// threshold that was fitted on training names, and whoever looks a name up among all words of a sentence will find look-alikes
/// there: where a false match costs more than a missed one, ask for 0.9 or more. A name that is in Latin letters already is compared as it is.
///
/// Names of as many words are compared word by word, and the least likeness counts.
pub fn likeness(source: &str, source_language: &Language, target: &str) -> f64 {
    if source.chars().any(|c| c.is_ascii_alphabetic()) {
        return same_script_likeness(source, target);
    }
    let words: Vec<&str> = fold::words(source).take(fold::MAX_LETTERS).collect();
    let spellings: Vec<&str> = fold::words(target).take(fold::MAX_LETTERS).collect();
    if words.len() > 1 && words.len() == spellings.len() {
        let each = words.iter().zip(&spellings).map(|(word, spelling)| of_word(word, source_language, spelling));
        return each.fold(1.0, f64::min);
    }
    of_word(&words.concat(), source_language, target)
}

/// How like two spellings in Latin letters are to be the same name, in [0, 1].
pub fn same_script_likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (fold::latin(a), fold::latin(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    // The model writes the one as the other; which is which must not matter.
    let one_way = |a: &str, b: &str| chance("und-Latn", &a.chars().collect::<Vec<_>>(), b);
    (one_way(&a, &b) + one_way(&b, &a)) / 2.0
}

/// The chance by a model that letters are written so.
fn chance(model: &str, letters: &[char], latin: &str) -> f64 {
    let Some(model) = models::names().ok().and_then(|m| m.of(model)) else {
        return 0.0;
    };
    let chance = likeness::measure(&model.transducer, letters, latin).map_or(0.0, |measures| model.chance(&measures));
    if chance < LISTED && model.lists(letters, latin) { LISTED } else { chance }
}

fn of_word(source: &str, language: &Language, target: &str) -> f64 {
    let primary = language.primary();
    let (letters, latin) = (fold::letters(source, primary), fold::latin(target));
    if letters.is_empty() || letters.len() > LONGER * latin.len() || latin.is_empty() {
        return 0.0;
    }
    let learned = match primary {
        "ar" | "fa" | "ur" | "ps" => Some("ar"),
        "he" | "yi" => Some("he"),
        "ja" => Some("ja"),
        "ko" => Some("ko"),
        "ru" => Some("ru"),
        "zh" | "yue" => Some("zh"),
        _ => None,
    };
    let data = LanguageData::of(language);
    let of = |letters: &[char]| match learned {
        Some(model) => chance(model, letters, &latin),
        None => tabular(data, letters, &latin),
    };
    let mut best = of(&letters);
    if matches!(primary, "zh" | "ja" | "ko") && best < LISTED {
        let listed = romanise(source, language).iter().any(|r| fold::latin(&r.text) == latin);
        best = if listed { LISTED } else { best };
    }
    if primary == "zh"
        && best < LISTED
        && fold::words(target).nth(1).is_some()
        && romanise::reads_otherwise(data, &letters, &latin)
    {
        best *= OTHERWISE;
    }
    if letters.contains(&'ё') {
        // Most texts write it without its dots, and so do the names that the model has learned from.
        let plain: Vec<char> = letters.iter().map(|&c| if c == 'ё' { 'е' } else { c }).collect();
        best = best.max(of(&plain));
    }
    if best < 0.5 {
        for form in base_forms(data, &letters) {
            best = best.max(of(&form) * OBLIQUE);
        }
    }
    best
}

/// By the tables of a language that has no model of its own.
fn tabular(data: LanguageData, letters: &[char], latin: &str) -> f64 {
    let mut best = 0.0_f64;
    let mut seen: Vec<String> = Vec::with_capacity(SCHEMES);
    for scheme in 0..SCHEMES {
        let Some(spelt) = romanise::spell(data, scheme, letters).map(|s| fold::latin(&s)) else {
            break;
        };
        if !seen.contains(&spelt) {
            let chance = if spelt == latin { LISTED } else { chance("und", &spelt.chars().collect::<Vec<_>>(), latin) };
            best = best.max(chance);
            seen.push(spelt);
        }
    }
    best
}

/// The forms that a name may have without the ending of its case, by the table `name-endings`.
fn base_forms(data: LanguageData, letters: &[char]) -> Vec<Vec<char>> {
    let mut forms: Vec<Vec<char>> = Vec::new();
    let endings = data.table("name-endings");
    if endings.is_empty() {
        return forms;
    }
    for length in (1..=MAX_ENDING).rev() {
        let Some(cut) = letters.len().checked_sub(length).filter(|cut| *cut >= LEAST_STEM) else {
            continue;
        };
        let (stem, ending) = letters.split_at(cut);
        let Some(row) = endings.get(&ending.iter().collect::<String>()) else { continue };
        for base in row.column(0).split('|') {
            let mut form = stem.to_vec();
            form.extend(base.chars().filter(|c| *c != '-'));
            if !forms.contains(&form) && forms.len() < MAX_FORMS {
                forms.push(form);
            }
        }
    }
    forms
}

/// Letters of the longest ending.
const MAX_ENDING: usize = 4;
