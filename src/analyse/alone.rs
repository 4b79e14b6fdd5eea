//! What an English sentence shows without its source that tells how good it is: for `models::alone`.

use crate::digest::Digest;
use crate::language::LanguageData;
use crate::models::alone::{Alone, Estimate};
use crate::models::lm::{LanguageModel, Scored};
use crate::surface::{Case, Surface, Token, TokenKind};

/// Figures of a sentence.
pub const FIGURES: usize = 6;

/// The symbols of a sentence: small words and marks as they are, names and figures as classes, other words by their last two
/// letters.
pub fn symbols(surface: &Surface, tokens: &[Token], data: LanguageData) -> Vec<u64> {
    let small = data.table("function-words");
    let mut all = Vec::with_capacity(tokens.len() + 2);
    all.push(name("<s>", ""));
    let mut first = true;
    for token in tokens {
        let word = surface.folded(token);
        let symbol = match token.kind {
            TokenKind::Word if small.has(word) => name("", word),
            TokenKind::Word if !first && !matches!(token.case, Case::Lower | Case::None) => name("name", ""),
            TokenKind::Word => {
                let ending = word.char_indices().rev().nth(1).map_or(0, |(at, _)| at);
                name("-", if ending >= 2 { &word[ending..] } else { "" })
            }
            TokenKind::Number => name("0", ""),
            _ => name("", word),
        };
        first &= token.kind != TokenKind::Word;
        all.push(symbol);
    }
    all.push(name("</s>", ""));
    all
}

fn name(class: &str, word: &str) -> u64 {
    let mut digest = Digest::default();
    digest.write(class.as_bytes());
    digest.write(b" ");
    digest.write(word.as_bytes());
    digest.finish()
}

/// The figures of a sentence, whose manner is known.
pub fn figures(model: &LanguageModel<'_>, surface: &Surface, tokens: &[Token], manner: f32) -> [f32; FIGURES] {
    let mut scored = Vec::new();
    model.score(surface, tokens, &mut scored);
    let words: Vec<&Scored> =
        scored.iter().zip(tokens).filter(|(_, t)| t.kind == TokenKind::Word).map(|(s, _)| s).collect();
    let count = words.len().max(1) as f32;
    let mean = |of: fn(&Scored) -> f32| words.iter().map(|s| of(s)).sum::<f32>() / count;
    let gain = |s: &Scored| s.ln - s.alone;
    let worst = words.windows(3).map(|w| w.iter().map(|s| gain(s)).sum::<f32>()).fold(f32::INFINITY, f32::min);
    [
        manner,
        mean(|s| s.ln),
        mean(|s| s.ln - s.alone),
        if worst.is_finite() { worst } else { f32::NAN },
        words.len() as f32,
        words.iter().filter(|s| !s.known).count() as f32 / count,
    ]
}

/// How good an English sentence is, as far as it shows without its source; nothing where it has fewer than three words.
pub fn estimate(
    alone: &Alone<'_>,
    model: &LanguageModel<'_>,
    surface: &Surface,
    tokens: &[Token],
    data: LanguageData,
) -> Option<Estimate> {
    if tokens.iter().filter(|t| t.kind == TokenKind::Word).count() < 3 {
        return None;
    }
    let manner = alone.manner(&symbols(surface, tokens, data));
    Some(alone.estimate(&figures(model, surface, tokens, manner)))
}
