//! `completeness/sentence-omitted`, `completeness/clause-omitted`: what the source says and no word of the translation renders.
//!
//! Lengths are asked first: only where a passage is shorter than its source lets expect are words aligned. Then a run of source
//! words is looked for of which none is rendered, while the words around it are and the translation has none to spare.

use rustc_hash::FxHashSet;

use super::{other_language, weight};
use crate::analyse::stemmed::Sentence;
use crate::analyse::words::{Bilingual, TRANSLATES, WordLinks};
use crate::analyse::{Document, Passage, Text};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::Table;
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static SENTENCE_OMITTED: Rule = Rule {
    id: "completeness/sentence-omitted",
    summary: "A sentence of the source that the translation does not have.",
    mqm: "accuracy/omission",
    its: "omission",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::WithTable("function-words"),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(sentence_omitted),
};

pub(in crate::check) static CLAUSE_OMITTED: Rule = Rule {
    id: "completeness/clause-omitted",
    summary: "Words of the source, in a row, that the translation does not have.",
    mqm: "accuracy/omission",
    its: "omission",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::WithTable("function-words"),
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(clause_omitted),
};

/// Passages shorter than this share of what their source lets expect are looked into, and those that lack so many letters.
const SHORT: f64 = 0.9;
const LACKS: f64 = 14.0;
/// Fewest letters of a document, to tell how long its renderings usually are.
const MIN_LETTERS: usize = 160;
/// Fewest letters of a sentence whose length counts.
const MIN_SENTENCE: usize = 30;
/// A word with a link at least so sure is rendered; with one at most so sure it is not.
const RENDERED: f32 = 0.5;
const MISSING: f32 = 0.2;
/// Words with this chance of having no rendering say nothing.
const SILENT: f32 = 0.5;
/// Fewest words of content that are missing in a row.
const MIN_MISSING: usize = 3;
/// Fewest where no marks set them off.
const MIN_LOOSE: usize = 5;
/// Of the words of content outside the run, the share that must be rendered.
const ELSEWHERE: f32 = 0.7;
/// For each missing word, words of the translation that may stand for nothing known.
const SPARE: f32 = 0.34;
/// What is missing explains so much of what the passage lacks in letters.
const EXPLAINS: f64 = 0.45;
/// Confidence by the number of missing words: three, four, five, more. All are below what is told by default: of 19 findings on
/// translations that people marked (MQM, MLQE-PE) three touch a mark, and of news that people translated 0.7 in 10,000 words are
/// marked, most of them said another way and some in truth left out.
const CONFIDENCE: [f64; 4] = [0.36, 0.4, 0.44, 0.48];
/// A whole sentence.
const WHOLE: f64 = 0.48;
/// Of the words of a sentence, the share that may have a rendering by chance.
const BY_CHANCE: f32 = 0.34;
/// The most source sentences of one passage that are looked into.
const MAX_SENTENCES: usize = 4;

fn sentence_omitted(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    asked(document, settings, true)
}

fn clause_omitted(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    asked(document, settings, false)
}

/// What is missing, if anybody wants to hear what is not sure: nothing here is.
fn asked(document: &Document<'_>, settings: &Settings, whole: bool) -> Box<dyn Survey> {
    Box::new(Gaps(if settings.unsure { survey(document, whole) } else { Vec::new() }))
}

/// Something of the source that is missing.
struct Gap {
    sentence: usize,
    /// The word before the gap.
    at: Span,
    source: Span,
    confidence: f64,
    whole: bool,
}

struct Gaps(Vec<Gap>);

impl Survey for Gaps {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let own = std::ptr::eq(passage.text, &document.target);
        let first = self.0.partition_point(|gap| gap.sentence < passage.place);
        for gap in self.0.iter().skip(first).take_while(|gap| gap.sentence == passage.place) {
            let Some(source) = &document.source else { continue };
            let last = || passage.tokens().iter().rev().find(|t| t.kind == TokenKind::Word).map(|t| t.span);
            let Some(at) = (if own { Some(gap.at) } else { last() }) else { continue };
            let quoted = gap.source.of(source.text());
            let what =
                if gap.whole { "a sentence of the source is missing" } else { "words of the source are missing" };
            let place = Place::source(gap.source);
            out.push(Draft::new(at, gap.confidence, format!("{what} behind this: “{quoted}”")).beside(place).because(
                EvidenceKind::Source,
                "nothing in the translation renders it",
                Some(place),
            ));
        }
    }
}

