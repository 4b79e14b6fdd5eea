//! `space/edge`: white space at the head or the end of a segment that its source does not have, or has and the segment lacks; in
//! whole texts a paragraph that is indented among others that are not.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey, marks};
use crate::finding::{EvidenceKind, Severity};
use crate::language::Words;
use crate::span::Span;
use crate::surface::{BlockKind, TokenKind, ends_like_a_sentence};

pub(in crate::check) static EDGE: Rule = Rule {
    id: "space/edge",
    summary: "White space at the head or the end of a segment that its source does not have, or a paragraph indented unlike the others.",
    mqm: "linguistic/whitespace",
    its: "whitespace",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// The source has none, or has some.
const AGAINST_SOURCE: f64 = 0.85;
/// The other paragraphs have none.
const INDENTED: f64 = 0.75;
/// Segments with other edges than their sources are a habit of the file, and no slip, from this share of all on: one in so many.
const HABIT: usize = 4;
/// Fewest segments of which a share is asked.
const MIN_SEGMENTS: usize = 4;
/// Fewest paragraphs that are not indented beside one that is, and of how many one may be.
const MIN_PARAGRAPHS: usize = 5;
/// Fewest words of a paragraph: a shorter one may be a heading or a signature in the middle of its line.
const MIN_WORDS: usize = 10;
/// From so many blanks on it is code, a column, a letterhead.
const SET_OUT: usize = 4;

/// Which end of a segment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Head,
    Tail,
}

struct Fault {
    /// The sentence at that end.
    sentence: usize,
    side: Side,
    /// What the source has there; empty in a whole text.
    wanted: String,
    confidence: f64,
    kind: EvidenceKind,
    why: &'static str,
}

struct Edges(Vec<Fault>);

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut faults = if document.is_segmented() { segments(document) } else { paragraphs(document) };
    faults.sort_by_key(|fault| fault.sentence);
    Box::new(Edges(faults))
}

fn segments(document: &Document<'_>) -> Vec<Fault> {
    let Some(source) = &document.source else {
        return Vec::new();
    };
    // Between Chinese sentences there is no space, and between those of most other languages there is.
    let spaced = |words: Words| words == Words::Spaced;
    if !spaced(source.data().words()) || !spaced(document.target.data().words()) {
        return Vec::new();
    }
    let (text, surface) = (document.target.text(), document.target.surface());
    let masks = document.target.masks();
    let mut faults = Vec::new();
    for segment in document.segments() {
        let (from, to) = (segment.source.of(source.text()), segment.target.of(text));
        if from.trim().is_empty() || to.trim().is_empty() {
            continue;
        }
        let first = surface.sentences.partition_point(|s| s.span.end() <= segment.target.start());
        let end = surface.sentences.partition_point(|s| s.span.start() < segment.target.end());
        if first >= end {
            continue;
        }
        for (side, sentence) in [(Side::Head, first), (Side::Tail, end - 1)] {
            let (wanted, is) = (blank(from, side), blank(to, side));
            let place = match side {
                Side::Head => segment.target.start() + is.len(),
                Side::Tail => segment.target.end() - is.len(),
            };
            // Beside an inline code the space may stand on its other side.
            let after = masks.partition_point(|mask| mask.end() < place);
            let coded = masks.get(after).is_some_and(|mask| mask.start() <= place);
            if is.is_empty() != wanted.is_empty() && !coded && !is.contains('\n') && !wanted.contains('\n') {
                let why = if is.is_empty() { "the source has some there" } else { "the source has none there" };
                let kind = EvidenceKind::Source;
                faults.push(Fault { sentence, side, wanted: wanted.to_owned(), confidence: AGAINST_SOURCE, kind, why });
            }
        }
    }
    let count = document.segments().len();
    if count >= MIN_SEGMENTS && faults.len() * HABIT > count {
        return Vec::new();
    }
    faults
}

/// The white space at one end.
fn blank(text: &str, side: Side) -> &str {
    match side {
        Side::Head => &text[..text.len() - text.trim_start().len()],
        Side::Tail => &text[text.trim_end().len()..],
    }
}

