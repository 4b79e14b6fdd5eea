//! Building the parser from trees, with tags as the tagger gives them.

use std::collections::BTreeMap;
use std::path::Path;

use indicatif::ProgressBar;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use crate::models::hashed::Buckets;
use crate::models::network::{Table, bytes};
use crate::models::parser::{FREE, KINDS, Known, NOTHING, Numbers, Parser, ROOT, root};
use crate::models::tagger::{Tagged, Tagger};
use crate::models::transitions::{Facts, RELATIONS, SHIFT, Seen, State, TAGS, look, look_for_relation, only};
use crate::models::{ModelFile, hashed};
use crate::train::network::{Network, Work};
use crate::train::trees::{Lesson, Names, split};
use crate::train::{conllu, logistic, tagger};

/// Where the generator starts: fixed, so that the same trees give the same model.
const SEED: u64 = 1;
/// How often the sentences are gone through.
const ROUNDS: usize = 18;
/// The numbers change after so many sentences.
const TOGETHER: usize = 8;
/// How fast they change at first; to the end ever slower.
const RATE: f32 = 0.002;
/// Changes by which the rate comes to its height; of few changes the first tenth.
const WARMING: f32 = 200.0;
/// The tags that it learns from are those of taggers that have not seen the document: so many, in so many rounds each.
const TAGS_BY: [usize; 2] = [5, 5];
/// Six sentences of so many are spoilt: see [`Lesson::spoilt`].
const SPOILT: u32 = 30;
/// From the second round on, so many times of ten the parser goes its own way, to learn from where it comes to.
const OWN_WAY: u32 = 9;
/// What is known of a word has a number if it was seen so often, by kind: see [`Known::keys`].
const SEEN: [u32; KINDS] = [1, 2, 4, 4, 3, 1, 3, 5];
/// A word is taken for an unknown one the more often, the less often it was seen, or in one time of twenty; its ending in
/// three of a hundred.
const UNKNOWN: [f32; 3] = [0.25, 0.05, 0.03];
/// Entries of the table of numbers that are filled, of a hundred.
const FILLED: usize = 70;
/// A choice that is as sure as this teaches nothing.
const SURE: f32 = 0.999;

/// What the file says of itself.
const ABOUT: &str = "what: dependency trees of English sentences\n\
    from: Universal Dependencies English EWT (CC BY-SA 4.0), nine documents of ten; tagger.obm\n\
    by: obelus train parser\n\
    licence: CC-BY-SA-4.0\n";

/// Builds `parser.obm` from the folder of training data and `tagger.obm`.
///
/// # Errors
/// A file is missing, damaged, or cannot be read.
pub fn build(folder: &Path, tagger: &[u8]) -> anyhow::Result<Vec<u8>> {
    build_with(conllu::read(&folder.join(tagger::TREES))?, tagger, ROUNDS)
}

fn build_with(trees: Vec<Vec<conllu::Tree>>, tagger: &[u8], rounds: usize) -> anyhow::Result<Vec<u8>> {
    let file = ModelFile::read("tagger.obm", tagger)?;
    let lexis = file.sections.iter().find(|(name, _)| *name == "lexis").map_or(&[][..], |(_, bytes)| *bytes);
    let tagger = Tagger::read("tagger.obm", tagger)?;
    let (train, held) = split(trees);
    let names = Names::of(&train);
    anyhow::ensure!(names.relations.len() < RELATIONS, "the trees have more than {} relations", RELATIONS - 1);
    let lessons = names.lessons(&train, &tagger.lexis);
    let progress = ProgressBar::new((TAGS_BY[0] * TAGS_BY[1] + rounds) as u64);
    let tags = tagger::jackknife(&names, &lessons, lexis, TAGS_BY, &progress)?;
    let (known, counts) = number(&lessons, &tags, &tagger)?;
    let table = Known(Buckets::read(&known).ok_or_else(|| anyhow::anyhow!("the table of words is damaged"))?);
    progress.set_message("trees");
    let network = learn(&names, &lessons, &tags, &tagger, (table, &counts), rounds, &progress);
    let [tables, layers] = network.numbers();
    let sections = |sureness: [f32; 2]| {
        let mut sections = vec![("names", write_names(&names, sureness)), ("known", known.clone())];
        sections.extend(tables.iter().map(|(name, numbers)| (*name, Table::<1>::write(numbers))));
        sections.extend(layers.iter().map(|(name, numbers)| (*name, bytes(numbers))));
        sections.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect::<Vec<_>>()
    };
    let unsure = ModelFile::write(ABOUT, &sections([0.0, 0.0]));
    let sureness = sureness(&Parser::read("parser.obm", &unsure)?, &tagger, &names.lessons(&held, &tagger.lexis));
    progress.finish_and_clear();
    Ok(ModelFile::write(ABOUT, &sections(sureness)))
}

