//! `date/*`: dates as they are written, and as the calendar has them.

mod alone;
mod read;
mod value;

use crate::analyse::{Document, Passage};
use crate::check::figure::is_term;
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::style::Style;
use crate::surface::{BlockKind, TokenKind};
use read::{Calendar, Date, Order, dates_of, weekday_of};
pub(super) use value::VALUE;

pub(super) static FORMAT: Rule = Rule {
    id: "date/format",
    summary: "A date written as another language or another desk writes it: on 19. November.",
    mqm: "locale",
    its: "locale-violation",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("calendar-numbers"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(format),
};

pub(super) static IMPOSSIBLE: Rule = Rule {
    id: "date/impossible",
    summary: "A date that no calendar has: February 30.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("calendar-numbers"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(impossible),
};

pub(super) static WEEKDAY: Rule = Rule {
    id: "date/weekday",
    summary: "A weekday that the date did not fall on.",
    mqm: "accuracy/mistranslation",
    its: "numbers",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("calendar-numbers"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(weekday),
};

/// The calendar decides; the slip may be in either half.
const COMPUTED: f64 = 0.92;
/// A day that the month has not, in a place where a date stands.
const NO_SUCH_DAY: f64 = 0.9;
/// A month that stands twice.
const TWICE: f64 = 0.95;
/// A pattern of another language that this one has no use for.
const FOREIGN: f64 = 0.88;
/// A comma between month and year, where the day comes first.
const COMMA: f64 = 0.75;
/// The order that the desk's style does not have.
const AGAINST_STYLE: f64 = 0.8;
/// The one date of the text that has another order than all others.
const ODD_ONE: f64 = 0.65;
/// So many dates of one order make the text's habit.
const HABIT: usize = 4;
/// The first year whose weekdays are compared: the calendars of Russia, Greece and Turkey had changed by then.
const FIRST_YEAR: u32 = 1930;

fn impossible(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(calendar) = Calendar::of(document.target.data()) else {
        return;
    };
    for date in dates_of(&calendar, passage) {
        if date.day <= date.longest_month()
            || date.day > 31
            || !date.is_sure(document, passage)
            || in_quotes(document, &date)
        {
            continue;
        }
        let span = date.span(passage);
        let days = date.longest_month();
        let month = passage.written(&passage.tokens()[date.month_at]);
        let message = match date.year {
            Some((_, year)) if date.month == 2 && date.day == 29 => format!("{year} was no leap year"),
            _ => format!("{month} has {days} days"),
        };
        out.push(Draft::new(span, NO_SUCH_DAY, message).because(EvidenceKind::Pattern, "the calendar", None));
    }
}

/// Within a quotation, where a title or a joke may stand ("30 February" is a film).
fn in_quotes(document: &Document<'_>, date: &Date) -> bool {
    let quotes = document.quotations().before(date.place.start());
    quotes.last().is_some_and(|quote| quote.contains(date.place) && quote.len() <= TITLE)
}

/// The longest title in quotation marks, in bytes.
const TITLE: usize = 60;

fn weekday(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(calendar) = Calendar::of(document.target.data()) else {
        return;
    };
    for date in dates_of(&calendar, passage) {
        let (Some((_, year)), Some((at, said))) = (date.year, date.weekday) else {
            continue;
        };
        if !(FIRST_YEAR..=2100).contains(&year) || date.day > date.longest_month() {
            continue;
        }
        let real = weekday_of(year, date.month, date.day);
        if real == said {
            continue;
        }
        let tokens = passage.tokens();
        let written = passage.written(&tokens[at]);
        let right = calendar.habits.list("weekdays").nth(real as usize - 1);
        let message = match right {
            Some(right) => format!("that day was a {right}"),
            None => "the date fell on another weekday".to_owned(),
        };
        let span = tokens[at].span.cover(date.span(passage));
        let mut draft =
            Draft::new(span, COMPUTED, message).because(EvidenceKind::Pattern, "the Gregorian calendar", None);
        // A form of the word, or an abbreviation, would have to be made anew.
        let plain = calendar.habits.list("weekdays").any(|name| name == written);
        if let Some(right) = right.filter(|_| plain) {
            draft = draft.fix(Fix::replace(tokens[at].span, right, 0.5));
        }
        out.push(draft);
    }
}

/// What a text, or its desk, does with its dates.
struct Dates {
    /// The order that the desk wants, or that all dates of the text have but one.
    wanted: Option<(Order, f64)>,
    /// The order of a repair.
    usual: Order,
    /// Days that lack their month.
    alone: alone::Days,
}

fn format(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let mut dates = Dates { wanted: None, usual: Order::DayFirst, alone: alone::Days::of(document) };
    let Some(calendar) = Calendar::of(document.target.data()) else {
        return Box::new(dates);
    };
    if calendar.habits.value("order") != "either" {
        return Box::new(dates);
    }
    let (mut day_first, mut month_first) = (0_usize, 0_usize);
    for sentence in 0..document.target.surface().sentences.len() {
        let passage = Passage { text: &document.target, sentence, place: sentence };
        for date in dates_of(&calendar, &passage).filter(Date::is_plain) {
            match date.order {
                Order::DayFirst => day_first += 1,
                Order::MonthFirst => month_first += 1,
            }
        }
    }
    dates.usual = if month_first > day_first { Order::MonthFirst } else { Order::DayFirst };
    dates.wanted = match settings.style {
        Style::Ap | Style::Reuters => Some((Order::MonthFirst, AGAINST_STYLE)),
        Style::Guardian | Style::Un => Some((Order::DayFirst, AGAINST_STYLE)),
        Style::Plain if day_first == 1 && month_first >= HABIT => Some((Order::MonthFirst, ODD_ONE)),
        Style::Plain if month_first == 1 && day_first >= HABIT => Some((Order::DayFirst, ODD_ONE)),
        Style::Plain => None,
    };
    if let Some((order, _)) = dates.wanted {
        dates.usual = order;
    }
    Box::new(dates)
}

impl Survey for Dates {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() == BlockKind::Byline {
            return;
        }
        let Some(calendar) = Calendar::of(document.target.data()) else {
            return;
        };
        for date in dates_of(&calendar, passage) {
            let draft = doubled_month(&calendar, passage, &date)
                .or_else(|| self.foreign_stop(document, &calendar, passage, &date))
                .or_else(|| missing_stop(&calendar, passage, &date))
                .or_else(|| missing_link(&calendar, passage, &date))
                .or_else(|| foreign_order(document, &calendar, passage, &date))
                .or_else(|| comma_before_year(&calendar, passage, &date))
                .or_else(|| self.against_order(document, &calendar, passage, &date));
            out.extend(draft.filter(|draft| !is_term(document, passage, draft.span)));
        }
        self.dotted(&calendar, passage, out);
        self.alone.find(&calendar, self.usual, passage, out);
    }
}

/// "November 17 / November": an Arabic text names the month twice, in two calendars of names.
fn doubled_month(calendar: &Calendar, passage: &Passage<'_>, date: &Date) -> Option<Draft> {
    let tokens = passage.tokens();
    let end = date.day_at.max(date.month_at);
    let next = tokens.get(end + 1)?;
    let second = if passage.written(next) == "/" { end + 2 } else { end + 1 };
    let same = tokens.get(second).is_some_and(|t| calendar.month(passage.folded(t)) == Some(date.month));
    // "May 4 May 5": the second belongs to another date.
    let other = tokens.get(second + 1).is_some_and(|t| t.kind == TokenKind::Number && t.span.len() < 4);
    if !same || other || (second == end + 1 && date.order == Order::MonthFirst && !calendar.has_both_orders()) {
        return None;
    }
    let from = tokens[end].span.end();
    let span = date.place.cover(tokens[second].span);
    let cut = Span::new(from, tokens[second].span.end());
    Some(Draft::new(span, TWICE, "the month stands here twice").fix(Fix::replace(cut, "", 0.95)).because(
        EvidenceKind::Pattern,
        "the same month again",
        None,
    ))
}

/// The stop of an ordinal in a language that has bare figures: "on 19. November".
impl Dates {
    fn foreign_stop(
        &self,
        document: &Document<'_>,
        calendar: &Calendar,
        passage: &Passage<'_>,
        date: &Date,
    ) -> Option<Draft> {
        if calendar.habits.value("day") != "bare" || !date.stop || date.order != Order::DayFirst {
            return None;
        }
        // Where a sentence may end at the stop ("He is 19. November was cold."), a word before it shows the date.
        if !date.is_introduced(document, calendar, passage) {
            return None;
        }
        let tokens = passage.tokens();
        let day = passage.written(&tokens[date.day_at]);
        let (span, month) = (date.place, date.month_word(passage));
        let text = match self.usual {
            Order::MonthFirst => format!("{month} {day}"),
            Order::DayFirst => format!("{day} {month}"),
        };
        let message = format!("no stop after the day in {}", document.target.data().name());
        Some(Draft::new(span, FOREIGN, message).fix(Fix::replace(span, text, 0.9)).because(
            EvidenceKind::Pattern,
            "an ordinal's stop",
            None,
        ))
    }

    /// The order of day and month that the desk, or the rest of the text, does not have.
    fn against_order(
        &self,
        document: &Document<'_>,
        calendar: &Calendar,
        passage: &Passage<'_>,
        date: &Date,
    ) -> Option<Draft> {
        let (wanted, confidence) = self.wanted?;
        if date.order == wanted || !date.is_plain() || !date.is_sure(document, passage) || date.of {
            return None;
        }
        let fixed = document.target.data().table("fixed-dates");
        if fixed.has(&format!("{}-{}", date.month, date.day)) {
            return None;
        }
        let tokens = passage.tokens();
        let month = calendar.proper(document.target.data(), date.month_word(passage));
        let span = date.span(passage);
        let year = date.year.map(|(_, year)| year);
        let (text, order) = match wanted {
            Order::DayFirst => (format!("{} {month}", date.day), "the day before the month"),
            Order::MonthFirst => (format!("{month} {}", date.day), "the month before the day"),
        };
        let text = match (year, wanted) {
            (Some(year), Order::DayFirst) => format!("{text} {year}"),
            // American dates have a comma after the year, too, unless another mark stands there.
            (Some(year), Order::MonthFirst) => {
                let last = date.year.map_or(date.day_at, |(at, _)| at);
                let marked = tokens.get(last + 1).is_none_or(|t| t.glued && t.kind == TokenKind::Mark);
                format!("{text}, {year}{}", if marked { "" } else { "," })
            }
            (None, _) => text,
        };
        let (message, kind) = if confidence == ODD_ONE {
            (format!("the other dates of the text have {order}"), EvidenceKind::Document)
        } else {
            (format!("the desk's style has {order}"), EvidenceKind::Data)
        };
        Some(Draft::new(span, confidence, message).fix(Fix::replace(span, text, 0.85)).because(kind, "order", None))
    }

    /// "03.05.2016" in a language that names the month.
    fn dotted(&self, calendar: &Calendar, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let tokens = passage.tokens();
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Number) {
            let Some((day, month, year)) = dotted_date(passage.written(token)) else {
                continue;
            };
            let Some(name) = calendar.habits.list("months").nth(month as usize - 1) else {
                return;
            };
            let free = !token.glued && tokens.get(at + 1).is_none_or(|t| !t.glued || is_end(passage, at + 1));
            if !free || is_part_of_code(passage, at) {
                continue;
            }
            let text = match self.usual {
                Order::MonthFirst => format!("{name} {day}, {year}"),
                Order::DayFirst => format!("{day} {name} {year}"),
            };
            let draft = Draft::new(token.span, FOREIGN, "the month is named in news, and a date has no stops");
            out.push(draft.fix(Fix::replace(token.span, text, 0.85)).because(
                EvidenceKind::Pattern,
                "day, month and year with stops",
                None,
            ));
        }
    }
}

