//! `term/inconsistent`: one term of the source, two renderings that differ in a word of one stem.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::matcher::Role;
use crate::span::Span;
use crate::surface::{TokenKind, fold};

use super::{MIN_ALIGNMENT, likeness, mending};

pub(in crate::check) static INCONSISTENT: Rule = Rule {
    id: "term/inconsistent",
    summary: "A name of an institution that the text renders otherwise elsewhere, where the source has the same words.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistency",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Listed(&["en"]),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// How sure a rendering that gives way is: no glossary has decided, only the text.
const CONFIDENCE: f64 = 0.72;
/// Sentences that have the source's words.
const LEAST: usize = 3;
/// Letters of a source word that are compared: the rest is inflection.
const STEM: usize = 6;
/// The fewest letters of a source word that counts.
const MIN_LETTERS: usize = 4;
/// The most sentences of one pair of source words, the most capitalised runs of a sentence, and the most renderings that one
/// sentence is measured against.
const MAX_SENTENCES: usize = 200;
const MAX_RUNS: usize = 16;
const MAX_WANTED: usize = 8;

/// The rendering that a sentence should have.
struct Wanted {
    form: String,
    times: usize,
    source: Span,
}

struct Renderings {
    /// By target sentence.
    wanted: FxHashMap<usize, Vec<Wanted>>,
}

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut wanted: FxHashMap<usize, Vec<Wanted>> = FxHashMap::default();
    let sentences = document.target.surface().sentences.len();
    let runs: Vec<Vec<&str>> = (0..sentences)
        .map(|sentence| {
            let passage = Passage { text: &document.target, sentence, place: sentence };
            let runs = likeness::runs(&passage).into_iter().take(MAX_RUNS);
            runs.map(|span| span.of(document.target.text())).collect()
        })
        .collect();
    for places in repeated(document) {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        for (sentence, _) in &places {
            let here: FxHashSet<&str> = runs.get(*sentence).into_iter().flatten().copied().collect();
            #[allow(clippy::iter_over_hash_type, reason = "each is counted alone")]
            for run in here {
                *counts.entry(run).or_default() += 1;
            }
        }
        // The rendering of most of the sentences; of equals none.
        let Some((&form, &times)) = counts.iter().max_by_key(|(form, times)| (**times, **form)) else { continue };
        if times < 2 || 2 * times <= places.len() || !is_institution(document, form) {
            continue;
        }
        for (sentence, source) in places {
            let lacks = runs.get(sentence).is_some_and(|runs| !runs.contains(&form));
            let list = wanted.entry(sentence).or_default();
            if lacks && list.len() < MAX_WANTED && !list.iter().any(|w| w.form == form) {
                list.push(Wanted { form: form.to_owned(), times, source });
            }
        }
    }
    Box::new(Renderings { wanted })
}

/// Whether the head of a name is a common word, as that of an institution is: not a person, not a country.
fn is_institution(document: &Document<'_>, form: &str) -> bool {
    let folded = fold(form);
    let head = folded.split(" of ").next().unwrap_or(&folded);
    let head = head.rsplit([' ', '-']).next().unwrap_or(head);
    let data = document.target.data();
    data.table("common-words").has(head) && !data.table("titles").has(head)
}

/// Pairs of neighbouring source words that stand in several sentences: for each, the target sentences, and where it stands.
fn repeated(document: &Document<'_>) -> Vec<Vec<(usize, Span)>> {
    let Some(source) = document.source.as_ref() else { return Vec::new() };
    let (surface, small) = (source.surface(), source.data().table("function-words"));
    let mut pairs: FxHashMap<(String, String), Vec<(usize, Span)>> = FxHashMap::default();
    let mut order: Vec<(String, String)> = Vec::new();
    for target in 0..document.target.surface().sentences.len() {
        let aligned = document.alignment().source_of(target);
        if aligned.confidence < MIN_ALIGNMENT || aligned.source.len() != 1 {
            continue;
        }
        let Some(sentence) = surface.sentences.get(aligned.source.start) else { continue };
        for pair in surface.tokens_of(sentence).windows(2) {
            let [first, second] = pair else { continue };
            let (a, b) = (surface.folded(first), surface.folded(second));
            let counts = |word: &str| word.chars().count() >= MIN_LETTERS && !small.has(word);
            let words = first.kind == TokenKind::Word && second.kind == TokenKind::Word;
            if !words || !counts(a) || !counts(b) {
                continue;
            }
            let stem = |word: &str| word.chars().take(STEM).collect::<String>();
            let key = (stem(a), stem(b));
            let places = pairs.entry(key.clone()).or_insert_with(|| {
                order.push(key);
                Vec::new()
            });
            if places.len() < MAX_SENTENCES && places.last().is_none_or(|(last, _)| *last != target) {
                places.push((target, first.span.cover(second.span)));
            }
        }
    }
    order.iter().filter_map(|key| pairs.remove(key)).filter(|places| places.len() >= LEAST).collect()
}

impl Survey for Renderings {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let mut seen: Vec<Span> = Vec::new();
        for wanted in self.wanted.get(&passage.place).into_iter().flatten() {
            let terms = document.target_terms(passage);
            let Some(likely) = likeness::like(passage, &wanted.form, terms, false) else { continue };
            let approved = |t: &crate::analyse::TermHit| t.hit.role == Role::Approved;
            if seen.contains(&likely.span) || terms.iter().any(|t| approved(t) && t.hit.span.overlaps(likely.span)) {
                continue;
            }
            seen.push(likely.span);
            let written = likely.span.of(passage.text.text());
            let why = format!("{} times in this text where the source has the same words", wanted.times);
            let message = format!("“{}” elsewhere, “{written}” here", wanted.form);
            let mut draft = Draft::new(likely.span, CONFIDENCE, message)
                .beside(Place::source(wanted.source))
                .because(EvidenceKind::Document, why, Some(Place::source(wanted.source)))
                .of_group(wanted.form.clone());
            if let Some(fix) = mending::put(document, passage, likely.span, &wanted.form, CONFIDENCE) {
                draft = draft.fix(fix);
            }
            out.push(draft);
        }
    }
}
