//! When a stretch of text looks like a form that the glossary wants: by a slip, by a like word in its place, by the words of
//! an institution's name in another guise, or as the source's word left in.

use crate::analyse::{Passage, TermHit};
use crate::finding::EntityKind;
use crate::glossary::Concept;
use crate::glossary::matcher::{Role, english_plural};
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind, fold, without_possessive};

use super::{MAX_COMPARED, skeleton};

/// What stands in the place of a wanted form, and how surely it does.
pub(super) struct Likely {
    pub(super) span: Span,
    pub(super) confidence: f64,
}

/// A letter or two off, in a phrase of which the rest is right.
const SLIP_IN_PHRASE: f64 = 0.92;
/// A letter off, and not a word that the language has.
const SLIP: f64 = 0.8;
/// A word of the same stem in the place of one: investigation for investigative.
const LIKE_WORD: f64 = 0.75;
/// The fewest letters of a word that is compared by letters.
const MIN_LETTERS: usize = 5;
/// The fewest letters of a single word that a slip is seen in.
const MIN_LETTERS_ALONE: usize = 7;
/// Letters that two words of one stem begin with.
const MIN_STEM: usize = 4;
/// Letters at the end of a word that inflection changes.
const ENDING: usize = 3;

/// Words as long as the wanted form, all of them right but for one, which is a slip or a word of the same stem.
pub(super) fn near_miss(passage: &Passage<'_>, concept: &Concept, terms: &[TermHit], inflects: bool) -> Option<Likely> {
    let likely = concept.approved().take(MAX_FORMS).filter_map(|form| like(passage, form, terms, inflects));
    likely.max_by(|a, b| a.confidence.total_cmp(&b.confidence))
}

/// The same for one form.
pub(super) fn like(passage: &Passage<'_>, form: &str, terms: &[TermHit], inflects: bool) -> Option<Likely> {
    let words: Vec<&Token> = passage.tokens().iter().filter(|t| t.kind == TokenKind::Word).collect();
    let wanted: Vec<String> = form.split([' ', '-']).map(fold).filter(|w| !w.is_empty()).collect();
    let mut best: Option<Likely> = None;
    for window in words.windows(wanted.len().max(1)).take(MAX_WORDS) {
        let ends = window.first().zip(window.last());
        let Some(span) = ends.map(|(a, b)| a.span.cover(without_possessive(passage.text.text(), b.span))) else {
            continue;
        };
        let Some(confidence) = one_off(passage, window, &wanted, inflects) else { continue };
        if !is_taken(span, terms) && best.as_ref().is_none_or(|b| confidence > b.confidence) {
            best = Some(Likely { span, confidence });
        }
    }
    best
}

/// The most approved forms of a concept that are compared.
const MAX_FORMS: usize = 4;
/// The most words of a sentence that are compared with one form.
const MAX_WORDS: usize = 400;

/// How surely words are a form with one word of it wrong.
fn one_off(passage: &Passage<'_>, window: &[&Token], wanted: &[String], inflects: bool) -> Option<f64> {
    let mut off = None;
    for (at, (token, want)) in window.iter().zip(wanted).enumerate() {
        let word = bare(passage.folded(token));
        if word != want && off.replace((*token, word, want.as_str(), at)).is_some() {
            return None;
        }
    }
    let (token, word, want, at) = off?;
    let letters = want.chars().count();
    if letters < MIN_LETTERS || is_form_of(word, want) {
        return None;
    }
    let edits = strsim::osa_distance(word, want);
    let common = word.chars().zip(want.chars()).take_while(|(a, b)| a == b).count();
    // Most languages change the ends of words, and that is as it should be.
    let english = passage.text.data().tag() == "en";
    if (inflects || !english) && common + ENDING >= letters {
        return None;
    }
    // "Korean" is no slip of "Korea".
    let nations = passage.text.data().table("nationalities");
    if nations.has(word) && nations.has(want) {
        return None;
    }
    let known = passage.text.data().table("common-words").has(word);
    if window.len() == 1 {
        // One letter for another makes many words of others (contrast, contract); one too few, too many or out of place seldom.
        let mut sorted = [word, want].map(|w| w.chars().collect::<Vec<_>>());
        sorted.iter_mut().for_each(|letters| letters.sort_unstable());
        let [a, b] = sorted;
        let moved = a.len() != b.len() || a == b;
        let alone = letters >= MIN_LETTERS_ALONE && edits == 1 && moved && common > 0 && !known;
        let alone = alone && token.case != Case::Title;
        return (alone && !passage.text.data().table("common-words").is_empty()).then_some(SLIP);
    }
    if edits <= 1 + usize::from(letters > 2 * MIN_LETTERS) && !known {
        return Some(SLIP_IN_PHRASE);
    }
    // The head tells what the thing is: a minister is no ministry.
    let head = wanted.get(at + 1).is_none_or(|next| matches!(next.as_str(), "of" | "for"));
    let stem = english && !head && common >= MIN_STEM && 2 * common >= letters;
    let capital = token.case == Case::Title;
    (stem && capital).then_some(LIKE_WORD)
}

/// Without an English possessive ending.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word)
}

/// Whether one English word is the regular plural of the other, or the same in the other spelling of the language.
fn is_form_of(word: &str, want: &str) -> bool {
    english_plural(want).as_deref() == Some(word)
        || english_plural(word).as_deref() == Some(want)
        || spelling(word) == spelling(want)
}

