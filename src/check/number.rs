//! `number/*`: figures.

mod change;
mod ratio;
mod value;

use crate::analyse::{Document, Passage};
use crate::check::figure::{Counted, Habits, Shape, digits_of, end_of_range, is_lower, is_term, stands_free};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, TokenKind};

pub(super) use ratio::RATIO;
pub(super) use value::{MAGNITUDE, VALUE};

pub(super) static FORMAT: Rule = Rule {
    id: "number/format",
    summary: "A figure with the marks of another language: 7,5% in English, 214,000 in French.",
    mqm: "locale",
    its: "numbers",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Alignment, Layer::Terms],
    languages: Languages::WithTable("numbers"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(format),
};

/// The marks can be read in one way only, and it is not the language's.
const ONE_READING: f64 = 0.95;
/// The source has the same numeral, and its language reads it so.
const AS_IN_SOURCE: f64 = 0.93;
/// A fraction of something whole: "3.127 votes".
const WHOLE_THINGS: f64 = 0.9;
/// Three noughts after the mark: nobody writes them as a fraction.
const NOUGHTS: f64 = 0.85;
/// "1.400 of its 5,200 jobs", in a text that groups its other figures.
const PART: f64 = 0.75;
/// "300 thousand", which English news prints in figures.
const THOUSAND: f64 = 0.85;
/// The desks of the language differ, and this text has made its choice elsewhere.
const AGAINST_THE_TEXT: f64 = 0.7;

fn format(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let Some(habits) = Habits::of_target(document) else {
        return Box::new(Nothing);
    };
    let (text, surface) = (document.target.text(), document.target.surface());
    let (mut grouped, mut fractions) = (0, 0);
    for token in surface.tokens.iter().filter(|t| t.kind == TokenKind::Number) {
        match Shape::of(token.span.of(text)) {
            Some(Shape::Pair(_, mark, tail)) if tail.len() == 3 && habits.groups_by(mark) => grouped += 1,
            Some(Shape::Pair(_, mark, tail)) if tail.len() < 3 && mark == habits.decimal => fractions += 1,
            _ => {}
        }
    }
    Box::new(Figures { habits, grouped, fractions })
}

/// Nothing is known of the language's figures.
struct Nothing;

impl Survey for Nothing {
    fn check(&self, _: &Document<'_>, _: &Passage<'_>, _: &mut Vec<Draft>) {}
}

/// What the text does with its figures.
struct Figures {
    habits: Habits,
    /// How many are grouped as the language does it.
    grouped: usize,
    /// How many have a fraction as the language writes it.
    fractions: usize,
}

/// A reading of a numeral: how sure it is, why, and how the language writes it.
struct Reading {
    confidence: f64,
    message: String,
    detail: &'static str,
    kind: EvidenceKind,
    written: String,
    safe: bool,
}

impl Survey for Figures {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() == BlockKind::Byline {
            return;
        }
        let tokens = passage.tokens();
        for (at, token) in tokens.iter().enumerate() {
            if token.kind != TokenKind::Number || is_part_of_code(passage, at) {
                continue;
            }
            if let Some(draft) = self.in_thousands(passage, at).or_else(|| self.spaced(document, passage, at)) {
                if !is_term(document, passage, draft.span) {
                    out.push(draft);
                }
                continue;
            }
            let Some(shape) = Shape::of(passage.written(token)) else {
                continue;
            };
            if matches!(shape, Shape::Plain(_)) || !stands_free(passage, at, at) {
                continue;
            }
            let Some(reading) = self.read(document, passage, at, shape) else {
                continue;
            };
            if reading.written == passage.written(token) || is_term(document, passage, token.span) {
                continue;
            }
            let fix = Fix::replace(token.span, reading.written, 0.95);
            let fix = if reading.safe { fix.safe() } else { fix };
            out.push(Draft::new(token.span, reading.confidence, reading.message).fix(fix).because(
                reading.kind,
                reading.detail,
                None,
            ));
        }
    }
}

