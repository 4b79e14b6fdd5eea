//! What is known of each word of a sentence that may tell whether an editor changes it: how it fits its place, what of the source
//! it renders, what part it has in the sentence. Models of quality decide by these figures and nothing else.
//!
//! A figure that is not known is not a number, and the trees know where to go with it.

use rustc_hash::FxHashMap;

use crate::analyse::syntax::Node;
use crate::analyse::words::WordLinks;
use crate::analyse::{Document, Passage};
use crate::digest::Digest;
use crate::models;
use crate::models::links::By;
use crate::models::lm::Scored;
use crate::surface::{Case, Surface, Token, TokenKind};

/// Not known.
const NONE: f32 = f32::NAN;
/// What is left of a chance that two beginnings have.
const PART: f32 = 0.4;
/// The least chance that counts.
const LEAST: f32 = 1e-6;
/// A link counts as made from here.
const MADE: f32 = 0.5;
/// Letters of a source word and of a word that name their pair.
const PAIR_LETTERS: (usize, usize) = (6, 7);

/// The figures of a word.
pub const WORD: &[&str] = &[
    "ln",
    "diff",
    "alone",
    "order",
    "known",
    "spelling",
    "p.ln",
    "p.diff",
    "p.order",
    "n.ln",
    "n.diff",
    "n.order",
    "pp.diff",
    "nn.diff",
    "drop",
    "swap.n",
    "swap.p", //
    "link",
    "by",
    "links",
    "explained",
    "silent",
    "in.lex",
    "bestf",
    "bestb",
    "sumf",
    "bestfb",
    "second",
    "plain",
    "topf",
    "src.usual",
    "usual",
    "taken",
    "off",
    "from.p",
    "to.n",
    "p.link",
    "n.link",
    "p.expl",
    "n.expl",
    "near.expl",
    "s.cov.p",
    "s.cov.n",
    "gap",
    "gap.w",
    "src.len",
    "src.upper",
    "src.ln",
    "src.first",
    "same.len",
    "taken.all",
    "src.lex",
    "upos",
    "p.upos",
    "n.upos",
    "rel",
    "head.upos",
    "sure",
    "margin",
    "head.off",
    "kids",
    "head.link",
    "head.srcoff",
    "p.margin",
    "n.margin",
    "p.sure",
    "n.sure",
    "xpos", //
    "kind",
    "case",
    "length",
    "first",
    "last",
    "at",
    "from.end",
    "count",
    "repeat",
    "glued",
    "p.kind",
    "n.kind",
    "p.case",
    "n.case",
    "p.alone",
    "n.alone",
    "p.len",
    "n.len",
];
/// The figures of a sentence.
pub const SENTENCE: &[&str] = &[
    "n",
    "src.n",
    "ratio",
    "chars.ratio",
    "wordlen",
    "src.wordlen",
    "m.ln",
    "m.diff",
    "min.diff",
    "min.ln",
    "sd.diff",
    "m.alone",
    "unknown",
    "lowdiff",
    "m.order",
    "cov.s",
    "cov.t",
    "chance.s",
    "chance.t",
    "certain",
    "m.expl",
    "low.expl",
    "m.bestf",
    "m.bestb",
    "lex.t",
    "lex.s",
    "src.m.ln",
    "src.m.diff",
    "src.usual",
    "usual",
    "m.sure",
    "min.sure",
    "m.margin",
    "low.margin",
    "marks",
    "src.marks",
    "commas",
    "digits",
    "digits.miss",
    "capitals",
    "repeats",
    "same",
    "names",
    "cross",
    "p20.s",
    "p20.t",
    "end",
    "quotes",
    "uncov.w",
    "verbs",
    "finite",
    "root.verb",
    "verbs.n",
    "type.ratio",
    "brackets",
    "questions",
];
/// Hashed traits of a word.
pub const TRAITS: usize = 17;

/// What is known of a sentence.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The first token, as an index of its surface.
    pub first: usize,
    /// Figures of the words, [`WORD`] each.
    pub words: Vec<f32>,
    /// Traits of the words.
    pub traits: Vec<[u32; TRAITS]>,
    /// [`SENTENCE`].
    pub sentence: Vec<f32>,
}

fn ln(x: f32) -> f32 {
    x.max(LEAST).ln()
}

/// The name of some strings.
pub fn hash(kind: &str, parts: &[&str]) -> u32 {
    let mut digest = Digest::default();
    digest.write(kind.as_bytes());
    for part in parts {
        digest.write(part.as_bytes());
    }
    (digest.finish() >> 32) as u32
}

fn begin(word: &str, letters: usize) -> &str {
    word.char_indices().nth(letters).map_or(word, |(at, _)| word.get(..at).unwrap_or(word))
}

fn ending(word: &str, letters: usize) -> &str {
    word.char_indices().rev().nth(letters - 1).map_or(word, |(at, _)| word.get(at..).unwrap_or(word))
}

