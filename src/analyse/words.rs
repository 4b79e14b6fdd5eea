//! Which words of the source each word of a translated sentence renders, as far as a lexicon, their letters and their places tell.
//!
//! It is worked out for a sentence when somebody asks, and for a changed sentence anew, against the same source. Confidence is
//! measured against sentences by chance (`models::links`): a rule that must not cry wolf asks for [`SURE`].

use std::ops::Range;
use std::sync::Arc;

use crate::analyse::stemmed::Sentence;
use crate::analyse::{Document, Passage};
use crate::article::Language;
use crate::language::LanguageData;
use crate::language::stem::Stemmer;
use crate::models::lexicon::{Lexicon, Rendering, StemId, Vocabulary};
pub use crate::models::links::By;
use crate::models::links::{Link, Word, links};
use crate::span::Span;
use crate::surface::Surface;

/// The confidence from which a link is as good as certain: on clean news of 11 languages a sentence has 7 to 12 such links with its
/// translation, and 0.04 to 0.09 with the translation of another.
pub const SURE: f32 = 0.9;
/// A chance of one stem given another, either way, from which the one may be said to translate the other: below it stand most links
/// that were seen once in a sentence of many words.
pub const TRANSLATES: f32 = 0.02;

/// The lexicon of two languages, and which of them is English.
#[derive(Clone, Copy)]
pub struct Bilingual {
    /// The lexicon; `None` where only letters and figures can be compared.
    pub lexicon: Option<&'static Lexicon<'static>>,
    /// Whether the translation is the English side.
    pub into_english: bool,
}

impl Bilingual {
    /// For a source and a translation; without a lexicon where neither is English or there is none.
    pub fn of(source: Option<&Language>, target: Option<&Language>) -> Self {
        let primary = |language: Option<&Language>| language.map_or("", |l| l.primary()).to_owned();
        let (source, target) = (primary(source), primary(target));
        let lexicon = match (source.as_str(), target.as_str()) {
            (other, "en") | ("en", other) => crate::models::lexicon(other),
            _ => None,
        };
        Self { lexicon, into_english: source != "en" }
    }

    pub(crate) fn source_stems(&self) -> Option<&'static Vocabulary<'static>> {
        self.lexicon.map(|l| if self.into_english { &l.other } else { &l.english })
    }

    pub(crate) fn target_stems(&self) -> Option<&'static Vocabulary<'static>> {
        self.lexicon.map(|l| if self.into_english { &l.english } else { &l.other })
    }

    /// How a source stem is rendered, best first.
    pub fn renderings(&self, source: StemId) -> impl Iterator<Item = Rendering> + use<> {
        let all = self.lexicon.map(|l| if self.into_english { l.to_english(source) } else { l.from_english(source) });
        all.into_iter().flat_map(|all| all.iter())
    }

    /// How a word of the source, folded, is rendered, best first: the form that was seen most, the chance of it given the word, and
    /// the other way about. `data` is that of the source's language.
    pub fn translations(&self, data: LanguageData, folded: &str) -> Vec<(&'static str, f32, f32)> {
        let (Some(from), Some(to)) = (self.source_stems(), self.target_stems()) else { return Vec::new() };
        let mut all = Vec::new();
        Stemmer::of(data).stems(folded, |stem| {
            let renderings = from.find(stem).into_iter().flat_map(|stem| self.renderings(stem));
            all.extend(
                renderings.map(|r| (to.word(r.stem), r.forward, r.back)).filter(|(word, _, _)| !word.is_empty()),
            );
        });
        all
    }

    pub(crate) fn silent(&self, stem: StemId, of_english: bool) -> f32 {
        self.lexicon.map_or(0.0, |l| if of_english { l.silent_english(stem) } else { l.silent_other(stem) })
    }
}

/// A word of the source and one of the translation that render each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordLink {
    /// The source's word, as an index of its surface's tokens.
    pub source: usize,
    /// The translation's word, as an index of its own surface's tokens.
    pub target: usize,
    /// How surely, in [0, 1].
    pub confidence: f32,
    /// What joins them.
    pub by: By,
}