fn write_names(names: &Names, sureness: [f32; 2]) -> Vec<u8> {
    let mut out = (names.relations.len() as u32).to_le_bytes().to_vec();
    for name in &names.relations {
        out.extend((name.len() as u32).to_le_bytes());
        out.extend(name.as_bytes());
    }
    sureness.iter().for_each(|x| out.extend(x.to_le_bytes()));
    out
}

/// Gives numbers to what was seen of words often enough: the table, and how often each number was seen.
fn number(lessons: &[Lesson], tags: &[Vec<u8>], tagger: &Tagger<'_>) -> anyhow::Result<(Vec<u8>, Vec<u32>)> {
    let mut counts: BTreeMap<(usize, u64), u32> = BTreeMap::new();
    for (lesson, tags) in lessons.iter().zip(tags) {
        for (word, tag) in lesson.words.iter().zip(tags) {
            let tag = tagger.tag(*tag).map_or(0, |t| t.hash);
            for (kind, key) in Known::keys(word, tag, lesson.casing).into_iter().enumerate() {
                *counts.entry((kind, key)).or_default() += 1;
            }
        }
    }
    counts.retain(|(kind, _), count| *count >= SEEN[*kind]);
    let tags = counts.keys().filter(|(kind, _)| *kind == 0).count();
    anyhow::ensure!(usize::from(FREE) + tags <= TAGS, "the trees have {tags} tags, which is too many");
    let mut seen = vec![u32::MAX; usize::from(FREE)];
    let mut entries = Vec::new();
    for ((_, key), count) in counts.into_iter().take(usize::from(u16::MAX) - seen.len()) {
        entries.push((key, (seen.len() as u16).to_le_bytes()));
        seen.push(count);
    }
    Ok((hashed::Buckets::write(&entries, FILLED), seen))
}

/// A sentence as the network reads it, some of its words unknown by chance.
fn sentence(numbers: &[Numbers], counts: &[u32], random: &mut Pcg64Mcg) -> Vec<Vec<u16>> {
    let [rare, word, ending] = UNKNOWN;
    let mut all = vec![vec![NOTHING]];
    for numbers in numbers {
        let mut numbers = *numbers;
        let seen = counts.get(usize::from(numbers[1])).map_or(0.0, |count| *count as f32);
        for (kind, share) in [(1, rare / (rare + seen) + word), (2, ending)] {
            if random.random::<f32>() < share {
                numbers[kind] = kind as u16;
            }
        }
        all.push(numbers.to_vec());
    }
    all.push(vec![ROOT]);
    all
}

fn learn(
    names: &Names,
    lessons: &[Lesson],
    tags: &[Vec<u8>],
    tagger: &Tagger<'_>,
    (known, counts): (Known<'_>, &[u32]),
    rounds: usize,
    progress: &ProgressBar,
) -> Network {
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut network = Network::new(counts.len(), &mut random);
    let mut learner = Learner { names, work: Work::default(), facts: Facts::default(), own_way: 0 };
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let changes = (rounds * lessons.len().div_ceil(TOGETHER)) as f32;
    let mut changed = 0.0;
    for _ in 0..rounds {
        order.shuffle(&mut random);
        for together in order.chunks(TOGETHER) {
            let mut choices = 0;
            for &index in together {
                let lesson = lessons[index].spoilt(&tagger.lexis, SPOILT, &mut random);
                let tags = tags[index].get(..lesson.words.len()).unwrap_or(&[]);
                let tagged = Tagged { words: lesson.words.clone(), casing: lesson.casing, ..Tagged::default() };
                let (numbers, seen) = known.sentence(tagger, &tagged, tags);
                let sentence = sentence(&numbers, counts, &mut random);
                network.read(&sentence, &mut learner.work, &mut random);
                choices += learner.lesson(&mut network, &lesson, &seen, &mut random);
                network.take_back(&sentence, &mut learner.work);
            }
            let rate = RATE * (1.0 - changed / changes);
            changed += 1.0;
            let warm = (changed / WARMING.min(changes / 10.0)).min(1.0);
            network.change(rate * warm, 1.0 / choices.max(1) as f32);
        }
        learner.own_way = OWN_WAY;
        progress.inc(1);
    }
    network
}

/// What goes through a sentence and learns.
struct Learner<'n> {
    names: &'n Names,
    work: Work,
    facts: Facts,
    own_way: u32,
}

