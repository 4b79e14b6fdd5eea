//! The quantities of a sentence, in figures and in words: what the rules that compare a translation with its source read on
//! either side.
//!
//! The reader is generous with what a sentence may say and strict with what may be wrong: an ordinal, a fraction or "twice" only
//! explains a figure of the other side, and only a figure in digits that stands free in running text is ever compared.

mod han;
mod measure;

use std::sync::Arc;

use crate::analyse::Passage;
use crate::check::figure::{Counted, Habits, Shape, digits_of, stands_free};
use crate::check::repair::is_part_of_code;
use crate::language::{LanguageData, Table, Words};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};
pub(super) use measure::is_converted;

/// The table of a language that number words are read by.
pub(super) const TABLE: &str = "number-words";
/// The words among them that say nothing but a number.
pub(super) const CARDINALS: &str = "cardinals";
/// The units that words after figures name.
const MEASURES: &str = "measures";
/// The most quantities of one sentence; one with more is a table, of which nothing is said.
pub(super) const MAX_QUANTITIES: usize = 48;
/// The most tokens that words of one number take.
const MAX_TOKENS: usize = 16;
/// Two values are one where they differ by less than this share: what comes of multiplying fractions.
const SAME: f64 = 1e-9;

/// Whether two values are one.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

/// A word or abbreviation for a thousand, a million and so on.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub(super) span: Span,
    pub(super) value: f64,
}

/// A figure in digits, with what it counts.
pub(super) struct Quantity {
    /// What it most likely says.
    pub(super) value: f64,
    /// What else it may say.
    others: Vec<f64>,
    /// The figure alone, before its scale.
    pub(super) lead: f64,
    /// The figure and its scale.
    pub(super) span: Span,
    /// The digits.
    pub(super) figure: Span,
    /// One word for the scale.
    pub(super) scale: Option<Scale>,
    pub(super) percent: bool,
    pub(super) unit: bool,
    /// The unit by its code, the same in all languages.
    pub(super) measure: Option<&'static str>,
    /// It is written in words.
    pub(super) in_words: bool,
    pub(super) currency: Option<&'static str>,
    /// Four digits that may be a year.
    pub(super) year: bool,
    /// The day of a date.
    pub(super) day: bool,
    /// It stands in running text, and is no part of a name, a time, a score, a list.
    pub(super) free: bool,
    /// It leads to the next figure, whose scale may be its own: "from 200 to 500 thousand".
    pub(super) leads: bool,
    /// The index of its first token, where words are parted.
    pub(super) first: usize,
    last: usize,
}

impl Quantity {
    /// Every value that it may have.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> + '_ {
        std::iter::once(self.value).chain(self.others.iter().copied())
    }

    /// Whether its digits are as those of another and its magnitude is not.
    pub(super) fn has_digits_of(&self, other: &Self) -> bool {
        if self.value <= 0.0 || other.value <= 0.0 {
            return false;
        }
        let power = (self.value / other.value).log10();
        power.round() != 0.0 && (power - power.round()).abs() < SAME * 10.0
    }
}

/// What a sentence says in numbers.
#[derive(Default)]
pub(super) struct Reading {
    /// Its figures.
    pub(super) figures: Vec<Quantity>,
    /// Its numbers in words, as far as the words can say nothing else.
    pub(super) words: Vec<Quantity>,
    /// Whatever else it may say: words, ordinals, figures within names, months.
    loose: Vec<f64>,
    /// It has more of them than are compared.
    pub(super) overfull: bool,
}

impl Reading {
    /// What a sentence of either side says, read once.
    ///
    /// Of a source it is taken that its figures are written as its language writes them; a translation’s may still have the
    /// source’s marks, and that is the business of `number/format`.
    pub(super) fn of(passage: &Passage<'_>, is_source: bool) -> Arc<Self> {
        passage.text.reading(passage.sentence, || Self::read(passage, is_source))
    }

    fn read(passage: &Passage<'_>, is_source: bool) -> Self {
        let data = passage.text.data();
        let mut reading = Self::default();
        if data.words() == Words::Unspaced {
            han::read(passage, data, &mut reading);
        } else {
            Reader::of(passage, data, is_source).read(&mut reading);
        }
        reading.share_scales();
        reading.overfull = reading.figures.len() > MAX_QUANTITIES || reading.loose.len() > 4 * MAX_QUANTITIES;
        reading
    }

