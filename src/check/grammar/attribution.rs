//! `grammar/attribution-order`: “…”, said in a statement the ministry.

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, is_date_word, is_day, rule};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static ATTRIBUTION_ORDER: Rule = rule(
    "grammar/attribution-order",
    "Who said it stands behind when and where it was said.",
    Severity::Minor,
    attribution_order,
);

/// After a quotation or a comma, where the sentence ends behind who said it.
const AFTER: f64 = 0.88;
/// At the head of a sentence.
const HEAD: f64 = 0.85;

fn attribution_order(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let saying = line.data().table("saying");
    for verb in 0..line.len() {
        if !line.is_apart(verb) || !saying.has(line.low(verb)) || line.goes_on(verb) {
            continue;
        }
        let opens = line.opens(verb);
        let before = verb.wrapping_sub(1);
        let after = matches!(line.written(before), "," | "”" | "\"" | "»" | "—" | "–");
        // The tags are asked last.
        if !(opens || after) || !may_follow(&line, verb) || !(line.is_finite(verb) || line.tag(verb) == "VBN") {
            continue;
        }
        let Some(place) = read(&line, verb) else { continue };
        let end = place.last + 1;
        // At the head of a sentence who said it is followed by what was said, or by nothing.
        if !(line.ends_before(end) || (opens && line.is(end, &["that"]))) {
            continue;
        }
        let span = line.span(verb, place.last);
        let mut draft = Draft::new(
            span,
            if opens { HEAD } else { AFTER },
            format!("“{}” stands behind the rest of its clause; English has it before the verb", who(&line, &place)),
        )
        .because(EvidenceKind::Pattern, "verb of saying, adverbial, subject", None);
        if !passage.is_tried(document) {
            let said = line.letters(verb, place.subject - 1);
            let subject = who(&line, &place);
            let text =
                if opens { format!("{} {}", capitalised(subject), small(said)) } else { format!("{subject} {said}") };
            draft = draft.fix(Fix::replace(span, text, 0.85));
        }
        out.push(draft);
    }
}

struct Place {
    /// Where the subject begins.
    subject: usize,
    /// Where it ends.
    last: usize,
}

fn who<'p>(line: &Line<'p>, place: &Place) -> &'p str {
    line.letters(place.subject, place.last)
}

