//! `char/*`: characters that do not belong.

mod broken;
mod invisible;
mod leftover;
mod lookalike;
mod mojibake;

pub(super) use broken::{DECOMPOSED, REPLACEMENT};
pub(super) use invisible::{BIDI_CONTROL, CONTROL};
pub(super) use leftover::{LEFTOVER_SCRIPT, script_set};
pub(super) use lookalike::{CONFUSABLE, MIXED_SCRIPT};
pub(super) use mojibake::MOJIBAKE;

use crate::span::Span;

/// How far each way the ends of a word or an address are looked for, in bytes: longer than any word, and a bound on what
/// a line without spaces can cost.
const REACH: usize = 96;

/// What stands around a place without a gap: as far each way as `fits` holds.
fn widened(text: &str, span: Span, fits: impl Fn(char) -> bool) -> Span {
    let before = text[..span.start()].char_indices().rev().take_while(|&(at, c)| span.start() - at <= REACH && fits(c));
    let start = before.last().map_or(span.start(), |(at, _)| at);
    let after = text[span.end()..].char_indices().take_while(|&(at, c)| at <= REACH && fits(c));
    let end = after.last().map_or(span.end(), |(at, c)| span.end() + at + c.len_utf8());
    Span::new(start, end)
}

/// Whether a place lies in an address, a handle, or code between backticks: nothing there is running text.
pub(super) fn is_in_address(text: &str, span: Span) -> bool {
    let chunk = widened(text, span, |c| !c.is_whitespace()).of(text);
    let path = || chunk.find('.').is_some_and(|stop| chunk[stop..].contains('/'));
    chunk.contains("://") || chunk.contains(['@', '`']) || chunk.starts_with("www.") || path()
}

/// Whether a place has a quotation mark or a bracket on both sides: the character itself is meant.
pub(super) fn is_cited(text: &str, span: Span) -> bool {
    let fence = |c: Option<char>| {
        c.is_some_and(|c| crate::analyse::quotes::is_quotation_mark(c) || matches!(c, '(' | ')' | '[' | ']'))
    };
    fence(text[..span.start()].chars().next_back()) && fence(text[span.end()..].chars().next())
}