    /// Whether it says a value, surely or perhaps.
    pub(super) fn holds(&self, value: f64) -> bool {
        self.loose.iter().any(|&v| same(v, value)) || self.figures.iter().any(|q| q.values().any(|v| same(v, value)))
    }

    /// Whether it says a value before any other reading of its figures.
    pub(super) fn says(&self, value: f64) -> bool {
        self.loose.iter().any(|&v| same(v, value)) || self.figures.iter().any(|q| same(q.value, value))
    }

    /// Its figures, and then its numbers in words.
    pub(super) fn all(&self) -> impl Iterator<Item = &Quantity> {
        self.figures.iter().chain(&self.words)
    }

    /// Whether one of its figures has a scale.
    pub(super) fn has_scale(&self, value: f64) -> bool {
        self.figures.iter().any(|q| q.scale.is_some_and(|scale| same(scale.value, value)))
    }

    /// "200 to 500 thousand" may mean 200 thousand, "2 thousand 400" means 2,400.
    fn share_scales(&mut self) {
        for at in (1..self.figures.len()).rev() {
            let (before, after) = self.figures.split_at_mut(at);
            let (Some(one), Some(next)) = (before.last_mut(), after.first_mut()) else {
                continue;
            };
            let scale = next.value / next.lead.max(f64::MIN_POSITIVE);
            if one.leads && one.scale.is_none() && scale > 1.5 {
                one.others.push(one.lead * scale);
            }
            if one.scale.is_some_and(|scale| next.value < scale.value) && next.first <= one.last + 2 {
                let sum = one.value + next.value;
                one.others.push(sum);
                next.others.push(sum);
            }
        }
    }
}

/// The most words of a phrase that tells the time.
const MAX_PHRASE: usize = 3;
/// Below this a word may be an article or a pronoun.
const FEWEST: f64 = 2.0;

/// Adds up the parts of a number as they are read.
#[derive(Default)]
struct Sum {
    total: f64,
    section: f64,
    unit: f64,
    after_scale: bool,
}

impl Sum {
    fn add(&mut self, value: f64) {
        // Four twenties are eighty.
        self.unit = if same(self.unit, 4.0) && same(value, 20.0) { 80.0 } else { self.unit + value };
        self.after_scale = false;
    }

    fn times(&mut self, value: f64) {
        self.section += if self.unit == 0.0 { 1.0 } else { self.unit } * value;
        self.unit = 0.0;
        self.after_scale = false;
    }

    fn scale(&mut self, value: f64) {
        let within = self.section + self.unit;
        if within == 0.0 && self.after_scale {
            self.total *= value;
        } else {
            self.total += if within == 0.0 { 1.0 } else { within } * value;
        }
        (self.section, self.unit, self.after_scale) = (0.0, 0.0, true);
    }

    fn value(&self) -> f64 {
        self.total + self.section + self.unit
    }
}

/// What `number-words` has of a word.
#[derive(Clone, Copy)]
struct Entry {
    kind: &'static str,
    values: &'static str,
}

impl Entry {
    fn of(table: Table, folded: &str) -> Option<Self> {
        let row = table.get(folded)?;
        Some(Self { kind: row.column(0), values: row.column(1) })
    }

    fn value(self) -> f64 {
        self.values.parse().unwrap_or(0.0)
    }
}

/// Reads the tokens of a language that parts its words.
struct Reader<'p, 'a> {
    passage: &'p Passage<'a>,
    tokens: &'a [Token],
    words: Table,
    cardinals: Table,
    measures: Table,
    calendar: Table,
    clock: Table,
    phrases: Table,
    proclitics: Table,
    habits: Option<Habits>,
    is_source: bool,
}

impl<'p, 'a> Reader<'p, 'a> {
    fn of(passage: &'p Passage<'a>, data: LanguageData, is_source: bool) -> Self {
        Self {
            passage,
            tokens: passage.tokens(),
            words: data.table(TABLE),
            cardinals: data.table(CARDINALS),
            measures: data.table(MEASURES),
            calendar: data.table("calendar-numbers"),
            clock: data.table("clock"),
            phrases: data.table("clock-phrases"),
            proclitics: data.table("proclitics"),
            habits: Habits::of(data),
            is_source,
        }
    }

