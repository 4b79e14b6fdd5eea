//! Figures as the rules for numbers, units, money, dates and times see them: the shape of a numeral, the word that says what
//! it counts, and how the language writes it.

use crate::analyse::{Document, Passage};
use crate::check::Draft;
use crate::check::repair::is_part_of_code;
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

/// The longest numeral that is looked at, in bytes: longer ones are no figures of news.
const MAX_NUMERAL: usize = 24;

/// How many forms of a glossary that begin before the end of a place are asked whether they cover it.
const NEAR: usize = 16;

/// How a language writes figures: its table `numbers`.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    table: Table,
    words: Table,
    /// The mark before a fraction.
    pub(super) decimal: char,
    /// Nouns have a capital.
    capitals: bool,
}

impl Habits {
    /// Those of a language; `None` where nothing is known.
    pub(super) fn of(data: LanguageData) -> Option<Self> {
        let table = data.table("numbers");
        let decimal = mark(table.get("decimal")?.column(0));
        Some(Self { table, words: data.table("quantity-words"), decimal, capitals: data.capitalises_nouns() })
    }

    /// Those of the translation, unless its region has others.
    pub(super) fn of_target(document: &Document<'_>) -> Option<Self> {
        let habits = Self::of(document.target.data())?;
        let region = document.target_language().and_then(|language| language.region());
        let other = region.is_some_and(|region| habits.list("other-regions").any(|other| other == region));
        (!other).then_some(habits)
    }

    /// A value of the table; empty where it has none.
    pub(super) fn value(&self, key: &str) -> &'static str {
        self.table.get(key).map_or("", |row| row.column(0))
    }

    /// A value that is a list.
    pub(super) fn list(&self, key: &str) -> impl Iterator<Item = &'static str> + use<> {
        self.value(key).split(' ').filter(|value| !value.is_empty())
    }

    /// Whether the language groups thousands by a mark.
    pub(super) fn groups_by(&self, found: char) -> bool {
        self.list("group").any(|name| mark(name) == plain_space(found))
    }

    /// A number as the language writes it, from its digits before and after the decimal mark.
    pub(super) fn write(&self, whole: &str, fraction: &str) -> String {
        let from: usize = self.value("grouped-from").parse().unwrap_or(usize::MAX);
        let group = self.list("group").next().map_or('\u{a0}', |name| no_break(mark(name)));
        let mut out = String::with_capacity(whole.len() + fraction.len() + 4);
        for (index, digit) in whole.chars().enumerate() {
            let left = whole.len() - index;
            if index > 0 && left.is_multiple_of(3) && whole.len() >= from {
                out.push(group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push(self.decimal);
            out.push_str(fraction);
        }
        out
    }

    /// What a token of a passage counts, if it is a word or sign that follows figures.
    pub(super) fn counted(&self, passage: &Passage<'_>, at: usize) -> Option<Counted> {
        let tokens = passage.tokens();
        let token = tokens.get(at).filter(|t| t.kind != TokenKind::Mask)?;
        let folded = passage.folded(token);
        let kind = match self.words.get(folded) {
            Some(row) if row.column(0) == "opens" => {
                let pair = format!("{folded} {}", passage.folded(tokens.get(at + 1)?));
                self.words.get(&pair)?.column(0)
            }
            Some(row) => row.column(0),
            None => shared_words().get(folded)?.column(0),
        };
        // "Table 1.1 Degrees": a capital begins something else.
        let begins = token.case == Case::Title && token.span.len() > 2 && !self.capitals;
        Counted::named(kind).filter(|counted| !(begins && *counted == Counted::Unit))
    }
}

/// Whether something is a unit beyond doubt, as it is written, even against its figure: "km" of "5km".
pub(super) fn is_unit_against_figure(folded: &str, written: &str) -> bool {
    shared_words()
        .get(folded)
        .is_some_and(|row| Counted::named(row.column(0)) == Some(Counted::Unit) && row.column(1) == written)
}

/// Looks at every figure of running text that is no part of code, in a language whose habits are known. A text that parts its
/// marks from its words by spaces (a tokeniser's) says nothing of how figures are written, so what is found in one is dropped;
/// that is asked only once something is found.
pub(super) fn each_figure(
    document: &Document<'_>,
    passage: &Passage<'_>,
    out: &mut Vec<Draft>,
    look: impl Fn(&Habits, usize) -> Option<Draft>,
) {
    if passage.kind() == BlockKind::Byline {
        return;
    }
    let mut figures =
        (0..passage.tokens().len()).filter(|&at| passage.tokens()[at].kind == TokenKind::Number).peekable();
    // Most sentences have no figure, and the habits are looked up in tables.
    let Some(habits) = figures.peek().and_then(|_| Habits::of_target(document)) else {
        return;
    };
    let found: Vec<Draft> =
        figures.filter(|&at| !is_part_of_code(passage, at)).filter_map(|at| look(&habits, at)).collect();
    if !found.is_empty() && !is_spaced_out(passage) {
        out.extend(found);
    }
}

/// Signs and abbreviations that follow figures in any language.
fn shared_words() -> Table {
    LanguageData::shared().table("quantity-words")
}

/// What a word after a figure says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    Magnitude,
    Percent,
    Unit,
    Currency,
    /// Whole things: people, votes, tents.
    Whole,
    /// A part of them is spoken of: "1,400 of its jobs".
    Part,
}