impl Figures {
    /// What a numeral with foreign marks means; `None` where its marks are the language's or nothing tells.
    fn read(&self, document: &Document<'_>, passage: &Passage<'_>, at: usize, shape: Shape<'_>) -> Option<Reading> {
        let habits = &self.habits;
        let written = passage.written(&passage.tokens()[at]);
        let name = document.target.data().name();
        let grouping = |confidence, kind, detail, safe| Reading {
            confidence,
            message: format!("{name} does not group thousands in this way"),
            detail,
            kind,
            written: habits.write(&digits_of(written), ""),
            safe,
        };
        match shape {
            Shape::Plain(_) => None,
            Shape::Grouped(_, mark) if habits.groups_by(mark) => None,
            Shape::Grouped(..) => Some(grouping(ONE_READING, EvidenceKind::Pattern, "thousands twice", true)),
            Shape::Both(_, group, decimal, _) if habits.groups_by(group) && decimal == habits.decimal => None,
            Shape::Both(whole, _, decimal, tail) => (matches!(decimal, '.' | ',')).then(|| Reading {
                confidence: ONE_READING,
                message: self.fraction_message(name),
                detail: "thousands and a fraction",
                kind: EvidenceKind::Pattern,
                written: habits.write(&digits_of(whole), tail),
                safe: true,
            }),
            Shape::Pair(lead, mark, tail)
                if tail.len() == 3 && matches!(lead.len(), 1..=3) && !lead.starts_with('0') =>
            {
                if habits.groups_by(mark) || !matches!(mark, '.' | ',') {
                    return None;
                }
                if has_twin(document, passage, written, |source| source.groups_by(mark) && source.decimal != mark) {
                    return Some(grouping(AS_IN_SOURCE, EvidenceKind::Source, "the source groups thousands so", true));
                }
                let whole = self.whole_things(passage, at + 1);
                match whole {
                    Some(Counted::Whole) => {
                        Some(grouping(WHOLE_THINGS, EvidenceKind::Data, "what is counted has no fractions", false))
                    }
                    Some(Counted::Part) if self.grouped > 0 => {
                        Some(grouping(PART, EvidenceKind::Document, "the text groups its other figures", false))
                    }
                    // "99,000 %" is a fraction that is meant to be exact, and "Y = 10.000" is no news.
                    None | Some(Counted::Currency | Counted::Part)
                        if tail == "000" && lead.len() > 1 && !follows(passage, at, "=") =>
                    {
                        Some(grouping(NOUGHTS, EvidenceKind::Pattern, "three noughts", false))
                    }
                    _ => None,
                }
            }
            Shape::Pair(lead, mark, tail) => self.fraction(document, passage, at, (lead, mark, tail)),
        }
    }

    fn fraction_message(&self, name: &str) -> String {
        let mark = if self.habits.decimal == ',' { "a comma" } else { "a point" };
        format!("{name} writes {mark} before a fraction")
    }

    /// A fraction after the other mark.
    fn fraction(
        &self,
        document: &Document<'_>,
        passage: &Passage<'_>,
        at: usize,
        (lead, mark, tail): (&str, char, &str),
    ) -> Option<Reading> {
        if mark == self.habits.decimal || !matches!(mark, '.' | ',') || (lead.starts_with('0') && lead.len() > 1) {
            return None;
        }
        // Three places, or a mark that groups, could be thousands after all.
        if tail.len() == 3 && lead != "0" {
            return None;
        }
        let after = end_of_range(passage, at) + 1;
        let counted = self.habits.counted(passage, after).is_some_and(Counted::divides);
        let tokens = passage.tokens();
        let priced = at.checked_sub(1).is_some_and(|i| {
            let sign = matches!(passage.written(&tokens[i]), "$" | "€" | "£" | "¥");
            sign && tokens[at].glued && tail.len() <= 2
        });
        let (confidence, kind, detail) = if counted || priced {
            (ONE_READING, EvidenceKind::Data, "what is counted may have fractions")
        } else {
            let written = passage.written(&tokens[at]);
            let twin = mark == ',' && has_twin(document, passage, written, |source| source.decimal == mark);
            let listed = tokens.get(at + 1).is_some_and(|t| matches!(passage.written(t), "," | ";"));
            if !twin || listed {
                return None;
            }
            (AS_IN_SOURCE, EvidenceKind::Source, "the source has the same fraction")
        };
        let both = self.habits.value("both") == "decimal";
        if both && self.fractions == 0 {
            return None;
        }
        Some(Reading {
            confidence: if both { AGAINST_THE_TEXT } else { confidence },
            message: self.fraction_message(document.target.data().name()),
            detail,
            kind,
            written: self.habits.write(lead, tail),
            safe: !both,
        })
    }

    /// What follows a figure, past one adjective: "3.127 valid votes".
    fn whole_things(&self, passage: &Passage<'_>, at: usize) -> Option<Counted> {
        let next = self.habits.counted(passage, at);
        if next.is_some() {
            return next;
        }
        let tokens = passage.tokens();
        let adjective = tokens.get(at).is_some_and(|t| is_lower(t) && t.span.len() >= ADJECTIVE);
        let noun = self.habits.counted(passage, at + 1).filter(|_| adjective);
        noun.filter(|counted| *counted == Counted::Whole)
    }

