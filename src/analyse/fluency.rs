//! How probable the words of an English sentence are in their places, and what its tags and tree say: the signs by which garbled
//! text is told.

use std::sync::OnceLock;

use crate::analyse::choices::EXPECTED;
use crate::analyse::syntax::Syntax;
use crate::language::LanguageData;
use crate::models;
use crate::models::garble::{GarbleModel, Sums};
use crate::models::hashed::{feature, hash};
use crate::models::lm::{FIRST_WORD, LanguageModel, Scored, Symbol, class};
use crate::models::tagger::Upos;
use crate::surface::{Case, Surface, Token, TokenKind};

/// Signs of a word, in the order of [`WORD_SIGNS`].
pub const OF_WORD: usize = WORD_SIGNS.len();
/// Signs of a sentence, in the order of [`SENTENCE_SIGNS`].
pub const OF_SENTENCE: usize = SENTENCE_SIGNS.len();

/// What is looked at of a word.
pub const WORD_SIGNS: [&str; 42] = [
    "ln",
    "place",
    "alone",
    "order",
    "known",
    "spelling",
    "place before",
    "place behind",
    "ln before",
    "ln behind",
    "three from here",
    "three to here",
    "three around",
    "swap with next",
    "swap with last",
    "drop",
    "replace",
    "respell",
    "best change before",
    "best change behind",
    "part",
    "part before",
    "part behind",
    "part second behind",
    "part second before",
    "tag",
    "relation",
    "tag margin",
    "sureness",
    "head distance",
    "children",
    "head's part",
    "case",
    "letters",
    "from start",
    "from end",
    "words",
    "again",
    "mark before",
    "mark behind",
    "mean place",
    "mean margin",
];

const ALONE: usize = 2;
const KNOWN: usize = 4;
const CASE: usize = 32;
const LETTERS: usize = 33;
/// A case of [`WORD_SIGNS`].
const LOWER: f32 = 1.0;

/// What is looked at of a sentence.
pub const SENTENCE_SIGNS: [&str; 39] = [
    "words",
    "sum of place",
    "mean place",
    "mean ln",
    "worst ln",
    "worst place",
    "worst two",
    "worst three",
    "worst five",
    "second worst three",
    "best swap",
    "second best swap",
    "best drop",
    "best replace",
    "best respell",
    "end ln",
    "end place",
    "has stop",
    "repeated",
    "repeated phrase",
    "unknown small",
    "unknown any",
    "no case",
    "other script",
    "mean spelling of rare",
    "worst spelling",
    "mean margin",
    "least margin",
    "low margins",
    "mean sureness",
    "least sureness",
    "unsure",
    "root is verb",
    "finite without subject",
    "two finite",
    "nouns without verb",
    "last is function word",
    "share ln bad",
    "first capital",
];

/// Prepositions that stand for each other in a translation.
const PREPOSITIONS: [&str; 11] = ["of", "to", "in", "on", "at", "for", "with", "by", "from", "as", "into"];
/// Articles and what stands in their place.
const ARTICLES: [&str; 5] = ["the", "a", "an", "its", "his"];
/// Forms of to be.
const BE: [&str; 6] = ["is", "are", "was", "were", "be", "been"];
/// Forms of to have.
const HAVE: [&str; 3] = ["has", "have", "had"];
/// Pronouns and conjunctions that begin a clause.
const LINKS: [&str; 4] = ["that", "which", "who", "and"];
/// Tags of the Penn Treebank.
const TAGS: [&str; 36] = [
    "CC", "CD", "DT", "EX", "FW", "IN", "JJ", "JJR", "JJS", "LS", "MD", "NN", "NNS", "NNP", "NNPS", "PDT", "POS",
    "PRP", "PRP$", "RB", "RBR", "RBS", "RP", "SYM", "TO", "UH", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "WDT", "WP",
    "WP$", "WRB",
];
/// Relations of the tree.
const RELATIONS: [&str; 37] = [
    "acl",
    "acl:relcl",
    "advcl",
    "advmod",
    "amod",
    "appos",
    "aux",
    "aux:pass",
    "case",
    "cc",
    "ccomp",
    "compound",
    "conj",
    "cop",
    "csubj",
    "dep",
    "det",
    "discourse",
    "dislocated",
    "expl",
    "fixed",
    "flat",
    "iobj",
    "list",
    "mark",
    "nmod",
    "nmod:poss",
    "nsubj",
    "nsubj:pass",
    "nummod",
    "obj",
    "obl",
    "obl:agent",
    "parataxis",
    "punct",
    "root",
    "xcomp",
];

