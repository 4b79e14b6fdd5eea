//! Every desk's names: countries, capitals and great organisations, which no glossary need list to have them held to.
//!
//! The data are `desk-names.tsv` of each source language; a language's are compiled when a text first needs them.

use std::sync::OnceLock;

use crate::article::Language;
use crate::finding::EntityKind;
use crate::language::LanguageData;

use super::{Entry, Pair, compile_pair};

/// The source languages that there are names for; into English alone.
const LANGUAGES: [&str; 5] = ["de", "es", "fr", "ru", "uk"];

/// The names of a source language with their English, if there are any.
pub fn names(source: &Language) -> Option<&'static Pair> {
    static PAIRS: [OnceLock<Option<Pair>>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    let at = LANGUAGES.iter().position(|tag| *tag == source.primary())?;
    PAIRS.get(at)?.get_or_init(|| compile(LANGUAGES.get(at)?)).as_ref()
}

fn compile(tag: &str) -> Option<Pair> {
    let source = Language::parse(tag).ok()?;
    let english = Language::parse("en").ok()?;
    let forms = |column: &str| column.split('|').filter(|f| !f.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let table = LanguageData::of(&source).table("desk-names");
    let entries: Vec<Entry> = table
        .iter()
        .map(|(name, row)| {
            let mut admitted = forms(row.column(0));
            let target = if admitted.is_empty() { String::new() } else { admitted.remove(0) };
            let kind = match row.column(1) {
                "organization" => EntityKind::Organization,
                _ => EntityKind::Place,
            };
            Entry {
                source: name.to_owned(),
                target,
                admitted,
                forbidden: forms(row.column(2)),
                kind: Some(kind),
                source_language: Some(source.clone()),
                target_language: Some(english.clone()),
                ..Entry::default()
            }
        })
        .collect();
    (!entries.is_empty()).then(|| compile_pair(&entries.iter().collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_names_that_can_be_matched() {
        for tag in LANGUAGES {
            let pair = names(&Language::parse(tag).expect("a tag")).expect("names");
            assert!(pair.concepts.len() > 250, "{tag}: {}", pair.concepts.len());
            assert!(pair.concepts.iter().all(|c| c.best().is_some()), "{tag}");
        }
    }
}
