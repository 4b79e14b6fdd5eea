//! `date/value`: a weekday, a month or a day of the month that is not the source’s.
//!
//! As with figures, two things come together: the source nowhere near says what the translation says, and says something of the
//! same kind that the translation does not.

use super::alone::number_before;
use super::read::Calendar;
use std::sync::Arc;

use crate::analyse::{Document, Passage, Text};
use crate::check::figure::is_term;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{CalendarCase, LanguageData, Row, Table, Words};
use crate::span::Span;
use crate::surface::{BlockKind, Case, TokenKind};

/// Languages that dates are compared in: those whose news writes them with names of months.
const INTO: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr"];
/// Languages whose dates can be read.
const FROM: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr", "ar", "zh", "ja"];

pub(in crate::check) static VALUE: Rule = Rule {
    id: "date/value",
    summary: "A weekday, month or day that is not the source’s: Tuesday for Thursday.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::Between { into: INTO, from: FROM },
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(value),
};

/// Weekdays, of which the sentence has one on either side.
const WEEKDAYS: f64 = 0.82;
/// Months.
const MONTHS: f64 = 0.85;
/// Days of one month.
const DAYS: f64 = 0.8;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.5;
/// Sentences around that are asked whether they say it.
const NEAR: usize = 1;
/// Shorter names of months and weekdays are abbreviations, or words like "may".
const ABBREVIATED: usize = 3;
/// Up to this length a name in small letters may be another word: "march".
const SHORT: usize = 5;

/// A month or a weekday.
#[derive(Clone, Copy)]
struct Named {
    number: u32,
    span: Span,
    /// It can be nothing else.
    sure: bool,
}

/// What a sentence says of dates.
#[derive(Default)]
struct Said {
    weekdays: Vec<Named>,
    months: Vec<Named>,
    /// Day and month, with the place of the day.
    dates: Vec<(u32, u32, Span)>,
    /// Every figure that may be a day or a month.
    numbers: Vec<u32>,
    /// It speaks of what lies between two days.
    night: bool,
}

impl Said {
    fn has_month(&self, month: u32) -> bool {
        self.months.iter().any(|m| m.number == month) || self.numbers.contains(&month)
    }

    fn has_weekday(&self, weekday: u32) -> bool {
        self.weekdays.iter().any(|w| w.number == weekday)
    }

    fn has_day(&self, day: u32) -> bool {
        self.numbers.contains(&day)
    }
}

