//! Building the parser from trees, with tags as the tagger gives them.

use std::path::Path;

use indicatif::ProgressBar;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use crate::models::ModelFile;
use crate::models::parser::{Parser, SHIFT, Seen, State, look, look_for_relation, only, root};
use crate::models::tagger::{Tagged, Tagger};
use crate::train::perceptron::{Actions, Keep, Perceptron};
use crate::train::trees::{Lesson, Names, split};
use crate::train::{conllu, logistic, tagger};

/// Where the generator starts: fixed, so that the same trees give the same model.
const SEED: u64 = 0xa2_c5;
/// How often the sentences are gone through.
const ROUNDS: usize = 10;
/// The tags that it learns from are those of taggers that have not seen the document: so many, in so many rounds each.
const TAGS: [usize; 2] = [5, 5];
/// Six sentences of so many are spoilt: see [`Lesson::spoilt`].
const SPOILT: u32 = 20;
/// A right action is to be ahead of the wrong ones by so much. 1 and 60 were worse on held-out trees, by 0.8 and 0.1 points.
const MARGIN: f32 = 20.0;
/// The same for relations.
const RELATION_MARGIN: f32 = 10.0;
/// From the second round on, so many times of ten the parser goes its own way, to learn from where it comes to.
const OWN_WAY: u32 = 9;
/// Features of actions that are kept, and what their weights are counted in.
const ACTIONS: usize = 500_000;
/// See [`ACTIONS`].
const STEP: f32 = 0.01;
/// Kept of the relations.
const RELATIONS: Keep = Keep { changes: 5, weight: 0.5, step: 0.02, most: 60_000 };

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
    build_with(conllu::read(&folder.join(tagger::TREES))?, tagger)
}

fn build_with(trees: Vec<Vec<conllu::Tree>>, tagger: &[u8]) -> anyhow::Result<Vec<u8>> {
    let file = ModelFile::read("tagger.obm", tagger)?;
    let lexis = file.sections.iter().find(|(name, _)| *name == "lexis").map_or(&[][..], |(_, bytes)| *bytes);
    let tagger = Tagger::read("tagger.obm", tagger)?;
    let (train, held) = split(trees);
    let names = Names::of(&train);
    let lessons = names.lessons(&train, &tagger.lexis);
    let progress = ProgressBar::new((TAGS[0] * TAGS[1] + ROUNDS) as u64);
    let tags = tagger::jackknife(&names, &lessons, lexis, TAGS, &progress)?;
    let (actions, relations) = learn(&names, &lessons, &tags, &tagger, &progress);
    let (places, rows) = relations.write(RELATIONS);
    let actions = actions.write(STEP, ACTIONS);
    let sections = |sureness: [f32; 2]| {
        [
            ("relations", write_names(&names, sureness)),
            ("actions", actions.clone()),
            ("relations.places", places.clone()),
            ("relations.rows", rows.clone()),
        ]
        .map(|(name, bytes)| (name.to_owned(), bytes))
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

fn learn(
    names: &Names,
    lessons: &[Lesson],
    tags: &[Vec<u8>],
    tagger: &Tagger<'_>,
    progress: &ProgressBar,
) -> (Actions, Perceptron) {
    let (mut actions, mut relations) = (Actions::default(), Perceptron::default());
    let among: Vec<u8> = (0..names.relations.len()).map(|r| r as u8).collect();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let (mut found, mut of_relation) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        order.shuffle(&mut random);
        for &index in &order {
            let lesson = lessons[index].spoilt(&tagger.lexis, SPOILT, &mut random);
            let words = lesson.words.len();
            let tags = tags[index].get(..words).unwrap_or(&[]);
            let seen = Seen::new(tagger, &Tagged { words: lesson.words, ..Tagged::default() }, tags);
            let mut gold = vec![usize::MAX; words + 2];
            gold[1..=words].copy_from_slice(&lesson.heads);
            let mut state = State::new(words);
            while !state.is_done() {
                let allowed = state.allowed();
                let action = only(allowed).unwrap_or_else(|| {
                    let costs = state.costs(&gold);
                    look(&state, &seen, &mut found);
                    let scores = actions.scores(&found);
                    let least = (0..3).filter(|a| allowed[*a]).map(|a| costs[a]).min().unwrap_or(0);
                    let pick = |fits: &dyn Fn(usize) -> bool| {
                        (0..3).filter(|a| allowed[*a] && fits(*a)).max_by(|a, b| scores[*a].total_cmp(&scores[*b]))
                    };
                    let right = pick(&|a| costs[a] == least).unwrap_or(SHIFT);
                    let said = pick(&|_| true).unwrap_or(right);
                    if let Some(wrong) = pick(&|a| costs[a] > least)
                        && scores[wrong] + MARGIN > scores[right]
                    {
                        actions.change(&found, right, wrong);
                    }
                    actions.tick();
                    let own = round > 0 && random.random_range(0..10_u32) < OWN_WAY;
                    if own || costs[said] == least { said } else { right }
                });
                if action == SHIFT {
                    state.shift();
                    continue;
                }
                let (head, dependent) = state.arc(action);
                look_for_relation(&state, &seen, head, dependent, &mut of_relation);
                let right = lesson.relations[dependent - 1];
                let said = if gold[dependent] == head {
                    relations.learn(&of_relation, right, &among, RELATION_MARGIN)
                } else {
                    let scores = relations.scores(&of_relation);
                    let better = |a: u8, b: &u8| if scores[usize::from(*b)] > scores[usize::from(a)] { *b } else { a };
                    among.iter().fold(0, better)
                };
                state.reduce(action, said);
            }
        }
        progress.inc(1);
    }
    (actions, relations)
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
        let file = build_with(trees(), &tags).expect("it is built");
        assert_eq!(file, build_with(trees(), &tags).expect("it is built"));
        let (tagger, parser) = (Tagger::read("t", &tags).expect("sound"), Parser::read("p", &file).expect("sound"));
        let tree = parser.run(&tagger, &tagger.run("The dog slept there".split(' ')));
        assert_eq!(tree.heads, [Some(1), Some(2), None, Some(2)]);
        assert_eq!(parser.relation(tree.relations[1]), "nsubj");
        for at in (0..file.len()).step_by(97) {
            assert!(Parser::read("test", &file[..at]).is_err());
        }
    }
}
