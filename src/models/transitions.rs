//! The arc-hybrid transition system (Kuhlmann, Gómez-Rodríguez and Satta 2011), and what the parser sees of a state.

use crate::models::tagger::{Tag, Upos};

/// The next word goes on the stack.
pub(crate) const SHIFT: usize = 0;
/// The top of the stack depends on the next word.
pub(crate) const LEFT: usize = 1;
/// The top of the stack depends on the one beneath it.
pub(crate) const RIGHT: usize = 2;

/// More tags than there are, with what stands for nothing, for the root, and for unknown ones.
pub(crate) const TAGS: usize = 128;
/// More relations than there are: a word's are a set of 64 bits.
pub(crate) const RELATIONS: usize = 64;
/// What nothing has for a relation.
const NO_RELATION: u8 = RELATIONS as u8 - 1;

/// The action, where one alone is allowed.
pub(crate) fn only(allowed: [bool; 3]) -> Option<usize> {
    match allowed {
        [true, false, false] => Some(SHIFT),
        [false, true, false] => Some(LEFT),
        [false, false, true] => Some(RIGHT),
        _ => None,
    }
}

/// A word as features see it, by itself.
#[derive(Clone, Copy, Debug)]
struct Seeing {
    tag: u8,
    /// Commas, verbs and joining words before it.
    before: [u8; 3],
}

/// A sentence as features see it: nothing at 0, the words from 1, the root behind them.
pub(crate) struct Seen {
    words: Vec<Seeing>,
}

impl Seen {
    /// Of tags, with their numbers; `outside` are the numbers of nothing and of the root.
    pub(crate) fn new<'t, 'b: 't>(tags: impl Iterator<Item = (Option<&'t Tag<'b>>, u8)>, outside: [u8; 2]) -> Self {
        let mut before = [0_u8; 3];
        let mut words = vec![Seeing { tag: outside[0], before }];
        for (tag, number) in tags {
            words.push(Seeing { tag: number, before });
            let kind = match tag.map(|t| (t.upos, t.xpos)) {
                Some((Upos::Punct, ",")) => 0,
                Some((Upos::Verb | Upos::Aux, _)) => 1,
                Some((Upos::Cconj | Upos::Sconj, _) | (Upos::Punct, ":")) => 2,
                _ => continue,
            };
            before[kind] = before[kind].saturating_add(1);
        }
        words.push(Seeing { tag: outside[1], before });
        Self { words }
    }

    fn tag(&self, at: usize) -> usize {
        usize::from(self.words[at].tag)
    }

    /// What stands between two places: none, one or more commas, verbs, joining words.
    fn between(&self, from: usize, to: usize) -> usize {
        if from == 0 {
            return BETWEEN - 1;
        }
        let count = |kind: usize| {
            let from = self.words[from + 1].before[kind];
            usize::from(self.words[to].before[kind].saturating_sub(from).min(2))
        };
        count(0) * 9 + count(1) * 3 + count(2)
    }
}

/// How far the parser has come.
pub(crate) struct State {
    pub(crate) words: usize,
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
        let mut relation = vec![0; size];
        // Nothing has a relation of its own.
        relation[0] = NO_RELATION;
        Self {
            words,
            stack: vec![0; UNDER],
            next: 1,
            head: vec![0; size],
            relation,
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

/// Numbers that [`distance`] gives.
const DISTANCES: usize = 9;
/// Numbers that [`Seen::between`] gives.
const BETWEEN: usize = 28;
/// Numbers of children to the left and to the right.
const VALENCIES: usize = 64;

fn distance(a: usize, b: usize) -> usize {
    match b.abs_diff(a) {
        near @ 0..=4 => near,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        _ => 8,
    }
}

/// What is true of a state, as rows of a table: each question has as many rows as there are answers.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) rows: Vec<u16>,
    from: usize,
}

impl Facts {
    fn start(&mut self) {
        self.rows.clear();
        self.from = 0;
    }

    fn one(&mut self, answers: usize, answer: usize) {
        self.rows.push((self.from + answer.min(answers - 1)) as u16);
        self.from += answers;
    }

    fn set(&mut self, mut set: u64) {
        while set != 0 {
            self.rows.push((self.from + set.trailing_zeros() as usize) as u16);
            set &= set - 1;
        }
        self.from += RELATIONS;
    }

