//! Russian: the form of what is counted (“2,3 миллионов”), and the cases after prepositions and verbs (“согласно отчёта”, “следит за
//! ситуацию”).
//!
//! A form is told where it is wrong in every reading: the genitive after a preposition of the dative, the genitive plural after a
//! fraction, the genitive singular after five and more.

use crate::check::grammar::Line;
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::language::LanguageData;
use crate::surface::{Case, TokenKind};

/// A word in a form that its number never takes.
const COUNTED: f64 = 0.9;
/// A case that the preposition never takes.
const CASE: f64 = 0.88;
/// Fewest letters of an adjective whose ending tells its case.
const MIN_ADJECTIVE: usize = 5;

/// Which form a number wants: one, two to four, five and more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    One,
    Few,
    Many,
    /// A fraction, whatever its digits.
    Part,
}

pub(super) fn agreement(line: &Line<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    for at in 0..line.len().saturating_sub(1) {
        if line.is_number(at) && line.is_apart(at + 1) {
            out.extend(counted(line, at, data));
        }
    }
}

fn counted(line: &Line<'_>, at: usize, data: LanguageData) -> Option<Draft> {
    let row = data.table("counted").get(line.low(at + 1))?;
    if line.case(at + 1) != Case::Lower || line.goes_on(at + 1) {
        return None;
    }
    // “1991–2001”, “2/5”, “№ 5”: no number that counts.
    let glued = line.token(at).is_some_and(|t| t.glued);
    let before = at.checked_sub(1).map_or("", |before| line.written(before));
    if glued || matches!(before, "-" | "–" | "—" | "/" | "№" | "+" | ":" | "−") {
        return None;
    }
    let wants = wants(line.written(at))?;
    let takes_accusative = || {
        let row = data.table("governs").get(at.checked_sub(1).map_or("", |before| line.low(before)));
        row.is_some_and(|row| row.column(0).contains("accusative") && !row.column(0).contains("genitive"))
    };
    let right = match (wants, row.column(0)) {
        (Wants::Part, "many") | (Wants::Part, "one") => row.column(2),
        (Wants::Many, "few") | (Wants::Many, "one") => row.column(3),
        (Wants::One, "many") => row.column(1),
        (Wants::Few, "many") if takes_accusative() => row.column(2),
        _ => return None,
    };
    let (number, word) = (line.written(at), line.written(at + 1));
    let fix = Fix::replace(line.span(at + 1, at + 1), right, 0.9);
    Some(
        Draft::new(line.span(at + 1, at + 1), COUNTED, format!("“{number}” takes “{right}”, not “{word}”"))
            .fix(fix)
            .because(EvidenceKind::Data, "a number and what it counts", None),
    )
}

/// What a number written in figures wants of its noun; `None` where three digits behind a mark may be thousands.
fn wants(number: &str) -> Option<Wants> {
    let mut parts = number.split(['.', ',']);
    let (whole, fraction, more) = (parts.next()?, parts.next(), parts.next());
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if more.is_some() || !digits(whole) {
        return None;
    }
    if let Some(fraction) = fraction {
        return (digits(fraction) && fraction.len() != 3).then_some(Wants::Part);
    }
    let tail = whole.get(whole.len().saturating_sub(2)..)?;
    Some(match (tail.parse::<u8>().ok()?, tail.bytes().next_back()?) {
        (11..=14, _) => Wants::Many,
        (_, b'1') => Wants::One,
        (_, b'2'..=b'4') => Wants::Few,
        _ => Wants::Many,
    })
}

pub(super) fn government(line: &Line<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    for at in 0..line.len().saturating_sub(1) {
        let preposition = line.low(at);
        if line.token(at).is_none_or(|t| t.kind != TokenKind::Word) {
            continue;
        }
        let Some(row) = data.table("governs").get(preposition) else { continue };
        if row.column(0) == "dative" {
            out.extend(dative(line, at, data));
        } else if row.column(0).contains("instrumental") && at > 0 {
            out.extend(instrumental(line, at, data));
        }
    }
}

/// Согласно отчёта.
fn dative(line: &Line<'_>, at: usize, data: LanguageData) -> Option<Draft> {
    let nouns = data.table("genitives");
    let of_noun = |at: usize| {
        let row = nouns.get(line.low(at)).filter(|_| line.case(at) == Case::Lower && line.is_apart(at))?;
        Some(row.column(0).to_owned())
    };
    let next = at + 1;
    let (last, right) = if let Some(right) = of_noun(next) {
        (next, right)
    } else {
        let word = line.low(next);
        let adjective = line.case(next) == Case::Lower
            && line.is_apart(next)
            && word.chars().count() >= MIN_ADJECTIVE
            && !data.table("genitive-like").has(word);
        let other = [("ого", "ому"), ("его", "ему"), ("ых", "ым"), ("их", "им")];
        let right = other.iter().find_map(|(end, dative)| Some(format!("{}{dative}", word.strip_suffix(end)?)));
        let right = right.filter(|_| adjective)?;
        match of_noun(next + 1) {
            Some(noun) => (next + 1, format!("{right} {noun}")),
            None => (next, right),
        }
    };
    if line.goes_on(last) {
        return None;
    }
    let span = line.span(next, last);
    let message = format!("“{}” takes the dative, “{right}”", line.low(at));
    Some(Draft::new(span, CASE, message).fix(Fix::replace(span, right, 0.85)).because(
        EvidenceKind::Data,
        "the case after the preposition",
        None,
    ))
}

/// Следит за ситуацию.
fn instrumental(line: &Line<'_>, at: usize, data: LanguageData) -> Option<Draft> {
    let word = line.low(at + 1);
    if line.case(at + 1) != Case::Lower || !line.is_apart(at + 1) || line.goes_on(at + 1) {
        return None;
    }
    let right = [("ию", "ией"), ("ую", "ой")]
        .iter()
        .find_map(|(end, other)| Some(format!("{}{other}", word.strip_suffix(end)?)))
        .filter(|_| word.chars().count() >= MIN_ADJECTIVE)?;
    let (verb, preposition) = (line.low(at - 1), line.low(at));
    let morphology = data.morphology_with_verbs()?;
    let verb = morphology.spelling(verb, verb);
    let frames = data.table("verb-frames");
    let governs = frames.iter().any(|(lemma, row)| {
        row.column(0) == preposition && row.column(1) == "instrumental" && morphology.form_of(&verb, lemma).is_some()
    });
    let span = line.span(at + 1, at + 1);
    governs.then(|| {
        let message = format!("“{} {preposition}” takes the instrumental, “{right}”", line.low(at - 1));
        Draft::new(span, CASE, message).fix(Fix::replace(span, right, 0.85)).because(
            EvidenceKind::Data,
            "the case after the verb",
            None,
        )
    })
}
