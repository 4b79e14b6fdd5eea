//! Building the tagger: classes of words from plain text, then tags and features from trees.

use std::path::Path;

use indicatif::ProgressBar;
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_pcg::Pcg64Mcg;

use crate::models::ModelFile;
use crate::models::hashed::Rows;
use crate::models::tagger::{Tag, Tagger, look, look_for_features};
use crate::models::words::Lexis;
use crate::train::perceptron::{Keep, Perceptron};
use crate::train::trees::{Lesson, Names, split};
use crate::train::{classes, conllu};

/// Where the generator starts: fixed, so that the same trees give the same model.
const SEED: u64 = 0x7a_66;
/// How often the sentences are gone through.
const ROUNDS: usize = 5;
/// The same for a first pass that only gives the second what to learn from.
const SHORT: usize = 3;
/// The right tag is to be ahead by so much.
const MARGIN: f32 = 2.0;
/// The second pass learns from tags of a first pass that has not seen their document: it is learned so many times, each time
/// without one of so many parts.
const PARTS: usize = 3;
/// Six sentences of so many are spoilt: see [`Lesson::spoilt`].
const SPOILT: u32 = 20;
/// Kept of the first pass, which only has to tell the second what comes: on held-out trees it loses 0.1 points.
const FIRST: Keep = Keep { changes: 6, weight: 0.3, step: 0.02, most: 60_000 };
/// Kept of the second.
const SECOND: Keep = Keep { changes: 5, weight: 0.3, step: 0.02, most: 80_000 };
/// Kept of the choice of features.
const OF_FEATURES: Keep = Keep { changes: 3, weight: 0.1, step: 0.02, most: 40_000 };

/// What the file says of itself.
const ABOUT: &str = "what: parts of speech and features of English words\n\
    from: Universal Dependencies English EWT (CC BY-SA 4.0), nine documents of ten; classes of words from plain English text \
    (news, encyclopedic, parliaments, textbooks, government; CC BY-SA 4.0 and freer)\n\
    by: obelus train tagger\n\
    licence: CC-BY-SA-4.0\n";

/// How often the sentences are gone through for features.
const OF_FEATURES_ROUNDS: usize = 4;

/// The trees in the folder of training data.
pub(super) const TREES: &str = "tagged/en.ud-ewt.conllu.gz";

/// Builds `tagger.obm` from the folder of training data.
///
/// # Errors
/// A file is missing or cannot be read.
pub fn build(folder: &Path) -> anyhow::Result<Vec<u8>> {
    let trees = conllu::read(&folder.join(TREES))?;
    let lexis = classes::lexis(&folder.join("mono"))?;
    build_from(trees, &lexis)
}

/// Builds the file from trees and classes of words.
pub(in crate::train) fn build_from(trees: Vec<Vec<conllu::Tree>>, lexis: &[u8]) -> anyhow::Result<Vec<u8>> {
    let (train, _) = split(trees);
    let names = Names::of(&train);
    let classes = Lexis::read(lexis).ok_or_else(|| anyhow::anyhow!("the classes of words are damaged"))?;
    let lessons = names.lessons(&train, &classes);
    let progress = ProgressBar::new((PARTS * SHORT + 2 * ROUNDS + OF_FEATURES_ROUNDS) as u64);
    let earlier = jackknife(&names, &lessons, lexis, [PARTS, SHORT], &progress)?;
    let all: Vec<&Lesson> = lessons.iter().collect();
    let first = learn(&names, &all, None, &classes, ROUNDS, &progress).write(FIRST);
    let second = learn(&names, &all, Some(&earlier), &classes, ROUNDS, &progress).write(SECOND);
    let of_features = learn_features(&names, &all, &earlier, &progress).write(OF_FEATURES);
    progress.finish_and_clear();
    let sections: Vec<(String, Vec<u8>)> = [
        ("tags", write_names(&names)),
        ("lexis", lexis.to_vec()),
        ("first.places", first.0),
        ("first.rows", first.1),
        ("second.places", second.0),
        ("second.rows", second.1),
        ("features.places", of_features.0),
        ("features.rows", of_features.1),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into();
    Ok(ModelFile::write(ABOUT, &sections))
}

fn write_names(names: &Names) -> Vec<u8> {
    let mut out = Vec::new();
    let put = |out: &mut Vec<u8>, bytes: &[u8]| {
        out.extend((bytes.len() as u32).to_le_bytes());
        out.extend(bytes);
    };
    out.extend((names.features.len() as u32).to_le_bytes());
    names.features.iter().for_each(|f| put(&mut out, f.as_bytes()));
    out.extend((names.tags.len() as u32).to_le_bytes());
    for (xpos, upos, features) in &names.tags {
        put(&mut out, xpos.as_bytes());
        put(&mut out, upos.name().as_bytes());
        put(&mut out, features);
    }
    out
}

/// A tagger of the first pass alone, with these weights.
fn single<'b>(names: &'b Names, lexis: &'b [u8], weights: &'b (Vec<u8>, Vec<u8>)) -> Option<Tagger<'b>> {
    Some(Tagger {
        lexis: Lexis::read(lexis)?,
        tags: names.tags.iter().map(|(xpos, upos, features)| Tag::new(xpos, *upos, features)).collect(),
        features: names.features.iter().map(String::as_str).collect(),
        passes: [Rows::read(&weights.0, &weights.1)?, Rows::default()],
        of_features: Rows::default(),
    })
}

