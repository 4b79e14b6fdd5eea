//! `case/month-or-weekday`: the capitals of the calendar.

use crate::analyse::{Document, Passage};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::language::CalendarCase;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static MONTH_OR_WEEKDAY: Rule = Rule {
    id: "case/month-or-weekday",
    summary: "A month or weekday without the capital its language gives it, or with one that it does not.",
    mqm: "locale",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::WithCalendar,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(month_or_weekday),
};

/// A word that is nothing but a month or weekday.
const PLAIN: f64 = 0.97;
/// A word that could be another ("may"), beside a day of the month.
const BESIDE_A_DAY: f64 = 0.95;
/// A capital where the language has none, beside a day or a year.
const COPIED_CAPITAL: f64 = 0.8;
/// The same after a word that a month or a weekday follows ("en Décembre", "le 5 Juin"). None on 4 x 17 clean articles.
const CUED_CAPITAL: f64 = 0.85;

fn month_or_weekday(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let data = document.target.data();
    let Some(habit) = data.calendar_case() else {
        return;
    };
    let calendar = data.table("calendar");
    let tokens = passage.tokens();
    for (at, token) in tokens.iter().enumerate() {
        let wrong = match habit {
            CalendarCase::Capital => token.case == Case::Lower,
            CalendarCase::Lower => token.case == Case::Title && at > 0 && passage.kind() == BlockKind::Body,
        };
        if token.kind != TokenKind::Word || !wrong {
            continue;
        }
        let Some(row) = calendar.get(passage.folded(token)) else {
            continue;
        };
        if is_part_of_code(passage, at) || ends_name(passage, at) {
            continue;
        }
        let (kind, proper, ambiguous) = (row.column(0), row.column(1), row.column(2) == "yes");
        let confidence = match (habit, ambiguous) {
            (CalendarCase::Capital, false) => PLAIN,
            (CalendarCase::Capital, true) if kind == "month" && is_date(document, passage, at) => BESIDE_A_DAY,
            (CalendarCase::Lower, _) if is_cued_capital(document, passage, at, kind, ambiguous) => CUED_CAPITAL,
            (CalendarCase::Lower, false) if is_copied_capital(document, passage, at, kind) => COPIED_CAPITAL,
            _ => continue,
        };
        let written = passage.written(token);
        if proper == written {
            continue;
        }
        let message = match habit {
            CalendarCase::Capital => format!("{kind}s take a capital in {}", data.name()),
            CalendarCase::Lower => format!("{kind}s take no capital in {}", data.name()),
        };
        let draft = Draft::new(token.span, confidence, message)
            .fix(Fix::replace(token.span, proper, 0.97).safe())
            .because(EvidenceKind::Data, format!("{}/calendar.tsv: {}", data.tag(), passage.folded(token)), None);
        out.push(draft);
    }
}

/// The second half of a name: "Safia Ahmed-jan".
fn ends_name(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let back = |n: usize| at.checked_sub(n).map(|i| &tokens[i]);
    tokens[at].glued
        && back(1).is_some_and(|t| t.glued && passage.written(t) == "-")
        && back(2).is_some_and(|t| t.case == Case::Title)
        && at > 2
}

/// A day of the month stands beside the word, in a place where a date stands: "on may 3", "Wednesday, 4 may,". Not "4 may be
/// hurt", "they march 8 miles".
fn is_date(document: &Document<'_>, passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let cues = document.target.data().table("date-cues");
    let calendar = document.target.data().table("calendar");
    let cue = |t: &Token, place: &str| cues.get(passage.folded(t)).is_some_and(|row| row.column(0) == place);
    // "4 may be": a word in lower case follows, other than those that follow dates, so "may" is a verb.
    let verb_follows = |t: Option<&Token>| t.is_some_and(|t| t.case == Case::Lower && !cue(t, "after"));
    let token = |i: Option<usize>| i.and_then(|i| tokens.get(i));
    let is_day = |t: Option<&Token>| t.is_some_and(|t| day(passage, t));
    let is_cue = |t: Option<&Token>| {
        t.is_none_or(|t| t.kind == TokenKind::Mark || cue(t, "before") || calendar.has(passage.folded(t)))
    };
    let ends = |t: Option<&Token>| {
        t.is_none_or(|t| matches!(t.kind, TokenKind::Mark | TokenKind::Number) || calendar.has(passage.folded(t)))
    };
    let (before, after) = (token(at.checked_sub(1)), token(Some(at + 1)));
    let before_that = token(at.checked_sub(2));
    let joined = |t: Option<&Token>| t.is_some_and(|t| cue(t, "between"));
    let is_year = after.is_some_and(|t| year(passage, t));
    (is_day(after) && (is_cue(before) || joined(before)))
        || (joined(before) && is_day(before_that))
        || (is_year && (is_cue(before) || before.is_some_and(|t| cue(t, "after"))))
        || (is_day(before) && (ends(after) || (before_that.is_some() && is_cue(before_that) && !verb_follows(after))))
}

