//! A rendering in the translation: found in whatever form it stands, and put into the form of another.

use std::borrow::Cow;

use crate::language::LanguageData;
use crate::language::english::{Shape, is_verb, noun_shapes, plural_of, verb_forms, verb_shapes};
use crate::language::morphology::{Lemma, Morphology};
use crate::span::Span;
use crate::surface::{Surface, Token, TokenKind, fold, without_possessive};

use super::likewise::all_forms;

/// Part of speech of a rendering, which says how it changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pos {
    /// Its last word has a plural; the one before "of", where there is one.
    Noun,
    /// Its first word is conjugated.
    Verb,
    /// It agrees with its noun, in languages where adjectives do.
    Adjective,
    /// It stays as it is.
    Fixed,
}

impl Pos {
    pub(super) fn read(name: &str) -> Self {
        match name {
            "n" => Self::Noun,
            "v" => Self::Verb,
            "a" => Self::Adjective,
            _ => Self::Fixed,
        }
    }

    /// Whether its words stand together, with nothing between.
    fn is_closed(self) -> bool {
        matches!(self, Self::Adjective | Self::Fixed)
    }
}

/// Words of a translation that are wrong or right for an entry.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'t> {
    /// In the dictionary's form.
    pub text: &'t str,
    /// Part of speech.
    pub pos: Pos,
}

/// A rendering in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place; an English possessive ending is left out.
    pub span: Span,
    /// Where its first token stands in the row.
    pub first: usize,
    /// The form of its head.
    pub shape: Shape,
    /// Words stand between its own.
    pub parted: bool,
}

/// A row of tokens with what is known of them.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The text.
    pub text: &'a str,
    /// Its tokens.
    pub tokens: &'a [Token],
    /// The language.
    pub data: LanguageData,
    surface: &'a Surface,
    marks: &'a Marks,
}

impl<'a> Words<'a> {
    /// Tokens of a text in a language, with their marks.
    pub fn of(text: &'a str, surface: &'a Surface, tokens: &'a [Token], data: LanguageData, marks: &'a Marks) -> Self {
        Self { text, tokens, data, surface, marks }
    }

    /// Whether some of its words may be among those whose marks these are.
    pub(super) fn may_have(&self, words: &Marked) -> bool {
        self.marks.all.iter().zip(&words.0).any(|(own, theirs)| own & theirs != 0)
    }

    /// Whether a token is written with a capital.
    fn has_capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.span.of(self.text).starts_with(char::is_uppercase))
    }

    /// A token's letters for comparing.
    pub(super) fn folded(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| self.surface.folded(token))
    }

    /// Whether a token is a hyphen within a word.
    pub(super) fn is_hyphen(&self, token: &Token) -> bool {
        token.kind == TokenKind::Mark && token.glued && token.span.of(self.text).starts_with(['-', '\u{2011}'])
    }
}

/// A word without an English possessive ending.
pub(super) fn bare(folded: &str) -> &str {
    folded.strip_suffix("'s").unwrap_or(folded)
}

/// What tells of nearly every word at once that it is not among some tokens: a bit of 1,024 for each, and for each without a
/// possessive ending.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    all: [u64; 16],
    /// By token.
    row: Vec<[Mark; 2]>,
    /// The same of the letters that words begin with, where words change more than English ones do; the second is that of what
    /// a proclitic leaves.
    starts: Vec<[Mark; 2]>,
    all_starts: [u64; 16],
}

/// Which bit is a word's.
type Mark = u16;

fn mark(word: &str) -> Mark {
    let mix = |hash: u32, byte: u8| (hash.rotate_left(5) ^ u32::from(byte)).wrapping_mul(0x9e37_79b1);
    (word.bytes().fold(0, mix) >> 22) as Mark
}

/// The mark of the letters that a word begins with: all forms of one stem share them.
fn start(word: &str) -> Option<Mark> {
    let (at, letter) = word.char_indices().nth(1)?;
    word.get(..at + letter.len_utf8()).map(mark)
}

fn put(all: &mut [u64; 16], mark: Mark) {
    if let Some(part) = all.get_mut(usize::from(mark / 64)) {
        *part |= 1_u64 << (mark % 64);
    }
}

fn holds(all: &[u64; 16], mark: Mark) -> bool {
    all.get(usize::from(mark / 64)).is_some_and(|part| part >> (mark % 64) & 1 == 1)
}

