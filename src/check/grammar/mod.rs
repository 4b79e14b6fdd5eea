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
mod bare_title;
mod comparative;
mod complement;
mod countable;
mod dangling;
mod determiner;
mod french;
mod gender;
mod gendered;
mod hearsay;
mod order;
mod perfect;
mod preposition;
mod pronoun;
mod relative;
mod russian;
mod speaker;
mod splice;
mod subject;
mod titled;
mod verb;
mod verb_first;

pub(super) use agent::MISSING_AGENT;
pub(super) use agreement::AGREEMENT;
pub(super) use article::ARTICLE;
pub(super) use attribution::ATTRIBUTION_ORDER;
pub(super) use bare_title::BARE_TITLE;
pub(super) use comparative::COMPARATIVE;
pub(super) use complement::COMPLEMENT;
pub(super) use countable::COUNTABLE;
pub(super) use dangling::DANGLING;
pub(super) use determiner::DETERMINER;
pub(super) use hearsay::HEARSAY;
pub(super) use order::ORDER;
pub(super) use perfect::PERFECT;
pub(super) use preposition::PREPOSITION;
pub(super) use pronoun::PRONOUN;
pub(super) use relative::LOST_RELATIVE;
pub(super) use splice::COMMA_SPLICE;
pub(super) use subject::LOST_SUBJECT;
pub(super) use verb::VERB;
pub(super) use verb_first::VERB_FIRST;

use std::sync::Arc;

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::Severity;
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{BlockKind, Case, Token, TokenKind};

/// The languages that have a tagger and a parser.
const ENGLISH: Languages = Languages::Listed(&["en"]);

/// A rule of this family, which looks at one sentence of English after another.
const fn rule(
    id: &'static str,
    summary: &'static str,
    severity: Severity,
    look: fn(&Document<'_>, &Passage<'_>, &mut Vec<Draft>),
) -> Rule {
    Rule {
        id,
        summary,
        mqm: "linguistic/grammar",
        its: "grammar",
        severity,
        scope: Scope::Sentence,
        layers: &[Layer::Surface],
        languages: ENGLISH,
        needs_source: false,
        needs_glossary: false,
        run: Run::Sentence(look),
    }
}

/// A rule that looks at the source too.
const fn with_source(rule: Rule) -> Rule {
    Rule { layers: &[Layer::Surface, Layer::Alignment], needs_source: true, ..rule }
}

/// The words of a sentence, by their tokens; what lies beyond its ends is an empty word.
#[derive(Clone)]
struct Line<'p> {
    passage: Passage<'p>,
    tokens: &'p [Token],
    /// What each word is to these rules.
    kinds: Arc<Kinds>,
}

/// All kinds of each word of a sentence, with blanks between, as the table of this family's words tells; most are of none.
struct Kinds(Vec<&'static str>);

impl Kinds {
    /// Looked up once, whichever rules ask.
    fn of(passage: &Passage<'_>) -> Arc<Self> {
        passage.text.reading(passage.sentence, || {
            let words = passage.text.data().table(WORDS);
            let kinds = |token: &Token| words.get(passage.folded(token)).map_or("", |row| row.column(0));
            Self(passage.tokens().iter().map(kinds).collect())
        })
    }
}

/// The table of those words.
const WORDS: &str = "grammar-words";

/// Whether a word of that table is of a kind.
fn belongs(words: Table, word: &str, kind: &str) -> bool {
    words.get(word).is_some_and(|row| is_among(row.column(0), kind))
}

/// Whether a kind is one of several, with blanks between.
fn is_among(kinds: &str, kind: &str) -> bool {
    !kinds.is_empty() && kinds.split(' ').any(|one| one == kind)
}

impl<'p> Line<'p> {
    /// A sentence of running text; nothing of headlines and bylines, which leave words out on purpose.
    fn of(passage: &Passage<'p>) -> Option<Self> {
        (passage.kind() == BlockKind::Body).then(|| Self {
            passage: *passage,
            tokens: passage.tokens(),
            kinds: Kinds::of(passage),
        })
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

    /// All kinds of a word, with blanks between.
    fn kinds(&self, at: usize) -> &'static str {
        self.kinds.0.get(at).copied().unwrap_or("")
    }

    /// Whether a word is of a kind, as the table of this family's words tells.
    fn belongs(&self, at: usize, kind: &str) -> bool {
        is_among(self.kinds(at), kind)
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
        self.passage.leaf(at).map_or("", |leaf| leaf.xpos)
    }

    fn part(&self, at: usize) -> Option<Upos> {
        self.passage.leaf(at).map(|leaf| leaf.upos)
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

    /// Whether a word of a kind stands before a token, within the sentence.
    fn has_before(&self, at: usize, kind: &str) -> bool {
        (0..at.min(self.len())).any(|before| self.belongs(before, kind))
    }
}

/// Whether a word is the whole name of a month or a weekday, which of the two.
fn date_name(line: &Line<'_>, at: usize) -> Option<&'static str> {
    let word = line.low(at);
    let row = line.data().table("calendar").get(word)?;
    row.column(1).eq_ignore_ascii_case(word).then(|| row.column(0))
}

/// Whether a word is the name of a weekday.
fn is_day(line: &Line<'_>, at: usize) -> bool {
    date_name(line, at) == Some("weekday")
}

/// Whether a word, in small letters, is a day or a month; months, of which `march` and `may` are words too, count with a capital alone.
fn is_date_word(line: &Line<'_>, at: usize) -> bool {
    match date_name(line, at) {
        Some("weekday") => true,
        Some(_) => line.case(at) == Case::Title,
        None => false,
    }
}