    /// "2.1 thousand", "300 thousand", "2 thousand 400", where the language prints 2,100.
    fn in_thousands(&self, passage: &Passage<'_>, at: usize) -> Option<Draft> {
        let word = self.habits.value("thousand");
        let tokens = passage.tokens();
        let thousand = tokens.get(at + 1).filter(|t| !word.is_empty() && is_lower(t) && !t.glued)?;
        if passage.folded(thousand) != word || !stands_free(passage, at, at) {
            return None;
        }
        let next = tokens.get(at + 2);
        // "300 thousand-strong", "3 thousand million".
        if next.is_some_and(|t| t.glued && passage.written(t) == "-")
            || self.habits.counted(passage, at + 2) == Some(Counted::Magnitude)
        {
            return None;
        }
        let value = thousands(passage.written(&tokens[at]), self.habits.decimal)?;
        let message = "thousands are printed in figures";
        let begin = tokens[at].span;
        // "2 million, 400 thousand" is spoken.
        if follows(passage, at, ",")
            && at.checked_sub(2).is_some_and(|i| self.habits.counted(passage, i) == Some(Counted::Magnitude))
        {
            return None;
        }
        let millions = at.checked_sub(2).filter(|&i| {
            tokens[i].kind == TokenKind::Number && self.habits.counted(passage, at - 1) == Some(Counted::Magnitude)
        });
        if let Some(first) = millions {
            let draft = Draft::new(tokens[first].span.cover(thousand.span), THOUSAND, message);
            let Shape::Plain(lead) = Shape::of(passage.written(&tokens[first]))? else {
                return None;
            };
            let tail = format!("{:03}", value / 1000);
            let number = self.habits.write(lead, tail.trim_end_matches('0'));
            let text = format!("{number} {}", passage.written(&tokens[at - 1]));
            let span = draft.span;
            let fits = value < 1_000_000 && value.is_multiple_of(1000);
            let million = self.habits.value("million");
            let known = !million.is_empty() && passage.folded(&tokens[at - 1]).starts_with(million);
            return Some(if fits && known { draft.fix(Fix::replace(span, text, 0.9)) } else { draft });
        }
        // "2 thousand 400"
        let rest = next.filter(|t| t.kind == TokenKind::Number && !t.glued).and_then(|t| {
            let written = passage.written(t);
            let alone = !matches!(Shape::of(passage.written(&tokens[at])), Some(Shape::Pair(..)));
            (alone && written.len() <= 3 && stands_free(passage, at + 2, at + 2))
                .then(|| written.parse::<u64>().ok())?
        });
        let end = if rest.is_some() { at + 2 } else { at + 1 };
        let number = self.habits.write(&(value + rest.unwrap_or(0)).to_string(), "");
        let range = self.range_before(passage, at);
        let span = range.as_ref().map_or(begin, |(first, _)| first.cover(begin)).cover(tokens[end].span);
        let text = range.map_or(number.clone(), |(_, lead)| format!("{lead}{number}"));
        Some(Draft::new(span, THOUSAND, message).fix(Fix::replace(span, text, 0.95)).because(
            EvidenceKind::Pattern,
            "a figure and the word for a thousand",
            None,
        ))
    }

    /// "10–15 thousand", "2 to 3 thousand": the place of the first figure, and what stands there in figures up to the second.
    fn range_before(&self, passage: &Passage<'_>, at: usize) -> Option<(Span, String)> {
        let tokens = passage.tokens();
        let [first, link] = tokens.get(at.checked_sub(2)?..at)? else {
            return None;
        };
        let dash = link.glued && tokens[at].glued && link.kind == TokenKind::Mark;
        let word = is_lower(link) && link.span.len() <= 3;
        if first.kind != TokenKind::Number || !(dash || word) {
            return None;
        }
        let value = thousands(passage.written(first), self.habits.decimal)?;
        let larger = thousands(passage.written(&tokens[at]), self.habits.decimal)?;
        let between = Span::new(first.span.end(), tokens[at].span.start()).of(passage.text.text());
        (value < larger).then(|| (first.span, format!("{}{between}", self.habits.write(&value.to_string(), ""))))
    }

