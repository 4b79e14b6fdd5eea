//! Text that stops in the middle of a sentence.

use super::{reach, rendered};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static TRUNCATED: Rule = Rule {
    id: "completeness/truncated",
    summary: "A paragraph that stops in the middle of a sentence.",
    mqm: "accuracy/omission",
    its: "omission",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::WithTable("function-words"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(truncated),
};

/// The source goes on to a full stop.
const SOURCE_ENDS: f64 = 0.92;
/// There is no source to tell.
const NO_SOURCE: f64 = 0.8;
/// Three dots for the source’s full stop.
const DOTS: f64 = 0.72;
/// Fewest words: a subheading or a row of a table is shorter.
const MIN_WORDS: usize = 8;
/// How surely the source of a sentence that ends in three dots must be known.
const ALIGNED: f64 = 0.6;
/// Marks that end a sentence.
const STOPS: &str = ".!?…。！？؟۔।։";
/// Marks that may follow them.
const CLOSERS: &str = "\"'”’»«“‘›)]」』）";

fn truncated(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(last) = passage.tokens().last() else {
        return;
    };
    if passage.kind() != BlockKind::Body {
        return;
    }
    match last.kind {
        TokenKind::Word if last.case == Case::Lower => out.extend(open_end(document, passage, last)),
        TokenKind::Mark if ends_in_dots(passage.span().of(passage.text.text())) => {
            out.extend(dots(document, passage));
        }
        _ => {}
    }
}

/// The last word of a paragraph calls for another one: an article, a conjunction.
fn open_end(document: &Document<'_>, passage: &Passage<'_>, last: &Token) -> Option<Draft> {
    let row = document.target.data().table("function-words").get(passage.folded(last))?;
    let ends_here = ends_its_paragraph(document, passage.place);
    let words = passage.tokens().iter().filter(|t| t.kind == TokenKind::Word).count();
    if !ends_here || words < MIN_WORDS {
        return None;
    }
    let original = document.source.as_ref().and_then(|source| {
        let span = reach(source, rendered(document, passage))?;
        Some((span, ends_with_stop(span.of(source.text()))))
    });
    let confidence = match (row.column(0), original) {
        ("open" | "lean", Some((_, true))) => SOURCE_ENDS,
        ("open", None) => NO_SOURCE,
        // The source stops there too; or the word may well stand last.
        _ => return None,
    };
    let message = format!("the text stops in the middle of a sentence, after “{}”", passage.written(last));
    let mut draft = Draft::new(last.span, confidence, message);
    draft = match original {
        Some((span, _)) => {
            let place = Place::source(span);
            draft.beside(place).because(EvidenceKind::Source, "the source goes on to a full stop", Some(place))
        }
        None => draft.because(EvidenceKind::Data, "no sentence ends with this word", None),
    };
    Some(draft)
}

/// Whether a sentence is the last of a paragraph that the next one does not go on with.
fn ends_its_paragraph(document: &Document<'_>, place: usize) -> bool {
    let surface = document.target.surface();
    let Some(sentence) = surface.sentences.get(place) else {
        return false;
    };
    match surface.sentences.get(place + 1) {
        None => surface.blocks.len() > 1,
        Some(next) if next.block != sentence.block => {
            surface.tokens_of(next).first().is_some_and(|t| t.kind == TokenKind::Word && t.case != Case::Lower)
        }
        Some(_) => false,
    }
}

/// Three dots where the source has a full stop.
fn dots(document: &Document<'_>, passage: &Passage<'_>) -> Option<Draft> {
    let source = document.source.as_ref()?;
    let matched = document.alignment().source_of(passage.place);
    let span = reach(source, matched.source)?;
    let original = span.of(source.text());
    let has_dots = |text: &str| text.contains('…') || text.contains("...") || text.contains(". .");
    // A sentence that was cut in two may end in dots that stand further on.
    let next = source.text()[span.end()..].trim_start();
    let goes_on = next.starts_with(['…', '.']);
    if matched.confidence < ALIGNED || has_dots(original) || goes_on || !ends_with_stop(original) {
        return None;
    }
    let text = passage.span().of(passage.text.text());
    let bare = text.trim_end_matches(|c| CLOSERS.contains(c));
    let words = bare.trim_end_matches(['.', '…']);
    let start = passage.span().start();
    let place = Place::source(span);
    let message = "the sentence trails off; the source ends it with a full stop";
    Some(Draft::new(Span::new(start + words.len(), start + bare.len()), DOTS, message).beside(place).because(
        EvidenceKind::Source,
        "no dots in the source",
        Some(place),
    ))
}

fn ends_in_dots(sentence: &str) -> bool {
    let bare = sentence.trim_end_matches(|c| CLOSERS.contains(c));
    bare.ends_with('…') || bare.ends_with("...")
}

fn ends_with_stop(text: &str) -> bool {
    let bare = text.trim_end_matches(|c: char| c.is_whitespace() || CLOSERS.contains(c));
    bare.ends_with(|c| STOPS.contains(c))
}
