//! What the rules of `punct` and `space` ask: what a language does with a mark, and what stands around a place.

use crate::analyse::{Document, Passage};
use crate::language::{LanguageData, Row, Table};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

/// The space that French sets before a colon.
pub(super) const NO_BREAK: char = '\u{a0}';
/// The thin one that it sets before a question mark.
pub(super) const NARROW: char = '\u{202f}';

/// What a language does with its marks: the table `punctuation`, for the text's region.
pub(super) struct Marks<'a> {
    table: Table,
    region: &'a str,
}

/// What a language does with one mark.
#[derive(Clone, Copy)]
pub(super) struct Habit(Row);

impl<'a> Marks<'a> {
    /// Those of the translation's language.
    pub(super) fn of(document: &'a Document<'_>) -> Self {
        let region = document.target_language().and_then(|language| language.region()).unwrap_or("");
        Self { table: document.target.data().table("punctuation"), region }
    }

    /// A mark's habit; `None` for what is no mark, and where the region has another.
    pub(super) fn get(&self, mark: char) -> Option<Habit> {
        let row = self.table.get(mark.encode_utf8(&mut [0; 4]))?;
        let elsewhere = !self.region.is_empty() && row.column(5).split('|').any(|region| region == self.region);
        (!elsewhere).then_some(Habit(row))
    }

    /// The mark that ends a plain sentence; `None` where the language ends none so.
    pub(super) fn stop(&self) -> Option<&'static str> {
        self.table.iter().find(|(_, row)| row.column(0) == "stop").map(|(mark, _)| mark)
    }
}

impl Habit {
    /// It belongs to another script.
    pub(super) fn is_foreign(self) -> bool {
        self.0.column(0) == "foreign"
    }

    /// It stands against the word before it.
    pub(super) fn is_closed_before(self) -> bool {
        self.0.column(1) == "closed"
    }

    /// The space that it wants before it.
    pub(super) fn space_before(self) -> Option<char> {
        space(self.0.column(1))
    }

    /// The space that it wants after it.
    pub(super) fn space_after(self) -> Option<char> {
        space(self.0.column(2))
    }

    /// An ordinary space follows it.
    pub(super) fn is_spaced_after(self) -> bool {
        self.0.column(2) == "spaced"
    }

    /// The word after it stands against it.
    pub(super) fn is_closed_after(self) -> bool {
        self.0.column(2) == "closed"
    }

    /// It goes inside a closing quotation mark.
    pub(super) fn goes_inside_quotes(self) -> bool {
        self.0.column(3) == "inside"
    }

    /// What the language writes instead; empty where it writes nothing.
    pub(super) fn instead(self) -> &'static str {
        self.0.column(4)
    }
}

fn space(name: &str) -> Option<char> {
    match name {
        "no-break" => Some(NO_BREAK),
        "narrow" => Some(NARROW),
        _ => None,
    }
}

/// A mark that may close a quotation.
pub(super) fn closes_quotation(c: char) -> bool {
    matches!(c, '”' | '"' | '»' | '’' | '“' | '›' | '」' | '』')
}

/// What may stand before a mark: a letter, a digit, or something that closes.
pub(super) fn ends_a_word(c: char) -> bool {
    c.is_alphanumeric() || closes_quotation(c) || matches!(c, ')' | ']' | '%' | '°' | '）')
}

/// How far a word is followed, in bytes: the longest that a rule needs to see whole, in letters of three bytes.
const WORD_BYTES: usize = 96;

/// The letters that end at a place.
pub(super) fn letters_before(text: &str, at: usize) -> &str {
    let mut start = at;
    for (i, c) in text[..at].char_indices().rev() {
        if !is_letter(c) || at - i > WORD_BYTES {
            break;
        }
        start = i;
    }
    &text[start..at]
}

/// The letters that begin at a place.
pub(super) fn letters_after(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = rest.char_indices().find(|&(i, c)| !is_letter(c) || i > WORD_BYTES).map_or(rest.len(), |(i, _)| i);
    &rest[..end]
}

/// A letter, or a sign that is part of one: vowel signs, accents.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || ('\u{300}'..='\u{36f}').contains(&c) || ('\u{900}'..='\u{dff}').contains(&c)
}

/// What stands around a place without white space between.
pub(super) fn chunk(text: &str, at: usize) -> Span {
    let before = text[..at].char_indices().rev().find(|&(i, c)| c.is_whitespace() || at - i > WORD_BYTES);
    let after = text[at..].char_indices().find(|&(i, c)| c.is_whitespace() || i > WORD_BYTES);
    let start = before.map_or(0, |(i, c)| i + c.len_utf8());
    Span::new(start, after.map_or(text.len(), |(i, _)| at + i))
}

/// An address, a handle, a path, a piece of code or of markup: marks mean something else there.
pub(super) fn is_code(chunk: &str) -> bool {
    chunk.bytes().any(|b| b"@_=\\{}<>#|`~/&$*".contains(&b))
        || chunk.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

/// Whether an inline code lies in a place or against it: what it stands for nobody knows.
pub(super) fn is_by_mask(passage: &Passage<'_>, span: Span) -> bool {
    let tokens = passage.tokens();
    let first = tokens.partition_point(|t| t.span.end() < span.start());
    tokens[first..].iter().take_while(|t| t.span.start() <= span.end()).any(|t| t.kind == TokenKind::Mask)
}

/// A place from the beginning of the word that `start` lies in or ends to the end of the one at `end`, so that a mark upon
/// white space shows something.
pub(super) fn with_words(text: &str, start: usize, end: usize) -> Span {
    let before = letters_or_digits(text[..start].chars().rev());
    let after = letters_or_digits(text[end..].chars());
    Span::new(start - before, end + after)
}

fn letters_or_digits(chars: impl Iterator<Item = char>) -> usize {
    let mut bytes = 0;
    for c in chars.take_while(|&c| is_letter(c) || c.is_numeric()) {
        if bytes > WORD_BYTES {
            break;
        }
        bytes += c.len_utf8();
    }
    bytes
}

/// Whether a word with a stop behind it is an abbreviation.
pub(super) fn is_abbreviation(data: LanguageData, word: &str) -> bool {
    data.table("abbreviations").has(&format!("{}.", word.to_lowercase()))
}

/// The token at a place, or the first after it.
pub(super) fn token_at<'p>(passage: &Passage<'p>, at: usize) -> Option<(usize, &'p Token)> {
    let tokens = passage.tokens();
    let index = tokens.partition_point(|t| t.span.end() <= at);
    tokens.get(index).map(|token| (index, token))
}
