//! `char/replacement`, `char/decomposed`: letters that were lost, and letters in two pieces.

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::analyse::{Document, Passage};
use crate::check::char::{is_cited, is_in_address, widened};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::LanguageData;
use crate::span::Span;
use crate::surface::fold;

pub(in crate::check) static REPLACEMENT: Rule = Rule {
    id: "char/replacement",
    summary: "A letter was lost: a replacement character or a question mark stands in its place.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Major,
    scope: Scope::Token,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(replacement),
};

pub(in crate::check) static DECOMPOSED: Rule = Rule {
    id: "char/decomposed",
    summary: "A letter and its accent as two characters, in a text that writes them as one.",
    mqm: "linguistic/character-encoding",
    its: "characters",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(decomposed),
};

/// U+FFFD, or its bytes in another encoding: programs write it for what they cannot read, and nobody else does.
const LOST: f64 = 0.97;
/// A question mark where an apostrophe must stand.
const LOST_APOSTROPHE: f64 = 0.93;
/// Whole words of question marks.
const LOST_WORDS: f64 = 0.9;

/// U+FFFD, and what it becomes when its bytes are read as Windows-1252, Windows-1251 and GBK.
const LOSSES: [&str; 4] = ["\u{fffd}", "ï¿½", "пїЅ", "锟斤拷"];

fn replacement(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let span = passage.span();
    let text = passage.text.text();
    let sentence = span.of(text);
    if !sentence.is_ascii() {
        lost_letters(document.target.data(), text, span, out);
    }
    if sentence.contains('?') {
        lost_to_question_marks(document.target.data(), text, span, out);
    }
}

fn lost_letters(data: LanguageData, text: &str, sentence: Span, out: &mut Vec<Draft>) {
    let is_loss = |rest: &str| LOSSES.iter().find(|loss| rest.starts_with(**loss)).map(|loss| loss.len());
    let mut at = sentence.start();
    let first = |c: char| matches!(c, '\u{fffd}' | 'ï' | 'п' | '锟');
    while let Some(start) = Span::new(at, sentence.end()).of(text).find(first).map(|found| at + found) {
        let mut end = start;
        while let Some(length) = is_loss(&text[end..]) {
            end += length;
        }
        at = end.max(start + text[start..].chars().next().map_or(1, char::len_utf8));
        let lost = Span::new(start, end);
        if lost.is_empty() || is_cited(text, lost) || is_in_address(text, lost) {
            continue;
        }
        let word = widened(text, lost, is_spaced_letter);
        // A word with two gaps is one place.
        if out.last().is_some_and(|d| d.span.end() > word.start() && d.span.start() <= word.start()) {
            continue;
        }
        let mut draft =
            Draft::new(word, LOST, "letters were lost here: nothing but a sign for what cannot be read is left")
                .because(EvidenceKind::Pattern, "the replacement character", None);
        if LOSSES.contains(&lost.of(text)) && is_apostrophe(data, text, lost) {
            draft = draft.fix(Fix::replace(lost, "’", 0.9));
        }
        out.push(draft);
    }
}

/// Letters of scripts that put spaces between words.
fn is_spaced_letter(c: char) -> bool {
    c.is_alphabetic() && c < '\u{2e80}'
}

/// Whether an apostrophe must have stood between the letters before and behind a place.
fn is_apostrophe(data: LanguageData, text: &str, lost: Span) -> bool {
    let word = widened(text, lost, char::is_alphabetic);
    let before = fold(&text[word.start()..lost.start()]);
    let after = fold(&text[lost.end()..word.end()]);
    if before.is_empty() || after.is_empty() {
        return false;
    }
    let contracted = data.table("contractions").get(&after).is_some_and(|row| {
        let ending = row.column(0);
        before.chars().count() > 1 && before.ends_with(ending)
    });
    contracted || (after.chars().count() > 1 && data.elisions().contains(&before.as_str()))
}

