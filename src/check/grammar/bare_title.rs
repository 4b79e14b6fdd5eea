//! `grammar/bare-title`: an office without its article, or an apposition without its second comma: “Earlier, minister said”.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static BARE_TITLE: Rule = rule(
    "grammar/bare-title",
    "An office without article before its verb: minister signed, Li Wen, vice governor arrived.",
    Severity::Minor,
    bare_title,
);

/// Behind a comma, a quotation or “that”: 20 million words of edited English have two, both slips.
const WITHIN: f64 = 0.86;
/// At the beginning of a sentence, where notes leave articles out.
const OPENING: f64 = 0.75;

/// Where an office stands without an article.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// “On Friday, minister signed”, “said that minister signed”, “…,” minister said.
    Within,
    /// “Minister signed”.
    Opening,
    /// “Li Wen, head of the committee, vice governor arrived”: the comma.
    Apposition(usize),
}

fn bare_title(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 0..line.len().saturating_sub(1) {
        if !line.belongs(at, "office") || !line.is_apart(at + 1) || line.goes_on(at) {
            continue;
        }
        let mut first = at;
        while first.checked_sub(1).is_some_and(|before| line.belongs(before, "rank") && line.is_apart(first)) {
            first -= 1;
        }
        let Some(place) = place(&line, first) else { continue };
        if !line.is_finite(at + 1) || !line.tag(at).starts_with("NN") || line.case(at) == Case::Upper {
            continue;
        }
        let title = line.letters(first, at);
        let (span, texts, confidence) = match place {
            Place::Apposition(comma) => {
                let verb = line.letters(at + 1, at + 1);
                let single = comma_before(&line, comma).is_none();
                let text = if single { format!(", {title}, {verb}") } else { format!(" and {title}, {verb}") };
                (line.span(comma, at + 1), vec![text], WITHIN)
            }
            Place::Within => (line.span(first, at), vec![format!("the {title}"), format!("a {title}")], WITHIN),
            Place::Opening => {
                let low = uncapitalised(title);
                (line.span(first, at), vec![capitalised("the ") + &low, format!("A {low}")], OPENING)
            }
        };
        let message = match place {
            Place::Apposition(_) => format!("“{title}” is set off by a comma on one side alone"),
            _ => format!("“{title}” has no article"),
        };
        let mut draft =
            Draft::new(span, confidence, message).because(EvidenceKind::Pattern, "an office before its verb", None);
        for (nth, text) in texts.into_iter().enumerate() {
            draft = draft.fix(Fix::replace(span, text, if nth == 0 { 0.8 } else { 0.4 }));
        }
        out.push(draft);
    }
}

/// Where a title that begins at a token stands, if an article should stand before it.
fn place(line: &Line<'_>, first: usize) -> Option<Place> {
    let small = line.case(first) == Case::Lower;
    if line.opens(first) && (0..first).all(|at| matches!(line.written(at), "“" | "\"" | "«")) {
        return (line.case(first) == Case::Title).then_some(Place::Opening);
    }
    let before = first.checked_sub(1).filter(|_| small)?;
    match line.written(before) {
        "," => {
            // “Li Wen, head of the committee, vice governor arrived”: nothing is said of him yet.
            let named = matches!(line.tag(0), "NNP" | "NNPS");
            let told = (0..before).any(|at| line.is_finite(at));
            if !told && named { Some(Place::Apposition(before)) } else { Some(Place::Within) }
        }
        "”" => Some(Place::Within),
        _ if line.is(before, &["that"]) => {
            let verb = before.checked_sub(1)?;
            (line.data().table("saying").has(line.low(verb)) || line.is(verb, &["said"])).then_some(Place::Within)
        }
        _ => None,
    }
}

/// A comma before another.
fn comma_before(line: &Line<'_>, comma: usize) -> Option<usize> {
    (0..comma).rev().find(|&at| line.written(at) == ",")
}

fn uncapitalised(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