/// The symbols that are tried.
#[derive(Debug)]
pub struct Tried {
    groups: Vec<Vec<Symbol>>,
}

impl Tried {
    /// Looks them up.
    pub fn of(model: &LanguageModel<'_>) -> Self {
        let of = |list: &[&str]| list.iter().filter_map(|word| model.known(word)).collect();
        Self { groups: vec![of(&PREPOSITIONS), of(&ARTICLES), of(&BE), of(&HAVE), of(&LINKS)] }
    }
}

/// What a sentence looks like.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// Of the sentence.
    pub sentence: Vec<f32>,
    /// Of its words, with the tokens that they are.
    pub words: Vec<(usize, [f32; OF_WORD])>,
    /// The patterns that each word stands in, as hashes.
    pub patterns: Vec<[u64; PATTERNS]>,
    /// Words that stand in the wrong order or are misspelt, as far as they are far likelier mended.
    pub slips: Vec<Slip>,
}

/// Something that is far likelier mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    /// The word, or the first of two, as a token of the sentence.
    pub token: usize,
    /// What mends it.
    pub kind: SlipKind,
    /// The natural logarithm of how many times likelier the sentence is when it is mended.
    pub gain: f32,
}

/// What mends a slip.
#[derive(Clone, Debug, PartialEq)]
pub enum SlipKind {
    /// It changes places with the next word.
    Swapped,
    /// It is an unknown word, and meant is this one.
    Misspelt(String),
}

/// A gain below which nothing is called a slip.
const SLIP: f32 = 12.0;

/// How a sentence reads.
#[derive(Clone, Debug, Default)]
pub struct Fluency {
    /// The chance that it is spoilt: shuffled, cut, misspelt, in two languages. Among sentences of which every other one is.
    pub garbled: f32,
    /// The chance that it is in no order at all, or in two languages; among sentences of which one in thirty or so is.
    pub scrambled: f32,
    /// Its words and numbers.
    pub words: Vec<WordFluency>,
    /// What is far likelier mended.
    pub slips: Vec<Slip>,
    /// What it says for a machine: to be added up over a text.
    pub(crate) machine: f32,
    /// How many patterns said so.
    pub(crate) told: usize,
}

/// How a word reads in its sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WordFluency {
    /// Which token of the sentence it is.
    pub token: usize,
    /// How much likelier than other words of its sentence an editor changes it: the logarithm of the odds, 0 for neither.
    pub odds: f32,
    /// Whether it is a word of the language that is not rare, in small letters: no name, no number.
    pub plain: bool,
}

/// What is seen of a sentence without its tags and its tree: enough to pass over most.
#[derive(Clone, Debug, Default)]
pub struct Glance {
    /// What is far likelier mended.
    pub slips: Vec<Slip>,
    /// How much likelier words are in their places than by themselves, as a natural logarithm, on average.
    pub place: f32,
    /// Words in small letters that their place does not expect, with how much likelier each is there than by itself.
    pub odd: Vec<(usize, f32)>,
}

/// Two words that are swapped, and the next, of which one must be less likely than by itself.
const SWAPPED_AROUND: usize = 3;

impl Glance {
    /// Of a sentence with these tokens; nothing in languages other than English.
    pub fn of(surface: &Surface, tokens: &[Token], data: LanguageData) -> Option<Self> {
        if data.tag().split('-').next() != Some("en") {
            return None;
        }
        let model = models::language_model("en")?;
        let (mut scored, mut sequence) = (Vec::new(), Vec::new());
        model.score(surface, tokens, &mut scored);
        model.sequence(surface, tokens, &mut sequence);
        let (all, slips) = ones(model, None, surface, tokens, (&scored, &sequence));
        let places = || all.iter().zip(tokens).filter(|(_, t)| is_word(t)).map(|(one, _)| one.place);
        let place = places().sum::<f32>() / places().count().max(1) as f32;
        let words = all.iter().zip(tokens).enumerate().filter(|(_, (_, t))| t.kind == TokenKind::Word);
        let odd = words.map(|(at, (one, _))| (at, one.place)).filter(|(_, place)| *place < EXPECTED).collect();
        Some(Self { slips, place, odd })
    }
}