/// Letters that British and American English write differently, as one.
fn spelling(word: &str) -> String {
    word.replace("our", "or")
        .replace("ence", "ense")
        .replace("is", "iz")
        .replace("tre", "ter")
        .replace("ll", "l")
        .replace("mme", "m")
}

fn is_taken(span: Span, terms: &[TermHit]) -> bool {
    terms.iter().any(|t| t.hit.role == Role::Approved && t.hit.span.overlaps(span))
}

/// Half of an institution's words, in a name of other words.
const OTHER_NAME: f64 = 0.78;
/// The fewest words that the two names share.
const MIN_SHARED: usize = 2;

/// The name that a sentence gives an institution in the place of the wanted one: capitals and small words that share words
/// with it, but are not it, nor a short form of it.
pub(super) fn other_name(passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Likely> {
    if concept.kind != EntityKind::Organization || concept.do_not_translate {
        return None;
    }
    let form = concept.best()?;
    let small = passage.text.data().table("function-words");
    let content = |text: &str| -> Vec<String> {
        let folded = fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
        words.map(|w| bare(w).to_owned()).filter(|w| w.chars().count() > 2 && !small.has(w)).collect()
    };
    let wanted = content(form);
    let like = |a: &str, b: &str| {
        let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
        a == b || (common >= MIN_STEM && 2 * common >= a.chars().count().max(b.chars().count()))
    };
    let mut found: Option<(usize, Span)> = None;
    for span in runs(passage).into_iter().take(MAX_COMPARED) {
        let words = content(span.of(passage.text.text()));
        let shared = wanted.iter().filter(|w| words.iter().any(|x| like(x, w))).count();
        let strange = words.iter().filter(|x| !wanted.iter().any(|w| like(x, w))).count();
        let enough = shared >= MIN_SHARED && 2 * shared >= wanted.len() && strange <= shared;
        // The same words less some are a short form; in another order, with more small words between, they are another name.
        let in_order = words.len() == wanted.len() && words.iter().zip(&wanted).all(|(x, w)| like(x, w));
        let same_guise = strange == 0 && (words.len() < wanted.len() || in_order);
        if !enough || same_guise || is_taken(span, terms) {
            continue;
        }
        match found {
            Some((best, _)) if best == shared => return None,
            Some((best, _)) if best > shared => {}
            _ => found = Some((shared, span)),
        }
    }
    found.map(|(_, span)| Likely { span, confidence: OTHER_NAME })
}

/// Runs of capitalised words with small words between them: Trade Union of the Sea.
pub(super) fn runs(passage: &Passage<'_>) -> Vec<Span> {
    let small = passage.text.data().table("function-words");
    let text = passage.text.text();
    let capital = |t: &Token| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Mixed | Case::Upper);
    let mut runs = Vec::new();
    let mut current: Option<(Span, usize)> = None;
    let mut gap = 0;
    for token in passage.tokens() {
        let word = passage.folded(token);
        if capital(token) && (current.is_some() || !small.has(word)) {
            let (span, count) = current.map_or((token.span, 0), |(span, count)| (span.cover(token.span), count));
            current = Some((span, count + 1));
            gap = 0;
        } else if current.is_some()
            && gap < 2
            && matches!(word, "of" | "the" | "for" | "and" | "on" | "to" | "in" | "-")
        {
            gap += 1;
        } else {
            runs.extend(current.take().filter(|(_, count)| *count > 1).map(|(span, _)| without_possessive(text, span)));
            gap = 0;
        }
    }
    runs.extend(current.filter(|(_, count)| *count > 1).map(|(span, _)| without_possessive(text, span)));
    runs
}

/// The source's word, left in the shape that it has there.
const LEFT_IN: f64 = 0.72;
/// Least likeness (Jaro-Winkler) of a word of the source and what is taken to be the same word left in.
const MIN_LEFT_IN: f64 = 0.88;

/// The word that looks like the source's: a rendering by ear, where the glossary wants a word that does not look like it.
pub(super) fn left_in(passage: &Passage<'_>, concept: &Concept, terms: &[TermHit]) -> Option<Likely> {
    let source = skeleton(&concept.source);
    let alone = !concept.source.contains([' ', '-']) && source.is_ascii() && source.len() >= MIN_LETTERS;
    if !alone || concept.is_name() {
        return None;
    }
    let like = |word: &str| {
        let word = skeleton(word);
        let begins = word.chars().zip(source.chars()).take_while(|(a, b)| a == b).count() >= MIN_STEM;
        begins && strsim::jaro_winkler(&word, &source) >= MIN_LEFT_IN
    };
    // The wanted form looks like the source, too: then what looks like it may be a form of that.
    if concept.approved().any(|form| form.split([' ', '-']).any(like)) {
        return None;
    }
    let tokens = passage.tokens().iter().take(MAX_WORDS);
    let mut alike = tokens.filter(|t| t.kind == TokenKind::Word && t.case == Case::Lower && like(passage.folded(t)));
    let token = alike.next()?;
    let said = terms.iter().any(|t| t.hit.span.overlaps(token.span));
    (alike.next().is_none() && !said && !super::senses::in_set_phrase(passage, token.span))
        .then_some(Likely { span: token.span, confidence: LEFT_IN })
}
