//! Senses: how the words of a language come out wrongly in another, and what is right there.
//!
//! The entries are `language/data/<source>/senses-<target>.tsv`, one a row; the source's words are found by a [`Matcher`] in
//! whatever form they stand, and what an entry says is read from the table where its words were found. Which renderings are told
//! without a source is in `alone-<target>.tsv` beside them, and in `calques.tsv` of the target what needs no source language.

mod alone;
mod conditions;
mod phrases;
mod rendering;
mod through;

use std::sync::{LazyLock, OnceLock};

use crate::glossary::matcher::{Form, Hit, How, Matcher, Role};
use crate::language::{LanguageData, Row, Table};
use crate::surface::Surface;

use phrases::Phrases;

pub use alone::{Alone, StandsAlone};
pub use conditions::{Conditions, Met, SourceWords, source_words};
pub use rendering::{Found, Marks, Pos, Rendering, Wording, Words};
pub use through::{Shown, Through};

/// What kind of mistake an entry is about; each is a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Another sense of the word.
    WrongSense,
    /// Word for word, where the language has its own way to say it.
    Calque,
    /// The letters of an idiom.
    Idiom,
    /// A word that looks like the source's and means something else.
    FalseFriend,
    /// A set phrase of the source's press.
    Habit,
}

impl Kind {
    fn read(name: &str) -> Self {
        match name {
            "calque" => Self::Calque,
            "idiom" => Self::Idiom,
            "false-friend" => Self::FalseFriend,
            "habit" => Self::Habit,
            _ => Self::WrongSense,
        }
    }
}

/// What must be so for an entry to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// One of these words stands in the source sentence.
    Near(&'static str),
    /// None of them does.
    Not(&'static str),
    /// One of these words stands in the sentence of the translation.
    TargetNear(&'static str),
    /// None of them does.
    TargetNot(&'static str),
}

impl Condition {
    /// The words, in their dictionary forms.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let (Self::Near(words) | Self::Not(words) | Self::TargetNear(words) | Self::TargetNot(words)) = self;
        words.split('|').map(str::trim).filter(|word| !word.is_empty())
    }
}

/// An entry: words of the source, and how they are not rendered.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    key: &'static str,
    row: Row,
    /// From the target's own table, where the wrong renderings are the key.
    own: bool,
}

/// What entries hold where their table does not say how sure they are.
const SURE: f64 = 0.75;

impl Entry {
    /// A column by its place in the tables with a source, counted behind the key.
    fn column(&self, at: usize) -> &'static str {
        match (self.own, at) {
            (true, 1) => self.key,
            (true, 2..) => self.row.column(at - 1),
            _ => self.row.column(at),
        }
    }

    /// Whether it is of no source language, but of the target's own table.
    pub fn is_own(&self) -> bool {
        self.own
    }

    /// The words of the source, as the dictionary has them.
    pub fn source(&self) -> &'static str {
        let source = self.key.split('#').next().unwrap_or(self.key);
        source.split('|').next().unwrap_or(source).trim_start_matches('=')
    }

    /// Whether its source is a word and no phrase.
    pub fn is_of_a_word(&self) -> bool {
        self.key.split('#').next().is_some_and(|source| !source.contains(' '))
    }

    /// Its key in the table, which no other entry has.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Part of speech of its renderings.
    pub fn pos(&self) -> Pos {
        Pos::read(self.column(0))
    }

    /// Renderings that are wrong here.
    pub fn wrong(&self) -> impl Iterator<Item = Rendering<'static>> + use<> {
        let pos = self.pos();
        parts(self.column(1)).map(move |text| Rendering { text, pos })
    }

    /// Renderings that are right, the best first.
    pub fn right(&self) -> impl Iterator<Item = Rendering<'static>> + use<> {
        let pos = self.pos();
        parts(self.column(2)).map(move |text| Rendering { text, pos })
    }

    /// The kind of mistake.
    pub fn kind(&self) -> Kind {
        Kind::read(self.column(3))
    }

    /// What must be so for it to hold.
    pub fn conditions(&self) -> impl Iterator<Item = Condition> + use<> {
        let conditions = self.column(4).split(';').map(str::trim);
        conditions.filter_map(|condition| {
            let (name, words) = condition.split_once(':')?;
            match name.trim() {
                "near" => Some(Condition::Near(words)),
                "not" => Some(Condition::Not(words)),
                "tnear" => Some(Condition::TargetNear(words)),
                "tnot" => Some(Condition::TargetNot(words)),
                _ => None,
            }
        })
    }

    /// Probability that a place where both sides stand is a fault, in [0, 1].
    pub fn sure(&self) -> f64 {
        self.column(5).parse().unwrap_or(SURE)
    }

    /// What is wrong with the row itself, for those who write one.
    pub fn problem(&self) -> Option<&'static str> {
        let known = |condition: &str| {
            let words = |name| condition.strip_prefix(name).is_some_and(|words: &str| !words.trim().is_empty());
            condition.is_empty() || ["near:", "not:", "tnear:", "tnot:"].into_iter().any(words)
        };
        if !["n", "v", "a", "r", "x"].contains(&self.column(0)) {
            return Some("`pos` is one of n, v, a, r, x");
        }
        if !["wrong-sense", "calque", "idiom", "false-friend", "habit"].contains(&self.column(3)) {
            return Some("`kind` is one of wrong-sense, calque, idiom, false-friend, habit");
        }
        if !self.column(4).split(';').map(str::trim).all(known) {
            return Some("`when` is made of near:, not:, tnear:, tnot: with words, with ; between");
        }
        if !self.column(5).is_empty() && self.column(5).parse::<f64>().is_err() {
            return Some("`sure` is a number");
        }
        if !self.column(6).is_empty() && self.example().is_none() {
            return Some("`example` is source ⇒ wrong ⇒ right");
        }
        None
    }

    /// Its example: a sentence of the source, a translation that it must mark, and one that it must not.
    pub fn example(&self) -> Option<[&'static str; 3]> {
        let mut parts = self.column(6).split('⇒').map(str::trim);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(source), Some(wrong), Some(right)) => Some([source, wrong, right]),
            _ => None,
        }
    }
}

