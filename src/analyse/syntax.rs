//! Tags and trees of English sentences: made of a sentence when a rule first asks for them, and then kept.
//!
//! Tags cost half of what a tree does, and most rules need no more: [`Tags`] are made without the tree, and a [`Syntax`] from them.

use std::ops::Range;

use crate::analyse::treebank::{Cut, cut};
use crate::language::LanguageData;
use crate::models;
pub use crate::models::tagger::Upos;
use crate::models::tagger::{Tagged, Tagger};
use crate::span::Span;
use crate::surface::Token;

/// A word of a sentence with its part of speech.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Its place in the text.
    pub span: Span,
    /// Its tokens, as indices into the sentence's. Two words may lie in one token ("don't").
    pub tokens: Range<usize>,
    /// The universal part of speech.
    pub upos: Upos,
    /// The part of speech of the Penn Treebank: `VBZ`.
    pub xpos: &'static str,
    /// `Number=Sing|Person=3`, or empty.
    pub features: &'static str,
    /// How far its tag is ahead of the next best, in steps of the tagger's weights.
    pub margin: i32,
}

/// The words of a sentence with their parts of speech.
#[derive(Clone, Debug, Default)]
pub struct Tags {
    leaves: Vec<Leaf>,
    tagged: Tagged,
}

impl Tags {
    /// The tags of a sentence with these tokens; nothing in languages that have no tagger.
    pub fn of(text: &str, tokens: &[Token], data: LanguageData) -> Option<Self> {
        Self::by(text, tokens, data, |tagger, words| tagger.run(words.iter().map(|word| word.span.of(text))))
    }

    /// The tags of a sentence that was changed, by those that it had: the words that are the same on either side of the change
    /// keep theirs.
    pub fn again(text: &str, tokens: &[Token], data: LanguageData, before: &Self, before_text: &str) -> Option<Self> {
        Self::by(text, tokens, data, |tagger, words| {
            let forms = words.iter().map(|word| word.span.of(text));
            let old = || before.leaves.iter().map(|leaf| leaf.span.of(before_text));
            let head = forms.clone().zip(old()).take_while(|(a, b)| a == b).count();
            let tail = forms.clone().rev().zip(old().rev()).take_while(|(a, b)| a == b).count();
            let tail = tail.min(words.len().min(before.leaves.len()) - head);
            tagger.run_again(forms, &before.tagged, (head, tail))
        })
    }

    fn by(
        text: &str,
        tokens: &[Token],
        data: LanguageData,
        run: impl FnOnce(&Tagger<'static>, &[Cut]) -> Tagged,
    ) -> Option<Self> {
        if data.tag().split('-').next() != Some("en") {
            return None;
        }
        let tagger = &models::english().ok()?.tagger;
        let words = cut(text, tokens, data);
        let tagged = run(tagger, &words);
        let mut leaves = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let tag = tagger.tag(*tagged.tags.get(at)?)?;
            leaves.push(Leaf {
                span: word.span,
                tokens: word.first..word.last + 1,
                upos: tag.upos,
                xpos: tag.xpos,
                features: tagger.features(*tagged.features.get(at)?),
                margin: *tagged.margins.get(at)?,
            });
        }
        Some(Self { leaves, tagged })
    }

    /// The first word that lies in a token of the sentence.
    pub fn at_token(&self, token: usize) -> Option<&Leaf> {
        let at = self.leaves.partition_point(|leaf| leaf.tokens.end <= token);
        self.leaves.get(at).filter(|leaf| leaf.tokens.contains(&token))
    }
}

/// A word of a sentence, in the tree.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its place in the text.
    pub span: Span,
    /// Its tokens, as indices into the sentence's. Two words may lie in one token ("don't").
    pub tokens: Range<usize>,
    /// The universal part of speech.
    pub upos: Upos,
    /// The part of speech of the Penn Treebank: `VBZ`.
    pub xpos: &'static str,
    /// `Number=Sing|Person=3`, or empty.
    pub features: &'static str,
    /// The word that it depends on, as an index; `None` for the root.
    pub head: Option<usize>,
    /// How: `nsubj`, `obl:agent`.
    pub relation: &'static str,
    /// The chance that its head is right, as the parser's margin tells: high in plain sentences, low in garbled ones.
    pub sureness: f32,
    /// How far its tag is ahead of the next best, in steps of the tagger's weights.
    pub tag_margin: i32,
}

