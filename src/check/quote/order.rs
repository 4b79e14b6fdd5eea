//! Comma and stop at the end of a quotation: on which side of the closing mark they stand, and where they should.

use super::{Customs, Quote};
use crate::analyse::quotes::{Quotations, is_single};
use crate::language::Table;
use crate::span::Span;
use crate::style::Style;
use crate::surface::Surface;

/// Where a comma or stop belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before the closing mark.
    Inside,
    /// After it.
    Outside,
    /// Either will do.
    Either,
}

/// What a quotation is, for where its comma goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A sentence that somebody said.
    Speech,
    /// Words within a sentence.
    Words,
}

/// Fewest words of a quotation that counts as speech: fewer with a capital are mostly a title.
const SPEECH_WORDS: usize = 3;
/// A lower-case word of so many bytes is none of those that titles leave without a capital, but for "with" and "from".
const CONTENT_BYTES: usize = 4;
/// So many characters at the head of a quotation tell which it is.
const HEAD: usize = 120;
/// A text that has so many words quoted with the comma inside, and a quarter as many outside, has that for its habit.
/// British desks have speech inside and words outside, so the two are counted apart.
const HABIT: usize = 3;
/// How many inside for one outside.
const OVERWHELMING: usize = 4;

/// Where a text has its commas and stops: how often inside, how often outside.
#[derive(Clone, Copy, Default)]
struct Tally {
    inside: usize,
    outside: usize,
}

/// The custom of a language, a desk and a text.
pub(super) struct Order {
    comma: Custom,
    stop: Custom,
    speech: Tally,
    words: Tally,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Custom {
    Inside,
    Outside,
    /// Speech inside, words as the text has them.
    Text,
    Either,
}

impl Order {
    pub(super) fn of(customs: &Customs, style: Style, text: &str, surface: &Surface, quotations: &Quotations) -> Self {
        let custom = |key: &str| {
            let of_desk = customs.row(&format!("{key} {}", style.name()), "order");
            match of_desk.or_else(|| customs.row(key, "order")) {
                Some("inside") => Custom::Inside,
                Some("outside") => Custom::Outside,
                Some("text") => Custom::Text,
                _ => Custom::Either,
            }
        };
        let mut order =
            Self { comma: custom("comma"), stop: custom("stop"), speech: Tally::default(), words: Tally::default() };
        if order.comma != Custom::Text && order.stop != Custom::Text {
            return order;
        }
        for mark in quotations.marks.iter().filter(|m| m.opens) {
            let Some(quote) = Quote::of(text, quotations, mark) else {
                continue;
            };
            let (open, close) = quote.marks();
            if is_single(open) || customs.judge(open, close, true).is_some() {
                continue;
            }
            let tally = match kind(&quote, surface) {
                Kind::Speech => &mut order.speech,
                Kind::Words => &mut order.words,
            };
            match end(text, quote.close.span) {
                (_, Some(_)) => tally.outside += 1,
                (Some(_), None) => tally.inside += 1,
                (None, None) => {}
            }
        }
        order
    }

    /// Where `mark`, a comma or a stop, belongs after this quotation, as far as language, desk and text decide.
    pub(super) fn place(&self, quote: &Quote<'_>, surface: &Surface, mark: char) -> Place {
        match if mark == ',' { self.comma } else { self.stop } {
            Custom::Inside => Place::Inside,
            Custom::Outside => Place::Outside,
            Custom::Either => Place::Either,
            Custom::Text => match kind(quote, surface) {
                Kind::Speech if self.speech.inside >= self.speech.outside.max(1) => Place::Inside,
                Kind::Words if self.words.inside >= HABIT.max(OVERWHELMING * self.words.outside) => Place::Inside,
                _ => Place::Either,
            },
        }
    }

