//! Which language a sentence speaks, by the small words that hold it together.

use icu_properties::PropertyParser;
use icu_properties::props::Script;

use crate::analyse::{Document, Passage};
use crate::language::{LanguageData, Table};
use crate::surface::{Case, Token, TokenKind};

/// So many different small words that no other language has, and the sentence is in the target's.
const OWN_ENOUGH: usize = 2;
/// The longest small word, in bytes.
const LONGEST: usize = 24;
/// Different words that are counted; more prove no more.
const COUNTED: usize = 12;
/// The share of a sentence, in percent, from which on a quotation holds the whole of it.
const MOSTLY: usize = 70;

/// The small words of a sentence that only one of two languages has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Voice {
    /// Words that the target language alone has.
    pub(super) own: usize,
    /// Different words that the other language alone has.
    pub(super) other: usize,
    /// How often those of the other language stand there.
    pub(super) times: usize,
}

fn small_words<'p>(passage: &Passage<'p>) -> impl Iterator<Item = &'p str> {
    let passage = *passage;
    let tokens = passage.tokens();
    let fits = |t: &Token| t.kind == TokenKind::Word && t.case != Case::Upper && t.span.len() <= LONGEST;
    // "i. d. R.", "u. a.": letters of abbreviations are words of other languages.
    let shortened = move |at: usize| {
        let next = tokens.get(at + 1).is_some_and(|t| t.glued && passage.written(t) == ".");
        next && passage.folded(&tokens[at]).chars().nth(1).is_none()
    };
    let words = tokens.iter().enumerate().filter(move |(at, t)| fits(t) && !shortened(*at));
    words.map(move |(_, t)| passage.folded(t))
}

/// Whether a sentence is plainly in the target language. Nearly every sentence is, and tells within a few words.
pub(super) fn is_own(passage: &Passage<'_>, own: &Table) -> bool {
    let mut seen = [""; OWN_ENOUGH];
    let mut count = 0;
    for word in small_words(passage) {
        if !seen.contains(&word) && own.get(word).is_some_and(|row| row.column(1) == "yes") {
            seen[count] = word;
            count += 1;
            if count == OWN_ENOUGH {
                return true;
            }
        }
    }
    false
}

/// Whether a sentence begins in letters that are not the target language's, which are `char/leftover-script`. Latin letters
/// are at home everywhere.
pub(super) fn is_in_other_letters(document: &Document<'_>, passage: &Passage<'_>) -> bool {
    let first = passage.tokens().iter().find(|t| t.kind == TokenKind::Word).map_or(Script::Latin, |t| t.script);
    let codes =
        LanguageData::shared().table("scripts").get(document.target.data().tag()).map_or("", |row| row.column(0));
    let parser = PropertyParser::<Script>::new();
    first != Script::Latin && !codes.split(',').filter_map(|code| parser.get_strict(code)).any(|script| script == first)
}

/// Weighs the small words of a sentence.
pub(super) fn weigh(passage: &Passage<'_>, own: &Table, other: &Table) -> Voice {
    let mut voice = Voice::default();
    let mut seen: Vec<&str> = Vec::with_capacity(COUNTED);
    for word in small_words(passage) {
        match (own.has(word), other.has(word)) {
            (true, false) => voice.own += 1,
            (false, true) => {
                voice.times += 1;
                if seen.len() < COUNTED && !seen.contains(&word) {
                    seen.push(word);
                }
            }
            _ => {}
        }
    }
    voice.other = seen.len();
    voice
}

/// How many words a sentence has, and how many of them are in lower case, which names are not.
pub(super) fn words(passage: &Passage<'_>) -> (usize, usize) {
    let words = || passage.tokens().iter().filter(|t| t.kind == TokenKind::Word);
    (words().count(), words().filter(|t| matches!(t.case, Case::Lower | Case::None)).count())
}

/// Whether a quotation, or brackets, hold all or nearly all of a sentence: what somebody said or wrote may stay as it was.
pub(super) fn is_quoted(document: &Document<'_>, passage: &Passage<'_>) -> bool {
    let text = passage.span().of(passage.text.text());
    if text.starts_with(['(', '[']) && text.trim_end_matches(['.', '!', '?']).ends_with([')', ']']) {
        return true;
    }
    let Some(sentence) = document.target.surface().sentences.get(passage.place) else {
        return false;
    };
    let span = sentence.span;
    document.quotations().before(span.end()).iter().any(|q| {
        let within = q.end().min(span.end()).saturating_sub(q.start().max(span.start()));
        within * 100 >= span.len() * MOSTLY
    })
}

#[cfg(test)]
mod tests {
    use crate::language::LanguageData;

    #[test]
    fn words_that_stand_alone_stand_in_no_other_table() {
        for language in LanguageData::all() {
            for (word, row) in language.table("function-words").iter() {
                let others = LanguageData::all().filter(|other| other.tag() != language.tag());
                let shared = others.into_iter().any(|other| other.table("function-words").has(word));
                let wanted = if shared { "no" } else { "yes" };
                assert_eq!(row.column(1), wanted, "{}/function-words.tsv: {word}", language.tag());
                assert!(
                    matches!(row.column(0), "open" | "lean" | "free"),
                    "{}/function-words.tsv: {word}",
                    language.tag()
                );
            }
        }
    }
}
