//! `negation/*`: what the source denies and the translation says, and the other way about.
//!
//! The words that negate are counted on both sides first; only where the counts differ is it asked which word of the translation
//! renders what was negated, and whether anything near it balances the difference: another negation, or a word with one in its
//! meaning. Where that is not sure, nothing is said.

mod added;
mod doubled;
mod dropped;
mod english;
mod signs;

pub(super) use added::ADDED;
pub(super) use doubled::DOUBLED;
pub(super) use dropped::DROPPED;

use std::sync::Arc;

use crate::analyse::syntax::{Syntax, Upos};
use crate::analyse::words::{By, WordLink, WordLinks};
use crate::analyse::{Document, Passage, Text};
use crate::check::Languages;
use crate::language::LanguageData;
use signs::{Kind, Side, Sign, Way};

/// The languages whose negation is known.
const KNOWN: Languages = Languages::WithTable("negation");
/// A link from which a word is taken for the rendering of what was negated.
const LINKED: f32 = 0.8;
/// A sentence and its source that belong together as surely as this are compared.
const TOGETHER: f32 = 0.6;
/// Words behind a negation, and before it, among which is what it negates.
const BEHIND: usize = 4;
const AHEAD: usize = 3;
/// Tokens around a word in which another negation balances.
const AROUND: usize = 8;

/// A sentence and its source, with what says “not” in them.
struct Pair<'d> {
    source: Side<'d>,
    target: Side<'d>,
    links: &'d WordLinks,
    of_source: Arc<Signs>,
    of_target: Arc<Signs>,
}

/// What says “not” in some sentences.
#[derive(Clone)]
struct Signs {
    /// Behind the last of them.
    end: usize,
    all: Vec<Sign>,
}

impl std::ops::Deref for Signs {
    type Target = [Sign];

    fn deref(&self) -> &[Sign] {
        &self.all
    }
}

/// Whether something says “not” outright in a sentence.
struct Outright(bool);

/// Whether something does in sentences of a text, told once.
fn negates(text: &Text<'_>, sentences: std::ops::Range<usize>, side: &Side<'_>) -> bool {
    let table = side.data.table("negation");
    let one = |at: usize| {
        let tokens = text.surface().sentences.get(at).map_or(0..0, |s| s.tokens.clone());
        text.reading(at, || Outright(Side { tokens, ..side.clone() }.negates(&table))).0
    };
    sentences.into_iter().any(one)
}

/// What says “not” in sentences of a text, read once.
fn signs(text: &Text<'_>, first: usize, side: &Side<'_>) -> Arc<Signs> {
    let read = || {
        let table = side.data.table("negation");
        Signs { end: side.tokens.end, all: side.signs(&table) }
    };
    let known = text.reading(first, read);
    // Elsewhere the same first sentence stood for fewer, or more.
    if known.end == side.tokens.end { known } else { Arc::new(read()) }
}

/// How often each side denies something: a pronoun beside a “not” says it once more, and counts with it.
struct Counted<'s> {
    of_source: &'s Signs,
    /// In the source.
    said: usize,
    /// In the translation.
    kept: usize,
}

impl<'d> Pair<'d> {
    /// Of a sentence; nothing where neither side negates, one language is not known, or the signs of source and translation are not
    /// `worth` a look: which words render which is known by then only.
    fn of<'p: 'd>(
        document: &'d Document<'_>,
        passage: &Passage<'p>,
        worth: impl Fn(&Counted<'_>) -> bool,
    ) -> Option<Self> {
        let text = document.source.as_ref()?;
        let known = |data: LanguageData| data.has("negation");
        if !known(text.data()) || !known(passage.text.data()) || text.data().tag() == passage.text.data().tag() {
            return None;
        }
        let aligned = document.alignment().source_of(passage.place);
        if aligned.source.is_empty() || aligned.confidence < f64::from(TOGETHER) {
            return None;
        }
        let surface = text.surface();
        let (first, last) =
            (surface.sentences.get(aligned.source.start)?, surface.sentences.get(aligned.source.end - 1)?);
        let source =
            Side { text: text.text(), surface, tokens: first.tokens.start..last.tokens.end, data: text.data() };
        let surface = passage.text.surface();
        let target = Side {
            text: passage.text.text(),
            surface,
            tokens: surface.sentences.get(passage.sentence)?.tokens.clone(),
            data: passage.text.data(),
        };
        let here = passage.sentence..passage.sentence + 1;
        if !negates(text, aligned.source.clone(), &source) && !negates(passage.text, here, &target) {
            return None;
        }
        let of_source = signs(text, aligned.source.start, &source);
        let of_target = signs(passage.text, passage.sentence, &target);
        let counted =
            Counted { of_source: &of_source, said: denials(&source, &of_source), kept: denials(&target, &of_target) };
        if !worth(&counted) {
            return None;
        }
        let links = document.word_links(passage)?;
        Some(Self { source, target, links, of_source, of_target })
    }

    /// Whether words with a negation in their meaning near two words make up for one more negation of the other side.
    ///
    /// A word that surely renders another makes up for nothing, unless just one of the two has a negation in its meaning.
    fn balances(&self, source: usize, target: usize, denied_in_source: bool) -> bool {
        let inverse = |signs: &[Sign], at: usize| {
            signs.iter().any(|s| s.kind == Kind::Inverse && (s.token..=s.last).contains(&at))
        };
        if inverse(&self.of_source, source) != inverse(&self.of_target, target) {
            return true;
        }
        let own = |s: &Sign, at: usize| (s.token..=s.last).contains(&at);
        let near = |s: &&Sign, at: usize, side: &Side<'_>| {
            let close = s.token.abs_diff(at).min(s.last.abs_diff(at)) <= AROUND;
            // “unchanged but”, “the limit seven times; however”: of another clause, as the conjunction itself is.
            let but = side.data.table("but");
            let parted = |at: usize| but.has(side.low(at));
            close && !parted(s.token) && !(s.last.min(at)..s.token.max(at)).any(parted)
        };
        let words = self.target.data.table("grammar-words");
        let whatever = |at: usize| {
            words.get(self.target.low(at)).is_some_and(|row| row.column(0).split(' ').any(|kind| kind == "inverse"))
        };
        let free_target = self.of_target.iter().filter(|s| near(s, target, &self.target)).filter(|s| {
            s.kind == Kind::Inverse
                && !own(s, target)
                && (whatever(s.token)
                    || self.to_source(s.token).is_none_or(|l| denied_in_source && l.source.abs_diff(source) <= 2))
        });
        let free_source = self.of_source.iter().filter(|s| near(s, source, &self.source)).filter(|s| {
            s.kind == Kind::Inverse
                && !own(s, source)
                && self.to_target(s.token).is_none_or(|l| !denied_in_source && l.target.abs_diff(target) <= 2)
        });
        let (there, here) = (free_source.count(), free_target.count());
        if denied_in_source { here > there } else { there > here }
    }

