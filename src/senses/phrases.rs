//! Phrases with a verb, whose words stand in any order and apart: "Berufung einlegen" is "legte gestern Berufung ein".
//!
//! Each word is looked for in its forms; a phrase stands where all of its words stand near the longest of them, in one sentence.

use crate::glossary::matcher::{Form, Hit, How, Matcher, Role};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Surface, fold};

use super::SourceHit;

/// How many tokens from its longest word the others stand at most: a German verb stands at the end of its clause.
const REACH: usize = 14;
/// The most words of a phrase.
const MAX_WORDS: usize = 6;
/// The most phrases that one word is the longest of.
const MAX_OF_WORD: usize = 64;
/// Fewest letters of a verb behind its prefix.
const MIN_VERB: usize = 4;

/// Phrases, ready to be found.
#[derive(Default)]
pub(super) struct Phrases {
    words: Matcher,
    /// By word: the phrases that it is the longest word of.
    of_word: Vec<Vec<u32>>,
    phrases: Vec<Phrase>,
}

struct Phrase {
    words: Vec<u32>,
    entry: usize,
}

/// Collects phrases.
pub(super) struct Builder {
    data: LanguageData,
    words: Vec<String>,
    numbers: rustc_hash::FxHashMap<String, u32>,
    phrases: Vec<Phrase>,
}

impl Builder {
    pub(super) fn new(data: LanguageData) -> Self {
        Self { data, words: Vec::new(), numbers: rustc_hash::FxHashMap::default(), phrases: Vec::new() }
    }

    /// Adds an entry's form: one of several words, or a verb whose prefix parts from it.
    pub(super) fn add(&mut self, form: &str, entry: usize) {
        let written: Vec<&str> = form.split(' ').filter(|word| !word.is_empty()).collect();
        if written.len() > MAX_WORDS {
            return;
        }
        if written.len() > 1 {
            self.phrase(&written, entry);
        }
        let parted = written.last().and_then(|verb| self.parted(verb));
        if let (Some((prefix, verb)), Some((_, rest))) = (parted, written.split_last()) {
            let words: Vec<&str> = rest.iter().copied().chain([verb, prefix]).collect();
            self.phrase(&words, entry);
        }
    }

    /// What a verb becomes where something stands between it and its prefix, as other verbs: "eingelegt", "einzulegen" of
    /// "einlegen" are forms of "eingelegen" and "einzulegen".
    pub(super) fn joined(&self, form: &str) -> Option<impl Iterator<Item = String> + use<>> {
        let (start, verb) = form.rfind(' ').map_or(("", form), |at| form.split_at(at + 1));
        let (prefix, verb) = self.parted(verb)?;
        let infixes = self.data.table("verb-infixes");
        let (start, prefix, verb) = (start.to_owned(), prefix.to_owned(), verb.to_owned());
        Some(infixes.iter().map(move |(infix, _)| format!("{start}{prefix}{infix}{verb}")))
    }

    /// A verb and the prefix that parts from it, by the language's table.
    fn parted<'w>(&self, verb: &'w str) -> Option<(&'w str, &'w str)> {
        let table = self.data.table("separable-prefixes");
        let cuts = verb.char_indices().map(|(at, _)| at).skip(1).filter(|_| !table.is_empty());
        let longest = cuts.filter(|&at| table.has(&verb[..at]) && verb[at..].chars().count() >= MIN_VERB).last()?;
        verb.starts_with(char::is_lowercase).then(|| verb.split_at(longest))
    }

    fn phrase(&mut self, words: &[&str], entry: usize) {
        let numbers = words.iter().map(|word| {
            let fresh = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(fold(word)).or_insert(fresh);
            if number == fresh {
                self.words.push((*word).to_owned());
            }
            number
        });
        let words = numbers.collect();
        self.phrases.push(Phrase { words, entry });
    }

    pub(super) fn finish(self) -> Phrases {
        let forms: Vec<Form<'_>> = self
            .words
            .iter()
            .enumerate()
            .map(|(concept, text)| Form { text, concept, role: Role::Source, exact_case: false })
            .collect();
        let mut of_word: Vec<Vec<u32>> = vec![Vec::new(); self.words.len()];
        for (number, phrase) in self.phrases.iter().enumerate() {
            let length = |word: &&u32| self.words.get(**word as usize).map_or(0, |w| w.chars().count());
            let longest = phrase.words.iter().max_by_key(length).and_then(|word| of_word.get_mut(*word as usize));
            if let Some(list) = longest.filter(|list| list.len() < MAX_OF_WORD) {
                list.push(u32::try_from(number).unwrap_or(u32::MAX));
            }
        }
        Phrases { words: Matcher::with_verbs(&forms, self.data), of_word, phrases: self.phrases }
    }
}

impl Phrases {
    /// Where phrases stand, one a place of their longest word.
    pub(super) fn find(&self, text: &str, surface: &Surface) -> Vec<SourceHit> {
        if self.phrases.is_empty() {
            return Vec::new();
        }
        // The word at each token, by number.
        let mut places: Vec<(usize, u32)> = Vec::new();
        for hit in self.words.find(text, surface) {
            if !hit.how.is_sure() {
                continue;
            }
            let at = surface.tokens.partition_point(|t| t.span.end() <= hit.span.start());
            places.extend(u32::try_from(hit.concept).map(|word| (at, word)));
        }
        places.sort_unstable();
        places.dedup();
        let mut found = Vec::new();
        for &(at, word) in &places {
            let phrases = self.of_word.get(word as usize).map_or(&[][..], Vec::as_slice);
            if phrases.is_empty() {
                continue;
            }
            let Some(token) = surface.tokens.get(at) else { continue };
            let sentence = surface.sentence_at(token.span.start()).and_then(|i| surface.sentences.get(i));
            let Some(tokens) = sentence.map(|s| s.tokens.clone()) else { continue };
            let from = tokens.start.max(at.saturating_sub(REACH));
            let to = tokens.end.min(at + REACH + 1);
            let first = places.partition_point(|p| p.0 < from);
            let last = places.partition_point(|p| p.0 < to);
            let near = places.get(first..last).unwrap_or(&[]);
            for &number in phrases {
                let Some(phrase) = self.phrases.get(number as usize) else { continue };
                found.extend(stands(phrase, near, at, surface));
            }
        }
        found
    }
}

/// Where a phrase stands among the words around its longest one, each of its words at the nearest place to that.
fn stands(phrase: &Phrase, near: &[(usize, u32)], at: usize, surface: &Surface) -> Option<SourceHit> {
    let mut taken: Vec<usize> = Vec::with_capacity(phrase.words.len());
    for word in &phrase.words {
        let free = near.iter().filter(|(place, other)| other == word && !taken.contains(place));
        taken.push(free.map(|(place, _)| *place).min_by_key(|place| place.abs_diff(at))?);
    }
    let (first, last) = (*taken.iter().min()?, *taken.iter().max()?);
    let span: Span = surface.tokens.get(first)?.span.cover(surface.tokens.get(last)?.span);
    let close = last - first < phrase.words.len();
    let how = if close { How::Reordered } else { How::Gapped };
    let hit = Hit { span, concept: phrase.entry, role: Role::Source, how, nested: false };
    Some(SourceHit { hit, entry: phrase.entry })
}
