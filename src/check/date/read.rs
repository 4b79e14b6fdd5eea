//! Finds the dates of a sentence, and computes what the calendar says of them.

use crate::analyse::{Document, Passage};
use crate::check::figure::Habits;
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

/// The months and weekdays of a language, and how it writes dates.
pub(super) struct Calendar {
    numbers: Table,
    pub(super) habits: Habits,
}

impl Calendar {
    pub(super) fn of(data: LanguageData) -> Option<Self> {
        Some(Self { numbers: data.table("calendar-numbers"), habits: Habits::of(data)? })
    }

    fn numbered(&self, folded: &str, kind: &str) -> Option<u32> {
        let row = self.numbers.get(folded).filter(|row| row.column(0) == kind)?;
        row.column(1).parse().ok()
    }

    /// Which month a word is, from 1.
    pub(super) fn month(&self, folded: &str) -> Option<u32> {
        self.numbered(folded, "month")
    }

    fn weekday(&self, folded: &str) -> Option<u32> {
        self.numbered(folded, "weekday")
    }

    /// Whether the day may stand on either side of the month.
    pub(super) fn has_both_orders(&self) -> bool {
        self.habits.value("order") == "either"
    }

    /// Whether a word goes on with the sentence after a date: "on May 4 that", "on the 12th in Beijing".
    pub(super) fn leads_on(&self, passage: &Passage<'_>, token: &Token) -> bool {
        let word = passage.folded(token);
        let data = passage.text.data();
        word != self.habits.value("of-date") && token.case == Case::Lower && data.table("doubled").has(word)
    }

    /// A month with the capital that the language gives it.
    pub(super) fn proper<'a>(&self, data: LanguageData, written: &'a str) -> &'a str {
        let row = data.table("calendar").get(&crate::surface::fold(written));
        row.map_or(written, |row| row.column(1))
    }
}

/// Whether day or month comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A day with a month, and what stands around the two.
pub(super) struct Date {
    pub(super) day: u32,
    pub(super) month: u32,
    /// The year with the index of its token.
    pub(super) year: Option<(usize, u32)>,
    /// The weekday, Monday as 1, with the index of its token.
    pub(super) weekday: Option<(usize, u32)>,
    pub(super) day_at: usize,
    pub(super) month_at: usize,
    pub(super) order: Order,
    /// A stop behind the day.
    pub(super) stop: bool,
    /// An ordinal ending behind the day.
    pub(super) suffix: bool,
    /// A word between day and month.
    pub(super) of: bool,
    /// A comma before the year.
    pub(super) comma: bool,
    /// A word before it that leads to dates.
    pub(super) opener: Option<usize>,
    /// One of several days: "May 3–5".
    range: bool,
    /// The month stands in the next sentence, as it was cut.
    cut: bool,
    /// Day and month.
    pub(super) place: Span,
    month_place: Span,
}

impl Date {
    /// Day, month and year.
    pub(super) fn span(&self, passage: &Passage<'_>) -> Span {
        self.year.map_or(self.place, |(at, _)| self.place.cover(passage.tokens()[at].span))
    }

