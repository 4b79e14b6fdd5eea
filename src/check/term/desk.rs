//! Every desk's names (countries, capitals, great organisations), where the translation has something much like the English
//! name in its place, or the source's own name left in. That nothing at all is there is not told: a text may well say "the
//! country", "Moscow" or "the Polish government".

use rustc_hash::FxHashMap;

use crate::analyse::{Document, Passage, TermHit};
use crate::check::{Draft, Fix};
use crate::finding::{EntityKind, EvidenceKind, Place};
use crate::glossary::matcher::{Hit, Role};
use crate::glossary::{Concept, Pair};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, fold, without_possessive};

use super::{MAX_COMPARED, MAX_LACKS, MIN_ALIGNMENT, candidates, likeness, skeleton};

/// The English name with a slip, or in the spelling of another language. Below a user's glossary, which has decided.
const SLIP: f64 = 0.72;
/// The source's own name.
const LEFT_IN: f64 = 0.66;
/// A form that no English has.
const WRONG: f64 = 0.75;
/// What remains of the confidence that the same words of a user's glossary would give.
const FACTOR: f64 = 0.8;
/// Fewest letters of a name that a slip is seen in.
const MIN_LETTERS: usize = 5;
/// Letters from which two of them may differ.
const LONG: usize = 9;
/// Fewest letters of a name left in; of initials fewer will do.
const MIN_LEFT_IN: usize = 4;
const MIN_INITIALS: usize = 3;

/// The names that the translation lacks.
pub(super) struct Desk {
    pair: &'static Pair,
    target: Vec<TermHit>,
    /// By target sentence: concept, and where the source has it.
    lacks: FxHashMap<usize, Vec<(usize, Span)>>,
}

fn term(hit: Hit) -> TermHit {
    TermHit { pair: usize::MAX, hit }
}

impl Desk {
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let (pair, source) = (document.desk?, document.source.as_ref()?);
        let (surface, target) = (source.surface(), document.target.surface());
        let hits: Vec<TermHit> = pair.target.find(document.target.text(), target).into_iter().map(term).collect();
        let mut present: rustc_hash::FxHashSet<(usize, usize)> = rustc_hash::FxHashSet::default();
        for hit in hits.iter().filter(|h| h.hit.role == Role::Approved) {
            present.extend(target.sentence_at(hit.hit.span.start()).map(|sentence| (hit.hit.concept, sentence)));
        }
        let targets = document.alignment().targets_by_source(surface.sentences.len());
        let mut lacks: FxHashMap<usize, Vec<(usize, Span)>> = FxHashMap::default();
        for hit in pair.source.find(source.text(), surface) {
            let written = hit.span.of(source.text());
            if hit.nested || !hit.how.is_sure() || written.starts_with(char::is_lowercase) {
                continue;
            }
            let Some(sentence) = surface.sentence_at(hit.span.start()) else { continue };
            // The user's own entry wins.
            let own = document.source_terms(sentence..sentence + 1);
            if own.iter().any(|t| t.hit.span.overlaps(hit.span)) {
                continue;
            }
            let Some((first, last)) = targets.get(sentence).and_then(|t| t.first().zip(t.last())) else { continue };
            let aligned = document.alignment().source_of(*first).confidence >= MIN_ALIGNMENT;
            let around = first.saturating_sub(1)..=*last + 1;
            if !aligned || around.into_iter().any(|sentence| present.contains(&(hit.concept, sentence))) {
                continue;
            }
            for sentence in *first..=*last {
                let list = lacks.entry(sentence).or_default();
                if list.len() < MAX_LACKS && !list.iter().any(|(concept, _)| *concept == hit.concept) {
                    list.push((hit.concept, hit.span));
                }
            }
        }
        Some(Self { pair, target: hits, lacks })
    }

    pub(super) fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some(lacks) = self.lacks.get(&passage.place) else { return };
        let text = passage.text.text();
        let found: Vec<TermHit>;
        let mut terms: Vec<TermHit> = if std::ptr::eq(passage.text, &raw const document.target) {
            let within = |h: &&TermHit| passage.span().contains(h.hit.span);
            self.target.iter().filter(within).copied().collect()
        } else {
            found = self.pair.target.find(text, passage.text.surface()).into_iter().map(term).collect();
            found
        };
        let wrong: Vec<TermHit> = terms.iter().filter(|t| t.hit.role == Role::Unwanted).copied().collect();
        let own = document.target_terms(passage);
        terms.retain(|t| t.hit.role == Role::Approved);
        terms.extend(own.iter().map(|t| TermHit { pair: t.pair, hit: Hit { role: Role::Approved, ..t.hit } }));
        for (index, place) in lacks {
            let Some(concept) = self.pair.concepts.get(*index) else { continue };
            let Some(best) = concept.best() else { continue };
            if terms.iter().any(|t| t.pair == usize::MAX && t.hit.concept == *index) {
                continue;
            }
            let by_form = wrong.iter().find(|t| t.hit.concept == *index).map(|t| (t.hit.span, WRONG));
            let like = || slip(document, passage, concept, &terms).map(|span| (span, SLIP));
            let left = || left_in(passage, concept, &terms).map(|span| (span, LEFT_IN));
            let other = || {
                let organization = concept.kind == EntityKind::Organization;
                let likely = organization.then(|| {
                    likeness::near_miss(passage, concept, &terms, false)
                        .or_else(|| likeness::other_name(passage, concept, &terms))
                });
                likely.flatten().map(|likely| (likely.span, likely.confidence * FACTOR))
            };
            let Some((span, confidence)) = by_form.or_else(like).or_else(left).or_else(other) else { continue };
            let written = span.of(text);
            let place = Place::source(*place);
            let evidence = format!("every desk’s names: {} = {best}", concept.source);
            out.push(
                Draft::new(span, confidence, format!("“{best}” is the English name, not “{written}”"))
                    .fix(Fix::replace(span, best, confidence))
                    .beside(place)
                    .because(EvidenceKind::Data, evidence, Some(place))
                    .of_group(format!("{}\t{written}", concept.source)),
            );
        }
    }
}

