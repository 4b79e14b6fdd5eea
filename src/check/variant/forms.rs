//! Short lists of fixed forms ("U.S.", "per cent", "Ph.D."), looked for in running text.

use crate::analyse::Passage;
use crate::check::repair::is_part_of_code;
use crate::language::{Row, Table};
use crate::span::Span;
use crate::surface::{Case, TokenKind};

/// The forms of a table, ready to be looked for. Made once a document.
pub(super) struct Forms {
    /// Sorted by form.
    rows: Vec<(&'static str, Row)>,
    /// Which first letters there are, as bits of their lower case.
    letters: u32,
}

/// A form in a text.
pub(super) struct Found {
    pub(super) span: Span,
    /// The first token of it.
    pub(super) at: usize,
    pub(super) form: &'static str,
    pub(super) row: Row,
}

impl Forms {
    /// Those rows of a table that `wanted` picks.
    pub(super) fn of(table: Table, wanted: impl Fn(&Row) -> bool) -> Self {
        let rows: Vec<_> = table.iter().filter(|(_, row)| wanted(row)).collect();
        let letters = rows.iter().filter_map(|(form, _)| bit(form)).fold(0, |all, bit| all | bit);
        Self { rows, letters }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Each form with its row.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, Row)> + '_ {
        self.rows.iter().copied()
    }

    /// Every form in a passage, the longest at each place. A form in lower case is also found with a capital at the head of
    /// the sentence; otherwise capitals matter, since "US" is not "us".
    pub(super) fn find(&self, passage: &Passage<'_>, out: &mut Vec<Found>) {
        let text = passage.text.text();
        let tokens = passage.tokens();
        let mut reached = 0;
        for (at, token) in tokens.iter().enumerate() {
            let written = passage.written(token);
            if token.kind != TokenKind::Word
                || token.span.start() < reached
                || bit(written).is_none_or(|bit| bit & self.letters == 0)
                || !(token.case == Case::Lower || at == 0 || self.has_capital(written))
            {
                continue;
            }
            let rest = &text[token.span.start()..];
            let lowered = (at == 0).then(|| written.chars().next()).flatten().map(|c| c.to_ascii_lowercase());
            let fits = |form: &str| {
                let head = form.get(..1).unwrap_or("");
                let same = rest.starts_with(head) || lowered.is_some_and(|c| head.starts_with(c));
                same && rest.get(1..).is_some_and(|rest| rest.starts_with(&form[1..]))
                    && ends(&rest[form.len()..], form)
            };
            let first = written.as_bytes().first().map_or(0, |b| b.to_ascii_lowercase());
            let from = |upper: bool| {
                let first = if upper { first.to_ascii_uppercase() } else { first };
                let start = self.rows.partition_point(|(form, _)| form.as_bytes().first().is_some_and(|&b| b < first));
                self.rows[start..].iter().take_while(move |(form, _)| form.as_bytes().first() == Some(&first))
            };
            let best = from(true).chain(from(false)).filter(|(form, _)| fits(form)).max_by_key(|(form, _)| form.len());
            let Some(&(form, row)) = best else { continue };
            let span = Span::new(token.span.start(), token.span.start() + form.len());
            reached = span.end();
            if !is_code(passage, at) {
                out.push(Found { span, at, form, row });
            }
        }
    }

    fn has_capital(&self, written: &str) -> bool {
        written.as_bytes().first().is_some_and(|first| {
            let start = self.rows.partition_point(|(form, _)| form.as_bytes().first().is_some_and(|b| b < first));
            self.rows.get(start).is_some_and(|(form, _)| form.as_bytes().first() == Some(first))
        })
    }
}

/// A bit for a first letter; forms begin with one of the twenty-six.
fn bit(form: &str) -> Option<u32> {
    let first = form.as_bytes().first()?.to_ascii_lowercase();
    first.is_ascii_lowercase().then(|| 1 << (first - b'a'))
}

/// Whether a form may end where `rest` begins.
fn ends(rest: &str, form: &str) -> bool {
    let mut next = rest.chars();
    match next.next() {
        // "US$" is a currency, "us.example" an address.
        Some('$') => false,
        Some(c) if c.is_alphanumeric() => false,
        Some('.') if !form.ends_with('.') => !next.next().is_some_and(char::is_alphanumeric),
        _ => true,
    }
}

/// Part of an address or a handle; an abbreviation's own stops do not count.
fn is_code(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let glued = tokens[at].glued
        && at.checked_sub(1).is_some_and(|i| matches!(passage.written(&tokens[i]), "." | "/" | "@" | "#" | "_" | ":"));
    let stop = tokens.get(at + 1).is_some_and(|t| t.glued && passage.written(t) == ".");
    glued || (!stop && is_part_of_code(passage, at))
}
