//! `grammar/dangling`: a clause that hangs on nothing.

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;

pub(in crate::check) static DANGLING: Rule =
    rule("grammar/dangling", "A clause with “that” hangs on no verb of the sentence.", Severity::Major, dangling);

/// “According to him that”: there is no other reading.
const ACCORDING: f64 = 0.93;
/// “Earlier that Russia”: a word of time at the head, and a clause behind “that”.
const ADVERB: f64 = 0.9;

fn dangling(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let Some(first) = (0..line.len().min(4)).find(|at| !line.is_mark(*at)) else { return };
    let (that, confidence) = if line.belongs(first, "opens") && line.is(first + 1, &["that"]) {
        (first + 1, ADVERB)
    } else if line.is(first, &["according"]) && line.is(first + 1, &["to"]) {
        let Some(that) = (first + 3..(first + MAX_SOURCE).min(line.len())).find(|at| line.is(*at, &["that"])) else {
            return;
        };
        // “According to reports that the bank had failed, …”: the clause hangs on the noun.
        if !is_source(&line, first + 2, that - usize::from(line.written(that - 1) == ",")) {
            return;
        }
        (that, ACCORDING)
    } else {
        return;
    };
    if !line.is_apart(that) || line.belongs(that + 1, "period") || !opens_clause(&line, that + 1) {
        return;
    }
    let end = (that + 1..line.len()).find(|at| line.written(*at) == ",").unwrap_or(line.len());
    let has_verb = (that + 2..line.len()).any(|at| line.is_finite(at));
    // “Also that year, he …” has its clause behind the comma; a verb must stand before it.
    let verb_before = (that + 2..end).any(|at| line.is_finite(at));
    if !has_verb || !verb_before {
        return;
    }
    let comma = if line.written(that - 1) == "," { "" } else { "," };
    let gap = Span::new(line.span(that - 1, that - 1).end(), line.span(that, that).end());
    out.push(
        Draft::new(line.span(first, that), confidence, "the clause with “that” hangs on nothing: its verb is missing")
            .fix(Fix::replace(gap, comma, 0.7))
            .because(EvidenceKind::Pattern, "an opening, and a clause with “that”", None),
    );
}

/// The most words of whoever something is according to.
const MAX_SOURCE: usize = 10;

/// Whether the words are a person or a name, which no clause hangs on: him, the minister, Ann Lee.
fn is_source(line: &Line<'_>, first: usize, end: usize) -> bool {
    if end == first + 1 {
        return line.is(first, &["him", "her", "them", "me", "us"]) || line.part(first) == Some(Upos::Propn);
    }
    let last = end - 1;
    line.part(last) == Some(Upos::Propn)
        || (line.data().table("count-nouns").get(line.low(last)).is_some_and(|row| row.column(1) == "person")
            && (first..last).all(|at| matches!(line.part(at), Some(Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn))))
}

/// Whether a subject begins here: a pronoun, an article, a name, nouns in the plural.
fn opens_clause(line: &Line<'_>, at: usize) -> bool {
    line.is(at, &["he", "she", "it", "they", "we", "the", "a", "an", "there", "his", "their", "this", "these", "i"])
        || (line.part(at) == Some(Upos::Propn) && line.case(at) != crate::surface::Case::Lower)
        || line.tag(at) == "NNS"
}
