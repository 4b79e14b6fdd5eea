//! Whether a plain word that the glossary forbids stands in its own sense: in a set phrase that no rendering of a term makes.

use crate::analyse::Passage;
use crate::span::Span;
use crate::surface::TokenKind;

/// The longest set phrase, in words.
const MAX_PHRASE: usize = 5;

/// Whether the word at a place belongs to a set phrase of its language: "on the board of", "in the light of".
pub(super) fn in_set_phrase(passage: &Passage<'_>, span: Span) -> bool {
    let table = passage.text.data().table("set-phrases");
    if table.is_empty() {
        return false;
    }
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < span.start());
    (at.saturating_sub(MAX_PHRASE - 1)..=at).any(|first| {
        let mut phrase = String::new();
        for token in tokens.iter().skip(first).take(MAX_PHRASE).take_while(|t| t.kind != TokenKind::Mark) {
            if !phrase.is_empty() {
                phrase.push(' ');
            }
            phrase.push_str(passage.folded(token));
            if token.span.end() >= span.end() && phrase.contains(' ') && table.has(&phrase) {
                return true;
            }
        }
        false
    })
}
