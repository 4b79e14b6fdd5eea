//! What is known of an article before any rule looks: laid down once, on first use, and read by all rules.

pub mod align;
pub mod alone;
pub mod choices;
pub mod evidence;
pub mod fluency;
pub mod mentions;
pub mod people;
pub mod quality;
pub mod quotes;
pub mod renderings;
pub mod standing;
pub mod stemmed;
pub mod syntax;
pub mod treebank;
pub mod words;

use std::any::{Any, TypeId};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::article::{Article, Language, Segment};
use crate::glossary::desk::Names;
use crate::glossary::matcher::{Hit, How, Role};
use crate::glossary::{Concept, Pair};
use crate::language::LanguageData;
use crate::models;
use crate::names;
use crate::senses::{Marks, Met, Senses, SourceHit, Words};
use crate::span::Span;
use crate::surface::{BlockKind, Sentence, Surface, Token, TokenKind};
use align::Alignment;
use fluency::{Fluency, Glance};
use mentions::Mentions;
use people::Person;
use quality::{Hints, SentenceQuality};
use quotes::Quotations;
use standing::{MAX_HITS, Standing};
use syntax::{Leaf, Syntax, Tags};
use words::{Bilingual, WordLinks};

/// One text with its layers: a side of the article, or a sentence of it that was changed to try a suggestion.
pub struct Text<'a> {
    text: &'a str,
    data: LanguageData,
    masks: &'a [Span],
    hard: Vec<usize>,
    kind: Option<BlockKind>,
    /// Of a changed sentence: the text that it is of, and which sentence it was.
    before: Option<(&'a Text<'a>, usize)>,
    /// How many of its tokens, from either end, are those that it had.
    kept: OnceLock<(usize, usize)>,
    surface: OnceLock<Surface>,
    hits: OnceLock<Vec<TermHit>>,
    /// By sentence.
    standing: OnceLock<Vec<OnceLock<Standing>>>,
    /// With the marks that were open before it.
    quotations: OnceLock<(Vec<char>, Arc<Quotations>)>,
    /// One a sentence.
    links: OnceLock<Vec<OnceLock<WordLinks>>>,
    /// By sentence.
    tags: OnceLock<Box<[OnceLock<Option<Tags>>]>>,
    /// By sentence.
    syntax: OnceLock<Box<[OnceLock<Option<Syntax>>]>>,
    /// By sentence.
    quality: OnceLock<Box<[OnceLock<SentenceQuality>]>>,
    /// By sentence.
    fluency: OnceLock<Box<[OnceLock<Option<Fluency>>]>>,
    /// By sentence.
    glance: OnceLock<Box<[OnceLock<Option<Glance>>]>>,
    /// By kind of reading and sentence.
    readings: Mutex<Readings>,
}

/// What rules have read in sentences.
type Readings = FxHashMap<(TypeId, usize), Arc<dyn Any + Send + Sync>>;

/// A glossary's form in a text.
#[derive(Clone, Copy, Debug)]
pub struct TermHit {
    /// Which of the document's glossary pairs, as an index.
    pub pair: usize,
    /// The form and its place.
    pub hit: Hit,
}

impl<'a> Text<'a> {
    fn side(text: &'a str, data: LanguageData, masks: &'a [Span], hard: Vec<usize>) -> Self {
        let (surface, hits, standing, quotations, links) = Default::default();
        let (tags, syntax, quality, fluency, glance) = Default::default();
        Self {
            text,
            data,
            masks,
            hard,
            kind: None,
            before: None,
            kept: OnceLock::new(),
            surface,
            hits,
            standing,
            quotations,
            links,
            tags,
            syntax,
            quality,
            fluency,
            glance,
            readings: Mutex::default(),
        }
    }

    /// A changed sentence, as it would stand in a paragraph of a kind.
    pub fn passage(text: &'a str, data: LanguageData, masks: &'a [Span], kind: BlockKind) -> Self {
        Self { kind: Some(kind), ..Self::side(text, data, masks, Vec::new()) }
    }

    /// With the sentence that it was before it was changed, whose tags its words keep where they are the same.
    #[must_use]
    pub fn changed_from(self, text: &'a Text<'a>, sentence: usize) -> Self {
        Self { before: Some((text, sentence)), ..self }
    }

