//! `grammar/article`: an article that is missing, is the wrong one, or stands before the name of a country.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, french, gendered, rule};
use crate::check::repair::english_article;
use crate::check::{Draft, Fix, Languages, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::Case;

pub(in crate::check) static ARTICLE: Rule = Rule {
    languages: Languages::Listed(&["en", "es", "fr"]),
    ..rule(
        "grammar/article",
        "An article that is missing, is the wrong one, or is one too many.",
        Severity::Minor,
        article,
    )
};

/// “a agreement”.
const SOUND: f64 = 0.9;
/// “the Germany”.
const COUNTRY: f64 = 0.88;
/// “in capital of”.
const MISSING: f64 = 0.85;
/// “was first woman to”, “is largest city in”.
const SUPERLATIVE: f64 = 0.85;

fn article(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    if line.data().tag() != "en" {
        gendered::joined(&line, out);
        return french::article(&line, document, passage, out);
    }
    for at in 0..line.len().saturating_sub(1) {
        let found = sound(&line, at)
            .or_else(|| country(&line, at))
            .or_else(|| missing(&line, at))
            .or_else(|| superlative(&line, at));
        out.extend(found);
    }
}

/// A before a vowel, an before a consonant.
fn sound(line: &Line<'_>, at: usize) -> Option<Draft> {
    let (word, next) = (line.low(at), line.written(at + 1));
    let plain = line.case(at) == Case::Lower || line.opens(at);
    if !(line.is_apart(at) || line.opens(at)) || !next.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    if !matches!(word, "a" | "an") || !plain || !line.is_apart(at + 1) || line.goes_on(at) || !next.is_ascii() {
        return None;
    }
    // The sound of an h, a u and of initials is a matter of the word and of who says it.
    let first = next.chars().next()?.to_ascii_lowercase();
    let unsure = matches!(first, 'h' | 'u' | 'y')
        || next.len() < MIN_LETTERS
        || matches!(line.case(at + 1), Case::Upper | Case::Mixed);
    let right = english_article(next, line.data());
    let vowel = matches!(first, 'a' | 'e' | 'i' | 'o');
    // What is read as its letters say, and not as the table's few others.
    if unsure || right == word || (right == "an") != vowel {
        return None;
    }
    if matches!(line.tag(at), "FW" | "LS" | "NNP" | "NN" | "IN") {
        return None;
    }
    let span = line.span(at, at);
    let written =
        if line.written(at).starts_with('A') { crate::check::repair::capitalised(right) } else { right.to_owned() };
    let message = format!("“{} {next}”: the article goes by the sound of the word, “{right}”", line.written(at));
    Some(Draft::new(line.span(at, at + 1), SOUND, message).fix(Fix::replace(span, written, 0.85)).because(
        EvidenceKind::Data,
        "the sound of the next word",
        None,
    ))
}

/// Fewest letters of a word whose sound is sure.
const MIN_LETTERS: usize = 4;

/// The Germany.
fn country(line: &Line<'_>, at: usize) -> Option<Draft> {
    let name = at + 1;
    if !line.is(at, &["the"]) || line.case(name) != Case::Title || !line.is_apart(name) {
        return None;
    }
    if !line.data().table("bare-countries").has(line.low(name)) || line.goes_on(name) {
        return None;
    }
    let next = name + 1;
    let closed = line.token(next).is_none()
        || (line.is_mark(next) && matches!(line.written(next), "." | ";" | "!" | "?"))
        || (line.written(next) == "," && !line.is_noun(next + 1) && line.case(next + 1) == Case::Lower)
        || line.is(
            next,
            &["is", "was", "has", "had", "will", "were", "said", "in", "on", "to", "by", "at", "with", "against"],
        );
    if !closed || line.is(at.wrapping_sub(1), &["vs", "v"]) {
        return None;
    }
    let capital = line.case(at) == Case::Title;
    let gap = Span::new(line.span(at, at).start(), line.span(name, name).start());
    if capital && !line.opens(at) {
        return None;
    }
    Some(
        Draft::new(line.span(at, name), COUNTRY, format!("“{}” takes no article", line.written(name)))
            .fix(Fix::replace(gap, "", 0.85))
            .because(EvidenceKind::Data, "the name of a country", None),
    )
}

/// In capital of.
fn missing(line: &Line<'_>, at: usize) -> Option<Draft> {
    let first = line.low(at);
    if !matches!(first, "in" | "on" | "at" | "to" | "from" | "of" | "under" | "within" | "for" | "near" | "across") {
        return None;
    }
    let noun = at + 1;
    if !line.is_apart(noun) || !line.is(noun + 1, &["of"]) || line.goes_on(noun) || line.case(noun) != Case::Lower {
        return None;
    }
    let row = line.data().table("definite-heads").get(line.low(noun))?;
    if !row.column(0).split('|').any(|preposition| preposition == first) || line.is_mark(noun + 2) {
        return None;
    }
    let gap = Span::new(line.span(at, at).end(), line.span(noun, noun).start());
    Some(
        Draft::new(line.span(at, noun + 1), MISSING, format!("“{}” wants “the”", line.letters(at, noun + 1)))
            .fix(Fix::replace(gap, " the ", 0.8))
            .because(EvidenceKind::Data, "a noun that is told by what follows it", None),
    )
}

/// Was first woman to; is largest city in.
fn superlative(line: &Line<'_>, at: usize) -> Option<Draft> {
    if !line.is(at, &["is", "was", "are", "were", "became", "becomes", "become"]) {
        return None;
    }
    let (most, noun) = (at + 1, at + 2);
    let ordinal = line.is(most, &["first", "second", "third", "last", "only"]);
    let most_sure = ordinal || (line.data().table("superlatives").has(line.low(most)) && line.tag(most) == "JJS");
    if !most_sure || !line.is_apart(most) || line.goes_on(most) || !line.is_apart(noun) || line.goes_on(noun) {
        return None;
    }
    let counted = line.data().table("count-nouns").has(line.low(noun)) && line.case(noun) == Case::Lower;
    let next = noun + 1;
    let closed =
        if ordinal { line.is(next, &["to", "who", "ever"]) } else { line.is(next, &["in", "of", "to", "ever"]) };
    let question = line.opens(at);
    if !counted || !closed || question {
        return None;
    }
    let gap = Span::new(line.span(at, at).end(), line.span(most, most).start());
    Some(
        Draft::new(line.span(most, noun), SUPERLATIVE, format!("“{}” wants “the”", line.letters(most, noun)))
            .fix(Fix::replace(gap, " the ", 0.85))
            .because(EvidenceKind::Pattern, "a superlative and its noun", None),
    )
}
