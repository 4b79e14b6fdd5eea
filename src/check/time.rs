//! `time/*`: times of day.

mod value;

use crate::analyse::{Document, Passage};
use crate::check::figure::{Counted, Habits, is_term};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::Table;
use crate::span::Span;
use crate::style::Style;
use crate::surface::{BlockKind, Case, TokenKind};

pub(super) use value::VALUE;

pub(super) static FORMAT: Rule = Rule {
    id: "time/format",
    summary: "A time of day written as another language writes it: at 05.17, at 17 h 30.",
    mqm: "locale",
    its: "locale-violation",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("clock"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(format),
};

/// An hour and an h, which is no clock of the language; "17:30 p.m.".
const NO_CLOCK: f64 = 0.93;
/// A stop and a leading nought after "at": no price is written so.
const NOUGHT: f64 = 0.85;
/// A stop where the desk, or the rest of the text, has a colon.
const AGAINST_STYLE: f64 = 0.75;
/// The twelve hours of English, in a language that counts to twenty-four.
const TWELVE: f64 = 0.9;
/// A colon in French, where schedules have it and news does not.
const COLON: f64 = 0.7;

/// What stands between hour and minutes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Colon,
    Stop,
    Letter,
    /// There are no minutes.
    None,
}

/// A time of day as it may stand in a text.
#[derive(Clone, Copy)]
struct Clock {
    hour: u32,
    minute: Option<u32>,
    mark: Mark,
    /// The first figure begins with a nought.
    nought: bool,
    /// Of its tokens, the one behind the last.
    end: usize,
    /// Before or after noon, if it says so; and whether in letters without stops.
    half: Option<Half>,
    span: Span,
}

#[derive(Clone, Copy)]
struct Half {
    after_noon: bool,
    dotted: bool,
}

fn format(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let clock = document.target.data().table("clock");
    let habits = Habits::of_target(document);
    let mut times = Times { habits, clock, style: settings.style, colons: 0, twelve: 0, bare: 0 };
    for sentence in 0..document.target.surface().sentences.len() {
        let passage = Passage { text: &document.target, sentence, place: sentence };
        for (at, _) in passage.tokens().iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Number) {
            if let Some(time) = times.read(&passage, at) {
                times.colons += usize::from(time.mark == Mark::Colon);
                times.twelve += usize::from(time.half.is_some());
                times.bare += usize::from(time.half.is_some_and(|half| !half.dotted));
            }
        }
    }
    Box::new(times)
}

/// What a text does with its times.
struct Times {
    habits: Option<Habits>,
    clock: Table,
    style: Style,
    /// How many have a colon.
    colons: usize,
    /// How many say which half of the day they mean, and how many of these without stops.
    twelve: usize,
    bare: usize,
}

impl Survey for Times {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let Some(habits) = self.habits.filter(|_| passage.kind() != BlockKind::Byline) else {
            return;
        };
        let tokens = passage.tokens();
        let mut next = 0;
        for (at, token) in tokens.iter().enumerate() {
            let joined = token.glued && at > 0 && !opens(passage, at - 1);
            if at < next || token.kind != TokenKind::Number || joined {
                continue;
            }
            let Some(time) = self.read(passage, at) else {
                continue;
            };
            next = time.end;
            let draft = if habits.value("clock") == "twelve" {
                self.foreign_to_english(&habits, passage, at, &time)
            } else {
                self.english_elsewhere(&habits, passage, at, &time)
            };
            out.extend(draft.filter(|d| !is_part_of_code(passage, at) && !is_term(document, passage, d.span)));
        }
    }
}

fn opens(passage: &Passage<'_>, at: usize) -> bool {
    matches!(passage.written(&passage.tokens()[at]), "(" | "“" | "«" | "\"" | "„")
}

impl Times {
    fn is(&self, passage: &Passage<'_>, at: Option<usize>, kind: &str) -> bool {
        let token = at.and_then(|at| passage.tokens().get(at));
        token.is_some_and(|t| self.clock.get(passage.folded(t)).is_some_and(|row| row.column(0) == kind))
    }

