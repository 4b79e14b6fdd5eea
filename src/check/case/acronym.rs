//! `case/acronym`: acronyms written as if they were words, "nato".

use crate::analyse::{Document, Passage};
use crate::check::case::is_post;
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
    layers: &[Layer::Surface],
    languages: Languages::WithTable("acronyms"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// Small letters that spell no other word.
const SMALL: f64 = 0.95;
/// One capital after "the", where the word would be another without it: "the Us".
const ONE_CAPITAL: f64 = 0.85;
/// The longest acronym of the tables, in bytes.
const LONGEST: usize = 14;

/// Desks that write an acronym that is spoken as a word with one capital: Nato.
struct Acronyms {
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
            let looks = matches!(token.case, Case::Lower | Case::Title) && token.span.len() <= LONGEST;
            // Most words of a text are in small letters and short, so the neighbours are asked only after the table.
            let Some(row) = table.get(passage.folded(token)).filter(|_| token.kind == TokenKind::Word && looks) else {
                continue;
            };
            let after = at.checked_sub(1).is_some_and(|i| passage.folded(&tokens[i]) == row.column(3));
            let confidence = match (token.case, row.column(2)) {
                (Case::Lower, "small") => SMALL,
                (Case::Title, "capital") if after => ONE_CAPITAL,
                _ => continue,
            };
            if is_part_of_code(passage, at) {
                continue;
            }
            let spoken = row.column(1);
            let proper = if self.spoken && !spoken.is_empty() { spoken } else { row.column(0) };
            let draft = Draft::new(token.span, confidence, format!("the acronym is written {proper}"))
                .fix(Fix::replace(token.span, proper, 0.95).safe())
                .because(EvidenceKind::Data, format!("{}/acronyms.tsv: {}", data.tag(), passage.folded(token)), None);
            out.push(draft);
        }
    }
}