    /// Of a changed sentence: where a stretch of its tokens stood before, if no change is nearer to it than so many tokens.
    fn unchanged(&self, tokens: std::ops::Range<usize>, away: usize) -> Option<(&'a Text<'a>, usize, usize)> {
        let (text, sentence) = self.before?;
        let [own] = self.surface().sentences.as_slice() else { return None };
        let (own, old) =
            (self.surface().tokens_of(own), text.surface().tokens_of(text.surface().sentences.get(sentence)?));
        let (head, tail) = *self.kept.get_or_init(|| {
            let same = |(a, b): &(&Token, &Token)| a.span.of(self.text) == b.span.of(text.text) && a.glued == b.glued;
            let head = own.iter().zip(old).take_while(same).count();
            let tail = own.iter().rev().zip(old.iter().rev()).take_while(same).count();
            (head, tail.min(own.len().min(old.len()) - head))
        });
        if tokens.end + away <= head {
            return Some((text, sentence, tokens.start));
        }
        let behind = tokens.start >= own.len() - tail + away;
        behind.then(|| (text, sentence, tokens.start + old.len() - own.len()))
    }

    /// The letters.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// What is known about its language.
    pub fn data(&self) -> LanguageData {
        self.data
    }

    /// Inline codes, in order.
    pub fn masks(&self) -> &'a [Span] {
        self.masks
    }

    /// Paragraphs, sentences, tokens.
    pub fn surface(&self) -> &Surface {
        self.surface.get_or_init(|| match self.kind {
            Some(kind) => Surface::of_passage(self.text, self.data, self.masks, kind),
            None => Surface::new(self.text, self.data, self.masks, &self.hard),
        })
    }

    /// Its quotations, where marks are open before it; they are looked for once, since whoever asks knows of the same marks.
    pub fn quotations(&self, open: &[char]) -> Arc<Quotations> {
        let look = || Arc::new(Quotations::of(self.text, self.surface(), self.data, open));
        let (before, quotations) = self.quotations.get_or_init(|| (open.to_vec(), look()));
        if before == open { Arc::clone(quotations) } else { look() }
    }

    /// A cell for each sentence.
    fn by_sentence<T>(&self) -> Vec<OnceLock<T>> {
        self.surface().sentences.iter().map(|_| OnceLock::new()).collect()
    }

    /// The tags of a sentence, made on first use; nothing in languages that have no tagger.
    pub fn tags(&self, sentence: usize) -> Option<&Tags> {
        let surface = self.surface();
        let all = self.tags.get_or_init(|| surface.sentences.iter().map(|_| OnceLock::new()).collect());
        let record = surface.sentences.get(sentence)?;
        let tokens = surface.tokens_of(record);
        let made = || match self.before.and_then(|(text, at)| Some((text.tags(at)?, text.text))) {
            Some((before, text)) => Tags::again(self.text, tokens, self.data, before, text),
            None => Tags::of(self.text, tokens, self.data),
        };
        all.get(sentence)?.get_or_init(made).as_ref()
    }

    /// Tags and tree of a sentence, made on first use; nothing in languages that have no parser.
    pub fn syntax(&self, sentence: usize) -> Option<&Syntax> {
        let surface = self.surface();
        let all = self.syntax.get_or_init(|| surface.sentences.iter().map(|_| OnceLock::new()).collect());
        all.get(sentence)?.get_or_init(|| self.tags(sentence).and_then(Syntax::over)).as_ref()
    }

    /// What rules read in a sentence, worked out once a type: figures, times, negations, whoever asks and however often repairs are
    /// tried.
    pub fn reading<T: Send + Sync + 'static>(&self, sentence: usize, read: impl FnOnce() -> T) -> Arc<T> {
        let key = (TypeId::of::<T>(), sentence);
        // A rule that panicked with the lock in its hand has left whole entries behind.
        let all = || self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all().get(&key).cloned();
        if let Some(known) = known.and_then(|known| known.downcast().ok()) {
            return known;
        }
        let made = Arc::new(read());
        all().insert(key, Arc::<T>::clone(&made));
        made
    }

    /// What is seen of a sentence at a glance, made on first use; nothing in languages other than English.
    pub fn glance(&self, sentence: usize) -> Option<&Glance> {
        let surface = self.surface();
        let all = self.glance.get_or_init(|| surface.sentences.iter().map(|_| OnceLock::new()).collect());
        let record = surface.sentences.get(sentence)?;
        all.get(sentence)?.get_or_init(|| Glance::of(surface, surface.tokens_of(record), self.data)).as_ref()
    }

    /// How a sentence reads, worked out on first use; nothing in languages that have no model.
    pub fn fluency(&self, sentence: usize) -> Option<&Fluency> {
        let surface = self.surface();
        let all = self.fluency.get_or_init(|| surface.sentences.iter().map(|_| OnceLock::new()).collect());
        let record = surface.sentences.get(sentence)?;
        let made = || Fluency::of(surface, surface.tokens_of(record), self.syntax(sentence), self.data);
        all.get(sentence)?.get_or_init(made).as_ref()
    }

    /// How much it runs like a machine's text, as the logarithm of the odds; `None` in languages that have no model.
    pub fn machine(&self) -> Option<f32> {
        let all: Vec<&Fluency> = (0..self.surface().sentences.len()).filter_map(|at| self.fluency(at)).collect();
        if all.is_empty() { None } else { Fluency::machine(&all) }
    }

    fn hits(&self, pairs: &[Pair], role: Role) -> &[TermHit] {
        self.hits.get_or_init(|| {
            let mut all = Vec::new();
            for (index, pair) in pairs.iter().enumerate() {
                let matcher = if role == Role::Source { &pair.source } else { &pair.target };
                let hits = matcher.find(self.text, self.surface());
                all.extend(hits.into_iter().map(|hit| TermHit { pair: index, hit }));
            }
            all.sort_by_key(|h| (h.hit.span.start(), std::cmp::Reverse(h.hit.span.end())));
            all
        })
    }
}

