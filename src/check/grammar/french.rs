//! French: participles with être that do not agree, plurals with a verb in the singular, institutions without an article,
//! weekdays with one.
//!
//! A subject is judged where it opens its clause and every word up to its verb is seen through: an article, a noun whose gender is
//! known, at most one adjective, and complements with “de”.

use crate::analyse::{Document, Passage};
use crate::check::grammar::Line;
use crate::check::{Draft, Fix};
use crate::finding::EvidenceKind;
use crate::language::LanguageData;
use crate::surface::{Case, TokenKind};

use super::gendered::gender_of;

/// A participle of another gender or number than its subject.
const PARTICIPLE: f64 = 0.88;
/// A plural and a verb in the singular.
const NUMBER: f64 = 0.9;
/// “selon police”.
const BARE: f64 = 0.88;
/// “le mardi” of one Tuesday.
const WEEKDAY: f64 = 0.85;
/// The most complements of a subject.
const MAX_COMPLEMENTS: usize = 3;
/// The most adverbs between a verb and its participle.
const MAX_ADVERBS: usize = 2;
/// Fewest letters of a participle in -é, and of a plural behind a number.
const MIN_LETTERS: usize = 5;
/// The same of an adjective.
const MIN_ADJECTIVE: usize = 6;

/// What a clause is about.
struct Subject {
    gender: Option<&'static str>,
    plural: bool,
    /// The token behind it.
    end: usize,
}

pub(super) fn agreement(line: &Line<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    for at in 0..line.len().saturating_sub(2) {
        let number = line.is_number(at);
        if !number && !data.table("determiners").has(line.low(at)) {
            continue;
        }
        if !opens_clause(line, at, number, data) {
            continue;
        }
        let Some(subject) = subject(line, at, number, data) else { continue };
        out.extend(verb(line, at, &subject, data));
    }
}

/// Whether a clause begins with a token. A number may stand behind “et” and a comma, a noun may be the last of several there.
fn opens_clause(line: &Line<'_>, at: usize, number: bool, data: LanguageData) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let row = data.table("clause-openers").get(line.low(before));
    line.opens(at) || row.is_some_and(|row| row.column(0) == "any" || number)
}

fn subject(line: &Line<'_>, at: usize, number: bool, data: LanguageData) -> Option<Subject> {
    let noun = at + 1;
    let plural = number || data.table("determiners").get(line.low(at)).is_some_and(|row| row.column(0) == "p");
    let word = line.low(noun);
    if line.case(noun) != Case::Lower || line.goes_on(noun) {
        return None;
    }
    let gender = if plural {
        let long = word.chars().count() >= MIN_LETTERS;
        let one = word.strip_suffix(['s', 'x']).filter(|_| long && !data.table("function-words").has(word))?;
        let singular = data.table("nouns").get(one).map(|row| row.column(0));
        // Behind a number every word in -s is its noun.
        if singular.is_none() && !number {
            return None;
        }
        singular
    } else {
        Some(gender_of(line, noun)?)
    };
    let content = |at: usize| {
        let low = line.low(at);
        line.token(at).is_some_and(|t| t.kind == TokenKind::Word)
            && !data.table("function-words").has(low)
            && !data.table("verb-pairs").has(low)
            && !low.ends_with('\'')
    };
    let mut end = noun + 1;
    if content(end) {
        if line.case(end) != Case::Lower || !line.is_apart(end) {
            return None;
        }
        end += 1;
    }
    for _ in 0..MAX_COMPLEMENTS {
        if !line.is(end, &["de", "du", "des", "d'"]) {
            break;
        }
        end += 1;
        if line.is(end, &["la", "l'"]) {
            end += 1;
        }
        if !content(end) {
            return None;
        }
        end += 1;
        if content(end) && line.is_apart(end) {
            end += 1;
        }
    }
    Some(Subject { gender, plural, end })
}