    fn child(&mut self, state: &State, seen: &Seen, child: usize) {
        self.one(TAGS, seen.tag(child));
        self.one(RELATIONS, usize::from(state.relation[child]));
    }
}

/// The words that an action is chosen by.
pub(crate) const WORDS: usize = 3;
/// The rows of [`look`].
pub(crate) const ACTION_ROWS: usize =
    1 + 8 * (TAGS + RELATIONS) + 5 * RELATIONS + 2 * (DISTANCES + BETWEEN + VALENCIES) + 8 + 5 + 3 + TAGS + 2 * WORDS;

/// What an action is chosen by: words, and facts.
pub(crate) fn look(state: &State, seen: &Seen, out: &mut Facts) -> [usize; WORDS] {
    out.start();
    let words = [state.top(0), state.top(1), state.next];
    let [s0, s1, b0] = words;
    let [[a_l1, a_l2], [a_r1, _]] = state.children[s0];
    let [[b_l1, _], [b_r1, b_r2]] = state.children[s1];
    let [n_l1, n_l2] = state.children[b0][0];
    out.one(1, 0);
    for child in [a_l1, a_l2, a_r1, b_l1, b_r1, b_r2, n_l1, n_l2] {
        out.child(state, seen, child);
    }
    for set in [state.sets[s0][0], state.sets[s0][1], state.sets[s1][0], state.sets[s1][1], state.sets[b0][0]] {
        out.set(set);
    }
    for (from, to) in [(s0, b0), (s1, s0)] {
        out.one(DISTANCES, distance(from, to));
        out.one(BETWEEN, seen.between(from, to));
        let [left, right] = state.valency[from].map(usize::from);
        out.one(VALENCIES, left * 8 + right);
    }
    out.one(8, usize::from(state.valency[b0][0]));
    out.one(5, state.depth());
    out.one(3, usize::from(b0 >= state.words) + usize::from(b0 > state.words));
    out.one(TAGS, seen.tag(state.top(2)));
    words.iter().for_each(|word| out.one(2, usize::from(*word == 0)));
    debug_assert_eq!(out.from, ACTION_ROWS);
    words
}

/// The words that a relation is chosen by.
pub(crate) const OF_RELATION: usize = 3;
/// The rows of [`look_for_relation`].
pub(crate) const RELATION_ROWS: usize =
    2 * DISTANCES + 4 * RELATIONS + BETWEEN + 4 * (TAGS + RELATIONS) + 2 + TAGS + 2 * OF_RELATION;

/// What the relation of an arc is chosen by: words, and facts. The last word is the one that opens the dependent's phrase: by,
/// to, that.
pub(crate) fn look_for_relation(
    state: &State,
    seen: &Seen,
    head: usize,
    dependent: usize,
    out: &mut Facts,
) -> [usize; OF_RELATION] {
    out.start();
    let [[d_l1, _], [d_r1, _]] = state.children[dependent];
    let [[h_l1, _], [h_r1, _]] = state.children[head];
    let words = [head, dependent, d_l1];
    out.one(2 * DISTANCES, distance(head, dependent) * 2 + usize::from(head < dependent));
    for set in [state.sets[dependent], state.sets[head]].as_flattened() {
        out.set(*set);
    }
    out.one(BETWEEN, seen.between(head.min(dependent), head.max(dependent)));
    for child in [d_l1, d_r1, h_l1, h_r1] {
        out.child(state, seen, child);
    }
    out.one(2, usize::from(dependent == 1));
    out.one(TAGS, seen.tag(state.top(1)));
    words.iter().for_each(|word| out.one(2, usize::from(*word == 0)));
    debug_assert_eq!(out.from, RELATION_ROWS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes an action without cost until the sentence is done.
    fn follow(gold: &[usize]) -> Vec<usize> {
        let mut state = State::new(gold.len() - 2);
        let (seen, mut facts) = (Seen::new((0..gold.len() - 2).map(|_| (None, 3)), [1, 2]), Facts::default());
        while !state.is_done() {
            look(&state, &seen, &mut facts);
            assert!(facts.rows.iter().all(|row| usize::from(*row) < ACTION_ROWS));
            let (allowed, costs) = (state.allowed(), state.costs(gold));
            let action = (0..3).find(|a| allowed[*a] && costs[*a] == 0).expect("one is right");
            if action == SHIFT {
                state.shift();
                continue;
            }
            let (head, dependent) = state.arc(action);
            look_for_relation(&state, &seen, head, dependent, &mut facts);
            assert!(facts.rows.iter().all(|row| usize::from(*row) < RELATION_ROWS));
            state.reduce(action, 5);
        }
        state.head
    }

    #[test]
    fn what_costs_nothing_leads_to_the_right_tree() {
        // She saw the big dog yesterday: the root is behind the last word.
        let gold = [usize::MAX, 2, 7, 5, 5, 2, 2, usize::MAX];
        assert_eq!(follow(&gold)[1..7], gold[1..7]);
    }

    #[test]
    fn one_action_may_be_the_only_one() {
        let mut state = State::new(1);
        assert_eq!(only(state.allowed()), Some(SHIFT));
        state.shift();
        assert_eq!(only(state.allowed()), Some(LEFT));
        state.reduce(LEFT, 0);
        assert!(state.is_done());
    }
}
