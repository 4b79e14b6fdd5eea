//! `punct/spacing`: white space before a mark that takes none, none where French wants some, white space inside brackets.

use crate::analyse::{Document, Passage};
use crate::check::marks::{self, Habit, Marks, ends_a_word};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{Case, case_of};

pub(in crate::check) static SPACING: Rule = Rule {
    id: "punct/spacing",
    summary: "A space before a mark or inside a bracket where none belongs, or none before a mark that wants one.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("punctuation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(spacing),
};

/// White space before a mark. On 540,000 words of published English news one such place was found, and it was a slip.
const BEFORE_MARK: f64 = 0.93;
/// White space inside a bracket; at times a word is missing there.
const IN_BRACKET: f64 = 0.85;
/// No space before a high mark in French: right in Switzerland and in hasty typing, so less sure.
const NO_SPACE: f64 = 0.85;
/// Fewest letters of a word with a capital that shows a stop before it to be one.
const MIN_LETTERS: usize = 4;
/// How far the other bracket is looked for, in bytes.
const BRACKET_BYTES: usize = 240;

fn spacing(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let marks = Marks::of(document);
    let (line, origin) = (passage.span().of(passage.text.text()), passage.span().start());
    let mut previous = None;
    for (at, c) in line.char_indices() {
        let before = previous.replace(c);
        if c.is_alphanumeric() || c.is_whitespace() {
            continue;
        }
        // A sentence may seem to end at the mark, so what follows is looked up in the text.
        let rest = passage.text.text().get(origin + at + c.len_utf8()..).unwrap_or("");
        let after = rest.chars().next();
        let spaced = before.is_some_and(char::is_whitespace);
        if !spaced && !"([:;!?»«".contains(c) {
            // A comma against its word: nearly every mark is one of these.
            continue;
        }
        let Some(habit) = marks.get(c).filter(|habit| !habit.is_foreign()) else {
            continue;
        };
        let place = Place { line, at, mark: c, before, after, rest };
        let found = if spaced && habit.is_closed_before() {
            place.spaced()
        } else if !spaced && habit.space_before().is_some() {
            place.unspaced(habit)
        } else if after.is_some_and(char::is_whitespace) && habit.is_closed_after() {
            place.opened()
        } else if habit.space_after().is_some() {
            place.opens_unspaced(habit)
        } else {
            None
        };
        if let Some(mut draft) = found.filter(|d| !marks::is_by_mask(passage, d.span.shift(origin))) {
            draft.span = draft.span.shift(origin);
            for edit in draft.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
                edit.span = edit.span.shift(origin);
            }
            out.push(draft.because(EvidenceKind::Data, "how the language spaces its marks", None));
        }
    }
}

/// A mark in a sentence.
struct Place<'a> {
    line: &'a str,
    at: usize,
    mark: char,
    before: Option<char>,
    after: Option<char>,
    /// The text from the mark on.
    rest: &'a str,
}

