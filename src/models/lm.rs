//! The language model: how probable the words of a sentence are, each after those before it; and of a word that is not known,
//! how likely its letters are.
//!
//! What the model takes a token for is told by [`LanguageModel::sequence`]. Words are compared folded. Figures stand for classes
//! by their shape. Names, which are many and say little about what stands beside them, have a number of their own only where they
//! are frequent; the others are one class, so that a rare name is never improbable for being rare. A common word with a capital
//! within a sentence is taken for a name too. A few words are two with capital and without (May and may, US and us). Other rare
//! words are classes by their ending.

use crate::models::ngram::{Ngrams, Probability, State};
use crate::models::slots::{Slots, mix};
use crate::models::{BadModel, ModelFile};
use crate::surface::{Case, Surface, Token, TokenKind};

/// A word or class, by number.
pub type Symbol = u16;

/// The classes below [`FIRST_ENDING`].
pub mod class {
    use super::Symbol;
    /// Before the first word of a sentence.
    pub const BEGIN: Symbol = 1;
    /// After the last.
    pub const END: Symbol = 2;
    /// A name: a word with a capital that is not known, or a common word with a capital within a sentence.
    pub const NAME: Symbol = 3;
    /// An unknown word in capitals.
    pub const CAPITALS: Symbol = 4;
    /// An unknown word of capitals and others: McDonald, iPhone.
    pub const MIXED: Symbol = 5;
    /// An unknown word of a script without case.
    pub const NO_CASE: Symbol = 6;
    /// An unknown mark.
    pub const MARK: Symbol = 7;
    /// One digit.
    pub const DIGIT: Symbol = 8;
    /// Two.
    pub const TWO_DIGITS: Symbol = 9;
    /// Four that may be a year.
    pub const YEAR: Symbol = 10;
    /// Three, or more than three.
    pub const DIGITS: Symbol = 11;
    /// Digits with marks in them: 3.5, 10,000, 10:30.
    pub const BROKEN: Symbol = 12;
    /// 1st, 22nd.
    pub const ORDINAL: Symbol = 13;
    /// 1990s.
    pub const DECADE: Symbol = 14;
    /// Other words that begin with a digit: 3D, 10km.
    pub const NUMBER_WORD: Symbol = 15;
    /// A word in small letters, not known, with none of the common endings.
    pub const SMALL: Symbol = 16;
}

/// The first class of words with one of the common endings.
pub const FIRST_ENDING: Symbol = 24;
/// The first word.
pub const FIRST_WORD: Symbol = 96;
/// Bits of a slot of the words that are the number.
pub const WORD_BITS: u32 = 16;
/// The longest ending, in characters.
pub const MAX_ENDING: usize = 4;
/// Letters of a word beyond which its spelling is not asked for.
const MAX_LETTERS: usize = 40;

/// Without a capital it is not known. (Of the byte that the model has for each word.)
pub const IS_NAME: u8 = 1;
/// With a capital within a sentence it is taken for a name.
pub const RARELY_CAPITAL: u8 = 2;
/// There is another word with a capital, which is the more frequent.
pub const CAPITAL_FIRST: u8 = 4;

/// What a word is looked up by. `cased`: the word as it is with a capital.
pub fn word_key(word: &str, cased: bool) -> u64 {
    key(word.chars(), if cased { 1 } else { 0 })
}

/// What an ending is looked up by.
pub fn ending_key(ending: impl Iterator<Item = char>) -> u64 {
    key(ending, 2)
}

fn key(letters: impl Iterator<Item = char>, what: u64) -> u64 {
    letters.fold(mix(what), |h, c| (h.rotate_left(23) ^ u64::from(u32::from(c))).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

/// A mark as the model knows it: quotation marks of one kind, dashes of another.
pub fn mark(folded: &str, glued: bool) -> &str {
    match folded {
        "“" | "”" | "„" | "«" | "»" | "‟" | "``" | "''" => "\"",
        "–" | "—" | "―" | "--" => "—",
        "-" if !glued => "—",
        "…" => ".",
        other => other,
    }
}

/// The class of a number.
pub fn number_class(folded: &str) -> Symbol {
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let all = folded.chars().count();
    let rest = folded.trim_start_matches(|c: char| c.is_numeric());
    match (digits, all) {
        (1, 1) => class::DIGIT,
        (2, 2) => class::TWO_DIGITS,
        (4, 4) if folded.starts_with(['1', '2']) => class::YEAR,
        _ if digits == all => class::DIGITS,
        _ if matches!(rest, "st" | "nd" | "rd" | "th") => class::ORDINAL,
        _ if matches!(rest, "s" | "'s") => class::DECADE,
        _ if folded.chars().any(char::is_alphabetic) => class::NUMBER_WORD,
        _ if digits > 0 => class::BROKEN,
        _ => class::NUMBER_WORD,
    }
}

/// What an English possessive ends with: a word of its own to the model.
pub const POSSESSIVE: &str = "'s";

/// What the model takes a token for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The word, or its class.
    pub symbol: Symbol,
    /// A second one that it ends with: the possessive.
    pub second: Option<Symbol>,
    /// Whether the model knows the word, be it as one of a class; names and figures count as known.
    pub known: bool,
}

/// How probable a token is in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scored {
    /// The natural logarithm of its probability after the words before it; of an unknown word, of its class.
    pub ln: f32,
    /// The same without what stands before. `ln - alone` below nought: the place makes the word less likely than chance, however
    /// rare or frequent it is.
    pub alone: f32,
    /// Words of the longest n-gram found, this one counted.
    pub order: u8,
    /// Whether the word is known. Names and figures always are.
    pub known: bool,
    /// Of an unknown word, the mean natural logarithm of its letters' probabilities; 0 of others.
    pub spelling: f32,
}