fn lost_to_question_marks(data: LanguageData, text: &str, sentence: Span, out: &mut Vec<Draft>) {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    let mut at = sentence.start();
    while let Some(start) = Span::new(at, sentence.end()).of(text).find('?').map(|found| at + found) {
        let run = Span::new(start, sentence.end()).of(text);
        let length = run.find(|c| c != '?' && c != ' ').unwrap_or(run.len());
        let marks = run[..length].trim_end();
        at = start + marks.len();
        let place = Span::new(start, at);
        let within = letter(text[..start].chars().next_back()) && letter(text[at..].chars().next());
        if marks == "?" && within && is_apostrophe(data, text, place) && !is_in_address(text, place) {
            let word = widened(text, place, char::is_alphabetic);
            out.push(
                Draft::new(word, LOST_APOSTROPHE, "a question mark stands in the place of an apostrophe")
                    .fix(Fix::replace(place, "’", 0.95).safe())
                    .because(EvidenceKind::Data, "contractions", None),
            );
        } else if are_words(marks) && !letter(text[..start].chars().next_back()) {
            out.push(
                Draft::new(place, LOST_WORDS, "words were lost here: nothing but question marks is left").because(
                    EvidenceKind::Pattern,
                    "words of question marks",
                    None,
                ),
            );
        }
    }
}

/// “???? ??????”: two words or more, of two marks or more and not all as long as each other.
fn are_words(marks: &str) -> bool {
    let mut lengths = marks.split(' ').filter(|word| !word.is_empty()).map(str::len);
    let Some(first) = lengths.next() else {
        return false;
    };
    let (mut words, mut longest, mut differ) = (1, first, false);
    for length in lengths {
        words += 1;
        longest = longest.max(length);
        differ |= length != first;
    }
    words >= 2 && differ && longest >= LONG_WORD
}

/// Fewest question marks of the longest such word: fewer are an exclamation.
const LONG_WORD: usize = 4;

/// A text of which more accented letters are one character than two.
const TWO_PIECES: f64 = 0.9;

fn decomposed(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let text = document.target.text();
    let pieces = if text.is_ascii() { 0 } else { text.chars().filter(|&c| is_piece(c)).count() };
    let whole = if pieces == 0 { 0 } else { text.chars().filter(|&c| is_composed(c)).count() };
    Box::new(Composed(whole > pieces))
}

/// Whether a text mostly writes a letter and its accent as one character.
struct Composed(bool);

/// Accents that follow their letter, voicing marks of kana, and the later parts of Korean syllables.
fn is_piece(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{1161}'..='\u{11c2}')
}

/// Letters that could be two characters, near enough for a count.
fn is_composed(c: char) -> bool {
    matches!(c, 'À'..='Ï' | 'Ñ'..='Ö' | 'Ù'..='Ý' | 'à'..='ï' | 'ñ'..='ö' | 'ù'..='ý' | 'ÿ'..='ž'
        | 'ά'..='ώ' | 'Ё' | 'ё' | 'Й' | 'й' | 'Ї' | 'ї' | '\u{1ea0}'..='\u{1ef9}'
        | '\u{304c}'..='\u{307d}' | '\u{30ac}'..='\u{30dd}' | '\u{ac00}'..='\u{d7a3}')
}

impl Survey for Composed {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if !self.0 || !passage.span().of(passage.text.text()).chars().any(is_piece) {
            return;
        }
        let composing = ComposingNormalizerBorrowed::new_nfc();
        for token in passage.tokens() {
            let written = passage.written(token);
            if !written.chars().any(is_piece) {
                continue;
            }
            // A stress mark (“за́мок”) has no letter of its own to go into.
            let composed = composing.normalize(written);
            if composed.chars().count() == written.chars().count() {
                continue;
            }
            out.push(
                Draft::new(
                    token.span,
                    TWO_PIECES,
                    format!("letter and accent of “{composed}” are two characters here"),
                )
                .fix(Fix::replace(token.span, composed.as_ref(), 0.98).safe())
                .because(EvidenceKind::Document, "elsewhere they are one", None)
                .of_group("decomposed"),
            );
        }
    }
}