fn verb(line: &Line<'_>, first: usize, subject: &Subject, data: LanguageData) -> Option<Draft> {
    let mut at = subject.end;
    if line.is(at, &["ne", "n'"]) {
        at += 1;
    }
    let reflexive = line.is(at, &["se", "s'"]);
    if reflexive {
        at += 1;
    }
    let pairs = data.table("verb-pairs");
    let word = line.low(at);
    let row = pairs.get(word)?;
    if line.goes_on(at) || line.case(at) != Case::Lower {
        return None;
    }
    // Every plural has a row of its own, which names its singular.
    let is_plural = row.column(2) == "p";
    if subject.plural && !is_plural {
        if reflexive {
            return None;
        }
        let right = row.column(0);
        let message = format!("“{}” is a plural, “{word}” is not", line.letters(first, first + 1));
        let fix = Fix::replace(line.span(at, at), right, 0.85);
        return Some(Draft::new(line.span(at, at), NUMBER, message).fix(fix).because(
            EvidenceKind::Data,
            "a plural and its verb",
            None,
        ));
    }
    let gender = subject.gender.filter(|_| subject.plural == is_plural)?;
    let mut next = at + 1;
    match row.column(1) {
        "be" => {}
        "have" if !reflexive && line.is(next, &["été"]) => next += 1,
        _ => return None,
    }
    for _ in 0..MAX_ADVERBS {
        let word = line.low(next);
        if !word.ends_with("ment") && !data.table("inner-adverbs").has(word) {
            break;
        }
        next += 1;
    }
    let wanted = (gender == "f", subject.plural);
    let Some((base, has)) = participle(line, next, data) else {
        let right = adjective(line, next, wanted, data).filter(|_| !reflexive)?;
        return Some(disagreeing(line, first, next, right));
    };
    if reflexive && !data.table("pronominal").has(&base) {
        return None;
    }
    if has == wanted || (wanted.1 && !wanted.0 && base.ends_with(['s', 'x']) && !has.0) {
        return None;
    }
    let mut right = base;
    right.push_str(if wanted.0 { "e" } else { "" });
    if wanted.1 && !right.ends_with(['s', 'x']) {
        right.push('s');
    }
    Some(disagreeing(line, first, next, right))
}

fn disagreeing(line: &Line<'_>, first: usize, at: usize, right: String) -> Draft {
    let subject = line.letters(first, first + 1);
    let message = format!("“{}” does not agree with “{subject}”", line.written(at));
    let fix = Fix::replace(line.span(at, at), right, 0.9);
    Draft::new(line.span(at, at), PARTICIPLE, message).fix(fix).because(
        EvidenceKind::Data,
        "a participle or an adjective and its subject",
        None,
    )
}

/// An adjective whose ending shows another gender or number than is wanted, with the ending that is.
fn adjective(line: &Line<'_>, at: usize, wanted: (bool, bool), data: LanguageData) -> Option<String> {
    let word = line.low(at);
    if line.case(at) != Case::Lower || line.goes_on(at) || !line.is_apart(at) {
        return None;
    }
    if word.chars().count() < MIN_ADJECTIVE || data.table("function-words").has(word) || data.table("nouns").has(word) {
        return None;
    }
    let right = usize::from(wanted.0) + 2 * usize::from(wanted.1);
    data.table("adjective-endings").iter().find_map(|(masculine, row)| {
        let forms = [masculine, row.column(0), row.column(1), row.column(2)];
        let (_, stem) = forms.iter().enumerate().find_map(|(place, end)| Some((place, word.strip_suffix(end)?)))?;
        let right = format!("{stem}{}", forms.get(right)?);
        (right != word && !right.ends_with('?')).then_some(right)
    })
}

/// A participle in its masculine singular, and whether it is feminine and plural.
fn participle(line: &Line<'_>, at: usize, data: LanguageData) -> Option<(String, (bool, bool))> {
    let word = line.low(at);
    if line.case(at) != Case::Lower || line.goes_on(at) || !line.is_apart(at) {
        return None;
    }
    for (end, has) in [("ées", (true, true)), ("ée", (true, false)), ("és", (false, true)), ("é", (false, false))] {
        if let Some(stem) = word.strip_suffix(end) {
            let long = word.chars().count() >= MIN_LETTERS;
            let base = format!("{stem}é");
            // Most words in -té are nouns: vérité, propriété.
            let noun = stem.ends_with('t') && !data.table("participles").has(&base);
            return (long && !noun && !data.table("nouns").has(word)).then_some((base, has));
        }
    }
    let table = data.table("participles");
    let ends = [("es", (true, true)), ("e", (true, false)), ("s", (false, true)), ("", (false, false))];
    ends.into_iter().find_map(|(end, has)| {
        let base = word.strip_suffix(end)?;
        table.has(base).then(|| (base.to_owned(), has))
    })
}

