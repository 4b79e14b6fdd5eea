//! How good each sentence of a translation is, and how likely an editor is to change each of its words, as models tell from the
//! sentence and its source.
//!
//! Worked out for a sentence when somebody asks, and for a changed sentence anew. The figures are those of [`Evidence`]; what they
//! mean was learned from sentences that people edited and scored (`models::quality`).

use std::sync::OnceLock;

use crate::analyse::evidence::Evidence;
use crate::analyse::{Document, Passage};
use crate::models;
use crate::models::boost::Columns;
use crate::models::quality::{
    AROUND, BESIDE, LIKE_MOST, QualityModels, Set, around, chance, in_a_row, logit, of_words, share,
};
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

/// What a word's doubt takes of each neighbour's.
const OF_NEIGHBOURS: f32 = 0.2;

impl SentenceQuality {
    /// How doubtful each word is beside the others: the logarithm of the odds that it is changed, with a share of its neighbours',
    /// above the mean of the sentence. The chances themselves tell bad sentences from good ones, and a bad one has marks everywhere.
    pub fn doubts(&self) -> Vec<f32> {
        let odds: Vec<f32> = self.words.iter().map(|w| logit(w.probability)).collect();
        let mean = odds.iter().sum::<f32>() / odds.len().max(1) as f32;
        let one = |(at, own): (usize, &f32)| {
            let beside = |at: Option<usize>| at.and_then(|at| odds.get(at)).unwrap_or(own);
            let around = beside(at.checked_sub(1)) + beside(Some(at + 1));
            own * (1.0 - 2.0 * OF_NEIGHBOURS) + around * OF_NEIGHBOURS - mean
        };
        odds.iter().enumerate().map(one).collect()
    }
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
    let by_letters = letters(set, document, passage);
    let mut columns = Columns::new(count, width + evidence.sentence.len() + BESIDE + AROUND + 1);
    for figure in 0..width {
        columns.push(evidence.words.iter().skip(figure).step_by(width).copied());
    }
    evidence.sentence.iter().chain(&by_letters).for_each(|figure| columns.push_all(*figure));
    columns.push(evidence.traits.iter().map(|t| set.traits.value(t.iter().copied(), 1.0)));
    let before = columns.len();
    columns.push_all(LIKE_MOST);
    let around = around(&set.words(0, &columns));
    columns.truncate(before);
    for figure in 0..AROUND {
        columns.push(around.iter().map(|figures| figures[figure]));
    }
    columns.push_all(LIKE_MOST);
    let chances: Vec<f32> =
        set.words(1, &columns).into_iter().map(|said| set.of_words.at(said).clamp(0.0, 1.0)).collect();
    let mut row = Vec::with_capacity(evidence.sentence.len() + 16);
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

    /// With other models of quality than those built in: for measuring what was just trained.
    #[must_use]
    pub fn with_quality_models(mut self, models: Option<&'static QualityModels<'static>>) -> Self {
        self.quality_models = models;
        self
    }

    fn quality_set(&self) -> Option<&'static Set<'static>> {
        let models = self.quality_models.or_else(|| models::quality().ok())?;
        models.set(self.source_language().map_or("", |l| l.primary()))
    }

