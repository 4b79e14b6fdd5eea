//! What must be so for an entry to hold: which words stand, or do not stand, in the sentences of either side.

use std::borrow::Cow;

use crate::language::english::verb_shapes;
use crate::language::morphology::{Lemma, Morphology};
use crate::language::{LanguageData, Words as Spacing};
use crate::span::Span;
use crate::surface::{Surface, Token, TokenKind, fold};

use super::{Condition, Entry, Pos, Rendering, Wording, Words};

/// The most tokens of a sentence, or a text, that a condition looks at.
const MAX_NEAR: usize = 2_000;

/// So many different words of a condition must stand elsewhere in a text where none stands in the sentence; of a long one, one in
/// so many.
const AGREE: usize = 3;
const ONE_IN: usize = 5;

/// Where what an entry asks of the source was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// In the sentence.
    Here,
    /// Some of it in another sentence. A word has mostly one sense in one text (Gale, Church and Yarowsky 1992), so that a railway
    /// station three sentences above tells what kind of quay is meant.
    Elsewhere,
}

/// The conditions of an entry, ready to be asked.
pub struct Conditions {
    source: Vec<Asked<Wanted>>,
    target: Vec<Asked<InTarget>>,
}

/// A condition: one of some words stands in a sentence, or none does.
struct Asked<W> {
    stands: bool,
    words: Vec<W>,
}

impl<W> Asked<W> {
    fn holds(&self, stands: impl FnMut(&W) -> bool) -> bool {
        self.words.iter().any(stands) == self.stands
    }
}

/// A word or phrase, in its dictionary form.
struct Wanted {
    text: &'static str,
    /// Its words, folded; with their stems where they may change.
    parts: Vec<(Box<str>, Option<Lemma>)>,
    /// The other forms of the word as an English verb, where it is one word.
    conjugated: Vec<String>,
}

/// A word of the translation.
enum InTarget {
    /// Whatever it is, a noun or a verb: English.
    English([Wording<'static>; 2]),
    Other(Wanted),
}

/// The words of a sentence as conditions ask for them.
pub struct SourceWords<'a> {
    /// Where words are not parted by spaces: the sentence.
    unspaced: Option<&'a str>,
    /// Each folded, and spelled as its forms are compared.
    words: Vec<(&'a str, Cow<'a, str>)>,
    morphology: Option<&'static Morphology>,
}

/// The words of tokens of a text.
pub fn source_words<'a>(
    text: &'a str,
    surface: &'a Surface,
    tokens: &'a [Token],
    data: LanguageData,
) -> SourceWords<'a> {
    let morphology = data.morphology_with_verbs();
    let spelled = |word: &'a str| morphology.map_or(Cow::Borrowed(word), |m| m.spelling(word, word));
    let row = tokens.iter().take(MAX_NEAR).filter(|t| t.kind != TokenKind::Mark).map(|t| surface.folded(t));
    let whole = tokens.first().zip(tokens.last()).map_or(Span::new(0, 0), |(a, b)| a.span.cover(b.span));
    let own = |word: &'a str| morphology.and_then(|m| m.without_possessive(word)).unwrap_or(word);
    SourceWords {
        unspaced: (data.words() == Spacing::Unspaced).then(|| whole.of(text)),
        words: row.map(own).map(|word| (word, spelled(word))).collect(),
        morphology,
    }
}

impl Wanted {
    fn of(text: &'static str, data: LanguageData) -> Self {
        let exact = text.strip_prefix('=');
        let morphology = data.morphology_with_verbs().filter(|_| exact.is_none());
        let folded = fold(exact.unwrap_or(text));
        let parts = folded.split([' ', '-']).filter(|part| !part.is_empty());
        let lemma = |part: &str| morphology.map(|m| m.lemma(&m.spelling(part, part)));
        let conjugated = data.tag() == "en" && exact.is_none() && !folded.contains([' ', '-']);
        let conjugated = if conjugated { verb_shapes(&folded) } else { Vec::new() };
        Self {
            text,
            parts: parts.map(|part| (Box::from(part), lemma(part))).collect(),
            conjugated: conjugated.into_iter().map(|(form, _)| form).collect(),
        }
    }

