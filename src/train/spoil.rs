//! Sentences spoilt on purpose in seven ways: what the garble model learns from, and what it is measured by.

use rand::RngExt as _;
use rand::seq::SliceRandom as _;
use rand_pcg::Pcg64Mcg;

use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{Case, Surface, Token, TokenKind};

/// A sentence of fewer words is not spoilt.
const LEAST_WORDS: usize = 5;
/// The shortest word that is misspelt, in letters.
const MISSPELT_LETTERS: usize = 4;

/// A way to spoil a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Its words in any order.
    Shuffled,
    /// Two neighbours swapped.
    Swapped,
    /// One word left out.
    Dropped,
    /// One edit in one word of small letters.
    Misspelt,
    /// Cut after two thirds, without a stop.
    Cut,
    /// One word twice.
    Repeated,
    /// A quarter of its words are the source's.
    Mixed,
}

impl Way {
    /// In the order of the report.
    pub const ALL: [Self; 7] =
        [Self::Shuffled, Self::Swapped, Self::Dropped, Self::Misspelt, Self::Cut, Self::Repeated, Self::Mixed];

    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shuffled => "shuffled",
            Self::Swapped => "one swap",
            Self::Dropped => "one dropped",
            Self::Misspelt => "one misspelt",
            Self::Cut => "cut",
            Self::Repeated => "one repeated",
            Self::Mixed => "code-mixed",
        }
    }

    /// A sentence, spoilt; `None` where it has nothing that could be.
    pub fn spoil(self, sentence: &Clean, random: &mut Pcg64Mcg) -> Option<String> {
        let Clean { text, words, source } = sentence;
        let of = |at: usize| words.get(at).map(|(span, _)| span.of(text));
        let any = |list: &[usize], random: &mut Pcg64Mcg| {
            (!list.is_empty()).then(|| list[random.random_range(0..list.len())])
        };
        match self {
            Self::Shuffled => {
                let mut order: Vec<usize> = (0..words.len()).collect();
                order.shuffle(random);
                let new: Vec<(Span, &str)> =
                    words.iter().zip(&order).filter_map(|((span, _), from)| Some((*span, of(*from)?))).collect();
                Some(replaced(text, &new)).filter(|new| new != text)
            }
            Self::Swapped => {
                let fits = |&at: &usize| match (words.get(at), words.get(at + 1)) {
                    (Some((a, _)), Some((b, _))) => {
                        Span::new(a.end(), b.start()).of(text) == " " && !a.of(text).eq_ignore_ascii_case(b.of(text))
                    }
                    _ => false,
                };
                let at = any(&(0..words.len()).filter(fits).collect::<Vec<_>>(), random)?;
                let (a, b) = (words.get(at)?.0, words.get(at + 1)?.0);
                Some(replaced(text, &[(a, b.of(text)), (b, a.of(text))]))
            }
            Self::Dropped => {
                let at = random.random_range(0..words.len());
                let span = words.get(at)?.0;
                let space = text.get(..span.start())?.len() - text.get(..span.start())?.trim_end().len();
                Some(replaced(text, &[(Span::new(span.start() - space, span.end()), "")]).trim_start().to_owned())
            }
            Self::Misspelt => {
                let fits = |&at: &usize| {
                    words.get(at).is_some_and(|(span, case)| {
                        let word = span.of(text);
                        *case == Case::Lower
                            && word.len() >= MISSPELT_LETTERS
                            && word.bytes().all(|b| b.is_ascii_lowercase())
                    })
                };
                let at = any(&(0..words.len()).filter(fits).collect::<Vec<_>>(), random)?;
                let new = misspelt(of(at)?, random);
                Some(replaced(text, &[(words.get(at)?.0, &new)]))
            }
            Self::Cut => {
                let (last, _) = words.get((words.len() * 2 / 3).checked_sub(1)?)?;
                text.get(..last.end()).map(str::to_owned)
            }
            Self::Repeated => {
                let fits = |&at: &usize| of(at).is_some_and(|word| word.chars().all(char::is_alphabetic));
                let at = any(&(0..words.len()).filter(fits).collect::<Vec<_>>(), random)?;
                let twice = format!("{0} {0}", of(at)?);
                Some(replaced(text, &[(words.get(at)?.0, &twice)]))
            }
            Self::Mixed => {
                if source.is_empty() {
                    return None;
                }
                let mut places: Vec<usize> = (0..words.len()).collect();
                places.shuffle(random);
                places.truncate((words.len() / 4).max(1));
                places.sort_unstable();
                let new: Vec<(Span, &str)> = places
                    .iter()
                    .filter_map(|&at| {
                        Some((words.get(at)?.0, source.get(random.random_range(0..source.len()))?.as_str()))
                    })
                    .collect();
                Some(replaced(text, &new))
            }
        }
    }
}

/// A word with one letter left out, exchanged, added, or two swapped.
fn misspelt(word: &str, random: &mut Pcg64Mcg) -> String {
    let letters: Vec<char> = word.chars().collect();
    loop {
        let mut new = letters.clone();
        let at = random.random_range(0..new.len());
        let letter = char::from(b'a' + random.random_range(0..26_u8));
        match random.random_range(0..4_u8) {
            0 => drop(new.remove(at)),
            1 => new[at] = letter,
            2 => new.insert(at, letter),
            _ if at + 1 < new.len() => new.swap(at, at + 1),
            _ => {}
        }
        if new != letters {
            return new.into_iter().collect();
        }
    }
}

/// A text with other words in places of its own, which are in order.
fn replaced(text: &str, new: &[(Span, &str)]) -> String {
    let (mut out, mut at) = (String::with_capacity(text.len() + 16), 0);
    for (span, word) in new {
        out.push_str(text.get(at..span.start()).unwrap_or(""));
        out.push_str(word);
        at = span.end();
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// A sentence as it was published.
#[derive(Clone, Debug)]
pub struct Clean {
    /// The sentence.
    pub text: String,
    /// Its words, with their case.
    words: Vec<(Span, Case)>,
    /// Words of what it was translated from.
    pub source: Vec<String>,
}

fn words_of(tokens: &[Token]) -> Vec<(Span, Case)> {
    tokens.iter().filter(|t| t.kind == TokenKind::Word).map(|t| (t.span, t.case)).collect()
}

/// The sentences of a text, each with its words from its beginning.
pub fn sentences(text: &str, data: LanguageData) -> Vec<Clean> {
    let surface = Surface::new(text, data, &[], &[]);
    surface
        .sentences
        .iter()
        .filter_map(|sentence| {
            let tokens = surface.tokens_of(sentence);
            let start = sentence.span.start();
            let shifted = |(span, case): (Span, Case)| (Span::new(span.start() - start, span.end() - start), case);
            let words: Vec<(Span, Case)> = words_of(tokens).into_iter().map(shifted).collect();
            let text = sentence.span.of(text).to_owned();
            (words.len() >= LEAST_WORDS).then_some(Clean { text, words, source: Vec::new() })
        })
        .collect()
}
