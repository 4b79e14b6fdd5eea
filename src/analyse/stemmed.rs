//! The words of a sentence as alignment needs them: stems by number, and what of their letters is compared.

use std::ops::Range;

use icu_properties::props::Script;

use crate::digest::Digest;
use crate::language::stem::{Stemmer, beginning};
use crate::language::{LanguageData, Words};
use crate::models::lexicon::{StemId, Vocabulary};
use crate::models::links::{Form, MAX_STEMS, MAX_WORDS, Word};
use crate::names;
use crate::surface::{Case, Surface, Token, TokenKind};

/// A sentence, or several in a row.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Its words and numbers.
    pub words: Vec<Word>,
    /// The token of each, as an index into its surface.
    pub tokens: Vec<usize>,
}

/// Fewest letters of two words that are akin by the first of them.
const AKIN_LETTERS: usize = 5;
/// Fewest letters of a word without a capital that is the same on both sides for a reason.
const SAME_LETTERS: usize = 4;
/// Fewest letters of a word that is taken apart, and of each part.
const LEAST_COMPOUND: usize = 6;
const LEAST_PART: usize = 3;

impl Sentence {
    /// The words among tokens of a text, which are those of a sentence or of several.
    pub fn of(
        surface: &Surface,
        tokens: Range<usize>,
        data: LanguageData,
        vocabulary: Option<&Vocabulary<'_>>,
    ) -> Self {
        let stemmer = Stemmer::of(data);
        let unspaced = data.words() == Words::Unspaced;
        let mut sentence = Self::default();
        for at in tokens {
            let Some(token) = surface.tokens.get(at).filter(|t| is_word(t)) else { continue };
            if sentence.words.len() == MAX_WORDS {
                break;
            }
            let folded = surface.folded(token);
            let mut stems = [None; MAX_STEMS];
            let mut first = None;
            let mut count = 0;
            if let Some(vocabulary) = vocabulary {
                let mut add = |stem: StemId| {
                    if let Some(slot) = stems.get_mut(count).filter(|_| count < MAX_STEMS) {
                        *slot = Some(stem);
                        count += 1;
                    }
                };
                stemmer.stems(folded, |stem| {
                    let part = beginning(stem).and_then(|b| vocabulary.find(&b));
                    first = first.or(part);
                    match vocabulary.find(stem) {
                        Some(known) => add(known),
                        None if unspaced => characters(stem, vocabulary, &mut add),
                        None if part.is_none() => parts(stem, vocabulary, &mut add),
                        None => {}
                    }
                });
            }
            let (same, akin) = keys(token, folded);
            sentence.words.push(Word { stems, beginning: first, same, akin, form: form(token) });
            sentence.tokens.push(at);
        }
        sentence
    }

    /// The letters of a word.
    pub fn written<'t>(&self, surface: &Surface, text: &'t str, word: usize) -> &'t str {
        let token = self.tokens.get(word).and_then(|token| surface.tokens.get(*token));
        token.map_or("", |token| token.span.of(text))
    }
}

/// Whether a token is aligned.
pub fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Number)
}

fn form(token: &Token) -> Form {
    match (token.kind, token.case) {
        (TokenKind::Number, _) => Form::Number,
        (_, Case::Lower) => Form::Word,
        _ => Form::Name,
    }
}

fn key(kind: &str, letters: &str) -> u64 {
    let mut digest = Digest::default();
    digest.write(kind.as_bytes());
    digest.write(letters.as_bytes());
    digest.finish().max(1)
}

/// What makes it the same as a word of the other side, and what makes it akin to one.
fn keys(token: &Token, folded: &str) -> (u64, u64) {
    if token.kind == TokenKind::Number {
        let digits: String =
            folded.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
        return if digits.is_empty() { (0, 0) } else { (key("number", &digits), 0) };
    }
    if token.script != Script::Latin {
        return (0, 0);
    }
    let bare = folded.strip_suffix("'s").unwrap_or(folded);
    let letters = names::plain(bare);
    let counts = letters.len() >= SAME_LETTERS || (token.case != Case::Lower && letters.len() > 1);
    let same = if counts { key("same", &letters) } else { 0 };
    let akin = letters.get(..AKIN_LETTERS).map_or(0, |first| key("akin", first));
    (same, akin)
}

/// The stems of the two parts of a closed compound, or the one that a word begins with.
fn parts(stem: &str, vocabulary: &Vocabulary<'_>, add: &mut impl FnMut(StemId)) {
    let letters = stem.chars().count();
    if letters < LEAST_COMPOUND {
        return;
    }
    let cuts = stem.char_indices().rev().map(|(at, _)| at).take(letters - LEAST_PART.max(letters / 2));
    for at in cuts {
        if let Some(known) = stem.get(..at).and_then(|part| vocabulary.find(part)) {
            return add(known);
        }
    }
}

/// The longest words that unspaced letters are made of.
fn characters(letters: &str, vocabulary: &Vocabulary<'_>, add: &mut impl FnMut(StemId)) {
    let mut rest = letters;
    while !rest.is_empty() {
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
        let mut longest = None;
        for end in ends.take(4) {
            if let Some(known) = rest.get(..end).and_then(|part| vocabulary.find(part)) {
                longest = Some((end, known));
            }
        }
        let first = rest.chars().next().map_or(rest.len(), char::len_utf8);
        let end = longest.map_or(first, |(end, known)| {
            add(known);
            end
        });
        rest = rest.get(end..).unwrap_or("");
    }
}
