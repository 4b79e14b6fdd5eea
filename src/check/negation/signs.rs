//! Where a text says “not”, where it only seems to, and where a word has a “not” in its meaning.

use std::ops::Range;

use crate::language::{LanguageData, Table};
use crate::surface::{Surface, Token, TokenKind};

/// What a word or a phrase does to what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It negates: not, never.
    Not,
    /// A pronoun or an article that negates by itself, or, in languages of double negation, beside a “not”.
    None,
    /// It is a restriction: ne … que.
    Only,
    /// Its meaning has a negation, or may have: refuse, without, unless.
    Inverse,
    /// It looks like a negation and is none, or hardly one: it may stand for one on the other side.
    Maybe,
}

/// Which way what it negates stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Before it.
    Back,
    /// Behind it, or before it.
    Both,
    /// It is the word itself.
    Within,
}

/// A place that says “not”.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign {
    /// Its first token, by its place in the surface.
    pub token: usize,
    /// Its last.
    pub last: usize,
    pub kind: Kind,
    pub way: Way,
    /// What English says for it, where that is another word than “not”.
    pub english: &'static str,
}

/// The tokens of a sentence, or of several.
#[derive(Clone)]
pub(super) struct Side<'a> {
    pub text: &'a str,
    pub surface: &'a Surface,
    pub tokens: Range<usize>,
    pub data: LanguageData,
}

/// The most tokens of a phrase, and how many of them may stand before the word that negates.
const PHRASE: usize = 5;
const BEFORE: usize = 2;
/// How far the second part of a negation stands from the first: ne … pas; and a restriction: ne … que.
const PARTS: usize = 7;
const RESTRICTS: usize = 9;
/// Letters of a stem that is looked up.
const STEM: std::ops::RangeInclusive<usize> = 1..=11;
/// Letters of an infix, with that of the verb's ending.
const INFIX: std::ops::RangeInclusive<usize> = 3..=7;