    fn read(&self, out: &mut Reading) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            if token.kind == TokenKind::Mask {
                at += 1;
                continue;
            }
            let next = if self.passage.written(token).starts_with(char::is_numeric) {
                self.figure(at, out)
            } else {
                self.word(at, out)
            };
            at = next.max(at + 1);
        }
    }

    fn folded(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| self.passage.folded(t))
    }

    fn written(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |t| self.passage.written(t))
    }

    /// The entry of a word, written with its particles or without.
    fn entry(&self, at: usize) -> Option<Entry> {
        let folded = self.folded(at);
        Entry::of(self.words, folded).or_else(|| {
            let ends = folded.char_indices().skip(1).take(2).map(|(end, _)| end);
            ends.filter_map(|end| folded.split_at_checked(end))
                .filter(|(prefix, rest)| rest.len() > 3 && self.proclitics.has(prefix))
                .find_map(|(_, rest)| Entry::of(self.words, rest))
        })
    }

    /// Reads a figure and the scales behind it; the token to go on with.
    fn figure(&self, at: usize, out: &mut Reading) -> usize {
        let token = self.tokens[at];
        let written = plain_digits(self.passage.written(&token));
        let (numeral, suffix) = split_numeral(&written);
        let Some((mut lead, mut others)) = self.numeral(numeral) else {
            out.loose.extend(runs(&written));
            return at + 1;
        };
        let mut last = at;
        let mut grouped = false;
        // "214 000"
        while suffix.is_empty() && matches!(Shape::of(numeral), Some(Shape::Plain(d)) if d.len() <= 3) {
            let Some(next) = self.tokens.get(last + 1).filter(|t| t.kind == TokenKind::Number && !t.glued) else {
                break;
            };
            let group = self.passage.written(next);
            let gap = Span::new(self.tokens[last].span.end(), next.span.start()).of(self.passage.text.text());
            let (whole, fraction) = group.split_at(group.find(['.', ',']).unwrap_or(group.len()));
            if gap.chars().count() != 1 || whole.len() != 3 || !whole.bytes().all(|b| b.is_ascii_digit()) || lead == 0.0
            {
                break;
            }
            let tail = fraction.get(1..).unwrap_or("");
            let Ok(tail_value) = format!("0.{}", if tail.is_empty() { "0" } else { tail }).parse::<f64>() else {
                break;
            };
            if !(self.is_source && self.habits.is_some_and(|h| h.groups_by(' '))) && whole != "000" {
                out.loose.extend([lead, whole.parse().unwrap_or(0.0)]);
            }
            lead = lead * 1000.0 + whole.parse::<f64>().unwrap_or(0.0) + tail_value;
            (last, grouped) = (last + 1, true);
            if !fraction.is_empty() {
                break;
            }
        }
        let by_space = self.habits.is_some_and(|h| h.groups_by(' '));
        let figure = token.span.cover(self.tokens[last].span);
        let mut free = token.kind == TokenKind::Number && (!grouped || by_space || self.habits.is_none());
        let mut sum = Sum::default();
        sum.add(lead);
        if numeral.len() == 4 && (1000.0..=2100.0).contains(&lead) {
            // "2016" against "’16", "1990s" against "the nineties".
            others.push(lead % 100.0);
        }
        let mut scale = None;
        if !suffix.is_empty() {
            match Entry::of(self.words, &suffix.to_lowercase()).filter(|e| matches!(e.kind, "glued" | "scale")) {
                Some(entry) => {
                    sum.scale(entry.value());
                    others.push(lead);
                    scale = Some((token.span, entry.value()));
                }
                // "19th", "1990s", "5km".
                None => free = false,
            }
        }
        let digits_end = last;
        let mut scales = usize::from(scale.is_some());
        while scales < 3 {
            let mut next = last + 1;
            if self.written(next) == "-" && self.tokens.get(next).is_some_and(|t| t.glued) {
                next += 1;
            }
            if self.tokens.get(next).is_none_or(|t| t.kind != TokenKind::Word) {
                break;
            }
            let Some(entry) = self.entry(next).filter(|e| e.kind == "scale" || (e.kind == "times" && scales == 0))
            else {
                break;
            };
            if entry.kind == "times" {
                sum.times(entry.value());
            } else {
                sum.scale(entry.value());
            }
            let span = self.tokens[next].span;
            scale =
                Some((scale.map_or(span, |(first, _)| first.cover(span)), sum.value() / lead.max(f64::MIN_POSITIVE)));
            (last, scales) = (next, scales + 1);
        }
        let value = sum.value();
        if scales > 0 {
            others.retain(|&v| v != lead % 100.0);
            if let Some(first) = others.first().copied() {
                others.push(first * value / lead.max(f64::MIN_POSITIVE));
            }
        }
        // "12 ألفا و500": the particle stands against the rest of the number.
        if scales > 0
            && let Some(rest) = self.rest_behind_particle(last + 1).filter(|&rest| rest < value / lead.max(1.0))
        {
            others.push(value + rest);
        }
        // "6 and a half"
        if self.entry(last + 2).is_some_and(|e| e.kind == "half")
            || self.entry(last + 3).is_some_and(|e| e.kind == "half")
        {
            others.push(value + 0.5 * value / lead.max(1.0));
        }
        let percent = self.is_percent(at, last);
        let counted = self.habits.and_then(|h| h.counted(self.passage, last + 1));
        let plain = numeral.len() == 4 && scales == 0 && !grouped && numeral.bytes().all(|b| b.is_ascii_digit());
        let year = plain && !percent && counted.is_none() && (1000.0..=2100.0).contains(&lead);
        let (day, clock) = (self.is_day(at, lead), self.is_clock(at, last));
        let measure = self.measure(last + 1);
        if free {
            // "6-foot-6"
            let tail = self.tokens.get(last + 4).is_some_and(|t| t.glued && t.kind == TokenKind::Number);
            let compound = tail && self.written(last + 1) == "-" && self.written(last + 3) == "-";
            let listed = at == 0 && self.tokens.get(1).is_some_and(|t| t.glued && matches!(self.written(1), "." | ")"));
            free = !listed
                && !compound
                && !clock
                && !is_part_of_code(self.passage, at)
                && stands_free(self.passage, at, digits_end);
        }
        let leads = self.leads_to_figure(last + 1);
        out.figures.push(Quantity {
            value,
            others,
            lead,
            span: self.tokens[at].span.cover(self.tokens[last].span),
            figure,
            scale: scale.map(|(span, value)| Scale { span, value }),
            percent,
            unit: counted == Some(Counted::Unit) || measure.is_some(),
            measure,
            in_words: false,
            currency: self.currency(at, last, counted),
            year,
            day,
            free,
            leads,
            first: at,
            last,
        });
        last + 1
    }

    /// A figure that a particle stands against: و500.
    fn rest_behind_particle(&self, at: usize) -> Option<f64> {
        let written = plain_digits(self.written(at));
        let digits = written.find(|c: char| c.is_ascii_digit()).filter(|&start| start > 0)?;
        let (particle, rest) = written.split_at_checked(digits)?;
        if self.proclitics.has(particle) { rest.parse().ok() } else { None }
    }

    /// What a numeral says: first by the habits of the language, then what else it may say.
    fn numeral(&self, numeral: &str) -> Option<(f64, Vec<f64>)> {
        let number = |whole: &str, tail: &str| format!("{whole}.{tail}0").parse::<f64>().ok();
        match Shape::of(numeral)? {
            Shape::Plain(digits) => Some((digits.parse().ok()?, Vec::new())),
            Shape::Grouped(whole, _) => Some((digits_of(whole).parse().ok()?, Vec::new())),
            Shape::Both(whole, _, _, tail) => Some((number(&digits_of(whole), tail)?, Vec::new())),
            Shape::Pair(lead, mark, tail) => {
                let fraction = number(lead, tail)?;
                let whole = number(&digits_of(numeral), "")?;
                let groups = tail.len() == 3 && lead.len() <= 3 && !lead.starts_with('0');
                let decimal = self.habits.map_or('.', |h| h.decimal);
                let own = self.is_source && self.habits.is_some_and(|h| h.groups_by(mark));
                let sure = self.is_source && self.habits.is_some_and(|h| h.value("both").is_empty());
                Some(match (groups, mark == decimal) {
                    (true, false) if own => (whole, Vec::new()),
                    (true, true) if sure => (fraction, Vec::new()),
                    (true, false) => (whole, vec![fraction]),
                    (true, true) => (fraction, vec![whole]),
                    // "05.17" may be a date or a time.
                    (false, _) => (fraction, runs(numeral).filter(|_| tail.len() == 2 && lead.len() <= 2).collect()),
                })
            }
        }
    }

    /// Reads number words from a token on; the token to go on with.
    fn word(&self, at: usize, out: &mut Reading) -> usize {
        let token = self.tokens[at];
        let written = self.passage.written(&token);
        if token.kind != TokenKind::Word {
            out.loose.extend(runs(written));
            return at + 1;
        }
        if written.bytes().any(|b| b.is_ascii_digit()) {
            out.loose.extend(runs(written));
        }
        if let Some(row) = self.calendar.get(self.passage.folded(&token)).filter(|row| row.column(0) == "month") {
            out.loose.extend(row.column(1).parse::<f64>().ok());
        }
        if matches!(token.case, Case::Upper | Case::Title) {
            out.loose.extend(roman(written));
        }
        let Some(mut entry) = self.entry(at) else {
            return at + 1;
        };
        let (mut sum, mut next, mut said) = (Sum::default(), at, false);
        let (mut sure, mut last, begins) = (true, at, entry.kind);
        loop {
            sure &= self.is_cardinal(next);
            match entry.kind {
                "add" => {
                    sum.add(entry.value());
                    // What is added may also stand alone: "three four".
                    out.loose.push(entry.value());
                }
                "times" => {
                    sum.times(entry.value());
                    out.loose.push(entry.value());
                }
                "scale" => sum.scale(entry.value()),
                "half" if said => sum.add(0.5),
                "half" => {
                    out.loose.extend([0.5, 50.0, 30.0, 6.0]);
                    if let Some(scale) = (next + 1..next + 4).find_map(|i| self.entry(i).filter(|e| e.kind == "scale"))
                    {
                        out.loose.push(scale.value() / 2.0);
                    }
                    return next + 1;
                }
                "aside" => {
                    out.loose.extend(entry.values.split(' ').filter_map(|v| v.parse::<f64>().ok()));
                    if !said {
                        return next + 1;
                    }
                    break;
                }
                _ => break,
            }
            said = true;
            out.loose.push(sum.value());
            last = next;
            next += 1;
            // A hyphen, a connector, or both at once stand between the parts.
            let mut after = next;
            let joins = |i: usize| {
                let hyphen = self.tokens.get(i).is_some_and(|t| t.glued) && matches!(self.written(i), "-" | "\u{2011}");
                hyphen || self.entry(i).is_some_and(|e| e.kind == "and")
            };
            while after < next + 2 && joins(after) {
                after += 1;
            }
            // "two and a half"
            if after > next && self.entry(after).is_none() && self.entry(after + 1).is_some_and(|e| e.kind == "half") {
                out.loose.push(sum.value() + 0.5);
                let scale = self.entry(after + 2).filter(|e| e.kind == "scale");
                out.loose.extend(scale.map(|scale| (sum.value() + 0.5) * scale.value()));
            }
            match self.entry(after).filter(|e| matches!(e.kind, "add" | "times" | "scale" | "half")) {
                Some(following) if after - at < MAX_TOKENS => (entry, next) = (following, after),
                _ => break,
            }
        }
        if sure && said {
            self.number_in_words(at, last, begins, sum.value(), out);
        }
        next.max(at + 1)
    }

    /// Whether a word says nothing but a number, and stands as one and not in a name: "World War Two", "the Big Three".
    fn is_cardinal(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let small = matches!(token.case, Case::Lower | Case::None) || (at == 0 && token.case == Case::Title);
        small && self.cardinal(self.passage.folded(token))
    }

    fn cardinal(&self, folded: &str) -> bool {
        self.cardinals.has(folded) || {
            let ends = folded.char_indices().skip(1).take(2).map(|(end, _)| end);
            ends.filter_map(|end| folded.split_at_checked(end))
                .any(|(prefix, rest)| rest.len() > 3 && self.proclitics.has(prefix) && self.cardinals.has(rest))
        }
    }

    /// Notes a number in words that can be compared: "twenty-three people", "a thousand families".
    fn number_in_words(&self, at: usize, last: usize, begins: &str, value: f64, out: &mut Reading) {
        let entry = |i: usize, kinds: &[&str]| self.entry(i).is_some_and(|e| kinds.contains(&e.kind));
        let before = at.checked_sub(1);
        let data = self.passage.text.data();
        let article = before.filter(|&i| begins != "add" && data.is_indefinite(self.folded(i)));
        // "thousands of", "the hundred"; and "two-thirds", "two and a half", "3 hundred".
        let bare = begins != "add" && article.is_none() && !data.fact_words("indefinite").is_empty();
        let part = entry(last + 1, &["aside"]) && !self.measures.has(self.folded(last + 1));
        let goes_on = part
            || (last + 1..last + 4).any(|i| entry(i, &["half", "glued"]))
            || (self.written(last + 1) == "-" && entry(last + 2, &["add", "times", "aside"]));
        let follows = before.is_some_and(|i| {
            let number = |i: usize| self.written(i).starts_with(char::is_numeric);
            number(i) || (self.tokens[at].glued && (number(i) || self.entry(i.saturating_sub(1)).is_some()))
        });
        if bare || goes_on || follows || value < FEWEST || value.fract() != 0.0 || self.is_hour(at, last) {
            return;
        }
        let first = article.unwrap_or(at);
        let span = self.tokens[first].span.cover(self.tokens[last].span);
        let counted = self.habits.and_then(|h| h.counted(self.passage, last + 1));
        let measure = self.measure(last + 1);
        out.words.push(Quantity {
            value,
            others: Vec::new(),
            lead: value,
            span,
            figure: span,
            scale: None,
            percent: self.is_percent(at, last),
            unit: counted == Some(Counted::Unit) || measure.is_some(),
            measure,
            in_words: true,
            currency: self.currency(at, last, counted),
            year: false,
            day: self.is_day(at, value),
            free: true,
            leads: false,
            first: at,
            last,
        });
    }

    /// Whether words for a number are the hour of a time: "half past three", "halb drei", "о пів на третю".
    fn is_hour(&self, at: usize, last: usize) -> bool {
        let kind = |from: usize, to: usize, kinds: &[&str]| {
            let tokens = self.tokens.get(from..to).unwrap_or(&[]);
            let key = tokens.iter().map(|t| self.passage.folded(t)).collect::<Vec<_>>().join(" ");
            self.phrases.get(&key).is_some_and(|row| kinds.contains(&row.column(0)))
        };
        !self.phrases.is_empty()
            && (self.is_clock(at, last)
                || (1..=MAX_PHRASE).any(|n| kind(last + 1, last + 1 + n, &["tail", "hour"]))
                || (1..=MAX_PHRASE).any(|n| at.checked_sub(n).is_some_and(|from| kind(from, at, &["lead", "hour"]))))
    }

    /// The unit that stands behind a figure: "kilometres", "square kilometres", "-year-old".
    fn measure(&self, at: usize) -> Option<&'static str> {
        let at = if matches!(self.written(at), "-" | "\u{2011}" | "–") { at + 1 } else { at };
        let first = self.tokens.get(at).filter(|t| t.kind != TokenKind::Number)?;
        let folded = self.passage.folded(first);
        let of = |table: Table, key: &str| table.get(key).map(|row| row.column(0));
        let pair = || of(self.measures, &format!("{folded} {}", self.folded(at + 1)));
        let own = of(self.measures, folded);
        // Most words that open a pair ("square") are no unit alone.
        let wide = self.habits.is_none_or(|h| h.counted(self.passage, at) == Some(Counted::Unit));
        let two = if wide && folded.len() > 3 { pair() } else { None };
        two.or(own).or_else(|| of(LanguageData::shared().table(MEASURES), folded))
    }

    fn is_percent(&self, at: usize, last: usize) -> bool {
        let kind = |i: usize, kind: &str| self.entry(i).is_some_and(|e| e.kind == kind);
        let pair = || Entry::of(self.words, &format!("{} {}", self.folded(last + 1), self.folded(last + 2)));
        let sign = |i: usize| matches!(self.written(i), "%" | "٪" | "％");
        let before = at.checked_sub(1);
        // "3–5 %": the sign stands behind the second figure.
        let range = self.leads_to_figure(last + 1) && (sign(last + 3) || kind(last + 3, "percent"));
        sign(last + 1)
            || range
            || kind(last + 1, "percent")
            || before.is_some_and(|i| sign(i) || kind(i, "percent-before"))
            || pair().is_some_and(|e| e.kind == "percent")
            || self.habits.is_some_and(|h| h.counted(self.passage, last + 1) == Some(Counted::Percent))
            || (self.written(last + 1) == "-" && kind(last + 2, "percent"))
    }

    /// Whether a dash or a short word leads to another figure.
    fn leads_to_figure(&self, at: usize) -> bool {
        let short = self
            .tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Word && t.span.len() <= 6 && t.case != Case::Upper);
        let mark = matches!(self.written(at), "-" | "–" | "—" | "," | "−");
        (short || mark) && self.written(at + 1).starts_with(char::is_numeric)
    }

    fn is_day(&self, at: usize, lead: f64) -> bool {
        let month = |i: usize| self.calendar.get(self.folded(i)).is_some_and(|row| row.column(0) == "month");
        let small = |i: usize| self.tokens.get(i).is_some_and(|t| t.span.len() <= 3);
        (1.0..=31.0).contains(&lead)
            && (month(at + 1)
                || (small(at + 1) && month(at + 2))
                || (small(at + 1) && small(at + 2) && month(at + 3))
                || at.checked_sub(1).is_some_and(month)
                || (at.checked_sub(2).is_some_and(month) && small(at - 1)))
    }

    fn is_clock(&self, at: usize, last: usize) -> bool {
        let half =
            |i: usize| self.clock.get(self.folded(i)).is_some_and(|row| matches!(row.column(0), "half" | "after"));
        let pair = format!("{}.{}", self.folded(last + 1), self.folded(last + 3));
        let dotted = self.written(last + 2) == "." && self.clock.get(&pair).is_some_and(|row| row.column(0) == "half");
        half(last + 1)
            || dotted
            || self.written(last + 1) == ":"
            || at.checked_sub(1).is_some_and(|i| self.written(i) == ":")
    }

    /// The currency of a figure, as its sign.
    fn currency(&self, at: usize, last: usize, counted: Option<Counted>) -> Option<&'static str> {
        let signs = LanguageData::shared().table("currency-signs");
        let sign = |i: usize| {
            let written = self.written(i);
            signs.iter().find(|(sign, _)| !written.is_empty() && written.ends_with(sign)).map(|(sign, _)| sign)
        };
        let near = counted == Some(Counted::Currency) || counted == Some(Counted::Magnitude) || last > at;
        let word = |i: usize| {
            let folded = self.folded(i);
            let begins = |row: &str| row.split('|').any(|stem| folded.starts_with(stem));
            signs.iter().find(|(_, row)| !folded.is_empty() && begins(row.column(0))).map(|(sign, _)| sign)
        };
        let before = at.checked_sub(1).and_then(sign);
        before.or_else(|| sign(last + 1)).or_else(|| {
            let reach = if near { 3 } else { 2 };
            (last + 1..=last + reach).find_map(word)
        })
    }
}