impl Marks {
    /// Those of no tokens.
    pub const NONE: Self = Self { all: [0; 16], row: Vec::new(), starts: Vec::new(), all_starts: [0; 16] };

    /// Those of some tokens of a text in a language.
    pub fn of(surface: &Surface, tokens: &[Token], data: LanguageData) -> Self {
        let of_token = |token: &Token| {
            let folded = surface.folded(token);
            let bare = bare(folded);
            let own = mark(folded);
            [own, if bare.len() < folded.len() { mark(bare) } else { own }]
        };
        let mut marks = Self { row: tokens.iter().map(of_token).collect(), ..Self::NONE };
        for &mark in marks.row.iter().flatten() {
            put(&mut marks.all, mark);
        }
        let Some(morphology) = changing(data) else { return marks };
        let start_of = |token: &Token| {
            let spelled = morphology.spelling(surface.folded(token), surface.folded(token));
            let own = start(&spelled).unwrap_or(NO_START);
            [own, morphology.without_proclitics(&spelled).next().and_then(start).unwrap_or(own)]
        };
        marks.starts = tokens.iter().map(start_of).collect();
        for &mark in marks.starts.iter().flatten() {
            put(&mut marks.all_starts, mark);
        }
        marks
    }
}

/// The marks of some words.
#[derive(Clone, Debug, Default)]
pub(super) struct Marked([u64; 16]);

impl Marked {
    /// Takes up a word.
    pub(super) fn add(&mut self, word: &str) {
        put(&mut self.0, mark(word));
    }
}

/// What stands for the start of a word that is too short to have one.
const NO_START: Mark = 0;

/// How words change, in a language whose renderings are found by that; `None` of English, whose forms are listed.
fn changing(data: LanguageData) -> Option<&'static Morphology> {
    if data.tag() == "en" { None } else { data.morphology_with_verbs() }
}

/// The most words that may stand between those of a noun or a verb; other phrases stand together.
const MAX_BETWEEN: usize = 1;

/// A rendering ready to be looked for.
#[derive(Clone, Debug)]
pub struct Wording<'t> {
    /// What it is.
    pub rendering: Rendering<'t>,
    words: Vec<Word>,
    /// Which word of it changes.
    head: Option<usize>,
}

/// A word of a rendering.
#[derive(Clone, Debug)]
struct Word {
    text: Box<str>,
    /// Its other forms, where it changes as English words do.
    forms: Vec<(Box<str>, Shape)>,
    /// How it changes in another language.
    lemma: Option<Lemma>,
    /// Of the text and the forms; of what its stems begin with, where it changes as words of another language do. None: it may
    /// begin anyhow.
    marks: Vec<Mark>,
    /// Whether it has a capital, in a language that tells nouns by it.
    capital: Option<bool>,
}

impl Word {
    fn of(text: &str, written: &str, head: bool, rendering: &Rendering<'_>, data: LanguageData) -> Self {
        let (mut forms, mut lemma) = (Vec::new(), None);
        if let Some(morphology) = changing(data) {
            let changes = rendering.pos != Pos::Fixed || rendering.text.contains(' ') || head;
            lemma = changes.then(|| morphology.lemma(&morphology.spelling(text, text)));
            if rendering.pos == Pos::Adjective {
                forms = all_forms(text, "a", data).into_iter().map(|form| (form, Shape::Base)).collect();
            }
        } else if head {
            forms = match rendering.pos {
                Pos::Noun => noun_shapes(text),
                Pos::Verb | Pos::Fixed => verb_shapes(text),
                Pos::Adjective => Vec::new(),
            };
        }
        let marks = match &lemma {
            // Of several proclitics marks keep one alone.
            Some(lemma) if changing(data).is_some_and(|m| m.proclitics() < 2) => {
                let mut starts: Vec<Option<Mark>> = lemma.stems().map(start).collect();
                starts.sort_unstable();
                starts.dedup();
                if starts.contains(&None) { Vec::new() } else { starts.into_iter().flatten().collect() }
            }
            Some(_) => Vec::new(),
            None => std::iter::once(mark(text)).chain(forms.iter().map(|(form, _)| mark(form))).collect(),
        };
        let forms = forms.into_iter().map(|(form, shape)| (form.into_boxed_str(), shape)).collect();
        let capital = data.capitalises_nouns().then(|| written.starts_with(char::is_uppercase));
        Self { text: text.into(), forms, lemma, marks, capital }
    }

