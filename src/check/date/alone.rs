//! A day of the month without its month, as Chinese and Japanese news gives it: "said on the 12th".

use rustc_hash::FxHashMap;

use super::read::{Calendar, Order};
use crate::analyse::{Document, Passage};
use crate::check::figure::Habits;
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::span::Span;
use crate::surface::TokenKind;

/// The source names the month of that day elsewhere. News desks name it again; of the translators of eight marked renderings of
/// one such sentence none did, and no rater minded.
const ALONE: f64 = 0.6;

/// The months of the days that the source names with a month in one place and without it in another.
#[derive(Default)]
pub(super) struct Days(FxHashMap<u32, u32>);

impl Days {
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut months: FxHashMap<u32, u32> = FxHashMap::default();
        let Some(source) = &document.source else {
            return Self(months);
        };
        let habits = Habits::of(source.data());
        let signs = habits.as_ref().map(|habits| (habits.value("month-sign"), habits.value("day-sign")));
        let Some((month_sign, day_sign)) = signs.filter(|(month, day)| !month.is_empty() && !day.is_empty()) else {
            return Self(months);
        };
        let mut alone: Vec<u32> = Vec::new();
        let text = source.text();
        for (at, _) in text.match_indices(day_sign) {
            let (rest, Some(day)) = number_before(&text[..at]) else {
                continue;
            };
            match rest.strip_suffix(month_sign).map(number_before) {
                Some((_, Some(month))) => {
                    // A day that two months have says nothing.
                    let known = months.entry(day).or_insert(month);
                    if *known != month {
                        *known = 0;
                    }
                }
                _ => alone.push(day),
            }
        }
        alone.sort_unstable();
        months.retain(|day, month| (1..=12).contains(month) && alone.binary_search(day).is_ok());
        Self(months)
    }

    /// The days of a passage that lack their month.
    pub(super) fn find(&self, calendar: &Calendar, usual: Order, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let (lead, endings) = (calendar.habits.value("day-alone"), calendar.habits.value("ordinals"));
        if self.0.is_empty() || lead.is_empty() {
            return;
        }
        let tokens = passage.tokens();
        for (at, window) in tokens.windows(3).enumerate() {
            let [before, article, day] = window else { continue };
            let spaced = !article.glued && !day.glued && day.kind == TokenKind::Number;
            if !spaced || format!("{} {}", passage.folded(before), passage.folded(article)) != lead {
                continue;
            }
            let written = passage.folded(day);
            let number = endings.split(' ').find_map(|ending| written.strip_suffix(ending)?.parse::<u32>().ok());
            let Some((number, month)) = number.and_then(|day| Some((day, *self.0.get(&day)?))) else {
                continue;
            };
            // "on the 12th floor", "on the 12th of March", "on the 12th, 2016"
            let next = tokens.get(at + 3);
            let ends = next.is_none_or(|t| match t.kind {
                TokenKind::Mark => !t.glued || passage.written(t) != "-",
                TokenKind::Word => calendar.leads_on(passage, t),
                _ => false,
            });
            let name = calendar.habits.list("months").nth(month as usize - 1);
            let Some(name) = name.filter(|_| ends) else {
                continue;
            };
            let text = match usual {
                Order::MonthFirst => format!("{name} {number}"),
                Order::DayFirst => format!("{number} {name}"),
            };
            let span: Span = article.span.cover(day.span);
            out.push(
                Draft::new(span, ALONE, "a day without its month, which the source names elsewhere")
                    .fix(Fix::replace(span, text, 0.9))
                    .because(EvidenceKind::Source, "the month of that day", None),
            );
        }
    }
}

/// The number at the end of a text, in figures of either width, and what stands before it.
pub(super) fn number_before(text: &str) -> (&str, Option<u32>) {
    let wide = |c: char| ('０'..='９').contains(&c);
    let rest = text.trim_end_matches(|c: char| c.is_ascii_digit() || wide(c));
    let digits = text.get(rest.len()..).unwrap_or("");
    let value = |c: char| c.to_digit(10).or_else(|| wide(c).then(|| u32::from(c) - u32::from('０')));
    if digits.is_empty() || digits.chars().count() > 2 {
        return (rest, None);
    }
    (rest, digits.chars().try_fold(0, |sum, c| Some(sum * 10 + value(c)?)))
}
