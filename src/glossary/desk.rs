//! Every desk's names: countries, capitals and great organisations, which no glossary need list to have them held to.
//!
//! The data are `desk-names.tsv` of each language, and that of English for what all of them share. A pair of languages is
//! compiled when a text first needs it, and kept.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::article::Language;
use crate::finding::EntityKind;
use crate::language::{LanguageData, Row};

use super::pair::Part;
use super::{Concept, Entry, Pair};

/// The languages that there are names for, with English.
const LANGUAGES: [&str; 11] = ["ar", "de", "es", "fr", "it", "pl", "pt", "ru", "tr", "uk", "zh"];

/// Those that names are held to out of English.
const OUT_OF_ENGLISH: [&str; 7] = ["de", "es", "fr", "it", "pt", "ru", "uk"];

/// What the glossary of these names is called in messages.
pub const NAME: &str = "builtin";

/// English names that are those of people, of other places or of other things too: out of English they are left alone.
const AMBIGUOUS: [&str; 14] = [
    "Alexandria",
    "Chad",
    "Congo",
    "Florence",
    "Georgia",
    "Jordan",
    "Kingston",
    "Milan",
    "San José",
    "Santiago",
    "Sofia",
    "Victoria",
    "Vienna",
    "Washington",
];

/// What the names of one pair of languages are, one of which is English.
pub struct Names {
    /// The concepts, and how to find them.
    pub pair: Pair,
    /// English is the source.
    pub from_english: bool,
    /// By concept: an index of `english`.
    groups: Vec<usize>,
    english: Vec<English>,
}

/// What English calls one thing.
pub struct English {
    /// The name, which stands for the thing.
    pub name: String,
    /// The adjective; empty where there is none.
    pub adjective: &'static str,
    /// Names of what machines put in its place.
    pub confused: Vec<&'static str>,
}

impl Names {
    /// What a concept is in English.
    pub fn english(&self, concept: usize) -> Option<&English> {
        self.english.get(self.group(concept)?)
    }

    /// What names one thing: concepts with the same number are one.
    pub fn group(&self, concept: usize) -> Option<usize> {
        self.groups.get(concept).copied()
    }

    /// The concepts of a group.
    pub fn of_group(&self, group: usize) -> impl Iterator<Item = &Concept> {
        self.pair.concepts.iter().zip(&self.groups).filter(move |(_, of)| **of == group).map(|(concept, _)| concept)
    }
}

/// The names of a pair of languages, if there are any.
pub fn names(source: &Language, target: &Language) -> Option<&'static Names> {
    static INTO: [OnceLock<Option<Names>>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    static OUT_OF: [OnceLock<Option<Names>>; OUT_OF_ENGLISH.len()] = [const { OnceLock::new() }; OUT_OF_ENGLISH.len()];
    let cell = |cells: &'static [OnceLock<Option<Names>>], tags: &[&'static str], tag: &str, from_english| {
        let at = tags.iter().position(|known| *known == tag)?;
        cells.get(at)?.get_or_init(|| compile(tags.get(at)?, from_english)).as_ref()
    };
    match (source.primary(), target.primary()) {
        (tag, "en") => cell(&INTO, &LANGUAGES, tag, false),
        ("en", tag) => cell(&OUT_OF, &OUT_OF_ENGLISH, tag, true),
        _ => None,
    }
}

fn forms(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split('|').filter(|form| !form.is_empty())
}

/// The rows of `en/desk-names.tsv` by every name and form that they have.
fn english_rows() -> FxHashMap<&'static str, (&'static str, Row)> {
    let mut rows = FxHashMap::default();
    let english =
        Language::parse("en").map_or(LanguageData::NONE, |english| LanguageData::of(&english)).table("desk-names");
    for (name, row) in english.iter() {
        rows.insert(name, (name, row));
    }
    for (name, row) in english.iter() {
        for form in forms(row.column(0)).chain(forms(row.column(1))) {
            rows.entry(form).or_insert((name, row));
        }
    }
    rows
}

/// One row of a language.
struct Known {
    name: &'static str,
    english: Vec<&'static str>,
    kind: &'static str,
    wrong: &'static str,
}

