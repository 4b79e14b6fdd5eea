//! `space/double`: two spaces between two words of a sentence.

use crate::analyse::{Document, Passage};
use crate::check::marks;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;

pub(in crate::check) static DOUBLE: Rule = Rule {
    id: "space/double",
    summary: "Two spaces between two words.",
    mqm: "linguistic/whitespace",
    its: "whitespace",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(double),
};

/// Two spaces, or three; a slip, however small.
const DOUBLED: f64 = 0.9;
/// From so many spaces on, somebody has set a column.
const COLUMN: usize = 4;
/// From so many places in one sentence on, it is a table, a verse, or a text set to a width.
const SET_OUT: usize = 3;

fn double(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let (line, origin) = (passage.span().of(passage.text.text()), passage.span().start());
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = next_run(line, rest) {
        let tail = &line[at..];
        let end = line.len() - tail.trim_start_matches(char::is_whitespace).len();
        rest = end;
        let gap = Span::new(at, end);
        let spaces = gap.of(line).chars().all(|c| c == ' ' || c == marks::NO_BREAK);
        let columns = !spaces || gap.of(line).chars().count() >= COLUMN;
        if columns || found.len() == SET_OUT {
            // A tab, a line end or a wide gap: the sentence is set out, and its spaces are meant.
            return;
        }
        found.push(gap);
    }
    if found.len() >= SET_OUT {
        return;
    }
    for gap in found {
        // After a stop two spaces are a habit; before a mark the space is `punct/spacing`'s.
        let (before, after) = (line[..gap.start()].chars().next_back(), line[gap.end()..].chars().next());
        let worded = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | ')' | '”' | '»' | '%'))
            && after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '(' | '“' | '„' | '«' | '"'));
        let span = marks::with_words(line, gap.start(), gap.end()).shift(origin);
        if !worded || marks::is_by_mask(passage, gap.shift(origin)) {
            continue;
        }
        let space = if gap.of(line).contains(marks::NO_BREAK) { "\u{a0}" } else { " " };
        out.push(
            Draft::new(span, DOUBLED, "two spaces between two words")
                .fix(Fix::replace(gap.shift(origin), space, 0.95).safe())
                .of_group("two spaces")
                .because(EvidenceKind::Pattern, "white space twice", None),
        );
    }
}

/// Where the next white space of two characters or more begins.
fn next_run(line: &str, from: usize) -> Option<usize> {
    let mut before: Option<(usize, char)> = None;
    for (at, c) in line[from..].char_indices() {
        if let Some((start, _)) = before.filter(|(_, b)| b.is_whitespace() && c.is_whitespace()) {
            return Some(from + start);
        }
        if c == '\t' {
            return Some(from + at);
        }
        before = Some((at, c));
    }
    None
}