fn parts(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split('|').map(str::trim).filter(|part| !part.is_empty())
}

/// What an entry says, ready to be looked for.
pub struct Prepared {
    /// Renderings that are wrong.
    pub wrong: Vec<Wording<'static>>,
    /// Renderings that are right, the best first.
    pub right: Vec<Wording<'static>>,
    /// What must be so for it to hold.
    pub conditions: Conditions,
    /// The words of an idiom, which show through in other renderings.
    pub through: Option<Through>,
}

/// The entries from one language into another, ready to be looked for.
pub struct Senses {
    table: Table,
    source: LanguageData,
    target: LanguageData,
    /// By row, made when its words were first found.
    prepared: Vec<OnceLock<Prepared>>,
    /// By row: rows are long, and most are asked for this alone.
    kinds: Vec<Kind>,
    /// By concept of the matcher: the row, and whether the form is meant as it stands.
    forms: Vec<(u32, bool)>,
    matcher: Matcher,
    /// Phrases whose words may stand in any order.
    phrases: Phrases,
}

/// An entry whose words stand in the source.
#[derive(Clone, Copy, Debug)]
pub struct SourceHit {
    /// The place.
    pub hit: Hit,
    /// Which entry, as an index.
    pub entry: usize,
}

/// Compiled on first use, by source and target language.
static ALL: LazyLock<Vec<(&str, &str, OnceLock<Senses>)>> = LazyLock::new(|| {
    let pairs = LanguageData::all().flat_map(|source| {
        let targets = LanguageData::all().filter(move |target| source.has(&name(*target)));
        targets.map(move |target| (source.tag(), target.tag(), OnceLock::new()))
    });
    pairs.collect()
});