impl Node {
    /// The value of a feature: `Plur` for `Number`.
    pub fn feature(&self, key: &str) -> Option<&'static str> {
        let pairs = self.features.split('|').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// Whether it has a value of a feature.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.feature(key) == Some(value)
    }

    /// Its relation without what stands behind the colon: `nsubj` for `nsubj:pass`.
    pub fn plain_relation(&self) -> &'static str {
        self.relation.split(':').next().unwrap_or("")
    }

    /// Whether it is a verb or auxiliary that stands for a time: says, was, will; not to say, saying, said (as a participle).
    pub fn is_finite(&self) -> bool {
        matches!(self.upos, Upos::Verb | Upos::Aux) && matches!(self.xpos, "VBZ" | "VBP" | "VBD" | "MD")
    }
}

/// The tree of a sentence.
#[derive(Clone, Debug, Default)]
pub struct Syntax {
    nodes: Vec<Node>,
    /// The first child of each word, and the next of the same head.
    first: Vec<Option<usize>>,
    next: Vec<Option<usize>>,
}

impl Syntax {
    /// The tree of a sentence with these tokens; nothing in languages that have no parser.
    pub fn of(text: &str, tokens: &[Token], data: LanguageData) -> Option<Self> {
        Self::over(&Tags::of(text, tokens, data)?)
    }

    /// The tree over tags.
    pub fn over(tags: &Tags) -> Option<Self> {
        let english = models::english().ok()?;
        let tree = english.parser.run(&english.tagger, &tags.tagged);
        let mut nodes = Vec::with_capacity(tags.leaves.len());
        for (at, leaf) in tags.leaves.iter().enumerate() {
            nodes.push(Node {
                span: leaf.span,
                tokens: leaf.tokens.clone(),
                upos: leaf.upos,
                xpos: leaf.xpos,
                features: leaf.features,
                head: *tree.heads.get(at)?,
                relation: english.parser.relation(*tree.relations.get(at)?),
                sureness: english.parser.sureness(*tree.margins.get(at)?),
                tag_margin: leaf.margin,
            });
        }
        let (mut first, mut next) = (vec![None; nodes.len()], vec![None; nodes.len()]);
        for (at, node) in nodes.iter().enumerate().rev() {
            if let Some(slot) = node.head.and_then(|head| first.get_mut(head)) {
                next[at] = slot.replace(at);
            }
        }
        Some(Self { nodes, first, next })
    }

