//! How good tags and trees are, against those of linguists, beside two ways that need no model.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use crate::analyse::syntax::Syntax;
use crate::article::Language;
use crate::language::LanguageData;
use crate::models::tagger::{Tagged, Upos};
use crate::models::{self, English};
use crate::surface::{BlockKind, Surface};
use crate::train::conllu::{self, Tree, Word};
use crate::train::trees::{plain_features, split};

/// Shares of words, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// The universal part of speech is right.
    pub upos: f64,
    /// The part of speech of the Penn Treebank is right.
    pub xpos: f64,
    /// All features are right.
    pub features: f64,
    /// The head is right.
    pub uas: f64,
    /// The head and the relation are right, with what stands behind the colon.
    pub las: f64,
    /// Words a second, on one core: the tagger, and the parser alone.
    pub speed: [f64; 2],
}

/// A way to tag and parse, by name, and its figures.
pub type Way = (&'static str, Figures);

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Documents, sentences and words.
    pub size: [usize; 3],
    /// By each way to tag and parse.
    pub ways: Vec<Way>,
    /// The share of our words that are words of the trees, and the other way about.
    pub cuts: [f64; 2],
    /// By tenths of the parser's sureness: how many words, and the share of right heads.
    pub sureness: Vec<(usize, f64)>,
}

/// Measures the documents of a file of trees that were held out of training: every tenth.
///
/// # Errors
/// The file cannot be read, or has fewer than ten documents.
pub fn measure(path: &Path) -> anyhow::Result<Measured> {
    let english = models::english().map_err(|bad| anyhow::anyhow!("{bad}"))?;
    let documents = conllu::read(path)?;
    let (train, held) = split(documents);
    let trees: Vec<&Tree> = held.iter().flatten().collect();
    if trees.is_empty() {
        anyhow::bail!("{}: has fewer than ten documents, of which every tenth is measured", path.display());
    }
    let words: usize = trees.iter().map(|t| t.words.len()).sum();
    let mut ways = usual(&train, &trees);
    let (given, sureness) = parsed(english, &trees);
    ways.extend(given);
    let (ours, cuts) = from_text(&trees);
    ways.push(("obelus, from plain text (F1)", ours));
    Ok(Measured { size: [held.len(), trees.len(), words], ways, cuts, sureness })
}

/// Counts of what is right.
#[derive(Default)]
struct Right {
    words: usize,
    counts: [usize; 5],
}

impl Right {
    fn add(&mut self, right: [bool; 5]) {
        self.words += 1;
        self.counts.iter_mut().zip(right).for_each(|(count, r)| *count += usize::from(r));
    }

    fn figures(&self, speed: [f64; 2]) -> Figures {
        let share = |at: usize| self.counts[at] as f64 / self.words.max(1) as f64;
        Figures { upos: share(0), xpos: share(1), features: share(2), uas: share(3), las: share(4), speed }
    }
}

/// The most frequent tags of each word in the documents that were learned from, and its neighbour for a head.
fn usual(train: &[Vec<Tree>], trees: &[&Tree]) -> Vec<Way> {
    type Named = (String, String, String, String);
    let mut counts: BTreeMap<String, BTreeMap<Named, usize>> = BTreeMap::new();
    for word in train.iter().flatten().flat_map(|t| &t.words) {
        let named = (word.upos.clone(), word.xpos.clone(), plain_features(&word.feats), word.relation.clone());
        for key in [word.form.to_lowercase(), String::new()] {
            *counts.entry(key).or_default().entry(named.clone()).or_default() += 1;
        }
    }
    let most: BTreeMap<&str, &Named> = counts
        .iter()
        .filter_map(|(form, all)| Some((form.as_str(), all.iter().max_by_key(|(_, count)| **count)?.0)))
        .collect();
    let (mut left, mut right) = (Right::default(), Right::default());
    for tree in trees {
        for (at, word) in tree.words.iter().enumerate() {
            let form = word.form.to_lowercase();
            let Some((upos, xpos, features, relation)) = most.get(form.as_str()).or_else(|| most.get("")) else {
                continue;
            };
            let tags = [*upos == word.upos, *xpos == word.xpos, *features == plain_features(&word.feats)];
            let after = if at + 1 == tree.words.len() { 0 } else { at + 2 };
            for (counts, head) in [(&mut left, at), (&mut right, after)] {
                let arc = head == word.head;
                counts.add([tags[0], tags[1], tags[2], arc, arc && *relation == word.relation]);
            }
        }
    }
    let none = [f64::NAN; 2];
    vec![
        ("most frequent tag, word before", left.figures(none)),
        ("most frequent tag, word behind", right.figures(none)),
    ]
}

