//! Small things that many rules need: putting a word in the case and number of the one it replaces, and telling code from words.

use crate::analyse::Passage;
use crate::glossary::matcher::english_plural;
use crate::language::LanguageData;
use crate::surface::{Case, Token, TokenKind, case_of, fold};

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

/// Part of an address, a handle, a file name: something that is not running text stands against it.
pub(crate) fn is_part_of_code(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let joint = |t: Option<&Token>| {
        t.is_some_and(|t| t.glued && matches!(passage.written(t), "." | "/" | "@" | "#" | "_" | ":"))
    };
    let glued_before = tokens[at].glued
        && at.checked_sub(1).is_some_and(|i| matches!(passage.written(&tokens[i]), "." | "/" | "@" | "#" | "_"));
    glued_before
        || (joint(tokens.get(at + 1)) && tokens.get(at + 2).is_some_and(|t| t.glued && t.kind == TokenKind::Word))
}

/// The same with a capital first letter.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// The article that English wants before a phrase.
pub(crate) fn english_article(phrase: &str, data: LanguageData) -> &'static str {
    let table = data.table("articles");
    let first = phrase.split([' ', '-']).next().unwrap_or("");
    // Initials are read letter by letter: an MP, an NGO, an EU envoy, but a UN envoy and a NATO ship.
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    if case_of(first) == Case::Upper && letters <= LONGEST_INITIALS {
        let letter = first.chars().next().map(String::from).unwrap_or_default();
        return table.get(&letter).map_or("a", |row| row.column(0));
    }
    let folded = fold(phrase);
    let listed = (1..=folded.len().min(8)).rev().filter_map(|end| folded.get(..end)).find_map(|start| table.get(start));
    listed.map_or("a", |row| row.column(0))
}

/// Capitals up to so many are read letter by letter; longer ones mostly as a word.
const LONGEST_INITIALS: usize = 3;

/// The English plural of a phrase's last word.
pub(crate) fn plural(phrase: &str) -> String {
    let (head, last) = match phrase.rfind([' ', '-']) {
        Some(at) => phrase.split_at(at + 1),
        None => ("", phrase),
    };
    english_plural(last).map_or_else(|| phrase.to_owned(), |last| format!("{head}{last}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_go_by_sound() {
        let data = LanguageData::of(&crate::article::Language::parse("en").expect("en"));
        for (phrase, article) in [
            ("order", "an"),
            ("ceasefire", "a"),
            ("hour", "an"),
            ("union", "a"),
            ("unimportant man", "an"),
            ("MP", "an"),
            ("UN envoy", "a"),
            ("European", "a"),
            ("one-off", "a"),
            ("NGO", "an"),
            ("U.S. ship", "a"),
            ("umbrella", "an"),
            ("EU rule", "an"),
            ("NATO ship", "a"),
        ] {
            assert_eq!(english_article(phrase, data), article, "{phrase}");
        }
    }

    #[test]
    fn case_and_number_follow_the_place() {
        assert_eq!(in_case_of("CEASE-FIRE", "ceasefire", false), "CEASEFIRE");
        assert_eq!(in_case_of("Cease-fire", "ceasefire", true), "Ceasefire");
        assert_eq!(in_case_of("state Department", "State Department", false), "State Department");
        assert_eq!(plural("polling station"), "polling stations");
        assert_eq!(plural("party"), "parties");
    }
}
