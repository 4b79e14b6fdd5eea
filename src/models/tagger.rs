//! Parts of speech and features of English words, by an averaged perceptron in two passes.

use crate::models::hashed::{CLASSES, Rows, feature, hash};
use crate::models::words::{Lexis, NOTHING, Word, casing};
use crate::models::{BadModel, ModelFile, Reader};

/// The universal parts of speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of Universal Dependencies")]
pub enum Upos {
    Adj,
    Adp,
    Adv,
    Aux,
    Cconj,
    Det,
    Intj,
    Noun,
    Num,
    Part,
    Pron,
    Propn,
    Punct,
    Sconj,
    Sym,
    Verb,
    X,
}

/// The parts with their names.
const PARTS: [(Upos, &str); 17] = [
    (Upos::Adj, "ADJ"),
    (Upos::Adp, "ADP"),
    (Upos::Adv, "ADV"),
    (Upos::Aux, "AUX"),
    (Upos::Cconj, "CCONJ"),
    (Upos::Det, "DET"),
    (Upos::Intj, "INTJ"),
    (Upos::Noun, "NOUN"),
    (Upos::Num, "NUM"),
    (Upos::Part, "PART"),
    (Upos::Pron, "PRON"),
    (Upos::Propn, "PROPN"),
    (Upos::Punct, "PUNCT"),
    (Upos::Sconj, "SCONJ"),
    (Upos::Sym, "SYM"),
    (Upos::Verb, "VERB"),
    (Upos::X, "X"),
];

impl Upos {
    /// The part with this name: `NOUN`.
    pub fn named(name: &str) -> Option<Self> {
        PARTS.iter().find(|(_, n)| *n == name).map(|(part, _)| *part)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        PARTS.iter().find(|(part, _)| *part == self).map_or("X", |(_, name)| name)
    }
}

/// A tag that the tagger tells apart from others.
#[derive(Clone, Debug)]
pub struct Tag<'b> {
    /// The part of speech of the Penn Treebank: `VBZ`.
    pub xpos: &'b str,
    /// The universal one.
    pub upos: Upos,
    /// What features see.
    pub(crate) hash: u64,
    /// The features that words of the tag may have, as indices; the first is the usual one.
    pub(crate) features: &'b [u8],
}

impl<'b> Tag<'b> {
    /// A tag of these names.
    pub(crate) fn new(xpos: &'b str, upos: Upos, features: &'b [u8]) -> Self {
        let hash = hash(xpos.as_bytes()) ^ hash(upos.name().as_bytes()).rotate_left(9);
        Self { xpos, upos, hash, features }
    }
}

/// So far ahead, in steps of the weights, a tag of the first pass is not looked at again: on held-out trees that changes no tag
/// for the worse (UPOS .9623 with all looked at again and .9624 so, XPOS .9530 and .9531), and halves the time.
const SURE: i32 = 1000;
/// Words beside a change that are looked at again: what a word looks at stands no more than two words from it.
const AROUND: usize = 3;

/// The tagger.
#[derive(Debug)]
pub struct Tagger<'b> {
    pub(crate) lexis: Lexis<'b>,
    pub(crate) tags: Vec<Tag<'b>>,
    pub(crate) features: Vec<&'b str>,
    pub(crate) passes: [Rows<'b>; 2],
    pub(crate) of_features: Rows<'b>,
}

/// A sentence with tags.
#[derive(Clone, Debug, Default)]
pub struct Tagged {
    /// What is known of each word by itself.
    pub(crate) words: Vec<Word>,
    /// How the sentence is cased.
    pub(crate) casing: u64,
    /// The tag of each word, as an index.
    pub tags: Vec<u8>,
    /// Its features, as an index.
    pub features: Vec<u8>,
    /// How far the tag is ahead of the next best, in steps of the weights.
    pub margins: Vec<i32>,
}