/// The words of a model: what tokens are taken for.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    table: Slots<'a>,
    /// A byte a symbol.
    traits: &'a [u8],
    possessive: bool,
}

/// The model of a language.
#[derive(Clone, Copy, Debug)]
pub struct LanguageModel<'a> {
    words: Words<'a>,
    /// Their table, as it is packed.
    table: &'a [u8],
    ngrams: Ngrams<'a>,
    letters: Ngrams<'a>,
    /// The letters' characters, sorted, each four bytes.
    alphabet: &'a [u8],
}

/// The section that a language has if the possessive is split from its words.
pub const POSSESSIVE_SECTION: &str = "possessive";
/// The first letter's number in the model of letters; below are the marks.
pub const FIRST_LETTER: u16 = 4;
/// A letter that the alphabet lacks.
pub const NO_LETTER: u16 = 3;

impl<'a> Words<'a> {
    /// The words of a model from their table and their traits; `None` where the table is damaged. `possessive`: whether it is a
    /// word of its own.
    pub fn new(table: &'a [u8], traits: &'a [u8], possessive: bool) -> Option<Self> {
        Some(Self { table: Slots::new(table, WORD_BITS)?, traits, possessive })
    }

    fn has(&self, symbol: Symbol, what: u8) -> bool {
        self.traits.get(usize::from(symbol)).is_some_and(|traits| traits & what != 0)
    }

    /// The symbol that a word is listed with.
    pub fn look_up(&self, folded: &str, cased: bool) -> Option<Symbol> {
        self.table.get(word_key(folded, cased)).and_then(|symbol| Symbol::try_from(symbol).ok())
    }

    /// What the model takes a word for. `first`: it stands first in its sentence, so that its capital says nothing; `plain`: the
    /// whole sentence is in capitals, so that they say nothing anywhere.
    pub fn word(&self, folded: &str, case: Case, first: bool, plain: bool) -> (Symbol, bool) {
        let case = if plain { Case::Lower } else { case };
        let capital = !matches!(case, Case::Lower | Case::None);
        // What is a word of its own with a capital; at the beginning, the more frequent of the two.
        let small = self.look_up(folded, false);
        if capital
            && (!first || case == Case::Upper || small.is_some_and(|symbol| self.has(symbol, CAPITAL_FIRST)))
            && let Some(symbol) = self.look_up(folded, true)
        {
            return (symbol, true);
        }
        match small {
            Some(symbol) if capital && !first && self.has(symbol, RARELY_CAPITAL) => (class::NAME, true),
            Some(symbol) => (symbol, capital || plain || !self.has(symbol, IS_NAME)),
            None if plain => (class::CAPITALS, true),
            None => match case {
                Case::Title => (class::NAME, true),
                Case::Upper => (class::CAPITALS, true),
                Case::Mixed => (class::MIXED, true),
                Case::None => (class::NO_CASE, false),
                Case::Lower => (self.ending(folded), false),
            },
        }
    }

    /// The class of an unknown word in small letters.
    fn ending(&self, folded: &str) -> Symbol {
        let letters = folded.chars().rev().take(MAX_ENDING + 1).count();
        (2..=MAX_ENDING.min(letters.saturating_sub(1)))
            .rev()
            .find_map(|length| self.table.get(ending_key(folded.chars().rev().take(length))))
            .and_then(|symbol| Symbol::try_from(symbol).ok())
            .unwrap_or(class::SMALL)
    }

