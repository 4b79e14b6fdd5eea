//! `grammar/comma-splice`: two sentences with a comma between them, where the second has however or therefore.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static COMMA_SPLICE: Rule = Rule {
    id: "grammar/comma-splice",
    summary: "A comma between two sentences, the second of which begins with “however” or its like.",
    mqm: "linguistic/punctuation",
    its: "grammar",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(comma_splice),
};

/// Both sides are sentences of their own.
const SPLICE: f64 = 0.85;
/// The second begins with a noun, which the tags must tell from one that the first goes on with.
const TAGGED: f64 = 0.78;

/// Pronouns that begin a sentence.
const PRONOUNS: [&str; 9] = ["he", "she", "it", "they", "we", "i", "there", "this", "nobody"];

fn comma_splice(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 2..line.len().saturating_sub(2) {
        if !line.belongs(at, "links") || line.written(at - 1) != "," || !is_splice(&line, at) {
            continue;
        }
        let pronoun = line.is(behind(&line, at), &PRONOUNS);
        let span = line.span(at - 1, at);
        let mut draft = Draft::new(
            span,
            if pronoun { SPLICE } else { TAGGED },
            format!("a comma alone does not join two sentences before “{}”", line.low(at)),
        )
        .because(EvidenceKind::Pattern, "sentence, comma, linking adverb, sentence", None);
        if !passage.is_tried(document) {
            draft = draft.fix(Fix::replace(span, format!("; {}", line.written(at)), 0.85));
        }
        out.push(draft);
    }
}

/// What stands behind the linking word and its comma.
fn behind(line: &Line<'_>, at: usize) -> usize {
    at + 1 + usize::from(line.written(at + 1) == ",")
}

fn is_splice(line: &Line<'_>, at: usize) -> bool {
    // “the plan, however, was rejected”: a subject must follow, and its verb.
    let next = behind(line, at);
    if line.written(at + 1) != "," && !line.is(at, &["therefore"]) && !line.is(next, &PRONOUNS) {
        return false;
    }
    let Some(verb) = subject(line, next) else { return false };
    // “…, however, Ann Lee says in her book”: who says it.
    if !line.is_finite(verb) || line.data().table("saying").has(line.low(verb)) || line.is(verb, &["said", "says"]) {
        return false;
    }
    // The first part: its verb is not one of a clause that hangs on the second.
    let first = (0..at).find(|&i| line.token(i).is_some_and(|t| t.case != Case::None)).unwrap_or(0);
    let Some(finite) = (first..at - 1).find(|&i| line.is_finite(i)) else { return false };
    if (first..finite).any(|i| line.belongs(i, "subordinate")) || finite == first {
        return false;
    }
    // “In the city he left, however, they stayed”; what follows a preposition has ended where a comma stands.
    let preposition = line.tag(first) == "IN" || line.tag(first) == "TO";
    if preposition && !(first..finite).any(|i| line.written(i) == ",") {
        return false;
    }
    // “He said, however, the plan was dead”; a verb that ends the first part goes on with the second.
    let verbs = ["VBD", "VBZ", "VBP", "MD", "VB"];
    if verbs.contains(&line.tag(at - 2)) || line.is(at - 2, &["that", "and", "but", "said", "is", "not"]) {
        return false;
    }
    // A clause of its own that opens later and hangs on the second sentence: “He left, but when she came, however, it”.
    let last = (first..at - 1).rev().find(|&i| matches!(line.written(i), "," | ";" | "—" | "–"));
    if last.is_some_and(|i| {
        line.belongs(i + 1, "subordinate") && !line.is(i + 1, &["who", "which", "whose", "that", "whom"])
            || (line.is(i + 1, &["and", "but", "or"]))
    }) {
        return false;
    }
    true
}

/// The verb of a sentence that begins here with its subject.
fn subject(line: &Line<'_>, from: usize) -> Option<usize> {
    if line.is(from, &PRONOUNS) && !line.is(from, &["this"]) {
        return Some(from + 1).filter(|&at| line.is_finite(at)).or(Some(from + 2));
    }
    let opens = matches!(line.tag(from), "DT" | "PRP$" | "NN" | "NNS" | "NNP" | "NNPS" | "JJ" | "CD");
    let mut noun = false;
    for at in from..(from + MAX_SUBJECT).min(line.len()) {
        match line.tag(at) {
            "NN" | "NNS" | "NNP" | "NNPS" | "PRP" => noun = true,
            "DT" if at == from => noun = noun || line.is(at, &["this", "these"]),
            "PRP$" | "JJ" | "JJR" | "JJS" | "CD" | "POS" | "DT" | "IN" | "VBN" | "VBG" => {}
            _ if line.is_finite(at) => return (opens && noun).then_some(at),
            _ => return None,
        }
    }
    None
}

/// The most words of a subject.
const MAX_SUBJECT: usize = 9;
