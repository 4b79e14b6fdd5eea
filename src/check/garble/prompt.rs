//! `garble/prompt-leak`: a model talks to whoever asked it, in the middle of the translation.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{Table, Words};
use crate::span::Span;
use crate::surface::{Case, TokenKind};

pub(in crate::check) static PROMPT_LEAK: Rule = Rule {
    id: "garble/prompt-leak",
    summary: "A model’s words to whoever asked it: Here is the translation.",
    mqm: "linguistic/unintelligible",
    its: "uncategorized",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("prompt-leak"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(prompt_leak),
};

/// “Here is the translation:” at the head of a text.
const HEADING: f64 = 0.92;
/// “As an AI language model, I …”: the model speaks of itself.
const SELF: f64 = 0.95;
/// “Let me know if you would like any changes” at the end.
const CLOSING: f64 = 0.9;
/// “Sure!” before one of these.
const OPENER: f64 = 0.85;

/// The longest pattern, in words (in letters, where words are not spaced).
const MAX_WORDS: usize = 9;
const MAX_LETTERS: usize = 14;
/// How many tokens after a heading its colon may stand: “Here is the translation of the article into English:”.
const TO_COLON: usize = 10;
/// Fewer tokens than this after the colon, no two of them in small letters, are a credit.
const CREDIT_TOKENS: usize = 6;
/// How many paragraphs at the head and at the end of a text a model’s words stand in.
const EDGE: usize = 2;

fn prompt_leak(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let table = document.target.data().table("prompt-leak");
    let Some(kind) = kind_of(passage, &table) else {
        return;
    };
    let surface = document.target.surface();
    let Some(own) = surface.sentences.get(passage.place) else {
        return;
    };
    let at_head = own.block < EDGE;
    let at_end = own.block + EDGE >= surface.blocks.len();
    let opens_block = surface.blocks.get(own.block).is_some_and(|b| b.sentences.start == passage.place);
    let whole = passage.span();
    let is_own = std::ptr::eq(passage.text, &document.target);
    let message = "a model talks here to whoever asked it for the translation";
    let because = |draft: Draft| draft.because(EvidenceKind::Data, "prompt-leak", None);
    match kind {
        "heading" if at_head || document.is_segmented() => {
            let Some(colon) = colon(passage) else {
                return;
            };
            let text = passage.text.text();
            let rest = &text[colon.end()..whole.end()];
            if is_credit(passage, colon) {
                return;
            }
            let end = whole.end() - rest.trim_start().len();
            let edit = Span::new(whole.start(), end);
            let span = Span::new(whole.start(), colon.end());
            out.push(because(Draft::new(span, HEADING, message).fix(Fix::replace(edit, "", 0.9))));
        }
        // It stands where the translation should: there is nothing to put in its place.
        "self" if opens_block && (at_head || at_end || document.is_segmented()) => {
            out.push(because(Draft::new(whole, SELF, message)));
        }
        "closing" if at_end && passage.place > 0 => {
            let before = surface.sentences.get(passage.place.wrapping_sub(1)).filter(|_| is_own);
            let edit = before.map_or(whole, |before| Span::new(before.span.end(), whole.end()));
            out.push(because(Draft::new(whole, CLOSING, message).fix(Fix::replace(edit, "", 0.85))));
        }
        "opener" if opens_block && at_head && next_is_heading(document, passage, &table) => {
            let next = surface.sentences.get(passage.place + 1).filter(|_| is_own);
            let edit = next.map_or(whole, |next| Span::new(whole.start(), next.span.start()));
            out.push(because(Draft::new(whole, OPENER, message).fix(Fix::replace(edit, "", 0.85))));
        }
        _ => {}
    }
}

/// The kind of the longest pattern that the sentence begins with.
fn kind_of(passage: &Passage<'_>, table: &Table) -> Option<&'static str> {
    let unspaced = passage.text.data().words() == Words::Unspaced;
    if unspaced {
        return kind_by_letters(passage, table);
    }
    let mut words = passage.tokens().iter().filter(|t| t.kind != TokenKind::Mark || is_speech(passage.written(t)));
    let first = words.next()?;
    let mut phrase = passage.folded(first).to_owned();
    let mut kind = table.get(&phrase)?.column(0);
    for word in words.take(MAX_WORDS - 1) {
        phrase.push(' ');
        phrase.push_str(passage.folded(word));
        if let Some(row) = table.get(&phrase) {
            kind = row.column(0);
        }
    }
    (kind != "starts").then_some(kind)
}

/// Quotation marks are kept, so that words between them are not taken for a pattern.
fn is_speech(mark: &str) -> bool {
    mark.chars().all(crate::analyse::quotes::is_quotation_mark)
}

fn kind_by_letters(passage: &Passage<'_>, table: &Table) -> Option<&'static str> {
    let sentence = passage.span().of(passage.text.text());
    let mut ends = sentence.char_indices().take(MAX_LETTERS).map(|(at, c)| at + c.len_utf8());
    let mut kind = table.get(sentence.get(..ends.next()?)?)?.column(0);
    for end in ends {
        if let Some(row) = sentence.get(..end).and_then(|letters| table.get(letters)) {
            kind = row.column(0);
        }
    }
    (kind != "starts").then_some(kind)
}

/// The colon that a heading ends with.
fn colon(passage: &Passage<'_>) -> Option<Span> {
    let tokens = passage.tokens().iter().take(MAX_WORDS + TO_COLON);
    tokens.filter(|t| t.kind == TokenKind::Mark).find(|t| matches!(passage.written(t), ":" | "：")).map(|t| t.span)
}

/// “English translation: Anna van Smith”.
fn is_credit(passage: &Passage<'_>, colon: Span) -> bool {
    let rest = passage.tokens().iter().filter(|t| t.span.start() >= colon.end());
    let (mut count, mut lower) = (0, 0);
    for token in rest {
        count += 1;
        lower += usize::from(token.case == Case::Lower);
    }
    (1..CREDIT_TOKENS).contains(&count) && lower < 2
}

/// “Sure!”, and the next sentence is a heading.
fn next_is_heading(document: &Document<'_>, passage: &Passage<'_>, table: &Table) -> bool {
    let surface = document.target.surface();
    let next = passage.place + 1;
    let tokens = passage.tokens().iter().filter(|t| t.kind == TokenKind::Word).count();
    if tokens > MAX_OPENER || surface.sentences.get(next).is_none() {
        return false;
    }
    let next = Passage { text: &document.target, sentence: next, place: next };
    kind_of(&next, table) == Some("heading") && colon(&next).is_some()
}

/// The longest opener, in words: “Of course, I can help”.
const MAX_OPENER: usize = 8;