impl Counted {
    fn named(kind: &str) -> Option<Self> {
        Some(match kind {
            "magnitude" => Self::Magnitude,
            "percent" => Self::Percent,
            "unit" => Self::Unit,
            "currency" => Self::Currency,
            "count" => Self::Whole,
            "part" => Self::Part,
            _ => return None,
        })
    }

    /// What it counts may be had in fractions.
    pub(super) fn divides(self) -> bool {
        matches!(self, Self::Magnitude | Self::Percent | Self::Unit | Self::Currency)
    }
}

fn mark(name: &str) -> char {
    match name {
        "comma" => ',',
        "stop" => '.',
        "apostrophe" => '’',
        _ => ' ',
    }
}

/// Every kind of space as one.
fn plain_space(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\'' => '’',
        c => c,
    }
}

fn no_break(c: char) -> char {
    if c == ' ' { '\u{a0}' } else { c }
}

/// The shape of a numeral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// Digits alone.
    Plain(&'a str),
    /// Digits, a mark, digits: "3.4", "1,400".
    Pair(&'a str, char, &'a str),
    /// Thousands, at least twice, by one mark: "1.234.567".
    Grouped(&'a str, char),
    /// Thousands and a fraction: "1,234.5".
    Both(&'a str, char, char, &'a str),
}

impl<'a> Shape<'a> {
    /// The shape of what is written; `None` where it is not digits with marks between them.
    pub(super) fn of(written: &'a str) -> Option<Self> {
        let digit = |c: char| c.is_ascii_digit();
        if written.len() > MAX_NUMERAL || !written.starts_with(digit) || !written.ends_with(digit) {
            return None;
        }
        let mut marks = written.char_indices().filter(|(_, c)| !digit(*c));
        let Some((first_at, first)) = marks.next() else {
            return Some(Self::Plain(written));
        };
        if !is_mark(first) {
            return None;
        }
        let (lead, rest) = (&written[..first_at], &written[first_at + first.len_utf8()..]);
        let Some((last_at, last)) = marks.next_back() else {
            return Some(Self::Pair(lead, first, rest));
        };
        let (whole, tail) = (&written[..last_at], &written[last_at + last.len_utf8()..]);
        let thousands = |digits: &str| {
            let mut groups = digits.split(first);
            groups.next().is_some_and(|lead| matches!(lead.len(), 1..=3) && !lead.starts_with('0'))
                && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
        };
        if first == last && thousands(written) {
            Some(Self::Grouped(written, first))
        } else if first != last && is_mark(last) && thousands(whole) {
            Some(Self::Both(whole, first, last, tail))
        } else {
            None
        }
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | '\u{202f}')
}

/// The digits of a numeral alone.
pub(super) fn digits_of(numeral: &str) -> String {
    numeral.chars().filter(char::is_ascii_digit).collect()
}

/// Whether tokens stand as a figure in running text, and are not part of a date, a telephone number, an address, a version.
pub(super) fn stands_free(passage: &Passage<'_>, first: usize, last: usize) -> bool {
    let tokens = passage.tokens();
    let before = first.checked_sub(1).map(|i| &tokens[i]).filter(|_| tokens[first].glued);
    let after = tokens.get(last + 1).filter(|t| t.glued);
    let beyond = tokens.get(last + 2).filter(|t| t.glued);
    let opens = |t: &Token| {
        // Where words are not parted by spaces, a word stands against every figure.
        let unspaced = t.kind == TokenKind::Word && t.case == Case::None;
        let sign = shared_words().get(passage.folded(t)).is_some_and(|row| row.column(0) == "currency");
        sign || unspaced
            || (t.kind == TokenKind::Mark
                && !matches!(passage.written(t), "/" | "." | "_" | "#" | ":" | "@" | "," | "*" | "="))
    };
    let closes = |t: &Token| match passage.written(t) {
        "/" | ":" | "_" | "@" | "#" | "*" | "=" => false,
        "." | "," => beyond.is_none_or(|t| t.kind == TokenKind::Mark),
        _ => true,
    };
    // "B-1.400", "COVID-19,5"
    let named = before.is_some_and(|t| t.glued)
        && first.checked_sub(2).is_some_and(|i| tokens[i].kind == TokenKind::Word && tokens[first - 1].span.len() <= 3);
    let sign = before.is_some_and(opens) && before.is_some_and(|t| !is_dash(passage, t));
    before.is_none_or(opens) && after.is_none_or(closes) && (!named || sign)
}

fn is_dash(passage: &Passage<'_>, token: &Token) -> bool {
    matches!(passage.written(token), "-" | "–" | "—" | "\u{2011}")
}

/// Whether a place lies in a form of a glossary.
pub(super) fn is_term(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    let terms = document.target_terms(passage);
    let after = terms.partition_point(|term| term.hit.span.start() < span.end());
    terms[after.saturating_sub(NEAR)..after].iter().any(|term| term.hit.span.overlaps(span))
}

/// Where a range goes on after its first figure: "3,4–5,6 %". The index of the last token of the figures.
pub(super) fn end_of_range(passage: &Passage<'_>, at: usize) -> usize {
    let tokens = passage.tokens();
    match tokens.get(at + 1..at + 3) {
        Some([dash, next]) if dash.glued && next.glued && next.kind == TokenKind::Number && is_dash(passage, dash) => {
            at + 2
        }
        _ => at,
    }
}

/// Whether a figure is the second of a range: "3–5".
pub(super) fn follows_dash(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    tokens[at].glued
        && at.checked_sub(2).is_some_and(|i| tokens[i].kind == TokenKind::Number && is_dash(passage, &tokens[at - 1]))
}

/// Whether the sentence has spaces before its commas and stops, as text for machines has: its spaces say nothing then.
pub(super) fn is_spaced_out(passage: &Passage<'_>) -> bool {
    passage.tokens().iter().skip(1).any(|t| !t.glued && matches!(passage.written(t), "." | ","))
}

/// A word in small letters.
pub(super) fn is_lower(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.case == Case::Lower
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_have_shapes() {
        for (written, shape) in [
            ("1400", Some(Shape::Plain("1400"))),
            ("1.400", Some(Shape::Pair("1", '.', "400"))),
            ("7,5", Some(Shape::Pair("7", ',', "5"))),
            ("1.234.567", Some(Shape::Grouped("1.234.567", '.'))),
            ("1,234.5", Some(Shape::Both("1,234", ',', '.', "5"))),
            ("1.2.3", None),
            ("192.168.1.1", None),
            ("5km", None),
            ("03.05.2016", None),
            ("", None),
        ] {
            assert_eq!(Shape::of(written), shape, "{written}");
        }
    }

    #[test]
    fn languages_write_numbers_their_way() {
        for (tag, written) in [("en", "214,000.5"), ("fr", "214\u{a0}000,5"), ("de", "214.000,5"), ("tr", "214.000,5")]
        {
            let data = LanguageData::of(&crate::article::Language::parse(tag).expect(tag));
            assert_eq!(Habits::of(data).expect(tag).write("214000", "5"), written);
        }
    }
}