/// One sentence of a [`Text`], which is what most rules look at.
#[derive(Clone, Copy)]
pub struct Passage<'a> {
    /// The text that it stands in; its spans point into it.
    pub text: &'a Text<'a>,
    /// Its index in that text.
    pub sentence: usize,
    /// The index, in the document, of the sentence that it is or was.
    pub place: usize,
}

impl<'a> Passage<'a> {
    fn record(&self) -> &'a Sentence {
        &self.text.surface().sentences[self.sentence]
    }

    /// Its place in its text.
    pub fn span(&self) -> Span {
        self.record().span
    }

    /// Its tokens.
    pub fn tokens(&self) -> &'a [Token] {
        self.text.surface().tokens_of(self.record())
    }

    /// A token's letters for comparing.
    pub fn folded(&self, token: &Token) -> &'a str {
        self.text.surface().folded(token)
    }

    /// A token's letters as they are written.
    pub fn written(&self, token: &Token) -> &'a str {
        token.span.of(self.text.text)
    }

    /// Whether it is a changed sentence, of which nobody will read more than where something is wrong and how sure that is:
    /// neither messages nor repairs.
    pub fn is_tried(&self, document: &Document<'_>) -> bool {
        !std::ptr::eq(self.text, &document.target)
    }

    /// Its tokens as renderings are looked for in them, with their marks.
    pub fn words<'m>(&self, marks: &'m Marks) -> Words<'m>
    where
        'a: 'm,
    {
        Words::of(self.text.text, self.text.surface(), self.tokens(), self.text.data, marks)
    }

    /// Its tags; nothing in languages that have no tagger.
    pub fn tags(&self) -> Option<&'a Tags> {
        self.text.tags(self.sentence)
    }

    /// The word with its tag that lies in one of its tokens. Away from a change it has the tag that it had.
    pub fn leaf(&self, token: usize) -> Option<&'a Leaf> {
        match self.text.unchanged(token..token + 1, TAGS_REACH) {
            Some((text, sentence, token)) => text.tags(sentence)?.at_token(token),
            None => self.tags()?.at_token(token),
        }
    }

    /// Its tags and its tree; nothing in languages that have no parser.
    pub fn syntax(&self) -> Option<&'a Syntax> {
        self.text.syntax(self.sentence)
    }

    /// What is seen of the sentence at a glance; nothing in languages other than English.
    pub fn glance(&self) -> Option<&'a Glance> {
        self.text.glance(self.sentence)
    }

    /// How it reads; nothing in languages that have no model.
    pub fn fluency(&self) -> Option<&'a Fluency> {
        self.text.fluency(self.sentence)
    }

    /// The kind of paragraph that it stands in.
    pub fn kind(&self) -> BlockKind {
        self.text.surface().kind_of(self.record())
    }
}

