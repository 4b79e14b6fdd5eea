//! Russian: the verb of somebody who says something, against the gender that the English source tells: “Анна Керн заявил”.

use crate::analyse::{Document, Passage};
use crate::check::grammar::Line;
use crate::check::{Draft, Fix};
use crate::finding::{EvidenceKind, Place};
use crate::language::{LanguageData, Row};
use crate::names::{likeness, plain};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

/// A verb of another gender than the speaker. An estimate: clean news has none.
const VERB: f64 = 0.88;
/// How like a name of the source must be.
const SAME: f64 = 0.8;
/// The most tokens of a name before its last word.
const MAX_BEFORE: usize = 6;
/// The most words of the source that a name is compared with.
const MAX_COMPARED: usize = 64;

/// Who speaks: a man or a woman, and where the source names them.
struct Speaker {
    gender: &'static str,
    span: Span,
}

pub(super) fn agreement(line: &Line<'_>, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let table = line.data().table("speaking");
    for at in 0..line.len() {
        let Some(row) = table.get(line.low(at)).filter(|_| line.case(at) == Case::Lower) else { continue };
        out.extend(verb(line, at, row, document, passage));
    }
}

fn verb(line: &Line<'_>, at: usize, row: Row, document: &Document<'_>, passage: &Passage<'_>) -> Option<Draft> {
    let is_name = |at: usize| {
        line.token(at).is_some_and(|t| t.kind == TokenKind::Word) && line.case(at) == Case::Title && !line.opens(at)
    };
    let before = at.checked_sub(1)?;
    let name = if is_name(before) {
        before
    } else if matches!(line.written(before), "—" | "–" | "-") {
        // “, — сказал Керн”.
        (at + 1..=at + MAX_BEFORE)
            .take_while(|&i| is_name(i) || line.written(i) == ".")
            .filter(|&i| is_name(i))
            .last()?
    } else {
        return None;
    };
    let speaker = speaker(line.written(name), document, passage)?;
    if speaker.gender == row.column(1) {
        return None;
    }
    let right = row.column(0);
    let span = line.span(at, at);
    let who = if speaker.gender == "f" { "a woman" } else { "a man" };
    let message = format!("“{}” is {who} in the source: “{right}”", line.written(name));
    Some(Draft::new(span, VERB, message).fix(Fix::replace(span, right, 0.9)).because(
        EvidenceKind::Source,
        "the name of the source",
        Some(Place::source(speaker.span)),
    ))
}

/// What the source tells of a speaker; nothing where it has another one speak, or several of the name.
fn speaker(name: &str, document: &Document<'_>, passage: &Passage<'_>) -> Option<Speaker> {
    let (source, language) = (document.source.as_ref()?, document.target_language()?);
    let data = source.data();
    let saying = data.table("saying");
    if saying.is_empty() {
        return None;
    }
    let surface = source.surface();
    let sentences = surface.sentences.get(document.alignment().source_of(passage.place).source)?;
    let mut found: Option<Speaker> = None;
    for sentence in sentences {
        let tokens = surface.tokens_of(sentence);
        let low = |at: usize| tokens.get(at).map_or("", |t| surface.folded(t));
        let written = |at: usize| tokens.get(at).map_or("", |t: &Token| t.span.of(source.text()));
        let is_name = |t: &Token| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed);
        let named = tokens.iter().enumerate().filter(|(_, t)| is_name(t)).take(MAX_COMPARED);
        for (at, token) in named.filter(|(at, _)| likeness(name, language, written(*at)) >= SAME) {
            let mut first = at;
            while first > 0 && at - first < MAX_BEFORE {
                let one = tokens.get(first - 1);
                let initial = written(first - 1) == "." && one.is_some_and(|t| t.glued);
                if !initial && !one.is_some_and(is_name) {
                    break;
                }
                first -= 1;
            }
            let said = |at: usize| saying.has(low(at));
            let speaks = said(at + 1) || (written(at + 1) == "," && said(at + 2));
            if !speaks && !first.checked_sub(1).is_some_and(said) {
                return None;
            }
            // “a lawyer for Anna Kern said”.
            if speaks && first.checked_sub(1).is_some_and(|before| data.table("prepositions").has(low(before))) {
                return None;
            }
            let gender = (first..at).find_map(|i| told(low(i), written(i), data))?;
            if found.as_ref().is_some_and(|other| other.gender != gender) {
                return None;
            }
            found = Some(Speaker { gender, span: token.span });
        }
    }
    found
}

/// Whom a title or a given name tells of.
fn told(folded: &str, written: &str, data: LanguageData) -> Option<&'static str> {
    if let Some(row) = data.table("gender-cues").get(folded).filter(|row| row.column(0) == "before") {
        return Some(row.column(1));
    }
    LanguageData::shared().table("name-gender").get(&plain(written)).map(|row| row.column(0))
}
