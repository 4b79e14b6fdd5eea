//! `punct/terminal`: a paragraph of running text that ends without a stop.

use crate::analyse::{Document, Passage, Text};
use crate::check::marks::{self, Marks};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{Block, BlockKind, Case, Token, TokenKind, ends_like_a_sentence};

pub(in crate::check) static TERMINAL: Rule = Rule {
    id: "punct/terminal",
    summary: "A paragraph of running text that ends without a stop, where the others have one.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("punctuation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(terminal),
};

/// The paragraph has whole sentences before the one without a stop.
const AFTER_SENTENCES: f64 = 0.85;
/// A single sentence, long, and among paragraphs that end with stops: it may still be a long heading or a caption.
const SINGLE: f64 = 0.65;
/// Fewest paragraphs of the text that end with a stop.
const MIN_ENDED: usize = 3;
/// Of how many paragraphs one may end without a stop: one in four.
const RARE: usize = 4;
/// Fewest words of a last sentence that follows others.
const MIN_WORDS: usize = 5;
/// Fewest words of a single sentence. Of 59 headlines of clean English news the longest has 22.
const MIN_WORDS_SINGLE: usize = 23;

fn terminal(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let target = &document.target;
    let (text, surface) = (target.text(), target.surface());
    let mut places = Vec::new();
    let stop = Marks::of(document).stop();
    // A segment may be a heading, a caption, a cell; without its neighbours nobody can tell.
    if stop.is_some() && !document.is_segmented() {
        let written: Vec<&Block> = surface.blocks.iter().filter(|b| !b.sentences.is_empty()).collect();
        let ended: Vec<bool> = written.iter().map(|b| ends_like_a_sentence(text, b.span)).collect();
        let count = ended.iter().filter(|ended| **ended).count();
        let bare = written.len() - count;
        if count >= MIN_ENDED && count >= (RARE - 1) * bare {
            for (index, block) in written.iter().enumerate().filter(|(index, _)| !ended[*index]) {
                // A small letter goes on with a sentence that was cut in two.
                let next = written.get(index + 1).and_then(|next| next.span.of(text).trim_start().chars().next());
                if next.is_some_and(char::is_lowercase) {
                    continue;
                }
                // The lead after a headline is at times a summary without a stop, and the last paragraph a signature.
                let inner = index > 1 && ended[index - 1] && ended.get(index + 1).copied().unwrap_or(false);
                if let Some(confidence) = unended(target, block, inner) {
                    places.push((block.sentences.end - 1, confidence));
                }
            }
        }
    }
    Box::new(Terminal { places, stop: stop.unwrap_or(".") })
}

struct Terminal {
    /// Sentences that lack their stop, in order.
    places: Vec<(usize, f64)>,
    stop: &'static str,
}

impl Survey for Terminal {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Ok(at) = self.places.binary_search_by_key(&passage.place, |(sentence, _)| *sentence) else {
            return;
        };
        let text = passage.text.text();
        let Some(last) = passage.tokens().last().filter(|_| !ends_like_a_sentence(text, passage.span())) else {
            return;
        };
        let end = last.span.end();
        if marks::is_by_mask(passage, last.span) {
            return;
        }
        out.push(
            Draft::new(last.span, self.places[at].1, "this paragraph ends without a stop")
                .fix(Fix::replace(Span::new(end, end), self.stop, 0.9))
                .because(EvidenceKind::Document, "the other paragraphs end with one", None),
        );
    }
}

/// How surely a paragraph without a stop should have one.
fn unended(target: &Text<'_>, block: &Block, inner: bool) -> Option<f64> {
    let (text, surface) = (target.text(), target.surface());
    let sentence = surface.sentences.get(block.sentences.end.checked_sub(1)?)?;
    let tokens = surface.tokens_of(sentence);
    let last = tokens.last()?;
    let plain = last.kind == TokenKind::Word && !marks::is_code(marks::chunk(text, last.span.start()).of(text));
    let words = tokens.iter().filter(|t| t.kind == TokenKind::Word).count();
    // A heading has capitals throughout, a signature or a credit ends with a name.
    let small =
        tokens.iter().filter(|t| matches!(t.case, Case::Lower | Case::None) && t.kind == TokenKind::Word).count();
    let running = block.kind == BlockKind::Body && small * 2 >= words && opens_as_a_sentence(tokens);
    let named = matches!(last.case, Case::Title | Case::Upper | Case::Mixed) && !target.data().capitalises_nouns();
    if !plain || !running || named || opens_an_item(text, block.span) {
        return None;
    }
    let sentences = block.sentences.len();
    match sentences {
        // "Read more: …" is a row of headings.
        0 | 1 if sentence.span.of(text).contains([':', '：']) => None,
        0 | 1 => (inner && words >= MIN_WORDS_SINGLE).then_some(SINGLE),
        _ => (words >= MIN_WORDS).then_some(AFTER_SENTENCES),
    }
}

fn opens_as_a_sentence(tokens: &[Token]) -> bool {
    tokens.iter().find(|t| t.kind != TokenKind::Mark).is_some_and(|t| t.case != Case::Lower)
}

/// A dash, a dot or a number in front: one of a list, whose items need no stops.
fn opens_an_item(text: &str, span: Span) -> bool {
    let first = span.of(text).trim_start().chars().next();
    first.is_some_and(|c| c.is_numeric() || "-–—•·*▪●◦‣○■–(".contains(c))
}
