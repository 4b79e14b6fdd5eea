//! `grammar/verb-first`: “in Amman continued active talks”, the order of a source whose verb stands before its subject.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::surface::Case;

pub(in crate::check) static VERB_FIRST: Rule = Rule {
    id: "grammar/verb-first",
    summary: "A verb before its subject, as in the source: in Amman continued active talks.",
    mqm: "linguistic/word-order",
    its: "grammar",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: ENGLISH,
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(verb_first),
};

/// The verb of the source takes no object, and what stands behind it is its subject.
const REFLEXIVE: f64 = 0.8;
/// How surely verb and noun are linked.
const SURE: f32 = 0.5;
/// The most words of a subject, and of the source’s between its verb and its subject.
const MAX_WORDS: usize = 4;
const BETWEEN: usize = 4;

fn verb_first(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let tag = source.data().tag();
    if !matches!(tag, "ru" | "uk" | "pl") {
        return;
    }
    let Some(line) = Line::of(passage) else { return };
    for at in 1..line.len().saturating_sub(1) {
        if !line.belongs(at, "ergative") || line.case(at) != Case::Lower || !could_be_finite(&line, at) {
            continue;
        }
        // Its subject would be an object: adjectives and a noun, nothing that measures time, and no pronoun before the verb.
        let Some(head) = phrase(&line, at + 1) else { continue };
        let last = head + 1;
        let last = Some(last).filter(|&of| line.is(of, &["of"])).and_then(|of| phrase(&line, of + 1)).unwrap_or(head);
        if line.belongs(last, "measure") || line.belongs(last, "period") || line.tag(at - 1) == "PRP" {
            continue;
        }
        // “Told the council continued sanctions were a danger”: a participle, and the verb stands behind the noun.
        if line.is_finite(last + 1) {
            continue;
        }
        let surface = passage.text.surface();
        let Some(start) = surface.sentences.get(passage.sentence).map(|s| s.tokens.start) else { return };
        let Some(links) = document.word_links(passage) else { return };
        let theirs = source.surface();
        let low = |i: usize| theirs.tokens.get(i).map_or("", |t| theirs.folded(t));
        let reflexive = |i: usize| match tag {
            "pl" => low(i + 1) == "się" || low(i.wrapping_sub(1)) == "się",
            // A participle has its noun behind it by right: продолжающиеся санкции.
            _ => (low(i).ends_with("ся") && !low(i).contains('щ') && !low(i).contains("вш")) || low(i).ends_with("сь"),
        };
        let of = |token: usize| links.of_target(start + token).iter().filter(|l| l.confidence >= SURE);
        let Some(verb) = of(at).find(|l| reflexive(l.source)) else { continue };
        let behind = |i: usize| {
            let words = verb.source + 1..i;
            i > verb.source
                && i - verb.source <= BETWEEN
                && words.into_iter().all(|w| {
                    !matches!(
                        low(w),
                        "," | "—" | "-" | "в" | "на" | "у" | "w" | "na" | "с" | "з" | "z" | "по" | "до" | "о"
                    )
                })
        };
        if !of(head).any(|l| behind(l.source)) {
            continue;
        }
        let Some(token) = theirs.tokens.get(verb.source) else { continue };
        let place = Place::source(token.span);
        let span = line.span(at, last);
        let (written, subject) = (line.written(at), line.letters(at + 1, last));
        let mut draft = Draft::new(span, REFLEXIVE, format!("{subject}: what “{written}” is said of stands before it"))
            .because(EvidenceKind::Source, "a verb before its subject in the source", Some(place))
            .beside(place);
        if !passage.is_tried(document) {
            draft = draft.fix(Fix::replace(span, format!("{subject} {written}"), 0.8));
        }
        out.push(draft);
    }
}

/// Whether a verb can be finite: the tagger takes one in such a place for a participle now and then.
fn could_be_finite(line: &Line<'_>, at: usize) -> bool {
    line.is_finite(at) || (line.tag(at) == "VBN" && matches!(line.tag(at - 1), "NN" | "NNS" | "NNP" | ")"))
}

/// The end of a phrase of adjectives and nouns that begins at a token.
fn phrase(line: &Line<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at < from + MAX_WORDS && matches!(line.tag(at), "DT" | "JJ" | "NN" | "NNS" | "NNP" | "VBG" | "PRP$") {
        at += 1;
    }
    let last = at.checked_sub(1).filter(|last| *last >= from)?;
    matches!(line.tag(last), "NN" | "NNS").then_some(last)
}