/// How much of a sentence and of its source is accounted for by the other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cover {
    /// Of the source, rare words counting more.
    pub source: f32,
    /// Of the translation, likewise.
    pub target: f32,
    /// Mean logarithm of the chance of each source word, given all words of the translation.
    pub source_chance: f32,
    /// Mean logarithm of the chance of each word of the translation, given all words of the source.
    pub target_chance: f32,
}

impl Cover {
    /// All of it in one figure, higher where more is accounted for. The shares are those that agreed best, of some that were
    /// tried, with human scores on MLQE-PE (ru, ro, et).
    pub fn score(&self) -> f32 {
        self.source + self.target + 0.1 * self.source_chance + 0.05 * self.target_chance
    }
}

/// The links of one sentence with its source.
#[derive(Clone, Debug, Default)]
pub struct WordLinks {
    /// In the order of the translation.
    links: Vec<WordLink>,
    source: Arc<Sentence>,
    target: Sentence,
    /// How surely the sentences belong together: what links are multiplied with.
    certainty: f32,
}

impl WordLinks {
    /// Aligns the tokens of a source with those of its translation. `likeness` tells how like a name of the other language and a
    /// spelling in English are.
    pub fn of(
        bilingual: Bilingual,
        likeness: impl Fn(&str, &str) -> f64,
        source: (&str, &Surface, Arc<Sentence>),
        target: (&str, &Surface, Sentence),
        certainty: f32,
    ) -> Self {
        let (source_text, source_surface, source) = source;
        let (target_text, target_surface, target) = target;
        let (other, english) = if bilingual.into_english { (&*source, &target) } else { (&target, &*source) };
        let alike = |i: usize, j: usize| {
            let (s, t) = if bilingual.into_english { (i, j) } else { (j, i) };
            let (s, t) =
                (source.written(source_surface, source_text, s), target.written(target_surface, target_text, t));
            let (name, english) = if bilingual.into_english { (s, t) } else { (t, s) };
            likeness(name, english) as f32
        };
        let found = links(bilingual.lexicon, &other.words, &english.words, alike);
        let link = |link: Link| {
            let (s, t) = if bilingual.into_english { (link.other, link.english) } else { (link.english, link.other) };
            let (source, target) = (*source.tokens.get(s)?, *target.tokens.get(t)?);
            Some(WordLink { source, target, confidence: link.confidence * certainty, by: link.by })
        };
        let mut links: Vec<WordLink> = found.into_iter().filter_map(link).collect();
        links.sort_by_key(|l| (l.target, l.source));
        Self { links, source, target, certainty }
    }

    /// All links, in the order of the translation.
    pub fn all(&self) -> &[WordLink] {
        &self.links
    }

    /// The links of a word of the translation.
    pub fn of_target(&self, token: usize) -> &[WordLink] {
        let from = self.links.partition_point(|l| l.target < token);
        let to = self.links.partition_point(|l| l.target <= token);
        self.links.get(from..to).unwrap_or(&[])
    }

    /// The links of a word of the source.
    pub fn of_source(&self, token: usize) -> impl Iterator<Item = &WordLink> {
        self.links.iter().filter(move |l| l.source == token)
    }

    /// How surely something in the source accounts for a word of the translation: a link, or that the word is one that often
    /// renders nothing, such as an article.
    pub fn explained(&self, bilingual: Bilingual, token: usize) -> f32 {
        let linked = self.of_target(token).iter().fold(0.0_f32, |best, l| best.max(l.confidence));
        1.0 - (1.0 - linked) * (1.0 - silent(bilingual, &self.target, token, bilingual.into_english))
    }

    /// What tells best whether an editor changes a word of the translation: how surely it is accounted for, and how plainly some
    /// source word asks for just this word rather than for another.
    pub fn expected(&self, bilingual: Bilingual, token: usize) -> f32 {
        let plainest = self.renders(bilingual, token).iter().fold(0.0_f32, |best, r| best.max(r.1));
        (self.explained(bilingual, token) + plainest / (plainest + PLAIN)) / 2.0
    }

