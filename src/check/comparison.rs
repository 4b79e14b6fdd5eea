//! `comparison/flipped`: the source says “more” or “after”, the translation “less” or “before”.

use crate::analyse::words::{By, WordLink};
use crate::analyse::{Document, Passage};
use crate::check::repair::in_case_of;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::Table;
use crate::surface::{Surface, TokenKind};

pub(super) static FLIPPED: Rule = Rule {
    id: "comparison/flipped",
    summary: "The opposite of what the source says: less for more, before for after.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::WithTable("comparison"),
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(flipped),
};

/// Words on both sides of the two are linked with each other, and neither sentence has a word for the other pole.
const SURE: f64 = 0.85;
/// How surely.
const LINKED: f32 = 0.8;
/// Tokens between a word and the one beside it that is linked.
const BESIDE: usize = 3;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.6;
/// Letters of a beginning that is looked up.
const STEM: usize = 10;

/// A word with an opposite.
struct Word {
    token: usize,
    /// The dimension, and which end of it.
    pole: &'static str,
    opposite: &'static str,
}

fn words(surface: &Surface, tokens: std::ops::Range<usize>, table: &Table) -> Vec<Word> {
    let mut all = Vec::new();
    for at in tokens {
        let Some(token) = surface.tokens.get(at).filter(|t| t.kind == TokenKind::Word) else { continue };
        let word = surface.folded(token);
        let row = table.get(word).or_else(|| table.beginning(word, 1..=STEM));
        if let Some(row) = row {
            all.push(Word { token: at, pole: row.column(0), opposite: row.column(1) });
        }
    }
    all
}

fn flipped(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let (from, to) = (source.data().table("comparison"), passage.text.data().table("comparison"));
    if from.is_empty() || to.is_empty() || source.data().tag() == passage.text.data().tag() {
        return;
    }
    let surface = passage.text.surface();
    let Some(record) = surface.sentences.get(passage.sentence) else { return };
    let here = words(surface, record.tokens.clone(), &to);
    if here.iter().all(|w| w.opposite.is_empty()) {
        return;
    }
    let aligned = document.alignment().source_of(passage.place);
    let sentences = &source.surface().sentences;
    let (Some(first), Some(last)) =
        (sentences.get(aligned.source.start), sentences.get(aligned.source.end.wrapping_sub(1)))
    else {
        return;
    };
    if aligned.source.is_empty() || aligned.confidence < PAIRED {
        return;
    }
    let tokens = first.tokens.start..last.tokens.end;
    let there = words(source.surface(), tokens.clone(), &from);
    for word in here.iter().filter(|w| !w.opposite.is_empty()) {
        let (dimension, end) = word.pole.split_at(word.pole.len().saturating_sub(1));
        let of = |w: &&Word, other: bool| {
            w.pole.strip_prefix(dimension).is_some_and(|sign| sign.len() == 1 && (sign != end) == other)
        };
        // The pole is the translation's alone, and the other the source's alone.
        if here.iter().any(|w| of(&w, true)) || there.iter().any(|w| of(&w, false)) {
            continue;
        }
        let mut candidates = there.iter().filter(|w| of(w, true));
        let Some(other) = candidates.next() else { continue };
        if candidates.next().is_some() || here.iter().filter(|w| of(w, false)).count() > 1 {
            continue;
        }
        if denies(passage, source.data().table("negation"), source.surface(), tokens.clone()) {
            continue;
        }
        let Some(links) = document.word_links(passage) else { return };
        let sure = |l: &&WordLink| l.confidence >= LINKED && l.by != By::Beginning;
        if links.of_target(word.token).iter().any(|l| sure(&l) && l.source != other.token) {
            continue;
        }
        let beside = |at: usize, middle: usize| at != middle && at.abs_diff(middle) <= BESIDE;
        let joined =
            links.all().iter().filter(sure).any(|l| beside(l.target, word.token) && beside(l.source, other.token));
        let (Some(token), Some(original)) = (surface.tokens.get(word.token), source.surface().tokens.get(other.token))
        else {
            continue;
        };
        if !joined {
            continue;
        }
        let written = token.span.of(passage.text.text());
        let place = Place::source(original.span);
        let message = format!("“{written}” is the opposite of “{}”", original.span.of(source.text()));
        let mut draft = Draft::new(token.span, SURE, message).beside(place).because(
            EvidenceKind::Source,
            "the source has the opposite",
            Some(place),
        );
        if !passage.is_tried(document) {
            let opens = record.tokens.start == word.token;
            draft = draft.fix(Fix::replace(token.span, in_case_of(written, word.opposite, opens), 0.75));
        }
        out.push(draft);
    }
}

/// Whether one of the two sentences has a negation, which turns things around.
fn denies(passage: &Passage<'_>, from: Table, source: &Surface, tokens: std::ops::Range<usize>) -> bool {
    let to = passage.text.data().table("negation");
    let is = |table: &Table, word: &str| {
        table.get(word).is_some_and(|row| matches!(row.column(0), "not" | "none" | "ne" | "pas" | "not-after"))
    };
    let target = passage.tokens().iter().any(|t| is(&to, passage.folded(t)));
    let other = tokens.filter_map(|at| source.tokens.get(at)).any(|t| is(&from, source.folded(t)));
    target || other
}
