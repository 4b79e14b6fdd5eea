//! `grammar/comparative`: more better, most biggest.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};

pub(in crate::check) static COMPARATIVE: Rule = Rule {
    id: "grammar/comparative",
    summary: "A comparative or superlative that is formed twice.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(comparative),
};

/// “most biggest”, “more better than”.
const SURE: f64 = 0.9;

fn comparative(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 0..line.len().saturating_sub(1) {
        if !line.is(at, &["more", "most"]) || !line.is_apart(at + 1) || line.goes_on(at + 1) || line.goes_on(at) {
            continue;
        }
        let Some(row) = line.data().table("comparatives").get(line.low(at + 1)) else { continue };
        let fits = if line.is(at, &["more"]) {
            // “more smaller firms” may be more of them; “more or less” and “more than” say nothing.
            row.column(0) == "comparative"
                && (line.is(at + 2, &["than"])
                    || line.ends_before(at + 2)
                    || line.is(at.wrapping_sub(1), &["much", "even", "far"]))
                && line.token(at + 2).is_some()
        } else {
            row.column(0) == "superlative" && !line.is(at.wrapping_sub(1), &["at"])
        };
        // “no more, better yet”; a noun of the same letters: “one more lower”.
        if !fits || line.is(at.wrapping_sub(1), &["no", "one", "two", "any", "once", "some"]) {
            continue;
        }
        let span = line.span(at, at + 1);
        let message = format!("“{}” compares twice", line.letters(at, at + 1));
        let mut draft = Draft::new(span, SURE, message).because(EvidenceKind::Data, "a comparative", None);
        if !passage.is_tried(document) {
            let word = line.written(at + 1);
            let title = line.written(at).starts_with(char::is_uppercase);
            let text = if title { crate::check::repair::capitalised(word) } else { word.to_owned() };
            draft = draft.fix(Fix::replace(span, text, 0.9));
        }
        out.push(draft);
    }
}
