//! Nouns whose gender is known and the article before them, in German, French and Spanish: “la gouvernement”, “der Regierung” for
//! “dem”, and two small words that French and Spanish write as one: “de el”.

use crate::check::grammar::Line;
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::language::{LanguageData, Row};
use crate::surface::{Case, TokenKind};

/// An article of another gender. Of 1,500 nouns a language, none has it in four million words of running text.
const GENDER: f64 = 0.88;
/// Two words that are always one.
const JOINED: f64 = 0.9;
/// Fewest letters of an adjective that stands between.
const MIN_ADJECTIVE: usize = 5;
/// What ends as an adjective does and is a noun: ein bisschen Hilfe.
const DIMINUTIVE: &str = "chen";
/// A pronoun that may have a participle behind it: der von diesem benannten Stelle.
const DEMONSTRATIVE: &str = "dies";
/// How likely the one form of the right gender is what the place wants.
const LIKELY: f64 = 0.75;

/// The gender of a noun, where it is known: m, f or n. The word as the language writes nouns.
pub(super) fn gender_of(line: &Line<'_>, at: usize) -> Option<&'static str> {
    let data = line.data();
    let wanted = if data.capitalises_nouns() { Case::Title } else { Case::Lower };
    if line.case(at) != wanted || line.goes_on(at) {
        return None;
    }
    data.table("nouns").get(line.low(at)).map(|row| row.column(0))
}

pub(super) fn agreement(line: &Line<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    let articles = data.table("noun-articles");
    for at in 0..line.len().saturating_sub(1) {
        let Some(row) = articles.get(line.low(at)) else { continue };
        if let Some(draft) = other_gender(line, at, row, data) {
            out.push(draft);
        }
    }
}

fn other_gender(line: &Line<'_>, at: usize, row: Row, data: LanguageData) -> Option<Draft> {
    let written = line.written(at);
    let plain = line.case(at) == Case::Lower || (line.case(at) == Case::Title && line.opens(at));
    if !plain || !(line.is_apart(at) || line.opens(at)) || line.goes_on(at) {
        return None;
    }
    let pronoun = row.column(4) == "pronoun";
    let demonstrative = pronoun && line.low(at).starts_with(DEMONSTRATIVE);
    let between = data.capitalises_nouns() && !demonstrative;
    let noun = if between && line.is_apart(at + 1) && is_adjective(line, at + 1, data) { at + 2 } else { at + 1 };
    if !line.is_apart(noun) {
        return None;
    }
    let gender = gender_of(line, noun)?;
    let fits = row.column(0);
    // A relative pronoun stands behind a comma, or behind a comma and a preposition.
    let comma = (1..=2).any(|back| at.checked_sub(back).is_some_and(|before| line.written(before) == ","));
    if fits.split(' ').any(|fit| fit == gender) || (pronoun && comma) {
        return None;
    }
    // “vingt et un”, “la une”: a numeral, and a word of its own.
    if at.checked_sub(1).is_some_and(|before| line.is_number(before) || articles_before(line, before, data)) {
        return None;
    }
    let right = row.column(match gender {
        "m" => 1,
        "f" => 2,
        _ => 3,
    });
    let name = match gender {
        "m" => "masculine",
        "f" => "feminine",
        _ => "neuter",
    };
    let message = format!("“{}” is {name}; “{written}” is not", line.written(noun));
    let draft =
        Draft::new(line.span(at, noun), GENDER, message).because(EvidenceKind::Data, "the gender of the noun", None);
    if right == "-" {
        return Some(draft);
    }
    // “de la” before what turns out masculine is “du”.
    let joined = at.checked_sub(1).and_then(|before| {
        let pair = format!("{} {right}", line.low(before));
        data.table("joined-words").get(&pair).map(|row| (before, row.column(0)))
    });
    let (first, right) = joined.map_or((at, right), |(before, word)| (before, word));
    let right = if line.case(first) == Case::Title { capitalised(right) } else { right.to_owned() };
    Some(draft.fix(Fix::replace(line.span(first, at), right, LIKELY)))
}

/// Whether a word is an article itself.
fn articles_before(line: &Line<'_>, at: usize, data: LanguageData) -> bool {
    data.table("noun-articles").has(line.low(at))
}

/// A word in small letters that ends as German adjectives do, and is no small word.
fn is_adjective(line: &Line<'_>, at: usize, data: LanguageData) -> bool {
    let word = line.low(at);
    line.case(at) == Case::Lower
        && !line.goes_on(at)
        && word.chars().count() >= MIN_ADJECTIVE
        && !word.ends_with(DIMINUTIVE)
        && ["e", "en", "er", "es", "em"].iter().any(|end| word.ends_with(end))
        && !data.table("function-words").has(word)
}

/// Two words that the language writes as one.
pub(super) fn joined(line: &Line<'_>, out: &mut Vec<Draft>) {
    let table = line.data().table("joined-words");
    if table.is_empty() {
        return;
    }
    for at in 0..line.len().saturating_sub(2) {
        if line.case(at + 1) != Case::Lower || !line.is_apart(at + 1) || line.goes_on(at + 1) {
            continue;
        }
        let word = line.low(at);
        if !matches!(word.len(), 1..=3) {
            continue;
        }
        let Some(row) = table.get(&format!("{word} {}", line.low(at + 1))) else { continue };
        // What follows is a noun in small letters: “de le faire” is a pronoun, “de El Salvador” a name.
        let noun = at + 2;
        let known = if row.column(1) == "noun" {
            gender_of(line, noun) == Some("m")
        } else {
            line.token(noun).is_some_and(|t| t.kind == TokenKind::Word && !t.glued && t.case == Case::Lower)
        };
        if !known || !(line.is_apart(at) || line.opens(at)) {
            continue;
        }
        let right = row.column(0);
        let right = if line.case(at) == Case::Title { capitalised(right) } else { right.to_owned() };
        let span = line.span(at, at + 1);
        let message = format!("“{}” is one word, “{right}”", line.letters(at, at + 1));
        let fix = Fix::replace(span, right, 0.9);
        out.push(Draft::new(span, JOINED, message).fix(fix).because(
            EvidenceKind::Data,
            "two words written as one",
            None,
        ));
    }
}