    pub(super) fn month_word<'a>(&self, passage: &Passage<'a>) -> &'a str {
        self.month_place.of(passage.text.text())
    }

    /// It stands alone, within one sentence.
    pub(super) fn is_plain(&self) -> bool {
        !self.range && !self.cut
    }

    /// How many days its month may have: February has 29 unless the year says otherwise.
    pub(super) fn longest_month(&self) -> u32 {
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if self.year.is_some_and(|(_, year)| !is_leap(year)) => 28,
            2 => 29,
            _ => 31,
        }
    }

    /// What follows shows that it is a date: "in April 31 people" is none.
    pub(super) fn is_sure(&self, document: &Document<'_>, passage: &Passage<'_>) -> bool {
        if self.range || self.cut {
            return false;
        }
        let cues = document.target.data().table("date-cues");
        let tokens = passage.tokens();
        let ends = |at: usize| {
            tokens.get(at).is_none_or(|t| {
                t.kind == TokenKind::Mark || cues.get(passage.folded(t)).is_some_and(|row| row.column(0) == "after")
            })
        };
        match self.order {
            Order::DayFirst => true,
            Order::MonthFirst => self.year.is_some() || ends(self.day_at + 1) || self.weekday.is_some(),
        }
    }

    /// A word before it leads to dates: "on", "Tuesday,", "le".
    pub(super) fn is_introduced(&self, document: &Document<'_>, calendar: &Calendar, passage: &Passage<'_>) -> bool {
        let cues = document.target.data().table("date-cues");
        let tokens = passage.tokens();
        let Some(before) = self.day_at.checked_sub(1).map(|i| &tokens[i]) else {
            return false;
        };
        let cue = cues.get(passage.folded(before)).is_some_and(|row| row.column(0) == "before");
        // "in the group stage of the 19." has an article, but "about" and "around" lead to ages, too.
        let firm = !matches!(passage.folded(before), "about" | "around" | "before" | "after" | "early" | "late");
        !self.cut
            || (cue && firm)
            || self.opener.is_some()
            || self.weekday.is_some()
            || calendar.weekday(passage.folded(before)).is_some()
    }
}

/// The dates of a sentence: a day with a month beside it.
pub(super) fn dates_of<'a>(calendar: &'a Calendar, passage: &'a Passage<'a>) -> impl Iterator<Item = Date> + 'a {
    let tokens = passage.tokens();
    let mut taken = 0;
    (0..tokens.len()).filter_map(move |at| {
        if at < taken || tokens[at].kind != TokenKind::Number {
            return None;
        }
        let (day, suffix) = day_of(passage.folded(&tokens[at]))?;
        let date = read(calendar, passage, at, day, suffix)?;
        taken = date.day_at.max(date.month_at) + 1;
        Some(date)
    })
}

/// A day of the month, and whether an ordinal ending follows it.
fn day_of(folded: &str) -> Option<(u32, bool)> {
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let (day, ending) = folded.split_at(digits);
    if !matches!(digits, 1 | 2) || !matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "°") {
        return None;
    }
    let day = day.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some((day, !ending.is_empty()))
}

fn read(calendar: &Calendar, passage: &Passage<'_>, day_at: usize, day: u32, suffix: bool) -> Option<Date> {
    let tokens = passage.tokens();
    let day_token = &tokens[day_at];
    // "3.19", "B-19", "19/20": part of something else.
    let joint = |t: &Token| t.glued && t.kind == TokenKind::Mark;
    let range_before = day_token.glued && day_at > 0 && is_dash(passage, &tokens[day_at - 1]);
    if day_token.glued
        && !range_before
        && day_at > 0
        && !matches!(passage.written(&tokens[day_at - 1]), "(" | "“" | "\"" | "«" | "„")
    {
        return None;
    }
    let range_after = tokens.get(day_at + 1).is_some_and(|t| joint(t) && is_dash(passage, t));
    let before = month_before(calendar, passage, day_at);
    let after = month_after(calendar, passage, day_at);
    let first = before.filter(|_| calendar.has_both_orders() || after.is_none());
    let (order, month_at, stop, of, place, month_place, cut, month) = match (first, after) {
        (Some((at, month)), _) => {
            let place = tokens[at].span.cover(day_token.span);
            (Order::MonthFirst, at, false, false, place, tokens[at].span, false, month)
        }
        (None, Some(found)) => {
            let place = day_token.span.cover(found.span);
            let at = if found.cut { day_at } else { found.at };
            (Order::DayFirst, at, found.stop, found.of, place, found.span, found.cut, found.month)
        }
        (None, None) => return None,
    };
    // "19–20 May", "May 3-5", "3 and 4 May" keep their form.
    let and = match order {
        Order::DayFirst => day_at
            .checked_sub(2)
            .is_some_and(|i| tokens[i].kind == TokenKind::Number && day_of(passage.folded(&tokens[i])).is_some()),
        Order::MonthFirst => tokens.get(day_at + 2).is_some_and(|t| {
            let linked = tokens[day_at + 1].kind == TokenKind::Word;
            linked && t.kind == TokenKind::Number && day_of(passage.folded(t)).is_some()
        }),
    };
    let last = day_at.max(month_at);
    let (year, comma) = year_after(calendar, passage, last);
    let start = day_at.min(month_at);
    let (weekday, opener) = before_date(calendar, passage, start);
    let weekday = weekday.or_else(|| weekday_after(calendar, passage, year.map_or(last, |(at, _)| at)));
    let range = range_before || range_after || and;
    let weekday = weekday.filter(|_| !range);
    Some(Date {
        day,
        month,
        year,
        weekday,
        day_at,
        month_at,
        order,
        stop,
        suffix,
        of,
        comma,
        opener,
        range,
        cut,
        place,
        month_place,
    })
}

