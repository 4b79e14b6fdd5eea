//! How good each sentence of a translation is, and how likely an editor is to change each of its words, as models tell from the
//! sentence and its source.
//!
//! Worked out for a sentence when somebody asks, and for a changed sentence anew. The figures are those of [`Evidence`]; what they
//! mean was learned from sentences that people edited and scored (`models::quality`).

use std::sync::OnceLock;

use crate::analyse::evidence::Evidence;
use crate::analyse::{Document, Passage};
use crate::models;
use crate::models::quality::{BESIDE, LIKE_MOST, Set, around, chance, in_a_row, logit, of_words, share};
use crate::span::Span;

/// How likely a word is to be changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordScore {
    /// The word or mark, as an index of its surface's tokens.
    pub token: usize,
    /// The chance that an editor changes it.
    pub probability: f32,
}

/// How good a sentence is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SentenceQuality {
    /// Its words and marks, in order.
    pub words: Vec<WordScore>,
    /// What people would give it, in [0, 1].
    pub estimate: f32,
    /// What nine of ten such sentences are given at least.
    pub low: f32,
    /// What nine of ten such sentences are given at most.
    pub high: f32,
}

/// What the engine that translated says of its own words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hints {
    /// Places in the translation, in order, each with the natural logarithm of the probability that the engine gave it. Words in
    /// several pieces have several.
    pub log_probabilities: Vec<(Span, f32)>,
}

/// Minus the logarithm of the probability that a right word has in most engines. No row that we learn from has such figures, so
/// what follows is a prior and not learned: a word that the engine was unsure of is moved by half of what it was less sure of than
/// usual (as a logarithm of odds), no further than [`MOST_DOUBT`], and one that it was sure of by no more than [`MOST_TRUST`].
const TYPICAL: f32 = 0.35;
const DOUBT: f32 = 0.5;
const MOST_DOUBT: f32 = 1.5;
const MOST_TRUST: f32 = 0.3;
/// What a sentence loses for each unit that its words are less sure than usual, on average; and what it may lose and gain.
const SENTENCE_DOUBT: f32 = 0.15;
const MOST_LOST: f32 = 0.15;
const MOST_GAINED: f32 = 0.03;

impl Hints {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.log_probabilities.is_empty()
    }

    /// The logarithm of the probability of a word: the sum of its pieces, of one that lies in a longer piece that of the piece.
    pub fn of(&self, word: Span) -> Option<f32> {
        let first = self.log_probabilities.partition_point(|(span, _)| span.end() <= word.start());
        let pieces = self.log_probabilities.get(first..)?.iter().take_while(|(span, _)| span.start() < word.end());
        pieces.map(|(_, ln)| ln.clamp(-50.0, 0.0)).reduce(|a, b| a + b).filter(|ln| ln.is_finite())
    }

    /// A word's chance, moved by how sure the engine was of it.
    fn moved(&self, word: Span, probability: f32) -> f32 {
        let Some(ln) = self.of(word) else { return probability };
        chance(logit(probability) + ((-ln - TYPICAL) * DOUBT).clamp(-MOST_TRUST, MOST_DOUBT))
    }

    /// What a sentence gains, or loses, by how sure the engine was of its words.
    fn gain(&self, words: impl Iterator<Item = Span>) -> f32 {
        let (mut sum, mut count) = (0.0, 0.0);
        for ln in words.filter_map(|word| self.of(word)) {
            sum -= ln;
            count += 1.0;
        }
        if count > 0.0 { ((TYPICAL - sum / count) * SENTENCE_DOUBT).clamp(-MOST_LOST, MOST_GAINED) } else { 0.0 }
    }
}