/// What the lexicon says of one word of either side, given all of the other.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    /// The greatest chance of it, and the sum.
    best: f32,
    sum: f32,
    /// The greatest chance of a word of the other side given it.
    back: f32,
    /// The greatest geometric mean of both, where, and the second.
    both: f32,
    at: Option<usize>,
    second: f32,
}

impl Said {
    fn add(&mut self, forward: f32, back: f32, at: usize) {
        self.best = self.best.max(forward);
        self.sum += forward;
        self.back = self.back.max(back);
        let both = (forward * back).sqrt();
        if both > self.both {
            if self.at != Some(at) {
                self.second = self.both;
            }
            self.both = both;
            self.at = Some(at);
        } else if self.at != Some(at) {
            self.second = self.second.max(both);
        }
    }
}

/// A word of the source, as the figures need it.
#[derive(Clone, Copy, Debug)]
struct From {
    link: f32,
    targets: usize,
    covered: f32,
    usual: f32,
    /// The chance of its plainest rendering, and whether the lexicon has one.
    plainest: f32,
    said: Said,
    known: bool,
}

/// Both sides by the lexicon.
#[derive(Default)]
struct Sides {
    source: Vec<From>,
    target: Vec<Said>,
}

impl Sides {
    fn of(document: &Document<'_>, links: &WordLinks) -> Self {
        let bilingual = document.bilingual();
        let (source, target) = (links.source(), links.target());
        let mut places: Vec<(models::lexicon::StemId, usize)> = Vec::with_capacity(2 * target.words.len());
        for (j, word) in target.words.iter().enumerate() {
            places.extend(word.stems.iter().chain([&word.beginning]).flatten().map(|stem| (*stem, j)));
        }
        places.sort_unstable();
        let mut letters: Vec<(u64, usize)> =
            target.words.iter().enumerate().map(|(j, w)| (w.same, j)).filter(|(same, _)| *same != 0).collect();
        letters.sort_unstable();
        let mut sides =
            Self { source: Vec::with_capacity(source.words.len()), target: vec![Said::default(); target.words.len()] };
        let stems = bilingual.source_stems();
        for (i, word) in source.words.iter().enumerate() {
            let mut said = Said::default();
            let (mut plainest, mut known) = (0.0_f32, false);
            let whole = word.stems.iter().flatten().map(|stem| (*stem, 1.0));
            for (stem, share) in whole.chain(word.beginning.map(|b| (b, PART))) {
                for (rank, r) in bilingual.renderings(stem).enumerate() {
                    if rank == 0 && share >= 1.0 {
                        plainest = plainest.max(r.forward);
                        known = true;
                    }
                    let from = places.partition_point(|(s, _)| *s < r.stem);
                    for (_, j) in places.iter().skip(from).take_while(|(s, _)| *s == r.stem) {
                        if let Some(target) = sides.target.get_mut(*j) {
                            target.add(r.forward * share, r.back * share, i);
                        }
                        said.add(r.back * share, r.forward * share, *j);
                    }
                }
            }
            if word.same != 0 {
                let from = letters.partition_point(|(same, _)| *same < word.same);
                for (_, j) in letters.iter().skip(from).take_while(|(same, _)| *same == word.same) {
                    if let Some(target) = sides.target.get_mut(*j) {
                        target.add(0.7, 0.7, i);
                    }
                    said.add(0.7, 0.7, *j);
                }
            }
            let usual = word.stems[0].zip(stems).map_or(0.0, |(stem, stems)| stems.usual(stem));
            let silent = word.stems[0].map_or(0.0, |stem| bilingual.silent(stem, !bilingual.into_english));
            sides.source.push(From { link: 0.0, targets: 0, covered: silent, usual, plainest, said, known });
        }
        for link in links.all() {
            if let Some(from) = source.tokens.binary_search(&link.source).ok().and_then(|at| sides.source.get_mut(at)) {
                from.link = from.link.max(link.confidence);
                from.targets += usize::from(link.confidence >= MADE);
            }
        }
        for from in &mut sides.source {
            from.covered = 1.0 - (1.0 - from.link) * (1.0 - from.covered);
        }
        sides
    }
}

/// What the alignment says of one word.
#[derive(Clone, Copy, Debug)]
struct Rendered {
    /// The word's place among the words of the translation.
    word: Option<usize>,
    /// The best link: the source word's place among the source's words, how surely, by what; how many.
    to: Option<usize>,
    link: f32,
    by: f32,
    links: f32,
    explained: f32,
    silent: f32,
}

const UNRENDERED: Rendered =
    Rendered { word: None, to: None, link: NONE, by: NONE, links: NONE, explained: NONE, silent: NONE };

