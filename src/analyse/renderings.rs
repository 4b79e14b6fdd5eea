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
    for (span, text) in candidates(document, sentence, reach, MAX_CANDIDATES) {
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
    candidates(document, sentence, 0, MAX_CANDIDATES).iter().filter(|(_, text)| same(text)).count()
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
    document.likeness(source, language, name)
}

/// How like a name must be to a word for the one to be the other at all. Of 1,000 Russian names and their English spellings in
/// `eval/names` 97.3 % lie at or above it, and 98 % at any likeness at all, the rest being other names; of names beside another
/// 2 % do.
pub const FAINT: f64 = 0.25;
/// The likeness from which a word is surely the name, among however many it was looked for.
pub const CLEAR: f64 = 0.9;
/// The same as [`FAINT`] for two spellings in Latin letters (Jaro-Winkler): 97 % of Russian names romanised lie above, and 1 %
/// beside another.
const FAINT_LATIN: f64 = 0.75;
/// The same as [`CLEAR`].
const CLEAR_LATIN: f64 = 0.92;
/// Two spellings in Latin letters by the model, which finds 1 % of names beside another above.
const FAINT_SPELLINGS: f64 = 0.5;
/// Letters that two forms of a name begin with.
const LEAST_STEM: usize = 4;

/// Whether a word of the source can be the name, in another case, language or spelling: at all ([`FAINT`]), or surely
/// ([`CLEAR`]).
pub fn is_akin(document: &Document<'_>, source: &str, name: &str, least: f64) -> bool {
    let Some(language) = document.source_language() else { return true };
    let (latin, wanted) = (names::plain(source), names::plain(name));
    if wanted.is_empty() {
        return true;
    }
    let by_letters = if least < CLEAR { FAINT_LATIN } else { CLEAR_LATIN };
    let alike = |spelt: &str| {
        let common = spelt.bytes().zip(wanted.bytes()).take_while(|(a, b)| a == b).count();
        common >= LEAST_STEM || strsim::jaro_winkler(spelt, &wanted) >= by_letters
    };
    if !latin.is_empty() {
        return alike(&latin) || names::same_script_likeness(source, name) >= least.max(FAINT_SPELLINGS);
    }
    if document.likeness(source, language, name) >= least {
        return true;
    }
    names::romanise(source, language).first().is_some_and(|r| alike(&names::plain(&r.text)))
}

/// Whether some word of the source, of the sentences that a target sentence renders and as many as `reach` around them, can be
/// the name; so, too, where nothing is aligned with it.
pub fn is_explained(document: &Document<'_>, sentence: usize, reach: usize, name: &str, least: f64) -> bool {
    let words = candidates(document, sentence, reach, MAX_EXPLAINING);
    words.is_empty() || words.iter().any(|(_, word)| is_akin(document, word, name, least))
}

/// Whether some word of a target sentence, or of as many as `reach` around it, can be a name of the source.
pub fn is_rendered(document: &Document<'_>, sentence: usize, reach: usize, name: &str, least: f64) -> bool {
    let surface = document.target.surface();
    let range = sentence.saturating_sub(reach)..(sentence + reach + 1).min(surface.sentences.len());
    let sentences = surface.sentences.get(range).unwrap_or(&[]);
    let words = sentences.iter().flat_map(|s| surface.tokens_of(s)).filter(|t| t.kind == TokenKind::Word);
    let capitals = words.filter(|t| !matches!(t.case, Case::Lower)).take(MAX_EXPLAINING);
    capitals.into_iter().any(|t| is_akin(document, name, t.span.of(document.target.text()), least))
}

/// The most words that one name is asked of.
const MAX_EXPLAINING: usize = 600;

/// Whether two words of the source are one name in two cases, genders left aside: they begin alike.
pub fn is_one_name(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (fold(a).chars().collect(), fold(b).chars().collect());
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let longer = a.len().max(b.len());
    a == b || (common >= 3 && common * 3 >= longer * 2 && a.len().abs_diff(b.len()) <= 3)
}

/// The word of the source behind one that a name of a target sentence surely renders, if both have capitals and nothing but a
/// space stands between them: the surname of a given name.
pub fn next_to<'d>(document: &'d Document<'_>, sentence: usize, given: &str) -> Option<(Span, &'d str)> {
    let source = document.source.as_ref()?;
    let surface = source.surface();
    let folded = fold(given);
    let sentences = surface.sentences.get(document.alignment().source_of(sentence).source)?;
    let named = |t: &Token| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed);
    let mut found = None;
    for pair in sentences.iter().flat_map(|s| surface.tokens_of(s).windows(2)).take(MAX_EXPLAINING) {
        let [left, right] = pair else { continue };
        let between = source.text().get(left.span.end()..right.span.start());
        if named(left) && named(right) && matches!(between, Some(" " | "\u{a0}")) {
            let word = left.span.of(source.text());
            if likeness(document, word, given, &folded) >= CLEAR {
                // Two of one given name: nobody knows whose surname it is.
                if found.is_some() {
                    return None;
                }
                found = Some((right.span, right.span.of(source.text())));
            }
        }
    }
    found
}

/// The words of the source that a name of a target sentence may render, as far as the script shows them.
pub fn source_words<'d>(document: &'d Document<'_>, sentence: usize) -> Vec<(Span, &'d str)> {
    candidates(document, sentence, 0, MAX_CANDIDATES)
}

/// The words of the source that a name of a target sentence may render.
fn candidates<'d>(document: &'d Document<'_>, sentence: usize, reach: usize, most: usize) -> Vec<(Span, &'d str)> {
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
            if found.len() >= most {
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
