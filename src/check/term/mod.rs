//! `term/*`: what the glossary wants.
//!
//! Source forms are found in whatever case and number they stand. In languages whose inflections are not known a common stem
//! counts as evidence, where the question is only whether the source has the concept at all.

mod desk;
mod inconsistent;
mod later;
mod likeness;
mod mending;
mod near;
mod senses;

pub(super) use inconsistent::INCONSISTENT;
pub(super) use mending::put;
pub(super) use near::NEAR_MISS;

use crate::analyse::{Document, Passage, TermHit};
use crate::article::SideName;
use crate::check::repair::in_case_of;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::glossary::Concept;
use crate::glossary::matcher::{How, Role};
use crate::span::Span;
use crate::surface::{Case, Surface, Token, TokenKind, fold, without_possessive};

pub(super) static ALTERED: Rule = Rule {
    id: "term/altered",
    summary: "A name that the glossary says not to translate is translated, transliterated, or changed in its capitals.",
    mqm: "terminology/inconsistent-with-resource",
    its: "terminology",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: true,
    run: Run::Sentence(altered),
};

pub(super) static DEPRECATED: Rule = Rule {
    id: "term/deprecated",
    summary: "A form that the glossary has given up for another.",
    mqm: "terminology/inconsistent-with-resource",
    its: "terminology",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: true,
    run: Run::Sentence(deprecated),
};

pub(super) static FORBIDDEN: Rule = Rule {
    id: "term/forbidden",
    summary: "A form that the glossary forbids.",
    mqm: "terminology/inconsistent-with-resource",
    its: "terminology",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: true,
    run: Run::Document(forbidden),
};

pub(super) static MISSING: Rule = Rule {
    id: "term/missing",
    summary: "The source has a term of the glossary, and its translation has none of the forms that the glossary wants.",
    mqm: "terminology/inconsistent-with-resource",
    its: "terminology",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::Any,
    needs_source: true,
    needs_glossary: true,
    run: Run::Document(missing),
};

/// A forbidden form, and the aligned source sentence has the concept.
const CONCEPT_IN_SENTENCE: f64 = 0.96;
/// The concept stands elsewhere in the source.
const CONCEPT_ELSEWHERE: f64 = 0.7;
/// A plain word, and the concept stands only near by or elsewhere, or is rendered rightly beside it: another sense.
const ANOTHER_SENSE: f64 = 0.4;
/// There is a source, and the concept is nowhere in it: the word is used in another sense.
const NO_CONCEPT: f64 = 0.3;
/// There is no source: a form of several words, or with a hyphen, is hardly anything else.
const SOURCELESS_PHRASE: f64 = 0.85;
/// There is no source, and the form is a single word.
const SOURCELESS_WORD: f64 = 0.6;

fn forbidden(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    Box::new(later::Later::survey(document))
}

impl Survey for later::Later {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        for hit in unwanted(document, passage).filter(|hit| standing(document, passage, hit) == Standing::Forbidden) {
            out.extend(unwanted_draft(document, passage, hit));
        }
        self.mentions(document, passage, out);
    }
}

fn deprecated(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    for hit in unwanted(document, passage).filter(|hit| standing(document, passage, hit) == Standing::Deprecated) {
        out.extend(unwanted_draft(document, passage, hit));
    }
}

/// What a form that the glossary does not want is to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Forbidden,
    /// Was used once.
    Deprecated,
    /// A rendering of a name that stays as it is.
    Altered,
}

fn standing(document: &Document<'_>, passage: &Passage<'_>, hit: &TermHit) -> Standing {
    let concept = document.concept(hit);
    if concept.do_not_translate {
        return Standing::Altered;
    }
    if concept.deprecated.is_empty() {
        return Standing::Forbidden;
    }
    // The hit may be an inflected form: the form of the entry that it is most like is meant.
    let written = fold(hit.hit.span.of(passage.text.text()));
    let likeness = |form: &String| strsim::jaro_winkler(&fold(form), &written);
    let nearest = concept.unwanted.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.is_some_and(|form| concept.deprecated.contains(form)) {
        true => Standing::Deprecated,
        false => Standing::Forbidden,
    }
}