/// Tags of each lesson by a first pass that has not seen its document: in so many parts, each learned in so many rounds.
pub(super) fn jackknife(
    names: &Names,
    lessons: &[Lesson],
    lexis: &[u8],
    [parts, rounds]: [usize; 2],
    progress: &ProgressBar,
) -> anyhow::Result<Vec<Vec<u8>>> {
    let damaged = || anyhow::anyhow!("the classes of words are damaged");
    let classes = Lexis::read(lexis).ok_or_else(damaged)?;
    let mut tags = vec![Vec::new(); lessons.len()];
    for part in 0..parts {
        progress.set_message(format!("part {} of {parts}", part + 1));
        let others: Vec<&Lesson> = lessons.iter().filter(|l| l.document % parts != part).collect();
        let weights = learn(names, &others, None, &classes, rounds, progress).write(FIRST);
        let tagger = single(names, lexis, &weights).ok_or_else(damaged)?;
        for (lesson, tags) in lessons.iter().zip(&mut tags).filter(|(l, _)| l.document % parts == part) {
            *tags = tagger.pass(&tagger.passes[0], &lesson.words, None, lesson.casing, None).0;
        }
    }
    Ok(tags)
}

/// Learns a pass; the second where the tags of an earlier one are given.
fn learn(
    names: &Names,
    lessons: &[&Lesson],
    earlier: Option<&[Vec<u8>]>,
    lexis: &Lexis<'_>,
    rounds: usize,
    progress: &ProgressBar,
) -> Perceptron {
    let hashes: Vec<u64> = names.tags.iter().map(|(xpos, upos, f)| Tag::new(xpos, *upos, f).hash).collect();
    let hash = |tag: &u8| hashes.get(usize::from(*tag)).copied().unwrap_or(0);
    let among: Vec<u8> = (0..hashes.len()).map(|tag| tag as u8).collect();
    let mut model = Perceptron::default();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut found = Vec::new();
    for _ in 0..rounds {
        order.shuffle(&mut random);
        for &index in &order {
            let spoilt = lessons[index].spoilt(lexis, SPOILT, &mut random);
            let before: Option<Vec<u64>> = earlier.map(|tags| tags[index].iter().map(hash).collect());
            let mut given = Vec::with_capacity(spoilt.words.len());
            for (at, right) in spoilt.tags.iter().enumerate() {
                look(&spoilt.words, at, &given, before.as_deref(), spoilt.casing, &mut found);
                given.push(hash(&model.learn(&found, *right, &among, MARGIN)));
            }
        }
        progress.inc(1);
    }
    model
}

/// Learns to choose the features of words whose tags are known.
fn learn_features(names: &Names, lessons: &[&Lesson], earlier: &[Vec<u8>], progress: &ProgressBar) -> Perceptron {
    let hashes: Vec<u64> = names.tags.iter().map(|(xpos, upos, f)| Tag::new(xpos, *upos, f).hash).collect();
    let hash = |tag: &u8| hashes.get(usize::from(*tag)).copied().unwrap_or(0);
    let mut model = Perceptron::default();
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut found = Vec::new();
    for _ in 0..OF_FEATURES_ROUNDS {
        order.shuffle(&mut random);
        for &index in &order {
            let lesson = lessons[index];
            // Its own tag is the right one, and those around it are as the tagger gives them.
            let mut around: Vec<u64> = earlier[index].iter().map(hash).collect();
            for (at, (tag, right)) in lesson.tags.iter().zip(&lesson.features).enumerate() {
                let allowed = names.tags.get(usize::from(*tag)).map_or(&[][..], |t| &t.2);
                if allowed.len() < 2 || !allowed.contains(right) {
                    continue;
                }
                let given = std::mem::replace(&mut around[at], hash(tag));
                look_for_features(&lesson.words, at, &around, &mut found);
                model.learn(&found, *right, allowed, MARGIN);
                around[at] = given;
            }
        }
        progress.inc(1);
    }
    model
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A language of three sentences.
    pub(in crate::train) const TREES: &str = "# newdoc\n# text = The dogs bark.\n\
        1\tThe\tthe\tDET\tDT\tDefinite=Def\t2\tdet\t_\t_\n2\tdogs\tdog\tNOUN\tNNS\tNumber=Plur\t3\tnsubj\t_\t_\n\
        3\tbark\tbark\tVERB\tVBP\tTense=Pres\t0\troot\t_\t_\n4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_\n\n\
        # text = A dog slept there\n1\tA\ta\tDET\tDT\tDefinite=Ind\t2\tdet\t_\t_\n\
        2\tdog\tdog\tNOUN\tNN\tNumber=Sing\t3\tnsubj\t_\t_\n3\tslept\tsleep\tVERB\tVBD\tTense=Past\t0\troot\t_\t_\n\
        4\tthere\tthere\tADV\tRB\t_\t3\tadvmod\t_\t_\n\n";

    #[test]
    fn a_small_language_is_learned_the_same_each_time() {
        let trees = || conllu::documents(&TREES.repeat(60)).expect("it is sound");
        let file = build_from(trees(), &[]).expect("it is built");
        assert_eq!(file, build_from(trees(), &[]).expect("it is built"));
        let tagger = Tagger::read("test", &file).expect("it is sound");
        let tagged = tagger.run("The dog slept there".split(' '));
        let names: Vec<&str> = tagged.tags.iter().map(|t| tagger.tag(*t).expect("a tag").xpos).collect();
        assert_eq!(names, ["DT", "NN", "VBD", "RB"]);
        assert_eq!(tagger.features(tagged.features[0]), "Definite=Def");
        for at in (0..file.len()).step_by(97) {
            assert!(Tagger::read("test", &file[..at]).is_err());
        }
    }
}
