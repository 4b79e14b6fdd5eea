//! Dependency trees of English sentences: the arc-hybrid transition system, greedily, with an averaged perceptron.
//!
//! Kuhlmann, Gómez-Rodríguez and Satta 2011; the features are in the manner of Zhang and Nivre 2011. An action is chosen
//! first, and the relation of the arc that it makes then, with what is known of both words by then.

use crate::models::hashed::{Rows, Triples, feature, mix};
use crate::models::tagger::{Tagged, Tagger, Upos, best};
use crate::models::{BadModel, ModelFile, Reader};

/// The next word goes on the stack.
pub(crate) const SHIFT: usize = 0;
/// The top of the stack depends on the next word.
pub(crate) const LEFT: usize = 1;
/// The top of the stack depends on the one beneath it.
pub(crate) const RIGHT: usize = 2;

/// The parser.
#[derive(Debug)]
pub struct Parser<'b> {
    actions: Triples<'b>,
    relations: Rows<'b>,
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
        let mut r = Reader::new(section("relations")?);
        let names = (0..r.count(4)?).map(|_| r.text()).collect::<Option<Vec<_>>>()?;
        let sureness = [r.f32()?, r.f32()?];
        let fits = !names.is_empty() && names.len() <= MOST_RELATIONS && sureness.iter().all(|x| x.is_finite());
        (fits && r.is_empty()).then_some(())?;
        Some(Self {
            actions: Triples::read(section("actions")?)?,
            relations: Rows::read(section("relations.places")?, section("relations.rows")?)?,
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
        let seen = Seen::new(tagger, tagged, &tagged.tags);
        let mut state = State::new(tagged.words.len());
        let mut found = Vec::with_capacity(FEATURES);
        // The margin of the shift that each word came by counts for its head, too.
        let mut margins = vec![i32::MAX; seen.words.len()];
        while !state.is_done() {
            let allowed = state.allowed();
            let (mut action, mut margin) = (only(allowed), i32::MAX);
            if action.is_none() {
                look(&state, &seen, &mut found);
                let scores = self.actions.scores(&found);
                let (first, ahead) = choose(scores, allowed);
                (action, margin) = (Some(first), ahead);
            }
            match action {
                Some(SHIFT) => {
                    margins[state.next] = margin;
                    state.shift();
                }
                Some(action) => {
                    let (head, dependent) = state.arc(action);
                    look_for_relation(&state, &seen, head, dependent, &mut found);
                    let (relation, _) = best(&self.relations, &found, self.names.len());
                    margins[dependent] = margins[dependent].min(margin);
                    state.reduce(action, relation);
                }
                // A state from which nothing leads on: there is none, but a loop is no place to learn of it.
                None => break,
            }
        }
        let words = tagged.words.len();
        Tree {
            heads: (1..=words).map(|w| state.head[w].checked_sub(1).filter(|h| *h < words)).collect(),
            relations: state.relation[1..=words].to_vec(),
            margins: margins[1..=words].to_vec(),
        }
    }
}

/// Margins are compared by their root: what is far ahead is sure enough.
pub(crate) fn root(margin: i32) -> f32 {
    (margin.clamp(0, MOST_SURE) as f32).sqrt()
}

/// Beyond this a margin says no more: five times what the right action is to be ahead by.
const MOST_SURE: i32 = 10_000;
/// The set of a word's relations is a set of 64 bits.
const MOST_RELATIONS: usize = 64;
/// About as many features as an action is chosen by.
const FEATURES: usize = 144;

/// The action, where one alone is allowed.
pub(crate) fn only(allowed: [bool; 3]) -> Option<usize> {
    match allowed {
        [true, false, false] => Some(SHIFT),
        [false, true, false] => Some(LEFT),
        [false, false, true] => Some(RIGHT),
        _ => None,
    }
}

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

/// A word as the parser sees it: by hashes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seeing {
    word: u64,
    tag: u64,
    upos: u64,
    class: u64,
    suffix: u64,
    capital: u64,
    /// Commas, verbs and joining words before it.
    before: [u8; 3],
}

/// A sentence as the parser sees it: nothing at 0, the words from 1, the root behind them.
pub(crate) struct Seen {
    words: Vec<Seeing>,
}