impl<'b> Tagger<'b> {
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
        let rows = |name: &str| Rows::read(section(&format!("{name}.places"))?, section(&format!("{name}.rows"))?);
        let mut r = Reader::new(section("tags")?);
        let features = (0..r.count(4)?).map(|_| r.text()).collect::<Option<Vec<_>>>()?;
        let tags = (0..r.count(12)?)
            .map(|_| {
                let (xpos, upos) = (r.text()?, Upos::named(r.text()?)?);
                let allowed = r.bytes()?;
                let whole = !allowed.is_empty() && allowed.iter().all(|f| usize::from(*f) < features.len());
                whole.then(|| Tag::new(xpos, upos, allowed))
            })
            .collect::<Option<Vec<_>>>()?;
        let fits = !tags.is_empty() && tags.len() <= CLASSES && features.len() <= CLASSES;
        (fits && r.is_empty()).then_some(())?;
        Some(Self {
            lexis: Lexis::read(section("lexis")?)?,
            tags,
            features,
            passes: [rows("first")?, rows("second")?],
            of_features: rows("features")?,
        })
    }

    /// The tag with an index.
    pub fn tag(&self, index: u8) -> Option<&Tag<'b>> {
        self.tags.get(usize::from(index))
    }

    /// Features with an index: `Number=Sing|Person=3`.
    pub fn features(&self, index: u8) -> &'b str {
        self.features.get(usize::from(index)).copied().unwrap_or("")
    }

    /// Tags the words of a sentence.
    pub fn run<'t>(&self, forms: impl Iterator<Item = &'t str> + Clone) -> Tagged {
        let casing = casing(forms.clone());
        let words: Vec<Word> = forms.map(|form| Word::new(form, &self.lexis)).collect();
        let first = self.pass(&self.passes[0], &words, None, casing, None);
        let hashes = self.hashes(&first.0);
        let (tags, margins) = self.pass(&self.passes[1], &words, Some(&hashes), casing, Some(&first));
        let features = self.features_of(&words, &tags);
        Tagged { words, casing, tags, features, margins }
    }

    /// Tags a sentence of which so many words at the beginning and at the end are those of another that was tagged: only the words
    /// between, and a few on either side of them, are looked at.
    pub fn run_again<'t>(
        &self,
        forms: impl Iterator<Item = &'t str> + Clone,
        before: &Tagged,
        same: (usize, usize),
    ) -> Tagged {
        let casing = casing(forms.clone());
        let count = forms.clone().count();
        let (head, tail) = (same.0.saturating_sub(AROUND), same.1.saturating_sub(AROUND));
        if casing != before.casing || head + tail == 0 || head + tail > count.min(before.words.len()) {
            return self.run(forms);
        }
        let moved = before.words.len() - tail;
        // Where a word stood before, if it is not looked at again.
        let old = |at: usize| match at {
            _ if at < head => Some(at),
            _ if at >= count - tail => Some(at - (count - tail) + moved),
            _ => None,
        };
        let fresh = |(at, form): (usize, &str)| {
            old(at).and_then(|at| before.words.get(at)).copied().unwrap_or_else(|| Word::new(form, &self.lexis))
        };
        let words: Vec<Word> = forms.enumerate().map(fresh).collect();
        let held = |at: usize| old(at).and_then(|at| before.tags.get(at)).map_or((0, i32::MIN), |tag| (*tag, i32::MAX));
        let held: (Vec<u8>, Vec<i32>) = (0..count).map(held).unzip();
        let first = self.pass(&self.passes[0], &words, None, casing, Some(&held));
        let hashes = self.hashes(&first.0);
        let (tags, mut margins) = self.pass(&self.passes[1], &words, Some(&hashes), casing, Some(&first));
        let mut features = Vec::with_capacity(count);
        let hashes = self.hashes(&tags);
        let mut found = Vec::with_capacity(32);
        for (at, (tag, margin)) in tags.iter().zip(&mut margins).enumerate() {
            let kept = old(at).and_then(|at| Some((*before.margins.get(at)?, *before.features.get(at)?)));
            if let Some((before, _)) = kept {
                *margin = before;
            }
            let feature =
                kept.map_or_else(|| self.feature_of(&words, &hashes, at, *tag, &mut found), |(_, feature)| feature);
            features.push(feature);
        }
        Tagged { words, casing, tags, features, margins }
    }

    /// What features see of tags.
    pub(crate) fn hashes(&self, tags: &[u8]) -> Vec<u64> {
        tags.iter().map(|tag| self.tag(*tag).map_or(0, |t| t.hash)).collect()
    }

    /// One pass from left to right: the tags, and how far each is ahead. What `first`, an earlier pass, is sure of is left as it is.
    pub(crate) fn pass(
        &self,
        weights: &Rows<'_>,
        words: &[Word],
        earlier: Option<&[u64]>,
        casing: u64,
        first: Option<&(Vec<u8>, Vec<i32>)>,
    ) -> (Vec<u8>, Vec<i32>) {
        let sure = |at: usize| {
            let (tags, margins) = first?;
            Some((*tags.get(at)?, *margins.get(at)?)).filter(|(_, margin)| *margin >= SURE)
        };
        let mut given = Vec::with_capacity(words.len());
        let (mut tags, mut margins) = (Vec::with_capacity(words.len()), Vec::with_capacity(words.len()));
        let mut found = Vec::with_capacity(64);
        for at in 0..words.len() {
            if let Some((tag, margin)) = sure(at) {
                given.push(self.tag(tag).map_or(0, |t| t.hash));
                tags.push(tag);
                margins.push(margin);
                continue;
            }
            look(words, at, &given, earlier, casing, &mut found);
            let (tag, margin) = best(weights, &found, self.tags.len());
            given.push(self.tag(tag).map_or(0, |t| t.hash));
            tags.push(tag);
            margins.push(margin);
        }
        (tags, margins)
    }

    fn features_of(&self, words: &[Word], tags: &[u8]) -> Vec<u8> {
        let hashes = self.hashes(tags);
        let mut found = Vec::with_capacity(32);
        tags.iter().enumerate().map(|(at, tag)| self.feature_of(words, &hashes, at, *tag, &mut found)).collect()
    }

    fn feature_of(&self, words: &[Word], hashes: &[u64], at: usize, tag: u8, found: &mut Vec<u64>) -> u8 {
        let allowed = self.tag(tag).map_or(&[][..], |t| t.features);
        let usual = allowed.first().copied().unwrap_or(0);
        if allowed.len() < 2 {
            return usual;
        }
        look_for_features(words, at, hashes, found);
        let scores = self.of_features.scores(found);
        let score = |f: &u8| scores[usize::from(*f)];
        allowed.iter().fold(usual, |best, f| if score(f) > score(&best) { *f } else { best })
    }
}