/// Digits of all scripts as those of ASCII, and the marks that go with them.
fn plain_digits(written: &str) -> String {
    written
        .chars()
        .map(|c| match c {
            '\u{660}'..='\u{669}' => char::from(b'0' + (c as u32 - 0x660) as u8),
            '\u{6f0}'..='\u{6f9}' => char::from(b'0' + (c as u32 - 0x6f0) as u8),
            '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (c as u32 - 0xff10) as u8),
            '٫' | '．' => '.',
            '٬' | '，' => ',',
            c => c,
        })
        .collect()
}

/// A numeral and what is written against it: "2.5" and "bn".
fn split_numeral(written: &str) -> (&str, &str) {
    let end = written.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '\'' | '’' | '\u{202f}'));
    let (numeral, _) = written.split_at(end.unwrap_or(written.len()));
    let numeral = numeral.trim_end_matches(|c: char| !c.is_ascii_digit());
    written.split_at(numeral.len())
}

/// Every run of digits.
fn runs(written: &str) -> impl Iterator<Item = f64> + '_ {
    written
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| matches!(run.len(), 1..=12))
        .filter_map(|r| r.parse().ok())
}

/// A Roman numeral below a hundred: centuries, kings, congresses.
fn roman(written: &str) -> Option<f64> {
    if written.len() > 8 {
        return None;
    }
    let digit = |c: char| match c {
        'I' | 'І' => Some(1.0),
        'V' => Some(5.0),
        'X' | 'Х' => Some(10.0),
        'L' => Some(50.0),
        _ => None,
    };
    let digits: Vec<f64> = written.chars().map(digit).collect::<Option<_>>()?;
    let signed =
        digits.iter().enumerate().map(|(i, &d)| if digits.get(i + 1).is_some_and(|&n| n > d) { -d } else { d });
    Some(signed.sum())
}