struct Seen<'a> {
    surface: &'a Surface,
    tokens: &'a [Token],
    scored: Vec<Scored>,
    rendered: Vec<Rendered>,
    nodes: Vec<Option<&'a Node>>,
    all: &'a [Node],
    /// How many words depend on the word.
    kids: Vec<f32>,
}

fn kind(token: &Token) -> f32 {
    match token.kind {
        TokenKind::Word => 0.0,
        TokenKind::Number => 1.0,
        TokenKind::Mark => 2.0,
        TokenKind::Mask => 3.0,
    }
}

fn case(token: &Token) -> f32 {
    match token.case {
        Case::None => 0.0,
        Case::Lower => 1.0,
        Case::Title => 2.0,
        Case::Upper => 3.0,
        Case::Mixed => 4.0,
    }
}

fn by(by: By) -> f32 {
    match by {
        By::Beginning => 0.0,
        By::Lexicon => 1.0,
        By::Akin => 2.0,
        By::Name => 3.0,
        By::Same => 4.0,
        By::Number => 5.0,
    }
}

/// Relations in the order of how often they are.
const RELATIONS: &[&str] = &[
    "punct",
    "case",
    "nsubj",
    "det",
    "advmod",
    "root",
    "obj",
    "amod",
    "obl",
    "compound",
    "conj",
    "nmod",
    "mark",
    "aux",
    "cc",
    "advcl",
    "cop",
    "xcomp",
    "parataxis",
    "acl",
    "ccomp",
    "appos",
    "nummod",
    "flat",
    "fixed",
    "list",
    "expl",
    "discourse",
    "csubj",
    "iobj",
];

fn relation(node: &Node) -> f32 {
    let plain = node.plain_relation();
    RELATIONS.iter().position(|r| *r == plain).map_or(-1.0, |at| at as f32)
}

const XPOS: &[&str] = &[
    "NN", "IN", "DT", "NNP", "PRP", "JJ", "NNS", "RB", "VB", ".", ",", "VBD", "CC", "VBP", "VBZ", "CD", "VBN", "VBG",
    "MD", "TO", "PRP$", "NNPS", "WRB", "RP", "WDT", "WP", "POS", "EX", "HYPH", "UH",
];

fn xpos(node: &Node) -> f32 {
    XPOS.iter().position(|x| *x == node.xpos).map_or(-1.0, |at| at as f32)
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for value in values.filter(|v| !v.is_nan()) {
        sum += value;
        count += 1.0;
    }
    if count > 0.0 { sum / count } else { NONE }
}

fn least(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(NONE, f32::min)
}

/// What a fifth of the values lies below.
fn fifth(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 5).copied().unwrap_or(NONE)
}

