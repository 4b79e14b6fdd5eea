//! From the tokens of an English sentence to the words of its grammar: "don't" is two, "U.S." and "10:30" are one.
//!
//! The cuts are those of the treebank that the tagger and the parser learned from (Universal Dependencies English EWT), as far
//! as they can be told from the letters.

use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Token, TokenKind};

/// A word of grammar: a stretch of text and the tokens that it lies in, as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its place.
    pub span: Span,
    /// The first token that it lies in.
    pub first: usize,
    /// The last.
    pub last: usize,
}

/// What leans on the word before, after an apostrophe.
const CLITICS: [&str; 6] = ["s", "re", "ve", "ll", "d", "m"];
/// What leans on a number without a space.
const UNITS: [&str; 22] = [
    "pm", "am", "p.m", "a.m", "k", "m", "bn", "km", "mm", "cm", "kg", "mg", "ft", "lb", "lbs", "mph", "min", "hrs",
    "yrs", "gb", "mb", "tn",
];
/// Words that are written as one and are two: where the first ends.
const TWO: [(&str, usize); 4] = [("cannot", 3), ("gonna", 3), ("wanna", 3), ("gotta", 3)];

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´')
}

/// The words of a sentence. Inline codes are none.
pub fn cut(text: &str, tokens: &[Token], data: LanguageData) -> Vec<Cut> {
    let cutter = Cutter { text, tokens, abbreviations: data.table("abbreviations") };
    let mut words = Vec::with_capacity(tokens.len() + 8);
    let mut at = 0;
    while at < tokens.len() {
        at = cutter.one(at, &mut words);
    }
    words
}

struct Cutter<'t> {
    text: &'t str,
    tokens: &'t [Token],
    abbreviations: Table,
}

impl<'t> Cutter<'t> {
    fn form(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.span.of(self.text))
    }

    /// Whether a token follows the one before it without a space.
    fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued && token.kind != TokenKind::Mask)
    }

    fn word(&self, first: usize, last: usize) -> Option<Cut> {
        let span = self.tokens.get(first)?.span.cover(self.tokens.get(last)?.span);
        Some(Cut { span, first, last })
    }

    /// The words that begin at a token; the token after them is given back.
    fn one(&self, at: usize, words: &mut Vec<Cut>) -> usize {
        let Some(token) = self.tokens.get(at) else {
            return at + 1;
        };
        let last = match token.kind {
            TokenKind::Mask => return at + 1,
            TokenKind::Mark => self.end_of_mark(at),
            TokenKind::Word | TokenKind::Number => {
                let (split, last) = self.end_of_word(at);
                if let Some(split) = split {
                    let border = token.span.start() + split;
                    let whole = self.word(at, last).map_or(token.span, |w| w.span);
                    words.push(Cut { span: Span::new(whole.start(), border), first: at, last: at });
                    words.push(Cut { span: Span::new(border, whole.end()), first: at, last });
                    return last + 1;
                }
                last
            }
        };
        words.extend(self.word(at, last));
        last + 1
    }

    /// The last token of a mark: runs of one mark are one, and so is a clitic that stands apart from its word.
    fn end_of_mark(&self, at: usize) -> usize {
        let form = self.form(at);
        let mut last = at;
        if matches!(form, "." | "-" | "!" | "?" | "*" | "=" | "_" | "~" | "`" | "'") {
            let ends = matches!(form, "!" | "?");
            let same = |next: &str| next == form || ends && matches!(next, "!" | "?");
            while self.glued(last + 1) && same(self.form(last + 1)) {
                last += 1;
            }
        }
        let clitic = |next: &str| CLITICS.iter().any(|c| next.eq_ignore_ascii_case(c));
        if last == at && form.chars().all(is_apostrophe) && self.glued(at + 1) && clitic(self.form(at + 1)) {
            return at + 1;
        }
        last
    }

    /// Where a word is two, and its last token.
    fn end_of_word(&self, at: usize) -> (Option<usize>, usize) {
        let form = self.form(at);
        let digit = |at: usize| self.form(at).starts_with(|c: char| c.is_ascii_digit());
        // "10:30", "5/8/2004"
        let joint = self.form(at + 1);
        if digit(at) && matches!(joint, ":" | "/") {
            let mut last = at;
            while self.glued(last + 1) && self.form(last + 1) == joint && self.glued(last + 2) && digit(last + 2) {
                last += 2;
            }
            if last > at {
                return (None, last);
            }
        }
        // Addresses: "a@b.c", "http://b.c"
        let scheme = joint == ":" && self.form(at + 2) == "/" && self.glued(at + 2);
        if self.glued(at + 1) && (joint == "@" || scheme) || form.starts_with("www.") {
            let mut last = at;
            while self.glued(last + 1) && !self.form(last + 1).starts_with(['(', ')', '<', '>', ',', '"', ']', '”']) {
                last += 1;
            }
            while last > at && matches!(self.form(last), "." | "!" | "?" | ";" | ":") {
                last -= 1;
            }
            return (None, last);
        }
        let last = if self.takes_a_stop(at) { at + 1 } else { at };
        let folded = form.to_ascii_lowercase();
        let figures = folded.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',')).unwrap_or(0);
        if figures > 0 && UNITS.iter().any(|unit| folded.get(figures..) == Some(unit)) {
            return (Some(figures), last);
        }
        (if last == at { two_words(&folded) } else { None }, last)
    }

    /// Whether the stop behind a word is its own: initials, and abbreviations that are known.
    fn takes_a_stop(&self, at: usize) -> bool {
        let stop = |at: usize| self.glued(at) && self.form(at) == ".";
        if !stop(at + 1) || stop(at + 2) {
            return false;
        }
        let (form, more) = (self.form(at), self.tokens.get(at + 2));
        let initials = form.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
        if initials && form.contains('.') {
            return true;
        }
        if initials && form != "I" && form.starts_with(char::is_uppercase) {
            return more.is_some();
        }
        let row = self.abbreviations.get(&format!("{}.", form.to_lowercase()));
        match row.map(|row| row.column(0)) {
            Some("before-number") => more.is_some_and(|next| next.kind == TokenKind::Number),
            Some("maybe") => true,
            Some(_) => more.is_some(),
            None => false,
        }
    }
}