/// With a small first letter: it no longer opens the sentence.
fn small(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The adverbials behind a verb and the subject behind them.
fn read(line: &Line<'_>, verb: usize) -> Option<Place> {
    let mut at = verb + 1;
    let mut dated = false;
    let mut units = 0;
    loop {
        let next = unit(line, at)?;
        let Some((end, is_date)) = next else { break };
        (at, dated) = (end, is_date);
        units += 1;
    }
    if units == 0 {
        return None;
    }
    let determined = line.is(at, &SUBJECTS) && line.is_apart(at);
    // “said on Tuesday Ann Lee”: a name can be told from the words before it where those are a date.
    let named = dated && line.part(at) == Some(Upos::Propn) && !is_date_word(line, at);
    if !(determined || named) {
        return None;
    }
    let last = subject(line, at)?;
    (determined || last > at).then_some(Place { subject: at, last })
}

/// Whether an adverbial and a subject may stand behind a verb, as far as letters show: a subject is told by an article that
/// nothing leads to, or by a capital behind a date.
fn may_follow(line: &Line<'_>, verb: usize) -> bool {
    let first = verb + 1;
    if time(line, first).is_none() && !(line.belongs(first, "leads") && line.is_apart(first)) {
        return false;
    }
    (first + 1..line.len().min(first + MAX_CLAUSE)).take_while(|at| !matches!(line.written(*at), "," | ";" | ":")).any(
        |at| {
            let date = time(line, at - 1).is_some() || line.is_number(at - 1) || is_date_word(line, at - 1);
            let determined = line.is(at, &SUBJECTS) && line.is_apart(at) && !line.belongs(at - 1, "leads");
            determined || (date && line.case(at) != Case::Lower)
        },
    )
}

/// The most words that adverbials and the beginning of a subject take: three adverbials.
const MAX_CLAUSE: usize = 3 * MAX_UNIT;
/// Words that a subject begins with.
const SUBJECTS: [&str; 8] = ["the", "a", "an", "his", "her", "its", "their", "our"];

/// Where a date of one or two words ends that begins here: on which day, last week.
fn time(line: &Line<'_>, at: usize) -> Option<usize> {
    if is_day(line, at) || line.is(at, &["today", "yesterday", "earlier", "later"]) {
        return Some(at + 1);
    }
    let week =
        line.is(at, &["last", "this"]) && line.is(at + 1, &["week", "month", "year", "night", "morning", "evening"]);
    week.then_some(at + 2)
}

/// An adverbial that begins here: where it ends, and whether that is a date. The outer nothing: it cannot be read.
fn unit(line: &Line<'_>, at: usize) -> Option<Option<(usize, bool)>> {
    if let Some(end) = time(line, at) {
        return Some(Some((end, true)));
    }
    if !line.belongs(at, "leads") || !line.is_apart(at) {
        return Some(None);
    }
    let mut end = at + 1;
    if line.is(end, &["the", "a", "an", "his", "her", "its", "their", "this", "that"]) {
        end += 1;
    }
    let mut noun = false;
    while end < line.len() && end < at + MAX_UNIT {
        let date = is_date_word(line, end);
        match line.part(end) {
            _ if date => {
                // “on Tuesday”, “on May 5”, “on 5 May 2020”
                end += 1;
                while line.is_number(end) {
                    end += 1;
                }
                return Some(Some((end, true)));
            }
            Some(Upos::Noun | Upos::Propn | Upos::Pron) => noun = true,
            Some(Upos::Adj | Upos::Num) => {}
            _ => break,
        }
        end += 1;
    }
    if !noun { None } else { Some(Some((end, false))) }
}

/// The most words of an adverbial.
const MAX_UNIT: usize = 8;

/// The last word of a subject: nouns, what hangs on them with “of” and its like, and nothing that says something of it.
fn subject(line: &Line<'_>, first: usize) -> Option<usize> {
    let mut at = first;
    let mut noun = None;
    while at < line.len() && at < first + MAX_SUBJECT {
        if line.is_mark(at) {
            let joint = matches!(line.written(at), "-" | "'" | "’") && line.token(at).is_some_and(|t| t.glued);
            // The stop of an abbreviation: “the U.S. ministry”.
            let stop = line.written(at) == "." && line.token(at).is_some_and(|t| t.glued) && line.is_apart(at + 1);
            if !(joint || stop) {
                break;
            }
            at += 1;
            continue;
        }
        match line.part(at)? {
            Upos::Noun | Upos::Propn => noun = Some(at),
            Upos::Adj | Upos::Det | Upos::Num => {}
            Upos::Pron if matches!(line.tag(at), "PRP$") => {}
            Upos::Adp
                if line.is(at, &["of", "for", "in", "at", "on", "to", "with"]) && noun == Some(at.wrapping_sub(1)) => {}
            Upos::Cconj if line.is(at, &["and"]) && noun == Some(at.wrapping_sub(1)) => {}
            // A noun before a name that the tagger takes for a verb: “the E.U. border agency”.
            Upos::Verb if matches!(line.tag(at), "VB" | "VBP") && line.part(at + 1) == Some(Upos::Propn) => {}
            Upos::Part if line.is(at, &["'s", "’s"]) => {}
            Upos::Sconj if line.is(at, &["that"]) && noun.is_some() => break,
            Upos::Pron if line.is(at, &["that"]) && noun.is_some() => break,
            _ => return None,
        }
        at += 1;
    }
    let last = noun.filter(|noun| noun + 1 == at)?;
    // “on Tuesday the 5th”, “on Monday the first day”: a date, not a speaker.
    let time = ["day", "week", "month", "year", "morning", "evening", "night", "time", "afternoon"];
    (!line.is(last, &time) && line.case(last) != Case::None).then_some(last)
}

/// The most words of a subject.
const MAX_SUBJECT: usize = 14;