fn value(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else {
        return;
    };
    if passage.kind() == BlockKind::Byline {
        return;
    }
    let paired = document.alignment().source_of(passage.place);
    if paired.confidence < PAIRED || paired.source.is_empty() || paired.source.len() > 2 {
        return;
    }
    let reading =
        |text: &Text<'_>, sentence| text.reading(sentence, || read(&Passage { text, sentence, place: sentence }));
    let from: Vec<Arc<Said>> = paired.source.clone().map(|s| reading(source, s)).collect();
    // Few sentences name a day.
    if from.iter().all(|s| s.weekdays.is_empty() && s.months.is_empty() && s.dates.is_empty()) || !names_dates(passage)
    {
        return;
    }
    let own = reading(passage.text, passage.sentence);
    let around = |text: &Text<'_>, range: std::ops::Range<usize>| -> Vec<Arc<Said>> {
        let last = text.surface().sentences.len();
        let outer = range.start.saturating_sub(NEAR)..(range.end + NEAR).min(last);
        outer.filter(|s| !range.contains(s)).map(|s| reading(text, s)).collect()
    };
    let any = |all: &[Arc<Said>], has: &dyn Fn(&Said) -> bool| all.iter().any(|said| has(said));
    let same = |kind: fn(&Said) -> &Vec<Named>| {
        kind(&own).iter().all(|n| from.iter().any(|s| kind(s).iter().any(|m| m.number == n.number)))
    };
    let days = |d: &(u32, u32, Span)| any(&from, &|s| s.has_day(d.0));
    if same(|s| &s.weekdays) && same(|s| &s.months) && own.dates.iter().all(days) {
        return;
    }
    let source_around = around(source, paired.source.clone());
    let target_around = around(&document.target, passage.place..passage.place + 1);
    // What both sides have in the sentences around belongs there.
    let in_source =
        |has: &dyn Fn(&Said) -> bool| any(&from, has) || (any(&source_around, has) && !any(&target_around, has));
    let in_target = |has: &dyn Fn(&Said) -> bool| has(&own) || (any(&target_around, has) && !any(&source_around, has));
    let mut say = |span: Span, of: Span, confidence: f64, fix: Option<Fix>| {
        if is_term(document, passage, span) {
            return;
        }
        let place = Place::source(of);
        let message = format!("the source has “{}” here", of.of(source.text()));
        let draft = Draft::new(span, confidence, message).beside(place).because(
            EvidenceKind::Source,
            "neither stands on the other side",
            Some(place),
        );
        out.push(match fix {
            Some(fix) => draft.fix(fix),
            None => draft,
        });
    };
    let night = own.night || any(&from, &|s| s.night);
    let extra = lone(own.weekdays.iter().filter(|w| !in_source(&|s: &Said| s.has_weekday(w.number))));
    let lost = from.iter().flat_map(|s| &s.weekdays).filter(|w| !in_target(&|s: &Said| s.has_weekday(w.number)));
    if let (Some(target), Some(origin)) = (extra, lone(lost)) {
        let apart = target.number.abs_diff(origin.number);
        // The night to Tuesday is Monday night.
        if target.sure && origin.sure && !(night && matches!(apart, 1 | 6)) {
            let fix = renamed(passage, target.span, "weekdays", origin.number);
            say(target.span, origin.span, WEEKDAYS, fix);
        }
    }
    let extra = lone(own.months.iter().filter(|m| !in_source(&|s: &Said| s.has_month(m.number))));
    let lost = from.iter().flat_map(|s| &s.months).filter(|m| !in_target(&|s: &Said| s.has_month(m.number)));
    if let (Some(target), Some(origin)) = (extra, lone(lost))
        && target.sure
        && origin.sure
    {
        say(target.span, origin.span, MONTHS, renamed(passage, target.span, "months", origin.number));
    }
    for &(day, month, span) in &own.dates {
        if in_source(&|s: &Said| s.has_day(day)) {
            continue;
        }
        let of_month = from.iter().flat_map(|s| &s.dates).filter(|d| d.1 == month);
        let mut left = of_month.filter(|d| !in_target(&|s: &Said| s.has_day(d.0)));
        if let (Some(origin), None) = (left.next(), left.next()) {
            let plain = span.of(passage.text.text()).bytes().all(|b| b.is_ascii_digit());
            let fix = plain.then(|| Fix::replace(span, origin.0.to_string(), 0.9));
            say(span, origin.2, DAYS, fix);
        }
    }
}

/// The one that all of a list are.
fn lone<'a>(mut list: impl Iterator<Item = &'a Named>) -> Option<&'a Named> {
    let first = list.next()?;
    list.all(|other| other.number == first.number).then_some(first)
}

/// The name of another month or weekday, where the one that stands there is in its plain form.
fn renamed(passage: &Passage<'_>, span: Span, list: &str, number: u32) -> Option<Fix> {
    let habits = Calendar::of(passage.text.data())?.habits;
    let written = span.of(passage.text.text());
    let lower = written.to_lowercase();
    let plain = habits.list(list).any(|name| name.to_lowercase() == lower);
    let name = habits.list(list).nth((number as usize).checked_sub(1)?).filter(|_| plain)?;
    let name =
        if written.starts_with(char::is_uppercase) { crate::check::repair::capitalised(name) } else { name.to_owned() };
    Some(Fix::replace(span, name, 0.9))
}

/// Whether a sentence of the translation names a month or a weekday.
fn names_dates(passage: &Passage<'_>) -> bool {
    let table = names(passage.text.data());
    let named = |word: &str| table.has(word) || word.split_once(['\'', '’']).is_some_and(|(head, _)| table.has(head));
    passage.tokens().iter().any(|t| t.kind == TokenKind::Word && named(passage.folded(t)))
}