/// Of paragraphs that begin at the margin, the one that does not. What stands at the end of a line nobody sees.
fn paragraphs(document: &Document<'_>) -> Vec<Fault> {
    let (text, surface) = (document.target.text(), document.target.surface());
    let written: Vec<_> = surface.blocks.iter().filter(|block| !block.sentences.is_empty()).collect();
    let indents: Vec<&str> = written.iter().map(|block| blank(block.span.of(text), Side::Head)).collect();
    let indented: Vec<usize> = (0..written.len()).filter(|&i| !indents[i].is_empty()).collect();
    let &[at] = indented.as_slice() else {
        return Vec::new();
    };
    let block = written[at];
    let tokens = surface.tokens.get(surface.tokens_of_block(block)).unwrap_or(&[]);
    let words = tokens.iter().filter(|t| t.kind == TokenKind::Word).count();
    let lead = block.span.of(text).trim_start();
    // Quotations, lists, verse and code are set in on purpose.
    let prose = lead.starts_with(char::is_alphabetic)
        && ends_like_a_sentence(text, block.span)
        && words >= MIN_WORDS
        && !lead.contains(['\t', '{', '}', '|', '='])
        && indents[at].chars().count() < SET_OUT
        && indents[at].chars().all(|c| matches!(c, ' ' | '\t' | '\u{a0}'));
    let same_in_source = document.source.as_ref().is_some_and(|source| {
        let blocks = &source.surface().blocks;
        blocks.iter().filter(|b| !blank(b.span.of(source.text()), Side::Head).is_empty()).count() > 0
    });
    if !prose || same_in_source || block.kind != BlockKind::Body || written.len() <= MIN_PARAGRAPHS {
        return Vec::new();
    }
    let why = "the other paragraphs begin at the margin";
    let wanted = String::new();
    let kind = EvidenceKind::Document;
    vec![Fault { sentence: block.sentences.start, side: Side::Head, wanted, confidence: INDENTED, kind, why }]
}

impl Survey for Edges {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let first = self.0.partition_point(|fault| fault.sentence < passage.place);
        for fault in self.0[first..].iter().take_while(|fault| fault.sentence == passage.place) {
            let (text, span) = (passage.text.text(), passage.span());
            let edge = match fault.side {
                Side::Head => Span::new(span.start() - blank(&text[..span.start()], Side::Tail).len(), span.start()),
                Side::Tail => Span::new(span.end(), span.end() + blank(&text[span.end()..], Side::Head).len()),
            };
            // The line ends between segments are nobody's.
            let line = edge.of(text).find('\n').map_or(edge, |at| match fault.side {
                Side::Head => Span::new(edge.start() + edge.of(text).rfind('\n').map_or(0, |at| at + 1), edge.end()),
                Side::Tail => Span::new(edge.start(), edge.start() + at),
            });
            if line.is_empty() != fault.wanted.is_empty() {
                let tokens = passage.tokens();
                let word = if fault.side == Side::Head { tokens.first() } else { tokens.last() };
                // White space alone shows nothing, so the word beside it is marked and written anew.
                let Some(word) = word.map(|t| t.span).filter(|span| !marks::is_by_mask(passage, *span)) else {
                    continue;
                };
                let place = word.cover(line);
                let mended = match fault.side {
                    Side::Head => format!("{}{}", fault.wanted, word.of(text)),
                    Side::Tail => format!("{}{}", word.of(text), fault.wanted),
                };
                let where_ = if fault.side == Side::Head { "head" } else { "end" };
                let message = if line.is_empty() {
                    format!("white space is missing at the {where_}")
                } else {
                    format!("white space at the {where_}")
                };
                out.push(
                    Draft::new(place, fault.confidence, message)
                        .fix(Fix::replace(place, mended, 0.9).safe())
                        .because(fault.kind, fault.why, None)
                        .of_group("edge"),
                );
            }
        }
    }
}