/// Tokens beside a change whose tags it may change: the tagger looks at two words on either side.
const TAGS_REACH: usize = 4;

/// Pair and concept → where the source first has it, and how.
type Sought = FxHashMap<(usize, usize), Option<(Span, How)>>;

/// An article with its layers.
pub struct Document<'a> {
    article: &'a Article,
    source_language: Option<Language>,
    target_language: Option<Language>,
    /// The translation.
    pub target: Text<'a>,
    /// The original, where there is one.
    pub source: Option<Text<'a>>,
    /// Glossaries that fit the languages.
    pub pairs: Vec<Pair>,
    /// What the engine that translated says of its own words.
    hints: Hints,
    /// Models of quality in place of those built in.
    quality_models: Option<&'static models::quality::QualityModels<'static>>,
    /// Every desk's names, where they are asked for.
    pub desk: Option<&'static Names>,
    alignment: OnceLock<Alignment>,
    bilingual: OnceLock<Bilingual>,
    targets_by_source: OnceLock<Vec<Vec<usize>>>,
    quotations: OnceLock<Quotations>,
    mentions: OnceLock<Mentions>,
    people: OnceLock<[Vec<Person>; 2]>,
    senses: OnceLock<Option<&'static Senses>>,
    source_senses: OnceLock<Vec<SourceHit>>,
    /// By sentence of the translation: the entries whose words stand in its source.
    entries: OnceLock<Vec<OnceLock<Vec<SourceHit>>>>,
    source_words: OnceLock<FxHashMap<String, Span>>,
    in_source: Mutex<Sought>,
    /// Entry of senses and where its words stand in the source → where what it asks of the source is so.
    holds: Mutex<FxHashMap<(usize, usize), Option<Met>>>,
    likened: Mutex<Likened>,
    /// By sentence of the translation: the words of what it renders.
    renders: OnceLock<Vec<OnceLock<Arc<stemmed::Sentence>>>>,
}

/// Spelling → how like a name is.
type Spellings = FxHashMap<Box<str>, f64>;

/// Names that have been compared, with how like they are.
#[derive(Default)]
struct Likened {
    /// Of names in the translation's language, and of those in another, which is the source's: name → spelling → likeness.
    pairs: [FxHashMap<Box<str>, Spellings>; 2],
    count: usize,
}

/// The most pairs of names whose likeness is kept; others are compared anew each time.
const MAX_LIKENED: usize = 1 << 15;

impl<'a> Document<'a> {
    /// An article in the languages that were given or inferred, with the glossaries that fit them.
    pub fn new(
        article: &'a Article,
        source_language: Option<&Language>,
        target_language: Option<Language>,
        pairs: Vec<Pair>,
    ) -> Self {
        let data = |language: Option<&Language>| language.map_or(LanguageData::NONE, LanguageData::of);
        let target = article.target();
        let source = article.source().map(|side| {
            let borders = article.segments().iter().map(|s| s.source.start()).collect();
            Text::side(side.text(), data(source_language), side.masks(), borders)
        });
        let borders = article.segments().iter().map(|s| s.target.start()).collect();
        Self {
            article,
            target: Text::side(target.text(), data(target_language.as_ref()), target.masks(), borders),
            source_language: source_language.cloned(),
            target_language,
            source,
            pairs,
            hints: Hints::default(),
            quality_models: None,
            desk: None,
            alignment: OnceLock::new(),
            bilingual: OnceLock::new(),
            targets_by_source: OnceLock::new(),
            quotations: OnceLock::new(),
            mentions: OnceLock::new(),
            people: OnceLock::new(),
            senses: OnceLock::new(),
            source_senses: OnceLock::new(),
            entries: OnceLock::new(),
            source_words: OnceLock::new(),
            in_source: Mutex::new(FxHashMap::default()),
            holds: Mutex::new(FxHashMap::default()),
            likened: Mutex::default(),
            renders: OnceLock::new(),
        }
    }

