//! `term/near-miss`: a slip away from the form that the glossary wants.

use crate::analyse::{Document, Passage, TermHit};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EntityKind, EvidenceKind, Place, Severity};
use crate::glossary::matcher::Role;

use super::{MAX_LACKS, MIN_ALIGNMENT, entry, likeness, mending};

pub(in crate::check) static NEAR_MISS: Rule = Rule {
    id: "term/near-miss",
    summary: "A slip away from the form that the glossary wants: one word of it misspelt, or another of its stem.",
    mqm: "terminology/inconsistent-with-resource",
    its: "terminology",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: true,
    needs_glossary: true,
    run: Run::Sentence(near_miss),
};

fn near_miss(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let aligned = document.alignment().source_of(passage.place);
    if aligned.confidence < MIN_ALIGNMENT {
        return;
    }
    let inflects = document.target.data().inflects_names();
    let terms = document.target_terms(passage);
    let mut seen: Vec<(usize, usize)> = Vec::new();
    let sources = document.source_terms(aligned.source);
    for hit in
        sources.iter().filter(|h| h.hit.role == Role::Source && !h.hit.nested && h.hit.how.is_sure()).take(MAX_LACKS)
    {
        let concept = document.concept(hit);
        let here = |t: &TermHit| t.pair == hit.pair && t.hit.concept == hit.hit.concept;
        let name = matches!(concept.kind, EntityKind::Person | EntityKind::Place) || concept.do_not_translate;
        if name || seen.contains(&(hit.pair, hit.hit.concept)) || terms.iter().any(here) {
            continue;
        }
        seen.push((hit.pair, hit.hit.concept));
        let Some((best, likely)) = concept.best().zip(likeness::near_miss(passage, concept, terms, inflects)) else {
            continue;
        };
        let written = likely.span.of(passage.text.text());
        let place = Place::source(hit.hit.span);
        let message = format!("the glossary has “{best}”, not “{written}”");
        let mut draft = Draft::new(likely.span, likely.confidence, message)
            .beside(place)
            .because(EvidenceKind::Glossary, entry(concept, Some((hit.hit.span, hit.hit.how))), Some(place))
            .of_group(format!("{}\t{written}", concept.source));
        if let Some(fix) = mending::put(document, passage, likely.span, best, likely.confidence) {
            draft = draft.fix(fix);
        }
        out.push(draft);
    }
}
