//! `variant/mixed` for Chinese: simplified characters in a traditional text, and the other way round.

use icu_properties::props::Script;

use super::words::{Quoted, Side, name, variety};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Survey};
use crate::finding::EvidenceKind;
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

/// The tag says which script it is.
const BY_TAG: f64 = 0.9;
/// The rest of the text does.
const BY_TEXT: f64 = 0.85;
/// How many times as many characters of one script there must be as of the other, where the tag says nothing.
const CLEARLY: usize = 3;
/// From so many words of the other script in a row on it is a text of its own: a slogan, a title, a name in full.
const PASSAGE: usize = 8;

pub(super) fn survey(document: &Document<'_>) -> Box<dyn Survey> {
    let data = document.target.data();
    let index = data.table("characters-index");
    let mut counts = [0_usize; 2];
    for c in document.target.text().chars().filter(|c| !c.is_ascii()) {
        match side_of(&index, c) {
            Some((Side::First, _)) => counts[0] += 1,
            Some((Side::Second, _)) => counts[1] += 1,
            None => {}
        }
    }
    let language = document.target_language();
    let tag = language.and_then(|l| l.script()).or_else(|| language.and_then(|l| l.region()));
    let tagged = tag.and_then(|key| Some((variety(data, key)?.0, name(data, key))));
    let [first, second] = counts;
    let verdict = match tagged {
        // A text that is all in the other script has the wrong tag.
        Some((right, name)) => {
            let (own, other) = if right == Side::First { (first, second) } else { (second, first) };
            (own >= other).then(|| (right, BY_TAG, format!("the target is {name}")))
        }
        None if first > 0 && second >= first * CLEARLY => Some((Side::Second, BY_TEXT, by_text(data, Side::Second))),
        None if second > 0 && first >= second * CLEARLY => Some((Side::First, BY_TEXT, by_text(data, Side::First))),
        None => None,
    };
    let verdict = verdict.filter(|_| first > 0 && second > 0);
    Box::new(Characters { verdict, index })
}

fn by_text(data: LanguageData, side: Side) -> String {
    format!("the rest of the text is {}", side.name(data))
}

/// Which script a character belongs to alone, and what stands for it in the other: one character, or several.
fn side_of(index: &Table, c: char) -> Option<(Side, &'static str)> {
    let row = index.get(c.encode_utf8(&mut [0; 4]))?;
    Some((Side::named(row.column(0))?, row.column(1)))
}

struct Characters {
    /// Which script is right, how surely, and why.
    verdict: Option<(Side, f64, String)>,
    index: Table,
}

impl Survey for Characters {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some((right, confidence, why)) = &self.verdict else {
            return;
        };
        let text = passage.text.text();
        let tokens = passage.tokens();
        // Japanese has characters of either kind.
        if tokens.iter().any(|t| matches!(t.script, Script::Hiragana | Script::Katakana)) {
            return;
        }
        let wrong = |token: &Token| {
            let word = token.span.of(text);
            let other = |c| side_of(&self.index, c).is_some_and(|(side, _)| side != *right);
            token.kind == TokenKind::Word && word.chars().any(other)
        };
        let runs = tokens.chunk_by(|a, b| wrong(a) == wrong(b)).filter(|run| run.first().is_some_and(wrong));
        let runs: Vec<&[Token]> = runs.filter(|run| run.len() < PASSAGE).collect();
        if runs.is_empty() {
            return;
        }
        let quoted = Quoted::of(document, passage);
        for token in runs.into_iter().flatten() {
            let covered = document.target_terms(passage).iter().any(|term| term.hit.span.overlaps(token.span));
            if covered || quoted.holds(token.span) {
                continue;
            }
            let word = token.span.of(text);
            let Some(span) = self.wrong_part(word, *right) else {
                continue;
            };
            let data = document.target.data();
            let wrong = if *right == Side::First { Side::Second } else { Side::First };
            let message = format!("“{word}” is {}, {why}", wrong.name(data));
            let mut draft = Draft::new(token.span, *confidence, message)
                .because(EvidenceKind::Data, why.clone(), None)
                .of_group("script");
            if let Some(other) = self.rewritten(span.of(word), *right) {
                draft = draft.fix(Fix::replace(span.shift(token.span.start()), other, 0.9));
            }
            out.push(draft);
        }
    }
}

impl Characters {
    /// From the first character of the wrong script to the last.
    fn wrong_part(&self, word: &str, right: Side) -> Option<Span> {
        let mut wrong =
            word.char_indices().filter(|&(_, c)| side_of(&self.index, c).is_some_and(|(side, _)| side != right));
        let (start, first) = wrong.next()?;
        let (end, last) = wrong.next_back().unwrap_or((start, first));
        Some(Span::new(start, end + last.len_utf8()))
    }

    /// The word in the other script; `None` where a character may stand for several.
    fn rewritten(&self, word: &str, right: Side) -> Option<String> {
        let mut out = String::with_capacity(word.len());
        for c in word.chars() {
            match side_of(&self.index, c) {
                Some((side, other)) if side != right => {
                    let mut others = other.chars();
                    out.push(others.next().filter(|_| others.next().is_none())?);
                }
                _ => out.push(c),
            }
        }
        Some(out)
    }
}