impl<'a> Side<'a> {
    pub(super) fn token(&self, at: usize) -> Option<&'a Token> {
        self.surface.tokens.get(at).filter(|_| self.tokens.contains(&at))
    }

    pub(super) fn low(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |t| self.surface.folded(t))
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Word)
    }

    /// Whether a clause may end at a token: a mark other than a hyphen or an apostrophe.
    pub(super) fn ends_clause(&self, at: usize) -> bool {
        self.token(at).is_none_or(|t| t.kind == TokenKind::Mark && !matches!(self.low(at), "-" | "'" | "/" | "‑"))
    }

    /// From one token to another, as they are written, with single spaces.
    fn phrase(&self, first: usize, count: usize, out: &mut String) -> bool {
        out.clear();
        for at in first..first + count {
            let Some(token) = self.token(at).filter(|t| t.kind == TokenKind::Word) else { return false };
            if at > first && !token.glued {
                out.push(' ');
            }
            out.push_str(self.surface.folded(token));
        }
        true
    }

    /// Whether a “no” is short for “number”: “No. 1”, “No.1”.
    fn is_number_sign(&self, at: usize) -> bool {
        let stop = self.token(at + 1).is_some_and(|t| t.glued && self.surface.folded(t) == ".");
        let number = self.token(at + 2).is_some_and(|t| t.kind == TokenKind::Number);
        self.low(at) == "no" && stop && number
    }

    /// Whether something here says “not” outright, which is told fast.
    pub(super) fn negates(&self, table: &Table) -> bool {
        let infixes = self.data.tag() == "tr";
        let unspaced = self.data.tag() == "zh";
        self.tokens.clone().any(|at| {
            if !self.is_word(at) || self.is_number_sign(at) {
                return false;
            }
            let word = self.low(at);
            let kind = table.get(word).map_or("", |row| row.column(0));
            matches!(kind, "not" | "none" | "ne" | "pas" | "not-after")
                || (infixes && infix(table, word).is_some())
                || (unspaced && word.contains(['不', '没', '未', '无']))
        })
    }

    /// The places that say “not”, in order.
    pub(super) fn signs(&self, table: &Table) -> Vec<Sign> {
        let mut all: Vec<Sign> = Vec::new();
        let mut buffer = String::new();
        let infixes = self.data.tag() == "tr";
        let mut at = self.tokens.start;
        while at < self.tokens.end {
            let here = at;
            at += 1;
            if !self.is_word(here) || self.is_number_sign(here) {
                continue;
            }
            let word = self.low(here);
            let row = table.get(word);
            let kind = row.map_or("", |row| row.column(0));
            let english = row.map_or("", |row| row.column(1));
            let sign = |kind, way| Sign { token: here, last: here, kind, way, english };
            match kind {
                "not" | "none" | "ne" | "pas" | "not-after" => {
                    if let Some((first, count, english)) = self.exempt(table, here, &mut buffer) {
                        // What stands in an exempt phrase is told with it, once.
                        all.push(Sign {
                            token: first,
                            last: first + count - 1,
                            kind: Kind::Maybe,
                            way: Way::Both,
                            english,
                        });
                        at = at.max(first + count);
                        continue;
                    }
                    match kind {
                        "not" => all.push(sign(self.restricted(table, here), Way::Both)),
                        "not-after" => all.push(sign(Kind::Not, Way::Back)),
                        // Turkish “ne … ne” is neither … nor; “ne” alone is what.
                        "none" if word == "ne" && !self.stands_again(here) => {}
                        "none" => all.push(sign(Kind::None, Way::Both)),
                        "ne" => all.extend(self.french(table, here)),
                        _ if word == "pas" && all.last().is_none_or(|s| s.last != here) => {
                            all.push(sign(Kind::Not, Way::Both));
                        }
                        _ if all.last().is_none_or(|s| s.last != here) => {
                            all.push(sign(Kind::Maybe, Way::Both));
                        }
                        _ => {}
                    }
                }
                "inverse" => all.push(sign(Kind::Inverse, Way::Both)),
                "exempt" => {}
                _ => {
                    if infixes && let Some((before, english)) = infix(table, word) {
                        let before = before || self.is_open(here);
                        let kind = if before { Kind::Maybe } else { Kind::Not };
                        all.push(Sign { english, ..sign(kind, Way::Within) });
                        continue;
                    }
                    let phrase = [3, 2].into_iter().find(|count| {
                        self.phrase(here, *count, &mut buffer)
                            && table.get(&buffer).is_some_and(|row| row.column(0) == "inverse")
                    });
                    if let Some(count) = phrase {
                        at = here + count;
                        all.push(Sign { last: here + count - 1, ..sign(Kind::Inverse, Way::Both) });
                    } else if self.is_inverse(table, word) {
                        all.push(sign(Kind::Inverse, Way::Both));
                    } else if self.data.tag() == "zh" && word.contains(['不', '没', '未', '无', '非']) {
                        all.push(sign(Kind::Maybe, Way::Both));
                    }
                }
            }
        }
        all
    }

    /// Whether a Turkish form that looks denied asks or allows: bilip bilmediğini (whether he knew), gitmeme izin (leave to go).
    fn is_open(&self, at: usize) -> bool {
        let table = self.data.table("negation-open");
        let of = |kind: &'static str| table.iter().filter(move |(_, row)| row.column(0) == kind).map(|(form, _)| form);
        let ends = |word: &str, kind| of(kind).any(|end| word.ends_with(end.trim_start_matches('-')));
        let before = at.checked_sub(1).map_or("", |before| self.low(before));
        let next = self.low(at + 1);
        ends(before, "either") || (ends(self.low(at), "own") && of("allows").any(|word| next.starts_with(word)))
    }

    /// Whether a word stands in the sentence once more.
    fn stands_again(&self, at: usize) -> bool {
        self.tokens.clone().any(|other| other != at && self.low(other) == self.low(at))
    }

    /// A phrase around a word that has its “not” for another reason: not only, не раз.
    fn exempt(&self, table: &Table, at: usize, buffer: &mut String) -> Option<(usize, usize, &'static str)> {
        for first in at.saturating_sub(BEFORE)..=at {
            for count in (2.max(at - first + 1)..=PHRASE).rev() {
                let row = if self.phrase(first, count, buffer) { table.get(buffer) } else { None };
                if let Some(row) = row.filter(|row| row.column(0) == "exempt") {
                    return Some((first, count, row.column(1)));
                }
            }
        }
        None
    }

    /// Arabic, Spanish and Portuguese restrict with a negation and an exception.
    fn restricted(&self, table: &Table, at: usize) -> Kind {
        let only = |next: &usize| table.get(self.low(*next)).is_some_and(|row| row.column(0) == "only");
        let mut near = (at + 1..at + 1 + RESTRICTS).take_while(|next| self.token(*next).is_some());
        let restricts = match self.data.tag() {
            "ar" => near.any(|next| only(&next)),
            // “no … sino hasta mayo”; “no Pérez, sino López” is another thing.
            "es" | "pt" => near.take_while(|next| !self.ends_clause(*next)).any(|next| only(&next)),
            _ => false,
        };
        if restricts { Kind::Only } else { Kind::Not }
    }

    /// What “ne” is: with “pas” and its like a negation, with “que” a restriction, and alone hardly anything.
    fn french(&self, table: &Table, at: usize) -> Option<Sign> {
        let kind = |next: usize| table.get(self.low(next)).map_or("", |row| row.column(0));
        let ahead = at + 1..at + 1 + PARTS;
        let pas = ahead.clone().take_while(|n| !self.ends_clause(*n)).find(|n| kind(*n) == "pas");
        let que = |from: usize, far: usize| {
            (from..from + far).take_while(|n| !self.ends_clause(*n)).find(|n| kind(*n) == "only")
        };
        let sign = |kind, last, english| Some(Sign { token: at, last, kind, way: Way::Both, english });
        if let Some(pas) = pas {
            let word = self.low(pas);
            if word == "plus"
                && let Some(que) = que(pas + 1, 3)
            {
                return sign(Kind::Only, que, "");
            }
            let english = match word {
                "plus" => "no longer",
                "jamais" => "never",
                _ => "",
            };
            return sign(Kind::Not, pas, english);
        }
        if let Some(que) = que(at + 2, RESTRICTS) {
            return sign(Kind::Only, que, "");
        }
        let back = (at.saturating_sub(PARTS)..at).rev().take_while(|n| !self.ends_clause(*n));
        if back.into_iter().any(|n| kind(n) == "pas" && self.low(n) != "plus") {
            return sign(Kind::Not, at, "");
        }
        sign(Kind::Maybe, at, "")
    }

    /// Whether the beginning of a word, or its end, is that of a word with a negation in its meaning.
    fn is_inverse(&self, table: &Table, word: &str) -> bool {
        // The longest says what it is.
        let found = table.beginning(word, STEM).map(|row| row.column(0));
        if let Some(kind) = found {
            return kind == "inverse";
        }
        let ends = matches!(self.data.tag(), "en" | "tr" | "de");
        let mut key = String::new();
        ends && word.char_indices().rev().take(6).any(|(from, _)| {
            key.clear();
            key.push('*');
            key.push_str(word.get(from..).unwrap_or(""));
            from > 0 && table.get(&key).is_some_and(|row| row.column(0) == "inverse")
        })
    }
}

/// Whether a Turkish verb is negated, and then whether by a form that says “before” or “without”.
fn infix(table: &Table, word: &str) -> Option<(bool, &'static str)> {
    let mut key = String::new();
    for (from, _) in word.char_indices().skip(1).filter(|(_, c)| *c == 'm') {
        let rest = word.get(from..).unwrap_or("");
        let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).enumerate();
        let mut found = None;
        for (count, end) in ends {
            if !INFIX.contains(&(count + 1)) {
                continue;
            }
            key.clear();
            key.push('~');
            key.push_str(rest.get(..end).unwrap_or(""));
            found = table.get(&key).or(found);
            if end == rest.len() {
                key.push('$');
                found = table.get(&key).or(found);
            }
        }
        if let Some(row) = found {
            return Some((row.column(0) == "infix-before", row.column(1)));
        }
    }
    None
}