    /// A stop or an h, in a language that writes a colon and two halves of a day.
    fn foreign_to_english(&self, habits: &Habits, passage: &Passage<'_>, at: usize, time: &Clock) -> Option<Draft> {
        let led = self.is(passage, at.checked_sub(1), "before");
        let zoned = self.is(passage, Some(time.end), "after");
        let (confidence, message) = match (time.mark, time.half) {
            (_, Some(half)) if time.hour > 12 => {
                let text = if half.after_noon { "p.m. counts to twelve" } else { "an hour past noon is no a.m." };
                let draft = Draft::new(time.span, NO_CLOCK, text);
                let text = self.write(passage, time, true);
                return Some(if half.after_noon { draft.fix(Fix::replace(time.span, text, 0.9)) } else { draft });
            }
            (Mark::Letter, None) if time.minute.is_some() || led => (NO_CLOCK, "no time of day has an h"),
            _ if self.style == Style::Guardian => return None,
            (Mark::Stop, half) => {
                let counted = habits.counted(passage, time.end).is_some_and(Counted::divides);
                let plain = time.nought && time.hour > 0 && led && half.is_none();
                let desk = matches!(self.style, Style::Ap | Style::Reuters | Style::Un) || self.colons > 0;
                let named = half.is_some() && self.style != Style::Plain;
                match () {
                    () if counted => return None,
                    () if plain => (NOUGHT, "a colon stands between hour and minutes"),
                    () if desk && (zoned && half.is_none() || named) => {
                        (AGAINST_STYLE, "a colon stands between hour and minutes")
                    }
                    () => return None,
                }
            }
            _ => return None,
        };
        let twelve = time.half.is_some() || self.twelve > 0 || matches!(self.style, Style::Ap | Style::Guardian);
        let text = self.write(passage, time, twelve);
        Some(Draft::new(time.span, confidence, message).fix(Fix::replace(time.span, text, 0.8)).because(
            EvidenceKind::Pattern,
            "a time of day",
            None,
        ))
    }

    /// A time as English writes it.
    fn write(&self, passage: &Passage<'_>, time: &Clock, twelve: bool) -> String {
        let minutes = time.minute.unwrap_or(0);
        if !twelve {
            return format!("{:02}:{minutes:02}", time.hour);
        }
        let after_noon = time.hour >= 12 || time.half.is_some_and(|half| half.after_noon);
        let bare = self.bare * 2 > self.twelve;
        let half = match (after_noon, bare) {
            (true, true) => "pm",
            (true, false) => "p.m.",
            (false, true) => "am",
            (false, false) => "a.m.",
        };
        // The stop of the sentence serves both.
        let stopped = passage.tokens().get(time.end).is_some_and(|t| t.glued && passage.written(t) == ".");
        let half = if stopped { half.trim_end_matches('.') } else { half };
        let hour = (time.hour + 11) % 12 + 1;
        let guardian = self.style == Style::Guardian;
        let mark = if guardian { '.' } else { ':' };
        let gap = if guardian { "" } else { " " };
        let half = if guardian { half.replace('.', "") } else { half.to_owned() };
        if minutes == 0 { format!("{hour}{gap}{half}") } else { format!("{hour}{mark}{minutes:02}{gap}{half}") }
    }

    /// "5:30 p.m." where the day has twenty-four hours; "à 17:30" in French.
    fn english_elsewhere(&self, habits: &Habits, passage: &Passage<'_>, at: usize, time: &Clock) -> Option<Draft> {
        let led = self.is(passage, at.checked_sub(1), "before");
        let (hour, confidence, message) = match time.half {
            Some(half) if matches!(time.hour, 1..=12) => {
                let hour = time.hour % 12 + if half.after_noon { 12 } else { 0 };
                (hour, TWELVE, "the day has twenty-four hours here")
            }
            None if time.mark == Mark::Colon && led && habits.value("clock") == "letter" => {
                (time.hour, COLON, "an h stands between hour and minutes")
            }
            None if time.mark == Mark::Letter && habits.value("clock") != "letter" && time.minute.is_some() => {
                (time.hour, NO_CLOCK, "no time of day has an h here")
            }
            _ => return None,
        };
        let minute = time.minute.unwrap_or(0);
        let form = if minute == 0 { habits.value("clock-hour") } else { habits.value("clock-form") };
        let mut text =
            form.replace("MM", &format!("{minute:02}")).replacen('H', &hour.to_string(), 1).replace('_', "\u{a0}");
        // The word that belongs to the time may stand there already: "17.30 Uhr".
        let word = text.rsplit(' ').next().unwrap_or("");
        if passage.tokens().get(time.end).is_some_and(|t| !word.is_empty() && passage.written(t) == word) {
            text.truncate(text.len() - word.len());
            text.truncate(text.trim_end().len());
        }
        let draft = Draft::new(time.span, confidence, message).because(EvidenceKind::Pattern, "a time of day", None);
        Some(if form.is_empty() { draft } else { draft.fix(Fix::replace(time.span, text, 0.85)) })
    }

