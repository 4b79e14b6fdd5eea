//! `case/acronym`: acronyms written as if they were words, "nato".

use super::{is_post, is_term};
use crate::analyse::{Document, Passage};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::style::Style;
use crate::surface::{BlockKind, Case, TokenKind};

pub(in crate::check) static ACRONYM: Rule = Rule {
    id: "case/acronym",
    summary: "An acronym in small letters, or with one capital where it has more.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Token,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("acronyms"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// Small letters that spell no other word.
const SMALL: f64 = 0.95;
/// One capital after "the", where the word would be another without it: "the Us".
const ONE_CAPITAL: f64 = 0.85;

struct Acronyms {
    /// The desk writes an acronym that is spoken as a word with one capital: Nato.
    spoken: bool,
}

fn survey(_: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    Box::new(Acronyms { spoken: settings.style == Style::Guardian })
}

impl Survey for Acronyms {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let data = document.target.data();
        let table = data.table("acronyms");
        if passage.kind() == BlockKind::Byline || is_post(passage) {
            return;
        }
        let tokens = passage.tokens();
        for (at, token) in tokens.iter().enumerate() {
            let word = passage.folded(token);
            let looks = token.kind == TokenKind::Word && matches!(token.case, Case::Lower | Case::Title);
            let Some(row) = Some(word).filter(|_| looks).and_then(|w| table.get(w)) else {
                continue;
            };
            let after = at.checked_sub(1).is_some_and(|i| passage.folded(&tokens[i]) == row.column(3));
            // "the Un Certain Regard award"
            let named = tokens.get(at + 1).is_some_and(|t| t.kind == TokenKind::Word && t.case != Case::Lower);
            let confidence = match (token.case, row.column(2)) {
                (Case::Lower, "small") => SMALL,
                (Case::Title, "capital") if after && !named => ONE_CAPITAL,
                _ => continue,
            };
            // "usa-accordion" is the name of a style sheet; what has a hyphen is not sure enough.
            let joined = tokens.get(at + 1).is_some_and(|t| t.glued && passage.written(t) == "-");
            if joined || is_part_of_code(passage, at) || is_term(document, passage, token.span) {
                continue;
            }
            let spoken = row.column(1);
            let proper = if self.spoken && !spoken.is_empty() { spoken } else { row.column(0) };
            let draft = Draft::new(token.span, confidence, format!("the acronym is written {proper}"))
                .fix(Fix::replace(token.span, proper, 0.95).safe())
                .because(EvidenceKind::Data, format!("{}/acronyms.tsv: {word}", data.tag()), None);
            out.push(draft);
        }
    }
}
