//! `word/*`: words said twice.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{LanguageData, Words};
use crate::span::Span;
use crate::surface::{Case, TokenKind};

pub(super) static DOUBLED: Rule = Rule {
    id: "word/doubled",
    summary: "A word stands twice in a row.",
    mqm: "linguistic/grammar",
    its: "duplication",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("doubled"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(doubled),
};

/// Fewest letters of a content word that is flagged without standing in the table: shorter ones are often names, units, codes.
const MIN_LETTERS: usize = 4;
/// A function word that never stands twice.
const LISTED: f64 = 0.96;
/// Any other word, in a language that does not double words.
const UNLISTED: f64 = 0.85;

fn doubled(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let data = document.target.data();
    if data.words() == Words::Unspaced {
        return;
    }
    let table = data.table("doubled");
    let tokens = passage.tokens();
    let mut at = 0;
    while at + 1 < tokens.len() {
        let (first, word) = (&tokens[at], passage.folded(&tokens[at]));
        let same = |i: usize| {
            tokens.get(i).is_some_and(|t| t.kind == TokenKind::Word && !t.glued && passage.folded(t) == word)
        };
        let mut last = at;
        while first.kind == TokenKind::Word && same(last + 1) {
            last += 1;
        }
        if last == at {
            at += 1;
            continue;
        }
        let names = tokens[at + 1..=last].iter().all(|t| !matches!(t.case, Case::Lower | Case::None));
        // A compound that goes on ("New York-New York"), or an abbreviation's stop, is not the same word again.
        let glued = tokens.get(last + 1).is_some_and(|t| t.glued && passage.written(t) == "-");
        let listed = table.get(word).map(|row| row.column(0));
        // The second half of a compound ("faites-le le"), and a particle of the name that follows ("de de Gaulle").
        let half = at > 0 && first.glued && passage.written(&tokens[at - 1]) == "-";
        let particle = tokens.get(last + 1).is_some_and(|t| matches!(t.case, Case::Title | Case::Mixed))
            && LanguageData::shared().table("name-particles").has(word);
        let confidence = match listed {
            Some("flag") => LISTED,
            Some(_) => 0.0,
            None if data.doubled_is_a_slip() && word.chars().count() >= MIN_LETTERS => UNLISTED,
            None => 0.0,
        };
        if confidence > 0.0 && !(names || glued || half || particle) {
            let span = first.span.cover(tokens[last].span);
            let draft = Draft::new(span, confidence, format!("“{word}” stands here {}", times(last - at + 1)))
                .fix(Fix::replace(Span::new(first.span.end(), span.end()), "", 0.95).safe())
                .because(EvidenceKind::Pattern, "the same word again", None);
            out.push(draft);
        }
        at = last + 1;
    }
}

fn times(n: usize) -> String {
    if n == 2 { "twice".to_owned() } else { format!("{n} times") }
}