pub(super) fn article(line: &Line<'_>, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let data = line.data();
    for at in 0..line.len().saturating_sub(1) {
        out.extend(bare(line, at, data));
        out.extend(weekday(line, at, document, passage, data));
    }
}

/// Selon Agence.
fn bare(line: &Line<'_>, at: usize, data: LanguageData) -> Option<Draft> {
    let row = data.table("definite-heads").get(line.low(at + 1))?;
    if !row.column(0).split('|').any(|before| before == line.low(at)) || !line.is_apart(at + 1) || line.goes_on(at + 1)
    {
        return None;
    }
    if !matches!(line.case(at + 1), Case::Lower | Case::Title) {
        return None;
    }
    let word = line.written(at + 1);
    let vowel = line.low(at + 1).starts_with(['a', 'e', 'i', 'o', 'u', 'é', 'è', 'ê', 'h']);
    let article = match row.column(1) {
        _ if vowel => "l’",
        "f" => "la ",
        _ => "le ",
    };
    let message = format!("“{}” wants an article", line.letters(at, at + 1));
    let fix = Fix::replace(line.span(at + 1, at + 1), format!("{article}{word}"), 0.85);
    Some(Draft::new(line.span(at, at + 1), BARE, message).fix(fix).because(
        EvidenceKind::Data,
        "a noun without an article",
        None,
    ))
}

/// Le mardi, where the source has one Tuesday.
fn weekday(
    line: &Line<'_>,
    at: usize,
    document: &Document<'_>,
    passage: &Passage<'_>,
    data: LanguageData,
) -> Option<Draft> {
    let is_weekday =
        |data: LanguageData, word: &str| data.table("calendar").get(word).is_some_and(|row| row.column(0) == "weekday");
    if !line.is(at, &["le"]) || !is_weekday(data, line.low(at + 1)) || !line.is_apart(at + 1) {
        return None;
    }
    let after = at + 2;
    // With a date, or with an adjective, the article is right.
    let part = line.is(after, &["soir", "matin", "midi"]);
    if line.goes_on(at + 1) || !(part || line.ends_before(after)) || (part && !line.ends_before(after + 1)) {
        return None;
    }
    let source = document.source.as_ref()?;
    let surface = source.surface();
    let sentences = surface.sentences.get(document.alignment().source_of(passage.place).source)?;
    let tokens: Vec<_> = sentences.iter().flat_map(|s| surface.tokens_of(s)).collect();
    // “every Tuesday” and “on Tuesdays” are habits.
    let habit = source.data().table("habit-cues");
    let whole =
        |data: LanguageData, word: &str| data.table("habit-cues").get(word).is_some_and(|r| r.column(0) == "whole");
    if tokens.iter().any(|token| whole(source.data(), surface.folded(token)))
        || (0..line.len()).any(|i| whole(data, line.low(i)))
    {
        return None;
    }
    let once = tokens.iter().enumerate().any(|(i, token)| {
        let before = i.checked_sub(1).and_then(|i| tokens.get(i)).map_or("", |t| surface.folded(t));
        let word = surface.folded(token);
        is_weekday(source.data(), word) && !habit.has(word) && !habit.has(before)
    });
    if !once {
        return None;
    }
    let last = if part { after } else { at + 1 };
    let days = line.letters(at + 1, last).to_owned();
    let message = format!("“{}” is every one of them; of one day it is “{days}”", line.letters(at, last));
    let fix = Fix::replace(line.span(at, last), days, 0.85);
    Some(Draft::new(line.span(at, last), WEEKDAY, message).fix(fix).because(
        EvidenceKind::Data,
        "a weekday with an article",
        None,
    ))
}
