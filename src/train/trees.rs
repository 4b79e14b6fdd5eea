//! Sentences to learn tags and trees from, as their writers wrote them and as careless ones would have.

use std::collections::BTreeMap;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use crate::models::tagger::Upos;
use crate::models::words::{Lexis, Word, casing};
use crate::train::conllu;

/// Of so many documents the last is held out, and never learned from.
pub const HELD_OUT: usize = 10;
/// A tag of parts of speech is told apart if it was seen so often.
const LEAST_TAG: usize = 8;
/// The same for features of a tag.
const LEAST_FEATURES: usize = 4;
/// Features that say nothing of grammar, or that hang on whole sentences.
const LEFT_OUT: &[&str] = &["Typo", "ExtPos", "Style", "Abbr", "Foreign"];

/// What the trees name things by.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// Tags: of the Penn Treebank, universal, with features as indices, the most frequent first.
    pub(super) tags: Vec<(String, Upos, Vec<u8>)>,
    /// Features.
    pub(super) features: Vec<String>,
    /// Relations.
    pub(super) relations: Vec<String>,
}

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub(super) struct Lesson {
    pub(super) forms: Vec<String>,
    pub(super) words: Vec<Word>,
    pub(super) casing: u64,
    pub(super) tags: Vec<u8>,
    pub(super) features: Vec<u8>,
    /// From 1; the root's is one more than there are words.
    pub(super) heads: Vec<usize>,
    pub(super) relations: Vec<u8>,
    /// Which document it is from.
    pub(super) document: usize,
}

/// Splits documents into those that are learned from and those that are held out: every tenth.
pub fn split(documents: Vec<Vec<conllu::Tree>>) -> (Vec<Vec<conllu::Tree>>, Vec<Vec<conllu::Tree>>) {
    let (mut train, mut held) = (Vec::new(), Vec::new());
    for (index, document) in documents.into_iter().enumerate() {
        if index % HELD_OUT == HELD_OUT - 1 { held.push(document) } else { train.push(document) }
    }
    (train, held)
}

/// Features without those that are left out.
pub fn plain_features(features: &str) -> String {
    let kept = features.split('|').filter(|f| f.split_once('=').is_some_and(|(key, _)| !LEFT_OUT.contains(&key)));
    kept.collect::<Vec<_>>().join("|")
}

fn key(word: &conllu::Word) -> (&str, Upos) {
    (&word.xpos, Upos::named(&word.upos).unwrap_or(Upos::X))
}

impl Names {
    /// The names in documents that are learned from.
    pub(super) fn of(documents: &[Vec<conllu::Tree>]) -> Self {
        let mut tags: BTreeMap<(&str, Upos), BTreeMap<String, usize>> = BTreeMap::new();
        let mut relations: BTreeMap<&str, usize> = BTreeMap::new();
        for word in documents.iter().flatten().flat_map(|tree| &tree.words) {
            *tags.entry(key(word)).or_default().entry(plain_features(&word.feats)).or_default() += 1;
            *relations.entry(&word.relation).or_default() += 1;
        }
        tags.retain(|_, features| features.values().sum::<usize>() >= LEAST_TAG);
        for features in tags.values_mut() {
            let most = features.values().copied().max().unwrap_or(0);
            features.retain(|_, n| *n >= LEAST_FEATURES.min(most));
        }
        let mut features: Vec<String> = tags.values().flat_map(|f| f.keys().cloned()).collect();
        features.sort();
        features.dedup();
        let tags = tags.into_iter().map(|((xpos, upos), of)| {
            let mut of: Vec<(String, usize)> = of.into_iter().collect();
            of.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            let indices = of.iter().filter_map(|(f, _)| features.binary_search(f).ok());
            (xpos.to_owned(), upos, indices.map(|i| i as u8).collect())
        });
        Self { tags: tags.collect(), relations: relations.into_keys().map(str::to_owned).collect(), features }
    }