/// The name of the tables of renderings in a language.
fn name(target: LanguageData) -> String {
    format!("senses-{}", target.tag())
}

impl Senses {
    /// The entries from a language into another; `None` where there are none.
    pub fn between(source: LanguageData, target: LanguageData) -> Option<&'static Self> {
        let (.., senses) = ALL.iter().find(|(from, to, _)| *from == source.tag() && *to == target.tag())?;
        Some(senses.get_or_init(|| Self::read(source, target, source.table(&name(target)))))
    }

    /// Whether entries exist into a language, from whichever.
    pub fn serve(target: LanguageData) -> bool {
        ALL.iter().any(|(_, to, _)| *to == target.tag())
    }

    fn read(source: LanguageData, target: LanguageData, table: Table) -> Self {
        let (mut forms, mut texts, mut kinds) = (Vec::new(), Vec::new(), Vec::with_capacity(table.len()));
        let mut phrases = phrases::Builder::new(source);
        for row in 0..table.len() {
            let (key, columns) = table.row(row);
            let entry = Entry { key, row: columns, own: false };
            kinds.push(entry.kind());
            let of_verb = entry.pos() == Pos::Verb;
            for form in parts(key.split('#').next().unwrap_or(key)) {
                let exact = form.strip_prefix('=');
                if of_verb && exact.is_none() {
                    phrases.add(form, row);
                }
                let all = std::iter::once(exact.unwrap_or(form).to_owned());
                for text in all.chain(phrases.joined(form).filter(|_| of_verb).into_iter().flatten()) {
                    forms.push((u32::try_from(row).unwrap_or(u32::MAX), exact.is_some()));
                    texts.push(text);
                }
            }
        }
        let all: Vec<Form<'_>> = texts
            .iter()
            .enumerate()
            .map(|(concept, text)| Form { text, concept, role: Role::Source, exact_case: false })
            .collect();
        let prepared = (0..table.len()).map(|_| OnceLock::new()).collect();
        let matcher = Matcher::with_verbs(&all, source);
        Self { table, source, target, prepared, kinds, forms, matcher, phrases: phrases.finish() }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// The kind of an entry.
    pub fn kind(&self, index: usize) -> Kind {
        self.kinds.get(index).copied().unwrap_or(Kind::WrongSense)
    }

    /// An entry by its index.
    pub fn entry(&self, index: usize) -> Entry {
        let (key, row) = self.table.row(index);
        Entry { key, row, own: false }
    }

    /// What an entry says, ready to be looked for; `None` where there is no such entry.
    pub fn prepared(&self, index: usize) -> Option<&Prepared> {
        let prepared = self.prepared.get(index)?;
        Some(prepared.get_or_init(|| {
            let entry = self.entry(index);
            let conditions = Conditions::of(&entry, self.source, self.target);
            let ready = |rendering| Wording::of(rendering, self.target);
            Prepared {
                wrong: entry.wrong().map(ready).collect(),
                right: entry.right().map(ready).collect(),
                conditions,
                through: Through::of(&entry, self.target),
            }
        }))
    }

    /// The places of a source where entries' words stand, in the order of the text, longer before shorter.
    pub fn find(&self, text: &str, surface: &Surface) -> Vec<SourceHit> {
        let hits = self.matcher.find(text, surface).into_iter().filter(|hit| hit.how != How::Compound);
        let mut found: Vec<SourceHit> = hits
            .filter_map(|hit| {
                let &(row, exact) = self.forms.get(hit.concept)?;
                let fits = !exact || matches!(hit.how, How::Exact | How::Case);
                fits.then_some(SourceHit { hit, entry: row as usize })
            })
            .collect();
        found.extend(self.phrases.find(text, surface));
        found.sort_by_key(|h| (h.hit.span.start(), std::cmp::Reverse(h.hit.span.end()), h.entry, h.hit.how));
        found.dedup_by_key(|h| (h.hit.span, h.entry));
        found
    }
}