/// The logarithm of the probability, by itself, below which a word is rare.
const RARE: f32 = -12.5;

impl Fluency {
    /// Of a sentence with these tokens; nothing in languages other than English.
    pub fn of(surface: &Surface, tokens: &[Token], syntax: Option<&Syntax>, data: LanguageData) -> Option<Self> {
        if data.tag().split('-').next() != Some("en") {
            return None;
        }
        static TRIED: OnceLock<Tried> = OnceLock::new();
        let garble = models::garble().ok()?;
        let model = models::language_model("en")?;
        let tried = TRIED.get_or_init(|| Tried::of(model));
        Some(Self::by(garble, &signs(model, tried, surface, tokens, syntax)))
    }

    pub(crate) fn by(model: &GarbleModel<'_>, signs: &Signs) -> Self {
        let told = pattern_sums(&model.patterns, &signs.patterns);
        let odds = |nth: usize| model.word.value(&word_row(&signs.words[nth].1, &told, nth));
        let one = |(nth, (token, of)): (usize, &(usize, [f32; OF_WORD]))| WordFluency {
            token: *token,
            odds: odds(nth),
            plain: of[CASE] == LOWER && of[KNOWN] > 0.0 && of[ALONE] > RARE && of[LETTERS] > 1.0,
        };
        let words = signs.words.iter().enumerate().map(one).collect();
        let machine = signs.patterns.iter().flat_map(|p| MACHINE.map(|at| model.machine.weight(p[at]))).sum();
        let slips = signs.slips.clone();
        let (garbled, scrambled) = (model.sentence.chance(&signs.sentence), model.scrambled.chance(&signs.sentence));
        Self { garbled, scrambled, words, slips, machine, told: signs.patterns.len() * MACHINE.len() }
    }

    /// How much a text of such sentences runs like a machine's, as the logarithm of the odds. A short one says little.
    pub fn machine(sentences: &[&Self]) -> Option<f32> {
        let model = models::garble().ok()?;
        let (sum, told) = sentences.iter().fold((0.0, 0), |(sum, told), one| (sum + one.machine, told + one.told));
        Some(model.machine.base + sum * machine_scale(told))
    }
}

/// What the sum of a text's weights is multiplied by: what a pattern says falls as there are more of them.
pub fn machine_scale(patterns: usize) -> f32 {
    2.0 / (patterns.max(1) as f32).sqrt()
}

/// What the patterns that each word stands in say of it.
pub fn pattern_sums(sums: &Sums<'_>, patterns: &[[u64; PATTERNS]]) -> Vec<f32> {
    patterns.iter().map(|all| sums.base + all.iter().map(|p| sums.weight(*p)).sum::<f32>()).collect()
}

/// What the trees see of a word: its signs, and what patterns say of it and its neighbours beside their sentence.
pub fn word_row(signs: &[f32; OF_WORD], told: &[f32], nth: usize) -> [f32; OF_WORD + 3] {
    let mean = told.iter().sum::<f32>() / told.len().max(1) as f32;
    let of = |at: Option<usize>| at.and_then(|at| told.get(at)).map_or(f32::NAN, |t| t - mean);
    let mut row = [0.0; OF_WORD + 3];
    let (first, last) = row.split_at_mut(OF_WORD);
    first.copy_from_slice(signs);
    last.copy_from_slice(&[of(Some(nth)), of(Some(nth + 1)), of(nth.checked_sub(1))]);
    row
}

/// The words around one that a pattern is made of, by their distance.
const SHAPES: [&[isize]; 12] = [
    &[0],
    &[-1, 0],
    &[-2, -1, 0],
    &[-3, -2, -1, 0],
    &[0, 1],
    &[-1, 0, 1],
    &[0, 1, 2],
    &[-2, 0],
    &[0, 2],
    &[-2, -1, 0, 1],
    &[-1, 0, 1, 2],
    &[0, 1, 2, 3],
];
/// Patterns that each word stands in: those shapes with content words as their tags, and as their endings; and three of the words
/// themselves.
pub const PATTERNS: usize = 2 * SHAPES.len() + 3;
/// Of those, the ones that each run of words has once: what tells a machine's text.
pub const MACHINE: [usize; 7] = [0, 1, 2, 3, 12, 13, 14];
/// Adverbs more frequent than this are themselves in patterns.
const FREQUENT: Symbol = FIRST_WORD + 600;