/// The names of months and weekdays.
fn names(data: LanguageData) -> Table {
    let table = data.table("calendar-numbers");
    if table.is_empty() { data.table("calendar-readings") } else { table }
}

fn read(passage: &Passage<'_>) -> Said {
    if passage.text.data().words() == Words::Unspaced { read_letters(passage) } else { read_words(passage) }
}

fn number_of(table: Table, name: &str) -> Option<(bool, u32)> {
    number_in(table.get(name)?)
}

/// Whether a row is that of a month, and its number.
fn number_in(row: Row) -> Option<(bool, u32)> {
    Some((row.column(0) == "month", row.column(1).parse().ok()?))
}

/// Reads a sentence of words.
fn read_words(passage: &Passage<'_>) -> Said {
    let data = passage.text.data();
    let (table, figures, phrases) = (names(data), data.table("number-words"), data.table("clock-phrases"));
    let proclitics = data.table("proclitics");
    let tokens = passage.tokens();
    let folded = |i: usize| tokens.get(i).map_or("", |t| passage.folded(t));
    let mut said = Said::default();
    let mut next = 0;
    for (at, token) in tokens.iter().enumerate() {
        let word = passage.folded(token);
        if token.kind != TokenKind::Word {
            let runs = word.split(|c: char| !c.is_numeric()).filter_map(small_number);
            said.numbers.extend(runs);
            continue;
        }
        said.night |= phrases.get(word).is_some_and(|row| row.column(0) == "night");
        if at < next {
            continue;
        }
        let alone = |word: &str| {
            let two = || table.pair(word, folded(at + 1)).and_then(number_in).map(|found| (found, 2));
            number_of(table, word).map(|found| (found, 1)).or_else(two)
        };
        // "Friday’s", "pazartesi’ye"
        let word = word.split(['\'', '’']).next().unwrap_or(word);
        let bare = || {
            let ends = word.char_indices().skip(1).take(2).map(|(end, _)| end);
            ends.filter_map(|end| word.split_at_checked(end))
                .filter(|(prefix, _)| proclitics.has(prefix))
                .find_map(|(_, rest)| alone(rest))
        };
        let Some(((month, number), length)) = alone(word).or_else(bare) else {
            continue;
        };
        next = at + length;
        let whole = tokens.get(at + length - 1).map_or(token.span, |last| token.span.cover(last.span));
        // The name without what leans on it.
        let bare = if word.len() < passage.folded(token).len() { passage.written(token) } else { "" };
        let head = bare.split(['\'', '’']).next().unwrap_or("").len();
        let span = if head > 0 { Span::new(token.span.start(), token.span.start() + head) } else { whole };
        let day_at = |i: Option<usize>| {
            let token = i.and_then(|i| tokens.get(i)).filter(|t| t.kind == TokenKind::Number)?;
            let folded = passage.folded(token);
            let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
            let ending = folded.len() - digits;
            let day = folded.get(..digits)?.parse::<u32>().ok()?;
            ((1..=31).contains(&day) && ending <= 3).then_some((day, token.span))
        };
        // "12. Mai", "12 de mayo", "12th of May"
        let small = |i: Option<usize>| i.and_then(|i| tokens.get(i)).is_some_and(|t| t.span.len() <= 3);
        let before = day_at(at.checked_sub(1))
            .or_else(|| day_at(at.checked_sub(2)).filter(|_| small(at.checked_sub(1)) && day_at(Some(next)).is_none()));
        let day = before.or_else(|| day_at(Some(next)));
        let year = tokens.get(next).is_some_and(|t| t.kind == TokenKind::Number && t.span.len() == 4);
        // "segunda" is the second, too, and "sept" seven.
        let hyphen = tokens.get(next).is_some_and(|t| t.glued && passage.written(t) == "-");
        let other = figures.has(word) && !hyphen;
        let small =
            token.case == Case::Lower && span.len() <= SHORT && data.calendar_case() == Some(CalendarCase::Capital);
        let long = span.len() > ABBREVIATED && (at > 0 || span.len() > ABBREVIATED + 2);
        let sure = !other && !small && (long || (month && (day.is_some() || year)));
        let named = Named { number, span, sure };
        if month {
            said.months.push(named);
            said.dates.extend(day.map(|(day, span)| (day, number, span)));
        } else {
            said.weekdays.push(named);
        }
    }
    said
}