    /// How surely a word of the source is rendered in this sentence, or is one that often has no rendering.
    pub fn covered(&self, bilingual: Bilingual, token: usize) -> f32 {
        let linked = self.of_source(token).fold(0.0_f32, |best, l| best.max(l.confidence));
        1.0 - (1.0 - linked) * (1.0 - silent(bilingual, &self.source, token, !bilingual.into_english))
    }

    /// The words of the source that a word of the translation may render by the lexicon, linked or not, likeliest first: the
    /// token, the chance of the rendering given the source's word, and the other way about.
    pub fn renders(&self, bilingual: Bilingual, token: usize) -> Vec<(usize, f32, f32)> {
        let Some(word) = word_at(&self.target, token) else { return Vec::new() };
        let mut found: Vec<(usize, f32, f32)> = Vec::new();
        for (source, at) in self.source.words.iter().zip(&self.source.tokens) {
            if source.same != 0 && source.same == word.same {
                found.push((*at, 1.0, 1.0));
                continue;
            }
            let of_stems = source.stems.iter().flatten().flat_map(|stem| bilingual.renderings(*stem));
            let fits = of_stems.filter(|r| word.stems.contains(&Some(r.stem)));
            let best = fits.max_by(|a, b| (a.forward * a.back).total_cmp(&(b.forward * b.back)));
            found.extend(best.filter(|b| b.forward.max(b.back) >= TRANSLATES).map(|b| (*at, b.forward, b.back)));
        }
        found.sort_by(|a, b| (b.1 * b.2).total_cmp(&(a.1 * a.2)).then(a.0.cmp(&b.0)));
        found
    }

    /// Whether a word of the translation translates another source word than this one, by the lexicon.
    pub fn renders_another(&self, bilingual: Bilingual, token: usize, source_token: usize) -> bool {
        self.renders(bilingual, token).iter().any(|(at, _, _)| *at != source_token)
    }

    /// How much of either sentence the other accounts for.
    pub fn cover(&self, bilingual: Bilingual) -> Cover {
        let (source_chance, target_chance) = chances(bilingual, &self.source, &self.target);
        let of = |sentence: &Sentence, stems: Option<&Vocabulary<'_>>, linked: &dyn Fn(usize) -> f32| {
            let (mut sum, mut all) = (0.0_f32, 0.0_f32);
            for (word, token) in sentence.words.iter().zip(&sentence.tokens) {
                let usual = word.stems[0].zip(stems).map_or(RARE, |(stem, stems)| -stems.usual(stem).max(1e-6).ln());
                sum += usual * linked(*token);
                all += usual;
            }
            if all > 0.0 { sum / all } else { 0.0 }
        };
        let to_source = |token: usize| self.of_source(token).fold(0.0_f32, |best, l| best.max(l.confidence));
        let to_target = |token: usize| self.of_target(token).iter().fold(0.0_f32, |best, l| best.max(l.confidence));
        Cover {
            source: of(&self.source, bilingual.source_stems(), &to_source),
            target: of(&self.target, bilingual.target_stems(), &to_target),
            source_chance,
            target_chance,
        }
    }

    /// The words of the source.
    pub fn source(&self) -> &Sentence {
        &self.source
    }

    /// The words of the translation.
    pub fn target(&self) -> &Sentence {
        &self.target
    }

    /// How surely the sentences belong together.
    pub fn certainty(&self) -> f32 {
        self.certainty
    }

    /// The place of the words that a span of the translation renders, from the first to the last, by links at least so sure.
    pub fn source_of(&self, surface: &Surface, source: &Surface, span: Span, least: f32) -> Option<Span> {
        let inside = |l: &&WordLink| {
            l.confidence >= least && surface.tokens.get(l.target).is_some_and(|t| t.span.overlaps(span))
        };
        let places = self.links.iter().filter(inside).filter_map(|l| source.tokens.get(l.source)).map(|t| t.span);
        places.reduce(|a, b| a.cover(b))
    }
}