/// What a set of models says of a sentence.
fn judge(set: &Set<'_>, document: &Document<'_>, passage: &Passage<'_>) -> SentenceQuality {
    let evidence = Evidence::of(document, passage);
    let count = evidence.traits.len();
    let width = evidence.words.len() / count.max(1);
    let mut row: Vec<f32> = Vec::with_capacity(width + evidence.sentence.len() + 16);
    let by_letters = letters(set, document, passage);
    let fill = |row: &mut Vec<f32>, at: usize, by_traits: f32| {
        row.clear();
        row.extend(evidence.word(at));
        row.extend(&evidence.sentence);
        row.extend::<[f32; BESIDE]>([by_letters[0], by_letters[1], by_traits]);
    };
    let by_traits: Vec<f32> = evidence.traits.iter().map(|t| set.traits.value(t.iter().copied(), 1.0)).collect();
    let mut said = Vec::with_capacity(count);
    for (at, by_traits) in by_traits.iter().enumerate() {
        fill(&mut row, at, *by_traits);
        row.push(LIKE_MOST);
        said.push(set.word(0, &row));
    }
    let mut chances = Vec::with_capacity(count);
    for (at, by_traits) in by_traits.iter().enumerate() {
        fill(&mut row, at, *by_traits);
        row.extend(around(&said, at));
        row.push(LIKE_MOST);
        chances.push(set.of_words.at(set.word(1, &row)).clamp(0.0, 1.0));
    }
    row.clear();
    row.extend(&evidence.sentence);
    row.extend(of_words(&chances));
    row.extend(by_letters);
    let [estimate, low, high] = set.sentence(&row);
    let words = chances.iter().enumerate();
    let words = words.map(|(at, p)| WordScore { token: evidence.first + at, probability: *p }).collect();
    SentenceQuality { words, estimate, low, high }
}

/// The letters and words in a row of a sentence and of what it renders, hashed.
pub fn rows_of_letters(document: &Document<'_>, passage: &Passage<'_>) -> [Vec<u32>; 2] {
    let (mut of_source, mut of_target) = (Vec::new(), Vec::new());
    let surface = passage.text.surface();
    in_a_row(passage.tokens().iter().map(|t| surface.folded(t)), &mut of_target);
    if let Some(source) = document.source.as_ref().map(|s| s.surface()) {
        let aligned = document.alignment().source_of(passage.place).source;
        let tokens = aligned.filter_map(|at| source.sentences.get(at)).flat_map(|s| source.tokens_of(s));
        in_a_row(tokens.map(|t| source.folded(t)), &mut of_source);
    }
    [of_source, of_target]
}

fn letters(set: &Set<'_>, document: &Document<'_>, passage: &Passage<'_>) -> [f32; 2] {
    if set.letters.iter().all(|side| side.slots() == 0) {
        return [f32::NAN; 2];
    }
    let sides = rows_of_letters(document, passage);
    let each = share(sides[0].len() + sides[1].len());
    let of = |side: usize| set.letters[side].value(sides[side].iter().copied(), each);
    [of(0), of(1)]
}

impl<'a> Document<'a> {
    /// With what the engine that translated says of its own words.
    #[must_use]
    pub fn with_hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// How good a sentence is, of the document or a changed one in its place; `None` where there is no source that it renders, or
    /// no model.
    pub fn quality<'p>(&self, passage: &Passage<'p>) -> Option<&'p SentenceQuality> {
        self.word_links(passage)?;
        let set = models::quality().ok()?.set(self.source_language().map_or("", |l| l.primary()))?;
        let text = passage.text;
        let surface = text.surface();
        let cells = text.quality.get_or_init(|| surface.sentences.iter().map(|_| OnceLock::new()).collect());
        let quality = cells.get(passage.sentence)?.get_or_init(|| {
            let mut quality = judge(set, self, passage);
            // What the engine said is of the document's own text.
            if std::ptr::eq(text.text(), self.target.text()) && !self.hints.is_empty() {
                let place = |token: usize| surface.tokens.get(token).map(|t| t.span);
                for word in &mut quality.words {
                    if let Some(span) = place(word.token) {
                        word.probability = self.hints.moved(span, word.probability);
                    }
                }
                let gain = self.hints.gain(quality.words.iter().filter_map(|w| place(w.token)));
                for figure in [&mut quality.estimate, &mut quality.low, &mut quality.high] {
                    *figure = (*figure + gain).clamp(0.0, 1.0);
                }
            }
            quality
        });
        (!quality.words.is_empty()).then_some(quality)
    }

    /// The chance of a word of translations from the document's language from which calling it wrong agreed best with editors.
    pub fn word_threshold(&self) -> Option<f32> {
        let set = models::quality().ok()?.set(self.source_language().map_or("", |l| l.primary()))?;
        Some(set.threshold)
    }
}

/// The quality of sentences together: longer ones count more.
pub fn together<'q>(sentences: impl Iterator<Item = &'q SentenceQuality>) -> Option<[f32; 3]> {
    let (mut sums, mut words) = ([0.0_f32; 3], 0.0_f32);
    for sentence in sentences {
        let count = sentence.words.len() as f32;
        for (sum, value) in sums.iter_mut().zip([sentence.estimate, sentence.low, sentence.high]) {
            *sum += value * count;
        }
        words += count;
    }
    (words > 0.0).then(|| sums.map(|sum| sum / words))
}