    /// What the model takes a token for; nothing for a mask.
    pub fn taken(&self, surface: &Surface, token: &Token, first: bool, plain: bool) -> Option<Taken> {
        let folded = surface.folded(token);
        let one = |symbol, known| Some(Taken { symbol, second: None, known });
        match token.kind {
            TokenKind::Mask => None,
            TokenKind::Number => one(number_class(folded), true),
            TokenKind::Mark => one(self.look_up(mark(folded, token.glued), false).unwrap_or(class::MARK), true),
            TokenKind::Word => {
                let base = folded.strip_suffix(POSSESSIVE).filter(|base| self.possessive && !base.is_empty());
                let (symbol, known) = self.word(base.unwrap_or(folded), token.case, first, plain);
                Some(Taken { symbol, second: base.and_then(|_| self.look_up(POSSESSIVE, false)), known })
            }
        }
    }
}

impl<'a> LanguageModel<'a> {
    /// Reads a model in place.
    ///
    /// # Errors
    /// It is damaged, or something else.
    pub fn read(name: &'static str, bytes: &'a [u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        Self::of(&file).ok_or(BadModel::Damaged(name))
    }

    fn of(file: &ModelFile<'a>) -> Option<Self> {
        let section = |name: &str| file.sections.iter().find(|(n, _)| *n == name).map(|(_, bytes)| *bytes);
        let alphabet = section("alphabet")?;
        let model = Self {
            table: section("words")?,
            words: Words::new(section("words")?, section("traits")?, section(POSSESSIVE_SECTION).is_some())?,
            ngrams: Ngrams::new(section("ngrams")?)?,
            letters: Ngrams::new(section("letters")?)?,
            alphabet,
        };
        let sound = model.ngrams.symbols() == model.words.traits.len()
            && model.letters.symbols() == alphabet.len() / 4 + usize::from(FIRST_LETTER);
        sound.then_some(model)
    }

    /// Scores the tokens of a sentence into `out`, one each, and then the end of the sentence. A mask is passed over: nought.
    pub fn score(&self, surface: &Surface, tokens: &[Token], out: &mut Vec<Scored>) {
        out.clear();
        out.reserve(tokens.len() + 1);
        let plain = in_capitals(tokens);
        let mut state = self.begin();
        let mut first = true;
        for token in tokens {
            let Some(taken) = self.words.taken(surface, token, first, plain) else {
                out.push(Scored { known: true, order: 1, ..Scored::default() });
                continue;
            };
            // What stands first after a mark that opens stands first.
            first = first && token.kind == TokenKind::Mark;
            let (found, next) = self.ngrams.next(&state, taken.symbol);
            state = next;
            let mut scored = Scored {
                ln: found.ln,
                alone: found.alone,
                order: found.order as u8,
                known: taken.known,
                spelling: if taken.known { 0.0 } else { self.spelling(surface.folded(token)) },
            };
            if let Some(second) = taken.second {
                let (found, next) = self.ngrams.next(&state, second);
                state = next;
                scored.ln += found.ln;
                scored.alone += found.alone;
            }
            out.push(scored);
        }
        let (end, _) = self.ngrams.next(&state, class::END);
        out.push(Scored { ln: end.ln, alone: end.alone, order: end.order as u8, known: true, spelling: 0.0 });
    }

    /// The state at the beginning of a sentence.
    pub fn begin(&self) -> State {
        self.ngrams.after(class::BEGIN)
    }

    /// How probable a symbol is in a state, and the state behind it: for trying other words in a place.
    pub fn next(&self, state: &State, symbol: Symbol) -> (Probability, State) {
        self.ngrams.next(state, symbol)
    }

    /// What a sentence's tokens are taken for, between the marks of its beginning and end, each with the token it comes from.
    pub fn sequence(&self, surface: &Surface, tokens: &[Token], out: &mut Vec<(Symbol, usize)>) {
        out.clear();
        out.reserve(tokens.len() + 8);
        let plain = in_capitals(tokens);
        let mut first = true;
        out.push((class::BEGIN, 0));
        for (at, token) in tokens.iter().enumerate() {
            if let Some(taken) = self.words.taken(surface, token, first, plain) {
                out.push((taken.symbol, at));
                out.extend(taken.second.map(|second| (second, at)));
            }
            first = first && token.kind == TokenKind::Mark;
        }
        out.push((class::END, tokens.len()));
    }

    /// How much more probable a sequence becomes where some of it, from `at` on, is replaced: the natural logarithm of how many
    /// times. Looks at no more than the order of the model around the place.
    pub fn gain(&self, sequence: &[(Symbol, usize)], at: usize, old: usize, new: &[Symbol]) -> f32 {
        const REACH: usize = 3;
        let from = at.saturating_sub(REACH);
        let (Some(before), Some(behind)) = (sequence.get(from..at), sequence.get(at + old..)) else { return 0.0 };
        let replaced = sequence.get(at..at + old).unwrap_or(&[]);
        let behind = behind.iter().take(REACH).map(|(symbol, _)| *symbol);
        let mut state = State::default();
        for (symbol, _) in before {
            state = self.ngrams.next(&state, *symbol).1;
        }
        let sum = |symbols: &mut dyn Iterator<Item = Symbol>| {
            let mut state = state;
            let mut sum = 0.0;
            for symbol in symbols {
                let (found, next) = self.ngrams.next(&state, symbol);
                state = next;
                sum += found.ln;
            }
            sum
        };
        sum(&mut new.iter().copied().chain(behind.clone()))
            - sum(&mut replaced.iter().map(|(symbol, _)| *symbol).chain(behind))
    }

    /// The known word, one slip from an unknown one, that fits its place best, and how much more probable it is there than the
    /// word, its letters counted. `at` is the word's place in the sequence.
    pub fn best_spelling(&self, folded: &str, sequence: &[(Symbol, usize)], at: usize) -> Option<(String, f32)> {
        let letters: Vec<char> = self.letters().collect();
        let as_it_is = self.spelling(folded) * (folded.chars().take(MAX_LETTERS).count() + 1) as f32;
        let mut best: Option<(String, f32)> = None;
        each_edit(folded, &letters, &mut |other| {
            if let Some(symbol) = self.known(other).filter(|s| *s >= FIRST_WORD) {
                let gain = self.gain(sequence, at, 1, &[symbol]) - as_it_is;
                if best.as_ref().is_none_or(|(_, most)| gain > *most) {
                    best = Some((other.to_owned(), gain));
                }
            }
        });
        best
    }

    /// The letters of the language.
    fn letters(&self) -> impl Iterator<Item = char> {
        let number = |bytes: &[u8]| bytes.try_into().ok().map(u32::from_le_bytes).and_then(char::from_u32);
        self.alphabet.chunks_exact(4).filter_map(number).filter(|c| c.is_lowercase())
    }

    /// Whether its table of words is this one, so that its symbols are known to be the same.
    pub fn is_of(&self, table: &[u8]) -> bool {
        self.table == table
    }

    /// The words.
    pub fn words(&self) -> &Words<'a> {
        &self.words
    }