/// Where the second word of one that is two begins: "do" + "n't", "Bush" + "'s".
fn two_words(folded: &str) -> Option<usize> {
    if let Some((_, border)) = TWO.iter().find(|(word, _)| *word == folded) {
        return Some(*border);
    }
    let (at, mark) = folded.char_indices().rev().find(|(_, c)| is_apostrophe(*c))?;
    let (before, behind) = (folded.get(..at)?, folded.get(at + mark.len_utf8()..)?);
    let border = match behind {
        "t" => before.strip_suffix('n')?.len(),
        clitic if CLITICS.contains(&clitic) => at,
        _ => return None,
    };
    (border > 0).then_some(border)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;
    use crate::surface::{BlockKind, Surface};

    fn words(text: &str) -> Vec<&str> {
        let data = LanguageData::of(&Language::parse("en").expect("en"));
        let surface = Surface::of_passage(text, data, &[], BlockKind::Body);
        cut(text, &surface.tokens, data).into_iter().map(|w| w.span.of(text)).collect()
    }

    #[test]
    fn clitics_are_words() {
        assert_eq!(words("I don’t think Bush's won't"), ["I", "do", "n’t", "think", "Bush", "'s", "wo", "n't"]);
        assert_eq!(words("They cannot say they're I'm"), ["They", "can", "not", "say", "they", "'re", "I", "'m"]);
        assert_eq!(words("the boys' o'clock 't"), ["the", "boys", "'", "o'clock", "'", "t"]);
    }

    #[test]
    fn abbreviations_keep_their_stops() {
        assert_eq!(words("Mr. J. Smith of the U.S. left."), ["Mr.", "J.", "Smith", "of", "the", "U.S.", "left", "."]);
        assert_eq!(words("So do I."), ["So", "do", "I", "."]);
        assert_eq!(words("Wait... what?!"), ["Wait", "...", "what", "?!"]);
    }

    #[test]
    fn figures_and_addresses() {
        assert_eq!(words("at 10:30, 5pm for $5"), ["at", "10:30", ",", "5", "pm", "for", "$", "5"]);
        assert_eq!(words("a well-known 3.5%"), ["a", "well", "-", "known", "3.5", "%"]);
        assert_eq!(words("see http://a.org/b, ok"), ["see", "http://a.org/b", ",", "ok"]);
    }
}