fn is_dash(passage: &Passage<'_>, token: &Token) -> bool {
    matches!(passage.written(token), "-" | "–" | "—" | "\u{2011}" | "/")
}

/// A month right before the day: "May 4", "Nov. 17".
fn month_before(calendar: &Calendar, passage: &Passage<'_>, day_at: usize) -> Option<(usize, u32)> {
    let tokens = passage.tokens();
    let mut at = day_at.checked_sub(1)?;
    if passage.written(&tokens[at]) == "." && tokens[at].glued {
        at = at.checked_sub(1)?;
    }
    let month = calendar.month(passage.folded(&tokens[at])).filter(|_| tokens[at].kind == TokenKind::Word)?;
    Some((at, month))
}

struct Found {
    at: usize,
    month: u32,
    span: Span,
    stop: bool,
    of: bool,
    cut: bool,
}

/// A month after the day: "4 May", "4. Mai", "4 de mayo", "4th of May"; also past a stop that looks like a sentence's end.
fn month_after(calendar: &Calendar, passage: &Passage<'_>, day_at: usize) -> Option<Found> {
    let tokens = passage.tokens();
    let mut at = day_at + 1;
    let stop = tokens.get(at).is_some_and(|t| t.glued && passage.written(t) == ".");
    at += usize::from(stop);
    let of = tokens.get(at).is_some_and(|t| matches!(passage.folded(t), "of" | "de" | "d'"));
    at += usize::from(of);
    if let Some(token) = tokens.get(at) {
        let month = calendar.month(passage.folded(token)).filter(|_| token.kind == TokenKind::Word && !token.glued)?;
        return Some(Found { at, month, span: token.span, stop, of, cut: false });
    }
    if !stop {
        return None;
    }
    let surface = passage.text.surface();
    let (this, next) = (surface.sentences.get(passage.sentence)?, surface.sentences.get(passage.sentence + 1)?);
    let token = surface.tokens_of(next).first()?;
    let month =
        calendar.month(surface.folded(token)).filter(|_| this.block == next.block && token.case == Case::Title)?;
    Some(Found { at, month, span: token.span, stop, of, cut: true })
}

/// Four digits after a date, with or without a comma, and whether there is one.
fn year_after(calendar: &Calendar, passage: &Passage<'_>, last: usize) -> (Option<(usize, u32)>, bool) {
    let tokens = passage.tokens();
    let mut at = last + 1;
    // The stop of an abbreviated month.
    if tokens.get(at).is_some_and(|t| t.glued && passage.written(t) == ".") {
        at += 1;
    }
    let comma = tokens.get(at).is_some_and(|t| passage.written(t) == ",");
    at += usize::from(comma);
    let link = calendar.habits.value("between");
    if tokens.get(at).is_some_and(|t| !link.is_empty() && passage.folded(t).starts_with(link) && t.span.len() <= 3) {
        at += 1;
    }
    let year = tokens.get(at).filter(|t| t.kind == TokenKind::Number && !t.glued).and_then(|t| {
        let year: u32 = passage.written(t).parse().ok().filter(|_| t.span.len() == 4)?;
        // "On 4 May, 2000 people came": a word in small letters would be what is counted.
        let counts = comma && tokens.get(at + 1).is_some_and(|t| t.kind == TokenKind::Word && t.case == Case::Lower);
        (matches!(year, 1000..=2100) && !(counts && year.is_multiple_of(100))).then_some((at, year))
    });
    (year, comma && year.is_some())
}

