//! `time/value`: a time of day that is not the source’s: half past three for *halb drei*.
//!
//! As with figures and dates, a time is wrong where the source does not have it, and has another that the translation has not.

use super::{Mark, Times};
use std::sync::Arc;

use crate::analyse::{Document, Passage, Text};
use crate::check::figure::{Habits, is_term};
use crate::check::quantity::{CARDINALS, TABLE};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::{LanguageData, Table, Words};
use crate::span::Span;
use crate::style::Style;
use crate::surface::{BlockKind, TokenKind};

/// Languages whose times are compared.
const INTO: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr"];
/// Languages whose times can be read.
const FROM: &[&str] = &["en", "de", "es", "fr", "it", "pt", "ru", "uk", "pl", "tr", "ar", "zh", "ja"];

pub(in crate::check) static VALUE: Rule = Rule {
    id: "time/value",
    summary: "A time of day that is not the source’s: half past three for halb drei.",
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

/// One time on either side, and the two differ.
const ANOTHER: f64 = 0.85;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.5;
/// The table of times in words.
const PHRASES: &str = "clock-phrases";
/// The most words of a phrase.
const MAX_PHRASE: usize = 3;
/// How many tokens behind a figure the name of its time zone may stand.
const ZONE: usize = 5;
/// The most times of a sentence that are compared: more are a timetable.
const MAX_TIMES: usize = 8;

/// A time of day.
#[derive(Clone, Copy)]
struct Moment {
    hour: u32,
    minute: u32,
    /// Before or after noon, if it says so.
    after_noon: Option<bool>,
    span: Span,
    /// The hour alone.
    hour_at: Span,
    /// It can hardly be anything but a time.
    sure: bool,
}

impl Moment {
    /// Whether two may be one, by clocks of twelve or twenty-four hours.
    fn is(&self, other: &Self) -> bool {
        let halves = |one: &Self, two: &Self| one.after_noon == Some(false) && two.hour > 12;
        self.minute == other.minute && self.hour % 12 == other.hour % 12 && !halves(self, other) && !halves(other, self)
    }
}

/// What a sentence says of times.
#[derive(Default)]
struct Said {
    moments: Vec<Moment>,
    /// Small figures and number words, which may be hours.
    numbers: Vec<u32>,
    /// It names a time zone.
    zoned: bool,
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
    // Few sentences tell the time.
    if !paired.source.clone().any(|s| reading(source, s).moments.iter().any(|m| m.sure)) {
        return;
    }
    let own = reading(passage.text, passage.sentence);
    if !own.moments.iter().any(|m| m.sure) {
        return;
    }
    let last = source.surface().sentences.len();
    let near = paired.source.start.saturating_sub(1)..(paired.source.end + 1).min(last);
    let from: Vec<(bool, Arc<Said>)> = near.map(|s| (paired.source.contains(&s), reading(source, s))).collect();
    let known = |m: &Moment| {
        from.iter().any(|(_, said)| {
            let hour = |n: &u32| *n <= 24 && n % 12 == m.hour % 12 && !(m.after_noon == Some(false) && *n > 12);
            said.moments.iter().any(|s| s.is(m)) || (m.minute == 0 && said.numbers.iter().any(hour))
        })
    };
    let mut extra = own.moments.iter().filter(|m| !known(m));
    let here = from.iter().filter(|(aligned, _)| *aligned).flat_map(|(_, said)| &said.moments);
    let said = |m: &&Moment| {
        own.moments.iter().any(|o| o.is(m)) || (m.minute == 0 && own.numbers.iter().any(|n| n % 12 == m.hour % 12))
    };
    let mut lost = here.filter(|m| !said(m));
    let (Some(target), None, Some(origin), None) = (extra.next(), extra.next(), lost.next(), lost.next()) else {
        return;
    };
    let zoned = own.zoned != from.iter().any(|(aligned, said)| *aligned && said.zoned);
    let shifted = zoned && target.minute == origin.minute;
    if !target.sure || !origin.sure || shifted || is_term(document, passage, target.span) {
        return;
    }
    let place = Place::source(origin.span);
    let message = format!("the source has “{}” here", origin.span.of(source.text()));
    let mut draft = Draft::new(target.span, ANOTHER, message).beside(place).because(
        EvidenceKind::Source,
        "another time of day",
        Some(place),
    );
    if target.minute == origin.minute
        && let Some(fix) = repair(passage, target, origin)
    {
        draft = draft.fix(fix);
    }
    out.push(draft);
}

/// The source's hour as the translation tells hours.
fn repair(passage: &Passage<'_>, target: &Moment, origin: &Moment) -> Option<Fix> {
    let data = passage.text.data();
    let written = target.hour_at.of(passage.text.text());
    let twelve = (origin.hour + 11) % 12 + 1;
    if written.bytes().all(|b| b.is_ascii_digit()) {
        let halved = target.after_noon.is_some();
        // Which half of the day the source means must be the one that the translation names.
        if halved && origin.hour > 12 && target.after_noon == Some(false) {
            return None;
        }
        let hour = if halved { twelve } else { origin.hour };
        return Some(Fix::replace(target.hour_at, hour.to_string(), 0.85));
    }
    let words = data.table(TABLE);
    let says = |word: &str| words.get(word).is_some_and(|row| row.column(1).parse() == Ok(twelve));
    let (word, _) = data.table(CARDINALS).iter().find(|(word, row)| row.column(0) == "plain" && says(word))?;
    Some(Fix::replace(target.hour_at, word, 0.9))
}

fn read(passage: &Passage<'_>) -> Said {
    let mut said = if passage.text.data().words() == Words::Unspaced { letters(passage) } else { words(passage) };
    if said.moments.len() > MAX_TIMES {
        said.moments.clear();
    }
    said
}

/// Reads a sentence of words.
fn words(passage: &Passage<'_>) -> Said {
    let data = passage.text.data();
    let clock = data.table("clock");
    let times = Times { habits: Habits::of(data), clock, style: Style::Plain, colons: 0, twelve: 0, bare: 0 };
    let twelve = times.habits.is_some_and(|habits| habits.value("clock") == "twelve");
    let (numbers, phrases) = (data.table(TABLE), data.table(PHRASES));
    let tokens = passage.tokens();
    let folded = |i: usize| tokens.get(i).map_or("", |t| passage.folded(t));
    let is =
        |i: Option<usize>, kind: &str| i.is_some_and(|i| clock.get(folded(i)).is_some_and(|r| r.column(0) == kind));
    let hour_word =
        |i: Option<usize>| i.is_some_and(|i| phrases.get(folded(i)).is_some_and(|row| row.column(0) == "hour"));
    let hour_of = |i: usize| hour(numbers, folded(i));
    let mut said = Said::default();
    let mut next = 0;
    for (at, token) in tokens.iter().enumerate() {
        let small = match token.kind {
            TokenKind::Number | TokenKind::Word => hour_of(at),
            _ => None,
        };
        said.numbers.extend(small);
        let figure = |i: usize| tokens.get(i).is_some_and(|t| t.kind == TokenKind::Number);
        said.zoned |= (at.saturating_sub(ZONE)..at).any(figure) && is(Some(at), "after") && !hour_word(Some(at));
        if at < next {
            continue;
        }
        if token.kind == TokenKind::Number {
            let joined = token.glued && at > 0 && !super::opens(passage, at - 1);
            let digits = passage.written(token).bytes().take_while(u8::is_ascii_digit).count();
            let hour_at = Span::new(token.span.start(), token.span.start() + digits);
            if joined {
                continue;
            }
            if let Some(time) = times.read(passage, at) {
                let led = is(at.checked_sub(1), "before") || hour_word(at.checked_sub(1));
                let zoned = is(Some(time.end), "after") || hour_word(Some(time.end));
                let sure = time.half.is_some()
                    || match time.mark {
                        Mark::Colon => led || zoned || time.nought || clock.is_empty(),
                        Mark::Stop => zoned || (led && (time.nought || !twelve)),
                        Mark::Letter => time.minute.is_some(),
                        Mark::None => false,
                    };
                said.moments.push(Moment {
                    hour: time.hour,
                    minute: time.minute.unwrap_or(0),
                    after_noon: time.half.map(|half| half.after_noon),
                    span: time.span,
                    hour_at,
                    sure,
                });
                next = time.end;
                continue;
            }
        }
        let begun = if phrases.is_empty() { Phrases::default() } else { Phrases::at(phrases, passage, at) };
        if let Some((minute, length)) = begun.of("lead") {
            let hour_token = (at + length..at + length + 2).find_map(|i| Some((tokens.get(i)?.span, hour_of(i)?)));
            if let Some((hour_at, hour)) = hour_token {
                said.moments.push(moved(hour, minute, token.span.cover(hour_at), hour_at));
                next = at + length;
            }
            continue;
        }
        if let Some((minute, length)) = begun.of("tail") {
            let before = at.checked_sub(1).filter(|&i| !hour_word(Some(i)));
            // "Deux heures et demie" is how long it took, too.
            let timed = before.is_some() || is(at.checked_sub(3), "before");
            let before = before.or_else(|| at.checked_sub(2));
            let hour_token = before.and_then(|i| Some((tokens.get(i)?.span, hour_of(i)?)));
            if let (Some((hour_at, hour)), Some(last)) = (hour_token, tokens.get(at + length - 1)) {
                let moment = moved(hour, minute, hour_at.cover(last.span), hour_at);
                said.moments.push(Moment { sure: timed, ..moment });
                next = at + length;
            }
            continue;
        }
        if let Some((minutes, length)) = begun.of("time") {
            said.moments.push(moved(0, minutes, token.span, token.span));
            next = at + length;
            continue;
        }
        // "17 Uhr", "в 18 часов", "saat 17'de"
        let beside = hour_word(Some(at + 1)) || hour_word(at.checked_sub(1));
        if let Some(hour) = small.filter(|_| beside && token.kind == TokenKind::Number) {
            let sure = (13..=24).contains(&hour) || is(at.checked_sub(1), "before");
            let span = token.span;
            said.moments.push(Moment { hour, minute: 0, after_noon: None, span, hour_at: span, sure });
        }
    }
    said
}

/// A time so many minutes from an hour.
fn moved(hour: u32, minutes: i32, span: Span, hour_at: Span) -> Moment {
    let all = (hour as i32 * 60 + minutes).rem_euclid(12 * 60);
    let (hour, minute) = ((all / 60) as u32, (all % 60) as u32);
    Moment { hour, minute, after_noon: None, span, hour_at, sure: true }
}

/// An hour in figures or words.
fn hour(numbers: Table, folded: &str) -> Option<u32> {
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let value: u32 = match digits {
        0 => numbers.get(folded).filter(|row| row.column(0) == "add")?.column(1).parse().ok()?,
        1 | 2 => folded.get(..digits)?.parse().ok()?,
        _ => return None,
    };
    (value <= 24).then_some(value)
}

/// The phrases that begin at a token.
#[derive(Default)]
struct Phrases([Option<(i32, usize)>; KINDS.len()]);

/// What a phrase can be.
const KINDS: [&str; 3] = ["lead", "tail", "time"];

impl Phrases {
    fn at(phrases: Table, passage: &Passage<'_>, at: usize) -> Self {
        let mut all = Self::default();
        let tokens = passage.tokens();
        let mut key = String::new();
        for length in 1..=MAX_PHRASE {
            let Some(token) = tokens.get(at + length - 1).filter(|t| t.kind == TokenKind::Word) else { break };
            if length > 1 {
                key.push(' ');
            }
            key.push_str(passage.folded(token));
            let Some(row) = phrases.get(&key) else { continue };
            let slot = KINDS.iter().position(|kind| *kind == row.column(0)).and_then(|kind| all.0.get_mut(kind));
            if let (Some(slot), Ok(minutes)) = (slot, row.column(1).parse()) {
                *slot = Some((minutes, length));
            }
        }
        all
    }

    /// The longest of a kind: its minutes, and how many tokens it takes.
    fn of(&self, kind: &str) -> Option<(i32, usize)> {
        KINDS.iter().position(|k| *k == kind).and_then(|kind| self.0.get(kind).copied().flatten())
    }
}

/// Reads a sentence of letters without spaces: 下午3点半, 17時30分.
fn letters(passage: &Passage<'_>) -> Said {
    let data: LanguageData = passage.text.data();
    let (numbers, phrases) = (data.table(TABLE), data.table(PHRASES));
    let (place, text) = (passage.span(), passage.text.text());
    let sentence: Vec<(usize, char)> = place.of(text).char_indices().map(|(at, c)| (place.start() + at, c)).collect();
    let letter = |i: usize| sentence.get(i).map_or('\0', |&(_, c)| c);
    let byte = |i: usize| sentence.get(i).map_or(place.end(), |&(at, _)| at);
    let mut said = Said::default();
    // A number of up to three letters, and where it ends.
    let number = |from: usize| -> Option<(u32, usize)> {
        let (mut value, mut end) = (0, from);
        while end < from + 3 {
            let c = letter(end);
            let digit = c.to_digit(10).or_else(|| u32::from(c).checked_sub(0xff10).filter(|d| *d < 10));
            if let Some(digit) = digit {
                value = value * 10 + digit;
            } else {
                let row = numbers.get(c.encode_utf8(&mut [0; 4]));
                match row.map(|row| (row.column(0), row.column(1).parse::<u32>().unwrap_or(0))) {
                    Some(("add", digit)) => value += digit,
                    Some(("times", 10)) => value = value.max(1) * 10,
                    _ => break,
                }
            }
            end += 1;
        }
        (end > from && value < 60).then_some((value, end))
    };
    let mut at = 0;
    while at < sentence.len() {
        let Some((hour, end)) = number(at) else {
            at += 1;
            continue;
        };
        said.numbers.push(hour);
        let sign = letter(end);
        let oclock = matches!(sign, '点' | '點' | '时' | '時' | ':' | '：') && hour <= 24;
        if !oclock || letter(end + 1) == '間' || letter(end + 1) == '间' {
            at = end;
            continue;
        }
        let half = phrases.get(&format!("{sign}{}", letter(end + 1))).is_some_and(|row| row.column(0) == "tail");
        let minutes = number(end + 1).filter(|&(_, after)| letter(after) == '分' || matches!(sign, ':' | '：'));
        let (minute, last) = match minutes {
            Some((minute, after)) => (minute, after),
            None if half => (30, end + 2),
            None => (0, end + 1),
        };
        let sure = minutes.is_some() || half || (sign != '点' && sign != '點') || hour > 12;
        said.moments.push(Moment {
            hour,
            minute,
            after_noon: None,
            span: Span::new(byte(at), byte(last)),
            hour_at: Span::new(byte(at), byte(end)),
            sure,
        });
        at = last;
    }
    said
}
