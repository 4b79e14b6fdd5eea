//! What a post-editor made of a translation: the words that were replaced one for one.

use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::{BlockKind, Surface, Token, TokenKind};

/// Words of a sentence that are compared; longer sentences are cut.
const MAX_WORDS: usize = 200;
/// The longest run of words that another of the same length replaces: of a longer one nobody knows which word stands for which.
const MAX_RUN: usize = 3;

/// A word in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The word that went.
    pub span: Span,
    /// The one that came, folded.
    pub word: String,
}

/// Sets apostrophes back that a tokeniser parted from their words: "don 't" is "don't".
pub fn rejoined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split(' ') {
        let ending = ["'s", "'t", "'re", "'ve", "'ll", "'d", "'m", "n't"].contains(&word.replace('’', "'").as_str());
        if !joined.is_empty() && !ending {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// The words of a translation that an editor replaced one for one. Words that stayed are the longest common run of the two texts,
/// marks left out; between them, as many words stand for as many, up to three.
pub fn replaced(target: &str, post_edit: &str, data: LanguageData) -> Vec<Replaced> {
    let post_edit = rejoined(post_edit);
    let before = Surface::of_passage(target, data, &[], BlockKind::Body);
    let after = Surface::of_passage(&post_edit, data, &[], BlockKind::Body);
    let (a, b) = (words(&before), words(&after));
    let (n, m) = (a.len(), b.len());
    let same = |i: usize, j: usize| before.folded(a[i]) == after.folded(b[j]);
    // How many words stay from each two places on.
    let mut stay = vec![0_u32; (n + 1) * (m + 1)];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            let at = i * (m + 1) + j;
            stay[at] = if same(i, j) { stay[at + m + 2] + 1 } else { stay[at + m + 1].max(stay[at + 1]) };
        }
    }
    let mut found = Vec::new();
    let (mut i, mut j, mut from) = (0, 0, (0, 0));
    let mut close = |from: (usize, usize), to: (usize, usize)| {
        let run = to.0 - from.0;
        if run == to.1 - from.1 && (1..=MAX_RUN).contains(&run) {
            found.extend(
                (0..run)
                    .map(|at| Replaced { span: a[from.0 + at].span, word: after.folded(b[from.1 + at]).to_owned() }),
            );
        }
    };
    while i < n && j < m {
        let at = i * (m + 1) + j;
        if same(i, j) {
            close(from, (i, j));
            (i, j) = (i + 1, j + 1);
            from = (i, j);
        } else if stay[at + m + 1] >= stay[at + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    close(from, (n, m));
    found
}

fn words(surface: &Surface) -> Vec<&Token> {
    let word = |t: &&Token| matches!(t.kind, TokenKind::Word | TokenKind::Number);
    surface.tokens.iter().filter(word).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_replaced_one_for_one() {
        let data = LanguageData::named("en").expect("English");
        let found = |target: &str, post_edit: &str| {
            let of = |r: Replaced| format!("{}>{}", r.span.of(target), r.word);
            replaced(target, post_edit, data).into_iter().map(of).collect::<Vec<_>>()
        };
        assert_eq!(found("He left the frames.", "He left the footage ."), ["frames>footage"]);
        assert_eq!(found("They don't go.", "They don 't stay ."), ["go>stay"]);
        assert_eq!(found("A severe wind blew", "A wind blew"), [""; 0]);
        assert_eq!(found("The big red car", "The small blue car"), ["big>small", "red>blue"]);
        assert_eq!(found("one two three four", "five six seven eight"), [""; 0], "too long a run");
        assert_eq!(found("", "a"), [""; 0]);
        assert_eq!(found("go", "stay"), ["go>stay"]);
    }
}