impl Seen {
    pub(crate) fn new(tagger: &Tagger<'_>, tagged: &Tagged, tags: &[u8]) -> Self {
        let mark = |n: u64| Seeing { word: n, tag: n, upos: n, class: n, suffix: n, capital: n + 4, before: [0; 3] };
        let mut words = Vec::with_capacity(tags.len() + 2);
        words.push(mark(1));
        let mut before = [0_u8; 3];
        for (word, tag) in tagged.words.iter().zip(tags) {
            let Some(tag) = tagger.tag(*tag) else {
                continue;
            };
            words.push(Seeing {
                word: word.word,
                tag: tag.hash,
                upos: tag.upos_hash,
                class: word.class,
                suffix: word.suffix[2],
                capital: word.flags & 1 | 2,
                before,
            });
            let kind = match tag.upos {
                Upos::Punct if tag.xpos == "," => 0,
                Upos::Verb | Upos::Aux => 1,
                Upos::Cconj | Upos::Sconj => 2,
                Upos::Punct if tag.xpos == ":" => 2,
                _ => continue,
            };
            before[kind] = before[kind].saturating_add(1);
        }
        words.push(Seeing { before, ..mark(2) });
        Self { words }
    }
}

/// How far the parser has come.
pub(crate) struct State {
    words: usize,
    stack: Vec<usize>,
    pub(crate) next: usize,
    pub(crate) head: Vec<usize>,
    pub(crate) relation: Vec<u8>,
    /// The two outermost children to the left, and to the right.
    children: Vec<[[usize; 2]; 2]>,
    /// How many there are.
    valency: Vec<[u8; 2]>,
    /// The relations of the children, as sets.
    sets: Vec<[u64; 2]>,
}

/// So many of nothing lie under the stack.
const UNDER: usize = 3;

impl State {
    pub(crate) fn new(words: usize) -> Self {
        let size = words + 2;
        Self {
            words,
            stack: vec![0; UNDER],
            next: 1,
            head: vec![0; size],
            relation: vec![0; size],
            children: vec![[[0; 2]; 2]; size],
            valency: vec![[0; 2]; size],
            sets: vec![[0; 2]; size],
        }
    }

    fn top(&self, under: usize) -> usize {
        self.stack[self.stack.len() - 1 - under]
    }

    fn depth(&self) -> usize {
        self.stack.len() - UNDER
    }

    pub(crate) fn is_done(&self) -> bool {
        self.next > self.words && self.depth() == 0
    }

    /// Actions that are allowed here. Only the last word on the stack may depend on the root.
    pub(crate) fn allowed(&self) -> [bool; 3] {
        let at_root = self.next > self.words;
        let depth = self.depth();
        [!at_root, depth == 1 || depth > 1 && !at_root, depth > 1]
    }

    /// Head and dependent that an action would join.
    pub(crate) fn arc(&self, action: usize) -> (usize, usize) {
        (if action == LEFT { self.next } else { self.top(1) }, self.top(0))
    }

    pub(crate) fn shift(&mut self) {
        self.stack.push(self.next);
        self.next += 1;
    }

    pub(crate) fn reduce(&mut self, action: usize, relation: u8) {
        let (head, dependent) = self.arc(action);
        self.stack.pop();
        self.head[dependent] = head;
        self.relation[dependent] = relation;
        let side = usize::from(dependent > head);
        // Children come nearest first: the latest is the outermost.
        let list = &mut self.children[head][side];
        *list = [dependent, list[0]];
        self.valency[head][side] = (self.valency[head][side] + 1).min(6);
        self.sets[head][side] |= 1 << (relation & 63);
    }

    /// How many right arcs each action makes impossible (Goldberg and Nivre 2013). `gold` are the right heads; the root is
    /// behind the last word.
    pub(crate) fn costs(&self, gold: &[usize]) -> [usize; 3] {
        let (s0, s1, next) = (self.top(0), self.top(1), self.next);
        let stack = &self.stack[UNDER..];
        let mut costs = [0; 3];
        if next <= self.words {
            let below = stack.len().saturating_sub(1);
            costs[SHIFT] = stack[..below].iter().filter(|s| gold[next] == **s).count()
                + stack.iter().filter(|s| gold[**s] == next).count();
        }
        if s0 != 0 {
            let lost = (next..=self.words).filter(|w| gold[*w] == s0).count();
            let head = gold[s0];
            costs[LEFT] = lost + usize::from(head > next || head == s1 && s1 != 0);
            costs[RIGHT] = lost + usize::from(head >= next);
        }
        costs
    }
}