/// The patterns that words stand in.
fn patterns(
    tokens: &[Token],
    surface: &Surface,
    words: &[usize],
    all: &[One],
    sequence: &[(Symbol, usize)],
    syntax: Option<&Syntax>,
) -> Vec<[u64; PATTERNS]> {
    let mut skeletons: Vec<[u64; 3]> = Vec::with_capacity(words.len());
    for at in words {
        let symbol = all.get(*at).and_then(|one| sequence.get(one.at)).map_or(0, |(symbol, _)| *symbol);
        let node = syntax.and_then(|tree| tree.node(tree.at_token(*at)?));
        let Some(token) = tokens.get(*at) else { continue };
        let own = node.is_some_and(|n| match n.upos {
            Upos::Adp | Upos::Aux | Upos::Cconj | Upos::Det | Upos::Part | Upos::Pron | Upos::Sconj => true,
            Upos::Adv => (FIRST_WORD..FREQUENT).contains(&symbol),
            _ => false,
        });
        let word = 1 + u64::from(symbol);
        let folded = surface.folded(token);
        let ending = || {
            let start = folded.char_indices().rev().nth(2).map_or(0, |(at, _)| at);
            if token.case == Case::Lower { hash(folded.get(start..).unwrap_or("").as_bytes()) } else { 1 << 20 }
        };
        let tag = || node.map_or(1 << 21, |n| hash(n.xpos.as_bytes()));
        skeletons.push(if own { [word, word, word] } else { [tag(), ending(), word] });
    }
    let mut out = vec![[0; PATTERNS]; skeletons.len()];
    for (at, patterns) in out.iter_mut().enumerate() {
        let of = |offset: isize, kind: usize| {
            at.checked_add_signed(offset)
                .and_then(|at| skeletons.get(at))
                .and_then(|s| s.get(kind))
                .copied()
                .unwrap_or(0)
        };
        let made = |number: usize| {
            let (kind, shape) = match number.checked_sub(2 * SHAPES.len()) {
                None => (number / SHAPES.len(), SHAPES.get(number % SHAPES.len()).copied().unwrap_or(&[])),
                Some(more) => (2, [SHAPES[0], SHAPES[1], SHAPES[4]].get(more).copied().unwrap_or(&[])),
            };
            let mut parts = [0; 4];
            for (part, offset) in parts.iter_mut().zip(shape) {
                *part = of(*offset, kind);
            }
            // The upper bits are the number of a weight.
            feature(number as u64 + 1, parts).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        };
        for (number, pattern) in patterns.iter_mut().enumerate() {
            *pattern = made(number);
        }
    }
    out
}

#[derive(Clone, Copy, Default)]
struct One {
    place: f32,
    swap: f32,
    drop: f32,
    replace: f32,
    respell: f32,
    at: usize,
}

impl One {
    fn best(&self) -> f32 {
        self.swap.max(self.drop).max(self.replace)
    }
}

fn is_word(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Number)
}