/// The forbidden forms of a passage; of one within another the one that an editor would mark.
fn unwanted<'p>(document: &Document<'_>, passage: &Passage<'p>) -> impl Iterator<Item = &'p TermHit> {
    let hits = document.target_terms(passage);
    let whole =
        hits.iter().enumerate().filter(|(_, h)| h.hit.role == Role::Unwanted && !h.hit.nested && h.hit.how.is_sure());
    let narrowed = whole.map(|(at, hit)| mending::narrowest(document, passage, hit, hits.get(at + 1..).unwrap_or(&[])));
    narrowed.collect::<Vec<_>>().into_iter()
}

/// A finding for a forbidden form.
fn unwanted_draft(document: &Document<'_>, passage: &Passage<'_>, hit: &TermHit) -> Option<Draft> {
    let concept = document.concept(hit);
    let written = hit.hit.span.of(passage.text.text());
    let (confidence, seen) = concept_in_source(document, passage, hit, written);
    if passage.is_tried(document) {
        return Some(Draft::new(hit.hit.span, confidence, ""));
    }
    let mut draft = Draft::new(hit.hit.span, confidence, message(concept, written));
    let place = seen.map(|(place, _)| Place::source(place));
    if let Some(place) = place {
        draft = draft.beside(place);
    }
    draft = draft.because(EvidenceKind::Glossary, entry(concept, seen), place);
    for fix in mending::repairs(document, passage, hit) {
        draft = draft.fix(fix);
    }
    Some(draft.of_group(format!("{}\t{}", concept.source, fold(written))))
}

fn message(concept: &Concept, written: &str) -> String {
    match concept.best() {
        Some(best) => format!("the glossary has “{best}”, not “{written}”"),
        None => format!("the glossary forbids “{written}”"),
    }
}

/// Where the source has a concept, and how it stands there.
type Seen = Option<(Span, How)>;

/// The entry, and how the source has it where that is not word for word.
fn entry(concept: &Concept, seen: Seen) -> String {
    let entry = match (concept.source.as_str(), concept.best()) {
        ("", best) => best.unwrap_or_default().to_owned(),
        (source, Some(best)) => format!("{source} = {best}"),
        (source, None) => source.to_owned(),
    };
    match seen.and_then(|(_, how)| how.in_words()) {
        Some(how) => format!("{entry} ({how})"),
        None => entry,
    }
}

/// The entry, how the source has it, and how the translation does.
fn found_by(concept: &Concept, seen: (Span, How), here: Option<How>) -> String {
    let entry = entry(concept, Some(seen));
    match here.and_then(How::in_words) {
        Some(how) => format!("{entry}; here {how}"),
        None => entry,
    }
}

/// How sure it is that the source speaks of the concept here, and where it does.
fn concept_in_source(document: &Document<'_>, passage: &Passage<'_>, hit: &TermHit, written: &str) -> (f64, Seen) {
    let concept = document.concept(hit);
    // A plain word has other senses; a phrase or a name hardly has.
    let plain = !written.contains([' ', '-', '.']) && !written.chars().any(char::is_uppercase);
    if is_part_of_name(passage, hit, written) || (plain && senses::in_set_phrase(passage, hit.hit.span)) {
        return (ANOTHER_SENSE, None);
    }
    let Some(source) = document.source.as_ref().filter(|_| !concept.source.is_empty()) else {
        return (if plain { SOURCELESS_WORD } else { SOURCELESS_PHRASE }, None);
    };
    let aligned = document.alignment().source_of(passage.place).source;
    let sentences = &source.surface().sentences;
    let same = |t: &&TermHit| t.pair == hit.pair && t.hit.concept == hit.hit.concept;
    if let Some(place) = concept_in(document, hit, aligned.clone(), WINDOW) {
        let rendered = document
            .target_terms(passage)
            .iter()
            .take(WINDOW)
            .any(|t| same(&t) && t.hit.role == Role::Approved && t.hit.span != hit.hit.span);
        let confidence = if plain && rendered { ANOTHER_SENSE } else { CONCEPT_IN_SENTENCE };
        return (confidence, Some(place));
    }
    // The neighbours too: an engine moves a phrase over a sentence's end, and so does a splitter.
    let near = aligned.start.saturating_sub(1)..(aligned.end + 1).min(sentences.len());
    if let Some(place) = concept_in(document, hit, near, WINDOW) {
        return (if plain { ANOTHER_SENSE } else { CONCEPT_IN_SENTENCE }, Some(place));
    }
    let search = || concept_in(document, hit, 0..sentences.len(), WHOLE_SOURCE);
    match document.first_in_source(hit.pair, hit.hit.concept, search) {
        Some(place) => (if plain { ANOTHER_SENSE } else { CONCEPT_ELSEWHERE }, Some(place)),
        None => (NO_CONCEPT, None),
    }
}

