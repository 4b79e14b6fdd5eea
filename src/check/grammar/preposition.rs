//! `grammar/preposition`: verbs, adjectives and dates with a preposition that they never take.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::analyse::syntax::Upos;
use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, is_date_word, is_day, rule, russian};
use crate::check::{Draft, Fix, Languages, Rule};
use crate::finding::{EvidenceKind, Severity};
use crate::language::LanguageData;
use crate::language::english::verb_shapes;
use crate::span::Span;
use crate::surface::Case;

pub(in crate::check) static PREPOSITION: Rule = Rule {
    languages: Languages::Listed(&["en", "ru"]),
    ..rule(
        "grammar/preposition",
        "A preposition that is not used here, or the wrong case after one.",
        Severity::Minor,
        preposition,
    )
};

/// A word with a preposition that it never takes.
const FRAME: f64 = 0.88;
/// “in Monday”.
const DATE: f64 = 0.88;
/// Two prepositions that never meet.
const PAIR: f64 = 0.85;

struct Frame {
    wrong: &'static str,
    /// What stands instead; empty: nothing.
    right: &'static str,
    /// It must be tagged as a verb.
    is_verb: bool,
    /// What must follow.
    next: &'static str,
}

/// The rows of `frames`, by every form of their word.
static FRAMES: LazyLock<FxHashMap<String, Vec<Frame>>> = LazyLock::new(|| {
    let mut frames: FxHashMap<String, Vec<Frame>> = FxHashMap::default();
    for (key, row) in LanguageData::named("en").unwrap_or(LanguageData::NONE).table("frames").iter() {
        let Some((word, wrong)) = key.split_once(' ') else { continue };
        let mut forms = vec![word.to_owned()];
        if matches!(row.column(0), "v" | "w") {
            forms.extend(verb_shapes(word).into_iter().map(|(form, _)| form));
        }
        forms.sort_unstable();
        forms.dedup();
        for form in forms {
            frames.entry(form).or_default().push(Frame {
                wrong,
                right: row.column(1),
                is_verb: row.column(0) == "v",
                next: row.column(2),
            });
        }
    }
    frames
});

fn preposition(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    if line.data().tag() == "ru" {
        return russian::government(&line, out);
    }
    for at in 0..line.len().saturating_sub(1) {
        let found = frame(&line, at).or_else(|| date(&line, at)).or_else(|| pair(&line, at));
        let Some((place, right, confidence)) = found else { continue };
        let span = line.span(at, at + 1);
        let written = line.letters(at, at + 1);
        let message = if right.is_empty() {
            format!("“{written}”: English has no preposition here")
        } else {
            format!("“{written}”: English has “{right}” here")
        };
        let mut draft = Draft::new(span, confidence, message).because(EvidenceKind::Data, "a preposition", None);
        if !passage.is_tried(document) {
            let word = line.span(place, place);
            let fix = if right.is_empty() {
                // With the space before it, or behind it where it comes first.
                let end = line.span(place + 1, place + 1).start();
                Fix::replace(Span::new(word.start(), end.max(word.end())), "", 0.75)
            } else {
                let title = line.case(place) == Case::Title;
                Fix::replace(word, if title { crate::check::repair::capitalised(right) } else { right.to_owned() }, 0.8)
            };
            draft = draft.fix(fix);
        }
        out.push(draft);
    }
}

/// Which token is to be replaced, by what, and how sure that is.
type Wrong = (usize, &'static str, f64);

fn frame(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let frames = FRAMES.get(line.low(at))?;
    let next = at + 1;
    if !line.is_apart(next) || line.goes_on(next) || line.goes_on(at) || line.ends_before(next + 1) {
        return None;
    }
    let frame = frames.iter().find(|frame| frame.wrong == line.low(next))?;
    if frame.is_verb && !matches!(line.part(at), Some(Upos::Verb)) {
        return None;
    }
    let behind = next + 1;
    let fits = match frame.next {
        "" => !is_date_word(line, behind) && !line.is_number(behind),
        "name" => line.tag(behind) == "NNP" && !is_date_word(line, behind),
        "base" => line.tag(behind) == "VB",
        "years" => {
            (line.is_number(behind) || line.tag(behind) == "CD")
                && line.is(behind + 1, &["years", "months", "days", "weeks"])
        }
        words => words.split('|').any(|word| word == line.low(behind)),
    };
    // “depends from case to case”, “the most responsible of them”, “with respect to”.
    let range = frame.wrong == "from" && (behind..behind + 5).any(|i| line.is(i, &["to"]));
    let partitive = frame.wrong == "of" && line.is(at.wrapping_sub(1), &["most", "more", "least", "the", "those"]);
    let phrase =
        line.is(behind, &["respect", "regard", "part", "effect", "time", "turn", "which", "whom", "particular"]);
    (fits && !range && !partitive && !phrase).then_some((next, frame.right, FRAME))
}

/// In Monday, at Tuesday; in May 5.
fn date(line: &Line<'_>, at: usize) -> Option<Wrong> {
    let opens = line.opens(at) || line.case(at) == Case::Lower;
    if !line.is(at, &["in", "at"]) || !opens || !line.is_apart(at + 1) || line.goes_on(at + 1) {
        return None;
    }
    // “was sworn in Thursday”: the adverb of a verb.
    if line.belongs(at.wrapping_sub(1), "takes-in") {
        return None;
    }
    let behind = at + 2;
    if is_day(line, at + 1) && line.case(at + 1) == Case::Title {
        let closed =
            line.ends_before(behind) || line.is_finite(behind) || line.is(behind, &["morning", "evening", "afternoon"]);
        let list = line.written(behind) == "," && (is_day(line, behind + 1) || line.case(behind + 1) == Case::Title);
        return (closed && !list).then_some((at, "on", DATE));
    }
    let day = line.is_number(behind) && line.written(behind).parse::<u8>().is_ok_and(|n| (1..=31).contains(&n));
    let closed = matches!(line.written(behind + 1), "," | "." | "");
    (line.is(at, &["in"])
        && is_date_word(line, at + 1)
        && day
        && closed
        && line.token(behind).is_some_and(|t| !t.glued))
    .then_some((at, "on", DATE))
}

/// Two prepositions in a row, of which one is too many: by of, with of.
fn pair(line: &Line<'_>, at: usize) -> Option<Wrong> {
    const FIRST: [&str; 9] = ["by", "at", "with", "from", "during", "between", "against", "into", "since"];
    let fits = line.is(at, &FIRST) && line.is(at + 1, &["of"]) && line.is_apart(at) && line.is_apart(at + 1);
    let stranded = line.is(at.wrapping_sub(1), &["made", "thought", "talked", "looked", "dealt", "come"]);
    // “from of old”.
    (fits
        && !stranded
        && !line.is(at + 2, &["old", "course"])
        && !line.ends_before(at + 2)
        && line.case(at) == Case::Lower)
        .then_some((at + 1, "", PAIR))
}