/// What is looked at of each token by trying others in its place, and the slips among them. Without a list of what is tried only
/// slips are looked for, and a swap only where a word is less likely than by itself.
fn ones(
    model: &LanguageModel<'_>,
    tried: Option<&Tried>,
    surface: &Surface,
    tokens: &[Token],
    (scored, sequence): (&[Scored], &[(Symbol, usize)]),
) -> (Vec<One>, Vec<Slip>) {
    let mut all = vec![One::default(); tokens.len()];
    let symbol = |at: usize| sequence.get(at).map_or(0, |(symbol, _)| *symbol);
    for (at, (_, token)) in sequence.iter().enumerate().skip(1).rev() {
        if let Some(one) = all.get_mut(*token) {
            one.at = at;
        }
    }
    let single = |at: usize| {
        let token = sequence.get(at).map_or(usize::MAX, |(_, token)| *token);
        tokens
            .get(token)
            .filter(|t| {
                is_word(t) && symbol(at) > class::END && sequence.get(at + 1).is_none_or(|(_, next)| *next != token)
            })
            .map(|_| token)
    };
    let none = Scored::default();
    let unlikely = |token: usize| scored.iter().skip(token).take(SWAPPED_AROUND).any(|s| s.ln < s.alone);
    let mut slips = Vec::new();
    for (token, t) in tokens.iter().enumerate() {
        let s = scored.get(token).unwrap_or(&none);
        let Some(one) = all.get(token).copied() else { continue };
        let mut one = One { place: s.ln - s.alone, ..one };
        let at = one.at;
        if at > 0 && is_word(t) {
            if tried.is_some() {
                one.drop = model.gain(sequence, at, 1, &[]);
            }
            if let (Some(_), Some(_)) = (single(at), single(at + 1))
                && symbol(at) != symbol(at + 1)
                && (tried.is_some() || unlikely(token))
            {
                one.swap = model.gain(sequence, at, 2, &[symbol(at + 1), symbol(at)]);
                if one.swap > SLIP {
                    slips.push(Slip { token, kind: SlipKind::Swapped, gain: one.swap });
                }
            }
            if let Some(group) = tried.and_then(|t| t.groups.iter().find(|group| group.contains(&symbol(at)))) {
                let others = group.iter().filter(|other| **other != symbol(at));
                one.replace = others.map(|new| model.gain(sequence, at, 1, &[*new])).fold(f32::NEG_INFINITY, f32::max);
            } else {
                one.replace = -10.0;
            }
            if !s.known && t.kind == TokenKind::Word {
                let found = model.best_spelling(surface.folded(t), sequence, at);
                one.respell = found.as_ref().map_or(-1.0, |(_, gain)| *gain);
                if let Some((meant, gain)) = found.filter(|(_, gain)| *gain > SLIP) {
                    slips.push(Slip { token, kind: SlipKind::Misspelt(meant), gain });
                }
            }
        }
        if let Some(slot) = all.get_mut(token) {
            *slot = one;
        }
    }
    (all, slips)
}

/// The signs of a sentence.
pub fn signs(
    model: &LanguageModel<'_>,
    tried: &Tried,
    surface: &Surface,
    tokens: &[Token],
    syntax: Option<&Syntax>,
) -> Signs {
    let (mut scored, mut sequence) = (Vec::new(), Vec::new());
    model.score(surface, tokens, &mut scored);
    model.sequence(surface, tokens, &mut sequence);
    let (all, slips) = ones(model, Some(tried), surface, tokens, (&scored, &sequence));
    let words: Vec<usize> = (0..tokens.len()).filter(|at| tokens.get(*at).is_some_and(is_word)).collect();
    let margins: Vec<f32> =
        syntax.map_or_else(Vec::new, |s| s.nodes().iter().map(|n| (n.tag_margin.max(0) as f32).sqrt()).collect());
    let mean = |list: &[f32]| list.iter().sum::<f32>() / list.len().max(1) as f32;
    let places: Vec<f32> = words.iter().map(|at| all.get(*at).map_or(0.0, |o| o.place)).collect();
    let mean_place = mean(&places);
    let mean_margin = mean(&margins);
    let of_words = words.iter().enumerate().map(|(nth, &token)| {
        (
            token,
            word_signs(
                &Sight {
                    surface,
                    tokens,
                    scored: &scored,
                    all: &all,
                    words: &words,
                    syntax,
                    mean_place,
                    mean_margin,
                    margins: &margins,
                },
                nth,
                token,
            ),
        )
    });
    let of_words = of_words.collect();
    let patterns = patterns(tokens, surface, &words, &all, &sequence, syntax);
    Signs {
        patterns,
        slips,
        sentence: sentence_signs(model, surface, tokens, &scored, &all, &words, &places, syntax, &margins),
        words: of_words,
    }
}

struct Sight<'a> {
    surface: &'a Surface,
    tokens: &'a [Token],
    scored: &'a [Scored],
    all: &'a [One],
    words: &'a [usize],
    syntax: Option<&'a Syntax>,
    mean_place: f32,
    mean_margin: f32,
    margins: &'a [f32],
}

fn index<T: PartialEq>(list: &[T], what: &T) -> f32 {
    list.iter().position(|x| x == what).map_or(-1.0, |at| at as f32)
}

fn part(upos: Upos) -> f32 {
    f32::from(upos as u8)
}