fn is_end(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    matches!(passage.written(&tokens[at]), "." | "," | ")" | ";" | "?" | "!" | "”" | "\"")
        && tokens.get(at + 1).is_none_or(|t| !t.glued || t.kind == TokenKind::Mark)
}

fn dotted_date(written: &str) -> Option<(u32, u32, u32)> {
    if !matches!(written.len(), 8..=10) {
        return None;
    }
    let mut parts = written.split('.');
    let mut next = || parts.next().filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?.parse::<u32>().ok();
    let (day, month, year) = (next()?, next()?, next()?);
    let fits = matches!(day, 1..=31) && matches!(month, 1..=12) && matches!(year, 1900..=2100);
    (fits && parts.next().is_none()).then_some((day, month, year))
}

/// A day without its stop in a language that has it: "am 5 November".
fn missing_stop(calendar: &Calendar, passage: &Passage<'_>, date: &Date) -> Option<Draft> {
    let bare = calendar.habits.value("day") == "stop" && !date.stop && date.order == Order::DayFirst && date.is_plain();
    let opened = date.opener.is_some() || date.weekday.is_some();
    if !bare || date.suffix || !opened {
        return None;
    }
    let end = passage.tokens()[date.day_at].span.end();
    let draft = Draft::new(date.place, FOREIGN, "the day of a date takes a stop");
    Some(draft.fix(Fix::replace(Span::new(end, end), ".", 0.95)).because(EvidenceKind::Data, "an ordinal", None))
}