    /// With every desk's names.
    #[must_use]
    pub fn with_desk(mut self, desk: Option<&'static Names>) -> Self {
        self.desk = desk;
        self
    }

    /// Whether the article came in segments, which are often single sentences of a paragraph.
    pub fn is_segmented(&self) -> bool {
        !self.article.segments().is_empty()
    }

    /// The translation's language; `None` where nobody knows.
    pub fn target_language(&self) -> Option<&Language> {
        self.target_language.as_ref()
    }

    /// The original's language; `None` where there is no original or nobody knows.
    pub fn source_language(&self) -> Option<&Language> {
        self.source_language.as_ref()
    }

    /// Which source sentences each target sentence renders; empty without a source.
    pub fn alignment(&self) -> &Alignment {
        self.alignment.get_or_init(|| match &self.source {
            Some(source) => Alignment::of(
                (source.text, source.surface()),
                (self.target.text, self.target.surface()),
                self.article.segments(),
            ),
            None => Alignment::default(),
        })
    }

    /// The translation's quotations.
    pub fn quotations(&self) -> &Quotations {
        self.quotations.get_or_init(|| Quotations::of(self.target.text, self.target.surface(), self.target.data, &[]))
    }

    /// The translation's names.
    pub fn mentions(&self) -> &Mentions {
        self.mentions.get_or_init(|| Mentions::of(self.target.text, self.target.surface(), self.target.data))
    }

