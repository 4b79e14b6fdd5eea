//! What becomes of a person of one side on the other: the reading that `name/source-mismatch`, `name/missing` and `name/extra`
//! share.
//!
//! A name counts as another only where nothing near it on the other side can be it in any spelling, and nothing far from it
//! either: who is named elsewhere may stand for a pronoun here.

use rustc_hash::FxHashMap;

use crate::analyse::people::Person;
use crate::analyse::renderings::{ALIKE, CLEAR, FAINT, is_explained, is_rendered, likeness, next_to};
use crate::analyse::{Document, Passage};
use crate::language::LanguageData;
use crate::names;
use crate::span::Span;
use crate::surface::fold;

/// Target languages in whose clean news the rules were measured.
pub(super) const INTO: &[&str] = &["en", "es", "fr"];
/// Sources that show by capitals what a name is, and whose names can be compared with others. Not Greek, Estonian, Latvian and
/// Lithuanian, which spell foreign names by their sound in ways that nothing here has learned: Τζόουνς for Jones.
pub(super) const FROM: &[&str] = &[
    "en", "de", "es", "fr", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro",
    "tr", "ru", "uk", "be", "bg", "sr", "mk",
];
/// The same and two without capitals: that nothing is like a name shows in them, too.
pub(super) const FROM_EXTRA: &[&str] = &[
    "en", "de", "es", "fr", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro",
    "tr", "ru", "uk", "be", "bg", "sr", "mk", "ar", "he",
];
/// The same as [`FROM`], those that spell foreign names by their sound, and those whose characters tell the order of a name.
pub(super) const FROM_ORDER: &[&str] = &[
    "en", "de", "es", "fr", "it", "nl", "pt", "sv", "da", "nb", "fi", "pl", "cs", "sk", "hu", "hr", "sl", "bs", "ro",
    "tr", "ru", "uk", "be", "bg", "sr", "mk", "et", "lt", "lv", "el", "zh", "ja", "ko",
];

/// Sentences around that are asked whether they have a name.
const NEAR: usize = 1;
/// The same, before a name is said to stand nowhere.
const FAR: usize = 12;
/// How surely sentences must be paired before one is said to lack what the other has.
const PAIRED: f64 = 0.3;
/// The most people of a document that are followed.
pub(super) const MAX_PEOPLE: usize = 400;

/// What becomes of somebody whom the translation names.
pub(super) enum Fate<'d> {
    /// The source has the name, or nobody can say.
    Explained,
    /// The source has the given name with another surname, which stands there, in its dictionary form or not.
    Surname(Span, bool),
    /// The source has the surname with another given name.
    Given(&'d Person),
    /// The source has somebody else.
    Whole(&'d Person),
    /// The source has nobody for the name.
    Nobody,
}

/// What becomes of a person of the translation.
pub(super) fn fate<'d>(document: &'d Document<'_>, person: &Person) -> Fate<'d> {
    let text = document.target.text();
    let aligned = document.alignment().source_of(person.sentence);
    if aligned.source.is_empty() || aligned.confidence < PAIRED || is_known(document, person.span) {
        return Fate::Explained;
    }
    let near = |span: Span| is_near(document, person.sentence, span.of(text));
    let here: Vec<&Person> = document.people().0.iter().filter(|q| aligned.source.contains(&q.sentence)).collect();
    if near(person.surname) {
        return given_fate(document, person, &here);
    }
    if is_exonym(document, person.surname.of(text)) {
        return Fate::Explained;
    }
    let same: Vec<&&Person> = here.iter().filter(|q| q.same.same == person.same.same).collect();
    let beside = match same[..] {
        [one] => Some((one.surname, one.same.plain)),
        [] => next_to(document, person.sentence, person.given.of(text)).map(|(span, _)| (span, false)),
        _ => None,
    };
    if let Some((surname, plain)) = beside {
        // Of three names nobody knows which is the one that counts.
        if !person.middle.is_empty() {
            return Fate::Explained;
        }
        let free = !is_rendered(document, person.sentence, 0, source_word(document, surname), FAINT);
        return if free { Fate::Surname(surname, plain) } else { Fate::Explained };
    }
    let far = |span: Span| is_explained(document, person.sentence, FAR, span.of(text), CLEAR);
    if near(person.given) || person.middle.iter().any(|word| near(*word)) || far(person.surname) || far(person.given) {
        return Fate::Explained;
    }
    let free: Vec<&&Person> = here.iter().filter(|q| is_lost(document, person.sentence, NEAR, q, FAINT)).collect();
    match free[..] {
        [one] => Fate::Whole(one),
        [] => Fate::Nobody,
        _ => Fate::Explained,
    }
}

/// Whether the source can have a name here, or surely has it a sentence away.
fn is_near(document: &Document<'_>, sentence: usize, name: &str) -> bool {
    is_explained(document, sentence, 0, name, FAINT) || is_explained(document, sentence, NEAR, name, ALIKE)
}

/// Whose surname is the source's: whether the given name is, too.
fn given_fate<'d>(document: &'d Document<'_>, person: &Person, here: &[&'d Person]) -> Fate<'d> {
    let text = document.target.text();
    let surname = person.surname.of(text);
    let folded = fold(surname);
    let one = |q: &&&Person| {
        let word = source_word(document, q.surname);
        likeness(document, word, surname, &folded) >= CLEAR
    };
    let alike: Vec<&&Person> = here.iter().filter(one).collect();
    let [other] = alike[..] else { return Fate::Explained };
    let known = other.same.same == person.same.same || !other.middle.is_empty() || !person.middle.is_empty();
    if known || is_near(document, person.sentence, person.given.of(text)) {
        return Fate::Explained;
    }
    let free = !is_rendered(document, person.sentence, 0, source_word(document, other.given), FAINT);
    if free { Fate::Given(other) } else { Fate::Explained }
}