    fn stands(&self, row: &SourceWords<'_>) -> bool {
        if let Some(sentence) = row.unspaced {
            return sentence.contains(self.text);
        }
        let is = |(folded, spelled): &(&str, Cow<'_, str>), (part, lemma): &(Box<str>, Option<Lemma>)| {
            **folded == **part
                || row.morphology.zip(lemma.as_ref()).is_some_and(|(m, l)| m.form_of_lemma(spelled, l).is_some())
        };
        let verb = |folded: &str| self.conjugated.iter().any(|form| form == folded);
        if !self.conjugated.is_empty() && row.words.iter().any(|(folded, _)| verb(folded)) {
            return true;
        }
        !self.parts.is_empty()
            && row.words.windows(self.parts.len()).any(|w| w.iter().zip(&self.parts).all(|(word, part)| is(word, part)))
    }
}

impl Conditions {
    pub(super) fn of(entry: &Entry, source: LanguageData, target: LanguageData) -> Self {
        let (mut of_source, mut of_target) = (Vec::new(), Vec::new());
        for condition in entry.conditions() {
            let stands = matches!(condition, Condition::Near(_) | Condition::TargetNear(_));
            match condition {
                Condition::Near(_) | Condition::Not(_) => {
                    let words = condition.words().map(|word| Wanted::of(word, source)).collect();
                    of_source.push(Asked { stands, words });
                }
                Condition::TargetNear(_) | Condition::TargetNot(_) => {
                    let words = condition.words().map(|word| InTarget::of(word, target)).collect();
                    of_target.push(Asked { stands, words });
                }
            }
        }
        Self { source: of_source, target: of_target }
    }

    /// Whether they ask nothing of the source.
    pub fn spare_source(&self) -> bool {
        self.source.is_empty()
    }

    /// Whether what they ask of the source is so, and where; without a sentence of the source nothing stands there. What must not
    /// stand there is looked for in the sentence alone; `text` gives the words of all.
    pub fn hold_in_source<'w>(
        &self,
        sentence: Option<&SourceWords<'_>>,
        text: impl FnOnce() -> Option<SourceWords<'w>>,
    ) -> Option<Met> {
        let here = |asked: &&Asked<Wanted>| asked.holds(|word| sentence.is_some_and(|row| word.stands(row)));
        let (met, unmet): (Vec<_>, Vec<_>) = self.source.iter().partition(here);
        if unmet.is_empty() {
            return Some(Met::Here);
        }
        // Of two groups of words one at least stands here.
        if unmet.iter().any(|asked| !asked.stands) || (unmet.len() > 1 && met.iter().all(|asked| !asked.stands)) {
            return None;
        }
        let text = text()?;
        let enough = |asked: &&Asked<Wanted>| {
            let least = AGREE.max(asked.words.len() / ONE_IN);
            asked.words.iter().filter(|word| word.stands(&text)).nth(least - 1).is_some()
        };
        unmet.iter().all(enough).then_some(Met::Elsewhere)
    }

    /// Whether what they ask of the translation is so.
    pub fn hold_in_target(&self, words: &Words<'_>, surface: &Surface) -> bool {
        self.target.iter().all(|asked| {
            asked.holds(|word| match word {
                InTarget::English(either) => either.iter().any(|wording| !wording.find(words).is_empty()),
                InTarget::Other(wanted) => wanted.stands(&source_words(words.text, surface, words.tokens, words.data)),
            })
        })
    }
}

impl InTarget {
    fn of(text: &'static str, data: LanguageData) -> Self {
        if data.tag() == "en" {
            Self::English([Pos::Noun, Pos::Verb].map(|pos| Wording::of(Rendering { text, pos }, data)))
        } else {
            Self::Other(Wanted::of(text, data))
        }
    }
}