/// Reads a sentence of letters without spaces: 5月12日, 星期三.
fn read_letters(passage: &Passage<'_>) -> Said {
    let data = passage.text.data();
    let (table, figures, phrases) = (names(data), data.table("number-words"), data.table("clock-phrases"));
    let habits = crate::check::figure::Habits::of(data);
    let sign = |key: &str| habits.as_ref().map_or("", |habits| habits.value(key));
    let (place, text) = (passage.span(), passage.text.text());
    let sentence = place.of(text);
    let span = |from: usize, to: usize| Span::new(place.start() + from, place.start() + to);
    let mut said = Said::default();
    said.numbers.extend(sentence.split(|c: char| !c.is_numeric()).filter_map(small_number));
    said.night = phrases.iter().any(|(word, row)| row.column(0) == "night" && sentence.contains(word));
    for (name, row) in table.iter() {
        let Some(number) = row.column(1).parse().ok() else { continue };
        for (at, _) in sentence.match_indices(name) {
            // 一周一次 is once a week.
            let before = sentence.get(..at).and_then(|s| s.chars().next_back());
            let counted = before.is_some_and(|c| c.is_numeric() || figures.has(c.encode_utf8(&mut [0; 4])));
            said.weekdays.push(Named { number, span: span(at, at + name.len()), sure: !counted });
        }
    }
    let month_sign = sign("month-sign");
    if month_sign.is_empty() {
        return said;
    }
    for (at, _) in sentence.match_indices(month_sign) {
        let head = sentence.get(..at).unwrap_or("").trim_end();
        let (rest, month) = match number_before(head) {
            (_, None) => letters_before(head, figures),
            found => found,
        };
        let Some(month) = month.filter(|month| (1..=12).contains(month)) else {
            continue;
        };
        let end = at + month_sign.len();
        said.months.push(Named { number: month, span: span(rest.len(), end), sure: true });
        let tail = sentence.get(end..).unwrap_or("");
        let digits: usize = tail.chars().take_while(|c| c.is_numeric()).map(char::len_utf8).sum();
        let day = tail.get(..digits).and_then(small_number);
        if let Some(day) = day.filter(|_| tail.get(digits..).is_some_and(|t| t.starts_with(['日', '号', '號']))) {
            said.dates.push((day, month, span(end, end + digits)));
        }
    }
    said
}

/// The number in letters at the end of a text, 十二, and what stands before it.
fn letters_before(head: &str, figures: Table) -> (&str, Option<u32>) {
    let (mut rest, mut letters) = (head, Vec::new());
    while let Some(c) = rest.chars().next_back().filter(|_| letters.len() < 3) {
        let row = figures.get(c.encode_utf8(&mut [0; 4])).map(|row| (row.column(0), row.column(1).parse::<u32>()));
        match row {
            Some(("add", Ok(value))) if value > 0 => letters.push(value),
            Some(("times", Ok(10))) => letters.push(10),
            _ => break,
        }
        rest = rest.get(..rest.len() - c.len_utf8()).unwrap_or("");
    }
    let number = match letters.as_slice() {
        [one] => Some(*one),
        [one, 10] if *one < 10 => Some(10 + one),
        _ => None,
    };
    (rest, number)
}

/// A figure up to 31, in digits of any script.
fn small_number(digits: &str) -> Option<u32> {
    if digits.is_empty() || digits.chars().count() > 2 {
        return None;
    }
    let value = |c: char| match u32::from(c) {
        0x30..=0x39 => Some(u32::from(c) - 0x30),
        0x660..=0x669 => Some(u32::from(c) - 0x660),
        0x6f0..=0x6f9 => Some(u32::from(c) - 0x6f0),
        0xff10..=0xff19 => Some(u32::from(c) - 0xff10),
        _ => None,
    };
    digits.chars().try_fold(0, |sum, c| Some(sum * 10 + value(c)?)).filter(|n| (1..=31).contains(n))
}
