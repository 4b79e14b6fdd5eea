//! `grammar/missing-agent`: “the plan was thwarted attacks”.

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, is_date_word, rule};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::Case;

pub(in crate::check) static MISSING_AGENT: Rule = rule(
    "grammar/missing-agent",
    "A passive with a noun behind it that nothing leads to: “by” is missing.",
    Severity::Major,
    missing_agent,
);

/// A noun with its article, or a name, behind a participle that takes no object.
const SURE: f64 = 0.88;
/// A noun in the plural without an article.
const BARE: f64 = 0.8;

const DETERMINERS: [&str; 6] = ["the", "a", "an", "his", "its", "their"];
const BE: [&str; 4] = ["was", "were", "been", "being"];

fn missing_agent(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let table = line.data().table("agent-verbs");
    for at in 1..line.len().saturating_sub(1) {
        let direct = line.is(at - 1, &BE);
        if !(direct || (at > 1 && line.is(at - 2, &BE)))
            || !table.has(line.low(at))
            || !line.is_apart(at)
            || line.goes_on(at)
            || !may_begin(&line, at + 1)
        {
            continue;
        }
        // The tags are asked last.
        if !(direct || line.part(at - 1) == Some(Upos::Adv)) || line.tag(at) != "VBN" {
            continue;
        }
        let Some((last, confidence)) = phrase(&line, at + 1) else { continue };
        // “whose house was destroyed houses …”: a question or a relative clause may have its noun elsewhere.
        let gap = Span::new(line.span(at, at).end(), line.span(at + 1, at + 1).start());
        let mut draft = Draft::new(
            line.span(at, last),
            confidence,
            format!("nothing leads from “{}” to “{}”: “by” is missing", line.written(at), line.letters(at + 1, last)),
        )
        .because(EvidenceKind::Pattern, "a passive and a bare noun phrase", None);
        if !passage.is_tried(document) {
            draft = draft.fix(Fix::replace(gap, " by ", 0.7));
        }
        out.push(draft);
    }
}

/// Whether a bare noun phrase may begin here, as far as letters show: an article, a name, or a plural among the next words.
fn may_begin(line: &Line<'_>, first: usize) -> bool {
    let plain = line.is_apart(first) && !is_date_word(line, first) && !line.belongs(first, "measure");
    plain
        && (line.is(first, &DETERMINERS)
            || line.case(first) != Case::Lower
            || (first..first + MAX_WORDS)
                .take_while(|at| line.is_apart(*at) && !line.data().table("function-words").has(line.low(*at)))
                .any(|at| at > first && line.low(at).ends_with('s')))
}

/// The noun phrase that begins here: its last word, and how sure that it should not stand so.
fn phrase(line: &Line<'_>, first: usize) -> Option<(usize, f64)> {
    if !line.is_apart(first) || is_date_word(line, first) {
        return None;
    }
    let determined = line.is(first, &DETERMINERS);
    let mut at = first + usize::from(determined);
    let mut head = None;
    while at < line.len() && at < first + MAX_WORDS {
        if line.goes_on(at) || line.belongs(at, "measure") || is_date_word(line, at) {
            return None;
        }
        match line.part(at) {
            Some(Upos::Noun | Upos::Propn) => head = Some(at),
            Some(Upos::Adj) if head.is_none() && !line.belongs(at, "adverb-here") => {}
            _ => break,
        }
        at += 1;
    }
    let head = head?;
    // A subject of its own, “was arrested the police said”, or a noun that a verb follows.
    if line.is_finite(at) || line.is_number(at) || line.is(at, &["ago", "later", "earlier", "before", "after", "long"])
    {
        return None;
    }
    let tag = line.tag(head);
    if determined {
        return Some((head, SURE));
    }
    match tag {
        "NNP" | "NNPS" => Some((head, SURE)),
        "NNS" if head > first => Some((head, BARE)),
        _ => None,
    }
}

/// The most words of a phrase.
const MAX_WORDS: usize = 6;