/// Runs of which the quickest counts.
const RUNS: usize = 3;

fn timed<T>(words: usize, mut work: impl FnMut() -> T) -> (Option<T>, f64) {
    let (mut made, mut best) = (None, f64::INFINITY);
    for _ in 0..RUNS {
        let start = Instant::now();
        made = Some(work());
        best = best.min(start.elapsed().as_secs_f64());
    }
    (made, words as f64 / best)
}

/// On the words of the trees, with our tags and with theirs.
fn parsed(english: &English, trees: &[&Tree]) -> (Vec<Way>, Vec<(usize, f64)>) {
    let words: usize = trees.iter().map(|t| t.words.len()).sum();
    let forms = |tree: &&Tree| english.tagger.run(tree.words.iter().map(|w| w.form.as_str()));
    let (tagged, tagging) = timed(words, || trees.iter().map(forms).collect::<Vec<Tagged>>());
    let tagged = tagged.unwrap_or_default();
    let right: Vec<Tagged> = trees.iter().zip(&tagged).map(|(tree, t)| given_tags(english, tree, t)).collect();
    let mut bins = vec![(0_usize, 0_usize); 10];
    let mut ways = Vec::new();
    for (name, tagged, own) in [("obelus", &tagged, true), ("obelus, given the right tags", &right, false)] {
        let (parsed, parsing) =
            timed(words, || tagged.iter().map(|t| english.parser.run(&english.tagger, t)).collect::<Vec<_>>());
        let mut counts = Right::default();
        for ((tree, tagged), parsed) in trees.iter().zip(tagged).zip(parsed.unwrap_or_default()) {
            for (at, word) in tree.words.iter().enumerate() {
                let arc = parsed.heads[at].map_or(0, |head| head + 1) == word.head;
                let relation = english.parser.relation(parsed.relations[at]) == word.relation;
                let tags = tags_right(english, tagged, at, word);
                counts.add([tags[0], tags[1], tags[2], arc, arc && relation]);
                let bin = ((english.parser.sureness(parsed.margins[at]) * 10.0) as usize).min(9);
                if own {
                    bins[bin].0 += 1;
                    bins[bin].1 += usize::from(arc);
                }
            }
        }
        ways.push((name, counts.figures([if own { tagging } else { f64::NAN }, parsing])));
    }
    let sureness = bins.into_iter().map(|(all, right)| (all, right as f64 / all.max(1) as f64)).collect();
    (ways, sureness)
}

fn tags_right(english: &English, tagged: &Tagged, at: usize, word: &Word) -> [bool; 3] {
    let tag = tagged.tags.get(at).and_then(|t| english.tagger.tag(*t));
    let features = tagged.features.get(at).map_or("", |f| english.tagger.features(*f));
    [
        tag.is_some_and(|t| t.upos.name() == word.upos),
        tag.is_some_and(|t| t.xpos == word.xpos),
        features == plain_features(&word.feats),
    ]
}

/// A sentence with the tags of the tree; where the tagger does not know one, with its own.
fn given_tags(english: &English, tree: &Tree, tagged: &Tagged) -> Tagged {
    let mut given = tagged.clone();
    for (tag, word) in given.tags.iter_mut().zip(&tree.words) {
        let known = (0..=u8::MAX).find(|index| {
            let named = english.tagger.tag(*index);
            named.is_some_and(|t| t.xpos == word.xpos && Upos::named(&word.upos) == Some(t.upos))
        });
        *tag = known.unwrap_or(*tag);
    }
    given
}