/// "el 5 mayo" for "el 5 de mayo".
fn missing_link(calendar: &Calendar, passage: &Passage<'_>, date: &Date) -> Option<Draft> {
    let link = calendar.habits.value("between");
    let missing = !link.is_empty() && !date.of && date.order == Order::DayFirst && date.is_plain();
    if !missing || date.suffix || date.stop || date.opener.is_none() {
        return None;
    }
    let end = passage.tokens()[date.day_at].span.end();
    let fix = Fix::replace(Span::new(end, end), format!(" {link}"), 0.95);
    let message = format!("“{link}” stands between day and month");
    Some(Draft::new(date.place, FOREIGN, message).fix(fix).because(EvidenceKind::Data, "a date without it", None))
}

/// "Mai 5, 2016" where the day comes first.
fn foreign_order(document: &Document<'_>, calendar: &Calendar, passage: &Passage<'_>, date: &Date) -> Option<Draft> {
    let (_, year) = date.year.filter(|_| date.comma && date.order == Order::MonthFirst)?;
    if calendar.habits.value("order") != "day" || date.suffix || date.of {
        return None;
    }
    let span = date.span(passage);
    let message = format!("the day comes before the month in {}", document.target.data().name());
    let draft = Draft::new(span, FOREIGN, message).because(EvidenceKind::Data, "month, day, comma, year", None);
    // Where months have cases, another form would be wanted.
    if document.target.data().inflects_names() {
        return Some(draft);
    }
    let link = calendar.habits.value("between");
    let link = if link.is_empty() { " ".to_owned() } else { format!(" {link} ") };
    let stop = if calendar.habits.value("day") == "stop" { ". " } else { &link };
    let after = if link.len() > 1 { &link } else { " " };
    let text =
        format!("{}{stop}{}{after}{year}", date.day, calendar.proper(document.target.data(), date.month_word(passage)));
    Some(draft.fix(Fix::replace(span, text, 0.85)))
}

/// "4 May, 2016".
fn comma_before_year(calendar: &Calendar, passage: &Passage<'_>, date: &Date) -> Option<Draft> {
    let (year_at, _) = date.year.filter(|_| date.comma && date.order == Order::DayFirst && date.is_plain())?;
    if !calendar.habits.value("between").is_empty() || date.of {
        return None;
    }
    let tokens = passage.tokens();
    let comma = (date.month_at..year_at).rev().find(|&i| passage.written(&tokens[i]) == ",")?;
    Some(
        Draft::new(date.span(passage), COMMA, "no comma between month and year where the day comes first")
            .fix(Fix::replace(tokens[comma].span, "", 0.95))
            .because(EvidenceKind::Pattern, "day, month, comma, year", None),
    )
}
