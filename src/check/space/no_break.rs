//! `space/missing-no-break`: an ordinary space before a French mark, in a text that otherwise sets one that does not break.

use crate::analyse::{Document, Passage};
use crate::check::marks::{self, Marks, NARROW, NO_BREAK};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;

pub(in crate::check) static MISSING_NO_BREAK: Rule = Rule {
    id: "space/missing-no-break",
    summary: "An ordinary space before a French mark, where the text otherwise has spaces that do not break.",
    mqm: "linguistic/whitespace",
    its: "whitespace",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Listed(&["fr"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(missing_no_break),
};

/// The text's own habit says so.
const AGAINST_HABIT: f64 = 0.75;
/// Fewest spaces that do not break from which a habit is seen.
const MIN_HABIT: usize = 6;
/// How many times as many of them there must be as ordinary ones.
const MAJORITY: usize = 6;

fn missing_no_break(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = document.target.text();
    let (mut ordinary, mut kept) = (0, 0);
    for place in places(document, text) {
        if place.of(text) == " " { ordinary += 1 } else { kept += 1 }
    }
    Box::new(NoBreak { habit: ordinary > 0 && kept >= MIN_HABIT && kept >= MAJORITY * ordinary })
}

struct NoBreak {
    habit: bool,
}

impl Survey for NoBreak {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if !self.habit {
            return;
        }
        let (line, origin) = (passage.span().of(passage.text.text()), passage.span().start());
        let marks = Marks::of(document);
        for gap in places(document, line).into_iter().filter(|gap| gap.of(line) == " ") {
            let before = line[..gap.start()].chars().next_back();
            let after = line[gap.end()..].chars().next();
            let space = after.and_then(|c| marks.get(c)?.space_before());
            let space = space.or_else(|| before.and_then(|c| marks.get(c)?.space_after()));
            let width = |c: Option<char>| c.map_or(0, char::len_utf8);
            let span = marks::with_words(line, gap.start(), gap.end());
            let span = span.cover(Span::new(gap.start() - width(before), gap.end() + width(after))).shift(origin);
            let Some(space) = space.filter(|_| !marks::is_by_mask(passage, span)) else {
                continue;
            };
            out.push(
                Draft::new(span, AGAINST_HABIT, "a line may break at this space; elsewhere the text prevents that")
                    .fix(Fix::replace(gap.shift(origin), space, 0.9).safe())
                    .of_group("ordinary space")
                    .because(EvidenceKind::Document, "the text's other spaces before marks", None),
            );
        }
    }
}

/// Single spaces before or after a mark that wants one there.
fn places(document: &Document<'_>, text: &str) -> Vec<Span> {
    let marks = Marks::of(document);
    let mut found = Vec::new();
    let mut two = [None::<char>; 2];
    for (at, c) in text.char_indices() {
        let [before, gap] = two;
        two = [gap, Some(c)];
        let Some(gap) = gap.filter(|g| matches!(*g, ' ' | NO_BREAK | NARROW)) else {
            continue;
        };
        let Some(before) = before.filter(|b| !b.is_whitespace()) else {
            continue;
        };
        let wants_before = matches!(c, ':' | ';' | '!' | '?' | '»')
            && marks::ends_a_word(before)
            && marks.get(c).is_some_and(|habit| habit.space_before().is_some());
        let wants_after = before == '«'
            && c.is_alphanumeric()
            && marks.get(before).is_some_and(|habit| habit.space_after().is_some());
        if wants_before || wants_after {
            found.push(Span::new(at - gap.len_utf8(), at));
        }
    }
    found
}