/// A number from 1 to 31, with or without an ordinal ending.
fn day(passage: &Passage<'_>, token: &Token) -> bool {
    let written = passage.folded(token);
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    token.kind == TokenKind::Number && digits.len() <= 2 && digits.parse().is_ok_and(|n: u32| (1..=31).contains(&n))
}

/// A year of four digits that news speaks of.
fn year(passage: &Passage<'_>, token: &Token) -> bool {
    let written = passage.written(token);
    token.kind == TokenKind::Number && written.len() == 4 && (written.starts_with('1') || written.starts_with("20"))
}

/// A day before or a year after, and no capital after, which would make it a title ("Vendredi Saint").
fn is_copied_capital(document: &Document<'_>, passage: &Passage<'_>, at: usize, kind: &str) -> bool {
    let tokens = passage.tokens();
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let after = tokens.get(at + 1);
    let cues = document.target.data().table("date-cues");
    let between = |t: &Token| cues.get(passage.folded(t)).is_some_and(|row| row.column(0) == "between");
    let linked = before.is_some_and(between) && at.checked_sub(2).is_some_and(|i| day(passage, &tokens[i]));
    let weekday = kind == "weekday" && after.is_some_and(|t| day(passage, t));
    let dated = linked || weekday || after.is_some_and(|t| year(passage, t));
    let title = after.is_some_and(|t| !t.glued && t.kind == TokenKind::Word && t.case != Case::Lower);
    let place = at
        .checked_sub(2)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| t.kind == TokenKind::Word && t.case == Case::Title);
    // The day, with the "de" of Spanish and Portuguese between.
    let number = if linked { at.checked_sub(2).and_then(|i| tokens.get(i)) } else { before };
    let feast = number.is_some_and(|t| is_feast(document, passage, t, at));
    (before.is_some_and(|t| day(passage, t)) || dated) && !title && !place && !feast
}

/// A word before shows that a month or a weekday is meant: "en Décembre", "le 5 Juin", "ce Lundi,". Not the feasts that are
/// written with a capital, and not what goes on like a name ("le Vendredi saint", "le 5 Juin Noir").
fn is_cued_capital(document: &Document<'_>, passage: &Passage<'_>, at: usize, kind: &str, ambiguous: bool) -> bool {
    let data = document.target.data();
    let (tokens, cues) = (passage.tokens(), data.table("copied-dates"));
    let back = |n: usize| at.checked_sub(n).and_then(|i| tokens.get(i));
    let is = |t: Option<&Token>, wanted: &str| {
        t.is_some_and(|t| cues.get(passage.folded(t)).is_some_and(|row| row.column(0).split('|').any(|k| k == wanted)))
    };
    let after = tokens.get(at + 1);
    let capital = |t: Option<&Token>| t.is_some_and(|t| t.kind == TokenKind::Word && t.case != Case::Lower);
    let joined =
        after.is_some_and(|t| t.glued && (t.kind == TokenKind::Word || matches!(passage.written(t), "-" | "’" | "'")));
    if joined || back(1).is_none_or(|t| t.glued && passage.written(t) == "-") {
        return false;
    }
    if kind == "weekday" {
        let ends = after.is_none_or(|t| t.kind == TokenKind::Number || matches!(passage.written(t), "," | "." | ";"));
        return !ambiguous
            && is(back(1), "weekday")
            && !capital(back(2))
            && (ends || is(after, "after-weekday"))
            && !capital(tokens.get(at + 2).filter(|_| is(after, "after-weekday")));
    }
    if capital(after) {
        return false;
    }
    if is(back(1), "month") {
        return !capital(back(2)) || at == 2;
    }
    // The day, with the "de" of Spanish and Portuguese between.
    let linked = back(1)
        .is_some_and(|t| data.table("date-cues").get(passage.folded(t)).is_some_and(|r| r.column(0) == "between"));
    let distance = if linked { 2 } else { 1 };
    let Some(number) = back(distance).filter(|t| day(passage, t)) else {
        return false;
    };
    is(back(distance + 1), "day") && !is_feast(document, passage, number, at)
}

/// A day that is written with a capital by right: "14 Juillet", "9 Мая".
fn is_feast(document: &Document<'_>, passage: &Passage<'_>, number: &Token, month: usize) -> bool {
    let date = format!("{} {}", passage.folded(number), passage.folded(&passage.tokens()[month]));
    document.target.data().table("copied-dates").get(&date).is_some_and(|row| row.column(0) == "feast")
}
