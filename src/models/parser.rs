//! Dependency trees of English sentences: the arc-hybrid transition system, greedily, with a small network.
//!
//! Each word goes through layers that see its neighbours, once; an action is then chosen by what came of the words at the top
//! of the stack and of the next one, with what is known of their children (in the manner of Chen and Manning 2014, and of
//! Kiperwasser and Goldberg 2016), and the relation of the arc that it makes by another small layer.

use crate::models::hashed::{Buckets, feature};
use crate::models::network::{Layer, OF_TABLE, Table, numbers, product};
use crate::models::tagger::{Tagged, Tagger};
use crate::models::transitions::{
    ACTION_ROWS, Facts, OF_RELATION, RELATION_ROWS, RELATIONS, SHIFT, Seen, State, TAGS, WORDS, look,
    look_for_relation, only,
};
use crate::models::words::Word;
use crate::models::{BadModel, ModelFile, Reader};

/// Numbers that stand for a word.
pub(crate) const WIDTH: usize = 48;
/// Layers that see a word with its neighbours.
pub(crate) const LAYERS: usize = 4;
/// Numbers in the layer that chooses an action.
pub(crate) const ACTION: usize = 64;
/// Numbers in the layer that chooses a relation.
pub(crate) const RELATION: usize = 32;
/// Where the numbers of a word begin that are for relations: before them are those for actions.
pub(crate) const FOR_RELATIONS: usize = WORDS * ACTION;
/// All numbers of a word that are for actions and relations.
pub(crate) const FOR_ALL: usize = FOR_RELATIONS + OF_RELATION * RELATION;

/// The parser.
#[derive(Debug)]
pub struct Parser<'b> {
    known: Known<'b>,
    words: Table<'b, WIDTH>,
    layers: Vec<Layer>,
    /// From what came of a word to its part in each place of a state.
    places: Layer,
    actions: Table<'b, ACTION>,
    of_actions: [([f32; ACTION], f32); 3],
    relations: Table<'b, RELATION>,
    /// The weights of relations for each number that goes in, and what is added.
    of_relations: ([[f32; RELATIONS]; RELATION], [f32; RELATIONS]),
    names: Vec<&'b str>,
    /// Slope and height of the curve from the margin of a word to the chance that its head is right.
    sureness: [f32; 2],
}

/// The tree of a sentence. Words count from 0.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The head of each word; `None` for the root.
    pub heads: Vec<Option<usize>>,
    /// How each word depends on its head, as an index.
    pub relations: Vec<u8>,
    /// The least margin, in steps of the weights, among the actions that decided a word's head.
    pub margins: Vec<i32>,
}

/// Kinds of things that are known of a word, each with a number.
pub(crate) const KINDS: usize = 8;
/// The numbers of what is known of a word. What is not known of its kind has the number of the kind.
pub(crate) type Numbers = [u16; KINDS];
/// The number of nothing.
pub(crate) const NOTHING: u16 = KINDS as u16;
/// The number of the root.
pub(crate) const ROOT: u16 = NOTHING + 1;
/// The first number that is free. Tags come first: all of theirs are below [`TAGS`].
pub(crate) const FREE: u16 = ROOT + 1;

/// What is known of words, with numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known<'b>(pub(crate) Buckets<'b, 2>);

impl Known<'_> {
    /// The keys of a word.
    pub(crate) fn keys(word: &Word, tag: u64, casing: u64) -> [u64; KINDS] {
        [
            feature(0, [tag]),
            feature(1, [word.word]),
            feature(2, [word.suffix[2]]),
            feature(3, [word.suffix[1]]),
            feature(4, [word.class]),
            feature(5, [word.coarse]),
            feature(6, [word.flags & 3, word.habit, casing]),
            feature(7, [word.shape]),
        ]
    }

    /// The numbers of a word.
    pub(crate) fn numbers(&self, word: &Word, tag: u64, casing: u64) -> Numbers {
        let mut numbers = [0; KINDS];
        for ((number, key), kind) in numbers.iter_mut().zip(Self::keys(word, tag, casing)).zip(0..) {
            *number = self.0.get(key).map_or(kind, u16::from_le_bytes);
        }
        numbers
    }

    /// The numbers of the words of a sentence, and what features see of it.
    pub(crate) fn sentence(&self, tagger: &Tagger<'_>, tagged: &Tagged, tags: &[u8]) -> (Vec<Numbers>, Seen) {
        let tags = || tags.iter().map(|tag| tagger.tag(*tag));
        let pairs = tagged.words.iter().zip(tags());
        let all: Vec<Numbers> =
            pairs.map(|(word, tag)| self.numbers(word, tag.map_or(0, |t| t.hash), tagged.casing)).collect();
        // A tag's number fits: there are fewer than 128.
        let seen = Seen::new(
            tags().zip(all.iter().map(|n| n[0].min(TAGS as u16 - 1) as u8)),
            [NOTHING, ROOT].map(|n| n as u8),
        );
        (all, seen)
    }
}