/// A word that the glossary has in lower case, with a capital, beside another capital: "Empire State", not an empire.
fn is_part_of_name(passage: &Passage<'_>, hit: &TermHit, written: &str) -> bool {
    if hit.hit.how != How::Case || written.contains(' ') || !written.starts_with(char::is_uppercase) {
        return false;
    }
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < hit.hit.span.start());
    let capital = |t: &Token| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed);
    tokens.get(at + 1).is_some_and(capital) || (at > 1 && capital(&tokens[at - 1]))
}

/// Where some source sentences have the concept of a hit: by its exact form, or by the stems of its words.
fn concept_in(document: &Document<'_>, hit: &TermHit, sentences: std::ops::Range<usize>, window: usize) -> Seen {
    let same = |t: &&TermHit| t.pair == hit.pair && t.hit.concept == hit.hit.concept;
    let hits = document.source_terms(sentences.clone()).iter().take(window);
    if let Some(found) = hits.filter(same).min_by_key(|t| t.hit.how) {
        return Some((found.hit.span, found.hit.how));
    }
    let source = document.source.as_ref()?;
    // A matcher that knows how words inflect has looked for all their forms.
    if document.pairs.get(hit.pair).is_some_and(|pair| pair.source.inflects()) {
        return None;
    }
    let surface = source.surface();
    let first = surface.sentences.get(sentences.start)?.tokens.start;
    let last = surface.sentences.get(sentences.end.checked_sub(1)?)?.tokens.end;
    let tokens = surface.tokens.get(first..last.min(first + window))?;
    let place = stems_in(surface, tokens, &document.concept(hit).source)?;
    Some((place, How::Inflected(COMMON_STEM)))
}

/// What evidence says of words that only begin alike, in a language whose inflections are not known.
const COMMON_STEM: &str = "they begin alike";

/// The most source tokens that are searched by stem for one finding: it bounds the cost on texts of one long sentence.
const WINDOW: usize = 600;

/// The same for the search of the whole source, which is made once a concept.
const WHOLE_SOURCE: usize = 10_000;

/// Where the words of a source form stand in a row, each by its stem: inflected languages change the ends of words, Semitic
/// ones also the beginnings.
fn stems_in(surface: &Surface, tokens: &[Token], form: &str) -> Option<Span> {
    let folded = fold(form);
    let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let run: Vec<&Token> = tokens.iter().filter(|t| t.kind != TokenKind::Mark).collect();
    let hit = run.windows(words.len().max(1)).find(|window| {
        !words.is_empty() && window.iter().zip(&words).all(|(token, word)| same_stem(surface.folded(token), word))
    })?;
    Some(hit.first()?.span.cover(hit.last()?.span))
}

/// Whether two words could be forms of one: they begin alike for three fifths of the dictionary form, and for three letters
/// at least; or, in scripts that put articles and prepositions before the word, one holds the other.
fn same_stem(word: &str, form: &str) -> bool {
    if word == form {
        return true;
    }
    let length = form.chars().count();
    let common = word.chars().zip(form.chars()).take_while(|(a, b)| a == b).count();
    let prefixing = form.chars().next().is_some_and(|c| ('\u{590}'..'\u{780}').contains(&c));
    if prefixing && length >= 3 && word.contains(form.trim_start_matches("ال")) {
        return true;
    }
    length > 3 && common >= 3.max((length * 3).div_ceil(5)) && word.chars().count() <= length + 4
}

/// Changed in its capitals alone, with a source that has the name.
const CASE_CHANGED: f64 = 0.9;
/// Changed in its capitals alone, and there is no source to say that the name is meant.
const CASE_CHANGED_SOURCELESS: f64 = 0.6;

