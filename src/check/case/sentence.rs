//! `case/sentence-start`: a sentence that begins with a small letter.

use super::is_post;
use crate::analyse::{Document, Passage};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static SENTENCE_START: Rule = Rule {
    id: "case/sentence-start",
    summary: "A sentence that begins with a small letter.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("starters"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(sentence_start),
};

/// After a full stop behind a whole word, a word that sentences begin with.
const AFTER_STOP: f64 = 0.85;
/// At the head of a paragraph that ends with a full stop, as the one before it does.
const PARAGRAPH: f64 = 0.8;
/// Fewest letters of the word before the stop: shorter ones may be abbreviations that no list has.
const MIN_LETTERS: usize = 5;

fn sentence_start(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    if passage.kind() != BlockKind::Body || is_post(passage) {
        return;
    }
    let data = document.target.data();
    let (starters, abbreviations) = (data.table("starters"), data.table("abbreviations"));
    let tokens = passage.tokens();
    let starts =
        |t: &Token| t.kind == TokenKind::Word && t.case == Case::Lower && !t.glued && starters.has(passage.folded(t));
    let plain = |t: Option<&Token>| t.is_none_or(|t| !t.glued && t.kind == TokenKind::Word);
    if let Some(first) = tokens.first().filter(|t| {
        t.case == Case::Lower
            && starters.has(passage.folded(t))
            && plain(tokens.get(1))
            && opens_paragraph(document, passage)
    }) {
        out.push(draft(passage, first, PARAGRAPH));
    }
    for (at, stop) in tokens.iter().enumerate().skip(1) {
        if stop.kind != TokenKind::Mark || !stop.glued || passage.written(stop) != "." {
            continue;
        }
        let (before, Some(next)) = (&tokens[at - 1], tokens.get(at + 1)) else {
            continue;
        };
        let word = passage.folded(before);
        let whole = before.kind == TokenKind::Word
            && before.case == Case::Lower
            && !before.glued
            && word.chars().count() >= MIN_LETTERS
            && !word.contains('.');
        if whole && starts(next) && plain(tokens.get(at + 2)) && !abbreviations.has(&format!("{word}.")) {
            out.push(draft(passage, next, AFTER_STOP));
        }
    }
}

fn draft(passage: &Passage<'_>, word: &Token, confidence: f64) -> Draft {
    Draft::new(word.span, confidence, "the sentence begins with a small letter")
        .fix(Fix::replace(word.span, capitalised(passage.written(word)), 0.9))
        .because(EvidenceKind::Pattern, "full stop, small letter", None)
}

/// The first words of a paragraph of running text between others: it ends with a full stop, and so does the one before. Not
/// in segments, which may be cut anywhere.
fn opens_paragraph(document: &Document<'_>, passage: &Passage<'_>) -> bool {
    let surface = document.target.surface();
    let Some(sentence) = surface.sentences.get(passage.place).filter(|_| !document.is_segmented()) else {
        return false;
    };
    let ends = |block: usize| {
        surface
            .blocks
            .get(block)
            .is_some_and(|b| b.kind == BlockKind::Body && b.span.of(document.target.text()).trim_end().ends_with('.'))
    };
    let opens = surface.blocks.get(sentence.block).is_some_and(|b| b.sentences.start == passage.place);
    // A repair can make two sentences of one; only the first of them opens the paragraph.
    let first = passage.sentence == 0 || passage.sentence == passage.place;
    opens && first && ends(sentence.block) && sentence.block.checked_sub(1).is_some_and(ends)
}
