//! `grammar/complement`: verbs with what they cannot take: suggested to do, informed that, prevented to leave.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line, is_day};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::english::{Shape, verb_forms};
use crate::span::Span;
use crate::surface::{Case, TokenKind};

pub(in crate::check) static COMPLEMENT: Rule = Rule {
    id: "grammar/complement",
    summary: "A verb with a clause, an infinitive or a quotation that it does not take.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(complement),
};

/// A verb with a clause or an infinitive that it never takes; edited English of 11 million words has three, all slips.
const SURE: f64 = 0.88;
/// What the tags must tell.
const TAGGED: f64 = 0.82;

const BE: [&str; 16] = [
    "be", "been", "being", "is", "are", "was", "were", "am", "'s", "get", "got", "gets", "getting", "feel", "felt",
    "rest",
];

/// What is wrong: from which token to which, what stands instead, how sure that is.
struct Wrong {
    first: usize,
    last: usize,
    instead: Vec<String>,
    confidence: f64,
    what: &'static str,
}

fn complement(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let table = line.data().table("complements");
    for at in 0..line.len().saturating_sub(1) {
        let low = line.low(at);
        let Some(row) = table.get(low).filter(|_| line.token(at).is_some_and(|t| t.kind == TokenKind::Word)) else {
            continue;
        };
        let found = row.column(0).split('|').zip(row.column(1).split('|')).find_map(|(kind, right)| match kind {
            "that" => clause(&line, at, right, false),
            "that-free" => clause(&line, at, right, true),
            "about" => about(&line, at, right),
            "quote" => quote(&line, at, right),
            "ing" => gerund(&line, at),
            "from" => from(&line, at),
            "possible" => possible(&line, at, right),
            "order" => order(&line, at),
            _ => None,
        });
        let Some(found) = found else { continue };
        let span = line.span(found.first, found.last);
        let written = line.letters(found.first, found.last);
        let message = format!("“{written}”: {}", found.what);
        let mut draft =
            Draft::new(span, found.confidence, message).because(EvidenceKind::Data, "what a verb takes", None);
        if !passage.is_tried(document) {
            for (nth, text) in found.instead.into_iter().enumerate() {
                let score = if nth == 0 { 0.8 } else { 0.5 };
                draft = draft.fix(Fix::replace(Span::new(span.start(), span.end()), text, score));
            }
        }
        out.push(draft);
    }
}

/// Steps back over adverbs and days.
fn before(line: &Line<'_>, at: usize) -> Option<usize> {
    let mut at = at.checked_sub(1)?;
    while line.belongs(at, "adverb-between") || is_day(line, at) || (line.is(at, &["on"]) && is_day(line, at + 1)) {
        at = at.checked_sub(1)?;
    }
    Some(at)
}

/// Whether a verb is said of somebody who does it: a noun or a pronoun before it, or “has”, and no “be”.
fn is_active(line: &Line<'_>, at: usize, free: bool) -> bool {
    let Some(last) = before(line, at) else { return false };
    if (last.saturating_sub(2)..=last).any(|i| line.is(i, &BE)) || line.is(last, &["not", "n't", "never"]) {
        return false;
    }
    let perfect = line.is(last, &["has", "have", "had"]);
    // “the analyst, Ann Lee, expressed that”; “Lee (SPD) informed that”.
    let aside = free && matches!(line.written(last), "," | ")");
    let tag = line.tag(at);
    let subject = perfect
        || aside
        || line.written(last) == ")"
        || line.is(last, &["he", "she", "they", "we", "who"])
        || matches!(line.tag(last), "NN" | "NNP" | "NNS" | "NNPS");
    subject && (perfect || matches!(tag, "VBD" | "VBZ") || (aside && tag == "VBN"))
}

/// “informed that the road was closed”.
fn clause(line: &Line<'_>, at: usize, right: &str, free: bool) -> Option<Wrong> {
    if !line.is(at + 1, &["that"]) || !line.is_apart(at + 1) || line.goes_on(at) {
        return None;
    }
    let opens = line.belongs(at + 2, "begins-clause") || (line.is_apart(at + 2) && line.case(at + 2) == Case::Title);
    if !opens || !is_active(line, at, free) {
        return None;
    }
    // “that no” may go on with a noun alone, but a clause has a verb.
    if !(at + 3..line.len()).any(|i| line.is_finite(i)) {
        return None;
    }
    let instead = right.split('/').map(str::to_owned).collect();
    Some(Wrong { first: at, last: at, instead, confidence: TAGGED, what: "this verb takes no clause with “that”" })
}

/// “The ministry informed about the delay”.
fn about(line: &Line<'_>, at: usize, right: &str) -> Option<Wrong> {
    let fits = line.is(at + 1, &["about"]) && !line.goes_on(at) && line.tag(at) == "VBD" && is_active(line, at, false);
    let pronoun = line.is(at + 2, &["the", "a", "an", "this", "his", "her", "its", "their"]);
    let single = before(line, at).is_some_and(|i| !matches!(line.tag(i), "NNS" | "NNPS"));
    // “what he told about the trip”.
    let open = (at.saturating_sub(LEFT)..at)
        .any(|i| line.is(i, &["what", "which", "that", "who", "whom", "story", "stories"]));
    (fits && pronoun && single && !open).then(|| Wrong {
        first: at,
        last: at + 1,
        instead: right.split('/').map(str::to_owned).collect(),
        confidence: TAGGED,
        what: "somebody must be told",
    })
}

/// Words before a verb that are looked at for what opens a clause.
const LEFT: usize = 6;