    /// The surest link of a token of the source.
    fn to_target(&self, token: usize) -> Option<WordLink> {
        let sure = self.links.of_source(token).filter(is_sure);
        sure.copied().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
    }

    /// The surest link of a token of the translation.
    fn to_source(&self, token: usize) -> Option<WordLink> {
        let sure = self.links.of_target(token).iter().filter(is_sure);
        sure.copied().max_by(|a, b| a.confidence.total_cmp(&b.confidence))
    }
}

/// Whether two words are linked for what they mean, and surely.
fn is_sure(link: &&WordLink) -> bool {
    link.confidence >= LINKED && matches!(link.by, By::Lexicon | By::Akin | By::Same)
}

/// How often a side denies something.
fn denials(side: &Side<'_>, signs: &[Sign]) -> usize {
    let concord = !matches!(side.data.tag(), "en" | "de");
    let nots = signs.iter().filter(|s| s.kind == Kind::Not).count();
    let nones = signs.iter().filter(|s| {
        s.kind == Kind::None
            && !(concord && signs.iter().any(|n| n.kind == Kind::Not && n.token.abs_diff(s.token) <= AROUND))
    });
    nots + nones.count()
}

/// The tokens, the likeliest first, that a sign may negate: words of content of its clause, the first behind it, and before it
/// where there is none, or where the language has its verb there.
fn negated(side: &Side<'_>, sign: &Sign) -> Vec<usize> {
    if sign.way == Way::Within {
        return vec![sign.token];
    }
    let small = side.data.table("function-words");
    let german = side.data.tag() == "de";
    let (behind, ahead, most) = match side.data.tag() {
        "de" => (BEHIND + 2, AHEAD + 4, 2),
        "zh" => (2 * BEHIND, AHEAD, BEHIND),
        _ => (BEHIND, AHEAD, 1),
    };
    let word = |at: &usize| side.is_word(*at) && !small.has(side.low(*at));
    let after = || {
        let from = if side.data.tag() == "fr" { sign.token + 1 } else { sign.last + 1 };
        let words = (from..from + behind).take_while(|at| !side.ends_clause(*at)).filter(word);
        words.filter(|at| {
            *at > sign.last || *at > sign.token && !matches!(side.low(*at), "pas" | "plus" | "jamais" | "rien")
        })
    };
    let before =
        || (sign.token.saturating_sub(ahead)..sign.token).rev().take_while(|at| !side.ends_clause(*at)).filter(word);
    let found: Vec<usize> = match sign.way {
        Way::Back => before().take(most).collect(),
        _ => after().take(most).collect(),
    };
    if found.is_empty() || german {
        return found.into_iter().chain(before().take(most + usize::from(german))).collect();
    }
    found
}

/// The verb, or the predicate with “be”, that a word of an English sentence is, or is the object of; as an index into its tree.
fn predicate(tree: &Syntax, at: usize, of_object: bool) -> Option<usize> {
    let node = tree.node(at)?;
    if (node.upos == Upos::Verb && node.plain_relation() != "amod") || tree.child(at, "cop").is_some() {
        return Some(at);
    }
    let head = node.head?;
    let verb = tree.node(head).is_some_and(|n| n.upos == Upos::Verb);
    (of_object && verb && matches!(node.plain_relation(), "obj" | "nsubj" | "xcomp") && head.abs_diff(at) <= NEAR)
        .then_some(head)
}

/// Words between a verb and its object.
const NEAR: usize = 6;
/// The least share of a sentence and of its source that the other accounts for, where anything is said of what they deny: a free
/// translation says it another way.
const LEAST_COVER: f32 = 0.3;
/// Confidence where nothing is accounted for, and what is added where everything is.
const BASE: f64 = 0.6;
const COVERED: f64 = 0.4;

/// How sure a finding is, by how much of both sentences is accounted for.
fn confidence(document: &Document<'_>, pair: &Pair<'_>) -> Option<f64> {
    let cover = pair.links.cover(document.bilingual());
    let least = cover.source.min(cover.target);
    (least >= LEAST_COVER).then(|| (BASE + COVERED * f64::from(least)).min(MOST))
}

/// Nothing is surer.
const MOST: f64 = 0.9;