impl Evidence {
    /// What is known of a sentence of a document.
    pub fn of(document: &Document<'_>, passage: &Passage<'_>) -> Self {
        let text = passage.text;
        let surface = text.surface();
        let tokens = passage.tokens();
        let first = surface.sentences.get(passage.sentence).map_or(0, |s| s.tokens.start);
        let links = document.word_links(passage);
        let sides = links.map(|links| Sides::of(document, links)).unwrap_or_default();
        let source = document.source.as_ref().map(|s| s.surface());
        let target_language = document.target_language().map_or("", |l| l.primary());
        let source_language = document.source_language().map_or("", |l| l.primary());
        let mut scored = Vec::new();
        let model = models::language_model(target_language);
        let mut sequence = Vec::new();
        if let Some(model) = model {
            model.score(surface, tokens, &mut scored);
            model.sequence(surface, tokens, &mut sequence);
        }
        let bilingual = document.bilingual();
        let rendered: Vec<Rendered> = (0..tokens.len())
            .map(|at| {
                let Some(links) = links else { return UNRENDERED };
                let Ok(word) = links.target().tokens.binary_search(&(first + at)) else { return UNRENDERED };
                let own = links.of_target(first + at);
                let best = own.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence));
                let stem = links.target().words.get(word).and_then(|w| w.stems[0]);
                let silent = stem.map_or(0.0, |stem| bilingual.silent(stem, bilingual.into_english));
                let link = best.map_or(0.0, |l| l.confidence);
                Rendered {
                    word: Some(word),
                    to: best.and_then(|l| links.source().tokens.binary_search(&l.source).ok()),
                    link,
                    by: best.map_or(-1.0, |l| by(l.by)),
                    links: own.len() as f32,
                    explained: 1.0 - (1.0 - link) * (1.0 - silent),
                    silent,
                }
            })
            .collect();
        let syntax = passage.syntax();
        let all = syntax.map_or(&[][..], |s| s.nodes());
        let mut nodes: Vec<Option<&Node>> = vec![None; tokens.len()];
        let mut kids = vec![NONE; tokens.len()];
        let mut children = vec![0_u32; all.len()];
        for child in all.iter().filter_map(|node| node.head) {
            if let Some(count) = children.get_mut(child) {
                *count += 1;
            }
        }
        for (node, children) in all.iter().zip(&children).rev() {
            for at in node.tokens.clone() {
                if let (Some(slot), Some(kids)) = (nodes.get_mut(at), kids.get_mut(at)) {
                    (*slot, *kids) = (Some(node), *children as f32);
                }
            }
        }
        let mut times: FxHashMap<&str, u32> = FxHashMap::default();
        for token in tokens {
            *times.entry(surface.folded(token)).or_default() += 1;
        }
        let seen = Seen { surface, tokens, scored, rendered, nodes, all, kids };
        let mut source_scored = Vec::new();
        let mut source_tokens: &[Token] = &[];
        let mut source_first = 0;
        if let (Some(_), Some(source)) = (links, source) {
            let aligned = document.alignment().source_of(passage.place).source;
            if let (Some(a), Some(b)) =
                (source.sentences.get(aligned.start), source.sentences.get(aligned.end.wrapping_sub(1)))
            {
                source_first = a.tokens.start;
                source_tokens = source.tokens.get(a.tokens.start..b.tokens.end).unwrap_or(&[]);
                if let Some(model) = models::language_model(source_language) {
                    model.score(source, source_tokens, &mut source_scored);
                }
            }
        }
        let mut gains = vec![[NONE; 2]; tokens.len()];
        if let Some(model) = model {
            for at in 1..sequence.len().saturating_sub(1) {
                let (symbol, token) = sequence[at];
                let Some(gain) = gains.get_mut(token).filter(|g| g[0].is_nan()) else { continue };
                gain[0] = model.gain(&sequence, at, 1, &[]);
                if at + 2 < sequence.len() {
                    gain[1] = model.gain(&sequence, at, 2, &[sequence[at + 1].0, symbol]);
                }
            }
        }
        let mut evidence = Self {
            first,
            words: Vec::with_capacity(tokens.len() * WORD.len()),
            traits: Vec::with_capacity(tokens.len()),
            sentence: Vec::new(),
        };
        let folded_source = |word: usize| -> &str {
            let token = links.and_then(|l| l.source().tokens.get(word)).zip(source);
            token.and_then(|(token, s)| s.tokens.get(*token).map(|t| s.folded(t))).unwrap_or("")
        };
        let source_token = |word: usize| -> Option<&Token> {
            links.and_then(|l| l.source().tokens.get(word)).zip(source).and_then(|(token, s)| s.tokens.get(*token))
        };
        let words_of_source = links.map_or(0, |l| l.source().words.len());
        let words_of_target = links.map_or(0, |l| l.target().words.len());
        for at in 0..tokens.len() {
            let token = &tokens[at];
            let r = seen.rendered[at];
            let out = &mut evidence.words;
            let start = out.len();
            // The language model.
            let lm = |at: Option<usize>| at.and_then(|at| seen.scored.get(at));
            let before = at.checked_sub(1);
            let next = Some(at + 1);
            let diff = |s: Option<&Scored>| s.map_or(NONE, |s| s.ln - s.alone);
            let own = lm(Some(at));
            out.push(own.map_or(NONE, |s| s.ln));
            out.push(diff(own));
            out.push(own.map_or(NONE, |s| s.alone));
            out.push(own.map_or(NONE, |s| f32::from(s.order)));
            out.push(own.map_or(NONE, |s| f32::from(u8::from(s.known))));
            out.push(own.map_or(NONE, |s| s.spelling));
            for other in [lm(before), lm(next)] {
                out.push(other.map_or(NONE, |s| s.ln));
                out.push(diff(other));
                out.push(other.map_or(NONE, |s| f32::from(s.order)));
            }
            out.push(diff(lm(at.checked_sub(2))));
            out.push(diff(lm(Some(at + 2))));
            out.push(gains[at][0]);
            out.push(gains[at][1]);
            out.push(before.map_or(NONE, |b| gains[b][1]));
            // The source.
            let said = r.word.and_then(|w| sides.target.get(w)).copied();
            let from = r.to.or(said.and_then(|s| s.at)).and_then(|at| sides.source.get(at).map(|f| (at, *f)));
            out.extend([r.link, r.by, r.links, r.explained, r.silent]);
            let stem = r.word.and_then(|w| links.and_then(|l| l.target().words.get(w))).and_then(|w| w.stems[0]);
            out.push(r.word.map_or(NONE, |_| f32::from(u8::from(stem.is_some()))));
            let of_said = |f: fn(&Said) -> f32| said.as_ref().map_or(NONE, f);
            out.push(of_said(|s| ln(s.best)));
            out.push(of_said(|s| ln(s.back)));
            out.push(of_said(|s| ln(s.sum)));
            out.push(of_said(|s| ln(s.both)));
            out.push(of_said(|s| ln(s.second)));
            let of_from = |f: &dyn Fn(usize, &From) -> f32| from.as_ref().map_or(NONE, |(at, x)| f(*at, x));
            out.push(of_from(&|_, f| if f.plainest > 0.0 { ln(f.said.back) - ln(f.plainest) } else { NONE }));
            out.push(of_from(&|_, f| ln(f.plainest)));
            out.push(of_from(&|_, f| ln(f.usual)));
            let usual = stem.zip(bilingual.target_stems()).map_or(NONE, |(stem, stems)| ln(stems.usual(stem)));
            out.push(usual);
            // The source word that it fits best is rendered by another.
            let fits = said.and_then(|s| s.at).and_then(|at| sides.source.get(at));
            out.push(fits.map_or(NONE, |f| if r.link >= MADE { f.targets as f32 - 1.0 } else { f.targets as f32 }));
            let place = |i: usize, n: usize| (i as f32 + 0.5) / n.max(1) as f32;
            let own_place = r.word.map_or(NONE, |w| place(w, words_of_target));
            out.push(of_from(&|i, _| place(i, words_of_source) - own_place));
            let linked = |at: usize| seen.rendered.get(at).filter(|r| r.link >= MADE).and_then(|r| r.to);
            let before_link = (0..at).rev().take(6).find_map(linked);
            let next_link = (at + 1..tokens.len()).take(6).find_map(linked);
            out.push(of_from(&|i, _| before_link.map_or(NONE, |b| i as f32 - b as f32)));
            out.push(of_from(&|i, _| next_link.map_or(NONE, |n| n as f32 - i as f32)));
            let other =
                |at: Option<usize>, f: fn(&Rendered) -> f32| at.and_then(|at| seen.rendered.get(at)).map_or(NONE, f);
            out.push(other(before, |r| r.link));
            out.push(other(next, |r| r.link));
            out.push(other(before, |r| r.explained));
            out.push(other(next, |r| r.explained));
            out.push(mean(
                (at.saturating_sub(3)..(at + 4).min(tokens.len()))
                    .filter(|o| *o != at)
                    .map(|o| seen.rendered[o].explained),
            ));
            let covered = |i: Option<usize>| i.and_then(|i| sides.source.get(i)).map_or(NONE, |f| f.covered);
            out.push(of_from(&|i, _| covered(i.checked_sub(1))));
            out.push(of_from(&|i, _| covered(Some(i + 1))));
            // Source words that nothing renders, between those that the linked words around render.
            let (mut gap, mut weight) = (NONE, NONE);
            if !sides.source.is_empty() {
                let low = before_link.map_or(0, |b| b + 1);
                let high = next_link.unwrap_or(sides.source.len());
                let (low, high) = if low <= high { (low, high) } else { (high, low) };
                let inside = sides.source.get(low..high).unwrap_or(&[]);
                gap = inside.iter().map(|f| 1.0 - f.covered).sum();
                weight = inside.iter().map(|f| (1.0 - f.covered) * -ln(f.usual)).sum();
            }
            out.push(gap);
            out.push(weight);
            out.push(of_from(&|i, _| folded_source(i).chars().count() as f32));
            out.push(of_from(&|i, _| source_token(i).map_or(NONE, case)));
            out.push(of_from(&|i, _| {
                let token = links.and_then(|l| l.source().tokens.get(i));
                token.and_then(|t| source_scored.get(t.checked_sub(source_first)?)).map_or(NONE, |s| s.alone)
            }));
            out.push(of_from(&|i, _| f32::from(u8::from(i == 0))));
            let folded = surface.folded(token);
            out.push(of_from(&|i, _| {
                let other = folded_source(i);
                folded.chars().zip(other.chars()).take_while(|(a, b)| a == b).count() as f32
            }));
            out.push(of_from(&|_, f| f.targets as f32));
            out.push(of_from(&|_, f| f32::from(u8::from(f.known))));
            // The sentence's structure.
            let node = seen.nodes[at];
            let of_node = |node: Option<&Node>, f: fn(&Node) -> f32| node.map_or(NONE, f);
            let around = |at: Option<usize>| at.and_then(|at| seen.nodes.get(at)).copied().flatten();
            let part = |n: &Node| n.upos as u8 as f32;
            out.push(of_node(node, part));
            out.push(of_node(around(before), part));
            out.push(of_node(around(next), part));
            out.push(of_node(node, relation));
            let head = node.and_then(|n| n.head).and_then(|h| seen.all.get(h));
            out.push(of_node(head, part));
            out.push(of_node(node, |n| n.sureness));
            out.push(of_node(node, |n| n.tag_margin as f32));
            let head_token = head.map(|h| h.tokens.start);
            out.push(head_token.map_or(NONE, |h| h as f32 - at as f32));
            out.push(seen.kids[at]);
            out.push(other(head_token, |r| r.link));
            out.push(match (r.to, head_token.and_then(linked)) {
                (Some(own), Some(head)) => head as f32 - own as f32,
                _ => NONE,
            });
            out.push(of_node(around(before), |n| n.tag_margin as f32));
            out.push(of_node(around(next), |n| n.tag_margin as f32));
            out.push(of_node(around(before), |n| n.sureness));
            out.push(of_node(around(next), |n| n.sureness));
            out.push(of_node(node, xpos));
            // Its form.
            let letters = |t: &Token| surface.folded(t).chars().count() as f32;
            let beside =
                |at: Option<usize>, f: &dyn Fn(&Token) -> f32| at.and_then(|at| tokens.get(at)).map_or(NONE, f);
            out.push(kind(token));
            out.push(case(token));
            out.push(letters(token));
            out.push(f32::from(u8::from(at == 0)));
            out.push(f32::from(u8::from(at + 1 == tokens.len())));
            out.push(at as f32 / tokens.len() as f32);
            out.push((tokens.len() - at) as f32);
            out.push(times.get(folded).map_or(NONE, |n| *n as f32));
            out.push(
                tokens
                    .iter()
                    .take(at)
                    .rev()
                    .take(5)
                    .position(|t| surface.folded(t) == folded)
                    .map_or(9.0, |d| d as f32),
            );
            out.push(f32::from(u8::from(token.glued)));
            out.push(beside(before, &kind));
            out.push(beside(next, &kind));
            out.push(beside(before, &case));
            out.push(beside(next, &case));
            out.push(lm(before).map_or(NONE, |s| s.alone));
            out.push(lm(next).map_or(NONE, |s| s.alone));
            out.push(beside(before, &letters));
            out.push(beside(next, &letters));
            debug_assert_eq!(out.len() - start, WORD.len());
            let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |t| surface.folded(t));
            let linked_word = r.to.filter(|_| r.link >= 0.3).map_or("", |i| begin(folded_source(i), PAIR_LETTERS.0));
            let fitted = from.map_or("", |(i, _)| begin(folded_source(i), PAIR_LETTERS.0));
            let linked_full = r.to.filter(|_| r.link >= 0.3).map_or("", folded_source);
            let source_before = from.and_then(|(i, _)| i.checked_sub(1)).map_or("", folded_source);
            let source_next = from.map_or("", |(i, _)| folded_source(i + 1));
            let tag = |n: Option<&Node>| n.map_or("", |n| n.xpos);
            evidence.traits.push([
                hash("w", &[folded]),
                hash("p", &[word(before), folded]),
                hash("n", &[folded, word(next)]),
                hash("a", &[linked_word, begin(folded, PAIR_LETTERS.1)]),
                hash("s", &[fitted]),
                hash("e", &[ending(folded, 3)]),
                hash("b", &[word(before)]),
                hash("f", &[word(next)]),
                hash("t", &[tag(around(before)), tag(node), tag(around(next))]),
                hash("r", &[node.map_or("", |n| n.relation), tag(node), tag(head)]),
                hash("h", &[folded, head_token.map_or("", |h| word(Some(h)))]),
                hash("c", &[word(before), word(next)]),
                hash("x", &[ending(linked_full, 3), ending(folded, 3)]),
                hash("y", &[ending(linked_full, 3), word(before)]),
                hash("z", &[begin(source_before, 5), folded]),
                hash("u", &[begin(source_next, 5), folded]),
                hash("g", &[begin(folded, 4)]),
            ]);
        }
        evidence.sentence = of_sentence(document, links, &seen, &sides, (source_tokens, &source_scored), &evidence);
        debug_assert_eq!(evidence.sentence.len(), SENTENCE.len());
        evidence
    }

    /// The figures of a word, by its place in the sentence.
    pub fn word(&self, at: usize) -> &[f32] {
        self.words.get(at * WORD.len()..(at + 1) * WORD.len()).unwrap_or(&[])
    }
}