fn compile(tag: &str, from_english: bool) -> Option<Names> {
    let other = Language::parse(tag).ok()?;
    let english = Language::parse("en").ok()?;
    let shared = english_rows();
    let table = LanguageData::of(&other).table("desk-names");
    let known: Vec<Known> = table
        .iter()
        .map(|(name, row)| Known {
            name,
            english: forms(row.column(0)).collect(),
            kind: row.column(1),
            wrong: row.column(2),
        })
        .filter(|known| !known.english.is_empty())
        .collect();
    let of_group = |known: &Known| {
        let row = known.english.iter().find_map(|form| shared.get(form)).copied();
        (row.map_or(known.english.first().copied().unwrap_or_default(), |(name, _)| name), row.map(|(_, row)| row))
    };
    let mut entries: Vec<Entry> = Vec::new();
    if from_english {
        // What English calls a thing, with all that the other language calls it.
        let mut things: BTreeMap<&str, (Vec<&str>, &str)> = BTreeMap::new();
        for one in known.iter().filter(|one| one.kind != "nation") {
            let (group, _) = of_group(one);
            let best = one.english.first().copied().unwrap_or_default();
            // Initials stand for initials, and a name for a name.
            for form in [group, best] {
                let thing = things.entry(form).or_insert((Vec::new(), one.kind));
                if !thing.0.contains(&one.name) {
                    thing.0.push(one.name);
                }
            }
        }
        for (form, (mut names, kind)) in things {
            if AMBIGUOUS.contains(&form) {
                continue;
            }
            let short = is_initials(form);
            names.sort_by_key(|name| is_initials(name) != short);
            let mut names = names.into_iter().map(str::to_owned);
            let Some(target) = names.next() else { continue };
            entries.push(entry(form.to_owned(), target, names.collect(), Vec::new(), kind, (&english, &other)));
        }
    } else {
        for one in &known {
            let (group, row) = of_group(one);
            let own = |form: &&str| !one.english.contains(form);
            let shared: Vec<&str> = row.map_or(Vec::new(), |row| {
                [group].into_iter().chain(forms(row.column(0))).chain(forms(row.column(1))).filter(own).collect()
            });
            let best = one.english.first().copied().unwrap_or_default().to_owned();
            let admitted: Vec<String> =
                one.english.iter().skip(1).chain(&shared).map(|form| (*form).to_owned()).collect();
            let wrong = forms(one.wrong).chain(row.into_iter().flat_map(|row| forms(row.column(2))));
            let forbidden: Vec<String> =
                wrong.filter(|form| own(form)).map(str::to_owned).filter(|form| !admitted.contains(form)).collect();
            entries.push(entry(one.name.to_owned(), best, admitted, forbidden, one.kind, (&other, &english)));
        }
    }
    if entries.is_empty() {
        return None;
    }
    let pair = Part::compile(&entries.iter().collect::<Vec<_>>()).pair(None, None);
    let mut numbers: FxHashMap<&str, usize> = FxHashMap::default();
    let (mut groups, mut things) = (Vec::new(), Vec::new());
    for concept in pair.concepts.iter() {
        let form = if from_english { concept.source.as_str() } else { concept.best().unwrap_or_default() };
        let row = shared.get(form).copied();
        let name = row.map_or(form, |(name, _)| name);
        let number = *numbers.entry(name).or_insert_with(|| {
            things.push(English {
                name: name.to_owned(),
                adjective: row.map_or("", |(_, row)| row.column(0)),
                confused: row.map_or(Vec::new(), |(_, row)| forms(row.column(3)).collect()),
            });
            things.len() - 1
        });
        groups.push(number);
    }
    drop(numbers);
    Some(Names { pair, from_english, groups, english: things })
}

fn is_initials(form: &str) -> bool {
    super::pair::is_initials(form)
}

fn entry(
    source: String,
    target: String,
    admitted: Vec<String>,
    forbidden: Vec<String>,
    kind: &str,
    (from, to): (&Language, &Language),
) -> Entry {
    let kind = match kind {
        "organization" => EntityKind::Organization,
        "nation" => EntityKind::Term,
        _ => EntityKind::Place,
    };
    Entry {
        source,
        target,
        admitted,
        forbidden,
        kind: Some(kind),
        source_language: Some(from.clone()),
        target_language: Some(to.clone()),
        ..Entry::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str, target: &str) -> &'static Names {
        let language = |tag: &str| Language::parse(tag).expect("a tag");
        names(&language(source), &language(target)).expect("names")
    }

    #[test]
    fn every_language_has_names_that_can_be_matched() {
        for tag in LANGUAGES {
            let names = of(tag, "en");
            assert!(names.pair.concepts.len() > 250, "{tag}: {}", names.pair.concepts.len());
            assert!(names.pair.concepts.iter().all(|c| c.best().is_some()), "{tag}");
        }
        for tag in OUT_OF_ENGLISH {
            assert!(of("en", tag).pair.concepts.len() > 200, "{tag}");
        }
    }

    #[test]
    fn no_form_is_both_right_and_wrong() {
        for tag in LANGUAGES {
            for concept in of(tag, "en").pair.concepts.iter() {
                let both = concept.approved().find(|form| concept.unwanted.iter().any(|wrong| wrong == form));
                assert_eq!(both, None, "{tag}: {}", concept.source);
            }
        }
    }

    #[test]
    fn what_is_confused_is_known() {
        let rows = english_rows();
        let mut named: Vec<_> = rows.iter().collect();
        named.sort_unstable_by_key(|(name, _)| **name);
        for (name, (_, row)) in named {
            for other in forms(row.column(3)) {
                assert!(rows.get(other).is_some_and(|(known, _)| *known == other), "{name}: {other}");
            }
        }
    }
}
