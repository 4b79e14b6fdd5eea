//! `case/title`: titles before a name, "president Macron".

use super::{is_term, is_word};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::Table;
use crate::style::Style;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static TITLE: Rule = Rule {
    id: "case/title",
    summary: "A title without a capital before the name of who bears it.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("titles"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// A title alone before a name: "with president Macron". Of 235 such places in 38 million words of clean English, in which
/// 5,000 such titles have their capital, sixty were read: all were slips but four behind "and" or "for", which were taken out.
const BARE: f64 = 0.85;
/// "mr Smith".
const ALWAYS: f64 = 0.95;
/// "French president Emmanuel Macron", for a desk that writes these with a capital.
const DESCRIBED: f64 = 0.85;
/// The most words of a title.
const MAX_WORDS: usize = 3;

/// Whether the desk gives a title its capital behind a description, too: "French President Emmanuel Macron".
struct Titles {
    described: bool,
}

fn survey(_: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    Box::new(Titles { described: matches!(settings.style, Style::Ap | Style::Reuters | Style::Un) })
}

impl Survey for Titles {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() != BlockKind::Body {
            return;
        }
        let titles = document.target.data().table("titles");
        let tokens = passage.tokens();
        for at in 0..tokens.len() {
            let lower = tokens[at].kind == TokenKind::Word && tokens[at].case == Case::Lower;
            // What most words are told by at once.
            let lower = lower && tokens.get(at + 1).is_some_and(|next| next.case == Case::Title);
            if !lower || !is_name(document, passage, at + 1) || !titles.has(passage.folded(&tokens[at])) {
                continue;
            }
            let Some((first, proper, always)) = longest(passage, &titles, at) else {
                continue;
            };
            let before = first.checked_sub(1).map(|i| &tokens[i]);
            let confidence = match before {
                _ if always => ALWAYS,
                Some(_) if is_bare(passage, &titles, first) => BARE,
                Some(t) if self.described && describes(passage, &titles, t) => DESCRIBED,
                _ => continue,
            };
            let span = tokens[first].span.cover(tokens[at].span);
            if is_term(document, passage, span) {
                continue;
            }
            let draft = Draft::new(span, confidence, "a title takes a capital before the name")
                .fix(Fix::replace(span, proper, 0.95).safe())
                .because(EvidenceKind::Data, format!("{}/titles.tsv", document.target.data().tag()), None);
            out.push(draft);
        }
    }
}

/// The longest title that ends with a word, all in small letters: where it begins, as it is written, whether it always is.
fn longest(passage: &Passage<'_>, titles: &Table, last: usize) -> Option<(usize, &'static str, bool)> {
    let tokens = passage.tokens();
    (last.saturating_sub(MAX_WORDS - 1)..=last).find_map(|first| {
        let words = &tokens[first..=last];
        let plain = words
            .iter()
            .enumerate()
            .all(|(i, t)| t.kind == TokenKind::Word && t.case == Case::Lower && !(t.glued && (i > 0 || first > 0)));
        let key = words.iter().map(|t| passage.folded(t)).collect::<Vec<_>>().join(" ");
        let row = titles.get(&key).filter(|_| plain)?;
        matches!(row.column(1), "title" | "always").then(|| (first, row.column(0), row.column(1) == "always"))
    })
}

/// A word stands before that a title without any description follows: "with", "that", "met"; "and" behind a name, since
/// "congressman and governor Mark Hill" describes him.
fn is_bare(passage: &Passage<'_>, titles: &Table, first: usize) -> bool {
    let tokens = passage.tokens();
    let back = |n: usize| first.checked_sub(n).and_then(|i| tokens.get(i));
    let kind = back(1).and_then(|t| titles.get(passage.folded(t))).map_or("", |row| row.column(1));
    kind == "before" || (kind == "joins" && back(2).is_some_and(|t| t.case == Case::Title))
}

/// A word that tells whose title it is: "French", "Moscow", "former"; not "the", "his", which make it an apposition.
fn describes(passage: &Passage<'_>, titles: &Table, before: &Token) -> bool {
    let determiner = titles.get(passage.folded(before)).is_some_and(|row| row.column(1) == "determiner");
    is_word(Some(before)) && !determiner && (before.case == Case::Title || passage.folded(before) == "former")
}

/// A name stands there, and not a nation, a month, or an ordinary word that has a capital for some other reason.
fn is_name(document: &Document<'_>, passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let data = document.target.data();
    let title = |t: &Token| t.kind == TokenKind::Word && t.case == Case::Title && !t.glued && t.span.len() > 1;
    let Some(token) = tokens.get(at).filter(|t| title(t)) else {
        return false;
    };
    let word = passage.folded(token).trim_end_matches("'s");
    let ordinary = data.table("common-words").has(word) && !tokens.get(at + 1).is_some_and(title);
    !ordinary && !["nationalities", "calendar", "institutions"].iter().any(|table| data.table(table).has(word))
}