fn of_sentence(
    document: &Document<'_>,
    links: Option<&WordLinks>,
    seen: &Seen<'_>,
    sides: &Sides,
    source: (&[Token], &[Scored]),
    evidence: &Evidence,
) -> Vec<f32> {
    let (source_tokens, source_scored) = source;
    let mut out = Vec::with_capacity(SENTENCE.len());
    let surface = seen.surface;
    let bilingual = document.bilingual();
    let is_word = |t: &&Token| t.kind == TokenKind::Word;
    let n = seen.tokens.len() as f32;
    let some = |value: f32| if links.is_some() { value } else { NONE };
    let source_n = some(source_tokens.len() as f32);
    let letters = |tokens: &[Token]| tokens.iter().filter(is_word).map(|t| t.span.len() as f32).sum::<f32>();
    let count = |tokens: &[Token]| tokens.iter().filter(is_word).count() as f32;
    let reach = |tokens: &[Token]| match (tokens.first(), tokens.last()) {
        (Some(a), Some(b)) => (b.span.end() - a.span.start()) as f32,
        _ => 0.0,
    };
    out.push(n);
    out.push(source_n);
    out.push(n / source_n);
    out.push(some(reach(seen.tokens) / reach(source_tokens).max(1.0)));
    out.push(letters(seen.tokens) / count(seen.tokens).max(1.0));
    out.push(some(letters(source_tokens) / count(source_tokens).max(1.0)));
    let own = seen.scored.get(..seen.tokens.len()).unwrap_or(&[]);
    let diffs = || own.iter().map(|s| s.ln - s.alone);
    let m_diff = mean(diffs());
    out.push(mean(own.iter().map(|s| s.ln)));
    out.push(m_diff);
    out.push(least(diffs()));
    out.push(least(own.iter().map(|s| s.ln)));
    out.push(mean(diffs().map(|d| (d - m_diff) * (d - m_diff))).sqrt());
    out.push(mean(own.iter().map(|s| s.alone)));
    out.push(mean(own.iter().map(|s| f32::from(u8::from(!s.known)))));
    out.push(mean(diffs().map(|d| f32::from(u8::from(d < -1.0)))));
    out.push(mean(own.iter().map(|s| f32::from(s.order))));
    let cover = links.map(|l| l.cover(bilingual));
    out.push(cover.map_or(NONE, |c| c.source));
    out.push(cover.map_or(NONE, |c| c.target));
    out.push(cover.map_or(NONE, |c| c.source_chance));
    out.push(cover.map_or(NONE, |c| c.target_chance));
    out.push(links.map_or(NONE, WordLinks::certainty));
    let explained = || seen.rendered.iter().map(|r| r.explained).filter(|e| !e.is_nan());
    out.push(mean(explained()));
    out.push(mean(explained().map(|e| f32::from(u8::from(e < 0.5)))));
    out.push(some(mean(sides.target.iter().map(|s| ln(s.best)))));
    out.push(some(mean(sides.source.iter().map(|s| ln(s.said.best)))));
    let known =
        |words: &[crate::models::links::Word]| mean(words.iter().map(|w| f32::from(u8::from(w.stems[0].is_some()))));
    out.push(links.map_or(NONE, |l| known(&l.target().words)));
    out.push(links.map_or(NONE, |l| known(&l.source().words)));
    out.push(mean(source_scored.iter().map(|s| s.ln)));
    out.push(mean(source_scored.iter().map(|s| s.ln - s.alone)));
    out.push(mean(sides.source.iter().map(|f| ln(f.usual))));
    let usual = WORD.iter().position(|name| *name == "usual").unwrap_or(0);
    out.push(mean((0..seen.tokens.len()).map(|at| evidence.word(at).get(usual).copied().unwrap_or(NONE))));
    let nodes = || seen.all.iter();
    out.push(mean(nodes().map(|n| n.sureness)));
    out.push(least(nodes().map(|n| n.sureness)));
    out.push(mean(nodes().map(|n| (n.tag_margin.max(0) as f32).sqrt())));
    out.push(least(nodes().map(|n| n.tag_margin as f32)));
    let marks = |tokens: &[Token]| tokens.iter().filter(|t| t.kind == TokenKind::Mark).count() as f32;
    out.push(marks(seen.tokens) / n.max(1.0));
    out.push(some(marks(source_tokens) / source_n.max(1.0)));
    let source_surface = document.source.as_ref().map(|s| s.surface());
    let one_of = |marks: &[&str]| {
        let own = seen.tokens.iter().filter(|t| marks.contains(&surface.folded(t))).count() as f32;
        let other = source_surface
            .map_or(NONE, |s| source_tokens.iter().filter(|t| marks.contains(&s.folded(t))).count() as f32);
        some(own - other)
    };
    out.push(one_of(&[",", "，", "、", "،"]));
    let numbers = |tokens: &[Token]| tokens.iter().filter(|t| t.kind == TokenKind::Number).count() as f32;
    out.push(some(numbers(seen.tokens) - numbers(source_tokens)));
    let unlinked =
        seen.tokens.iter().zip(&seen.rendered).filter(|(t, r)| t.kind == TokenKind::Number && r.link < MADE).count();
    out.push(some(unlinked as f32));
    let capitals =
        |tokens: &[Token]| tokens.iter().skip(1).filter(|t| matches!(t.case, Case::Title | Case::Upper)).count() as f32;
    out.push(capitals(seen.tokens) - some(capitals(source_tokens)));
    let mut forms: Vec<&str> = seen.tokens.iter().filter(is_word).map(|t| surface.folded(t)).collect();
    let repeats = forms.windows(2).filter(|w| w[0] == w[1]).count() as f32;
    out.push(repeats);
    let of_kind = |wanted: &[By]| {
        let count = |l: &WordLinks| l.all().iter().filter(|l| wanted.contains(&l.by)).count() as f32 / n.max(1.0);
        links.map_or(NONE, count)
    };
    out.push(of_kind(&[By::Same, By::Akin]));
    out.push(of_kind(&[By::Name]));
    let places: Vec<usize> = seen.rendered.iter().filter(|r| r.link >= MADE).filter_map(|r| r.to).collect();
    let crossed = places.windows(2).filter(|w| w[1] < w[0]).count() as f32;
    out.push(if places.len() > 1 { crossed / (places.len() - 1) as f32 } else { NONE });
    out.push(fifth(sides.source.iter().map(|s| ln(s.said.best)).collect()));
    out.push(fifth(sides.target.iter().map(|s| ln(s.best)).collect()));
    let ends = |t: &Token, s: &Surface| matches!(s.folded(t), "." | "!" | "?" | "。" | "…" | "\"" | "”");
    let end = seen.tokens.last().is_some_and(|t| ends(t, surface));
    let other = source_tokens.last().zip(source_surface).is_some_and(|(t, s)| ends(t, s));
    out.push(f32::from(u8::from(end)) - some(f32::from(u8::from(other))));
    out.push(one_of(&["\"", "“", "”", "«", "»", "„", "'"]));
    out.push(some(sides.source.iter().map(|f| (1.0 - f.covered) * -ln(f.usual)).sum::<f32>() / source_n.max(1.0)));
    let share = |f: fn(&Node) -> bool| {
        if seen.all.is_empty() { NONE } else { nodes().filter(|n| f(n)).count() as f32 / n.max(1.0) }
    };
    let verb = |n: &Node| n.upos == crate::models::tagger::Upos::Verb;
    out.push(share(verb));
    out.push(share(Node::is_finite));
    let root = nodes().find(|n| n.head.is_none());
    out.push(root.map_or(NONE, |n| n.upos as u8 as f32));
    out.push(if seen.all.is_empty() { NONE } else { nodes().filter(|n| n.is_finite()).count() as f32 });
    let all = forms.len() as f32;
    forms.sort_unstable();
    forms.dedup();
    out.push(forms.len() as f32 / all.max(1.0));
    out.push(one_of(&["(", ")", "[", "]", "（", "）"]));
    out.push(one_of(&["?", "？", "!", "！"]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Language, Side};

    fn evidence(from: &str, source: &str, to: &str, target: &str) -> Evidence {
        let language = |tag: &str| Language::parse(tag).ok();
        let article = Article::new(Some(Side::new(source, language(from))), Side::new(target, language(to)));
        let document = Document::new(&article, language(from).as_ref(), language(to), Vec::new());
        let passage = Passage { text: &document.target, sentence: 0, place: 0 };
        Evidence::of(&document, &passage)
    }

    fn figure(evidence: &Evidence, word: usize, name: &str) -> f32 {
        evidence.word(word)[WORD.iter().position(|n| *n == name).expect(name)]
    }

    #[test]
    fn what_the_source_and_the_place_say_is_told() {
        let found =
            evidence("ru", "Министр посетил больницу 12 марта.", "en", "The minister visited a copper 12 March.");
        assert_eq!(found.traits.len(), 8);
        assert_eq!(found.words.len(), 8 * WORD.len());
        assert_eq!(found.sentence.len(), SENTENCE.len());
        assert!(figure(&found, 1, "link") > 0.9 && figure(&found, 4, "link") < 0.3);
        assert!(figure(&found, 4, "gap") > 0.5 && figure(&found, 1, "gap") < 0.5, "nothing renders the hospital");
        assert!(figure(&found, 1, "bestf") > figure(&found, 4, "bestf"));
        assert!(figure(&found, 1, "kids") >= 1.0 && (figure(&found, 6, "by") - 1.0).abs() < 1e-6);
        assert!(figure(&found, 7, "link").is_nan(), "a mark is not linked");
    }

    #[test]
    fn what_is_not_known_is_no_number() {
        let found = evidence("fi", "Silta suljettiin.", "qq", "Bridge bridge closed 日本");
        assert!(figure(&found, 0, "ln").is_nan() && figure(&found, 0, "upos").is_nan());
        assert!((figure(&found, 0, "count") - 2.0).abs() < 1e-6 && figure(&found, 1, "repeat").abs() < 1e-6);
    }

    #[test]
    fn names_of_traits_are_of_all_their_parts() {
        assert_ne!(hash("w", &["ab", "c"]), hash("w", &["a", "bc"]));
        assert_ne!(hash("w", &["a"]), hash("p", &["a"]));
        assert_eq!((begin("страна", 3), ending("страна", 2), begin("a", 3), ending("a", 3)), ("стр", "на", "a", "a"));
    }
}
