//! `grammar/perfect`: is fallen, was happened, has been died: “be” with verbs that have “have”, and the passive of verbs that have none.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};

pub(in crate::check) static PERFECT: Rule = Rule {
    id: "grammar/perfect",
    summary: "A form of “be” with a verb that has no passive.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(perfect),
};

/// Of nine in 11 million words of edited English six are “arrived at”, which is left alone, and two of another age.
const SURE: f64 = 0.9;

/// Words that may stand between the two.
const BETWEEN: [&str; 12] =
    ["not", "also", "already", "still", "never", "just", "now", "recently", "since", "only", "again", "even"];

fn perfect(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let table = line.data().table("unaccusatives");
    for at in 1..line.len() {
        let Some(row) = table.get(line.low(at)) else { continue };
        if !line.is_apart(at) || line.goes_on(at) || line.is(at + 1, &["at", "upon", "on"]) {
            continue;
        }
        let between = line.is(at - 1, &BETWEEN);
        let be = if between { at.saturating_sub(2) } else { at - 1 };
        if !line.is(be, &["is", "are", "was", "were", "been"]) || be == at {
            continue;
        }
        if line.is(be.wrapping_sub(1), &["what"]) {
            continue;
        }
        let been = line.is(be, &["been"]);
        let helper = be.saturating_sub(1);
        if been && !(line.is(helper, &["has", "have", "had"]) && helper < be) {
            continue;
        }
        // “whose time is come”; “those who are fallen”: adjectives of another age; a name before a noun: “is Fallen Angel”.
        if line.case(at) != crate::surface::Case::Lower || !closes(&line, at + 1) {
            continue;
        }
        let (past, written) = (row.column(0), line.written(at));
        let adverb = if between { format!("{} ", line.written(at - 1)) } else { String::new() };
        let first = if been { helper } else { be };
        let texts = match line.low(be) {
            "been" => vec![format!("{} {adverb}{written}", line.written(helper))],
            "is" => vec![format!("has {adverb}{written}"), format!("{adverb}{past}")],
            "are" => vec![format!("have {adverb}{written}"), format!("{adverb}{past}")],
            _ if line.is(at - 1, &["not", "never"]) => vec![format!("had {adverb}{written}")],
            _ => vec![format!("{adverb}{past}"), format!("had {adverb}{written}")],
        };
        let span = line.span(first, at);
        let message = format!("“{}”: the verb has no passive, and takes “have”", line.letters(first, at));
        let mut draft = Draft::new(span, SURE, message).because(EvidenceKind::Data, "a verb of happening", None);
        if !passage.is_tried(document) {
            for (nth, text) in texts.into_iter().enumerate() {
                draft = draft.fix(Fix::replace(span, text, if nth == 0 { 0.75 } else { 0.6 }));
            }
        }
        out.push(draft);
    }
}

/// Whether what follows goes on with the verb, and not with a noun of which it tells: “was risen cream”.
fn closes(line: &Line<'_>, at: usize) -> bool {
    line.ends_before(at)
        || line.is(
            at,
            &[
                "by",
                "to",
                "in",
                "from",
                "for",
                "with",
                "since",
                "after",
                "before",
                "during",
                "as",
                "because",
                "when",
                "and",
                "but",
                "last",
                "this",
                "yesterday",
                "today",
                "again",
                "over",
                "between",
                "within",
                "a",
                "an",
                "the",
                "of",
                "near",
                "more",
                "less",
                "that",
                "until",
                "sharply",
                "significantly",
                "slightly",
                "there",
                "here",
                "early",
                "late",
                "among",
                "following",
                "due",
                "while",
                "out",
                "into",
                "under",
                "through",
            ],
        )
        || line.is_number(at)
}
