//! `quote/*`: quotation marks.

use crate::analyse::quotes::Quotations;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::BlockKind;

pub(super) static UNPAIRED: Rule = Rule {
    id: "quote/unpaired",
    summary: "A quotation mark that closes nothing, or that nothing closes.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::WithTable("facts"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(unpaired),
};

/// A closing mark that nothing opened.
const CLOSES_NOTHING: f64 = 0.9;
/// An opening mark that nothing in its paragraph closes.
const NEVER_CLOSED: f64 = 0.75;
/// A straight mark faces no way of its own, so which one is too many is a guess.
const STRAIGHT: f64 = 0.6;

fn unpaired(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = document.target.text();
    let surface = document.target.surface();
    let quotations = document.quotations();
    let lone: Vec<(Span, bool)> = quotations
        .lone
        .iter()
        .filter(|l| !l.runs_on && !is_closed_later(document, l.span))
        .map(|l| (l.span, l.opens))
        .collect();
    // Where each sentence begins, what is open; and whether what it leaves open finds its end further on.
    let sentences = surface
        .sentences
        .iter()
        .map(|s| {
            let after = quotations.quotes.partition_point(|q| q.start() < s.span.start());
            let spans_border = |at: usize| move |q: &&Span| q.start() < at && q.end() > at;
            let open = quotations.quotes[after.saturating_sub(NESTING)..after]
                .iter()
                .filter(spans_border(s.span.start()))
                .filter_map(|q| q.of(text).chars().next())
                .collect();
            let last = quotations.quotes.partition_point(|q| q.start() < s.span.end());
            let goes_on =
                quotations.quotes[last.saturating_sub(NESTING)..last].iter().filter(spans_border(s.span.end()));
            let lone = quotations.lone.partition_point(|l| l.span.start() < s.span.start());
            let inside = quotations.lone[lone..].iter().take_while(|l| l.span.start() < s.span.end());
            let runs_on = inside.take(NESTING).any(|l| l.runs_on);
            State { open, leaves_open: goes_on.count() + usize::from(runs_on) }
        })
        .collect();
    Box::new(Unpaired { lone, sentences })
}

/// How deep quotations nest, at most, as far as this rule follows.
const NESTING: usize = 8;

/// A quotation that runs over paragraphs without opening each anew: its end stands alone in a later one.
fn is_closed_later(document: &Document<'_>, mark: Span) -> bool {
    let surface = document.target.surface();
    let lone = &document.quotations().lone;
    let Ok(at) = lone.binary_search_by_key(&mark, |l| l.span) else {
        return false;
    };
    let block = |span: Span| surface.sentence_at(span.start()).map(|s| surface.sentences[s].block);
    let partner = if lone[at].opens { lone.get(at + 1) } else { at.checked_sub(1).and_then(|i| lone.get(i)) };
    let Some(partner) = partner.filter(|p| p.opens != lone[at].opens) else {
        return false;
    };
    let (Some(here), Some(there)) = (block(mark), block(partner.span)) else {
        return false;
    };
    let reach = if document.is_segmented() { SEGMENTS } else { PARAGRAPHS };
    (1..=reach).contains(&here.abs_diff(there))
}

/// Over how many paragraphs a quotation may run.
const PARAGRAPHS: usize = 4;
/// Over how many segments, which are mostly sentences.
const SEGMENTS: usize = 16;

struct State {
    open: Vec<char>,
    leaves_open: usize,
}

struct Unpaired {
    lone: Vec<(Span, bool)>,
    sentences: Vec<State>,
}

impl Survey for Unpaired {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let span = passage.span();
        let lone: Vec<(Span, bool)> = if std::ptr::eq(passage.text, &document.target) {
            let first = self.lone.partition_point(|(mark, _)| mark.start() < span.start());
            self.lone[first..].iter().copied().take_while(|(mark, _)| mark.start() < span.end()).collect()
        } else {
            let Some(state) = self.sentences.get(passage.place) else {
                return;
            };
            let text = passage.text;
            let again = Quotations::of(text.text(), text.surface(), text.data(), &state.open);
            let mut opening = again.lone.iter().filter(|l| l.opens).count();
            let keep = |l: &&crate::analyse::quotes::Lone| {
                // What is open at the end of the sentence is no fault as long as the rest of the paragraph closes it.
                let carried = l.opens && opening <= state.leaves_open;
                opening -= usize::from(l.opens);
                !carried && span.contains(l.span)
            };
            again.lone.iter().filter(keep).map(|l| (l.span, l.opens)).collect()
        };
        for (mark, opens) in lone {
            out.push(draft(passage, mark, opens));
        }
    }
}

fn draft(passage: &Passage<'_>, mark: Span, opens: bool) -> Draft {
    let text = passage.text.text();
    let written = mark.of(text);
    let confidence = match (written, opens) {
        ("\"", _) => STRAIGHT,
        (_, true) => NEVER_CLOSED,
        (_, false) => CLOSES_NOTHING,
    };
    let confidence = if passage.kind() == BlockKind::Body { confidence } else { confidence.min(STRAIGHT) };
    let message =
        if opens { "this quotation is never closed" } else { "this mark closes a quotation that was never opened" };
    let mut edit = mark;
    if written == "«" && opens && text[mark.end()..].starts_with([' ', '\u{a0}', '\u{202f}']) {
        // French puts a space inside its marks; it goes with the mark.
        edit = Span::new(mark.start(), mark.end() + text[mark.end()..].chars().next().map_or(0, char::len_utf8));
    }
    Draft::new(mark, confidence, message).fix(Fix::replace(edit, "", 0.7)).because(
        EvidenceKind::Pattern,
        "marks paired by paragraph",
        None,
    )
}
