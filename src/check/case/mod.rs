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

use crate::analyse::{Document, Passage};
use crate::glossary::matcher::{How, Role};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

/// The sentence is somebody's post: it has handles or hashtags, and its capitals are its author's.
fn is_post(passage: &Passage<'_>) -> bool {
    passage.tokens().iter().any(|t| t.kind == TokenKind::Mark && matches!(passage.written(t), "#" | "@"))
}

/// A glossary has the words as they stand here, so they are right.
fn is_term(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    let hits = document.target_terms(passage);
    let after = hits.partition_point(|h| h.hit.span.start() <= span.start());
    hits[..after]
        .iter()
        .rev()
        .take(MAX_HITS)
        .any(|h| h.hit.role == Role::Approved && h.hit.how == How::Exact && h.hit.span.end() >= span.end())
}

/// Forms of a glossary that begin before a place and are asked whether they cover it.
const MAX_HITS: usize = 8;

/// A word, and not a mark, a number or the border of the sentence.
fn is_word(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.kind == TokenKind::Word)
}
