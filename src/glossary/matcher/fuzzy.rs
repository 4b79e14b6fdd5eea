//! Words of a text that are a form but for one of them: by a slip of the pen, or otherwise.
//!
//! This is asked of one form and one sentence at a time, where something says that the form should be there: a search for
//! slips of all forms would cost every text for the few that have one, and find many that are none.

use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, Token, TokenKind, fold, without_possessive};

use super::How;

/// The fewest letters of a word that is compared by letters.
pub const MIN_LETTERS: usize = 5;
/// The most words of a text that are compared with one form.
const MAX_WORDS: usize = 400;
/// The longest word that is compared: comparing costs the product of the lengths.
const MAX_LETTERS: usize = 64;

/// Words of a text that are those of a form, but for one.
#[derive(Clone, Debug)]
pub struct OneOff<'t> {
    /// Their place; an English possessive ending is left out.
    pub span: Span,
    /// The word that is not the form's.
    pub token: &'t Token,
    /// Its letters, folded, without a possessive ending.
    pub word: &'t str,
    /// The form's word in its place, folded.
    pub want: String,
    /// The form's word after it.
    pub next: Option<String>,
    /// How many words the form has.
    pub words: usize,
    /// Letters of the form.
    letters: usize,
    /// Letters too many, too few, other, or changed for their neighbour.
    pub slips: usize,
}

impl OneOff<'_> {
    /// How it matches, where it is as near as a slip: a letter, or two of a long word.
    pub fn how(&self) -> Option<How> {
        let letters = self.want.chars().count();
        let near = letters >= MIN_LETTERS && self.slips <= 1 + usize::from(letters > 2 * MIN_LETTERS);
        near.then(|| How::fuzzy(self.letters.saturating_sub(self.slips), self.letters))
    }
}

/// Every place where words in a row are a form but for one of them, in the order of the text.
pub fn one_off<'t>(
    form: &str,
    text: &'t str,
    surface: &'t Surface,
    tokens: &'t [Token],
    data: LanguageData,
) -> Vec<OneOff<'t>> {
    let words: Vec<&Token> = tokens.iter().filter(|t| t.kind == TokenKind::Word).take(MAX_WORDS).collect();
    let wanted: Vec<String> = form.split([' ', '-']).map(fold).filter(|w| !w.is_empty()).collect();
    let letters = wanted.iter().map(|w| w.chars().count()).sum();
    let compare = |window: &[&'t Token]| {
        let mut off = None;
        for (at, (token, want)) in window.iter().zip(&wanted).enumerate() {
            let word = bare(surface.folded(token), data);
            if word != want && off.replace((at, *token, word, want)).is_some() {
                return None;
            }
        }
        let (at, token, word, want) = off?;
        let (first, last) = window.first().zip(window.last())?;
        if word.chars().take(MAX_LETTERS).count().max(want.chars().take(MAX_LETTERS).count()) == MAX_LETTERS {
            return None;
        }
        Some(OneOff {
            span: first.span.cover(without_possessive(text, last.span)),
            token,
            word,
            want: want.clone(),
            next: wanted.get(at + 1).cloned(),
            words: wanted.len(),
            letters,
            slips: strsim::osa_distance(word, want),
        })
    };
    words.windows(wanted.len().max(1)).filter_map(compare).collect()
}

/// A word without an ending that is no part of a term, as the English possessive.
pub fn bare(word: &str, data: LanguageData) -> &str {
    data.morphology().and_then(|m| m.without_possessive(word)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_has_a_score() {
        let english = LanguageData::named("en").expect("en");
        let text = "The Investigatve Committee and the Investigation Committee's head met.";
        let surface = Surface::new(text, english, &[], &[]);
        let found = one_off("Investigative Committee", text, &surface, &surface.tokens, english);
        let told: Vec<_> = found.iter().map(|o| (o.span.of(text), o.word, o.how())).collect();
        assert_eq!(
            told,
            [
                ("Investigatve Committee", "investigatve", Some(How::Fuzzy(955))),
                ("Investigation Committee", "investigation", Some(How::Fuzzy(909))),
            ]
        );
        assert!(one_off("Ministry of Defence", text, &surface, &surface.tokens, english).is_empty());
        assert_eq!(How::Fuzzy(955).in_words().as_deref(), Some("but for a slip: 0.95 alike"));
    }

    #[test]
    fn the_cost_is_bounded() {
        let text = format!("{} {}", "a".repeat(10_000), "word ".repeat(5_000));
        let surface = Surface::new(&text, LanguageData::NONE, &[], &[]);
        assert!(one_off(&"b".repeat(9_000), &text, &surface, &surface.tokens, LanguageData::NONE).len() <= MAX_WORDS);
    }
}