fn distance(a: usize, b: usize) -> u64 {
    match b.abs_diff(a) {
        near @ 0..=4 => near as u64,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        _ => 8,
    }
}

/// What stands between two places: none, one or more commas, verbs, joining words.
fn between(seen: &Seen, from: usize, to: usize) -> u64 {
    if from == 0 {
        return 30;
    }
    let count = |kind: usize| {
        let from = seen.words[from + 1].before[kind];
        u64::from(seen.words[to].before[kind].saturating_sub(from).min(2))
    };
    count(0) * 9 + count(1) * 3 + count(2)
}

fn named(relation: u8) -> u64 {
    mix(u64::from(relation) + 40_000)
}

/// What an action is chosen by.
pub(crate) fn look(state: &State, seen: &Seen, out: &mut Vec<u64>) {
    out.clear();
    let (s0, s1, s2, b0) = (state.top(0), state.top(1), state.top(2), state.next);
    let last = state.words + 1;
    let within = |at: usize| if at <= last { at } else { 0 };
    let word = |at: usize| &seen.words[at];
    let (a, b, c) = (word(s0), word(s1), word(s2));
    let (n, m, o) = (word(b0), word(within(b0 + 1)), word(within(b0 + 2)));
    let [[a_l1, a_l2], [a_r1, a_r2]] = state.children[s0];
    let [[b_l1, _], [b_r1, b_r2]] = state.children[s1];
    let [n_l1, n_l2] = state.children[b0][0];
    let (near, far) = (distance(s0, b0), distance(s1, s0));
    let (gap, back) = (between(seen, s0, b0), between(seen, s1, s0));
    let valency = |at: usize| u64::from(state.valency[at][0]) * 8 + u64::from(state.valency[at][1]);
    let set = |at: usize, side: usize| mix(state.sets[at][side] ^ (side as u64 * 5));
    let (a_left, a_right, b_right, n_left) = (set(s0, 0), set(s0, 1), set(s1, 1), set(b0, 0));
    let b_left = set(s1, 0);
    let relation = |at: usize| named(state.relation[at]);
    let beside = |at: usize, by: isize| match at {
        0 => word(0).tag,
        at => word(within(at.saturating_add_signed(by))).tag,
    };
    let mut template = 0;
    macro_rules! put {
        ($($part:expr),*) => {{ template += 1; out.push(feature(template, [$($part),*])); }};
    }
    // One word.
    put!(a.word);
    put!(a.word, a.tag);
    put!(a.tag);
    put!(a.class);
    put!(a.suffix, a.upos);
    put!(b.word);
    put!(b.word, b.tag);
    put!(b.tag);
    put!(b.class);
    put!(c.tag);
    put!(n.word);
    put!(n.word, n.tag);
    put!(n.tag);
    put!(n.class);
    put!(n.suffix, n.upos);
    put!(m.word);
    put!(m.tag);
    put!(m.class);
    put!(o.tag);
    // Two words.
    put!(a.word, a.tag, n.word, n.tag);
    put!(a.word, n.word);
    put!(a.word, a.tag, n.tag);
    put!(a.tag, n.word, n.tag);
    put!(a.tag, n.tag);
    put!(a.class, n.class);
    put!(a.class, n.tag);
    put!(a.tag, n.class);
    put!(a.word, n.class);
    put!(b.word, a.word);
    put!(b.word, b.tag, a.tag);
    put!(b.tag, a.word, a.tag);
    put!(b.tag, a.tag);
    put!(b.class, a.class);
    put!(b.class, a.tag);
    put!(b.tag, a.class);
    put!(b.word, a.class);
    put!(b.tag, n.tag);
    put!(b.word, n.word);
    put!(b.word, n.tag);
    put!(b.tag, n.word);
    put!(b.class, n.class);
    put!(a.tag, m.tag);
    put!(n.tag, m.tag);
    put!(n.word, m.word);
    put!(n.word, m.tag);
    // Three and four.
    put!(a.tag, n.tag, m.tag);
    put!(b.tag, a.tag, n.tag);
    put!(c.tag, b.tag, a.tag);
    put!(b.tag, a.tag, n.word);
    put!(b.word, a.tag, n.tag);
    put!(b.tag, a.word, n.tag);
    put!(a.word, n.tag, m.tag);
    put!(a.tag, n.word, m.tag);
    put!(n.tag, m.tag, o.tag);
    put!(a.tag, n.tag, m.tag, o.tag);
    put!(b.tag, a.tag, n.tag, m.tag);
    put!(c.tag, b.tag, a.tag, n.tag);
    put!(b.class, a.class, n.class);
    put!(b.upos, a.word, n.word);
    // Children.
    put!(a.tag, n.tag, word(a_l1).tag);
    put!(a.tag, n.tag, word(a_r1).tag);
    put!(a.tag, n.tag, word(n_l1).tag);
    put!(b.tag, a.tag, word(a_l1).tag);
    put!(b.tag, a.tag, word(a_r1).tag);
    put!(b.tag, a.tag, word(b_l1).tag);
    put!(b.tag, a.tag, word(b_r1).tag);
    put!(b.tag, a.tag, word(a_l2).tag);
    put!(b.tag, a.tag, word(a_l1).word);
    put!(a.tag, n.tag, word(n_l1).word);
    put!(a.word, word(a_l1).word);
    put!(a.word, n.tag, word(a_r1).word);
    put!(b.tag, word(b_r1).word, a.tag);
    // Their relations.
    put!(a.tag, n.tag, relation(a_r1));
    put!(a.tag, n.tag, relation(n_l1));
    put!(b.tag, a.tag, relation(b_r1));
    put!(b.tag, a.tag, relation(a_l1));
    put!(b.tag, a.tag, relation(a_r1));
    put!(a.word, a_left);
    put!(a.tag, a_left, n.tag);
    put!(a.tag, a_right, n.tag);
    put!(b.word, b_right);
    put!(b.tag, b_right, a.tag);
    put!(n.word, n_left);
    put!(n.tag, n_left, a.tag);
    put!(a.tag, a_left, a_right, n.word);
    put!(a.upos, a_left, a_right, n.upos, n_left);
    // How far, and what lies between.
    put!(a.word, near);
    put!(a.tag, near);
    put!(n.tag, near);
    put!(a.tag, n.tag, near);
    put!(b.tag, far);
    put!(b.word, far);
    put!(b.tag, a.tag, far);
    put!(a.tag, b.tag, n.tag, far.min(3), near.min(3));
    put!(a.tag, n.tag, gap);
    put!(b.tag, a.tag, back);
    put!(b.tag, a.tag, n.tag, back);
    put!(n.word, gap, a.upos);
    put!(a.word, valency(s0));
    put!(b.word, valency(s1));
    put!(b.tag, valency(s1), a.tag);
    // The words beside.
    put!(a.tag, n.tag, beside(b0, -1));
    put!(a.tag, beside(s0, 1), beside(b0, -1), n.tag);
    put!(a.tag, n.tag, beside(s0, -1));
    put!(b.tag, beside(s1, 1), a.tag);
    put!(b.tag, beside(s0, -1), a.tag, n.tag);
    put!(beside(s0, -1), a.tag, n.tag, m.tag);
    put!(b.capital, a.capital, b.upos, a.upos);
    put!(state.depth().min(4) as u64, a.tag, n.tag);
    put!(u64::from(b0 == state.words), a.tag, n.word);
    put!(u64::from(s1 == 1), u64::from(s0 == 1), a.tag, n.tag);
    // More words, and more of their children.
    put!(c.word);
    put!(o.word);
    put!(b.class, a.word);
    put!(a.class, n.word);
    put!(a.word, m.word);
    put!(n.tag, m.word);
    put!(b.word, a.word, n.upos);
    put!(b.word, a.tag, word(a_l1).word);
    put!(b.class, a.class, word(a_l1).word);
    put!(a.tag, n.tag, word(a_r2).tag);
    put!(a.tag, n.tag, word(n_l2).tag);
    put!(b.tag, a.tag, word(b_r2).tag);
    put!(a.tag, n.tag, relation(a_l1));
    put!(a.word, a_right);
    put!(b.tag, b_left, a.tag);
    put!(a.word, far);
    put!(n.word, near);
    put!(a.word, gap);
    put!(n.word, valency(b0));
    put!(a.capital, n.capital, a.upos, n.upos);
    put!(b.tag, b_right, a.tag, a_left);
    put!(a.class, n.class, m.class);
}