    /// Reads a time that begins with a figure.
    fn read(&self, passage: &Passage<'_>, at: usize) -> Option<Clock> {
        let tokens = passage.tokens();
        let written = passage.written(&tokens[at]);
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        if !matches!(digits, 1 | 2) {
            return None;
        }
        let hour: u32 = written[..digits].parse().ok().filter(|hour| *hour < 24)?;
        let nought = written.starts_with('0') && digits == 2;
        let rest = &written[digits..];
        let minutes = |s: &str| (s.len() == 2).then(|| s.parse::<u32>().ok().filter(|m| *m < 60)).flatten();
        let number = |i: usize| {
            let token = tokens.get(i).filter(|t| t.kind == TokenKind::Number)?;
            minutes(passage.written(token))
        };
        let mark_at = |i: usize, mark: &str| tokens.get(i).is_some_and(|t| t.glued && passage.written(t) == mark);
        let (mut minute, mut mark, mut end, mut suffix) = (None, Mark::None, at + 1, rest);
        if let Some(tail) = rest.strip_prefix('.') {
            let count = tail.bytes().take_while(u8::is_ascii_digit).count();
            minute = Some(minutes(&tail[..count])?);
            (mark, suffix) = (Mark::Stop, &tail[count..]);
        } else if let Some(tail) = rest.strip_prefix(['h', 'H']) {
            minute = if tail.is_empty() { None } else { Some(minutes(tail)?) };
            (mark, suffix) = (Mark::Letter, "");
        } else if rest.is_empty() && mark_at(at + 1, ":") && tokens.get(at + 2).is_some_and(|t| t.glued) {
            minute = Some(self.colon_minutes(passage, at + 2)?);
            let last = passage.written(&tokens[at + 2]);
            (mark, end, suffix) = (Mark::Colon, at + 3, &last[2..]);
            // "3:10:25" is how long somebody ran.
            if mark_at(end, ":") || mark_at(end, ".") && tokens.get(end + 1).is_some_and(|t| t.glued) {
                return None;
            }
        } else if rest.is_empty() && tokens.get(at + 1).is_some_and(|t| passage.written(t) == "h") {
            minute = number(at + 2).filter(|_| !mark_at(at + 3, "."));
            (mark, end) = (Mark::Letter, at + 2 + usize::from(minute.is_some()));
            // "17 h 30 min" is how long it took.
            let lasts = tokens.get(end).is_some_and(|t| passage.folded(t).starts_with("min"));
            if lasts {
                return None;
            }
        }
        let mut half = self.half(suffix);
        if !suffix.is_empty() && half.is_none() {
            return None;
        }
        let mut last = end;
        if half.is_none()
            && let Some(token) = tokens.get(end).filter(|t| t.kind == TokenKind::Word)
        {
            half = self
                .half(passage.folded(token))
                .filter(|half| half.dotted || mark != Mark::None || token.case == Case::Lower);
            last += usize::from(half.is_some());
        }
        if mark == Mark::None && half.is_none() {
            return None;
        }
        // The stop of "p.m." belongs to it, unless it ends the sentence.
        let stop = half.is_some_and(|half| half.dotted) && mark_at(last, ".") && last + 1 < tokens.len();
        last += usize::from(stop);
        let span = tokens[at].span.cover(tokens[last - 1].span);
        Some(Clock { hour, minute, mark, nought, end: last, half, span })
    }

    /// Minutes behind a colon, with what may stand against them ("30pm").
    fn colon_minutes(&self, passage: &Passage<'_>, at: usize) -> Option<u32> {
        let written = passage.written(&passage.tokens()[at]);
        let (digits, rest) = written.split_at_checked(2)?;
        let minutes = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u32>().ok())??;
        (minutes < 60 && (rest.is_empty() || self.half(rest).is_some())).then_some(minutes)
    }

    fn half(&self, written: &str) -> Option<Half> {
        if written.is_empty() || written.len() > 4 {
            return None;
        }
        let folded = written.to_ascii_lowercase();
        self.clock.get(&folded).filter(|row| row.column(0) == "half")?;
        Some(Half { after_noon: folded.starts_with('p'), dotted: folded.contains('.') })
    }
}