    /// The symbol of a word in small letters, if it is known and no name.
    pub fn known(&self, folded: &str) -> Option<Symbol> {
        self.words.look_up(folded, false).filter(|symbol| !self.words.has(*symbol, IS_NAME))
    }

    /// The mean natural logarithm of the probabilities of a word's letters and its end, among words of the language.
    pub fn spelling(&self, folded: &str) -> f32 {
        let mut state = self.letters.after(class::BEGIN);
        let (mut sum, mut count) = (0.0, 0.0);
        let letters = folded.chars().take(MAX_LETTERS).map(|c| self.letter(c));
        for letter in letters.chain([class::END]) {
            let (found, next) = self.letters.next(&state, letter);
            state = next;
            sum += found.ln;
            count += 1.0;
        }
        sum / count
    }

    fn letter(&self, c: char) -> u16 {
        let of = |at: usize| {
            let bytes = self.alphabet.get(at * 4..at * 4 + 4).and_then(|b| b.try_into().ok()).unwrap_or([0; 4]);
            u32::from_le_bytes(bytes)
        };
        let (mut low, mut high) = (0, self.alphabet.len() / 4);
        while low < high {
            let middle = usize::midpoint(low, high);
            match of(middle).cmp(&u32::from(c)) {
                std::cmp::Ordering::Equal => return FIRST_LETTER + middle as u16,
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        NO_LETTER
    }
}

/// Whether the words of a sentence are in capitals throughout, so that capitals say nothing.
pub fn in_capitals(tokens: &[Token]) -> bool {
    let mut words = tokens.iter().filter(|t| t.kind == TokenKind::Word && t.case != Case::None).peekable();
    let several = words.clone().nth(2).is_some();
    several && words.all(|t| t.case == Case::Upper)
}

/// Calls for every word that is one slip from another: a letter left out, exchanged, added, or two swapped. Those that are the
/// word itself are among them.
pub fn each_edit(word: &str, letters: &[char], see: &mut dyn FnMut(&str)) {
    let chars: Vec<char> = word.chars().collect();
    let mut other = String::with_capacity(word.len() + 4);
    for at in 0..=chars.len() {
        let (before, behind) = chars.split_at(at);
        let mut with = |middle: &[char], behind: &[char]| {
            other.clear();
            other.extend(before.iter().chain(middle).chain(behind));
            see(&other);
        };
        if let [a, rest @ ..] = behind {
            with(&[], rest);
            if let [b, rest @ ..] = rest {
                with(&[*b, *a], rest);
            }
            for &letter in letters.iter().filter(|letter| *letter != a) {
                with(&[letter], rest);
            }
        }
        for &letter in letters {
            with(&[letter], behind);
        }
    }
}
