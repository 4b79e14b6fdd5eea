//! A woman with a man’s title: “le maire, Anna Kern”, “der Minister Anna Kern”. Engines take the man where English has one word.

use crate::check::grammar::Line;
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::language::LanguageData;
use crate::names::plain;
use crate::surface::{Case, TokenKind};

/// An article and a title of a man before a woman’s name. An estimate: clean news has none.
const TITLE: f64 = 0.85;
/// The most words of a complement between a title and a name: “le maire de Paris, Anna Kern”.
const MAX_COMPLEMENT: usize = 4;
/// The most words of a name.
const MAX_NAME: usize = 6;

pub(super) fn agreement(line: &Line<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    let titles = data.table("gendered-titles");
    if titles.is_empty() {
        return;
    }
    let noun = if data.capitalises_nouns() { Case::Title } else { Case::Lower };
    for at in 0..line.len() {
        let Some(row) = titles.get(line.low(at)).filter(|_| line.case(at) == noun && !line.goes_on(at)) else {
            continue;
        };
        out.extend(titled(line, at, row.column(0), data));
    }
}

fn titled(line: &Line<'_>, at: usize, feminine: &str, data: LanguageData) -> Option<Draft> {
    let name = named(line, at, data)?;
    let articles = data.table("noun-articles");
    let of_man = |at: usize| {
        let row = articles.get(line.low(at)).filter(|_| line.is_apart(at) || line.opens(at))?;
        row.column(0).split(' ').any(|fits| fits == "m").then_some(row)
    };
    let before = at.checked_sub(1)?;
    // “der britische Minister”: what stands between ends alike before either.
    let between = before.checked_sub(1).filter(|_| {
        let word = line.low(before);
        data.capitalises_nouns() && line.case(before) == Case::Lower && (word.ends_with('e') || word.ends_with("en"))
    });
    let (first, right) = if let Some(row) = of_man(before) {
        (before, format!("{} {feminine}", row.column(2)))
    } else if let Some((article, row)) = between.and_then(|at| Some((at, of_man(at)?))) {
        (article, format!("{} {} {feminine}", row.column(2), line.written(before)))
    } else if line.low(before).ends_with('\'') || line.low(before).ends_with('’') || data.capitalises_nouns() {
        (at, feminine.to_owned())
    } else {
        return None;
    };
    // “Madame le maire” is how she is addressed.
    if first.checked_sub(1).is_some_and(|before| matches!(line.low(before), "madame" | "mme")) {
        return None;
    }
    let right = if line.case(first) == Case::Title { capitalised(&right) } else { right };
    let written = line.letters(first, at);
    if right == written {
        return None;
    }
    let message = format!("“{}” is a woman’s name; “{written}” is a man", line.written(name));
    let span = line.span(first, at);
    Some(Draft::new(span, TITLE, message).fix(Fix::replace(span, right, 0.85)).because(
        EvidenceKind::Data,
        "a title and a given name",
        None,
    ))
}

/// The given name of the woman who has a title: right behind it, or between commas behind it and its complement.
fn named(line: &Line<'_>, title: usize, data: LanguageData) -> Option<usize> {
    let next = title + 1;
    if let Some((given, end)) = woman(line, next) {
        // “le maire Anna Kern et Paul Roux”: two of them, or an object.
        return (!line.is(end, &["et", "und", "y"])).then_some(given);
    }
    let mut comma = next;
    if line.is(next, &["de", "du", "d'", "des", "del"]) && !data.capitalises_nouns() {
        comma = (next + 1..=next + MAX_COMPLEMENT).find(|&at| line.written(at) == ",")?;
    }
    if line.written(comma) != "," {
        return None;
    }
    let (given, end) = woman(line, comma + 1)?;
    (line.written(end) == ",").then_some(given)
}

/// A woman’s given name and a surname; the token behind them.
fn woman(line: &Line<'_>, at: usize) -> Option<(usize, usize)> {
    let capital = |at: usize| {
        line.token(at).is_some_and(|t| t.kind == TokenKind::Word) && line.written(at).starts_with(char::is_uppercase)
    };
    if line.case(at) != Case::Title || line.goes_on(at) {
        return None;
    }
    let names = LanguageData::shared().table("name-gender");
    names.get(&plain(line.written(at))).filter(|row| row.column(0) == "f")?;
    let mut end = at + 1;
    let mut last = at;
    while end < at + MAX_NAME {
        let inner = matches!(line.written(end), "." | "-" | "’" | "'") && line.token(end).is_some_and(|t| t.glued);
        if capital(end) {
            last = end;
        } else if !(inner && capital(end + 1)) {
            break;
        }
        end += 1;
    }
    (last > at && line.written(last).chars().count() > 1).then_some((at, last + 1))
}
