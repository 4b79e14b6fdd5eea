//! `quote/*`: quotation marks. What all of its rules need: the customs of a language, and what is open at the borders of
//! sentences, so that one sentence can be looked at again.

mod dialogue;
mod nested;
mod order;
mod style;
mod unpaired;

pub(super) use dialogue::is_opened_by_dash;
pub(super) use nested::NESTED;
pub(super) use order::before_attribution;
pub(super) use style::{STYLE, right_closing};
pub(super) use unpaired::UNPAIRED;

use std::sync::Arc;

use crate::analyse::quotes::{Lone, Mark, Quotations};
use crate::analyse::{Document, Passage};
use crate::check::Draft;
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::TokenKind;

/// How deep quotations nest, at most, as far as these rules follow.
const NESTING: usize = 8;
/// Over how many paragraphs a quotation may run.
const PARAGRAPHS: usize = 4;
/// Over how many segments, which are mostly sentences.
const SEGMENTS: usize = 16;
/// The most words of a quotation that is marked as one place: of a longer one each half is.
const SHORT: usize = 4;
/// And the most bytes.
const SHORT_BYTES: usize = 120;
/// How many tokens before and after a mark are looked at for a word.
const NEAR: usize = 12;

/// What is open where a sentence begins and ends.
#[derive(Default)]
struct Border {
    /// The marks that are open where it begins, outermost first.
    open: Vec<char>,
    /// How many quotations are open where it ends that are no fault: others close them, or the next paragraph goes on.
    leaves_open: usize,
}

/// The borders of all sentences of the document.
struct Borders(Vec<Border>);

impl Borders {
    fn of(document: &Document<'_>) -> Self {
        let text = document.target.text();
        let surface = document.target.surface();
        let quotations = document.quotations();
        let spans_border = |at: usize| move |q: &&Span| q.start() < at && q.end() > at;
        let across = |at: usize| quotations.before(at).iter().filter(spans_border(at));
        let mut borders: Vec<Border> = surface
            .sentences
            .iter()
            .map(|s| {
                let first = |q: &Span| q.of(text).chars().next();
                let lone = quotations.lone.partition_point(|l| l.span.start() < s.span.start());
                let inside = quotations.lone[lone..].iter().take_while(|l| l.span.start() < s.span.end());
                Border {
                    open: across(s.span.start()).filter_map(first).collect(),
                    leaves_open: across(s.span.end()).count() + usize::from(inside.take(NESTING).any(|l| l.runs_on)),
                }
            })
            .collect();
        // A repair may put marks where dashes set speech apart; each half of it is right although its sentence has no other.
        let usual = document.target.data().quotation_marks().first().copied();
        for piece in dialogue::pieces(document) {
            for at in [piece.opens.start(), piece.closes.start()] {
                if let (Some(border), Some((mark, _))) =
                    (surface.sentence_at(at).and_then(|s| borders.get_mut(s)), usual)
                {
                    border.open.push(mark);
                    border.leaves_open += 1;
                }
            }
        }
        Self(borders)
    }

    /// The marks of a changed text, and how many may stay open at its end.
    fn again(&self, passage: &Passage<'_>) -> Option<(Arc<Quotations>, usize)> {
        let text = passage.text;
        let start = passage.place.saturating_sub(passage.sentence);
        let last = (start + text.surface().sentences.len()).min(self.0.len()).checked_sub(1)?;
        let open = &self.0.get(start)?.open;
        Some((text.quotations(open), self.0.get(last)?.leaves_open))
    }
}

/// A quotation that runs over paragraphs without opening each anew: its end stands alone in a later one.
fn is_closed_later(document: &Document<'_>, mark: Span) -> bool {
    let lone = &document.quotations().lone;
    let Ok(at) = lone.binary_search_by_key(&mark, |l| l.span) else {
        return false;
    };
    let partner = if lone[at].opens { lone.get(at + 1) } else { at.checked_sub(1).and_then(|i| lone.get(i)) };
    partner.is_some_and(|p| p.opens != lone[at].opens && is_within_reach(document, mark.start(), p.span.start()))
}

/// Whether two places are in different paragraphs that one quotation may run over.
fn is_within_reach(document: &Document<'_>, a: usize, b: usize) -> bool {
    let surface = document.target.surface();
    let block = |at: usize| surface.sentence_at(at).map(|s| surface.sentences[s].block);
    let (Some(a), Some(b)) = (block(a), block(b)) else {
        return false;
    };
    let reach = if document.is_segmented() { SEGMENTS } else { PARAGRAPHS };
    (1..=reach).contains(&a.abs_diff(b))
}

/// Whether a quotation that was opened in an earlier paragraph may still be open.
fn may_be_running(document: &Document<'_>, at: usize) -> bool {
    let lone = &document.quotations().lone;
    let before = lone.partition_point(|l| l.span.start() < at).checked_sub(1).and_then(|i| lone.get(i));
    before.is_some_and(|l: &Lone| l.opens && is_within_reach(document, l.span.start(), at))
}

/// The customs of a language: which marks are wrong, what stands in their place, where comma and stop go.
struct Customs {
    table: Table,
    habits: &'static [(char, char)],
}

/// What is wrong with the marks of a quotation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The language does not have them.
    Foreign,
    /// It has them within other quotations.
    Inner,
    /// They are no pair.
    Mixed,
}

impl Customs {
    fn of(data: LanguageData) -> Self {
        Self { table: data.table("quotation"), habits: data.quotation_marks() }
    }