/// The class with the best score, and how far it is ahead.
pub(crate) fn best(weights: &Rows<'_>, features: &[u64], classes: usize) -> (u8, i32) {
    let scores = weights.scores(features);
    let (mut best, mut second) = ((0_u8, i32::MIN), i32::MIN);
    for (class, score) in (0..=u8::MAX).zip(scores).take(classes) {
        if score > best.1 {
            second = best.1;
            best = (class, score);
        } else {
            second = second.max(score);
        }
    }
    (best.0, best.1.saturating_sub(second))
}

/// What the tagger looks at. `given` are the tags of the words before; `earlier` those of the first pass.
pub(crate) fn look(words: &[Word], at: usize, given: &[u64], earlier: Option<&[u64]>, casing: u64, out: &mut Vec<u64>) {
    out.clear();
    let near = |by: isize| at.checked_add_signed(by).and_then(|i| words.get(i)).unwrap_or(&NOTHING);
    let tag = |tags: &[u64], by: isize| at.checked_add_signed(by).and_then(|i| tags.get(i)).copied().unwrap_or(77);
    let (w, p1, p2, n1, n2) = (near(0), near(-1), near(-2), near(1), near(2));
    let (t1, t2) = (tag(given, -1), tag(given, -2));
    let first = u64::from(at == 0);
    let cased = w.flags & 3 | first << 2 | casing << 3;
    let mut template = 0;
    macro_rules! put {
        ($($part:expr),*) => {{ template += 1; out.push(feature(template, [$($part),*])); }};
    }
    put!(w.word);
    put!(w.word, cased);
    put!(w.shape, first);
    put!(w.suffix[0]);
    put!(w.suffix[1]);
    put!(w.suffix[2]);
    put!(w.suffix[3]);
    put!(w.suffix[1], cased);
    put!(w.suffix[2], w.class);
    put!(w.prefix[0]);
    put!(w.prefix[1]);
    put!(w.prefix[2]);
    put!(w.flags, w.habit, first, casing);
    put!(w.class);
    put!(w.class, cased);
    put!(w.coarse, w.suffix[1]);
    put!(t1);
    put!(t1, t2);
    put!(t1, w.word);
    put!(t1, w.class);
    put!(t1, w.suffix[2]);
    put!(t1, t2, w.class);
    put!(p1.word);
    put!(p1.word, w.word);
    put!(p1.word, w.class);
    put!(p1.suffix[2]);
    put!(p2.word);
    put!(n1.word);
    put!(n1.word, w.word);
    put!(n1.word, w.class);
    put!(n1.suffix[2]);
    put!(n1.class);
    put!(n1.class, w.class);
    put!(n1.class, n2.class);
    put!(p1.class, n1.class);
    put!(n2.class);
    put!(p1.class);
    put!(p1.class, w.class);
    put!(t1, n1.class);
    put!(t1, w.suffix[1], n1.suffix[1]);
    put!(t1, w.flags, n1.flags & 3);
    put!(t1, t2, w.suffix[1]);
    put!(p1.flags, w.flags, n1.flags, w.habit);
    if let Some(earlier) = earlier {
        let (l0, l1, l2) = (tag(earlier, 0), tag(earlier, 1), tag(earlier, 2));
        put!(l0);
        put!(l0, w.word);
        put!(l1);
        put!(l1, w.word);
        put!(l1, l2);
        put!(l1, t1);
        put!(l1, l2, w.class);
        put!(l1, t1, w.word);
        put!(l1, t1, l0);
        put!(l1, t1, t2);
        put!(l1, n1.word, w.suffix[1]);
    }
}