impl Learner<'_> {
    /// Parses a sentence and learns from each choice; how many there were of actions.
    fn lesson(&mut self, network: &mut Network, lesson: &Lesson, seen: &Seen, random: &mut Pcg64Mcg) -> usize {
        let words = lesson.words.len();
        let mut gold = vec![usize::MAX; words + 2];
        gold[1..=words].copy_from_slice(&lesson.heads);
        let mut state = State::new(words);
        let mut choices = 0;
        while !state.is_done() {
            let action = only(state.allowed()).unwrap_or_else(|| {
                choices += 1;
                self.action(network, &state, seen, &gold, random)
            });
            if action == SHIFT {
                state.shift();
                continue;
            }
            let (head, dependent) = state.arc(action);
            let right = (gold[dependent] == head).then(|| usize::from(lesson.relations[dependent - 1]));
            let relation = self.relation(network, &state, seen, (head, dependent), right);
            state.reduce(action, relation);
        }
        choices
    }

    fn action(
        &mut self,
        network: &mut Network,
        state: &State,
        seen: &Seen,
        gold: &[usize],
        random: &mut Pcg64Mcg,
    ) -> usize {
        let (allowed, costs) = (state.allowed(), state.costs(gold));
        let words = look(state, seen, &mut self.facts);
        let choice = network.actions;
        let mut made = network.choose(&mut self.work, &choice, &words, &self.facts.rows);
        made.scores.iter_mut().zip(allowed).filter(|(_, allowed)| !allowed).for_each(|(score, _)| *score = f32::MIN);
        let chances = chances(&made.scores);
        let least = (0..3).filter(|a| allowed[*a]).map(|a| costs[a]).min().unwrap_or(0);
        let is_right = |a: usize| allowed[a] && costs[a] == least;
        let chance = (0..3).filter(|a| is_right(*a)).map(|a| chances[a]).sum::<f32>().max(1e-9);
        if chance < SURE {
            let high = std::array::from_fn(|a| chances[a] - if is_right(a) { chances[a] / chance } else { 0.0 });
            network.learn(&mut self.work, &choice, &words, &self.facts.rows, &made, &high);
        }
        let best = |fits: &dyn Fn(usize) -> bool| {
            (0..3).filter(|a| fits(*a)).max_by(|a, b| chances[*a].total_cmp(&chances[*b])).unwrap_or(SHIFT)
        };
        let own = random.random_range(0..10_u32) < self.own_way;
        if own { best(&|a| allowed[a]) } else { best(&is_right) }
    }

    fn relation(
        &mut self,
        network: &mut Network,
        state: &State,
        seen: &Seen,
        (head, dependent): (usize, usize),
        right: Option<usize>,
    ) -> u8 {
        let words = look_for_relation(state, seen, head, dependent, &mut self.facts);
        let choice = network.relations;
        let made = network.choose(&mut self.work, &choice, &words, &self.facts.rows);
        if let Some(right) = right {
            let mut high = chances(&made.scores);
            if high[right] < SURE {
                high[right] -= 1.0;
                network.learn(&mut self.work, &choice, &words, &self.facts.rows, &made, &high);
            }
        }
        let better = |a: usize, b: usize| if made.scores[b] > made.scores[a] { b } else { a };
        (0..self.names.relations.len()).fold(0, better) as u8
    }
}

/// Chances from scores.
fn chances<const N: usize>(scores: &[f32; N]) -> [f32; N] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let powers = scores.map(|score| (score - most).exp());
    let all: f32 = powers.iter().sum();
    powers.map(|power| power / all)
}

/// How the margin of a word tells whether its head is right, on sentences that were not learned from.
fn sureness(parser: &Parser<'_>, tagger: &Tagger<'_>, held: &[Lesson]) -> [f32; 2] {
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    for lesson in held {
        let tree = parser.run(tagger, &tagger.run(lesson.forms.iter().map(String::as_str)));
        let words = lesson.forms.len();
        for (at, margin) in tree.margins.iter().enumerate() {
            rows.push(vec![f64::from(root(*margin))]);
            right.push(tree.heads[at].map_or(words + 1, |h| h + 1) == lesson.heads[at]);
        }
    }
    let weights = vec![1.0; rows.len()];
    let fitted = logistic::fit(&rows, &right, &weights, 0.0);
    [fitted.first().copied().unwrap_or(0.0) as f32, fitted.get(1).copied().unwrap_or(0.0) as f32]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::tagger::build_from;

    #[test]
    fn a_small_language_is_parsed_the_same_each_time() {
        let trees = || conllu::documents(&tagger::tests::TREES.repeat(60)).expect("it is sound");
        let tags = build_from(trees(), &[]).expect("it is built");
        let file = build_with(trees(), &tags, 12).expect("it is built");
        assert_eq!(file, build_with(trees(), &tags, 12).expect("it is built"));
        let (tagger, parser) = (Tagger::read("t", &tags).expect("sound"), Parser::read("p", &file).expect("sound"));
        let tree = parser.run(&tagger, &tagger.run("The dog slept there".split(' ')));
        assert_eq!(tree.heads, [Some(1), Some(2), None, Some(2)]);
        assert_eq!(parser.relation(tree.relations[1]), "nsubj");
        for at in (0..file.len()).step_by(97) {
            assert!(Parser::read("test", &file[..at]).is_err());
        }
    }
}
