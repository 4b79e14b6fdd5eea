//! `grammar/order`: words of one clause in an order that English does not have.

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, is_date_word, rule};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static ORDER: Rule =
    rule("grammar/order", "Words in an order that English does not have.", Severity::Minor, order);

/// “in already 2015”.
const ADVERB: f64 = 0.88;
/// “visited yesterday the camp”.
const TIME: f64 = 0.82;
/// “the army Russian”.
const ADJECTIVE: f64 = 0.82;

fn order(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 0..line.len().saturating_sub(1) {
        let found = adverb(&line, at).or_else(|| time(&line, at)).or_else(|| adjective(&line, at));
        let Some((last, confidence, text)) = found else { continue };
        let span = line.span(at, last);
        let mut draft = Draft::new(
            span,
            confidence,
            format!("“{}”: English has these words in another order", line.letters(at, last)),
        )
        .because(EvidenceKind::Pattern, "order of words", None);
        if !passage.is_tried(document) {
            draft = draft.fix(Fix::replace(span, text, 0.8));
        }
        out.push(draft);
    }
}

/// The last word, how sure it is, and the words in order.
type Turned = (usize, f64, String);

/// In already 2015, on already Monday.
fn adverb(line: &Line<'_>, at: usize) -> Option<Turned> {
    if !line.is(at, &["in", "on", "since", "at", "by"])
        || !line.is(at + 1, &["already", "still", "yet"])
        || line.goes_on(at + 1)
    {
        return None;
    }
    let last = at + 2;
    let year = line.is_number(last) && line.written(last).len() == 4;
    if !(year || is_date_word(line, last)) || !line.ends_before(last + 1) && !line.is_apart(last + 1) {
        return None;
    }
    (line.case(at) == Case::Lower)
        .then(|| (last, ADVERB, format!("{} {} {}", line.written(at + 1), line.written(at), line.written(last))))
}

/// Visited yesterday the camp: a short object behind a word of time.
fn time(line: &Line<'_>, at: usize) -> Option<Turned> {
    if !line.is(at + 1, &["yesterday", "today", "tomorrow"]) || line.goes_on(at + 1) || !line.is_apart(at) {
        return None;
    }
    let first = at + 2;
    if !line.is(first, &["the", "a", "an", "his", "its", "their"]) || !line.is_apart(first) {
        return None;
    }
    if line.data().table("saying").has(line.low(at)) || line.tag(at) != "VBD" {
        return None;
    }
    let mut last = first;
    while matches!(line.part(last + 1), Some(Upos::Noun | Upos::Propn | Upos::Adj)) && last < first + MAX_OBJECT {
        last += 1;
    }
    let short = last > first && line.is_noun(last) && line.ends_before(last + 1) && !line.goes_on(last);
    let subject = at.checked_sub(1).is_some_and(|before| line.is_noun(before) || line.part(before) == Some(Upos::Pron));
    (short && subject)
        .then(|| (last, TIME, format!("{} {} {}", line.written(at), line.letters(first, last), line.written(at + 1))))
}

/// The most words of an object behind its article.
const MAX_OBJECT: usize = 4;

/// The army Russian.
fn adjective(line: &Line<'_>, at: usize) -> Option<Turned> {
    let last = at + 2;
    if !line.is(at, &["the"])
        || line.case(last) != Case::Title
        || line.case(at + 1) != Case::Lower
        || line.is(at + 1, &["term", "word", "name", "title", "rest", "label", "language"])
        || !line.data().table("nationalities").has(line.low(last))
    {
        return None;
    }
    if !line.is_apart(last) || line.goes_on(last) || line.goes_on(at + 1) {
        return None;
    }
    // The tags are asked last.
    if !line.is_noun(at + 1) || !matches!(line.tag(last), "JJ" | "NNP") || line.is_noun(last + 1) {
        return None;
    }
    let person = line.data().table("count-nouns").get(line.low(at + 1)).is_some_and(|row| row.column(1) == "person");
    let closed = line.ends_before(last + 1)
        || line.is_finite(last + 1)
        || line.is(last + 1, &["in", "of", "to", "and", "at", "on", "with", "by"]);
    (closed && !person)
        .then(|| (last, ADJECTIVE, format!("{} {} {}", line.written(at), line.written(last), line.written(at + 1))))
}
