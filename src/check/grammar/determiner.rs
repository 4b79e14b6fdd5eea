//! `grammar/determiner`: two determiners for one noun, and articles that stand before no noun.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static DETERMINER: Rule =
    rule("grammar/determiner", "Two determiners in a row, or an article before no noun.", Severity::Minor, determiner);

/// Two determiners.
const TWO: f64 = 0.9;
/// An article before a preposition or a verb.
const BARE: f64 = 0.88;

const ARTICLES: [&str; 3] = ["the", "a", "an"];
const POSSESSIVES: [&str; 5] = ["my", "his", "its", "our", "their"];

fn determiner(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 0..line.len() {
        let (first, second) = (line.low(at), line.low(at + 1));
        if !is_plain(&line, at) || !line.is_apart(at + 1) || line.case(at + 1) != Case::Lower || line.goes_on(at + 1) {
            continue;
        }
        if let Some(stays) = doubled(&line, at, first, second) {
            let span = line.span(at, at + 1);
            let mut draft = Draft::new(span, TWO, format!("“{first} {second}”: one noun takes one of them")).because(
                EvidenceKind::Pattern,
                "two determiners",
                None,
            );
            if !passage.is_tried(document) {
                for (rank, word) in stays.into_iter().enumerate() {
                    let word = if line.case(at) == Case::Title { capitalised(word) } else { word.to_owned() };
                    draft = draft.fix(Fix::replace(span, word, if rank == 0 { 0.75 } else { 0.4 }));
                }
            }
            out.push(draft);
        } else if ARTICLES.contains(&first) && line.belongs(at + 1, "never-behind-article") {
            // “vitamin a is”, “the "is"”: letters and words that are spoken of.
            if first == "a" && (second != "of" || line.opens(at)) {
                continue;
            }
            let gap = line.span(at, at + 1);
            let kept = line.written(at + 1);
            let kept = if line.case(at) == Case::Title { capitalised(kept) } else { kept.to_owned() };
            out.push(
                Draft::new(gap, BARE, format!("“{first}” stands before “{second}” and has no noun"))
                    .fix(Fix::replace(gap, kept, 0.6))
                    .because(EvidenceKind::Pattern, "an article before no noun", None),
            );
        }
    }
}

/// A word of its own, in small letters but at the head of a sentence.
fn is_plain(line: &Line<'_>, at: usize) -> bool {
    let head = line.opens(at);
    (line.is_apart(at) || head)
        && (line.case(at) == Case::Lower || (head && line.case(at) == Case::Title))
        && !line.goes_on(at)
}

/// What may stay of two determiners, the likelier one first.
fn doubled<'p>(line: &Line<'p>, at: usize, first: &'p str, second: &'p str) -> Option<Vec<&'p str>> {
    let possessive = |word: &str| POSSESSIVES.contains(&word);
    let demonstrative = |word: &str| matches!(word, "this" | "these" | "those");
    if line.is_mark(at + 2) {
        return None;
    }
    let stays = match first {
        "a" if second == "an" => Some(vec![second]),
        "the" | "a" | "an" if possessive(second) || matches!(second, "this" | "these" | "her") => {
            Some(vec![second, first])
        }
        "the" if matches!(second, "a" | "an" | "some" | "every" | "each" | "any" | "another") => {
            Some(vec![first, second])
        }
        "a" | "an" if matches!(second, "the" | "another" | "several" | "every" | "each" | "some" | "any") => {
            Some(vec![second, first])
        }
        "my" | "its" | "our" | "their" | "every" if second == "the" => Some(vec![first, second]),
        "my" | "his" | "our" | "their" | "its"
            if demonstrative(second) || possessive(second) || matches!(second, "a" | "an") =>
        {
            Some(vec![first, second])
        }
        // “gave these his blessing”: a demonstrative may stand alone.
        "every" | "each" if possessive(second) => Some(vec![second, first]),
        _ => None,
    };
    // The tags are asked last.
    let noun = || line.is_noun(at + 2) || matches!(line.tag(at + 2), "JJ" | "JJR" | "JJS" | "CD");
    stays.filter(|_| noun())
}