/// Whether nothing in the translation around a sentence can be a person of the source.
fn is_lost(document: &Document<'_>, sentence: usize, reach: usize, person: &Person, least: f64) -> bool {
    let words = [person.given, person.surname].into_iter().chain(person.middle.iter().copied());
    let has = |word: Span| is_rendered(document, sentence, reach, source_word(document, word), least);
    let given = || {
        let range = sentence.saturating_sub(reach)..=sentence + reach;
        document.people().1.iter().any(|p| range.contains(&p.sentence) && p.same.same == person.same.same)
    };
    !words.into_iter().any(has) && !given()
}

/// The same, nowhere far around.
pub(super) fn is_lost_far(document: &Document<'_>, sentence: usize, person: &Person) -> bool {
    is_lost(document, sentence, NEAR, person, FAINT) && is_lost(document, sentence, FAR, person, CLEAR)
}

/// A word of the source.
pub(super) fn source_word<'d>(document: &'d Document<'_>, span: Span) -> &'d str {
    document.source.as_ref().map_or("", |source| span.of(source.text()))
}

/// Whether a glossary has the name: its rules tell what is wrong with it.
fn is_known(document: &Document<'_>, span: Span) -> bool {
    document.all_target_terms().iter().any(|t| t.hit.span.overlaps(span))
}

/// Whether a word is one of names that the language writes in a way of its own.
pub(super) fn is_exonym(document: &Document<'_>, word: &str) -> bool {
    document.target.data().table("exonyms").has(&fold(word))
}

/// How the translation should write a word of a name of the source: as it does elsewhere, else by the tables, where the word
/// stands in its dictionary form.
pub(super) fn spelled(document: &Document<'_>, word: Span, plain: bool) -> Option<String> {
    let source = source_word(document, word);
    let language = document.source_language()?;
    let known = document.mentions().words.iter().take(MAX_PEOPLE).filter_map(|w| {
        let likeness = likeness(document, source, &w.text, &fold(&w.text));
        (likeness >= CLEAR).then_some((likeness, w.text.as_str()))
    });
    if let Some((_, spelling)) = known.max_by(|a, b| a.0.total_cmp(&b.0)) {
        return Some(spelling.to_owned());
    }
    let data = LanguageData::of(language);
    if !names::plain(source).is_empty() {
        return (plain || !data.inflects_names()).then(|| source.to_owned());
    }
    names::romanise(source, language).into_iter().next().filter(|_| plain).map(|r| r.text)
}

/// Names of a document that are wrong, by their sentences: what a survey keeps.
pub(super) struct Places<T> {
    by_sentence: FxHashMap<usize, Vec<(String, T)>>,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self { by_sentence: FxHashMap::default() }
    }
}

impl<T> Places<T> {
    /// Remembers what is wrong with some words of a sentence.
    pub(super) fn add(&mut self, sentence: usize, words: &str, wrong: T) {
        self.by_sentence.entry(sentence).or_default().push((words.to_owned(), wrong));
    }

    /// The words of a passage that something is wrong with, where they still stand.
    pub(super) fn of<'s>(&'s self, passage: &Passage<'_>) -> impl Iterator<Item = (Span, &'s T)> {
        let (span, text) = (passage.span(), passage.text.text());
        let all = self.by_sentence.get(&passage.place).map_or(&[][..], Vec::as_slice);
        all.iter().filter_map(move |(words, wrong)| {
            let found = span
                .of(text)
                .match_indices(words.as_str())
                .map(|(at, _)| Span::new(span.start() + at, span.start() + at + words.len()));
            Some((found.into_iter().find(|place| is_whole(text, *place))?, wrong))
        })
    }
}

/// Whether a place ends where words end.
fn is_whole(text: &str, place: Span) -> bool {
    let before = text.get(..place.start()).and_then(|t| t.chars().next_back());
    let after = text.get(place.end()..).and_then(|t| t.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Whether a word of the source surely renders as a word of the translation.
pub(super) fn renders(document: &Document<'_>, source: &str, name: &str) -> bool {
    likeness(document, source, name, &fold(name)) >= CLEAR
}
