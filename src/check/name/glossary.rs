//! `name/glossary-variant`: another romanisation, or a slip, of a name that the glossary spells.
//!
//! The names of the text are put into an index by their deletions, and the glossary's names are held against it, so that the
//! cost grows with the two and not with their product.

use rustc_hash::FxHashMap;

use super::spelling::{Spelling, buckets, classes, is_ending, is_exchange_or_doubling};
use crate::analyse::mentions::{NameWord, WordPlace};
use crate::analyse::{Document, Passage, TermHit};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::Concept;
use crate::glossary::matcher::Role;
use crate::span::Span;
use crate::surface::{TokenKind, fold, without_possessive};

pub(in crate::check) static GLOSSARY_VARIANT: Rule = Rule {
    id: "name/glossary-variant",
    summary: "A name of the glossary, in another romanisation or with a slip.",
    mqm: "terminology/inconsistent-with-resource",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: true,
    run: Run::Document(variants),
};

/// Fewest letters of a name that is compared; shorter ones need more than a like form.
const MIN_LETTERS: usize = 5;
/// Letters of a name that may differ in any one letter.
const LONG: usize = 7;
/// The most places of a name that are asked for their source.
const MAX_PLACES: usize = 8;

/// The aligned source sentence has the name. With the names of the 98 documents of `eval/drift.*` from German and French as
/// their glossaries, 78 of 78 were right; it stays a little below `term/missing`, which then knows the whole form that lacks.
const IN_SENTENCE: f64 = 0.84;
/// The source has the name elsewhere: 7 of 7 there.
const ELSEWHERE: f64 = 0.7;
/// There is no source, and the rest of the name stands beside.
const BESIDE: f64 = 0.8;
/// There is no source, and only accents, exchanged or doubled letters differ.
const SLIP: f64 = 0.7;
/// There is no source, and letters that romanisations exchange differ.
const SCHEME: f64 = 0.6;

struct Verdict {
    right: String,
    confidence: f64,
    entry: String,
    source: Option<Span>,
}

struct Variants {
    wrong: FxHashMap<String, Verdict>,
}

fn variants(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let classes = classes();
    let mentions = document.mentions();
    let spellings: Vec<Spelling<'_>> = mentions.words.iter().filter_map(|word| Spelling::of(word, &classes)).collect();
    let buckets = buckets(&spellings);
    let mut pairs: Vec<(usize, NameWord, (usize, usize), &str)> = Vec::new();
    let mut known: rustc_hash::FxHashSet<&str> = rustc_hash::FxHashSet::default();
    for (pair, concepts) in document.pairs.iter().enumerate().map(|(i, p)| (i, &p.concepts)) {
        for (index, concept) in concepts.iter().enumerate() {
            for form in concept.approved().chain(concept.unwanted.iter().map(String::as_str)) {
                known.extend(form.split([' ', '-', '\u{a0}']));
            }
            if !concept.is_name() || concept.do_not_translate {
                continue;
            }
            for form in concept.approved() {
                for word in
                    form.split([' ', '-', '\u{a0}']).filter(|w| w.chars().next().is_some_and(char::is_uppercase))
                {
                    let wanted = NameWord { text: word.to_owned(), places: Vec::new() };
                    let Some(right) = Spelling::of(&wanted, &classes) else { continue };
                    let mut met: Vec<usize> = Vec::new();
                    right.keys(|key| met.extend(buckets.get(&key).into_iter().flatten()));
                    met.sort_unstable();
                    met.dedup();
                    pairs.extend(met.into_iter().map(|at| (at, wanted.clone(), (pair, index), form)));
                }
            }
        }
    }
    let mut wrong: FxHashMap<String, Verdict> = FxHashMap::default();
    for (at, wanted, key, form) in pairs {
        let (Some(right), Some(slip)) = (Spelling::of(&wanted, &classes), spellings.get(at)) else { continue };
        if known.contains(slip.word.text.as_str()) {
            continue;
        }
        let Some(concept) = document.pairs.get(key.0).and_then(|p| p.concepts.get(key.1)) else { continue };
        let Some(verdict) = compare(document, &right, slip, concept, key, form) else { continue };
        if wrong.get(&slip.word.text).is_none_or(|v| verdict.confidence > v.confidence) {
            wrong.insert(slip.word.text.clone(), verdict);
        }
    }
    Box::new(Variants { wrong })
}