fn survey(document: &Document<'_>, whole: bool) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let Some(source) = other_language(document) else { return gaps };
    let bilingual = document.bilingual();
    if bilingual.lexicon.is_none() {
        return gaps;
    }
    let (surface, target) = (source.surface(), document.target.surface());
    let letters =
        |text: &Text<'_>, at: usize| text.surface().sentences.get(at).map_or(0, |s| weight(s.span.of(text.text())));
    let targets = document.alignment().targets_by_source(surface.sentences.len());
    let (mut from, mut to) = (0, 0);
    for at in 0..surface.sentences.len() {
        from += letters(source, at);
    }
    for at in 0..target.sentences.len() {
        to += letters(&document.target, at);
    }
    if from < MIN_LETTERS || to == 0 {
        return gaps;
    }
    // Where a sentence is missing from a short text, most others still tell how long a rendering is.
    let mut shares: Vec<f64> = (0..target.sentences.len())
        .filter_map(|place| {
            let aligned = document.alignment().source_of(place).source;
            let source: usize = aligned.clone().map(|s| letters(source, s)).sum();
            (aligned.len() == 1 && source >= MIN_SENTENCE)
                .then(|| letters(&document.target, place) as f64 / source as f64)
        })
        .collect();
    shares.sort_by(f64::total_cmp);
    let usual = shares.get(shares.len() / 2).copied().unwrap_or(0.0).max(to as f64 / from as f64);
    let small = source.data().table("function-words");
    let own = document.target.data().table("function-words");
    let look = Look { document, source, bilingual, small, own };
    let mut seen = FxHashSet::default();
    for place in 0..target.sentences.len() {
        let aligned = document.alignment().source_of(place);
        let Some(record) = target.sentences.get(place) else { continue };
        if aligned.source.is_empty() || target.kind_of(record) != BlockKind::Body {
            continue;
        }
        // All sentences of the translation that render the same, together.
        let together: Vec<usize> =
            aligned.source.clone().flat_map(|s| targets.get(s).cloned().unwrap_or_default()).collect();
        if together.iter().any(|t| *t < place) || aligned.source.len() > MAX_SENTENCES {
            continue;
        }
        let last = together.iter().copied().max().unwrap_or(place);
        if whole {
            // A sentence behind it that nothing renders.
            let next = aligned.source.end;
            let apart = targets.get(next).is_some_and(Vec::is_empty)
                && surface.sentences.get(next).zip(surface.sentences.get(next - 1)).is_some_and(|(a, b)| {
                    surface.kind_of(a) == BlockKind::Body && (a.block == b.block || document.is_segmented())
                });
            if apart && seen.insert(next) && look.is_lost(next, place..last + 2) {
                gaps.extend(look.sentence(next, last));
            }
        }
        let expected: f64 = aligned.source.clone().map(|s| letters(source, s)).sum::<usize>() as f64 * usual;
        let has: usize = (place..=last).map(|t| letters(&document.target, t)).sum();
        let lacks = expected - has as f64;
        if (has as f64) > expected * SHORT || lacks < LACKS {
            continue;
        }
        gaps.extend(look.clause(place..last + 1, aligned.source.clone(), lacks / usual, whole));
    }
    gaps.sort_by_key(|gap| gap.sentence);
    gaps
}

struct Look<'l, 'd> {
    document: &'l Document<'d>,
    source: &'l Text<'d>,
    bilingual: Bilingual,
    small: Table,
    own: Table,
}

impl Look<'_, '_> {
    /// Whether hardly a word of a source sentence has a rendering in some sentences of the translation.
    fn is_lost(&self, sentence: usize, targets: std::ops::Range<usize>) -> bool {
        let surface = self.source.surface();
        let Some(record) = surface.sentences.get(sentence) else { return false };
        let words = Sentence::of(surface, record.tokens.clone(), self.source.data(), self.bilingual.source_stems());
        let target = self.document.target.surface();
        let (Some(first), Some(last)) = (
            target.sentences.get(targets.start),
            target.sentences.get((targets.end - 1).min(target.sentences.len().saturating_sub(1))),
        ) else {
            return false;
        };
        let others = Sentence::of(
            target,
            first.tokens.start..last.tokens.end,
            self.document.target.data(),
            self.bilingual.target_stems(),
        );
        let stems: FxHashSet<_> = others.words.iter().flat_map(|w| w.stems.into_iter().flatten()).collect();
        let letters: FxHashSet<u64> =
            others.words.iter().flat_map(|w| [w.same, w.akin]).filter(|key| *key != 0).collect();
        let (mut content, mut found) = (0_usize, 0_usize);
        for (word, token) in words.words.iter().zip(&words.tokens) {
            let Some(token) = surface.tokens.get(*token) else { continue };
            if !self.is_content(surface.folded(token), token) {
                continue;
            }
            content += 1;
            let by_letters = letters.contains(&word.same) || letters.contains(&word.akin);
            let by_lexicon = word
                .stems
                .iter()
                .flatten()
                .flat_map(|stem| self.bilingual.renderings(*stem))
                .any(|r| r.forward.max(r.back) >= TRANSLATES && stems.contains(&r.stem));
            found += usize::from(by_letters || by_lexicon);
        }
        content > MIN_MISSING && (found as f32) <= BY_CHANCE * content as f32
    }

