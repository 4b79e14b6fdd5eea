//! Small things that repairs of many rules need: putting a word in the case and number of the one it replaces.

use crate::glossary::matcher::english_plural;
use crate::language::LanguageData;
use crate::surface::{Case, case_of, fold};

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

/// The article that English wants before a phrase.
pub(crate) fn english_article(phrase: &str, data: LanguageData) -> &'static str {
    let folded = fold(phrase);
    let first = phrase.split([' ', '-']).next().unwrap_or("");
    let table = data.table("articles");
    let reach = folded.len().min(first.len()).min(8);
    let begins = (1..=reach).rev().filter_map(|end| folded.get(..end));
    let mut listed = begins.filter_map(|start| table.get(start).map(|row| (start, row)));
    if let Some((_, row)) = listed.find(|(start, row)| row.column(1) == "no" || start.len() == first.len()) {
        return row.column(0);
    }
    // An initialism is spelled out: an MP, an NGO, a BBC report.
    let spelled = case_of(first) == Case::Upper && !first.chars().any(|c| "AEIOU".contains(c));
    let vowels: &[char] = if spelled { &['f', 'h', 'l', 'm', 'n', 'r', 's', 'x'] } else { &['a', 'e', 'i', 'o', 'u'] };
    if folded.starts_with(vowels) { "an" } else { "a" }
}

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
