//! Words that are spelled in two ways in two varieties of a language: where they stand, and which variety each speaks for.

use crate::analyse::quotes::{Quotations, holds};
use crate::analyse::{Document, Passage};
use crate::check::repair::{in_case_of, is_part_of_code};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Case, TokenKind};

/// One of the two varieties of a language that its table of varieties tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// That of the table's first column: British, European, Swiss.
    First,
    /// That of the second: American, Brazilian, German.
    Second,
}

impl Side {
    /// By the name that the tables use.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "first" => Some(Self::First),
            "second" => Some(Self::Second),
            _ => None,
        }
    }

    /// What readers call it.
    pub(super) fn name(self, data: LanguageData) -> &'static str {
        name(data, if self == Self::First { "first" } else { "second" })
    }
}

/// What a spelling says about the variety.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It belongs to its variety alone.
    Plain,
    /// The second spelling is right in the first variety too, but one text keeps to one: organize beside organise.
    Either,
}

/// A word in one of its two spellings.
pub(super) struct Spelled {
    pub(super) span: Span,
    pub(super) side: Side,
    pub(super) kind: Kind,
    /// As the other variety spells it, in the case of the place.
    pub(super) other: String,
}

/// The fewest letters of a word that is looked up; the tables hold no shorter ones.
const MIN_BYTES: usize = 4;

/// Every word of a passage that the table of varieties knows and that speaks for a variety. Names, titles, quotations,
/// addresses and what the glossary knows are spelled their own way.
pub(super) fn spelled(document: &Document<'_>, passage: &Passage<'_>, quoted: &Quoted<'_>, out: &mut Vec<Spelled>) {
    let data = document.target.data();
    let index: Table = data.table("varieties-index");
    let tokens = passage.tokens();
    for (at, token) in tokens.iter().enumerate() {
        if token.kind != TokenKind::Word
            || token.span.len() < MIN_BYTES
            || !matches!(token.case, Case::Lower | Case::Title)
        {
            continue;
        }
        let Some(row) = index.get(passage.folded(token)) else {
            continue;
        };
        let (Some(side), other) = (Side::named(row.column(0)), row.column(1)) else {
            continue;
        };
        let after_number = at.checked_sub(1).is_some_and(|i| tokens[i].kind == TokenKind::Number);
        let kind = match (row.column(2), side) {
            // A parking meter is British too; what was measured in meters is not.
            ("number", Side::Second) if !after_number => continue,
            // The other spelling is at home in both varieties.
            ("first", Side::Second) | ("second", Side::First) => continue,
            ("either", _) => Kind::Either,
            _ => Kind::Plain,
        };
        if !is_common(document, passage, at, other) || is_part_of_code(passage, at) || quoted.holds(token.span) {
            continue;
        }
        if document.target_terms(passage).iter().any(|term| term.hit.span.overlaps(token.span)) {
            continue;
        }
        let other = in_case_of(passage.written(token), other, at == 0);
        out.push(Spelled { span: token.span, side, kind, other });
    }
}

/// Whether a word stands there as a common word and not as part of a name, a title or a foreign phrase ("centre de").
fn is_common(document: &Document<'_>, passage: &Passage<'_>, at: usize, other: &str) -> bool {
    let tokens = passage.tokens();
    let capital = |i: usize| tokens.get(i).is_some_and(|t| matches!(t.case, Case::Title | Case::Upper | Case::Mixed));
    let before = at.checked_sub(1);
    let particles = LanguageData::shared().table("name-particles");
    let particle = |i: Option<usize>| {
        // English has no such word; in Portuguese and German they are prepositions like others.
        document.target.data().tag() == "en"
            && i.and_then(|i| tokens.get(i)).is_some_and(|t| t.case == Case::Lower && particles.has(passage.folded(t)))
    };
    if particle(before) || particle(Some(at + 1)) {
        return false;
    }
    // The table writes it with a capital: a noun where nouns have one, a name that the varieties spell apart.
    let proper = other.chars().next().is_some_and(char::is_uppercase);
    if tokens[at].case == Case::Lower {
        return !proper;
    }
    if proper {
        let beside = capital(at + 1) || (before.is_some_and(capital) && at > 1);
        return !(document.target.data().capitalises_nouns() && beside);
    }
    // "Labor leaders met" opens a sentence; "Labor Party", "Center for Peace" are names.
    at == 0 && !capital(1) && !capital(2)
}

/// Which places of a passage stand in quotation marks.
pub(super) struct Quoted<'p> {
    quotes: std::borrow::Cow<'p, [Span]>,
}

impl<'p> Quoted<'p> {
    /// Of a sentence of the document, or of one that was changed.
    pub(super) fn of(document: &'p Document<'_>, passage: &Passage<'_>) -> Self {
        let quotes = &document.quotations().quotes;
        if std::ptr::eq(passage.text, &document.target) {
            return Self { quotes: quotes.as_slice().into() };
        }
        let text = passage.text;
        let again = Quotations::of(text.text(), text.surface(), text.data(), &[]);
        let mut found = again.quotes;
        let whole = Span::new(0, text.text().len());
        if let Some(sentence) = document.target.surface().sentences.get(passage.place).map(|s| s.span) {
            for quote in document.quotations().before(sentence.end()) {
                if quote.contains(sentence) {
                    found.push(whole);
                } else if quote.start() < sentence.start() && quote.end() > sentence.start() {
                    let closing = again.lone.iter().find(|l| !l.opens);
                    found.extend(closing.map(|l| Span::new(0, l.span.end())));
                } else if quote.end() > sentence.end() {
                    let opening = again.lone.iter().rev().find(|l| l.opens);
                    found.extend(opening.map(|l| Span::new(l.span.start(), whole.end())));
                }
            }
        }
        found.sort();
        Self { quotes: found.into() }
    }

    /// Whether a place stands in quotation marks.
    pub(super) fn holds(&self, span: Span) -> bool {
        holds(&self.quotes, span)
    }
}

/// What readers call the variety of a side, a region or a desk.
pub(super) fn name(data: LanguageData, key: &str) -> &'static str {
    data.table("variety-names").get(&key.to_lowercase()).map_or("", |row| row.column(2))
}

/// The variety that a region or a desk writes, and which of two spellings that are both right there.
pub(super) fn variety(data: LanguageData, key: &str) -> Option<(Side, Option<Side>)> {
    let row = data.table("variety-names").get(&key.to_lowercase())?;
    Some((Side::named(row.column(0))?, Side::named(row.column(1))))
}