impl Place<'_> {
    fn end(&self) -> usize {
        self.at + self.mark.len_utf8()
    }

    /// "word ,", "word )".
    fn spaced(&self) -> Option<Draft> {
        let word = self.line[..self.at].trim_end();
        let gap = Span::new(word.len(), self.at);
        let last = word.chars().next_back().filter(|&c| ends_a_word(c))?;
        // A mark without a word before it opens something: a quotation, a list.
        let quote = marks::closes_quotation(last);
        let faces = !quote || word[..word.len() - last.len_utf8()].ends_with(|c: char| !c.is_whitespace());
        if !faces || gap.of(self.line).contains('\n') || marks::is_code(marks::chunk(self.line, self.at).of(self.line))
        {
            return None;
        }
        let bracket = matches!(self.mark, ')' | ']');
        if bracket {
            let opened = last_bytes(word, BRACKET_BYTES).rsplit(')').next().is_some_and(|s| s.contains(['(', '[']));
            if !opened || self.after.is_some_and(char::is_alphanumeric) {
                return None;
            }
            let draft = self.draft(gap.start(), self.end(), IN_BRACKET, "no space inside a bracket");
            return Some(draft.fix(Fix::replace(gap, "", 0.93).safe()));
        }
        let glued = self.is_glued();
        if !glued && !self.ends_something() {
            return None;
        }
        let message = format!("no space before “{}”", self.mark);
        let draft = self.draft(gap.start(), self.end(), BEFORE_MARK, message);
        let fix = if glued {
            Fix::replace(Span::new(gap.start(), self.end()), format!("{} ", self.mark), 0.95)
        } else {
            Fix::replace(gap, "", 0.95)
        };
        Some(draft.fix(fix.safe()))
    }

    /// "word ,next" and "word .Next": the space stands on the wrong side.
    fn is_glued(&self) -> bool {
        let next = marks::letters_after(self.rest, 0);
        match self.mark {
            ',' | '،' => !next.is_empty(),
            // ".NET", ".Net", ".com" are names.
            '.' => case_of(next) == Case::Title && next.chars().nth(MIN_LETTERS - 1).is_some(),
            _ => false,
        }
    }

    /// What follows shows that the mark is one, and not the beginning of a number, a smiley, an ellipsis.
    fn ends_something(&self) -> bool {
        let next = self.rest.trim_start().chars().next();
        match self.after {
            None => true,
            // Full-width marks stand against both their neighbours.
            Some(_) if self.mark >= '\u{3000}' => true,
            // ". . ." and "1 : 3".
            Some(c) if c.is_whitespace() => {
                let digits = self.line[..self.at].trim_end().ends_with(char::is_numeric);
                next != Some('.') && !(self.mark == ':' && digits && next.is_some_and(char::is_numeric))
            }
            Some(c) => marks::closes_quotation(c) && !matches!(self.mark, ':' | ';'),
        }
    }

    /// "exposé:" in French.
    fn unspaced(&self, habit: Habit) -> Option<Draft> {
        let before = self.before?;
        let space = habit.space_before()?;
        let closing = self.mark == '»';
        let ends = ends_a_word(before) || (closing && matches!(before, '.' | ',' | '?' | '!' | '…'));
        let stands = match self.after {
            None => true,
            Some(c) => c.is_whitespace() || matches!(c, '«' | '»' | '”' | ')' | '?' | '!') || closing,
        };
        let chunk = marks::chunk(self.line, self.at).of(self.line);
        if !ends || !stands || marks::is_code(chunk) || self.is_foreign_title() {
            return None;
        }
        let message = format!("French sets a space before “{}”", self.mark);
        // The mark alone: the word before it may be part of another finding.
        let draft = Draft::new(Span::new(self.at, self.end()), NO_SPACE, message);
        let draft = draft.of_group(format!("no space before {}", self.mark));
        Some(draft.fix(Fix::replace(Span::new(self.at, self.at), space, 0.93).safe()))
    }

    /// A foreign title or a brand, which keeps its own marks: "AI Superpowers: China", "Yahoo! a annoncé".
    fn is_foreign_title(&self) -> bool {
        let capital = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let next = self.rest.trim_start();
        let here = capital(marks::letters_before(self.line, self.at));
        match self.mark {
            ':' => here && capital(next),
            '!' => here && next.starts_with(char::is_lowercase),
            _ => false,
        }
    }

    /// "( word".
    fn opened(&self) -> Option<Draft> {
        let rest = &self.line[self.end()..];
        let word = rest.trim_start();
        let gap = Span::new(self.end(), self.line.len() - word.len());
        let closed = first_bytes(word, BRACKET_BYTES).contains([')', ']']);
        let smiley = matches!(self.before, Some(':' | ';' | '-' | '='));
        let wraps = gap.of(self.line).contains('\n');
        if !word.starts_with(char::is_alphanumeric) || !closed || smiley || wraps {
            return None;
        }
        let bracket = matches!(self.mark, '(' | '[');
        let message = if bracket {
            "no space inside a bracket".to_owned()
        } else {
            format!("no space after “{}”", self.mark)
        };
        let end = gap.end();
        Some(self.draft(self.at, end, IN_BRACKET, message).fix(Fix::replace(gap, "", 0.93).safe()))
    }

    /// "«mot" in French.
    fn opens_unspaced(&self, habit: Habit) -> Option<Draft> {
        let space = habit.space_after()?;
        self.after.filter(|c| c.is_alphanumeric())?;
        let message = format!("French sets a space after “{}”", self.mark);
        let draft = Draft::new(Span::new(self.at, self.end()), NO_SPACE, message);
        let draft = draft.of_group(format!("no space after {}", self.mark));
        Some(draft.fix(Fix::replace(Span::new(self.end(), self.end()), space, 0.93).safe()))
    }

    fn draft(&self, start: usize, end: usize, confidence: f64, message: impl Into<String>) -> Draft {
        let mut span = marks::with_words(self.line, start, end);
        if !matches!(self.mark, '(' | '[' | '«') {
            // The word after the mark is no part of it.
            span = Span::new(span.start(), end);
        } else {
            span = Span::new(self.at, span.end());
        }
        Draft::new(span, confidence, message)
    }
}

fn last_bytes(text: &str, bytes: usize) -> &str {
    let start = (text.len().saturating_sub(bytes)..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[start..]
}

fn first_bytes(text: &str, bytes: usize) -> &str {
    let end = (0..=text.len().min(bytes)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..end]
}