    /// The tag of a word; of a rare one, the first with the same name in the Penn Treebank.
    pub(super) fn tag(&self, word: &conllu::Word) -> u8 {
        let (xpos, upos) = key(word);
        let same = self.tags.iter().position(|t| t.0 == xpos && t.1 == upos);
        let near = || self.tags.iter().position(|t| t.0 == xpos).or(self.tags.iter().position(|t| t.1 == upos));
        same.or_else(near).unwrap_or(0) as u8
    }

    /// Lessons from documents. `first` is the number of the first document.
    pub(super) fn lessons(&self, documents: &[Vec<conllu::Tree>], lexis: &Lexis<'_>) -> Vec<Lesson> {
        let numbered = documents.iter().enumerate().flat_map(|(number, d)| d.iter().map(move |tree| (number, tree)));
        numbered.map(|(document, tree)| self.lesson(document, tree, lexis)).collect()
    }

    fn lesson(&self, document: usize, tree: &conllu::Tree, lexis: &Lexis<'_>) -> Lesson {
        let forms: Vec<String> = tree.words.iter().map(|w| w.form.clone()).collect();
        let root = forms.len() + 1;
        let tags: Vec<u8> = tree.words.iter().map(|w| self.tag(w)).collect();
        let feature = |(word, tag): (&conllu::Word, &u8)| {
            let usual = self.tags.get(usize::from(*tag)).and_then(|t| t.2.first()).copied().unwrap_or(0);
            self.features.binary_search(&plain_features(&word.feats)).map_or(usual, |i| i as u8)
        };
        let relation = |w: &conllu::Word| self.relations.binary_search(&w.relation).unwrap_or(0) as u8;
        Lesson {
            words: forms.iter().map(|form| Word::new(form, lexis)).collect(),
            casing: casing(forms.iter().map(String::as_str)),
            features: tree.words.iter().zip(&tags).map(feature).collect(),
            heads: tree.words.iter().map(|w| if w.head == 0 { root } else { w.head }).collect(),
            relations: tree.words.iter().map(relation).collect(),
            tags,
            forms,
            document,
        }
    }
}

impl Lesson {
    /// The sentence as a careless writer would have it, six times of so many: begun with a small letter, in capitals, Like a
    /// Headline, all in small letters; one time in ten without its stop.
    pub(super) fn spoilt(&self, lexis: &Lexis<'_>, of: u32, random: &mut Pcg64Mcg) -> Self {
        let mut spoilt = self.clone();
        let manner = random.random_range(0..of);
        let recase = |forms: &mut [String], to: &dyn Fn(&str) -> String| forms.iter_mut().for_each(|f| *f = to(f));
        match manner {
            0 | 1 => recase(spoilt.forms.get_mut(..1).unwrap_or(&mut []), &|f| f.to_lowercase()),
            2 => recase(&mut spoilt.forms, &|f| f.to_uppercase()),
            3 => recase(&mut spoilt.forms, &|f| if f.len() > 3 { capitalised(f) } else { f.to_owned() }),
            4 => recase(&mut spoilt.forms, &|f| f.to_lowercase()),
            _ => {}
        }
        if manner == 3 || manner == 5 {
            recase(spoilt.forms.get_mut(..1).unwrap_or(&mut []), &capitalised);
        }
        if manner <= 5 {
            spoilt.words = spoilt.forms.iter().map(|form| Word::new(form, lexis)).collect();
            spoilt.casing = casing(spoilt.forms.iter().map(String::as_str));
        }
        let last = spoilt.forms.len();
        let stop = spoilt.forms.last().is_some_and(|f| matches!(f.as_str(), "." | "!" | "?"));
        if random.random_range(0..10_u32) == 0 && last > 3 && stop && !spoilt.heads.contains(&last) {
            spoilt.forms.pop();
            spoilt.words.pop();
            spoilt.tags.pop();
            spoilt.features.pop();
            spoilt.heads.pop();
            spoilt.relations.pop();
            spoilt.heads.iter_mut().filter(|h| **h == last + 1).for_each(|h| *h = last);
        }
        spoilt
    }
}

fn capitalised(form: &str) -> String {
    let mut letters = form.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}
