//! `completeness/*`: what the translation leaves out, leaves as it was, or breaks off.

mod extent;
mod omitted;
mod sentence;
mod truncated;
mod voice;
mod words;

pub(super) use extent::{EMPTY, LENGTH};
pub(super) use omitted::{CLAUSE_OMITTED, SENTENCE_OMITTED};
pub(super) use sentence::{UNTRANSLATED, WRONG_LANGUAGE};
pub(super) use truncated::TRUNCATED;
pub(super) use words::UNTRANSLATED_SPAN;

use std::ops::Range;

use crate::analyse::{Document, Passage, Text};
use crate::span::Span;

/// The source of a translation into another language; `None` where there is no source, or its language is not known or the same.
fn other_language<'d, 'a>(document: &'d Document<'a>) -> Option<&'d Text<'a>> {
    let source = document.source.as_ref()?;
    let (from, to) = (source.data().tag(), document.target.data().tag());
    (from != to && from != "und" && to != "und").then_some(source)
}

/// The source sentences that a passage renders.
fn rendered(document: &Document<'_>, passage: &Passage<'_>) -> Range<usize> {
    document.alignment().source_of(passage.place).source
}

/// From the first of some sentences to the last.
fn reach(text: &Text<'_>, sentences: Range<usize>) -> Option<Span> {
    // Of no sentences there is no place: an empty range `1..1` must not be read as the sentences 1 to 0.
    let all = text.surface().sentences.get(sentences)?;
    Some(all.first()?.span.cover(all.last()?.span))
}

/// Letters and digits, in units of a Latin letter: a Chinese or Japanese character says as much as three.
fn weight(text: &str) -> usize {
    let letters = text.chars().filter(|&c| match c {
        // Most letters are of these, and the tables of Unicode are slow to ask.
        'а'..='я' | 'А'..='Я' | '\u{4e00}'..='\u{9fff}' => true,
        c => c.is_alphanumeric(),
    });
    letters.map(|c| if c >= '\u{3000}' { 3 } else { 1 }).sum()
}
