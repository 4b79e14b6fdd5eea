//! Small things that repairs of many rules need: putting a word in the case and number of the one it replaces.

use crate::glossary::matcher::english_plural;
use crate::surface::{Case, case_of};

/// Writes `replacement` as `original` was written, where that is a matter of place and not of the word: ALL CAPITALS, or a
/// capital at the head of a sentence.
pub(crate) fn in_case_of(original: &str, replacement: &str, opens_sentence: bool) -> String {
    let letters = original.chars().filter(|c| c.is_alphabetic()).count();
    if case_of(original) == Case::Upper && letters > 3 && case_of(replacement) == Case::Lower {
        return replacement.to_uppercase();
    }
    let capital = original.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    if opens_sentence && capital { capitalised(replacement) } else { replacement.to_owned() }
}

/// The same with a capital first letter.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// The English plural of a phrase's last word.
pub(crate) fn plural(phrase: &str) -> String {
    let (head, last) = match phrase.rfind([' ', '-']) {
        Some(at) => phrase.split_at(at + 1),
        None => ("", phrase),
    };
    english_plural(last).map_or_else(|| phrase.to_owned(), |last| format!("{head}{last}"))
}