fn word_signs(sight: &Sight<'_>, nth: usize, token: usize) -> [f32; OF_WORD] {
    let missing = f32::NAN;
    let mut out = [missing; OF_WORD];
    let scored = |at: usize| sight.scored.get(at).copied().unwrap_or_default();
    let place = |at: Option<usize>| at.and_then(|at| sight.scored.get(at)).map_or(missing, |s| s.ln - s.alone);
    let ln = |at: Option<usize>| at.and_then(|at| sight.scored.get(at)).map_or(missing, |s| s.ln);
    let sum = |from: usize, to: usize| {
        (from..to.min(sight.tokens.len())).map(|at| sight.all.get(at).map_or(0.0, |o| o.place)).sum::<f32>()
    };
    let one = sight.all.get(token).copied().unwrap_or_default();
    let near = |at: Option<usize>| at.and_then(|at| sight.all.get(at));
    let s = scored(token);
    let before = token.checked_sub(1);
    let tree = sight.syntax;
    let node_at = tree.and_then(|tree| tree.at_token(token));
    let node = |offset: isize| {
        let at = node_at?.checked_add_signed(offset)?;
        tree?.node(at)
    };
    let the_part = |offset: isize| node(offset).map_or(missing, |n| part(n.upos));
    let Some(t) = sight.tokens.get(token) else { return out };
    let folded = sight.surface.folded(t);
    let again = (1..=6).find(|back| {
        token
            .checked_sub(*back)
            .and_then(|at| sight.tokens.get(at))
            .is_some_and(|o| is_word(o) && sight.surface.folded(o) == folded)
    });
    let is_mark = |at: Option<usize>| at.and_then(|at| sight.tokens.get(at)).is_none_or(|t| t.kind == TokenKind::Mark);
    let me = node(0);
    let values = [
        s.ln,
        s.ln - s.alone,
        s.alone,
        f32::from(s.order),
        f32::from(u8::from(s.known)),
        s.spelling,
        place(before),
        place(Some(token + 1)),
        ln(before),
        ln(Some(token + 1)),
        sum(token, token + 3),
        sum(token.saturating_sub(2), token + 1),
        sum(token.saturating_sub(1), token + 2),
        one.swap,
        near(before).map_or(missing, |o| o.swap),
        one.drop,
        one.replace,
        one.respell,
        near(before).map_or(missing, One::best),
        near(Some(token + 1)).map_or(missing, One::best),
        the_part(0),
        the_part(-1),
        the_part(1),
        the_part(2),
        the_part(-2),
        me.map_or(missing, |n| index(&TAGS, &n.xpos)),
        me.map_or(missing, |n| index(&RELATIONS, &n.relation)),
        node_at.and_then(|at| sight.margins.get(at)).copied().unwrap_or(missing),
        me.map_or(missing, |n| n.sureness),
        me.map_or(missing, |n| n.head.map_or(0.0, |h| h as f32 - node_at.unwrap_or(0) as f32)),
        node_at.zip(tree).map_or(missing, |(at, tree)| tree.children(at).count() as f32),
        me.and_then(|n| tree?.node(n.head?)).map_or(missing, |n| part(n.upos)),
        match t.case {
            Case::None => 0.0,
            Case::Lower => 1.0,
            Case::Title => 2.0,
            Case::Upper => 3.0,
            Case::Mixed => 4.0,
        },
        folded.chars().count() as f32,
        nth as f32,
        (sight.words.len() - 1 - nth) as f32,
        sight.words.len() as f32,
        again.map_or(0.0, |back| back as f32),
        f32::from(u8::from(is_mark(before))),
        f32::from(u8::from(is_mark(Some(token + 1)))),
        sight.mean_place,
        sight.mean_margin,
    ];
    out.copy_from_slice(&values);
    out
}