    fn is_content(&self, folded: &str, token: &Token) -> bool {
        match token.kind {
            TokenKind::Number => true,
            TokenKind::Word => !self.small.has(folded),
            _ => false,
        }
    }

    fn sentence(&self, sentence: usize, place: usize) -> Option<Gap> {
        let target = self.document.target.surface();
        let record = target.sentences.get(place)?;
        let at = target.tokens_of(record).iter().rev().find(|t| is_word(t))?.span;
        let source = self.source.surface().sentences.get(sentence)?.span;
        Some(Gap { sentence: place, at, source, confidence: WHOLE, whole: true })
    }

    /// The longest run of source words of a passage that nothing renders.
    fn clause(
        &self,
        targets: std::ops::Range<usize>,
        sources: std::ops::Range<usize>,
        lacks: f64,
        whole: bool,
    ) -> Option<Gap> {
        let links: Vec<&WordLinks> = targets
            .clone()
            .filter_map(|sentence| {
                let passage = Passage { text: &self.document.target, sentence, place: sentence };
                self.passage_links(&passage)
            })
            .collect();
        let surface = self.source.surface();
        let words = links.first()?.source();
        // What each source word has: 2 rendered, 1 unsure or of no weight, 0 missing.
        let mut states: Vec<(usize, u8)> = Vec::with_capacity(words.tokens.len());
        let mut rendered: FxHashSet<usize> = FxHashSet::default();
        for (link, place) in links.iter().zip(targets.clone()) {
            let sentence = self.document.target.surface().sentences.get(place)?;
            for token in sentence.tokens.clone() {
                rendered.extend(link.renders(self.bilingual, token).into_iter().map(|(at, _, _)| at));
            }
        }
        for (word, at) in words.words.iter().zip(&words.tokens) {
            let token = surface.tokens.get(*at)?;
            let sure = links.iter().flat_map(|l| l.of_source(*at)).fold(0.0_f32, |best, l| best.max(l.confidence));
            let silent = word.stems[0].map_or(0.0, |s| self.bilingual.silent(s, !self.bilingual.into_english));
            let known = word.stems[0].is_some()
                || word.beginning.is_some()
                || token.kind == TokenKind::Number
                || token.case != Case::Lower;
            let state = if sure >= RENDERED {
                2
            } else if !self.is_content(surface.folded(token), token) || silent >= SILENT {
                1
            } else if sure <= MISSING && !rendered.contains(at) && known {
                0
            } else if sure <= MISSING && !rendered.contains(at) {
                // A word that no list knows may be rendered by anything.
                3
            } else {
                2
            };
            states.push((*at, state));
        }
        let run = longest(&states)?;
        let missing = states.get(run.clone())?.iter().filter(|(_, s)| *s == 0).count();
        let (outside, kept) = states
            .iter()
            .enumerate()
            .filter(|(at, (_, state))| !run.contains(at) && *state != 1)
            .fold((0_usize, 0_usize), |(all, kept), (_, (_, state))| (all + 1, kept + usize::from(*state == 2)));
        if missing < MIN_MISSING || outside < 3 || (kept as f32) < ELSEWHERE * outside as f32 {
            return None;
        }
        let token = |at: usize| states.get(at).and_then(|(t, _)| surface.tokens.get(*t));
        let span = token(run.start)?.span.cover(token(run.end - 1)?.span);
        if (weight(span.of(self.source.text())) as f64) < EXPLAINS * lacks {
            return None;
        }
        // Words of the translation that stand for nothing known may stand for this.
        let mut spare = 0;
        for (link, place) in links.iter().zip(targets.clone()) {
            let target = self.document.target.surface();
            for at in target.sentences.get(place)?.tokens.clone() {
                let token = target.tokens.get(at)?;
                let folded = target.folded(token);
                let content = match token.kind {
                    TokenKind::Number => true,
                    TokenKind::Word => !self.own.has(folded),
                    _ => false,
                };
                if content
                    && link.explained(self.bilingual, at) < MISSING
                    && link.renders(self.bilingual, at).is_empty()
                {
                    spare += 1;
                }
            }
        }
        if spare as f32 > SPARE * missing as f32 {
            return None;
        }
        // Whether it is a whole sentence of the source.
        let content_of =
            |range: std::ops::Range<usize>| states.iter().filter(|(t, s)| range.contains(t) && *s != 1).count();
        let is_whole = sources.clone().count() > 1
            && surface.sentences.get(sources.clone())?.iter().any(|s| {
                let inside =
                    states.get(run.clone()).unwrap_or(&[]).iter().filter(|(t, st)| s.tokens.contains(t) && *st != 1);
                let all = content_of(s.tokens.clone());
                all > 0 && inside.count() * 5 >= all * 4
            });
        if is_whole != whole {
            return None;
        }
        // Three or four words are asked to be set off by marks.
        let marked = |at: usize| surface.tokens.get(at).is_none_or(|t| t.kind == TokenKind::Mark);
        let first = states.get(run.start).map_or(0, |(t, _)| *t);
        let last = states.get(run.end - 1).map_or(0, |(t, _)| *t);
        let near = |at: usize| at.checked_sub(1).is_none_or(marked) || at.checked_sub(2).is_none_or(marked);
        let set_off = near(first) && (marked(last + 1) || marked(last + 2));
        if missing < if set_off { MIN_MISSING } else { MIN_LOOSE } {
            return None;
        }
        let at = self.before(&links, &targets, &states, run.start, whole)?;
        let rank = (missing - MIN_MISSING).min(CONFIDENCE.len() - 1);
        let confidence = if whole { WHOLE } else { *CONFIDENCE.get(rank)? };
        let sentence = self.document.target.surface().sentence_at(at.start())?;
        Some(Gap { sentence, at, source: span, confidence, whole })
    }

