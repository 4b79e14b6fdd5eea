//! `unit/*`: percent signs and units beside their figures.

use crate::analyse::{Document, Passage};
use crate::check::figure::{Habits, Shape, each_figure, follows_dash, is_term, is_unit_against_figure, stands_free};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::TokenKind;

pub(super) static FORMAT: Rule = Rule {
    id: "unit/format",
    summary: "A percent sign or a unit that stands too far from its figure, or too close: 15.5 % in English.",
    mqm: "locale",
    its: "numbers",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("numbers"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(format),
};

/// A space before a percent sign where the language has none.
const SPACED: f64 = 0.9;
/// No space where the language wants one. Some desks do without it on the web.
const CLOSE: f64 = 0.8;
/// The sign stands on the wrong side.
const WRONG_SIDE: f64 = 0.88;
/// A unit against its figure.
const UNIT: f64 = 0.7;

fn format(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    each_figure(document, passage, out, |habits, at| {
        let draft = percent(habits, passage, at).or_else(|| unit(habits, passage, at))?;
        (!is_term(document, passage, passage.tokens()[at].span)).then_some(draft)
    });
}

fn percent(habits: &Habits, passage: &Passage<'_>, at: usize) -> Option<Draft> {
    let tokens = passage.tokens();
    let sign = tokens.get(at + 1).filter(|t| passage.written(t) == "%")?;
    Shape::of(passage.written(&tokens[at]))?;
    if !stands_free(passage, at, at) {
        return None;
    }
    // "100%ig", "50%-Klausel", "20% Off"
    let next = tokens.get(at + 2);
    if next.is_some_and(|t| t.glued && (t.kind == TokenKind::Word || passage.written(t) == "-")) {
        return None;
    }
    let gap = Span::new(tokens[at].span.end(), sign.span.start());
    let draft = |span: Span, confidence, message: &str| {
        Draft::new(span, confidence, message).because(EvidenceKind::Data, "the percent sign", None)
    };
    let span = tokens[at].span.cover(sign.span);
    match habits.value("percent") {
        "close" if !sign.glued && is_space(gap.of(passage.text.text())) => {
            Some(draft(span, SPACED, "no space before a percent sign").fix(Fix::replace(gap, "", 0.95).safe()))
        }
        "apart" if sign.glued => Some(
            draft(span, CLOSE, "a no-break space stands before a percent sign")
                .fix(Fix::replace(gap, "\u{a0}", 0.95).safe()),
        ),
        "before" if !follows_dash(passage, at) && !is_sign_before(passage, at) => {
            let text = format!("%{}", passage.written(&tokens[at]));
            Some(
                draft(span, WRONG_SIDE, "the percent sign stands before the figure").fix(Fix::replace(span, text, 0.9)),
            )
        }
        _ => None,
    }
}

/// "%40%": the sign is there already.
fn is_sign_before(passage: &Passage<'_>, at: usize) -> bool {
    passage.tokens()[at].glued && at > 0 && passage.written(&passage.tokens()[at - 1]) == "%"
}

fn is_space(gap: &str) -> bool {
    matches!(gap, " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
}

/// "5km", where the language wants a space.
fn unit(habits: &Habits, passage: &Passage<'_>, at: usize) -> Option<Draft> {
    if habits.value("units") != "apart" {
        return None;
    }
    let tokens = passage.tokens();
    let written = passage.written(&tokens[at]);
    let digits = written.find(|c: char| c.is_alphabetic())?;
    let (figure, unit) = written.split_at(digits);
    let known = is_unit_against_figure(passage.folded(&tokens[at]).get(digits..)?, unit);
    Shape::of(figure)?;
    let joined =
        tokens.get(at + 1).is_some_and(|t| t.glued && !matches!(passage.written(t), "." | "," | ")" | ";" | ":"));
    if !known || joined || tokens[at].glued {
        return None;
    }
    let border = tokens[at].span.start() + digits;
    Some(
        Draft::new(tokens[at].span, UNIT, "a no-break space stands between figure and unit")
            .fix(Fix::replace(Span::new(border, border), "\u{a0}", 0.9))
            .because(EvidenceKind::Data, "a unit", None),
    )
}
