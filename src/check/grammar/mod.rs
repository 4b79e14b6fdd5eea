//! `grammar/*`: sentences that no editor would let stand: English ones told by their words, tags and trees, German, French, Russian and
//! Spanish ones by tables of words whose gender, case or number is beyond doubt.
//!
//! Each rule looks for its words first and asks for tags only where they stand: most sentences are never parsed for it.
//!
//! On 1.9 million words of edited English (notes of current events, textbooks, two translators of news) the family has 25
//! findings, of which all but two or three are slips of the text (“an school”, “were took”). Where a rule has none at all there, its confidence is an estimate.

mod agent;
mod agreement;
mod article;
mod attribution;
mod dangling;
mod determiner;
mod french;
mod gender;
mod order;
mod preposition;
mod russian;
mod verb;

pub(super) use agent::MISSING_AGENT;
pub(super) use agreement::AGREEMENT;
pub(super) use article::ARTICLE;
pub(super) use attribution::ATTRIBUTION_ORDER;
pub(super) use dangling::DANGLING;
pub(super) use determiner::DETERMINER;
pub(super) use order::ORDER;
pub(super) use preposition::PREPOSITION;
pub(super) use verb::VERB;

use crate::analyse::Passage;
use crate::analyse::syntax::Upos;
use crate::check::Languages;
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

/// The languages that have a tagger and a parser.
const ENGLISH: Languages = Languages::Listed(&["en"]);

/// The words of a sentence, by their tokens; what lies beyond its ends is an empty word.
#[derive(Clone, Copy)]
struct Line<'p> {
    passage: Passage<'p>,
    tokens: &'p [Token],
}

impl<'p> Line<'p> {
    /// A sentence of running text; nothing of headlines and bylines, which leave words out on purpose.
    fn of(passage: &Passage<'p>) -> Option<Self> {
        (passage.kind() == BlockKind::Body).then(|| Self { passage: *passage, tokens: passage.tokens() })
    }

    fn len(&self) -> usize {
        self.tokens.len()
    }

    fn data(&self) -> LanguageData {
        self.passage.text.data()
    }

    fn token(&self, at: usize) -> Option<&'p Token> {
        self.tokens.get(at)
    }

    /// A word in small letters.
    fn low(&self, at: usize) -> &'p str {
        self.token(at).map_or("", |token| self.passage.folded(token))
    }

    /// A word as it is written.
    fn written(&self, at: usize) -> &'p str {
        self.token(at).map_or("", |token| self.passage.written(token))
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        let word = self.low(at);
        !word.is_empty() && words.contains(&word)
    }

    /// Whether it is a word, and a space stands before it.
    fn is_apart(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Word && !t.glued)
    }

    fn is_mark(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Mark)
    }

    fn is_number(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Number)
    }

    fn case(&self, at: usize) -> Case {
        self.token(at).map_or(Case::None, |t| t.case)
    }

    /// The tag of the Penn Treebank, or nothing.
    fn tag(&self, at: usize) -> &'static str {
        let Some(tree) = self.passage.syntax() else { return "" };
        tree.at_token(at).and_then(|node| tree.node(node)).map_or("", |node| node.xpos)
    }

    fn part(&self, at: usize) -> Option<Upos> {
        let tree = self.passage.syntax()?;
        tree.node(tree.at_token(at)?).map(|node| node.upos)
    }

    fn is_noun(&self, at: usize) -> bool {
        matches!(self.part(at), Some(Upos::Noun | Upos::Propn))
    }

    fn is_finite(&self, at: usize) -> bool {
        matches!(self.tag(at), "VBZ" | "VBP" | "VBD" | "MD")
    }

    /// Whether the sentence or the clause ends before a token: nothing, or a mark of the sentence.
    fn ends_before(&self, at: usize) -> bool {
        self.token(at).is_none_or(|_| {
            matches!(self.written(at), "." | "," | ";" | ":" | "!" | "?" | ")" | "”" | "\"" | "—" | "–" | "»")
        })
    }

    /// Whether something of a word goes on behind it: a hyphen, an apostrophe, a stroke.
    fn goes_on(&self, at: usize) -> bool {
        self.token(at + 1).is_some_and(|t| t.glued)
            && matches!(self.written(at + 1), "-" | "'" | "’" | "/" | "‑" | "–" | "." | "@" | "_" | "*")
            && !(self.written(at + 1) == "." && self.token(at + 2).is_none_or(|t| !t.glued))
    }

    /// Whether a token opens the sentence, or stands behind marks alone.
    fn opens(&self, at: usize) -> bool {
        (0..at).all(|before| self.is_mark(before))
    }

    /// From the start of one token to the end of another.
    fn span(&self, first: usize, last: usize) -> Span {
        let one = |at: usize| self.token(at).map_or_else(|| self.passage.span(), |t| t.span);
        one(first).cover(one(last))
    }

    /// The letters from one token to another.
    fn letters(&self, first: usize, last: usize) -> &'p str {
        self.span(first, last).of(self.passage.text.text())
    }

    /// Whether a word of a list stands before a token, within the sentence.
    fn has_before(&self, at: usize, words: &[&str]) -> bool {
        (0..at.min(self.len())).any(|before| self.is(before, words))
    }
}

/// Words that open a clause within another, after which two finite verbs may meet: “what he did was”.
const OPENERS: [&str; 24] = [
    "what",
    "who",
    "whom",
    "whose",
    "which",
    "that",
    "how",
    "where",
    "when",
    "why",
    "all",
    "whatever",
    "whoever",
    "wherever",
    "however",
    "than",
    "as",
    "way",
    "thing",
    "everything",
    "anything",
    "if",
    "whether",
    "nothing",
];

/// The days of the week.
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// The months.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Whether a word, in small letters, is a day or a month; `march` and `may` count with a capital alone.
fn is_date_word(line: &Line<'_>, at: usize) -> bool {
    line.is(at, &DAYS) || (line.is(at, &MONTHS) && line.case(at) == Case::Title)
}