    fn row(&self, key: &str, kind: &str) -> Option<&'static str> {
        self.table.get(key).filter(|row| row.column(0) == kind).map(|row| row.column(1))
    }

    /// The marks of a quotation within one that has the same marks; `None` where that is right or not known.
    fn nested(&self, open: char, close: char) -> Option<(char, char)> {
        pair(self.row(&format!("{open}{close} {open}{close}"), "nested")?)
    }

    /// What is wrong with a pair of marks, and the right pair; `None` where nothing is.
    fn judge(&self, open: char, close: char, is_outer: bool) -> Option<(Fault, (char, char))> {
        let row = self.table.get(&format!("{open}{close}"));
        match row.map(|row| (row.column(0), row.column(1))) {
            Some(("foreign", instead)) => return Some((Fault::Foreign, pair(instead)?)),
            Some(("inner", instead)) if is_outer => return Some((Fault::Inner, pair(instead)?)),
            Some(_) => return None,
            None => {}
        }
        // Single marks alone are mostly apostrophes, and those of Chinese and Japanese have pairs of their own.
        let told = |c: char| "\"“”„‟«»".contains(c);
        if (open, close) == ('"', '"') || self.habits.contains(&(open, close)) || !told(open) || !told(close) {
            return None;
        }
        // No pair: the half that could be right decides.
        let by = |test: &dyn Fn(&(char, char)) -> bool| self.habits.iter().copied().find(|pair| test(pair));
        let right = match (open, close) {
            ('"', _) => by(&|&(_, c)| c == close),
            (_, '"') => by(&|&(o, _)| o == open),
            _ => by(&|&(o, _)| o == open).or_else(|| by(&|&(_, c)| c == close)),
        };
        match right {
            Some((o, c)) => {
                let better = self.table.get(&format!("{o}{c}")).filter(|row| is_wrong(row.column(0), is_outer));
                Some((Fault::Mixed, better.and_then(|row| pair(row.column(1))).unwrap_or((o, c))))
            }
            None => None,
        }
    }

    /// An opening mark with the space that the language sets inside it.
    fn opening(&self, mark: char) -> String {
        format!("{mark}{}", self.space(mark))
    }

    /// A closing mark with the space that the language sets inside it.
    fn closing(&self, mark: char) -> String {
        format!("{}{mark}", self.space(mark))
    }

    fn space(&self, mark: char) -> &'static str {
        if "«»".contains(mark) && self.row("space", "inside").is_some() { "\u{a0}" } else { "" }
    }
}

fn is_wrong(kind: &str, is_outer: bool) -> bool {
    kind == "foreign" || (kind == "inner" && is_outer)
}

fn pair(marks: &str) -> Option<(char, char)> {
    let mut marks = marks.chars();
    Some((marks.next()?, marks.next()?))
}

fn letter(text: &str, mark: Span) -> char {
    mark.of(text).chars().next().unwrap_or(' ')
}

/// A quotation with both of its marks in the text.
#[derive(Clone, Copy)]
struct Quote<'a> {
    text: &'a str,
    open: Mark,
    close: Mark,
}

impl<'a> Quote<'a> {
    /// The quotation that a mark opens or closes.
    fn of(text: &'a str, quotations: &Quotations, mark: &Mark) -> Option<Self> {
        let other = quotations.marks.get(mark.partner?)?;
        let (open, close) = if mark.opens { (mark, other) } else { (other, mark) };
        Some(Self { text, open: *open, close: *close })
    }

    fn marks(&self) -> (char, char) {
        (letter(self.text, self.open.span), letter(self.text, self.close.span))
    }

    /// What stands between the marks, without the space around it.
    fn inside(&self) -> &'a str {
        Span::new(self.open.span.end(), self.close.span.start()).of(self.text).trim()
    }

    /// Few words on one line, so that both marks are seen at once.
    fn is_short(&self) -> bool {
        let inside = self.inside();
        inside.len() <= SHORT_BYTES
            && !inside.contains('\n')
            && inside.split_whitespace().take(SHORT + 1).count() <= SHORT
    }

    /// "Home » News » Sport": signs that point the way.
    fn is_signpost(&self) -> bool {
        letter(self.text, self.open.span) == '»' && self.text[self.open.span.end()..].starts_with(char::is_whitespace)
    }

    /// Whether its words are in another script than those around it: a title, left as it is.
    fn is_in_another_script(&self, document: &Document<'_>, passage: &Passage<'_>) -> bool {
        let tokens = passage.tokens();
        let at = tokens.partition_point(|t| t.span.start() < self.open.span.start());
        let script = |token: &crate::surface::Token| (token.kind == TokenKind::Word).then_some(token.script);
        let inner = tokens[at..].iter().take(NEAR).find_map(script);
        let outer = tokens[..at].iter().rev().take(NEAR).find_map(script);
        let outer = outer.or_else(|| {
            let after = tokens.partition_point(|t| t.span.start() < self.close.span.end());
            tokens[after..].iter().take(NEAR).find_map(script)
        });
        let outer = outer.or_else(|| document.target.surface().tokens.iter().take(NEAR).find_map(script));
        inner.is_some() && outer.is_some() && inner != outer
    }

    fn key(&self) -> String {
        format!("{}", self.open.span.start())
    }
}

/// Those of a document's drafts that begin in a passage.
fn drafts_within(drafts: &[Draft], passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let span = passage.span();
    let first = drafts.partition_point(|d| d.span.start() < span.start());
    out.extend(drafts[first..].iter().take_while(|d| d.span.start() < span.end()).cloned());
}