    /// Whether it may be one of some words, by their marks.
    fn may_stand(&self, marks: &Marks) -> bool {
        match self.lemma {
            Some(_) => self.marks.is_empty() || self.marks.iter().any(|&mark| holds(&marks.all_starts, mark)),
            None => self.marks.iter().any(|&mark| holds(&marks.all, mark)),
        }
    }

    /// The same of one word.
    fn may_stand_at(&self, marks: &Marks, at: usize) -> bool {
        let row = if self.lemma.is_some() { &marks.starts } else { &marks.row };
        let all = self.lemma.is_some() && self.marks.is_empty();
        all || row.get(at).is_some_and(|own| self.marks.iter().any(|mark| own.contains(mark)))
    }
}

impl<'t> Wording<'t> {
    /// A rendering in a language.
    pub fn of(rendering: Rendering<'t>, data: LanguageData) -> Self {
        let folded = rendering.folded();
        let elisions = data.elisions();
        let words: Vec<&str> = words_of(&folded).flat_map(|word| parted(word, &elisions)).collect();
        let head = rendering.head(&words, data);
        let written = words_of(rendering.text).chain(std::iter::repeat(""));
        let words = words.iter().zip(written).enumerate();
        let words = words.map(|(at, (word, written))| Word::of(word, written, head == Some(at), &rendering, data));
        Self { rendering, words: words.collect(), head }
    }

    /// The places where it stands, from the first to the last; a place begins at a token only once.
    pub fn find(&self, row: &Words<'_>) -> Vec<Found> {
        let marks = row.marks;
        let Some(first) = self.words.first().filter(|_| self.words.iter().all(|word| word.may_stand(marks))) else {
            return Vec::new();
        };
        let places = (0..row.tokens.len()).filter(|&at| first.may_stand_at(marks, at));
        places.filter_map(|first| self.find_at(row, first)).collect()
    }

    /// The same at one token alone.
    pub fn find_at(&self, row: &Words<'_>, first: usize) -> Option<Found> {
        if self.words.is_empty() {
            return None;
        }
        let (mut at, mut between, mut shape) = (first, 0, Shape::Base);
        for (number, word) in self.words.iter().enumerate() {
            loop {
                let token = row.tokens.get(at)?;
                if token.kind == TokenKind::Mark {
                    // Hyphens alone are passed over.
                    if number == 0 || !row.is_hyphen(token) {
                        return None;
                    }
                    at += 1;
                    continue;
                }
                if let Some(found) = self.shape_of(row, at, word) {
                    if self.head == Some(number) {
                        shape = found;
                    }
                    break;
                }
                between += 1;
                if number == 0 || between > MAX_BETWEEN || self.rendering.pos.is_closed() {
                    return None;
                }
                at += 1;
            }
            at += 1;
        }
        let last = row.tokens.get(at.checked_sub(1)?)?;
        let span = row.tokens.get(first)?.span.cover(last.span);
        let own = self.words.last().is_some_and(|word| word.text.ends_with("'s"));
        let end = if own { span.end() } else { without_possessive(row.text, last.span).end() };
        Some(Found { span: Span::new(span.start(), end), first, shape, parted: between > 0 })
    }

    /// The form in which a token is a word of it.
    fn shape_of(&self, row: &Words<'_>, at: usize, word: &Word) -> Option<Shape> {
        let folded = row.folded(at);
        let bare = bare(folded);
        // At the head of a sentence every word has a capital.
        if word.capital.is_some_and(|capital| at > 0 && row.has_capital(at) != capital) {
            return None;
        }
        if *folded == *word.text || *bare == *word.text {
            return Some(Shape::Base);
        }
        if let Some(lemma) = &word.lemma {
            let morphology = row.data.morphology_with_verbs()?;
            if morphology.form_of_lemma(&morphology.spelling(folded, folded), lemma).is_some() {
                return Some(Shape::Base);
            }
        }
        let written = if self.rendering.pos == Pos::Noun { bare } else { folded };
        word.forms.iter().find(|(form, _)| **form == *written).map(|(_, shape)| *shape)
    }
}

