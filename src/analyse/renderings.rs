//! Which name of the source a name of the translation renders, as far as the alignment and the likeness of names tell.
//!
//! It is asked of single names, from the translation's side, because scripts without capitals do not show what is a name.

use icu_properties::props::Script;

use crate::analyse::Document;
use crate::names;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, fold};

/// A word of the source that may be the name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SourceName<'a> {
    /// Its place in the source.
    pub span: Span,
    /// Its letters, without the small words that some scripts write in one with it.
    pub text: &'a str,
    /// How like the two are to be one name; at [`ALIKE`] and above they are taken for one.
    pub likeness: f64,
}

/// The likeness from which two names are taken for one: the threshold that [`names::likeness`] was fitted to.
pub const ALIKE: f64 = 0.5;
/// The most source words that one name is compared with.
pub const MAX_CANDIDATES: usize = 160;
/// The most tokens of unspaced text that make one name.
const MAX_RUN: usize = 4;
/// What Arabic and Hebrew write in one with the next word: and, with, for, so, as, in, the.
const PREFIXES: [char; 10] = ['و', 'ب', 'ل', 'ف', 'ك', 'ו', 'ב', 'ל', 'ה', 'מ'];

/// The source word, of the sentences that a target sentence renders and as many as `reach` before and behind them, that is
/// likest to be a name; `None` where there is no source, or none is alike.
pub fn rendered<'d>(document: &'d Document<'_>, sentence: usize, reach: usize, name: &str) -> Option<SourceName<'d>> {
    let folded = fold(name);
    let mut best: Option<SourceName<'d>> = None;
    for (span, text) in candidates(document, sentence, reach) {
        let likeness = likeness(document, text, name, &folded);
        if likeness >= ALIKE && best.is_none_or(|b| likeness > b.likeness) {
            best = Some(SourceName { span, text, likeness });
        }
    }
    best
}

/// How often the sentences that a target sentence renders have a name, accents apart in Latin letters.
pub fn times_written(document: &Document<'_>, sentence: usize, name: &str) -> usize {
    let (letters, folded) = (names::plain(name), fold(name));
    let same = |text: &str| {
        if letters.is_empty() {
            return fold(text) == folded;
        }
        let text = names::plain(text);
        text == letters || text.strip_suffix('s') == Some(letters.as_str())
    };
    candidates(document, sentence, 0).iter().filter(|(_, text)| same(text)).count()
}

/// How like a word of the source and a name of the translation are to be one. Names in Latin letters stay as they are, but for
/// an ending of the genitive.
pub fn likeness(document: &Document<'_>, source: &str, name: &str, folded: &str) -> f64 {
    let Some(language) = document.source_language() else { return 0.0 };
    if source.chars().any(|c| c.is_ascii_alphabetic()) {
        let source = fold(source);
        let same = source == folded || source.strip_suffix("'s").or(source.strip_suffix('s')) == Some(folded);
        return if same { 1.0 } else { 0.0 };
    }
    names::likeness(source, language, name)
}

/// Whether two words of the source are one name in two cases, genders left aside: they begin alike.
pub fn is_one_name(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (fold(a).chars().collect(), fold(b).chars().collect());
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    a == b || (common >= 3 && common * 3 >= longer * 2 && a.len().abs_diff(b.len()) <= 3)
}

/// The words of the source that a name of a target sentence may render.
fn candidates<'d>(document: &'d Document<'_>, sentence: usize, reach: usize) -> Vec<(Span, &'d str)> {
    let Some(source) = &document.source else { return Vec::new() };
    let surface = source.surface();
    let aligned = document.alignment().source_of(sentence).source;
    if aligned.is_empty() {
        return Vec::new();
    }
    let range = aligned.start.saturating_sub(reach)..(aligned.end + reach).min(surface.sentences.len());
    let mut found = Vec::new();
    for sentence in surface.sentences.get(range).unwrap_or(&[]) {
        let tokens = surface.tokens_of(sentence);
        for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.kind == TokenKind::Word) {
            if found.len() >= MAX_CANDIDATES {
                return found;
            }
            let word = token.span.of(source.text());
            match token.case {
                Case::Lower => {}
                Case::None if is_unspaced(token) => runs(source.text(), tokens, at, &mut found),
                Case::None => {
                    found.push((token.span, word));
                    let rest = word.trim_start_matches(PREFIXES);
                    let first = word.chars().next().map_or(0, char::len_utf8);
                    if let Some(without) = word.get(first..).filter(|_| rest.len() < word.len() && rest.len() > 4) {
                        found.push((Span::new(token.span.start() + first, token.span.end()), without));
                    }
                }
                _ => found.push((token.span, word)),
            }
        }
    }
    found
}

fn is_unspaced(token: &Token) -> bool {
    matches!(token.script, Script::Han | Script::Katakana | Script::Hiragana)
}

/// A name in unspaced text may be cut into several tokens.
fn runs<'d>(text: &'d str, tokens: &[Token], at: usize, found: &mut Vec<(Span, &'d str)>) {
    let Some(first) = tokens.get(at) else { return };
    for token in tokens.iter().skip(at).take(MAX_RUN) {
        let glued = token.span == first.span || token.glued;
        if !glued || token.kind != TokenKind::Word || token.script != first.script {
            break;
        }
        let span = first.span.cover(token.span);
        if span.of(text).chars().count() > 1 {
            found.push((span, span.of(text)));
        }
    }
}
