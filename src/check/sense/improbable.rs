//! `sense/improbable-rendering`: a word that its source hardly asks for, by the lexicon, the language model and the model of quality
//! together, where another rendering of the source's word fits the place.

use crate::analyse::choices::{Doubt, doubts, odd};
use crate::analyse::{Document, Passage};
use crate::check::term::put;
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::matcher::Role;
use crate::models;
use crate::models::quality::chance;
use crate::surface::BlockKind;

pub(in crate::check) static IMPROBABLE_RENDERING: Rule = Rule {
    id: "sense/improbable-rendering",
    summary: "A word that the source’s hardly means, where another of its renderings fits.",
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

/// A sentence with more words in doubt is rendered freely, or not at all: what stands for what is anybody's guess.
const MAX_TOLD: usize = 2;
/// The most repairs of a word.
const MAX_REPAIRS: usize = 5;
/// Of a rendering whose odds are so far behind those of the first, as a natural logarithm, nothing is said.
const FAR_BEHIND: f32 = 3.0;
/// Glossary forms that are asked whether they cover a word.
const MAX_HITS: usize = 400;

struct Improbable {
    unsure: bool,
}

fn improbable(_: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    Box::new(Improbable { unsure: settings.unsure })
}

impl Survey for Improbable {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Ok(model) = models::choices() else { return };
        if passage.kind() != BlockKind::Body {
            return;
        }
        // The cheap signs first: most sentences have no word that is odd, and of those that have, few are parsed.
        let all = doubts(document, passage, model, odd(passage));
        if all.len() > MAX_TOLD && !self.unsure {
            return;
        }
        let least = model.least[usize::from(self.unsure)];
        for doubt in all {
            let sure = model.chance(&doubt.figures);
            if sure >= least && is_likely_changed(document, passage, &doubt) && !is_settled(document, passage, &doubt) {
                out.extend(draft(document, passage, &doubt, sure));
            }
        }
    }
}

/// Whether the model of quality would call the word wrong, too.
fn is_likely_changed(document: &Document<'_>, passage: &Passage<'_>, doubt: &Doubt) -> bool {
    let word = document.quality(passage).and_then(|q| q.words.get(doubt.token));
    word.zip(document.word_threshold()).is_some_and(|(word, least)| word.probability >= least)
}

/// Whether a glossary speaks of the word, on either side.
fn is_settled(document: &Document<'_>, passage: &Passage<'_>, doubt: &Doubt) -> bool {
    let Some(span) = passage.tokens().get(doubt.token).map(|t| t.span) else { return true };
    let Some(source) = source_span(document, doubt) else { return true };
    let sentences = document.alignment().source_of(passage.place).source;
    let in_target = document.target_terms(passage).iter().take(MAX_HITS);
    let in_source = document.source_terms(sentences).iter().take(MAX_HITS);
    in_target.filter(|h| h.hit.role == Role::Approved).any(|h| h.hit.span.overlaps(span))
        || in_source.into_iter().any(|h| h.hit.span.overlaps(source))
}

fn source_span(document: &Document<'_>, doubt: &Doubt) -> Option<crate::span::Span> {
    let surface = document.source.as_ref()?.surface();
    surface.tokens.get(doubt.source).map(|t| t.span)
}

fn draft(document: &Document<'_>, passage: &Passage<'_>, doubt: &Doubt, sure: f32) -> Option<Draft> {
    let token = passage.tokens().get(doubt.token)?;
    let confidence = f64::from(sure);
    if passage.is_tried(document) {
        return Some(Draft::new(token.span, confidence, ""));
    }
    let (source, place) = (document.source.as_ref()?, source_span(document, doubt)?);
    let (word, written) = (place.of(source.text()), passage.written(token));
    let best = doubt.choices.first()?;
    let message = format!("“{written}” is hardly what “{word}” means; here perhaps “{}”", best.word);
    let reason = "another rendering is likelier by lexicon and language model";
    let mut draft = Draft::new(token.span, confidence, message)
        .because(EvidenceKind::Pattern, reason, Some(Place::source(place)))
        .beside(Place::source(place));
    let near = doubt.choices.iter().filter(|c| best.value - c.value <= FAR_BEHIND);
    for choice in near.take(MAX_REPAIRS) {
        draft.fixes.extend(put(document, passage, token.span, &choice.word, f64::from(chance(choice.value))));
    }
    Some(draft.of_group(format!("{}\t{}", word.to_lowercase(), passage.folded(token))))
}