fn altered(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    for hit in unwanted(document, passage).filter(|hit| standing(document, passage, hit) == Standing::Altered) {
        out.extend(unwanted_draft(document, passage, hit));
    }
    for hit in document.target_terms(passage) {
        let concept = document.concept(hit);
        if !concept.do_not_translate || hit.hit.role != Role::Approved || hit.hit.how != How::Case {
            continue;
        }
        let written = hit.hit.span.of(passage.text.text());
        let Some(best) = concept.best() else { continue };
        let headline = written.chars().all(|c| !c.is_lowercase());
        let opens = passage.span().start() == hit.hit.span.start();
        let only_opening = opens && in_case_of(written, best, true) == written;
        if headline || only_opening || concept.approved().any(|form| form == written) {
            continue;
        }
        let (confidence, seen) = match document.source {
            Some(_) => match concept_in_source(document, passage, hit, written) {
                (c, seen) if c >= CONCEPT_ELSEWHERE => (CASE_CHANGED, seen),
                _ => continue,
            },
            None => (CASE_CHANGED_SOURCELESS, None),
        };
        let draft = Draft::new(hit.hit.span, confidence, format!("“{best}” is to stay as it is"))
            .fix(Fix::replace(hit.hit.span, best, 0.95).safe())
            .because(EvidenceKind::Glossary, entry(concept, seen), seen.map(|(place, _)| Place::source(place)))
            .of_group(concept.source.clone());
        out.push(draft);
    }
}

/// Something like the wanted form stands where it should be.
const LOOK_ALIKE: f64 = 0.85;
/// Nothing like it, and the alignment is sure: the finding is the whole sentence, which is seldom what an editor would mark.
const NOTHING_ALIKE: f64 = 0.45;
/// Below it, an alignment says too little to miss a term by.
const MIN_ALIGNMENT: f64 = 0.5;

/// The most concepts that the same words of the source are taken for.
const MAX_READINGS: usize = 16;

/// The most terms that one sentence is said to lack.
const MAX_LACKS: usize = 64;

/// A term that the translation of a sentence lacks.
struct Lack {
    pair: usize,
    concept: usize,
    source: (Span, How),
    /// A wanted form stands in the sentence before or after.
    near: bool,
}

struct Missing {
    /// By target sentence.
    lacks: Vec<Vec<Lack>>,
    desk: Option<desk::Desk>,
}

fn missing(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let surface = document.target.surface();
    let mut lacks: Vec<Vec<Lack>> = surface.sentences.iter().map(|_| Vec::new()).collect();
    let count = document.source.as_ref().map_or(0, |s| s.surface().sentences.len());
    // Which concepts stand in which target sentences.
    let mut present: rustc_hash::FxHashSet<(usize, usize, usize)> = rustc_hash::FxHashSet::default();
    for hit in document.all_target_terms() {
        if let Some(sentence) = surface.sentence_at(hit.hit.span.start()) {
            present.insert((hit.pair, hit.hit.concept, sentence));
        }
    }
    let targets = document.alignment().targets_by_source(count);
    let sources = document.source_terms(0..count);
    // Each with the readings of the same words, of which one will do: an inflected form may be that of two names.
    let with_readings =
        sources.chunk_by(|a, b| a.hit.span == b.hit.span).flat_map(|same| same.iter().map(move |h| (h, same)));
    for (hit, readings) in with_readings {
        // A compound, or words that stand together by chance, are no reason to miss a term.
        if hit.hit.nested || hit.hit.role != Role::Source || !hit.hit.how.is_sure() {
            continue;
        }
        let Some(source) = &document.source else {
            break;
        };
        let Some(sentence) = source.surface().sentence_at(hit.hit.span.start()) else {
            continue;
        };
        let Some((first, last)) = targets[sentence].first().zip(targets[sentence].last()) else {
            continue;
        };
        // "вера" in small letters is no woman's name.
        let small = hit.hit.span.of(source.text()).starts_with(char::is_lowercase);
        let concept = document.concept(hit);
        if small && concept.is_name() && concept.source.starts_with(char::is_uppercase) {
            continue;
        }
        let stands_in = |sentence: usize| {
            let readings = readings.iter().take(MAX_READINGS).filter(|r| r.pair == hit.pair);
            readings.map(|r| r.hit.concept).any(|concept| present.contains(&(hit.pair, concept, sentence)))
        };
        if (*first..=*last).any(stands_in) || document.alignment().source_of(*first).confidence < MIN_ALIGNMENT {
            continue;
        }
        // A neighbour may have it: sentences are split otherwise, or a second mention went. Only a slip tells then.
        let near = stands_in(first.saturating_sub(1)) || stands_in(last + 1);
        let lack = |near| Lack { pair: hit.pair, concept: hit.hit.concept, source: (hit.hit.span, hit.hit.how), near };
        if lacks[*first].len() >= MAX_LACKS {
            continue;
        }
        lacks[*first].push(lack(near));
        // Of several target sentences any may have the slip.
        for more in lacks.iter_mut().take(last + 1).skip(first + 1) {
            more.push(lack(true));
        }
    }
    Box::new(Missing { lacks, desk: desk::Desk::of(document) })
}

