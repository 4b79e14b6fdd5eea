//! `name/glossary-variant`: another romanisation, or a slip, of a name that the glossary spells.
//!
//! The glossary's names are put into an index by their deletions, once, and the names of a text are held against it, so that a
//! text costs what its own names do.

use rustc_hash::FxHashMap;

use super::spelling::{Spelling, classes, is_ending, is_exchange_or_doubling};
use crate::analyse::mentions::{NameWord, WordPlace};
use crate::analyse::{Document, Passage, TermHit};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::matcher::Role;
use crate::glossary::{Concept, Pair, Words};
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

/// The most names of a glossary with one key that a name is compared with.
const MAX_SHARING: usize = 16;

/// The words of a glossary, with the keys of its names.
pub(super) fn words(pair: &Pair) -> &Words {
    let classes = std::cell::LazyCell::new(classes);
    pair.words(|name, add| {
        let word = NameWord { text: name.to_owned(), places: Vec::new() };
        if let Some(spelling) = Spelling::of(&word, &classes) {
            spelling.keys(add);
        }
    })
}

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
    let words: Vec<&Words> = document.pairs.iter().map(words).collect();
    // By glossary and name, so that of two that are as sure the first of the glossary is taken.
    let mut pairs: Vec<(usize, u32, usize)> = Vec::new();
    for (at, spelling) in spellings.iter().enumerate() {
        let known = || words.iter().any(|words| words.has(&spelling.word.text));
        if spelling.folded.len() < MIN_LETTERS || known() {
            continue;
        }
        for (pair, words) in words.iter().enumerate() {
            spelling.keys(|key| pairs.extend(words.with_key(key).take(MAX_SHARING).map(|name| (pair, name, at))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let mut wrong: FxHashMap<String, Verdict> = FxHashMap::default();
    for (pair, name, at) in pairs {
        let found = words.get(pair).and_then(|words| words.name(name));
        let Some((name, slip)) = found.zip(spellings.get(at)) else { continue };
        let key = (pair, name.concept);
        let Some(concept) = document.pairs.get(pair).and_then(|p| p.concepts.get(name.concept)) else { continue };
        let Some(form) = concept.approved().nth(name.form) else { continue };
        let wanted = NameWord { text: name.word.of(form).to_owned(), places: Vec::new() };
        let Some(right) = Spelling::of(&wanted, &classes) else { continue };
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