    fn passage_links<'p>(&'p self, passage: &Passage<'p>) -> Option<&'p WordLinks> {
        self.document.word_links(passage)
    }

    /// The word of the translation before a gap: the last that renders one of the words just before it, or the last of all.
    fn before(
        &self,
        links: &[&WordLinks],
        targets: &std::ops::Range<usize>,
        states: &[(usize, u8)],
        start: usize,
        whole: bool,
    ) -> Option<Span> {
        let target = self.document.target.surface();
        let rest = states.get(start..)?.iter().filter(|(_, state)| *state == 2).count();
        let last = || {
            let record = target.sentences.get(targets.end.checked_sub(1)?)?;
            target.tokens_of(record).iter().rev().find(|t| is_word(t)).map(|t| t.span)
        };
        if rest <= 1 {
            return last();
        }
        let mut found: Vec<usize> = Vec::new();
        for (source, _) in states.get(..start)?.iter().rev().take(NEAR) {
            let best = links
                .iter()
                .flat_map(|l| l.of_source(*source))
                .filter(|l| l.confidence >= RENDERED)
                .max_by(|a, b| a.confidence.total_cmp(&b.confidence));
            found.extend(best.map(|l| l.target));
            if found.len() == 2 {
                break;
            }
        }
        let (first, second) = (found.first().copied(), found.get(1).copied());
        let at = match (first, second) {
            // The two stand side by side the other way about.
            (Some(a), Some(b)) if b > a && b - a <= 2 => b,
            (Some(a), _) => a,
            // A whole sentence is missed behind the one before it; what a sentence begins with may stand anywhere.
            _ if whole && targets.start > 0 => {
                let record = target.sentences.get(targets.start - 1)?;
                return target.tokens_of(record).iter().rev().find(|t| is_word(t)).map(|t| t.span);
            }
            _ => return None,
        };
        target.tokens.get(at).map(|t| t.span)
    }
}

/// Source words before a gap among which the last rendered one is.
const NEAR: usize = 5;

fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Number)
}

/// The run of words with the most missing ones and none that is rendered; it begins and ends with a missing one.
fn longest(states: &[(usize, u8)]) -> Option<std::ops::Range<usize>> {
    let mut best: Option<(usize, std::ops::Range<usize>)> = None;
    let mut start = 0;
    for end in 0..=states.len() {
        if states.get(end).is_some_and(|(_, state)| *state != 2) {
            continue;
        }
        let run = states.get(start..end).unwrap_or(&[]);
        let count = run.iter().filter(|(_, s)| *s == 0).count();
        if count > best.as_ref().map_or(0, |(n, _)| *n) {
            let first = run.iter().position(|(_, s)| matches!(s, 0 | 3)).unwrap_or(0);
            let last = run.iter().rposition(|(_, s)| matches!(s, 0 | 3)).unwrap_or(0);
            best = Some((count, start + first..start + last + 1));
        }
        start = end + 1;
    }
    best.map(|(_, run)| run)
}