    /// The same where something is written anew and has to stand somewhere.
    pub(super) fn place_anew(&self, quote: &Quote<'_>, surface: &Surface, mark: char) -> Place {
        let text = if mark == ',' { self.comma } else { self.stop } == Custom::Text;
        match self.place(quote, surface, mark) {
            Place::Either if text => {
                let tally = if kind(quote, surface) == Kind::Speech { self.speech } else { self.words };
                if tally.inside >= tally.outside { Place::Inside } else { Place::Either }
            }
            place => place,
        }
    }
}

/// A whole sentence that begins where a sentence, or after a colon or comma, speech may begin; otherwise words of one.
fn kind(quote: &Quote<'_>, surface: &Surface) -> Kind {
    let inside = quote.inside();
    let inside = inside.char_indices().nth(HEAD).map_or(inside, |(end, _)| &inside[..end]);
    let capital = inside.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase);
    let start = quote.open.span.start();
    let block = surface.sentence_at(start).and_then(|s| surface.blocks.get(surface.sentences[s].block));
    let before = block.map_or("", |b| Span::new(b.span.start().min(start), start).of(quote.text)).trim_end();
    let opens = before.is_empty() || before.ends_with(['.', '?', '!', '…', ':', ',', '”', '"', '»']);
    // A title has capitals throughout: “Gone with the Wind”.
    let words = || inside.split_whitespace().skip(1);
    let capitals = words().filter(|w| w.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)).count();
    let lower = words().filter(|w| w.len() >= CONTENT_BYTES && w.starts_with(char::is_lowercase)).count();
    let long = words().take(SPEECH_WORDS - 1).count() == SPEECH_WORDS - 1 && lower > capitals;
    if capital && opens && long { Kind::Speech } else { Kind::Words }
}

/// The comma or stop before a closing mark, and the one after it.
pub(super) fn end(text: &str, close: Span) -> (Option<char>, Option<char>) {
    let single = |c: &char| matches!(c, ',' | '.');
    let before = text[..close.start()].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let mut inner = before.chars().rev();
    let inside = inner.next().filter(single).filter(|_| inner.next() != Some('.'));
    let mut outer = text[close.end()..].chars();
    // A letter right after it makes it part of an address, a figure, a line of code.
    let goes_on = |c: char| c == '.' || c == '"' || c.is_alphanumeric();
    let outside = outer.next().filter(single).filter(|_| !outer.next().is_some_and(goes_on));
    (inside, outside)
}

/// How a closing mark is written anew with the comma or stop beside it: the place that is touched, and what stands there
/// then. `place` says where the comma or stop belongs.
pub(super) fn rewritten(text: &str, close: Span, written: &str, place: impl Fn(char) -> Place) -> (Span, String) {
    let before = text[..close.start()].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let spaced = Span::new(before.len(), close.end());
    let last = before.chars().next_back();
    match end(text, close) {
        (inside, Some(mark)) if place(mark) == Place::Inside => {
            let whole = Span::new(before.len(), close.end() + 1);
            match inside {
                // “x.”, and “x,”. lose one of the two; the one that ends the sentence stays.
                Some(inner) if inner == mark => (whole, written.to_owned()),
                Some(inner) => {
                    let kept = if mark == '.' { '.' } else { ',' };
                    (Span::new(before.len() - inner.len_utf8(), whole.end()), format!("{kept}{written}"))
                }
                None if last.is_some_and(|c| "?!…,".contains(c)) => (spaced, written.to_owned()),
                None => (whole, format!("{mark}{written}")),
            }
        }
        (Some(mark), outside) if place(mark) == Place::Outside && !is_after_abbreviation(before) => {
            let whole = Span::new(before.len() - 1, close.end());
            let next = text[close.end()..].chars().next();
            let taken = outside.is_some() || next.is_some_and(|c| ";:?!…".contains(c));
            (whole, if taken { written.to_owned() } else { format!("{written}{mark}") })
        }
        _ => (spaced, written.to_owned()),
    }
}

/// How a quotation ends before the words that say whose it is: whether its last sign goes, and what is written in place of the
/// closing mark. `table` is the language's `quotation`, `last` what stands before the mark.
pub(crate) fn before_attribution(table: &Table, last: Option<char>, mark: &str) -> (bool, String) {
    let is = |key: &str, value: &str| table.get(key).is_some_and(|row| row.column(1) == value);
    match last {
        Some('?' | '!' | '…') if is("question", "bare") => (false, mark.to_owned()),
        Some(',') if !is("comma", "outside") => (false, mark.to_owned()),
        Some('.' | ',') if is("speech", "inside") => (true, format!(",{mark}")),
        Some('.' | ',') => (true, format!("{mark},")),
        _ if is("speech", "inside") => (false, format!(",{mark}")),
        _ => (false, format!("{mark},")),
    }
}

/// "EE. UU.”", "и т. д.»": the stop belongs to the letters before it.
fn is_after_abbreviation(before: &str) -> bool {
    let Some(before) = before.strip_suffix('.') else {
        return false;
    };
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    word.chars().count() <= ABBREVIATION || word.chars().skip(1).any(char::is_uppercase)
}

/// A word of so few letters before a stop may be an abbreviation.
const ABBREVIATION: usize = 3;