/// What decides the features of a word whose tag is known, and the tags around it.
pub(crate) fn look_for_features(words: &[Word], at: usize, tags: &[u64], out: &mut Vec<u64>) {
    out.clear();
    let near = |by: isize| at.checked_add_signed(by).and_then(|i| words.get(i)).unwrap_or(&NOTHING);
    let tag = |by: isize| at.checked_add_signed(by).and_then(|i| tags.get(i)).copied().unwrap_or(77);
    let (w, p1, p2, n1) = (near(0), near(-1), near(-2), near(1));
    let t = tag(0);
    let mut template = 2000;
    macro_rules! put {
        ($($part:expr),*) => {{ template += 1; out.push(feature(template, [$($part),*])); }};
    }
    put!(t);
    put!(t, w.word);
    put!(t, w.class);
    put!(t, w.suffix[2]);
    put!(t, w.shape);
    put!(t, w.word, p1.word);
    put!(t, w.word, tag(-1));
    put!(t, w.word, n1.word);
    put!(t, w.word, tag(1));
    put!(t, tag(-1));
    put!(t, tag(1));
    put!(t, tag(-1), tag(1));
    put!(t, tag(-2), tag(-1));
    put!(t, tag(-3), tag(-2), tag(-1));
    put!(t, tag(1), tag(2));
    put!(t, p1.word);
    put!(t, p2.word, p1.word);
    put!(t, p2.word, tag(-1));
    put!(t, n1.word);
    put!(t, p1.class);
    put!(t, p2.class, tag(-1));
    put!(t, u64::from(at == 0), w.class);
}
