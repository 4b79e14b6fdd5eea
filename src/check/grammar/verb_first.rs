//! `grammar/verb-first`: “in Amman continued active talks”, the order of a source whose verb stands before its subject.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule, with_source};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::Table;
use crate::surface::{Case, Surface};

pub(in crate::check) static VERB_FIRST: Rule = Rule {
    mqm: "linguistic/word-order",
    ..with_source(rule(
        "grammar/verb-first",
        "A verb before its subject, as in the source: in Amman continued active talks.",
        Severity::Major,
        verb_first,
    ))
};

/// The table of what shows a reflexive verb of a source’s language.
const TABLE: &str = "reflexives";
/// The verb of the source takes no object, and what stands behind it is its subject.
const REFLEXIVE: f64 = 0.8;
/// How surely verb and noun are linked.
const SURE: f32 = 0.5;
/// The longest ending, in letters.
const LONGEST: usize = 7;
/// The most words of a subject, and of the source’s between its verb and its subject.
const MAX_WORDS: usize = 4;
const BETWEEN: usize = 4;

fn verb_first(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let theirs = Theirs { surface: source.surface(), table: source.data().table(TABLE) };
    let Some(line) = Line::of(passage).filter(|_| !theirs.table.is_empty()) else { return };
    let mut places = (1..line.len().saturating_sub(1))
        .filter(|&at| line.belongs(at, "ergative") && line.case(at) == Case::Lower)
        .peekable();
    if places.peek().is_none() || !theirs.has_reflexive(document, passage) {
        return;
    }
    for at in places {
        let Some((head, last)) = subject_behind(&line, at) else { continue };
        let Some((links, first)) = document.word_links_of(passage, at..last + 1) else { return };
        let of = |token: usize| {
            links.of_target(first + token - at).iter().filter(|l| l.confidence >= SURE).map(|l| l.source)
        };
        let Some(verb) = of(at).find(|&i| theirs.is_reflexive(i)) else { continue };
        let behind = |i: usize| i > verb && i - verb <= BETWEEN && !(verb + 1..i).any(|w| theirs.is(w, "bar"));
        if !of(head).any(behind) {
            continue;
        }
        let Some(token) = theirs.surface.tokens.get(verb) else { continue };
        let place = Place::source(token.span);
        let span = line.span(at, last);
        let (written, subject) = (line.written(at), line.letters(at + 1, last));
        let mut draft = Draft::new(span, REFLEXIVE, format!("{subject}: what “{written}” is said of stands before it"))
            .because(EvidenceKind::Source, "a verb before its subject in the source", Some(place))
            .beside(place);
        if !passage.is_tried(document) {
            draft = draft.fix(Fix::replace(span, format!("{subject} {written}"), 0.8));
        }
        out.push(draft);
    }
}

/// The noun behind a finite verb that may be its subject, and the end of what belongs to it.
fn subject_behind(line: &Line<'_>, at: usize) -> Option<(usize, usize)> {
    if !could_be_finite(line, at) || line.tag(at - 1) == "PRP" {
        return None;
    }
    // Its subject would be an object: adjectives and a noun, nothing that measures time, and no pronoun before the verb.
    let head = phrase(line, at + 1)?;
    let of = Some(head + 1).filter(|&of| line.is(of, &["of"]));
    let last = of.and_then(|of| phrase(line, of + 1)).unwrap_or(head);
    // “Told the council continued sanctions were a danger”: a participle, and the verb stands behind the noun.
    let is_time = line.belongs(last, "measure") || line.belongs(last, "period");
    (!is_time && !line.is_finite(last + 1)).then_some((head, last))
}

/// Whether a verb can be finite: the tagger takes one in such a place for a participle now and then.
fn could_be_finite(line: &Line<'_>, at: usize) -> bool {
    line.is_finite(at) || (line.tag(at) == "VBN" && matches!(line.tag(at - 1), "NN" | "NNS" | "NNP" | ")"))
}

/// The end of a phrase of adjectives and nouns that begins at a token.
fn phrase(line: &Line<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at < from + MAX_WORDS && matches!(line.tag(at), "DT" | "JJ" | "NN" | "NNS" | "NNP" | "VBG" | "PRP$") {
        at += 1;
    }
    let last = at.checked_sub(1).filter(|last| *last >= from)?;
    matches!(line.tag(last), "NN" | "NNS").then_some(last)
}

/// The source, and what shows a reflexive verb there.
struct Theirs<'d> {
    surface: &'d Surface,
    table: Table,
}

/// Whether a sentence of the source has a reflexive verb.
struct HasReflexive(bool);

impl Theirs<'_> {
    fn low(&self, at: usize) -> &str {
        self.surface.tokens.get(at).map_or("", |t| self.surface.folded(t))
    }

    fn is(&self, at: usize, kind: &str) -> bool {
        self.table.get(self.low(at)).is_some_and(|row| row.column(0) == kind)
    }

    /// Whether a word ends as a kind does.
    fn ends(&self, at: usize, kind: &str) -> bool {
        let word = self.low(at);
        let letters = word.chars().count();
        word.char_indices().skip(letters.saturating_sub(LONGEST)).any(|(from, _)| {
            let ending = word.get(from..).unwrap_or("");
            self.table.get(&format!("-{ending}")).is_some_and(|row| row.column(0) == kind)
        })
    }

    /// Whether a word is a reflexive verb by its ending, or has its particle beside it. A participle has its noun behind it by
    /// right: продолжающиеся санкции.
    fn is_reflexive(&self, at: usize) -> bool {
        let beside = self.is(at + 1, "particle") || at.checked_sub(1).is_some_and(|before| self.is(before, "particle"));
        beside || (self.ends(at, "ending") && !self.ends(at, "participle"))
    }

    /// Whether any word of what a sentence renders is one: mostly none is, and then nobody need look further.
    fn has_reflexive(&self, document: &Document<'_>, passage: &Passage<'_>) -> bool {
        let look = || {
            let sentences = self.surface.sentences.get(document.alignment().source_of(passage.place).source);
            let tokens = sentences.into_iter().flatten().flat_map(|s| s.tokens.clone());
            HasReflexive(tokens.into_iter().any(|i| self.is_reflexive(i)))
        };
        document.target.reading(passage.place, look).0
    }
}