    /// How good a sentence is, of the document or a changed one in its place; `None` where there is no source that it renders, or
    /// no model.
    pub fn quality<'p>(&self, passage: &Passage<'p>) -> Option<&'p SentenceQuality> {
        self.word_links(passage)?;
        let set = self.quality_set()?;
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
        self.quality_set().map(|set| set.threshold)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Text;
    use crate::article::{Article, Language, Side};
    use crate::surface::BlockKind;

    fn article(from: &str, source: &str, target: &str) -> Article {
        let language = |tag: &str| Language::parse(tag).ok();
        Article::new(Some(Side::new(source, language(from))), Side::new(target, language("en")))
    }

    fn document<'a>(article: &'a Article, from: &str) -> Document<'a> {
        Document::new(article, Language::parse(from).ok().as_ref(), Language::parse("en").ok(), Vec::new())
    }

    fn quality(from: &str, source: &str, target: &str) -> SentenceQuality {
        let article = article(from, source, target);
        let document = document(&article, from);
        let passage = Passage { text: &document.target, sentence: 0, place: 0 };
        document.quality(&passage).expect("it has a source").clone()
    }

    #[test]
    fn a_translation_of_something_else_is_worse() {
        for (from, source, right, wrong) in [
            (
                "ru",
                "Министр посетил больницу в понедельник.",
                "The minister visited the hospital on Monday.",
                "The whale sang of copper to the window.",
            ),
            (
                "ro",
                "Ministrul a vizitat spitalul luni dimineața.",
                "The minister visited the hospital on Monday morning.",
                "The whale sang of copper to the window of rain.",
            ),
            (
                "de",
                "Der Minister besuchte am Montag das Krankenhaus.",
                "The minister visited the hospital on Monday.",
                "The whale sang of copper to the window.",
            ),
            (
                "fr",
                "Le ministre a visité l'hôpital lundi.",
                "The minister visited the hospital on Monday.",
                "The whale sang of copper to the window.",
            ),
        ] {
            let (right, wrong) = (quality(from, source, right), quality(from, source, wrong));
            assert!(right.estimate > wrong.estimate, "{from}: {} {}", right.estimate, wrong.estimate);
            let mean = |q: &SentenceQuality| q.words.iter().map(|w| w.probability).sum::<f32>() / q.words.len() as f32;
            assert!(mean(&right) < mean(&wrong), "{from}: {} {}", mean(&right), mean(&wrong));
            for q in [&right, &wrong] {
                assert!(q.low <= q.estimate && q.estimate <= q.high && (0.0..=1.0).contains(&q.low) && q.high <= 1.0);
            }
        }
    }

    #[test]
    fn every_word_and_mark_has_its_chance_in_a_changed_sentence_too() {
        let article = article("ru", "Мост закрыли во вторник.", "The bridge was closed on Tuesday.");
        let document = document(&article, "ru");
        let changed = "The bridge was closed on copper.";
        let text = Text::passage(changed, document.target.data(), &[], BlockKind::Body);
        let of = |passage: Passage<'_>| document.quality(&passage).expect("it has a source").clone();
        let before = of(Passage { text: &document.target, sentence: 0, place: 0 });
        let after = of(Passage { text: &text, sentence: 0, place: 0 });
        assert_eq!(before.words.iter().map(|w| w.token).collect::<Vec<_>>(), (0..7).collect::<Vec<_>>());
        assert!(after.words[5].probability > before.words[5].probability + 0.1);
        assert!(document.word_threshold().is_some_and(|t| t > 0.05 && t < 0.95));
    }

    #[test]
    fn without_a_source_nothing_is_said_and_odd_text_is_no_panic() {
        let alone = Article::new(None, Side::new("The bridge was closed.", Language::parse("en").ok()));
        let document = Document::new(&alone, None, Language::parse("en").ok(), Vec::new());
        assert!(document.quality(&Passage { text: &document.target, sentence: 0, place: 0 }).is_none());
        for (from, source, target) in [("zh", "。", "."), ("ru", "а", "12 12 12 ?!"), ("xx", "qq", "日本 of e\u{301}")]
        {
            let quality = quality(from, source, target);
            assert!(quality.words.iter().all(|w| (0.0..=1.0).contains(&w.probability)), "{target}");
        }
    }

    #[test]
    fn the_engines_doubts_move_what_is_said_and_no_further_than_they_may() {
        let article = article("ru", "Мост закрыли во вторник.", "The bridge was closed on Tuesday.");
        let with = |pieces: &[(usize, usize, f32)]| {
            let hints = Hints { log_probabilities: pieces.iter().map(|(a, b, ln)| (Span::new(*a, *b), *ln)).collect() };
            let document = document(&article, "ru").with_hints(hints);
            document.quality(&Passage { text: &document.target, sentence: 0, place: 0 }).expect("a source").clone()
        };
        let plain = with(&[]);
        // "bridge", in two pieces.
        let unsure = with(&[(4, 7, -1.5), (7, 10, -1.0)]);
        assert!(unsure.words[1].probability > plain.words[1].probability);
        assert_eq!(unsure.words[2], plain.words[2], "no hint, no move");
        assert!(unsure.estimate < plain.estimate);
        let moved = |q: &SentenceQuality| logit(q.words[1].probability) - logit(plain.words[1].probability);
        assert!((moved(&unsure) - (2.5 - TYPICAL) * DOUBT).abs() < 0.01);
        let hopeless = with(&[(4, 10, f32::NEG_INFINITY)]);
        assert!((moved(&hopeless) - MOST_DOUBT).abs() < 0.01 && hopeless.estimate >= plain.estimate - MOST_LOST - 1e-6);
        let sure = with(&[(4, 10, 0.0)]);
        assert!(moved(&sure) <= 0.0 && moved(&sure) >= -MOST_TRUST - 0.01);
    }
}