/// The chance of a rendering that is half of a plain one.
const PLAIN: f32 = 0.05;
/// What a word that no list knows counts as: minus the logarithm of how usual it is.
const RARE: f32 = 9.0;
/// The chance of a word that nothing accounts for: a share of how usual it is, and a floor.
const FROM_NOTHING: f32 = 0.1;
const FLOOR: f32 = 1e-6;
/// The chance of a word that is the same on both sides, and what is left of a chance by beginnings.
const SAME: f32 = 0.7;
const PART: f32 = 0.4;

/// Mean logarithms of the chance of each word, given all of the other side: of the source, of the translation.
fn chances(bilingual: Bilingual, source: &Sentence, target: &Sentence) -> (f32, f32) {
    let (mut of_source, mut of_target) = (vec![0.0_f32; source.words.len()], vec![0.0_f32; target.words.len()]);
    let mut places: Vec<(StemId, usize)> = Vec::new();
    for (j, word) in target.words.iter().enumerate() {
        places.extend(word.stems.iter().chain([&word.beginning]).flatten().map(|stem| (*stem, j)));
    }
    places.sort_unstable();
    let mut letters: Vec<(u64, usize)> =
        target.words.iter().enumerate().map(|(j, w)| (w.same, j)).filter(|(same, _)| *same != 0).collect();
    letters.sort_unstable();
    let mut add = |i: usize, j: usize, forward: f32, back: f32| {
        if let (Some(s), Some(t)) = (of_source.get_mut(i), of_target.get_mut(j)) {
            *s += back;
            *t += forward;
        }
    };
    for (i, word) in source.words.iter().enumerate() {
        let whole = word.stems.iter().flatten().map(|stem| (*stem, 1.0));
        for (stem, share) in whole.chain(word.beginning.map(|b| (b, PART))) {
            for Rendering { stem, forward, back } in bilingual.renderings(stem) {
                let from = places.partition_point(|(s, _)| *s < stem);
                for (_, j) in places.iter().skip(from).take_while(|(s, _)| *s == stem) {
                    add(i, *j, forward * share, back * share);
                }
            }
        }
        if word.same != 0 {
            let from = letters.partition_point(|(same, _)| *same < word.same);
            for (_, j) in letters.iter().skip(from).take_while(|(same, _)| *same == word.same) {
                add(i, *j, SAME, SAME);
            }
        }
    }
    let mean = |sums: &[f32], words: &[Word], stems: Option<&Vocabulary<'_>>, others: usize| {
        let of = |(sum, word): (&f32, &Word)| {
            let usual = word.stems[0].zip(stems).map_or(0.0, |(stem, stems)| stems.usual(stem));
            ((sum + FROM_NOTHING * usual) / (others as f32 + 1.0) + FLOOR).ln()
        };
        let all: f32 = sums.iter().zip(words).map(of).sum();
        all / words.len().max(1) as f32
    };
    (
        mean(&of_source, &source.words, bilingual.source_stems(), target.words.len()),
        mean(&of_target, &target.words, bilingual.target_stems(), source.words.len()),
    )
}

fn word_at(sentence: &Sentence, token: usize) -> Option<&Word> {
    sentence.tokens.binary_search(&token).ok().and_then(|at| sentence.words.get(at))
}

fn silent(bilingual: Bilingual, sentence: &Sentence, token: usize, of_english: bool) -> f32 {
    let stem = word_at(sentence, token).and_then(|word| word.stems[0]);
    stem.map_or(0.0, |stem| bilingual.silent(stem, of_english))
}

