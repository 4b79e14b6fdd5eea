//! Idioms that show through: the words of an idiom's literal renderings, in whatever order and with whatever small words an engine
//! has put them.
//!
//! A row lists some literal renderings; an engine finds others. “Lift a stone to smash one's own feet” and “pick up a rock and drop
//! it on one's own foot” have a stone or a rock, a lifting, a dropping, and feet: a translation of that idiom with most of these
//! words close together, and none of its right renderings, has them from its letters.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::rendering::{Found, Marked, Words, bare};
use super::{Entry, Kind, Pos, Rendering};
use crate::language::english::{Shape, noun_shapes, verb_shapes};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::TokenKind;

/// Of an idiom's literal rendering, the share of the words of weight that must stand.
const SHARE: f64 = 0.75;
/// A phrase that is merely put otherwise must stand whole: its words are common ones.
const WHOLE: f64 = 1.0;
/// Words of weight that stand together, at least: of an idiom, and of a phrase.
const FEWEST: usize = 2;
const FEWEST_OF_PHRASE: usize = 3;
/// Letters of a word that may show an idiom alone: shorter ones have many meanings.
const LONG: usize = 6;
/// Tokens between one word of an idiom and the next.
const REACH: usize = 5;
/// Other words of weight between two of the idiom's.
const STRANGERS: usize = 1;
/// The most words of a row that are taken up.
const MOST: usize = 64;

/// The words of an entry's literal renderings.
#[derive(Debug)]
pub struct Through {
    /// Form → which word, and in what shape.
    forms: FxHashMap<Box<str>, (u16, Shape)>,
    /// By wrong rendering: its words of weight.
    variants: Vec<(Rendering<'static>, BTreeSet<u16>)>,
    /// Words of right renderings.
    right: BTreeSet<u16>,
    share: f64,
    /// The marks of all forms.
    marks: Marked,
}

/// A place where an idiom shows through.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The place.
    pub found: Found,
    /// The literal rendering that it is likest.
    pub rendering: Rendering<'static>,
    /// One word alone shows it: it must render a word of the idiom.
    pub single: bool,
}

/// What tells words of weight from small ones.
struct Weights {
    small: Table,
    weak: Table,
}

impl Weights {
    fn of(data: LanguageData) -> Self {
        Self { small: data.table("function-words"), weak: data.table("weak-words") }
    }

    fn has_none(&self, word: &str) -> bool {
        word.len() < 2 || self.small.has(word) || self.weak.has(word)
    }
}

