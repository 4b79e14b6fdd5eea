//! `case/*`: capital letters.

mod acronym;
mod calendar;
mod common;
mod headline;
mod institution;
mod nationality;
mod sentence;
mod title;

pub(super) use acronym::ACRONYM;
pub(super) use calendar::MONTH_OR_WEEKDAY;
pub(super) use common::COMMON_NOUN;
pub(super) use headline::HEADLINE_TITLE_CASE;
pub(super) use institution::INSTITUTION;
pub(super) use nationality::NATIONALITY;
pub(super) use sentence::SENTENCE_START;
pub(super) use title::TITLE;

use crate::analyse::Passage;
use crate::surface::{Token, TokenKind};

/// The sentence is somebody's post: it has handles or hashtags, and its capitals are its author's.
fn is_post(passage: &Passage<'_>) -> bool {
    passage.tokens().iter().any(|t| t.kind == TokenKind::Mark && matches!(passage.written(t), "#" | "@"))
}

/// A word of running text, and not a piece of something longer that dots or underscores hold together.
fn is_word(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.kind == TokenKind::Word)
}
