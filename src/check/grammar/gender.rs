//! What the source tells of a person’s gender: titles, verbs and pronouns that English has but one form of.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::analyse::Document;
use crate::analyse::renderings::rendered;
use crate::language::{LanguageData, Table, Words};
use crate::surface::{Case, TokenKind};

/// How like a source name must be to be taken for the same.
const SAME: f64 = 0.8;

/// A man or a woman.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gender {
    /// A man.
    Man,
    /// A woman.
    Woman,
}

/// The cues of a source’s language: `gender-cues`.
pub(super) struct Cues {
    data: LanguageData,
    table: Table,
    /// A sentence and a name of it → what was found.
    names: Mutex<Names>,
}

type Names = FxHashMap<(usize, Box<str>), Option<Gender>>;

impl Cues {
    /// Of a document’s source; nothing where there is none, or its language has no cues.
    pub(super) fn of(document: &Document<'_>) -> Option<Self> {
        let data = document.source.as_ref()?.data();
        let table = data.table("gender-cues");
        (!table.is_empty()).then(|| Self { data, table, names: Mutex::default() })
    }

    fn told(&self, word: &str, kind: &str) -> Option<Gender> {
        let row = self.table.get(word).filter(|row| row.column(0).split('|').any(|k| k == kind))?;
        Some(if row.column(1) == "f" { Gender::Woman } else { Gender::Man })
    }

    /// By the longest ending of a word that the table has.
    fn ending(&self, word: &str, kind: &str) -> Option<Gender> {
        let letters = word.chars().count();
        if letters < LEAST {
            return None;
        }
        word.char_indices().skip(letters.saturating_sub(LONGEST)).find_map(|(at, _)| {
            let end = word.get(at..)?;
            self.told(&format!("-{end}"), kind)
        })
    }

    /// What the words around a name of the source tell of its bearer; looked up once, however often repairs are tried.
    pub(super) fn of_name(&self, document: &Document<'_>, sentence: usize, name: &str) -> Option<Gender> {
        let key = (sentence, Box::from(name));
        let names = || self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&known) = names().get(&key) {
            return known;
        }
        let gender = self.look_for(document, sentence, name);
        names().insert(key, gender);
        gender
    }

    fn look_for(&self, document: &Document<'_>, sentence: usize, name: &str) -> Option<Gender> {
        let found = rendered(document, sentence, 0, name).filter(|found| found.likeness >= SAME)?;
        let surface = document.source.as_ref()?.surface();
        let at = surface.tokens.partition_point(|t| t.span.start() < found.span.start());
        let word = |at: usize| surface.tokens.get(at).filter(|t| t.kind == TokenKind::Word);
        let folded = |at: usize| word(at).map(|t| surface.folded(t));
        let lower = |at: usize| word(at).is_some_and(|t| t.case == Case::Lower);
        if let Some(gender) = at.checked_sub(1).and_then(folded).and_then(|w| self.told(w, "before")) {
            return Some(gender);
        }
        // “Mme Gaëlle Kervadec”, “Ministerin Anna Kern”.
        let before = (at.saturating_sub(2)..at).rev().take_while(|&i| word(i).is_some_and(|t| t.case != Case::Lower));
        for i in before {
            let told = folded(i).and_then(|w| self.told(w, "before").or_else(|| self.ending(w, "noun")));
            if told.is_some() {
                return told;
            }
        }
        if let Some(gender) = folded(at + 1).and_then(|w| self.told(w, "after")) {
            return Some(gender);
        }
        // “Сагайдак объявила”, “сказала Анна Сагайдак”.
        let verbs = [Some(at + 1), at.checked_sub(1), at.checked_sub(2).filter(|_| !lower(at.saturating_sub(1)))];
        verbs.into_iter().flatten().filter(|&i| lower(i)).find_map(|i| self.ending(folded(i)?, "verb"))
    }

    /// Whether the source of a sentence has pronouns of a man, and of a woman.
    pub(super) fn pronouns(&self, document: &Document<'_>, place: usize) -> [bool; 2] {
        let mut has = [false; 2];
        let Some(source) = &document.source else { return has };
        let surface = source.surface();
        let aligned = document.alignment().source_of(place);
        for sentence in surface.sentences.get(aligned.source.clone()).unwrap_or(&[]) {
            if self.data.words() == Words::Unspaced {
                let others = self.table.iter().filter(|(_, row)| row.column(0) == "other");
                let whole = sentence.span.of(source.text()).to_owned();
                let text = others.fold(whole, |text, (word, _)| text.replace(word, ""));
                for (word, row) in self.table.iter().filter(|(_, row)| row.column(0) == "pronoun") {
                    has[usize::from(row.column(1) == "f")] |= text.contains(word);
                }
                continue;
            }
            for token in surface.tokens_of(sentence).iter().filter(|t| t.kind == TokenKind::Word) {
                match self.told(surface.folded(token), "pronoun") {
                    Some(Gender::Man) => has[0] = true,
                    Some(Gender::Woman) => has[1] = true,
                    None => {}
                }
            }
        }
        has
    }

    /// Whether its language has a possessive for what is one’s own.
    pub(super) fn has_own(&self) -> bool {
        matches!(self.data.tag(), "ru" | "uk" | "pl" | "cs" | "sk" | "bg" | "be" | "sr" | "hr" | "sl")
    }

    /// Whether the source of a sentence says “one’s own”, and of nobody else that something is his or hers.
    pub(super) fn owns(&self, document: &Document<'_>, place: usize) -> bool {
        let Some(source) = &document.source else { return false };
        let surface = source.surface();
        let aligned = document.alignment().source_of(place);
        let sentences = surface.sentences.get(aligned.source.clone()).unwrap_or(&[]);
        let words = || sentences.iter().flat_map(|s| surface.tokens_of(s)).filter(|t| t.kind == TokenKind::Word);
        let of = |kind: &'static str| {
            words().any(|t| {
                self.table.get(surface.folded(t)).is_some_and(|row| row.column(0).split('|').any(|k| k == kind))
            })
        };
        of("own") && !of("pronoun")
    }

    /// Whether its pronouns tell people alone: 她 is a woman, она may be a country.
    pub(super) fn are_of_people(&self) -> bool {
        matches!(self.data.tag(), "zh" | "ja" | "sv" | "da" | "nb")
    }
}

/// The longest ending of a word that tells, in letters.
const LONGEST: usize = 5;
/// Fewest letters of a word whose ending tells.
const LEAST: usize = 5;