#[allow(clippy::too_many_arguments)]
fn sentence_signs(
    model: &LanguageModel<'_>,
    surface: &Surface,
    tokens: &[Token],
    scored: &[Scored],
    all: &[One],
    words: &[usize],
    places: &[f32],
    syntax: Option<&Syntax>,
    margins: &[f32],
) -> Vec<f32> {
    let mean = |list: &[f32]| list.iter().sum::<f32>() / list.len().max(1) as f32;
    let of = |what: fn(&One) -> f32| {
        let mut list: Vec<f32> = words.iter().filter_map(|at| all.get(*at)).map(what).collect();
        list.sort_by(|a, b| b.total_cmp(a));
        list.resize(2, -10.0);
        list
    };
    // Of all tokens, marks among them.
    let every: Vec<f32> = scored.iter().map(|s| s.ln - s.alone).collect();
    let mut threes: Vec<f32> = every.windows(3.min(every.len()).max(1)).map(|w| w.iter().sum()).collect();
    threes.sort_by(f32::total_cmp);
    let window = |n: usize| every.windows(n.min(every.len()).max(1)).map(|w| w.iter().sum::<f32>()).fold(0.0, f32::min);
    let lns: Vec<f32> = words.iter().filter_map(|at| scored.get(*at)).map(|s| s.ln).collect();
    let count = |what: &dyn Fn(&Token, &Scored) -> bool| {
        words
            .iter()
            .filter(|at| matches!((tokens.get(**at), scored.get(**at)), (Some(t), Some(s)) if what(t, s)))
            .count() as f32
    };
    let n = words.len().max(1) as f32;
    let swaps = of(|o| o.swap);
    let end = scored.last().copied().unwrap_or_default();
    let last_mark = tokens.last().filter(|t| t.kind == TokenKind::Mark).map(|t| surface.folded(t));
    let has_stop = last_mark.is_some_and(|m| matches!(m, "." | "!" | "?" | "…" | ":" | ";"));
    let has_stop = f32::from(u8::from(has_stop)) + f32::from(u8::from(last_mark.is_some()));
    let folded = |at: usize| tokens.get(at).map_or("", |t| surface.folded(t));
    let repeated =
        words.windows(2).filter(|w| matches!(w, [a, b] if *b == a + 1 && folded(*a) == folded(*b))).count() as f32;
    let phrase = words.windows(4).filter(|w| matches!(w, [a, b, c, d] if folded(*a) == folded(*c) && folded(*b) == folded(*d) && folded(*a) != folded(*b))).count() as f32;
    let spellings: Vec<f32> = words
        .iter()
        .filter_map(|at| Some((tokens.get(*at)?, scored.get(*at)?)))
        .filter(|(t, s)| t.kind == TokenKind::Word && s.alone < -6.0)
        .map(|(t, s)| if s.known { model.spelling(surface.folded(t)) } else { s.spelling })
        .collect();
    let latin = tokens
        .iter()
        .filter(|t| t.kind == TokenKind::Word)
        .filter(|t| surface.folded(t).chars().any(|c| c.is_alphabetic() && !('a'..='ɏ').contains(&c)))
        .count() as f32;
    let nodes = syntax.map_or(&[][..], |s| s.nodes());
    let sureness: Vec<f32> = nodes.iter().map(|n| n.sureness).collect();
    let (mut orphan, mut two) = (0.0, 0.0);
    if let Some(tree) = syntax {
        for (at, node) in nodes.iter().enumerate() {
            let kids = || tree.children(at).filter_map(|c| tree.node(c));
            let finite = node.upos == Upos::Verb
                && (node.is_finite() || kids().any(|c| c.is_finite() && c.plain_relation() == "aux"));
            if finite {
                let subject = kids().any(|c| matches!(c.plain_relation(), "nsubj" | "csubj" | "expl"));
                orphan += f32::from(u8::from(!subject && node.relation != "conj" && !node.relation.starts_with("acl")));
                let linked =
                    kids().any(|c| c.plain_relation() == "mark" || matches!(c.xpos, "WDT" | "WP" | "WRB" | "WP$"));
                two += f32::from(u8::from(
                    !linked && matches!(node.plain_relation(), "ccomp" | "parataxis" | "acl" | "advcl"),
                ));
            }
        }
    }
    let root = syntax.and_then(Syntax::root).and_then(|r| Some((r, syntax?.node(r)?)));
    let verbal =
        root.is_some_and(|(at, node)| node.upos == Upos::Verb || syntax.is_some_and(|s| s.child(at, "cop").is_some()));
    let finite = nodes.iter().filter(|n| n.is_finite()).count() as f32;
    let nouns = nodes.iter().filter(|n| matches!(n.upos, Upos::Noun | Upos::Propn)).count() as f32;
    let last_word = nodes.iter().rev().find(|n| n.upos != Upos::Punct);
    let last_function = last_word
        .is_some_and(|n| matches!(n.upos, Upos::Det | Upos::Adp | Upos::Cconj | Upos::Sconj | Upos::Aux | Upos::Part));
    let least = |list: &[f32]| list.iter().copied().fold(f32::INFINITY, f32::min).min(1e6);
    let capital = tokens
        .iter()
        .find(|t| is_word(t))
        .is_some_and(|t| matches!(t.case, Case::Title | Case::Upper | Case::Mixed) || t.kind == TokenKind::Number);
    vec![
        n,
        places.iter().sum(),
        mean(places),
        mean(&lns),
        least(&lns),
        least(places),
        window(2),
        threes.first().copied().unwrap_or(0.0),
        window(5),
        threes.get(3).copied().unwrap_or(0.0),
        swaps[0],
        swaps[1],
        of(|o| o.drop)[0],
        of(|o| o.replace)[0],
        of(|o| o.respell)[0],
        end.ln,
        end.ln - end.alone,
        has_stop,
        repeated,
        phrase,
        count(&|_, s| !s.known) / n,
        count(&|_, s| s.alone < -9.0) / n,
        count(&|t, _| t.case == Case::None && t.kind == TokenKind::Word),
        latin,
        mean(&spellings),
        least(&spellings),
        mean(margins),
        least(margins),
        margins.iter().filter(|m| **m < 30.0).count() as f32 / n,
        mean(&sureness),
        least(&sureness),
        sureness.iter().filter(|s| **s < 0.6).count() as f32 / n,
        f32::from(u8::from(verbal)),
        orphan,
        two,
        if finite == 0.0 { nouns } else { nouns / finite },
        f32::from(u8::from(last_function)),
        places.iter().filter(|p| **p < -1.0).count() as f32 / n,
        f32::from(u8::from(capital)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Language;
    use crate::surface::BlockKind;

    fn fluency(language: &str, text: &str) -> Option<Fluency> {
        let data = LanguageData::of(&Language::parse(language).expect("a language"));
        let surface = Surface::of_passage(text, data, &[], BlockKind::Body);
        let tokens = &surface.tokens;
        Fluency::of(&surface, tokens, Syntax::of(text, tokens, data).as_ref(), data)
    }

    #[test]
    fn spoilt_sentences_are_likelier_garbled() {
        let of = |text| fluency("en", text).expect("English is weighed").garbled;
        let clean = of("The minister said on Tuesday that the talks would continue until the end of the month.");
        for spoilt in [
            "The on said minister Tuesday the that continue talks end until of would the month the.",
            "The minister said on Tuesday that the the talks would continue until the end of the month.",
            "The minister said on Tuesday that the talks would continue until the",
            "The minister said on Tuesday that the talks would contniue until the end of the month.",
            "The minister said on Tuesday that talks the would continue until the end of the month.",
        ] {
            assert!(of(spoilt) > clean, "{spoilt}: {} and {clean}", of(spoilt));
        }
        assert!(clean < 0.2, "{clean}");
    }

    #[test]
    fn slips_are_told_with_what_mends_them() {
        let of = |text| fluency("en", text).expect("English is weighed").slips;
        let slips = of("The president of the goverment resigned on Tuesday.");
        assert!(
            matches!(&slips[..], [Slip { token: 4, kind: SlipKind::Misspelt(meant), .. }] if meant == "government"),
            "{slips:?}"
        );
        assert_eq!(of("The president of the government resigned on Tuesday."), []);
    }

    #[test]
    fn any_text_is_weighed_and_only_in_english() {
        assert!(fluency("fr", "Le chat dort.").is_none());
        for text in ["", ".", "…", "THE POLICE SAID", "日本 of of of", "e\u{301} — “x”!?!", "I can’t", "5pm www.a"]
        {
            let fluency = fluency("en", text).expect("English is weighed");
            assert!((0.0..=1.0).contains(&fluency.garbled) && (0.0..=1.0).contains(&fluency.scrambled), "{text}");
            assert!(fluency.words.iter().all(|w| w.odds.is_finite()), "{text}");
        }
    }

    #[test]
    fn a_word_stands_in_all_its_patterns() {
        let data = LanguageData::of(&Language::parse("en").expect("a language"));
        let text = "The talks of the talks.";
        let surface = Surface::of_passage(text, data, &[], BlockKind::Body);
        let model = models::language_model("en").expect("there is one");
        let syntax = Syntax::of(text, &surface.tokens, data);
        let signs = signs(model, &Tried::of(model), &surface, &surface.tokens, syntax.as_ref());
        assert_eq!(signs.patterns.len(), 5);
        // The word itself, whatever stands around it.
        assert_eq!(signs.patterns[1][24], signs.patterns[4][24]);
        assert_ne!(signs.patterns[1][25], signs.patterns[2][25]);
        assert_eq!(signs.sentence.len(), OF_SENTENCE);
    }
}
