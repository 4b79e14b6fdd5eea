//! `name/translated-literally`: a name of the source that is a word, too, and was translated as the word.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::names;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, fold, without_possessive};

pub(in crate::check) static TRANSLATED_LITERALLY: Rule = Rule {
    id: "name/translated-literally",
    summary: "A name of the source that is also a word, translated as the word.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistent-entities",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Mentions, Layer::Alignment],
    languages: Languages::Listed(&["en"]),
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(literal),
};

/// Both the name and the word stand beside the rest of a name.
const BESIDE: f64 = 0.8;

fn literal(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let table = source.data().table("common-word-names");
    if table.is_empty() {
        return;
    }
    let surface = source.surface();
    let aligned = document.alignment().source_of(passage.place).source;
    for sentence in surface.sentences.get(aligned).unwrap_or(&[]) {
        let tokens = surface.tokens_of(sentence);
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Word) {
            // Beside another word with a capital; scripts without capitals do not show it.
            if !is_name_like(token) || !beside(tokens, at, is_name_like) {
                continue;
            }
            let Some(row) = forms(surface.folded(token)).find_map(|form| table.get(form)) else { continue };
            let words: Vec<&str> = row.column(0).split('|').collect();
            let Some(span) = translated(document, passage, &words) else { continue };
            let written = token.span.of(source.text());
            let mut draft = Draft::new(span, BESIDE, format!("“{written}” is a name here, not the word"))
                .beside(Place::source(token.span))
                .because(
                    EvidenceKind::Data,
                    format!("{written} = {}", words.join(", ")),
                    Some(Place::source(token.span)),
                );
            let base = forms(surface.folded(token)).find(|form| table.has(form)).unwrap_or(written);
            if let Some(spelling) = document.source_language().and_then(|l| romanised(base, l)) {
                draft = draft.fix(Fix::replace(span, spelling, 0.8));
            }
            out.push(draft.of_group(span.of(passage.text.text())));
        }
    }
}

/// The word in its case, without an ending behind an apostrophe, and without the last letter or two, which may be a case
/// ending.
fn forms(word: &str) -> impl Iterator<Item = &str> {
    let word = word.split('\'').next().unwrap_or(word);
    let cut = |n: usize| word.char_indices().rev().nth(n).map_or("", |(at, _)| word.get(..at).unwrap_or(""));
    [word, cut(0), cut(1)].into_iter().filter(|form| form.chars().count() > 2)
}

fn romanised(name: &str, language: &crate::article::Language) -> Option<String> {
    let text = names::romanise(name, language).into_iter().next()?.text;
    let mut letters = text.chars();
    // Latin letters, with accents or without.
    let first = letters.next().filter(|&c| c.is_alphabetic() && c < '\u{250}')?;
    Some(first.to_uppercase().chain(letters).collect())
}

fn is_name_like(token: &Token) -> bool {
    token.kind == TokenKind::Word && matches!(token.case, Case::Title | Case::Mixed | Case::None)
}

/// Whether a token's neighbour, with nothing but a space between, is of a kind.
fn beside(tokens: &[Token], at: usize, is: impl Fn(&Token) -> bool) -> bool {
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    before.is_some_and(&is) || tokens.get(at + 1).is_some_and(is)
}

/// The word of the passage, with a capital and beside a name, that is one of these.
fn translated(document: &Document<'_>, passage: &Passage<'_>, words: &[&str]) -> Option<Span> {
    let data = document.target.data();
    let tokens = passage.tokens();
    let ordinary = |t: &Token| {
        let word = passage.folded(t);
        ["common-words", "starters", "calendar", "titles"].iter().any(|table| data.table(table).has(word))
    };
    let surname = |t: &Token| t.kind == TokenKind::Word && t.case == Case::Title && t.span.len() > 2 && !ordinary(t);
    let is = |t: &Token| t.kind == TokenKind::Word && t.case == Case::Title && words.contains(&passage.folded(t));
    let at = tokens.iter().enumerate().position(|(at, t)| is(t) && beside(tokens, at, surname))?;
    tokens.get(at).map(|t| without_possessive(passage.text.text(), t.span)).filter(|span| {
        // A form of the glossary is as it should be.
        let terms = document.target_terms(passage);
        !terms.iter().any(|term| term.hit.span.overlaps(*span)) && !fold(span.of(passage.text.text())).is_empty()
    })
}