impl Through {
    /// Of an entry; nothing where it is no idiom or phrase of several words, or the language is not English.
    pub(super) fn of(entry: &Entry, target: LanguageData) -> Option<Self> {
        let share = match entry.kind() {
            Kind::Idiom => SHARE,
            Kind::Calque => WHOLE,
            _ => return None,
        };
        if target.tag() != "en" || !is_phrase(entry) {
            return None;
        }
        let weights = Weights::of(target);
        // Short words first, so that what is a form of one is not taken for a word of its own.
        let split = |r: &Rendering<'static>| -> Vec<&'static str> { r.text.split([' ', '-', '\'']).collect() };
        // Rows of ready phrases have verbs at their heads, too.
        let heads: BTreeSet<&str> = match entry.pos() {
            Pos::Noun => BTreeSet::new(),
            _ => entry.wrong().filter_map(|r| split(&r).first().copied()).collect(),
        };
        let mut words: Vec<&str> = entry.wrong().chain(entry.right()).flat_map(|r| split(&r)).collect();
        words.retain(|word| !weights.has_none(word));
        words.sort_by_key(|word| (word.len(), *word));
        words.dedup();
        words.truncate(MOST);
        let mut forms: FxHashMap<Box<str>, (u16, Shape)> = FxHashMap::default();
        for (number, word) in (0_u16..).zip(words) {
            let (number, _) = *forms.entry(word.into()).or_insert((number, Shape::Base));
            let others = verb_shapes(word).into_iter().chain(noun_shapes(word));
            for (form, shape) in others {
                let shape = if heads.contains(word) { shape } else { Shape::Base };
                forms.entry(form.into()).or_insert((number, shape));
            }
        }
        let of = |r: Rendering<'static>| -> BTreeSet<u16> {
            split(&r).into_iter().filter_map(|word| forms.get(word).map(|(number, _)| *number)).collect()
        };
        let variants = entry.wrong().map(|r| (r, of(r))).filter(|(_, words)| !words.is_empty()).collect();
        let right = entry.right().flat_map(of).collect();
        let mut marks = Marked::default();
        forms.keys().for_each(|form| marks.add(form));
        Some(Self { forms, variants, right, share, marks })
    }

    /// Where it shows in a sentence, best first: at most one place.
    pub fn find(&self, row: &Words<'_>) -> Option<Shown> {
        if !row.may_have(&self.marks) {
            return None;
        }
        let weights = Weights::of(row.data);
        let mut best: Option<(usize, Shown)> = None;
        let mut cluster = Cluster::at(0, Shape::Base);
        let mut strangers = 0;
        for (at, token) in row.tokens.iter().enumerate() {
            let folded = bare(row.folded(at));
            let known = self.forms.get(folded).copied();
            match known {
                Some((number, shape)) => {
                    if cluster.words.is_empty() || at - cluster.last > REACH || strangers > STRANGERS {
                        cluster = Cluster::at(at, shape);
                    }
                    cluster.last = at;
                    cluster.words.insert(number);
                    strangers = 0;
                    if let Some((weight, shown)) = self.judge(&cluster, row)
                        && best.is_none_or(|(other, _)| weight > other)
                    {
                        best = Some((weight, shown));
                    }
                }
                None if cluster.words.is_empty() => {}
                None if token.kind == TokenKind::Word && !weights.has_none(folded) => strangers += 1,
                None if matches!(folded, "." | ";" | ":" | "!" | "?" | "\"" | "”" | "“") => {
                    strangers = STRANGERS + 1
                }
                None => {}
            }
        }
        best.map(|(_, shown)| shown)
    }

    fn judge(&self, cluster: &Cluster, row: &Words<'_>) -> Option<(usize, Shown)> {
        // What a right rendering has, too, tells nothing.
        let count = cluster.words.difference(&self.right).count();
        if count == 0 {
            return None;
        }
        let shared = |words: &BTreeSet<u16>| words.intersection(&cluster.words).count();
        let (rendering, words) =
            self.variants.iter().rev().max_by_key(|(_, words)| (shared(words) * 100).checked_div(words.len()))?;
        let has = shared(words);
        let single = words.len() == 1;
        let fewest = if self.share < WHOLE { FEWEST } else { FEWEST_OF_PHRASE };
        let enough = if single { has == 1 } else { count >= fewest && has as f64 >= words.len() as f64 * self.share };
        let (first, last) = (row.tokens.get(cluster.first)?, row.tokens.get(cluster.last)?);
        // One word is an idiom’s alone where nothing right has it, and news seldom: sleeves, a saucer, breakfasts, not a foot.
        let tells = || {
            let common = row.data.table("common-words");
            let word = bare(row.folded(cluster.last));
            let long = self.forms.iter().all(|(form, (number, _))| !words.contains(number) || form.len() >= LONG);
            self.share < WHOLE && long && words.is_disjoint(&self.right) && !common.has(word)
        };
        if !enough || (single && !tells()) {
            return None;
        }
        let span = Span::new(first.span.start(), last.span.end());
        let found = Found { span, first: cluster.first, shape: cluster.shape, parted: true };
        Some((count, Shown { found, rendering: *rendering, single: single && count == 1 }))
    }
}

/// Words of an idiom that stand together.
struct Cluster {
    first: usize,
    last: usize,
    shape: Shape,
    words: BTreeSet<u16>,
}

impl Cluster {
    fn at(first: usize, shape: Shape) -> Self {
        Self { first, last: first, shape, words: BTreeSet::new() }
    }
}

/// Whether an entry's words in the source are a phrase: only then is it sure that nothing else is meant.
fn is_phrase(entry: &Entry) -> bool {
    let source = entry.source();
    let unspaced = source.chars().all(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
    source.contains(' ') || (unspaced && source.chars().count() >= HAN)
}

/// Characters of a phrase in Chinese.
const HAN: usize = 4;