/// Whether a name of the text is a name of the glossary in other letters.
fn compare(
    document: &Document<'_>,
    right: &Spelling<'_>,
    slip: &Spelling<'_>,
    concept: &Concept,
    key: (usize, usize),
    form: &str,
) -> Option<Verdict> {
    if right.folded == slip.folded || right.folded.len() < MIN_LETTERS || slip.folded.len() < MIN_LETTERS {
        return None;
    }
    if document.word_in_source(&fold(&slip.word.text)).is_some() {
        return None;
    }
    let alone = if right.plain == slip.plain || is_exchange_or_doubling(&right.folded, &slip.folded) {
        SLIP
    } else if right.scheme == slip.scheme {
        SCHEME
    } else if is_ending(&right.folded, &slip.folded) {
        return None;
    } else if right.folded.len().min(slip.folded.len()) >= LONG {
        0.0
    } else {
        return None;
    };
    let rest: Vec<String> = form.split([' ', '-', '\u{a0}']).filter(|w| *w != right.word.text).map(fold).collect();
    let text = document.target.text();
    let beside = |p: &WordPlace| {
        let (head, tail) =
            (Span::new(p.name.start(), p.span.start()), Span::new(p.span.end(), p.name.end().max(p.span.end())));
        let company = [head.of(text), tail.of(text)].map(fold);
        rest.iter().any(|word| company.iter().any(|part| part.split([' ', '-', '\u{a0}']).any(|w| w == word)))
    };
    let together = slip.word.places.iter().take(MAX_PLACES).any(beside);
    let verdict = |confidence: f64, source: Option<Span>| Verdict {
        right: right.word.text.clone(),
        confidence,
        entry: concept.source.clone(),
        source,
    };
    let Some(source) = &document.source else {
        let last = form.ends_with(right.word.text.as_str());
        return match (together, last) {
            (true, _) => Some(verdict(BESIDE, None)),
            (false, true) if alone > 0.0 => Some(verdict(alone, None)),
            _ => None,
        };
    };
    let hit = |hits: &[TermHit]| hits.iter().find(|h| (h.pair, h.hit.concept) == key).map(|h| h.hit.span);
    let aligned = |p: &WordPlace| hit(document.source_terms(document.alignment().source_of(p.sentence).source));
    if let Some(place) = slip.word.places.iter().take(MAX_PLACES).find_map(aligned) {
        return Some(verdict(IN_SENTENCE, Some(place)));
    }
    let all = hit(document.source_terms(0..source.surface().sentences.len()))?;
    (alone > 0.0 || together).then(|| verdict(ELSEWHERE, Some(all)))
}

impl Survey for Variants {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.wrong.is_empty() {
            return;
        }
        let terms = document.target_terms(passage);
        for token in passage.tokens().iter().filter(|t| t.kind == TokenKind::Word) {
            let span = without_possessive(passage.text.text(), token.span);
            let bare = span.of(passage.text.text());
            let Some(verdict) = self.wrong.get(bare) else { continue };
            // The glossary's own form, right or forbidden, is told by others.
            if terms.iter().any(|t| t.hit.span.overlaps(span) && t.hit.role != Role::Source) {
                continue;
            }
            let place = verdict.source.map(Place::source);
            let message = format!("the glossary writes “{}”", verdict.right);
            let draft = Draft::new(span, verdict.confidence, message)
                .fix(Fix::replace(span, verdict.right.clone(), 0.9))
                .because(EvidenceKind::Glossary, format!("{} = {}", verdict.entry, verdict.right), place)
                .of_group(bare);
            out.push(match place {
                Some(place) => draft.beside(place),
                None => draft,
            });
        }
    }
}
