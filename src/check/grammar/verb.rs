//! `grammar/verb`: did went, would was, has became.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, WORDS, belongs, rule};
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::language::LanguageData;
use crate::surface::Case;

pub(in crate::check) static VERB: Rule =
    rule("grammar/verb", "Two verb forms that do not go together.", Severity::Major, verb);

/// A helping verb and a form that it never takes.
const SURE: f64 = 0.9;
/// A modal and a form in -ed or -s, which the tagger tells.
const TAGGED: f64 = 0.82;
/// Two forms of “be” or “have”.
const TWO: f64 = 0.85;

const MODALS: [&str; 9] = ["can", "could", "will", "would", "may", "might", "must", "should", "shall"];
const BE: [&str; 5] = ["is", "are", "was", "were", "am"];
const NOT: [&str; 7] = ["not", "also", "already", "never", "soon", "still", "now"];

/// Pasts that are neither participles nor words of another kind, with the verb's own form and its participle.
static PASTS: LazyLock<FxHashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    let mut pasts = FxHashMap::default();
    let data = LanguageData::named("en").unwrap_or(LanguageData::NONE);
    let words = data.table(WORDS);
    for (lemma, row) in data.table("irregular-verbs").iter() {
        let participles: Vec<&str> = row.column(1).split('|').collect();
        for past in row.column(0).split('|') {
            if past != lemma && !participles.contains(&past) && !belongs(words, past, "not-past") {
                pasts.entry(past).or_insert((lemma, participles.first().copied().unwrap_or("")));
            }
        }
    }
    pasts
});

fn verb(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    for at in 0..line.len().saturating_sub(1) {
        let Some(found) = look(&line, at) else { continue };
        let span = line.span(at, found.last);
        let message = format!("“{}”: these forms do not go together", line.letters(at, found.last));
        let mut draft = Draft::new(span, found.confidence, message).because(EvidenceKind::Pattern, "verb forms", None);
        if !passage.is_tried(document) {
            for (rank, text) in found.repairs.into_iter().enumerate() {
                let place = if found.whole { span } else { line.span(found.last, found.last) };
                draft = draft.fix(Fix::replace(place, text, if rank == 0 { 0.7 } else { 0.35 }));
            }
        }
        out.push(draft);
    }
}

struct Found {
    last: usize,
    confidence: f64,
    /// Whether the repairs stand for both words, not for the last one alone.
    whole: bool,
    repairs: Vec<String>,
}

fn look(line: &Line<'_>, at: usize) -> Option<Found> {
    let first = line.low(at);
    let negated = matches!(first, "didn't" | "didn’t" | "doesn't" | "doesn’t" | "don't" | "don’t");
    let does = negated || matches!(first, "did" | "does" | "do");
    let modal = MODALS.contains(&first);
    let have = matches!(first, "has" | "have" | "had" | "having");
    let be = BE.contains(&first) || matches!(first, "been" | "being" | "be");
    if !(does || modal || have || be || first == "to") || (!line.is_apart(at) && at > 0) || line.goes_on(at) {
        return None;
    }
    let parted = line.is(at + 1, &NOT) && line.is_apart(at + 1);
    let last = at + 1 + usize::from(parted);
    if !line.is_apart(last) || line.goes_on(last) || line.case(last) != Case::Lower {
        return None;
    }
    let second = line.low(last);
    let past = PASTS.get(second).copied();
    let clauses = line.has_before(at, "clause");
    let not = negated || line.is(at + 1, &["not"]);
    let found = |confidence, whole, repairs: Vec<String>| Some(Found { last, confidence, whole, repairs });
    let own = |repairs: &[&str]| repairs.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>();
    if does {
        if not && (past.is_some() || matches!(second, "was" | "were" | "has" | "had")) {
            let base = past.map_or(if matches!(second, "has" | "had") { "have" } else { "be" }, |p| p.0);
            return found(SURE, false, own(&[base]));
        }
        if not && let Some(base) = of_regular(line, last) {
            return found(TAGGED, false, vec![base]);
        }
        if first != "do" && past.is_some() && !clauses {
            let (base, _) = past?;
            return found(SURE, parted, if parted { Vec::new() } else { vec![base.to_owned()] });
        }
        return None;
    }
    if modal {
        let title = line.case(at) == Case::Title && !line.opens(at);
        if title
            || line.is(
                at.wrapping_sub(1),
                &[
                    "the",
                    "a",
                    "his",
                    "my",
                    "her",
                    "our",
                    "its",
                    "your",
                    "their",
                    "own",
                    "political",
                    "free",
                    "garbage",
                    "trash",
                ],
            )
        {
            return None;
        }
        // The tags are asked last.
        let is_modal = || line.tag(at) == "MD";
        if let Some((base, _)) = past.filter(|_| !clauses && is_modal()) {
            return found(SURE, false, own(&[base]));
        }
        if matches!(second, "is" | "was" | "were" | "are" | "has" | "had") && !clauses && is_modal() {
            let base = if matches!(second, "has" | "had") { "have" } else { "be" };
            return found(SURE, false, own(&[base]));
        }
        if second == "to"
            && !parted
            && matches!(first, "must" | "should" | "would" | "may")
            && !clauses
            && is_modal()
            && line.tag(last + 1) == "VB"
        {
            return found(SURE, true, vec![line.letters(at, last - 1).to_owned()]);
        }
        if !clauses
            && let Some(base) = of_regular(line, last)
            && is_modal()
        {
            return found(TAGGED, false, vec![base]);
        }
        return None;
    }
    if have {
        if let Some((_, participle)) = past.filter(|_| !parted || not || line.is(at + 1, &["already", "never", "also"]))
        {
            return found(SURE, false, own(&[participle]));
        }
        return None;
    }
    if first == "to" {
        let (base, _) = past?;
        return line
            .belongs(at.wrapping_sub(1), "takes-to")
            .then_some(())
            .and_then(|()| found(SURE, false, own(&[base])));
    }
    // Forms of “be”. The same one twice is a word said twice.
    if parted || first == second {
        return None;
    }
    if let Some((_, participle)) = past.filter(|_| !clauses) {
        let moves = matches!(second, "became" | "went" | "came" | "began" | "grew");
        let mut repairs = vec![line.written(last).to_owned(), format!("{} {participle}", line.written(at))];
        if !moves {
            repairs.reverse();
        }
        return found(SURE, true, repairs);
    }
    if BE.contains(&first) && (BE.contains(&second) || matches!(second, "has" | "had" | "have")) && !clauses {
        // “The fact is is that”, “to be is was”: one of the two.
        if line.is(at.wrapping_sub(1), &["be", "it", "there", "this"]) {
            return None;
        }
        return found(TWO, true, own(&[line.written(last), line.written(at)]));
    }
    None
}

/// The verb's own form, of a past in -ed that the tagger takes for one.
fn of_regular(line: &Line<'_>, at: usize) -> Option<String> {
    let word = line.low(at);
    let stem = word.strip_suffix("ed").filter(|stem| stem.len() >= 4 && !stem.ends_with('e'))?;
    // “or should elected leaders be given the job?”
    if !matches!(line.tag(at), "VBD" | "VBN") || line.is_noun(at + 1) {
        return None;
    }
    let words = line.data().table("common-words");
    let mut candidates = vec![format!("{stem}e"), stem.to_owned()];
    if let Some(start) = stem.strip_suffix('i') {
        candidates.insert(0, format!("{start}y"));
    }
    let mut chars = stem.chars();
    if chars.next_back() == chars.clone().next_back() {
        candidates.push(chars.as_str().to_owned());
    }
    candidates.into_iter().find(|base| words.has(base))
}
