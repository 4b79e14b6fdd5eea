//! `currency/*`: money.

use crate::analyse::{Document, Passage};
use crate::check::figure::{Counted, Habits, Shape, each_figure, follows_dash, is_term, stands_free};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Token, TokenKind};

pub(super) static FORMAT: Rule = Rule {
    id: "currency/format",
    summary: "A currency sign on the wrong side of its figure, or said again in words: $5 million dollars.",
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

/// Sign and word for the same currency.
const TWICE: f64 = 0.93;
/// The sign stands after the figure where the language has it before.
const AFTER: f64 = 0.9;
/// A space between sign and figure.
const SPACED: f64 = 0.85;
/// The sign stands before the figure where the language has it after. Papers on finance do it.
const BEFORE: f64 = 0.75;

/// A sum: its figure, and the tokens of its magnitude and its signs.
struct Sum {
    figure: usize,
    /// "million".
    magnitude: Option<usize>,
    /// A sign before the figure.
    before: Option<usize>,
}

fn format(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let tokens = passage.tokens();
    each_figure(document, passage, out, |habits, at| {
        let simple = Shape::of(passage.written(&tokens[at])).is_some() && stands_free(passage, at, at);
        if !simple || follows_dash(passage, at) {
            return None;
        }
        let magnitude = Some(at + 1).filter(|&i| habits.counted(passage, i) == Some(Counted::Magnitude));
        // "9.5 $5 notes": the sign belongs to the next figure.
        let before = at.checked_sub(1).filter(|&i| is_sign(passage, &tokens[i]));
        let sum = Sum { figure: at, magnitude, before };
        let draft = said_twice(habits, passage, &sum).or_else(|| wrong_side(habits, passage, &sum))?;
        (!is_term(document, passage, draft.span)).then_some(draft)
    });
}

fn is_sign(passage: &Passage<'_>, token: &Token) -> bool {
    token.kind == TokenKind::Mark && LanguageData::shared().table("currency-signs").has(passage.written(token))
}

/// "$5 million dollars", "€5 euros".
fn said_twice(habits: &Habits, passage: &Passage<'_>, sum: &Sum) -> Option<Draft> {
    let sign = sum.before?;
    let tokens = passage.tokens();
    let mut word = sum.magnitude.unwrap_or(sum.figure) + 1;
    // "5 millions de dollars"
    let link = tokens.get(word).is_some_and(|t| habits.list("of").any(|of| of == passage.folded(t)));
    word += usize::from(link && sum.magnitude.is_some());
    let said = tokens.get(word).filter(|t| t.kind == TokenKind::Word)?;
    let stems = LanguageData::shared().table("currency-signs").get(passage.written(&tokens[sign]))?.column(0);
    let same = stems.split('|').any(|stem| passage.folded(said).starts_with(stem));
    let compound = tokens.get(word + 1).is_some_and(|t| t.glued && passage.written(t) == "-");
    let money = matches!(habits.counted(passage, word), Some(Counted::Currency | Counted::Unit));
    if !same || compound || !money {
        return None;
    }
    let span = tokens[sign].span.cover(said.span);
    let cut = if habits.value("currency") == "before" {
        let last = &tokens[sum.magnitude.unwrap_or(sum.figure)];
        Span::new(last.span.end(), said.span.end())
    } else {
        Span::new(tokens[sign].span.start(), tokens[sum.figure].span.start())
    };
    // "US$5 dollars" would leave letters behind.
    let lettered = tokens[sign].glued && sign > 0 && tokens[sign - 1].kind == TokenKind::Word;
    let draft = Draft::new(span, TWICE, "the currency is named twice");
    let draft = draft.because(EvidenceKind::Data, "und/currency-signs.tsv", None);
    Some(if lettered && habits.value("currency") != "before" { draft } else { draft.fix(Fix::replace(cut, "", 0.92)) })
}

fn wrong_side(habits: &Habits, passage: &Passage<'_>, sum: &Sum) -> Option<Draft> {
    let tokens = passage.tokens();
    let figure = &tokens[sum.figure];
    let last = sum.magnitude.unwrap_or(sum.figure);
    let text = passage.text.text();
    match (habits.value("currency"), sum.before) {
        ("before", None) => {
            let sign = tokens.get(last + 1).filter(|t| is_sign(passage, t))?;
            // "5 $10 bills"
            let next = tokens
                .get(last + 2)
                .is_some_and(|t| t.kind == TokenKind::Number || (t.glued && t.kind == TokenKind::Word));
            if next {
                return None;
            }
            let amount = Span::new(figure.span.start(), tokens[last].span.end()).of(text);
            let span = figure.span.cover(sign.span);
            let written = format!("{}{amount}", passage.written(sign));
            Some(
                Draft::new(span, AFTER, "the currency sign stands before the figure")
                    .fix(Fix::replace(span, written, 0.95))
                    .because(EvidenceKind::Data, "a sign after its figure", None),
            )
        }
        ("before", Some(sign)) if !figure.glued => {
            let gap = Span::new(tokens[sign].span.end(), figure.span.start());
            // "5 $ 10": nobody knows whose the sign is.
            let lone = sign.checked_sub(1).is_none_or(|i| tokens[i].kind != TokenKind::Number);
            let space = matches!(gap.of(text), " " | "\u{a0}" | "\u{202f}");
            (lone && space).then(|| {
                Draft::new(tokens[sign].span.cover(figure.span), SPACED, "no space between currency sign and figure")
                    .fix(Fix::replace(gap, "", 0.95).safe())
                    .because(EvidenceKind::Data, "a space after the sign", None)
            })
        }
        ("after", Some(sign)) => {
            let mark = passage.written(&tokens[sign]);
            // "US$5", "A$5", "R$5": a name of its own.
            let lettered = tokens[sign].glued && sign > 0 && tokens[sign - 1].kind == TokenKind::Word;
            if lettered || !matches!(mark, "$" | "€" | "£") {
                return None;
            }
            let span = tokens[sign].span.cover(tokens[last].span);
            let draft = Draft::new(span, BEFORE, "the currency sign stands after the figure").because(
                EvidenceKind::Data,
                "a sign before its figure",
                None,
            );
            // After "millions" the currency is a word.
            Some(match sum.magnitude {
                None => draft.fix(Fix::replace(span, format!("{}\u{a0}{mark}", passage.written(figure)), 0.85)),
                Some(_) => draft,
            })
        }
        _ => None,
    }
}