impl Document<'_> {
    /// With another lexicon than that of its languages: for training, which must not look at what it learns from.
    #[must_use]
    pub fn with_bilingual(self, bilingual: Bilingual) -> Self {
        Self { bilingual: std::sync::OnceLock::from(bilingual), ..self }
    }

    /// The lexicon of the article's languages.
    pub fn bilingual(&self) -> Bilingual {
        *self.bilingual.get_or_init(|| Bilingual::of(self.source_language(), self.target_language()))
    }

    /// The links of a sentence of the document, or of a changed one in its place, with the source sentences that it renders;
    /// `None` where there is no source, or none that it renders.
    pub fn word_links<'p>(&self, passage: &Passage<'p>) -> Option<&'p WordLinks> {
        let source = self.source.as_ref()?;
        let aligned = self.alignment().source_of(passage.place);
        if aligned.source.is_empty() {
            return None;
        }
        let text = passage.text;
        let cells =
            text.links.get_or_init(|| text.surface().sentences.iter().map(|_| std::sync::OnceLock::new()).collect());
        let cell = cells.get(passage.sentence)?;
        Some(cell.get_or_init(|| {
            let bilingual = self.bilingual();
            let surface = source.surface();
            let (first, last) = (aligned.source.start, aligned.source.end - 1);
            let tokens = match (surface.sentences.get(first), surface.sentences.get(last)) {
                (Some(first), Some(last)) => first.tokens.start..last.tokens.end,
                _ => 0..0,
            };
            let from = self.rendered_words(passage.place, || {
                Sentence::of(surface, tokens, source.data(), bilingual.source_stems())
            });
            let language = if bilingual.into_english { self.source_language() } else { self.target_language() };
            let alike = |name: &str, spelling: &str| language.map_or(0.0, |l| self.likeness(name, l, spelling));
            let own = text.surface().sentences.get(passage.sentence).map_or(0..0, |s| s.tokens.clone());
            let to = Sentence::of(text.surface(), own, text.data(), bilingual.target_stems());
            WordLinks::of(
                bilingual,
                alike,
                (source.text(), surface, from),
                (text.text(), text.surface(), to),
                aligned.confidence as f32,
            )
        }))
    }

    /// The links of a sentence, or of a changed one in its place, as far as some of its tokens are asked about, with the first of
    /// these as an index of the surface that the links speak of. Tokens that no change touches have the links that they had.
    pub fn word_links_of<'p>(&'p self, passage: &Passage<'p>, tokens: Range<usize>) -> Option<(&'p WordLinks, usize)> {
        let (passage, from) = match passage.text.unchanged(tokens.clone(), 0) {
            Some((text, sentence, from)) => (Passage { text, sentence, place: sentence }, from),
            None => (*passage, tokens.start),
        };
        let first = passage.text.surface().sentences.get(passage.sentence)?.tokens.start;
        Some((self.word_links(&passage)?, first + from))
    }

    /// How surely a word of the source is rendered by some sentence of the translation that renders its sentence.
    pub fn is_covered(&self, source_sentence: usize, token: usize) -> f32 {
        let sentences = self.source.as_ref().map_or(0, |source| source.surface().sentences.len());
        let targets = self.targets_by_source.get_or_init(|| self.alignment().targets_by_source(sentences));
        let passages = targets.get(source_sentence).into_iter().flatten();
        let of = |&sentence: &usize| {
            let passage = Passage { text: &self.target, sentence, place: sentence };
            self.word_links(&passage).map_or(0.0, |links| links.covered(self.bilingual(), token))
        };
        passages.map(of).fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyse::Text;
    use crate::article::{Article, Side};
    use crate::surface::BlockKind;

    fn article(from: &str, source: &str, to: &str, target: &str) -> Article {
        let language = |tag: &str| Language::parse(tag).ok();
        Article::new(Some(Side::new(source, language(from))), Side::new(target, language(to)))
    }

    fn document<'a>(article: &'a Article, from: &str, to: &str) -> Document<'a> {
        Document::new(article, Language::parse(from).ok().as_ref(), Language::parse(to).ok(), Vec::new())
    }

    /// The words that a word of the translation is surely linked with.
    fn linked(from: &str, source: &str, to: &str, target: &str) -> Vec<(String, String)> {
        let article = article(from, source, to, target);
        let document = document(&article, from, to);
        let passage = Passage { text: &document.target, sentence: 0, place: 0 };
        let links = document.word_links(&passage).expect("it has a source");
        let surface = document.source.as_ref().expect("it has a source").surface();
        let sure = links.all().iter().filter(|l| l.confidence >= SURE);
        let words = |l: &WordLink| {
            (
                surface.tokens[l.source].span.of(source).to_owned(),
                document.target.surface().tokens[l.target].span.of(target).to_owned(),
            )
        };
        sure.map(words).collect()
    }

    #[test]
    fn content_words_names_and_numbers_are_linked() {
        for (from, source, to, target, wanted) in [
            (
                "ru",
                "Министр посетил больницу в Дресвянке 12 марта.",
                "en",
                "The minister visited a hospital in Dresvyanka on 12 March.",
                &[("Министр", "minister"), ("больницу", "hospital"), ("12", "12"), ("марта", "March")][..],
            ),
            (
                "de",
                "Die Polizei schloss die Brücke am Dienstag.",
                "en",
                "Police closed the bridge on Tuesday.",
                &[("Polizei", "Police"), ("Brücke", "bridge"), ("Dienstag", "Tuesday")],
            ),
            (
                "en",
                "The old bridge was closed on Tuesday.",
                "fr",
                "Le vieux pont a été fermé mardi.",
                &[("old", "vieux"), ("bridge", "pont"), ("Tuesday", "mardi")],
            ),
            (
                "zh",
                "总统星期二访问了医院。",
                "en",
                "The president visited the hospital on Tuesday.",
                &[("总统", "president"), ("医院", "hospital")],
            ),
        ] {
            let found = linked(from, source, to, target);
            for (a, b) in wanted {
                assert!(found.contains(&((*a).to_owned(), (*b).to_owned())), "{from}: {a} {b}: {found:?}");
            }
        }
    }

    #[test]
    fn another_sentence_is_linked_by_nothing_sure() {
        let found = linked(
            "ru",
            "Рыбаки вернулись в порт до начала шторма.",
            "en",
            "Parliament approved the budget after a long debate.",
        );
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_changed_sentence_is_linked_anew() {
        let article = article("ru", "Мост закрыли во вторник.", "en", "The bridge was closed on Tuesday.");
        let document = document(&article, "ru", "en");
        let changed = "The bridge was closed on Wednesday.";
        let text = Text::passage(changed, document.target.data(), &[], BlockKind::Body);
        let day = |passage: Passage<'_>| {
            let links = document.word_links(&passage).expect("it has a source");
            links.explained(document.bilingual(), 5)
        };
        let before = day(Passage { text: &document.target, sentence: 0, place: 0 });
        let after = day(Passage { text: &text, sentence: 0, place: 0 });
        assert!(before > SURE && after < 0.5, "{before} {after}");
    }

    #[test]
    fn another_source_word_that_a_word_translates_is_told() {
        let (source, target) = ("Завод купил новый станок.", "The factory bought a new machine.");
        let article = article("ru", source, "en", target);
        let document = document(&article, "ru", "en");
        let links = document.word_links(&Passage { text: &document.target, sentence: 0, place: 0 }).expect("a source");
        let bilingual = document.bilingual();
        assert!(links.renders(bilingual, 1).iter().any(|(at, _, _)| *at == 0), "factory renders завод");
        assert!(links.renders_another(bilingual, 1, 3) && !links.renders_another(bilingual, 1, 0));
    }

    #[test]
    fn a_word_is_looked_up_both_ways() {
        let language = |tag: &str| Language::parse(tag).ok();
        for (from, word, to, wanted) in [
            ("ru", "больница", "en", "hospital"),
            ("en", "hospital", "de", "krankenhaus"),
            ("ar", "مستشفى", "en", "hospital"),
        ] {
            let bilingual = Bilingual::of(language(from).as_ref(), language(to).as_ref());
            let found = bilingual.translations(LanguageData::of(&language(from).expect(from)), word);
            assert!(found.iter().take(3).any(|(word, _, _)| *word == wanted), "{word}: {found:?}");
        }
    }

    #[test]
    fn without_a_source_or_a_lexicon_it_is_silent() {
        let alone = Article::new(None, Side::new("The bridge was closed.", Language::parse("en").ok()));
        let document = Document::new(&alone, None, Language::parse("en").ok(), Vec::new());
        assert!(document.word_links(&Passage { text: &document.target, sentence: 0, place: 0 }).is_none());
        let found = linked("fi", "Silta suljettiin 12 kertaa.", "en", "The bridge was closed 12 times.");
        assert!(found.iter().all(|(a, b)| a == b), "{found:?}");
    }
}
