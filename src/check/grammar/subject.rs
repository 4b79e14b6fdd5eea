//! `grammar/lost-subject`: Was reported that, Now is examined whether, has he declared, As he appealed: sentences whose subject was
//! lost, or put where only a question has it.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static LOST_SUBJECT: Rule = Rule {
    id: "grammar/lost-subject",
    summary: "A sentence that lost its subject or its main clause.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(lost_subject),
};

/// Words alone tell.
const SURE: f64 = 0.88;
/// The tags must tell.
const TAGGED: f64 = 0.8;
/// Spoken English leaves the subject out, too.
const SPOKEN: f64 = 0.7;

/// What is wrong: its tokens, what stands instead, how sure that is.
struct Wrong {
    first: usize,
    last: usize,
    instead: Vec<String>,
    confidence: f64,
    what: &'static str,
}

fn lost_subject(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let first = (0..line.len()).find(|&at| !line.is_mark(at)).unwrap_or(0);
    for at in first..line.len().saturating_sub(2) {
        let found = match line.low(at) {
            "has" | "have" => inverted(&line, at),
            _ if at != first && !after_quote(&line, at) => None,
            "as" => fragment(&line, at),
            "hope" => hope(&line, at),
            _ => impersonal(&line, at),
        };
        let Some(found) = found else { continue };
        let span = line.span(found.first, found.last);
        let message = format!("“{}”: {}", line.letters(found.first, found.last), found.what);
        let mut draft =
            Draft::new(span, found.confidence, message).because(EvidenceKind::Pattern, "a lost subject", None);
        if !passage.is_tried(document) {
            for (nth, text) in found.instead.into_iter().enumerate() {
                draft = draft.fix(Fix::replace(span, text, if nth == 0 { 0.8 } else { 0.55 }));
            }
        }
        out.push(draft);
    }
}

/// Whether a quotation opens right before a token: what it holds begins with it.
fn after_quote(line: &Line<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| matches!(line.written(before), "“" | "«" | "„"))
        && line.case(at) == Case::Title
}

const SPACES: [&str; 8] = ["now", "currently", "also", "today", "here", "then", "earlier", "later"];

/// “Now is examined whether”, “Was reported that”, “Reported that”.
fn impersonal(line: &Line<'_>, first: usize) -> Option<Wrong> {
    let mut at = first;
    let adverb = line.is(at, &SPACES);
    if adverb {
        at += 1;
    }
    let table = line.data().table("impersonal");
    let be = line.is(at, &["is", "was", "will"]);
    let mut verb = at + usize::from(be);
    let mut between = String::new();
    if be {
        let future = line.is(at, &["will"]);
        if future && !line.is(verb, &["be"]) {
            return None;
        }
        while line.is(verb, &["also", "being", "not", "now", "already", "be", "still"]) && verb < at + MAX_ADVERBS {
            between.push(' ');
            between.push_str(line.written(verb));
            verb += 1;
        }
    } else if adverb {
        return None;
    }
    let participle = table.get(line.low(verb))?;
    let clause = line.is(verb + 1, &["that", "whether"]) || (be && line.is(verb + 1, &["how", "why"]));
    // “Was expected that”: with its verb; “Given that” and “Provided that” are no rows.
    if !clause || line.goes_on(verb) {
        return None;
    }
    // “Is reported that day” says nothing of a clause.
    if line.is(verb + 1, &["that"]) && line.is(verb + 2, &["day", "week", "month", "year", "same", "evening", "night"])
    {
        return None;
    }
    // A participle before a sentence: “Told that he had won, he smiled”; here the main clause is missing.
    if !be && (participle.column(0) != "alone" || has_main_clause(line, verb + 2)) {
        return None;
    }
    // A question: “Is it known that …?”
    if line.written(line.len() - 1) == "?" {
        return None;
    }
    let word = line.written(verb).to_lowercase();
    let be_word = if be { line.low(at) } else { "was" };
    let now = if adverb && line.is(first, &["now", "currently", "also"]) {
        format!("It {be_word} {}{between} {word}", line.low(first))
    } else if adverb {
        format!("{} it {be_word}{between} {word}", line.written(first))
    } else {
        format!("It {be_word}{between} {word}")
    };
    // “is examined now” goes on.
    let texts = if adverb && be_word == "is" && between.is_empty() && line.is(first, &["now", "currently"]) {
        vec![format!("It is {} being {word}", line.low(first)), now]
    } else {
        vec![now]
    };
    Some(Wrong { first, last: verb, instead: texts, confidence: SURE, what: "the subject “it” is missing" })
}

/// The most adverbs between “is” and its participle.
const MAX_ADVERBS: usize = 4;

/// Whether a comma and a subject with its verb stand behind a token.
fn has_main_clause(line: &Line<'_>, from: usize) -> bool {
    (from..line.len()).any(|at| line.written(at) == "," && (at + 1..line.len()).any(|verb| line.is_finite(verb)))
}

/// “Hope that the two sides will talk”.
fn hope(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let next = line.is(at + 1, &["that", "the", "both", "all", "it", "this", "these", "they", "our"])
        || (line.case(at + 1) == Case::Title && line.data().table("bare-countries").has(line.low(at + 1)));
    let verb = (at + 2..(at + MAX_NOUN).min(line.len())).find(|&i| line.is_finite(i) || line.is(i, &[","]))?;
    // “Hope that is lost is no hope”.
    let clause = line.is(verb, &["will", "can", "would", "could", "may", "does", "do"]);
    (next && clause && line.case(at) == Case::Title).then(|| Wrong {
        first: at,
        last: at,
        instead: vec!["We hope".to_owned(), "I hope".to_owned()],
        confidence: SPOKEN,
        what: "the subject is missing",
    })
}

/// The most words of a subject behind “hope”.
const MAX_NOUN: usize = 7;

/// “…,” has he declared to the agency.
fn inverted(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let before = at.checked_sub(1)?;
    let closes = |i: usize| matches!(line.written(i), "”" | "\"" | "»");
    let marked = closes(before) || (line.written(before) == "," && before.checked_sub(1).is_some_and(closes));
    let past = line.data().table("saying");
    let verb = at + 2;
    if !(marked
        && line.is(at + 1, &["he", "she", "they"])
        && past.has(line.low(verb))
        && line.written(line.len() - 1) != "?")
    {
        return None;
    }
    let who = line.written(at + 1);
    Some(Wrong {
        first: at,
        last: verb,
        instead: vec![format!("{who} {}", line.written(verb)), format!("{who} said")],
        confidence: SURE,
        what: "the subject stands as in a question",
    })
}

/// “As he appealed to the donors.”
fn fragment(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let verb = at + 2;
    let pronoun = line.is(at + 1, &["he", "she", "it", "they"]);
    if !pronoun || line.tag(verb) != "VBD" || line.is(verb, &["was", "were", "did", "had", "said", "put"]) {
        return None;
    }
    let closed = matches!(line.written(line.len() - 1), "." | "”" | "\"");
    let others = (verb + 1..line.len()).any(|i| line.is_finite(i) || matches!(line.written(i), ":" | "“" | "\"" | "?"));
    (closed && !others).then(|| Wrong {
        first: at,
        last: at + 1,
        instead: vec![format!("{} also", capitalised(line.written(at + 1))), capitalised(line.written(at + 1))],
        confidence: TAGGED,
        what: "a clause with “as” that hangs on no other",
    })
}