impl Survey for Missing {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if let Some(desk) = &self.desk {
            desk.check(document, passage, out);
        }
        let Some(lacks) = self.lacks.get(passage.place) else {
            return;
        };
        for lack in lacks {
            let Some(concept) = document.pairs.get(lack.pair).and_then(|p| p.concepts.get(lack.concept)) else {
                continue;
            };
            let terms = document.target_terms(passage);
            let here = |h: &TermHit| h.pair == lack.pair && h.hit.concept == lack.concept;
            if terms.iter().any(here) {
                continue;
            }
            let Some(best) = concept.best() else { continue };
            // An institution under other words first: what looks like its letters may be a part of those.
            let alike = look_alike(passage, concept, terms);
            let likely = likeness::other_name(passage, concept, terms)
                .or_else(|| likeness::left_in(passage, concept, terms).filter(|_| alike.is_none()));
            if let Some(likely) = likely.filter(|_| !lack.near) {
                let written = likely.span.of(passage.text.text());
                let place = Place::source(lack.source.0);
                let message = format!("the glossary has “{best}” here, not “{written}”");
                let mut draft = Draft::new(likely.span, likely.confidence, message)
                    .beside(place)
                    .because(EvidenceKind::Glossary, entry(concept, Some(lack.source)), Some(place))
                    .of_group(format!("{}\t{written}", concept.source));
                if let Some(fix) = mending::put(document, passage, likely.span, best, likely.confidence) {
                    draft = draft.fix(fix);
                }
                out.push(draft);
                continue;
            }
            // A part of the name is enough on a later mention; but not with a slip in the other part beside it.
            let whole = alike.as_ref().is_some_and(|a| a.likeness >= MIN_LIKENESS_WHOLE && a.words > 1);
            let inflects = document.target.data().inflects_names();
            if shortened(passage, concept, inflects) && (inflects || !whole) {
                continue;
            }
            if lack.near && alike.as_ref().is_none_or(|a| a.likeness < MIN_LIKENESS_NEAR) {
                continue;
            }
            let draft = match &alike {
                Some(alike) => {
                    let opens = passage.span().start() == alike.span.start();
                    let written = alike.span.of(passage.text.text());
                    let message = format!("the glossary has “{best}” here, not “{written}”");
                    let confidence = LOOK_ALIKE.min(0.2 + alike.likeness * 0.85);
                    Draft::new(alike.span, confidence, message).fix(Fix::replace(
                        alike.span,
                        in_case_of(written, best, opens),
                        alike.likeness,
                    ))
                }
                None => {
                    Draft::new(passage.span(), NOTHING_ALIKE, format!("“{}” should be “{best}” here", concept.source))
                }
            };
            let place = Place { side: SideName::Source, span: lack.source.0 };
            let group = format!("{}\t{}", concept.source, alike.map_or("", |a| a.span.of(passage.text.text())));
            out.push(
                draft
                    .beside(place)
                    .because(EvidenceKind::Glossary, entry(concept, Some(lack.source)), Some(place))
                    .of_group(group),
            );
        }
    }
}