/// What the relation of an arc is chosen by.
pub(crate) fn look_for_relation(state: &State, seen: &Seen, head: usize, dependent: usize, out: &mut Vec<u64>) {
    out.clear();
    let last = state.words + 1;
    let word = |at: usize| &seen.words[if at <= last { at } else { 0 }];
    let (h, d) = (word(head), word(dependent));
    let side = u64::from(head < dependent);
    let far = distance(head, dependent) * 2 + side;
    let [[d_l1, d_l2], [d_r1, d_r2]] = state.children[dependent];
    let [[h_l1, h_l2], [h_r1, h_r2]] = state.children[head];
    let set = |at: usize, side: usize| mix(state.sets[at][side] ^ (side as u64 * 5));
    let (d_left, d_right, h_left, h_right) = (set(dependent, 0), set(dependent, 1), set(head, 0), set(head, 1));
    let (before, behind) = (word(dependent.saturating_sub(1)), word(dependent + 1));
    let relation = |at: usize| named(state.relation[at]);
    // The word that opens the phrase: "by", "to", "that".
    let (open, second) = (word(d_l1), word(d_l2));
    let gap = between(seen, head.min(dependent), head.max(dependent));
    let mut template = 500;
    macro_rules! put {
        ($($part:expr),*) => {{ template += 1; out.push(feature(template, [$($part),*])); }};
    }
    put!(d.word, side);
    put!(d.tag, side);
    put!(d.word, d.tag);
    put!(d.class, side);
    put!(d.suffix, d.upos, side);
    put!(h.word, side);
    put!(h.tag, side);
    put!(h.word, h.tag, side);
    put!(h.class, side);
    put!(h.tag, d.tag, side);
    put!(h.word, d.tag, side);
    put!(h.tag, d.word, side);
    put!(h.word, d.word, side);
    put!(h.class, d.class, side);
    put!(h.class, d.tag, side);
    put!(h.tag, d.class, side);
    put!(h.upos, d.word, side);
    put!(h.word, d.class, side);
    put!(h.class, d.word, side);
    put!(h.tag, d.tag, far);
    put!(d.word, far);
    put!(h.upos, d.upos, gap, side);
    put!(open.word, h.tag, d.tag, side);
    put!(open.word, h.upos, d.upos, side);
    put!(open.word, h.word, side);
    put!(open.word, d.word);
    put!(open.tag, h.tag, d.tag, side);
    put!(open.word, h.class, d.upos, side);
    put!(open.word, d.class, h.upos, side);
    put!(second.word, open.word, d.upos, side, h.upos);
    put!(second.tag, open.tag, d.tag, side, h.tag);
    put!(word(d_r1).word, d.tag, h.tag);
    put!(word(d_r1).tag, d.tag, h.tag, side);
    put!(word(d_r2).tag, word(d_r1).tag, d.tag, h.upos);
    put!(d_left, d.tag, h.tag, side);
    put!(d_right, d.tag, h.tag, side);
    put!(d_left, d_right, d.upos, h.upos, side);
    put!(d_left, d.word, side);
    put!(h_left, h.tag, d.tag, side);
    put!(h_right, h.tag, d.tag, side);
    put!(h_right, h.word, d.upos, side);
    put!(h_left, h_right, h.upos, d.upos, side);
    put!(h_right, h_left, d.word, side);
    put!(h_right, d_left, d.upos, h.upos, side);
    put!(h_left, h.word, d.tag, side);
    put!(relation(h_r1), h.tag, d.tag, side);
    put!(relation(h_l1), h.tag, d.tag, side);
    put!(word(h_r1).word, h.tag, d.tag, side);
    put!(word(h_l1).word, h.tag, d.tag, side);
    put!(word(h_l2).tag, word(h_l1).tag, h.tag, d.tag, side);
    put!(word(h_r2).tag, word(h_r1).tag, h.tag, d.tag, side);
    put!(word(head.saturating_sub(1)).tag, h.tag, d.tag, side);
    put!(word(head + 1).tag, h.tag, d.tag, side);
    put!(before.tag, d.tag, h.tag, side);
    put!(behind.tag, d.tag, h.tag, side);
    put!(before.tag, behind.tag, d.tag, side);
    put!(before.tag, d.word, side);
    put!(behind.tag, d.word, side);
    put!(d.capital, h.capital, d.upos, h.upos, far);
    put!(u64::from(dependent == 1), d.tag, h.tag);
    put!(word(state.top(1)).tag, h.tag, d.tag, side);
    put!(word(state.top(2)).upos, word(state.top(1)).upos, h.upos, d.upos, side);
}