    /// "214 000 people" in a language that does not group by a space.
    fn spaced(&self, document: &Document<'_>, passage: &Passage<'_>, at: usize) -> Option<Draft> {
        if self.habits.groups_by(' ') {
            return None;
        }
        let tokens = passage.tokens();
        let text = passage.text.text();
        let lead = passage.written(&tokens[at]);
        let is_lead =
            |s: &str| matches!(s.len(), 1..=3) && !s.starts_with('0') && s.bytes().all(|b| b.is_ascii_digit());
        if !is_lead(lead) {
            return None;
        }
        let mut last = at;
        let mut firm = true;
        while let Some(next) = tokens.get(last + 1).filter(|t| t.kind == TokenKind::Number && !t.glued) {
            let gap = Span::new(tokens[last].span.end(), next.span.start()).of(text);
            let written = passage.written(next);
            if written.len() != 3 || !written.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            firm &= matches!(gap, "\u{a0}" | "\u{202f}" | "\u{2009}");
            if gap.chars().count() != 1 {
                return None;
            }
            last += 1;
            if last - at > MAX_GROUPS {
                return None;
            }
        }
        // One figure before it makes it a telephone number.
        let lone = at.checked_sub(1).is_none_or(|i| tokens[i].kind != TokenKind::Number);
        if last == at || !lone || !stands_free(passage, at, last) {
            return None;
        }
        let span = tokens[at].span.cover(tokens[last].span);
        let counted = self.habits.counted(passage, last + 1).filter(|c| !matches!(c, Counted::Part | Counted::Percent));
        let calendar = document.target.data().table("calendar");
        let dated = at.checked_sub(1).is_some_and(|i| calendar.has(passage.folded(&tokens[i])));
        let noughts = passage.written(&tokens[last]) == "000";
        let twin = || has_twin(document, passage, span.of(text), |source| source.groups_by(' '));
        if dated || counted.is_none() || !(noughts || firm || twin()) {
            return None;
        }
        let written = self.habits.write(&digits_of(span.of(text)), "");
        let name = document.target.data().name();
        let message = format!("{name} does not group thousands in this way");
        Some(Draft::new(span, WHOLE_THINGS, message).fix(Fix::replace(span, written, 0.95)).because(
            EvidenceKind::Data,
            "thousands with a space",
            None,
        ))
    }
}

/// The most groups of three after the first: more make a code.
const MAX_GROUPS: usize = 3;
/// The longest stretch of the source, in bytes, that a numeral is looked for in: several long sentences.
const MAX_STRETCH: usize = 4_096;
/// Fewest bytes of a word that may stand between a figure and what it counts; shorter ones are function words.
const ADJECTIVE: usize = 4;

/// Whether a token stands right after a mark.
fn follows(passage: &Passage<'_>, at: usize, mark: &str) -> bool {
    at.checked_sub(1).is_some_and(|i| passage.written(&passage.tokens()[i]) == mark)
}

/// How many a figure of thousands is, if it is a whole number: "2.1" is 2,100.
fn thousands(written: &str, decimal: char) -> Option<u64> {
    let (whole, tail) = match Shape::of(written)? {
        Shape::Plain(digits) => (digits, ""),
        Shape::Pair(whole, mark, tail) if mark == decimal && tail.len() <= 3 => (whole, tail),
        _ => return None,
    };
    let whole: u64 = whole.parse().ok().filter(|n| *n < 1000)?;
    let tail: u64 = format!("{tail:0<3}").parse().ok()?;
    Some(whole * 1000 + tail).filter(|n| *n > 0)
}

/// Whether the sentences that a passage renders have the same numeral, letter for letter, in a language that reads it so.
fn has_twin(document: &Document<'_>, passage: &Passage<'_>, written: &str, reads: impl Fn(&Habits) -> bool) -> bool {
    let Some(source) = &document.source else {
        return false;
    };
    if !Habits::of(source.data()).is_some_and(|habits| reads(&habits)) {
        return false;
    }
    let surface = source.surface();
    let matched = document.alignment().source_of(passage.place).source;
    let (Some(first), Some(last)) =
        (surface.sentences.get(matched.start), surface.sentences.get(matched.end.wrapping_sub(1)))
    else {
        return false;
    };
    let place = first.span.cover(last.span);
    if place.len() > MAX_STRETCH {
        return false;
    }
    let plain = |s: &str| s.replace(['\u{a0}', '\u{202f}', '\u{2009}'], " ");
    let (stretch, wanted) = (plain(place.of(source.text())), plain(written));
    stretch.match_indices(&wanted).any(|(at, _)| {
        let beside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
        let after = stretch[at + wanted.len()..].chars();
        !beside(stretch[..at].chars().next_back()) && !beside(after.clone().next()) && !goes_on(after)
    })
}

/// A mark with a digit behind it: the numeral goes on.
fn goes_on(mut after: std::str::Chars<'_>) -> bool {
    matches!(after.next(), Some('.' | ',')) && after.next().is_some_and(|c| c.is_ascii_digit())
}