/// “…,” considers the analyst.
fn quote(line: &Line<'_>, at: usize, right: &str) -> Option<Wrong> {
    let closes = |i: usize| matches!(line.written(i), "”" | "\"" | "»" | "’’");
    let mut last = at.checked_sub(1)?;
    if matches!(line.written(last), "—" | "–" | "-") {
        last = last.checked_sub(1)?;
    }
    let marked = if line.written(last) == "," {
        closes(last.checked_sub(1)?)
    } else {
        closes(last) && (matches!(line.written(last.checked_sub(1)?), "," | "?" | "!" | "…") || last + 1 < at)
    };
    let subject = line.is(at + 1, &["the", "a", "an", "his", "her", "its", "their"])
        || (line.is_apart(at + 1) && line.case(at + 1) == Case::Title && !line.is(at + 1, &["that"]));
    (marked && subject).then(|| Wrong {
        first: at,
        last: at,
        instead: right.split('/').map(str::to_owned).collect(),
        confidence: SURE,
        what: "this verb tells of no quotation",
    })
}

/// “suggested to do”: the verb that takes the form in -ing.
fn gerund(line: &Line<'_>, at: usize) -> Option<Wrong> {
    if !line.is(at + 1, &["to"]) || line.tag(at + 2) != "VB" || line.goes_on(at) || line.goes_on(at + 2) {
        return None;
    }
    let verb = matches!(line.tag(at), "VBD" | "VBZ" | "VBP" | "VB" | "VBG");
    let last = before(line, at)?;
    let passive = (last.saturating_sub(1)..=last).any(|i| line.is(i, &BE));
    let opens = !line.is_apart(last) && line.written(last) != ")";
    let doing = verb_forms(line.low(at + 2), Shape::Ing).into_iter().next()?;
    (verb && !passive && !opens).then(|| Wrong {
        first: at + 1,
        last: at + 2,
        instead: vec![doing],
        confidence: TAGGED,
        what: "the verb before it takes the form in -ing",
    })
}

/// “were prevented to leave”, “prevented them to leave”.
fn from(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let last = before(line, at)?;
    let passive = (last.saturating_sub(1)..=last).any(|i| line.is(i, &BE)) && line.is(at + 1, &["to"]);
    let active = line.is(at + 1, &["him", "them", "it", "us", "me", "her", "people"]) && line.is(at + 2, &["to"]);
    let to = if active { at + 2 } else { at + 1 };
    // “are prohibited to prevent abuse”: what for, and not what.
    if !(passive || active) || line.belongs(to + 1, "purpose") || line.tag(to + 1) != "VB" || line.goes_on(to + 1) {
        return None;
    }
    let doing = verb_forms(line.low(to + 1), Shape::Ing).into_iter().next()?;
    Some(Wrong {
        first: to,
        last: to + 1,
        instead: vec![format!("from {doing}")],
        confidence: SURE,
        what: "this verb takes “from”",
    })
}

/// “The law allows to reduce costs”.
fn possible(line: &Line<'_>, at: usize, right: &str) -> Option<Wrong> {
    if !line.is(at + 1, &["to"]) || line.tag(at + 2) != "VB" || line.goes_on(at) {
        return None;
    }
    let verb = matches!(line.tag(at), "VBZ" | "VBP" | "VB");
    let last = before(line, at)?;
    let subject = line.is_noun(last)
        || line.is(last, &["it", "this", "which", "that", "will", "would", "could", "can", "should", "not", "may"]);
    // “those whom the law allows to sell”: the object stands before.
    let open = (at.saturating_sub(LEFT)..last).any(|i| {
        line.is(
            i,
            &["that", "which", "who", "whom", "what", "than", "as", "those", "only", "all", "everything", "anything"],
        )
    });
    let relative = line.is(last, &["that", "which"]) && !line.is_noun(last.checked_sub(1)?);
    (verb && subject && !open && !relative).then(|| Wrong {
        first: at,
        last: at,
        instead: vec![right.to_owned()],
        confidence: TAGGED,
        what: "somebody must be allowed",
    })
}

/// “The court ordered on Thursday to repeat the vote”.
fn order(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let mut to = at + 1;
    if line.is(to, &["on"]) && is_day(line, to + 1) {
        to += 2;
    } else if is_day(line, to) || line.is(to, &["yesterday", "today", "also"]) {
        to += 1;
    }
    let verb = to + 1;
    if !line.is(to, &["to"]) || line.tag(verb) != "VB" || line.goes_on(verb) || line.is(verb, &["be", "have"]) {
        return None;
    }
    let last = before(line, at)?;
    let passive = (last.saturating_sub(2)..=last).any(|i| line.is(i, &BE) || line.is(i, &["those", "of"]));
    // Whoever orders is one; “the troops ordered to leave” are ordered.
    let subject = line.written(last) == ")" || line.is(last, &["he", "she"]) || matches!(line.tag(last), "NN" | "NNP");
    // With another verb of the sentence behind it, this one may be a participle.
    if passive || !subject || !matches!(line.tag(at), "VBD") || (verb + 1..line.len()).any(|i| line.is_finite(i)) {
        return None;
    }
    // What is to be done and to what: “the vote”.
    let mut end = verb + 1;
    while end < verb + MAX_OBJECT
        && (line.is(end, &["the", "a", "an", "all", "its", "his", "their"])
            || matches!(line.tag(end), "NN" | "NNS" | "NNP" | "JJ"))
    {
        end += 1;
    }
    if end == verb + 1 || !line.is_noun(end - 1) {
        return None;
    }
    let done = verb_forms(line.low(verb), Shape::Participle).into_iter().next()?;
    let object = line.letters(verb + 1, end - 1);
    Some(Wrong {
        first: to,
        last: end - 1,
        instead: vec![format!("that {object} be {done}")],
        confidence: TAGGED,
        what: "it does not say who is to do it",
    })
}

/// The most words of an object.
const MAX_OBJECT: usize = 7;