impl<'b> Parser<'b> {
    /// Takes the model from a file. `name` is for messages.
    ///
    /// # Errors
    /// It is no model file, one of another format, or damaged.
    pub fn read(name: &'static str, bytes: &'b [u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        Self::sections(&file).ok_or(BadModel::Damaged(name))
    }

    fn sections(file: &ModelFile<'b>) -> Option<Self> {
        let section = |name: &str| file.sections.iter().find(|(n, _)| *n == name).map(|(_, bytes)| *bytes);
        let mut r = Reader::new(section("names")?);
        let names = (0..r.count(4)?).map(|_| r.text()).collect::<Option<Vec<_>>>()?;
        let sureness = [r.f32()?, r.f32()?];
        let fits = !names.is_empty() && names.len() < RELATIONS && sureness.iter().all(|x| x.is_finite());
        (fits && r.is_empty()).then_some(())?;
        let biases = section("layers.bias")?.chunks_exact(WIDTH * 4);
        let weights = section("layers")?.chunks_exact(3 * WIDTH * WIDTH * 4);
        let layers = weights.zip(biases).take(LAYERS);
        let layers = layers.map(|(weights, bias)| Layer::read(weights, &numbers::<WIDTH>(bias)?, 3 * WIDTH));
        let layers = layers.collect::<Option<Vec<_>>>()?;
        let bias: [f32; 3] = numbers(section("of actions.bias")?)?;
        let mut of_actions = bias.map(|bias| ([0.0; ACTION], bias));
        for (action, bytes) in of_actions.iter_mut().zip(section("of actions")?.chunks(ACTION * 4)) {
            action.0 = numbers(bytes)?;
        }
        let mut of_relations = ([[0.0; RELATIONS]; RELATION], numbers(section("of relations.bias")?)?);
        for (row, bytes) in of_relations.0.iter_mut().zip(section("of relations")?.chunks(RELATIONS * 4)) {
            *row = numbers(bytes)?;
        }
        let (actions, relations) = (Table::read(section("actions")?)?, Table::read(section("relations")?)?);
        let fits = layers.len() == LAYERS && actions.len() == ACTION_ROWS && relations.len() == RELATION_ROWS;
        fits.then_some(())?;
        Some(Self {
            known: Known(Buckets::read(section("known")?)?),
            words: Table::read(section("words")?)?,
            layers,
            places: Layer::read(section("places")?, &[0.0; FOR_ALL], WIDTH)?,
            actions,
            of_actions,
            relations,
            of_relations,
            names,
            sureness,
        })
    }

    /// The relation with an index: `nsubj`.
    pub fn relation(&self, index: u8) -> &'b str {
        self.names.get(usize::from(index)).copied().unwrap_or("dep")
    }

    /// The chance, from 0 to 1, that a word with this margin has the right head.
    pub fn sureness(&self, margin: i32) -> f32 {
        let [slope, height] = self.sureness;
        1.0 / (1.0 + (-(slope * root(margin) + height)).exp())
    }

    /// The tree of a sentence with tags.
    pub fn run(&self, tagger: &Tagger<'_>, tagged: &Tagged) -> Tree {
        let (numbers, seen) = self.known.sentence(tagger, tagged, &tagged.tags);
        let parts = self.parts(&numbers);
        let words = numbers.len();
        let mut state = State::new(words);
        let mut facts = Facts::default();
        // The margin of the shift that each word came by counts for its head, too.
        let mut margins = vec![i32::MAX; words + 2];
        while !state.is_done() {
            let allowed = state.allowed();
            let (mut action, mut margin) = (only(allowed), i32::MAX);
            if action.is_none() {
                let at = look(&state, &seen, &mut facts);
                let sums = hidden(&parts, &at, 0, &self.actions, &facts);
                let scores = self.of_actions.each_ref().map(|(weights, bias)| bias + product(&sums, weights));
                let (first, ahead) = choose(scores.map(|score| (score * STEPS) as i32), allowed);
                (action, margin) = (Some(first), ahead);
            }
            match action {
                Some(SHIFT) => {
                    margins[state.next] = margin;
                    state.shift();
                }
                Some(action) => {
                    let (head, dependent) = state.arc(action);
                    let at = look_for_relation(&state, &seen, head, dependent, &mut facts);
                    let relation = self.best(&hidden(&parts, &at, FOR_RELATIONS, &self.relations, &facts));
                    margins[dependent] = margins[dependent].min(margin);
                    state.reduce(action, relation);
                }
                // A state from which nothing leads on: there is none, but a loop is no place to learn of it.
                None => break,
            }
        }
        Tree {
            heads: (1..=words).map(|w| state.head[w].checked_sub(1).filter(|h| *h < words)).collect(),
            relations: state.relation[1..=words].to_vec(),
            margins: margins[1..=words].to_vec(),
        }
    }

