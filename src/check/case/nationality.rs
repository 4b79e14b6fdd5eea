//! `case/nationality`: the capitals of peoples, their languages, and the adjectives made of them.

use super::{is_post, is_term, is_word};
use crate::analyse::{Document, Passage};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::{Row, Table};
use crate::surface::{BlockKind, Case, Token, TokenKind, without_possessive};

pub(in crate::check) static NATIONALITY: Rule = Rule {
    id: "case/nationality",
    summary: "A nation, a people, a language or a faith without the capital that the language gives it, or with one that it does not.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Token,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("nationalities"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// A word that is nothing but a nationality, a language or a faith.
const PLAIN: f64 = 0.95;
/// A word that could be another ("polish"), before a noun that nations have.
const BEFORE_NOUN: f64 = 0.9;
/// A capital where the language has none, beside a noun that nations have. None on 4 x 17 clean articles.
const COPIED_CAPITAL: f64 = 0.85;
/// The table, and which of the two habits it is of.
struct Nationalities {
    table: Table,
    nouns: Table,
    /// The language writes them with a capital. All forms of a table are written alike.
    capital: bool,
}

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let data = document.target.data();
    let table = data.table("nationalities");
    let capital = table.row(0).1.column(0).starts_with(char::is_uppercase);
    Box::new(Nationalities { table, nouns: data.table("nation-nouns"), capital })
}

impl Survey for Nationalities {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() == BlockKind::Byline
            || (!self.capital && passage.kind() != BlockKind::Body)
            || is_post(passage)
        {
            return;
        }
        let data = document.target.data();
        let (wrong, habit) =
            if self.capital { (Case::Lower, "takes a capital") } else { (Case::Title, "takes no capital") };
        for (at, token) in passage.tokens().iter().enumerate().skip(usize::from(!self.capital)) {
            let folded = passage.folded(token);
            if token.case != wrong || token.kind != TokenKind::Word {
                continue;
            }
            let bare = folded.strip_suffix("'s").unwrap_or(folded);
            let Some(row) = self.table.get(bare).filter(|_| !is_part_of_code(passage, at)) else {
                continue;
            };
            let found = if self.capital {
                lacks_capital(passage, &self.nouns, at, row)
            } else {
                copied_capital(passage, &self.nouns, at, row)
            };
            let Some(confidence) = found.filter(|_| !is_term(document, passage, token.span)) else {
                continue;
            };
            let possessive = bare.len() < folded.len();
            let span = if possessive { without_possessive(passage.text.text(), token.span) } else { token.span };
            let message = format!("{} {habit} in {}", kind(row), data.name());
            let draft = Draft::new(span, confidence, message)
                .fix(Fix::replace(span, row.column(0), 0.97).safe())
                .because(EvidenceKind::Data, format!("{}/nationalities.tsv: {bare}", data.tag()), None);
            out.push(draft);
        }
    }
}

fn kind(row: Row) -> &'static str {
    match row.column(1) {
        "faith" => "the name of a faith",
        "language" => "the name of a language or a people",
        _ => "the name of a nation or a people",
    }
}

/// "the syrian army": no capital where the language has one. Not "french fries", nor "polish" the verb.
fn lacks_capital(passage: &Passage<'_>, nouns: &Table, at: usize, row: Row) -> Option<f64> {
    let tokens = passage.tokens();
    let after = tokens.get(at + 1);
    let hyphen = after.is_some_and(|t| t.glued && passage.written(t) == "-");
    // "french-fried", "swiss-roll": what follows the hyphen decides.
    let next = if hyphen { tokens.get(at + 2) } else { after };
    if excepted(passage, row, next) {
        return None;
    }
    match row.column(2) {
        "noun" => next.is_some_and(|t| is_noun(nouns, passage, t, "after")).then_some(BEFORE_NOUN),
        _ => Some(PLAIN),
    }
}

/// "le président Français", "в Российском парламенте": a capital beside a noun that shows the word to be an adjective.
fn copied_capital(passage: &Passage<'_>, nouns: &Table, at: usize, row: Row) -> Option<f64> {
    let tokens = passage.tokens();
    let (before, after) = (at.checked_sub(1).and_then(|i| tokens.get(i)), tokens.get(at + 1));
    let hyphenated = [Some(&tokens[at]), after]
        .iter()
        .flatten()
        .any(|t| t.glued && !passage.written(t).starts_with([',', '.', ';', ':', '!', '?', '»', '”', ')', '"']));
    // Beside another capital the word may be part of a name; the one at the head of a sentence shows nothing.
    let named = |t: Option<&Token>| t.is_some_and(|t| t.kind == TokenKind::Word && t.case != Case::Lower);
    let follows = is_word(before) && !named(before) && before.is_some_and(|t| is_noun(nouns, passage, t, "before"));
    let leads = is_word(after)
        && after.is_some_and(|t| is_noun(nouns, passage, t, "after"))
        && (at == 1 || !named(before))
        && (before.is_some_and(|t| t.kind == TokenKind::Word || passage.written(t) == ","));
    let spoken = row.column(1) == "language" && before.is_some_and(|t| is_noun(nouns, passage, t, "language"));
    let spoken = spoken && !named(after);
    (!hyphenated && !excepted(passage, row, after) && (follows || leads || spoken)).then_some(COPIED_CAPITAL)
}

/// A word follows before which the other case is right: "french fries", «Европейский парламент».
fn excepted(passage: &Passage<'_>, row: Row, next: Option<&Token>) -> bool {
    next.is_some_and(|t| row.column(3).split('|').any(|word| word == passage.folded(t)))
}

fn is_noun(nouns: &Table, passage: &Passage<'_>, token: &Token, place: &str) -> bool {
    nouns.get(passage.folded(token)).is_some_and(|row| row.column(0) == place)
}