impl Rendering<'_> {
    /// Which word of it changes.
    pub(super) fn head(&self, words: &[&str], data: LanguageData) -> Option<usize> {
        match self.pos {
            Pos::Noun if words.len() == 1 => Some(0),
            Pos::Noun => {
                let prepositions = data.table("prepositions");
                let before = words.iter().skip(1).position(|word| prepositions.has(word));
                Some(before.unwrap_or(words.len().saturating_sub(1)))
            }
            Pos::Verb => Some(0),
            // A ready phrase that begins with a verb: “open the door to see the mountain”.
            Pos::Fixed => {
                words.first().filter(|first| words.len() > 1 && data.tag() == "en" && is_verb(first)).map(|_| 0)
            }
            Pos::Adjective => None,
        }
    }

    /// Its letters for comparing: nearly all are as they are compared.
    pub(super) fn folded(&self) -> Cow<'_, str> {
        let plain = self.text.bytes().all(|b| b.is_ascii_lowercase() || b == b' ' || b == b'-');
        if plain { Cow::Borrowed(self.text) } else { Cow::Owned(fold(self.text)) }
    }

    /// It in a form: that of what it is to replace.
    pub fn in_shape(&self, shape: Shape, data: LanguageData) -> String {
        let words: Vec<&str> = self.text.split(' ').collect();
        let Some(head) = self.head(&words, data).filter(|_| shape != Shape::Base) else {
            return self.text.to_owned();
        };
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if let Some(word) = all.get_mut(head) {
            let form = match self.pos {
                Pos::Noun => noun_plural(word),
                Pos::Verb | Pos::Fixed => verb_forms(word, shape).into_iter().next(),
                Pos::Adjective => None,
            };
            if let Some(form) = form {
                *word = form;
            }
        }
        all.join(" ")
    }
}

/// The plural of a noun as it is written; of one with hyphens, that of its last part.
fn noun_plural(word: &str) -> Option<String> {
    let (head, last) = word.rfind('-').map_or(("", word), |at| word.split_at(at + 1));
    plural_of(last).map(|last| format!("{head}{last}"))
}

/// A word and what leans on it: "d'urgence" is two tokens.
fn parted<'w>(word: &'w str, elisions: &[&str]) -> impl Iterator<Item = &'w str> + use<'w> {
    let cut = word.find('\'').filter(|&at| word.get(..at).is_some_and(|start| elisions.contains(&start)));
    let (first, rest) = cut.map_or((word, ""), |at| word.split_at(at + 1));
    [first, rest].into_iter().filter(|part| !part.is_empty())
}

/// The words of folded text: what stands between spaces and hyphens.
pub(super) fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    folded.split([' ', '-', '\u{2011}']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(rendering: &str, pos: Pos, text: &str) -> Vec<(String, Shape)> {
        let data = LanguageData::named("en").expect("English");
        let surface = Surface::new(text, data, &[], &[]);
        let marks = Marks::of(&surface, &surface.tokens, data);
        let words = Words::of(text, &surface, &surface.tokens, data, &marks);
        let found = Wording::of(Rendering { text: rendering, pos }, data).find(&words);
        found.into_iter().map(|f| (f.span.of(text).to_owned(), f.shape)).collect()
    }

    #[test]
    fn renderings_are_found_in_their_forms() {
        assert_eq!(find("frame", Pos::Noun, "The frames’s edge"), [("frames".to_owned(), Shape::Plural)]);
        assert_eq!(
            find("chop from the shoulder", Pos::Verb, "We chopped straight from the shoulder."),
            [("chopped straight from the shoulder".to_owned(), Shape::Past)]
        );
        assert_eq!(
            find("rate of interest", Pos::Noun, "rates of interest"),
            [("rates of interest".to_owned(), Shape::Plural)]
        );
        assert_eq!(
            find("decision maker", Pos::Noun, "decision-makers"),
            [("decision-makers".to_owned(), Shape::Plural)]
        );
        assert!(find("in severe", Pos::Fixed, "in severely").is_empty());
        assert!(find("chop from the shoulder", Pos::Verb, "We chopped it, from the shoulder.").is_empty());
    }

    #[test]
    fn the_right_one_takes_the_form_of_the_wrong_one() {
        let data = LanguageData::named("en").expect("English");
        let shaped = |text, pos, shape| Rendering { text, pos }.in_shape(shape, data);
        assert_eq!(shaped("court of appeal", Pos::Noun, Shape::Plural), "courts of appeal");
        assert_eq!(shaped("take part", Pos::Verb, Shape::Past), "took part");
        assert_eq!(shaped("human resources", Pos::Noun, Shape::Plural), "human resources");
        assert_eq!(shaped("by-election", Pos::Noun, Shape::Plural), "by-elections");
        assert_eq!(shaped("the dead", Pos::Fixed, Shape::Plural), "the dead");
    }
}