/// From the text alone: a word of ours counts as right if it is a word of the tree, in the same place.
fn from_text(trees: &[&Tree]) -> (Figures, [f64; 2]) {
    let english = Language::parse("en").map_or(LanguageData::NONE, |l| LanguageData::of(&l));
    let (mut ours, mut theirs, mut same, mut counts) = (0, 0, 0, [0_usize; 5]);
    for tree in trees {
        let places = places(tree);
        let surface = Surface::of_passage(&tree.text, english, &[], BlockKind::Body);
        let Some(syntax) = Syntax::of(&tree.text, &surface.tokens, english) else {
            continue;
        };
        theirs += tree.words.len();
        ours += syntax.nodes().len();
        let by_place: BTreeMap<(usize, usize), usize> = places.iter().enumerate().map(|(at, p)| (*p, at)).collect();
        let of = |node: usize| {
            let span = syntax.node(node)?.span;
            by_place.get(&(span.start(), span.end())).copied()
        };
        for (index, node) in syntax.nodes().iter().enumerate() {
            let Some(word) = of(index).and_then(|at| tree.words.get(at)) else {
                continue;
            };
            same += 1;
            let head = node.head.map_or(Some(0), |head| of(head).map(|at| at + 1));
            let arc = head == Some(word.head);
            let right = [
                node.upos.name() == word.upos,
                node.xpos == word.xpos,
                node.features == plain_features(&word.feats),
                arc,
                arc && node.relation == word.relation,
            ];
            counts.iter_mut().zip(right).for_each(|(count, r)| *count += usize::from(r));
        }
    }
    let f1 = |at: usize| 2.0 * counts[at] as f64 / (ours + theirs).max(1) as f64;
    let figures = Figures { upos: f1(0), xpos: f1(1), features: f1(2), uas: f1(3), las: f1(4), speed: [f64::NAN; 2] };
    (figures, [same as f64 / ours.max(1) as f64, same as f64 / theirs.max(1) as f64])
}

/// Where the words of a tree stand in its text.
fn places(tree: &Tree) -> Vec<(usize, usize)> {
    let mut from = 0;
    let mut all = Vec::with_capacity(tree.words.len());
    for word in &tree.words {
        let start = tree.text.get(from..).and_then(|rest| rest.find(&word.form)).map_or(from, |at| from + at);
        from = start + word.form.len();
        all.push((start, from));
    }
    all
}

/// The figures as a table in Markdown.
pub fn table(measured: &Measured) -> String {
    let [documents, sentences, words] = measured.size;
    let mut out = format!(
        "{documents} documents that were held out, {sentences} sentences, {words} words\n\n\
         | by | UPOS | XPOS | features | UAS | LAS | words/s, tagger | words/s, parser |\n|---|---|---|---|---|---|---|---|\n"
    );
    let speed = |n: f64| if n.is_finite() { format!("{n:.0}") } else { String::new() };
    for (name, f) in &measured.ways {
        let _ = writeln!(
            out,
            "| {name} | {:.4} | {:.4} | {:.4} | {:.4} | {:.4} | {} | {} |",
            f.upos,
            f.xpos,
            f.features,
            f.uas,
            f.las,
            speed(f.speed[0]),
            speed(f.speed[1])
        );
    }
    let [ours, theirs] = measured.cuts;
    let _ = writeln!(out, "\nof our words {ours:.4} are words of the trees, of theirs {theirs:.4} are ours\n");
    out.push_str("| sureness | words | right heads |\n|---|---|---|\n");
    for (bin, (count, share)) in measured.sureness.iter().enumerate().filter(|(_, (count, _))| *count > 0) {
        let _ = writeln!(out, "| {:.1} to {:.1} | {count} | {share:.3} |", bin as f64 / 10.0, (bin + 1) as f64 / 10.0);
    }
    out
}
