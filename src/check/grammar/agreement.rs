//! `grammar/agreement`: three minister, this attacks, they was.

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, french, gendered, is_among, is_date_word, rule, russian, speaker, titled};
use crate::check::{Draft, Fix, Languages, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::language::english::plural_of;
use crate::surface::Case;

pub(in crate::check) static AGREEMENT: Rule = Rule {
    languages: Languages::Listed(&["de", "en", "es", "fr", "ru"]),
    ..rule("grammar/agreement", "Words that do not agree in number or gender.", Severity::Minor, agreement)
};

/// A pronoun and its verb.
const PRONOUN: f64 = 0.9;
/// A number, or a word of number, and its noun.
const NUMBER: f64 = 0.88;
/// An article and a plural; this and a plural.
const ARTICLE: f64 = 0.85;
/// A noun at the head of its clause and its verb.
const SUBJECT: f64 = 0.85;

fn agreement(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    match line.data().tag() {
        "en" => {}
        "ru" => {
            russian::agreement(&line, out);
            return speaker::agreement(&line, document, passage, out);
        }
        tag => {
            gendered::agreement(&line, out);
            titled::agreement(&line, out);
            if tag == "fr" {
                french::agreement(&line, out);
            }
            return;
        }
    }
    for at in 0..line.len().saturating_sub(1) {
        let found = pronoun(&line, at)
            .or_else(|| number(&line, at))
            .or_else(|| one_of(&line, at))
            .or_else(|| article(&line, at))
            .or_else(|| subject(&line, at));
        let Some(found) = found else { continue };
        let span = line.span(found.first, found.last);
        let message = format!("“{}” {}", line.letters(found.first, found.last), found.why);
        let mut draft =
            Draft::new(span, found.confidence, message).because(EvidenceKind::Pattern, "number does not agree", None);
        if !passage.is_tried(document) {
            for (rank, (place, text)) in found.repairs.into_iter().enumerate() {
                let score = if rank == 0 { 0.75 } else { 0.4 };
                draft = draft.fix(Fix::replace(line.span(place, place), text, score));
            }
        }
        out.push(draft);
    }
}

struct Found {
    first: usize,
    last: usize,
    confidence: f64,
    why: &'static str,
    repairs: Vec<(usize, String)>,
}

const VERB: &str = "do not agree in number";
const PLURAL: &str = "wants the noun in the plural";
const SINGULAR: &str = "wants the noun in the singular";

/// They was, he have.
fn pronoun(line: &Line<'_>, at: usize) -> Option<Found> {
    let (pronoun, verb) = (line.low(at), line.low(at + 1));
    let right = match (pronoun, verb) {
        ("they" | "we", "was") => "were",
        ("they" | "we", "is") => "are",
        ("they" | "we", "has") => "have",
        ("they" | "we", "does") => "do",
        ("he" | "she", "are") => "is",
        ("he" | "she", "have") => "has",
        _ => return None,
    };
    if !line.is_apart(at + 1) || line.goes_on(at + 1) {
        return None;
    }
    let before = line.low(at.wrapping_sub(1));
    let joined = ["and", "or", "nor", ",", "of", "as", "than", "\"", "“", "‘", "'"].contains(&before);
    // “did he have”, “asked that she have”, “whoever they is”
    let helped = matches!(verb, "have" | "are")
        && (matches!(line.part(at.wrapping_sub(1)), Some(Upos::Aux | Upos::Part | Upos::Verb))
            || ["that", "not", "lest"].contains(&before)
            || line.tag(at.wrapping_sub(1)) == "MD"
            || (0..at).any(|i| line.part(i) == Some(Upos::Aux) && i + 4 > at));
    if joined || helped {
        return None;
    }
    let repairs = vec![(at + 1, right.to_owned())];
    Some(Found { first: at, last: at + 1, confidence: PRONOUN, why: VERB, repairs })
}

/// How a noun of the table may be used: `noun`, or `verb` where it is one too.
fn countable(line: &Line<'_>, at: usize) -> Option<&'static str> {
    if !line.is_apart(at) || line.goes_on(at) || line.case(at) != Case::Lower {
        return None;
    }
    line.data().table("count-nouns").get(line.low(at)).map(|row| row.column(0))
}

/// The singular of a plural of the table, and how that may be used.
fn countable_plural(line: &Line<'_>, at: usize) -> Option<(String, &'static str)> {
    let word = line.low(at);
    if !line.is_apart(at) || line.goes_on(at) || line.case(at) != Case::Lower {
        return None;
    }
    let s = word.ends_with('s').then(|| line.data().singular(word)).flatten()?;
    let kind = line.data().table("count-nouns").get(&s).map(|row| row.column(0))?;
    Some((s, kind))
}

/// Whether a phrase ends with a noun: what follows is no noun that it belongs to.
fn closes(line: &Line<'_>, noun: usize) -> bool {
    let next = noun + 1;
    if line.token(next).is_none() {
        return true;
    }
    if line.is_mark(next) {
        return matches!(line.written(next), "." | "," | ";" | ":" | "!" | "?" | ")" | "”")
            && !line.is_number(next + 1);
    }
    line.is_apart(next)
        && (line.is(next, &["is", "has", "does", "says", "who", "which", "that", "have", "were", "are"])
            || matches!(line.tag(next), "VBD" | "MD" | "IN" | "TO" | "WDT" | "WP" | "WRB" | "CC" | "DT"))
}

/// Three minister, many soldier, these attack.
fn number(line: &Line<'_>, at: usize) -> Option<Found> {
    let figures = line.is_number(at) && is_plural_figure(line.written(at));
    let kinds = if figures { "number" } else { line.kinds(at) };
    let counted = is_among(kinds, "number");
    if !counted && !is_among(kinds, "many") || line.goes_on(at) {
        return None;
    }
    let mut noun = at + 1;
    let mut kind = countable(line, noun);
    if kind.is_none() && line.is_apart(noun) && !line.goes_on(noun) {
        kind = countable(line, noun + 1).filter(|_| line.tag(noun) == "JJ");
        noun += 1;
    }
    let kind = kind?;
    if kind == "verb" && !line.ends_before(noun + 1) {
        return None;
    }
    let before = at.wrapping_sub(1);
    let named = || {
        line.is_number(before)
            || line.is(before, &["a", "an", "no", "the", "every", "one", "in", "to"])
            || line.is_noun(before)
    };
    // “Seventeen magazine”; “four thousand civilian and military appointments”, “numerous city, state and federal laws”.
    let name = line.case(at) == Case::Title && !line.opens(at);
    if name || line.is(noun + 1, &["and", "or"]) || line.written(noun + 1) == "," {
        return None;
    }
    let glued = line.token(at).is_some_and(|t| t.glued);
    if glued || line.written(before) == "-" || (counted && named()) || !closes(line, noun) {
        return None;
    }
    // “many a minister”, “so few minister”: read as it stands.
    let plural = plural_of(line.low(noun))?;
    Some(Found { first: at, last: noun, confidence: NUMBER, why: PLURAL, repairs: vec![(noun, plural)] })
}

/// A number above one that is no year.
fn is_plural_figure(written: &str) -> bool {
    let digits: String = written.chars().filter(|c| *c != ',').collect();
    let year = written.len() == 4 && ("1000".."2100").contains(&digits.as_str());
    digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse::<u64>().is_ok_and(|n| n > 1) && !year
}

/// One of the minister; dozens of soldier.
fn one_of(line: &Line<'_>, at: usize) -> Option<Found> {
    if !line.is(at + 1, &["of"]) {
        return None;
    }
    let dozens = line.is(at, &["dozens", "hundreds", "thousands", "scores", "many", "several", "some", "two", "three"]);
    if !dozens && !line.is(at, &["one"]) {
        return None;
    }
    let article = line.is(at + 2, &["the", "these", "those", "his", "its", "their", "our"]);
    if !article && !line.is(at, &["dozens", "hundreds", "thousands", "scores"]) {
        return None;
    }
    let mut noun = at + 2 + usize::from(article);
    // “some of the report” is a part of it.
    if line.is(at, &["many", "some"]) && !line.low(noun).is_empty() {
        return None;
    }
    if countable(line, noun).is_none() && countable(line, noun + 1).is_some() && matches!(line.tag(noun), "JJ" | "JJS")
    {
        noun += 1;
    }
    countable(line, noun)?;
    if !closes(line, noun) {
        return None;
    }
    let plural = plural_of(line.low(noun))?;
    Some(Found { first: at, last: noun, confidence: NUMBER, why: PLURAL, repairs: vec![(noun, plural)] })
}

/// A members, every attacks, this attacks.
fn article(line: &Line<'_>, at: usize) -> Option<Found> {
    let word = line.low(at);
    if !matches!(word, "a" | "an" | "every" | "this" | "another") || line.goes_on(at) {
        return None;
    }
    let next = countable_plural(line, at + 1).is_some();
    let noun = if next { at + 1 } else { at + 2 };
    let (singular, kind) = countable_plural(line, noun)?;
    if !next && (line.tag(at + 1) != "JJ" || !line.is_apart(at + 1) || line.goes_on(at + 1)) {
        return None;
    }
    let verb = kind == "verb" || singular == "weapon";
    let counted = line.is(at + 1, &["few", "many", "hundred", "thousand", "million", "dozen", "great"]);
    if verb || counted || !closes(line, noun) || line.case(at) == Case::Upper {
        return None;
    }
    let mut repairs = vec![(noun, singular)];
    if word == "this" {
        let these = if line.case(at) == Case::Title { "These" } else { "these" };
        repairs.insert(0, (at, these.to_owned()));
    }
    Some(Found { first: at, last: noun, confidence: ARTICLE, why: SINGULAR, repairs })
}

/// The minister were; the attacks was: at the head of a sentence or behind “said that”.
fn subject(line: &Line<'_>, at: usize) -> Option<Found> {
    if !line.is(at, &["the", "a", "his", "its", "their"]) {
        return None;
    }
    const VERBS: [&str; 6] = ["were", "are", "have", "was", "is", "has"];
    if !line.is(at + 2, &VERBS) && !line.is(at + 3, &VERBS) {
        return None;
    }
    let before = at.wrapping_sub(1);
    // The verb disagrees with the word before it, whatever that may be; the tags are asked last.
    let disagree = |noun: usize| {
        let plural = countable_plural(line, noun).is_some();
        line.is(noun + 1, if plural { &["was", "is", "has"] } else { &["were", "are", "have"] })
            && (plural || countable(line, noun).is_some())
    };
    if !disagree(at + 1) && !disagree(at + 2) {
        return None;
    }
    let heads =
        line.opens(at) || (line.is(before, &["that", "because"]) && line.tag(at.wrapping_sub(2)).starts_with("VB"));
    if !heads {
        return None;
    }
    let mut noun = at + 1;
    if line.tag(noun) == "JJ" && line.is_apart(noun) && !line.goes_on(noun) {
        noun += 1;
    }
    let verb = noun + 1;
    if !line.is_apart(verb) || line.goes_on(verb) || is_date_word(line, noun) {
        return None;
    }
    // A team, a bank, a court have a plural verb in British English; a person never has.
    let table = line.data().table("count-nouns");
    let person = table.get(line.low(noun)).is_some_and(|row| row.column(1) == "person");
    let right = if person && countable(line, noun).is_some() {
        match line.low(verb) {
            "were" if !line.has_before(at, "unreal") => "was",
            "are" => "is",
            "have" => "has",
            _ => return None,
        }
    } else if countable_plural(line, noun).is_some() {
        match line.low(verb) {
            "was" => "were",
            "is" => "are",
            "has" => "have",
            _ => return None,
        }
    } else {
        return None;
    };
    if line.has_before(at, "clause") && !line.is(before, &["that"]) {
        return None;
    }
    let repairs = vec![(verb, right.to_owned())];
    Some(Found { first: noun, last: verb, confidence: SUBJECT, why: VERB, repairs })
}
