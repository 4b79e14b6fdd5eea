//! `garble/gibberish`: letters that make no word.

use crate::analyse::{Document, Passage};
use crate::check::repair::is_part_of_code;
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::{Case, TokenKind};

pub(in crate::check) static GIBBERISH: Rule = Rule {
    id: "garble/gibberish",
    summary: "Letters that make no word: a piece of one again and again.",
    mqm: "linguistic/unintelligible",
    its: "uncategorized",
    severity: Severity::Critical,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(gibberish),
};

/// A decoder that builds words from pieces goes round within one. All 14 in 44,000 sentences of machine translation were such;
/// in 60 million words of edited text there is none.
const PIECES: f64 = 0.92;
/// Fewest and most letters of the piece: shorter ones are laughter and song.
const PIECE: std::ops::RangeInclusive<usize> = 3..=8;
/// How often a piece must stand there, and one of consonants alone.
const TIMES: usize = 3;
const TIMES_OF_CONSONANTS: usize = 2;
/// Fewest letters of the word beside the pieces: “blablabla” is nothing but pieces.
const BESIDE: usize = 2;
/// The longest word that is looked at: longer ones are codes.
const MAX_LETTERS: usize = 64;

fn gibberish(_: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    for (at, token) in passage.tokens().iter().enumerate() {
        let likely = token.kind == TokenKind::Word && matches!(token.case, Case::Lower | Case::Title);
        if !likely || token.span.len() < PIECE.start() * TIMES_OF_CONSONANTS + BESIDE {
            continue;
        }
        let word = passage.folded(token);
        if has_pieces(word) && !is_part_of_code(passage, at) {
            out.push(
                Draft::new(
                    token.span,
                    PIECES,
                    "these letters make no word: the same piece of one comes again and again",
                )
                .because(EvidenceKind::Pattern, "a piece of a word again and again", None),
            );
        }
    }
}

fn has_pieces(word: &str) -> bool {
    let mut letters = ['\0'; MAX_LETTERS];
    let mut count = 0;
    for c in word.chars() {
        if count == MAX_LETTERS || !c.is_alphabetic() {
            return false;
        }
        letters[count] = c;
        count += 1;
    }
    let letters = &letters[..count];
    PIECE.take_while(|piece| piece * TIMES_OF_CONSONANTS + BESIDE <= count).any(|piece| goes_round(letters, piece))
}

/// Whether a piece of so many letters comes again and again.
fn goes_round(letters: &[char], piece: usize) -> bool {
    let mut run = 0;
    for at in 0..letters.len() - piece {
        run = if letters[at] == letters[at + piece] { run + 1 } else { 0 };
        let (times, first) = ((run + piece) / piece, at + 1 - run);
        let part = &letters[first..first + piece];
        let beside = letters.len() - times * piece;
        if run == 0 || beside < BESIDE || times < TIMES_OF_CONSONANTS || part.iter().all(|c| *c == part[0]) {
            continue;
        }
        // “Ururur…”, “vorvorvorletzte”: what a word begins with may be set before it again and again.
        let inner = first >= BESIDE && !is_sound(part);
        if (times >= TIMES && inner) || (part.iter().all(|&c| is_consonant(c)) && part != ['s', 'c', 'h']) {
            return true;
        }
    }
    false
}

/// “lala”, “haha”: a piece that is itself a sound said twice.
fn is_sound(part: &[char]) -> bool {
    part.len().is_multiple_of(2) && part[..2].iter().cycle().zip(part).all(|(one, other)| one == other)
}

/// German and Dutch join words at three consonants (“Tischschublade”), of which “sch” alone comes twice.
fn is_consonant(c: char) -> bool {
    c.is_ascii_alphabetic() && !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