    /// The words, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A word.
    pub fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// The root, as an index.
    pub fn root(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.head.is_none())
    }

    /// The first word that lies in a token of the sentence, as an index.
    pub fn at_token(&self, token: usize) -> Option<usize> {
        let at = self.nodes.partition_point(|node| node.tokens.end <= token);
        self.nodes.get(at).filter(|node| node.tokens.contains(&token)).map(|_| at)
    }

    /// The words that depend on a word, in order, as indices.
    pub fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let start = self.first.get(of).copied().flatten();
        std::iter::successors(start, |at| self.next.get(*at).copied().flatten())
    }

    /// The first word that depends on a word in this way; `nsubj` is `nsubj:pass` too.
    pub fn child(&self, of: usize, relation: &str) -> Option<usize> {
        self.children(of).find(|at| {
            let node = self.nodes.get(*at);
            node.is_some_and(|n| n.relation == relation || n.plain_relation() == relation)
        })
    }

    /// From the first to the last word of what hangs on a word, itself among them.
    pub fn reach(&self, of: usize) -> Range<usize> {
        let (mut low, mut high) = (of, of);
        let mut open = vec![of];
        while let Some(word) = open.pop() {
            (low, high) = (low.min(word), high.max(word));
            open.extend(self.children(word));
        }
        low..high + 1
    }

    /// How surely it was parsed: the mean of the words' sureness, and the least. Without words it is sure.
    pub fn sureness(&self) -> (f32, f32) {
        let sum: f32 = self.nodes.iter().map(|node| node.sureness).sum();
        let least = self.nodes.iter().map(|node| node.sureness).fold(1.0, f32::min);
        (if self.nodes.is_empty() { 1.0 } else { sum / self.nodes.len() as f32 }, least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;
    use crate::surface::{BlockKind, Surface};

    fn syntax(language: &str, text: &str) -> Option<Syntax> {
        let data = LanguageData::of(&Language::parse(language).expect("a language"));
        let surface = Surface::of_passage(text, data, &[], BlockKind::Body);
        Syntax::of(text, &surface.tokens, data)
    }

    #[test]
    fn a_plain_sentence_has_its_tree() {
        let text = "The minister didn't sign the treaty in May.";
        let tree = syntax("en", text).expect("English is parsed");
        let of = |form: &str| tree.nodes().iter().position(|n| n.span.of(text) == form).expect("a word");
        assert_eq!(tree.root(), Some(of("sign")));
        assert_eq!(tree.child(of("sign"), "nsubj"), Some(of("minister")));
        assert_eq!(tree.child(of("sign"), "obj"), Some(of("treaty")));
        assert_eq!(tree.children(of("treaty")).collect::<Vec<_>>(), [of("treaty") - 1]);
        assert_eq!(tree.reach(of("minister")), 0..2);
        let did = tree.node(of("did")).expect("a word");
        assert!(did.is_finite() && did.upos == Upos::Aux && did.is("Tense", "Past"), "{did:?}");
        let not = tree.node(of("n't")).expect("a word");
        assert_eq!(did.tokens, not.tokens);
        assert_eq!(tree.at_token(2), Some(of("did")));
    }

    #[test]
    fn the_passive_and_its_agent_are_told() {
        let text = "The bridge was destroyed by the army.";
        let tree = syntax("en-GB", text).expect("English is parsed");
        let verb = tree.root().expect("a root");
        assert_eq!(tree.node(verb).map(|n| n.xpos), Some("VBN"));
        assert!(tree.child(verb, "nsubj:pass").is_some() && tree.child(verb, "obl:agent").is_some());
    }

    #[test]
    fn a_changed_sentence_keeps_the_tags_around_the_change() {
        let data = LanguageData::of(&Language::parse("en").expect("a language"));
        let cut = |text: &str| Surface::of_passage(text, data, &[], BlockKind::Body).tokens;
        let before =
            "The minister said in a statement on Monday that the plan for the port was approved by parliament.";
        let tags = Tags::of(before, &cut(before), data).expect("English is tagged");
        for after in [
            before.replace("statement", "letter to voters"),
            before.replace("on Monday that", "that"),
            before.replace("The minister", "Ministers"),
            before.replace("parliament", "the parliament of Norway"),
            format!("{before} More"),
            "Nothing of it is left.".to_owned(),
            String::new(),
            before.to_owned(),
        ] {
            let again = Tags::again(&after, &cut(&after), data, &tags, before).expect("English is tagged");
            let whole = Tags::of(&after, &cut(&after), data).expect("English is tagged");
            let of = |tags: &Tags| tags.leaves.iter().map(|l| (l.span, l.xpos, l.features)).collect::<Vec<_>>();
            assert_eq!(of(&again), of(&whole), "{after}");
        }
    }

    #[test]
    fn other_languages_have_no_tree_and_any_text_has_one_in_english() {
        assert!(syntax("fr", "Le chat dort.").is_none());
        for text in ["", ".", "THE POLICE SAID", "日本 of of of", "e\u{301} — “x”!?!", "I can’t", "5pm www.a"]
        {
            let tree = syntax("en", text).expect("English is parsed");
            let heads = tree.nodes().iter().filter(|n| n.head.is_none()).count();
            assert_eq!(heads, usize::from(!tree.nodes().is_empty()), "{text}");
            let (mean, least) = tree.sureness();
            assert!((0.0..=1.0).contains(&least) && least <= mean + 1e-3, "{text}");
        }
    }
}