    /// What comes of each word for each place of a state: nothing at 0, the words from 1, the root behind them.
    fn parts(&self, numbers: &[Numbers]) -> Vec<i16> {
        let count = numbers.len() + 2;
        // Beyond the ends there is a row of zeros, so that each row has neighbours.
        let mut rows = vec![0; (count + 2) * WIDTH];
        let places = rows.as_chunks_mut::<WIDTH>().0;
        let ends = [(1, NOTHING), (count, ROOT)];
        for (at, number) in ends {
            if let Some(row) = places.get_mut(at) {
                self.words.add(usize::from(number), row);
            }
        }
        for (row, numbers) in places.iter_mut().skip(2).zip(numbers) {
            numbers.iter().for_each(|number| self.words.add(usize::from(*number), row));
        }
        rows.iter_mut().for_each(|x| *x = x.saturating_add(*x));
        let mut made = vec![0; count * WIDTH];
        for layer in &self.layers {
            layer.make(&rows, WIDTH, &mut made);
            for (row, x) in rows.iter_mut().skip(WIDTH).zip(&made) {
                // What is below zero becomes zero; the others are fractions of 256 and become those of 2,048.
                *row = row.saturating_add((*x).clamp(0, i16::MAX >> 3) << 3);
            }
        }
        let mut parts = vec![0; count * FOR_ALL];
        self.places.make(rows.get(WIDTH..).unwrap_or(&[]), WIDTH, &mut parts);
        parts
    }

    /// The relation with the best score.
    fn best(&self, sums: &[f32; RELATION]) -> u8 {
        let mut scores = self.of_relations.1;
        for (x, weights) in sums.iter().zip(&self.of_relations.0) {
            scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += x * weight);
        }
        let mut best = (0_u8, f32::MIN);
        for (index, score) in (0..).zip(scores).take(self.names.len()) {
            if score > best.1 {
                best = (index, score);
            }
        }
        best.0
    }
}

/// The numbers of a layer that chooses: the parts of words in their places, and the rows of facts. `from` is where the parts
/// begin that are for this layer.
fn hidden<const N: usize, const M: usize>(
    parts: &[i16],
    words: &[usize; M],
    from: usize,
    table: &Table<'_, N>,
    facts: &Facts,
) -> [f32; N] {
    let mut sums = [0_i16; N];
    for (place, word) in words.iter().enumerate().filter(|(_, word)| **word != 0) {
        if let Some(part) = parts.get(word * FOR_ALL + from + place * N..).and_then(<[i16]>::first_chunk::<N>) {
            // From fractions of 256 to those of 1,024.
            let numbers = part.iter().map(|x| (*x).clamp(i16::MIN >> 2, i16::MAX >> 2) << 2);
            sums.iter_mut().zip(numbers).for_each(|(sum, x)| *sum = sum.saturating_add(x));
        }
    }
    facts.rows.iter().for_each(|row| table.add(usize::from(*row), &mut sums));
    sums.map(|x| f32::from(x.max(0)) * (1.0 / OF_TABLE))
}

/// Steps of a score: margins are whole numbers of them.
const STEPS: f32 = 1024.0;

/// Margins are compared by their root: what is far ahead is sure enough.
pub(crate) fn root(margin: i32) -> f32 {
    (margin.clamp(0, MOST_SURE) as f32).sqrt()
}

/// Beyond this a margin says no more: the other action has one chance in 17,000.
const MOST_SURE: i32 = 10_000;

/// The best action that is allowed, and how far it is ahead of the next.
fn choose(scores: [i32; 3], allowed: [bool; 3]) -> (usize, i32) {
    let (mut first, mut second) = ((SHIFT, i32::MIN), i32::MIN);
    for (action, score) in scores.into_iter().enumerate().filter(|(a, _)| allowed[*a]) {
        if score > first.1 {
            second = first.1;
            first = (action, score);
        } else {
            second = second.max(score);
        }
    }
    (first.0, first.1.saturating_sub(second))
}
