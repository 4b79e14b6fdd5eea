//! `sense/improbable-rendering`: a word that an editor is likely to change, by the model of quality, and what he would write, by the
//! lexicon, the language model and what other editors wrote. Only for those who ask for unsure findings.

use std::sync::OnceLock;

use crate::analyse::choices::{Doubt, doubts_here};
use crate::analyse::{Document, Passage};
use crate::check::term::put;
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::matcher::Role;
use crate::span::Span;
use crate::surface::BlockKind;

pub(in crate::check) static IMPROBABLE_RENDERING: Rule = Rule {
    id: "sense/improbable-rendering",
    summary: "A word that an editor may change, with what fits source and place better; for those who ask.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Listed(&["en"]),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(improbable),
};

/// The chance of being changed from which a word is told, where unsure findings are asked for.
const LEAST: f32 = 0.2;
/// The most that such a finding is sure of itself.
const MOST: f32 = 0.45;
/// The chance of the first candidate, if the word is replaced, from which it is offered: one in eight is the least that is worth an
/// editor’s glance. Of the words of MLQE-PE’s training rows that editors replaced, so many of those offered from 0.15 on became the
/// first candidate, in rows that the model was not built from: 0.31 (ru), 0.39 (et), 0.50 (ro).
const GOOD: f32 = 0.12;
/// The most repairs of a word.
const MAX_REPAIRS: usize = 5;
/// Of a rendering whose odds are so far behind those of the first, as a natural logarithm, nothing is said.
const FAR_BEHIND: f32 = 3.0;
/// Glossary forms that are asked whether they cover a word.
const MAX_HITS: usize = 400;

struct Improbable {
    unsure: bool,
    /// By sentence, the words that were told, folded, and how surely: one that a repair leaves as it is is told again, and nobody
    /// asks the models anew.
    told: Vec<OnceLock<Vec<(String, f64)>>>,
}

fn improbable(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let told = document.target.surface().sentences.iter().map(|_| OnceLock::new()).collect();
    Box::new(Improbable { unsure: settings.unsure, told })
}

impl Survey for Improbable {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if !self.unsure || passage.kind() != BlockKind::Body {
            return;
        }
        let Some(told) = self.told.get(passage.place) else { return };
        if passage.is_tried(document) {
            let mut left = told.get().cloned().unwrap_or_default();
            for token in passage.tokens() {
                let word = passage.folded(token);
                if let Some(at) = left.iter().position(|(told, _)| told == word) {
                    out.push(Draft::new(token.span, left.remove(at).1, ""));
                }
            }
            return;
        }
        let Some(quality) = document.quality(passage) else { return };
        let first = passage.text.surface().sentences.get(passage.sentence).map_or(0, |s| s.tokens.start);
        let changed = |at: usize| {
            let word = quality.words.binary_search_by_key(&(first + at), |word| word.token).ok();
            word.and_then(|at| quality.words.get(at)).map_or(0.0, |word| word.probability)
        };
        let mut words = Vec::new();
        for doubt in doubts_here(document, passage, &|at| changed(at) >= LEAST) {
            let good = doubt.choices.first().is_some_and(|best| best.chance() >= GOOD);
            let Some(token) = passage.tokens().get(doubt.token) else { continue };
            if good && !is_settled(document, passage, &doubt) {
                let sure = f64::from(changed(doubt.token).min(MOST));
                words.push((passage.folded(token).to_owned(), sure));
                out.extend(draft(document, passage, &doubt, sure));
            }
        }
        told.get_or_init(|| words);
    }
}

/// Whether a glossary speaks of the word, on either side.
fn is_settled(document: &Document<'_>, passage: &Passage<'_>, doubt: &Doubt) -> bool {
    let Some(span) = passage.tokens().get(doubt.token).map(|t| t.span) else { return true };
    let in_target = document.target_terms(passage).iter().take(MAX_HITS);
    if in_target.filter(|h| h.hit.role == Role::Approved).any(|h| h.hit.span.overlaps(span)) {
        return true;
    }
    let Some(source) = source_span(document, doubt) else { return false };
    let sentences = document.alignment().source_of(passage.place).source;
    document.source_terms(sentences).iter().take(MAX_HITS).any(|h| h.hit.span.overlaps(source))
}

fn source_span(document: &Document<'_>, doubt: &Doubt) -> Option<Span> {
    let surface = document.source.as_ref()?.surface();
    surface.tokens.get(doubt.source?).map(|t| t.span)
}

fn draft(document: &Document<'_>, passage: &Passage<'_>, doubt: &Doubt, confidence: f64) -> Option<Draft> {
    let token = passage.tokens().get(doubt.token)?;
    let (best, written) = (doubt.choices.first()?, passage.written(token));
    let place = source_span(document, doubt).filter(|_| best.is_rendering());
    let word = place.zip(document.source.as_ref()).map(|(place, source)| place.of(source.text()));
    let mut draft = match (word, place.map(Place::source)) {
        (Some(word), Some(place)) => {
            let message = format!("“{written}” may not be what “{word}” means here; perhaps “{}”", best.word);
            let reason = "another rendering is likelier by lexicon and language model";
            Draft::new(token.span, confidence, message)
                .because(EvidenceKind::Pattern, reason, Some(place))
                .beside(place)
                .of_group(format!("{}\t{}", word.to_lowercase(), passage.folded(token)))
        }
        _ => {
            let message = format!("“{written}” may not fit here; perhaps “{}”", best.word);
            let reason = "editors often change it so, and the language model agrees";
            Draft::new(token.span, confidence, message).because(EvidenceKind::Pattern, reason, None)
        }
    };
    let near = doubt.choices.iter().filter(|c| best.value - c.value <= FAR_BEHIND);
    for choice in near.take(MAX_REPAIRS) {
        draft.fixes.extend(put(document, passage, token.span, &choice.word, f64::from(choice.chance())));
    }
    Some(draft)
}