/// A later mention by a part of the name, or an inflected form of a wanted form: that is as it should be.
fn shortened(passage: &Passage<'_>, concept: &Concept, inflects: bool) -> bool {
    let bare = |word: &str| word.trim_end_matches("'s").trim_end_matches('\'').to_owned();
    let exact = concept.is_name() && !inflects;
    // Names are inflected by the rules of their language; a term may also stand there as another part of speech.
    let data = passage.text.data();
    let forms = data.morphology().filter(|_| concept.is_name() && data.has("inflection"));
    let same = |word: &str, form: &str| match forms {
        _ if exact => bare(word) == form,
        Some(forms) => forms.form_of(&forms.spelling(word, word), &forms.spelling(form, form)).is_some(),
        None => same_stem(word, form),
    };
    concept.approved().any(|form| {
        let form = fold(form);
        let words = form.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2);
        let mut matched = words
            .map(|word| passage.tokens().iter().any(|t| t.kind == TokenKind::Word && same(passage.folded(t), word)));
        if concept.is_name() { matched.any(|m| m) } else { matched.all(|m| m) }
    })
}

struct Alike {
    span: Span,
    likeness: f64,
    words: usize,
}

/// Least likeness (Jaro-Winkler of the letters without their accents) of a slip in a name. Of the 348 respelled names of
/// `eval/drift.*` 99.7 % lie at or above it; of 1,118 pairs of one of them with another name of its sentence 0.7 % do.
const MIN_LIKENESS: f64 = 0.8;
/// Least likeness of a whole name of several words, one of which is right.
const MIN_LIKENESS_WHOLE: f64 = 0.9;
/// Least likeness where the wanted form stands in a neighbouring sentence, so that nothing need be missing: 77 % of the
/// respelled names, and none of the others.
const MIN_LIKENESS_NEAR: f64 = 0.93;
/// The most names of a sentence that are compared with one missing name.
const MAX_COMPARED: usize = 64;

/// The name-like words of the passage that look most like a wanted name, if they do at all and are not another name of the
/// glossary.
fn look_alike(passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Alike> {
    if !concept.is_name() {
        return None;
    }
    let taken = |span: Span| terms.iter().any(|t| t.hit.role == Role::Approved && t.hit.span.overlaps(span));
    let mut best: Option<Alike> = None;
    for form in concept.approved().take(4) {
        let wanted = skeleton(form);
        let words = form.split([' ', '-']).count();
        for span in candidates(passage, words).into_iter().take(MAX_COMPARED) {
            let likeness = strsim::jaro_winkler(&wanted, &skeleton(span.of(passage.text.text())));
            // Three letters say little; a short name must begin as it should and share its consonants.
            let enough = if wanted.chars().count() < 5 { 0.9 } else { MIN_LIKENESS };
            if likeness >= enough && !taken(span) && best.as_ref().is_none_or(|b| likeness > b.likeness) {
                best = Some(Alike { span, likeness, words });
            }
        }
    }
    best
}

/// Runs of words that could be a name of so many words: capitals, hyphens and particles included.
fn candidates(passage: &Passage<'_>, words: usize) -> Vec<Span> {
    let tokens = passage.tokens();
    // An English possessive ending stays where it is.
    let bare = |t: &Token| without_possessive(passage.text.text(), t.span);
    let capital =
        |t: &Token| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed | Case::Upper | Case::None);
    let mut spans = Vec::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| capital(t)) {
        if spans.len() >= MAX_COMPARED {
            break;
        }
        let mut count = 1;
        let mut end = at;
        if count == words {
            spans.push(bare(token));
        }
        for (next, other) in tokens.iter().enumerate().skip(at + 1).take(2 * words + 2) {
            if other.kind == TokenKind::Word && count < words {
                count += 1;
                end = next;
            } else if !(other.kind == TokenKind::Mark
                && other.glued
                && matches!(passage.written(other), "-" | "’" | "'"))
            {
                break;
            }
            if count == words && end == next {
                spans.push(token.span.cover(bare(other)));
            }
        }
    }
    spans
}

/// Letters without case, accents, spaces and marks.
fn skeleton(name: &str) -> String {
    use icu_normalizer::DecomposingNormalizerBorrowed;
    let folded = fold(name);
    let plain = DecomposingNormalizerBorrowed::new_nfd().normalize(&folded);
    plain.chars().filter(|c| c.is_alphanumeric()).collect()
}