/// Words that are the English name but for a letter or two.
fn slip(document: &Document<'_>, passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Span> {
    let best = concept.best()?;
    let wanted = skeleton(best);
    let letters = wanted.chars().count();
    if letters < MIN_LETTERS {
        return None;
    }
    let words = best.split([' ', '-']).count();
    candidates(passage, words).into_iter().take(MAX_COMPARED).find(|span| {
        let written = span.of(passage.text.text());
        let found = skeleton(written);
        let edits = strsim::osa_distance(&wanted, &found);
        let close = edits > 0 && edits <= 1 + usize::from(letters >= LONG);
        // Iran and Iranian, the Philippines and Philippine: other words.
        let common = wanted.chars().zip(found.chars()).take_while(|(a, b)| a == b).count();
        let ending = common + 2 >= letters.min(found.chars().count());
        let same = wanted.chars().next() == found.chars().next();
        // A word of the source is that word, and not a slip; but the source's name in its place is none of English.
        let folded = fold(written);
        let in_source = document.word_in_source(&folded).is_some() && folded != fold(&concept.source);
        close && same && !ending && !in_source && !taken(*span, terms) && !is_word(passage, written)
    })
}

/// The source's own name, in its letters, where English has another.
fn left_in(passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Span> {
    let name = &concept.source;
    let initials = crate::surface::case_of(name) == Case::Upper;
    let letters = name.chars().count();
    let enough = letters >= MIN_LEFT_IN || (initials && letters >= MIN_INITIALS);
    if !enough || name.contains([' ', '-', '\'']) {
        return None;
    }
    let tokens = passage.tokens();
    // Beside another capital it is a part of some other name: Malte Müller, AS Roma.
    let capital = |t: Option<&Token>| {
        t.is_some_and(|t| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Upper | Case::Mixed))
    };
    let at = tokens.iter().position(|t| {
        let span = without_possessive(passage.text.text(), t.span);
        t.kind == TokenKind::Word && span.of(passage.text.text()) == name && !taken(span, terms)
    })?;
    let token = tokens.get(at)?;
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let span = without_possessive(passage.text.text(), token.span);
    let beside = capital(before) || capital(tokens.get(at + 1));
    // Within brackets behind the full name, initials are quoted: the WHO (OMS).
    let bracketed = before.is_some_and(|t| matches!(passage.written(t), "(" | "[" | "“" | "\""));
    (!beside && !bracketed && !is_word(passage, name)).then_some(span)
}

fn taken(span: Span, terms: &[TermHit]) -> bool {
    terms.iter().any(|t| t.hit.span.overlaps(span))
}

/// Whether it is a word of its own in English: of a nation, a common word, a title.
fn is_word(passage: &Passage<'_>, written: &str) -> bool {
    let (folded, data) = (fold(written), passage.text.data());
    ["nationalities", "common-words", "titles", "calendar", "acronyms"]
        .iter()
        .any(|table| data.table(table).has(&folded))
}