/// A weekday before a date, and the word that leads to the date, if there are any.
fn before_date(calendar: &Calendar, passage: &Passage<'_>, start: usize) -> (Option<(usize, u32)>, Option<usize>) {
    let tokens = passage.tokens();
    let at = |i: Option<usize>| i.and_then(|i| tokens.get(i).map(|t| (i, t)));
    let mut before = at(start.checked_sub(1));
    let opener = before.filter(|(_, t)| {
        let folded = passage.folded(t);
        t.kind == TokenKind::Word && calendar.habits.list("opens-date").any(|word| word == folded)
    });
    if let Some((i, _)) = opener {
        before = at(i.checked_sub(1));
    }
    if let Some((i, _)) = before.filter(|(_, t)| passage.written(t) == ",") {
        before = at(i.checked_sub(1));
    }
    // The stop of an abbreviation; the second half of "segunda-feira".
    if let Some((i, _)) = before.filter(|(_, t)| t.glued && passage.written(t) == ".") {
        before = at(i.checked_sub(1));
    }
    if let Some((i, t)) = before
        && t.glued
        && at(i.checked_sub(1)).is_some_and(|(_, t)| t.glued && passage.written(t) == "-")
    {
        before = at(i.checked_sub(2));
    }
    let weekday = before
        .filter(|(_, t)| t.kind == TokenKind::Word)
        .and_then(|(i, t)| Some((i, calendar.weekday(passage.folded(t))?)));
    (weekday, opener.map(|(i, _)| i))
}

/// A weekday after the year, where the language puts it there.
fn weekday_after(calendar: &Calendar, passage: &Passage<'_>, last: usize) -> Option<(usize, u32)> {
    if calendar.habits.value("weekday") != "after" {
        return None;
    }
    let token = passage.tokens().get(last + 1)?;
    Some((last + 1, calendar.weekday(passage.folded(token))?))
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// The weekday of a Gregorian date, Monday as 1.
pub(super) fn weekday_of(year: u32, month: u32, day: u32) -> u32 {
    // January and February count as the last months of the year before, so that the leap day comes last.
    let (year, month) = if month < 3 { (year - 1, month + 12) } else { (year, month) };
    let days = day + (13 * (month + 1)) / 5 + year + year / 4 - year / 100 + year / 400;
    // Zeller counts from Saturday as 0.
    (days + 5) % 7 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_those_of_the_calendar() {
        for ((year, month, day), weekday) in [
            ((2017, 5, 3), 3),
            ((2000, 1, 1), 6),
            ((2024, 2, 29), 4),
            ((1945, 5, 8), 2),
            ((1969, 7, 20), 7),
            ((2100, 12, 31), 5),
        ] {
            assert_eq!(weekday_of(year, month, day), weekday, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn every_form_of_the_calendar_has_a_number() {
        let mut forms = 0;
        for data in LanguageData::all() {
            let calendar = data.table("calendar");
            for (form, row) in data.table("calendar-numbers").iter() {
                forms += 1;
                let listed = calendar.get(form).map(|row| row.column(0));
                assert_eq!(listed, Some(row.column(0)), "{}: {form}", data.tag());
                let most = if row.column(0) == "month" { 12 } else { 7 };
                assert!(row.column(1).parse().is_ok_and(|n: u32| (1..=most).contains(&n)), "{}: {form}", data.tag());
            }
        }
        assert!(forms > 1_000);
    }
}