    /// The glossaries' target forms in a passage, by place, longer before shorter.
    pub fn target_terms<'p>(&self, passage: &Passage<'p>) -> &'p [TermHit] {
        within(passage.text.hits(&self.pairs, Role::Approved), passage.span())
    }

    /// The glossaries' source forms in source sentences.
    pub fn source_terms(&self, sentences: std::ops::Range<usize>) -> &[TermHit] {
        let Some(source) = &self.source else {
            return &[];
        };
        let all = &source.surface().sentences;
        match (all.get(sentences.start), all.get(sentences.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if !sentences.is_empty() => {
                within(source.hits(&self.pairs, Role::Source), first.span.cover(last.span))
            }
            _ => &[],
        }
    }

    /// The people whom the source and the translation name in full, in this order; none where the language is not known.
    pub fn people(&self) -> (&[Person], &[Person]) {
        let of = |text: &Text<'_>, language: Option<&Language>| {
            language.map_or_else(Vec::new, |l| people::people(text.text, text.surface(), text.data, l))
        };
        let [source, target] = self.people.get_or_init(|| {
            let source = self.source.as_ref().map_or_else(Vec::new, |s| of(s, self.source_language()));
            [source, of(&self.target, self.target_language())]
        });
        (source, target)
    }

    /// What is known of how the source's words come out in the translation; `None` for languages that nothing is known of.
    pub fn senses(&self) -> Option<&'static Senses> {
        *self.senses.get_or_init(|| Senses::between(self.source.as_ref()?.data, self.target.data))
    }

    /// The words of source sentences that often come out wrongly, by place, longer before shorter.
    pub fn source_senses(&self, sentences: std::ops::Range<usize>) -> &[SourceHit] {
        let (Some(source), Some(senses)) = (&self.source, self.senses()) else {
            return &[];
        };
        let all = &source.surface().sentences;
        let (Some(first), Some(last)) = (all.get(sentences.start), all.get(sentences.end.wrapping_sub(1))) else {
            return &[];
        };
        let hits = self.source_senses.get_or_init(|| senses.find(source.text, source.surface()));
        let begin = hits.partition_point(|h| h.hit.span.start() < first.span.start());
        let end = hits.partition_point(|h| h.hit.span.start() < last.span.end());
        hits.get(begin..end).unwrap_or(&[])
    }

    /// The entries whose words stand in the source of a sentence of the translation, each where it first stands.
    fn entries_at(&self, place: usize) -> &[SourceHit] {
        let all = self.entries.get_or_init(|| self.target.by_sentence());
        let Some(cell) = all.get(place) else {
            return &[];
        };
        cell.get_or_init(|| {
            let hits = self.source_senses(self.alignment().source_of(place).source.clone());
            let mut seen = FxHashSet::default();
            hits.iter().take(MAX_HITS).filter(|hit| seen.insert(hit.entry)).copied().collect()
        })
    }

    /// The renderings that entries of senses call wrong, where they stand in a passage.
    pub fn standing<'p>(&self, passage: &Passage<'p>) -> &'p Standing {
        let all = passage.text.standing.get_or_init(|| passage.text.by_sentence());
        static NONE: Standing = Standing::NONE;
        all.get(passage.sentence).map_or(&NONE, |cell| cell.get_or_init(|| Standing::of(self, passage)))
    }

    /// Where a word, folded, first stands in the source.
    pub fn word_in_source(&self, folded: &str) -> Option<Span> {
        let words = self.source_words.get_or_init(|| {
            let mut words = FxHashMap::default();
            if let Some(surface) = self.source.as_ref().map(Text::surface) {
                for token in surface.tokens.iter().filter(|t| t.kind == TokenKind::Word) {
                    words.entry(surface.folded(token).to_owned()).or_insert(token.span);
                }
            }
            words
        });
        words.get(folded).copied()
    }

    /// Where the source first has a concept and how, as `search` finds it; searched once a concept, however often it is asked.
    pub fn first_in_source(
        &self,
        pair: usize,
        concept: usize,
        search: impl FnOnce() -> Option<(Span, How)>,
    ) -> Option<(Span, How)> {
        // A rule that panicked with the lock in its hand has left whole entries behind.
        let known = |m: &Mutex<FxHashMap<_, _>>| {
            m.lock().unwrap_or_else(PoisonError::into_inner).get(&(pair, concept)).copied()
        };
        if let Some(place) = known(&self.in_source) {
            return place;
        }
        let place = search();
        self.in_source.lock().unwrap_or_else(PoisonError::into_inner).insert((pair, concept), place);
        place
    }

    /// Whether and where what an entry of senses asks of the source is so, as `look` finds; looked at once a place, however often repairs
    /// are tried.
    pub fn holds_in_source(&self, hit: &SourceHit, look: impl FnOnce() -> Option<Met>) -> Option<Met> {
        let key = (hit.entry, hit.hit.span.start());
        if let Some(&known) = self.holds.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known;
        }
        let holds = look();
        self.holds.lock().unwrap_or_else(PoisonError::into_inner).insert(key, holds);
        holds
    }

    /// The words that a sentence of the translation renders, cut once, however often it is changed.
    fn rendered_words(&self, place: usize, cut: impl FnOnce() -> stemmed::Sentence) -> Arc<stemmed::Sentence> {
        let all = self.renders.get_or_init(|| self.target.by_sentence());
        match all.get(place) {
            Some(cell) => Arc::clone(cell.get_or_init(|| Arc::new(cut()))),
            None => Arc::new(cut()),
        }
    }

    /// How like a name in a language and its spelling in another are ([`names::likeness`]); measured once, however often repairs
    /// are tried.
    pub fn likeness(&self, name: &str, language: &Language, spelling: &str) -> f64 {
        let known = || self.likened.lock().unwrap_or_else(PoisonError::into_inner);
        let side = usize::from(self.target_language() != Some(language));
        if let Some(&like) = known().pairs[side].get(name).and_then(|of_name| of_name.get(spelling)) {
            return like;
        }
        let like = names::likeness(name, language, spelling);
        let mut known = known();
        if known.count < MAX_LIKENED {
            known.count += 1;
            known.pairs[side].entry(name.into()).or_default().insert(spelling.into(), like);
        }
        like
    }

    /// All target forms of the glossaries in the document.
    pub fn all_target_terms(&self) -> &[TermHit] {
        self.target.hits(&self.pairs, Role::Approved)
    }

    /// The segments that the article came in; none where it came as whole texts.
    pub fn segments(&self) -> &'a [Segment] {
        self.article.segments()
    }

    /// The concept of a hit.
    pub fn concept(&self, hit: &TermHit) -> &Concept {
        &self.pairs[hit.pair].concepts[hit.hit.concept]
    }
}

fn within(hits: &[TermHit], span: Span) -> &[TermHit] {
    let first = hits.partition_point(|h| h.hit.span.start() < span.start());
    let last = hits.partition_point(|h| h.hit.span.start() < span.end());
    &hits[first..last.max(first)]
}
