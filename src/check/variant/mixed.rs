//! `variant/mixed`: British and American in one text, or European and Brazilian, Swiss and German.

use rustc_hash::FxHashMap;

use super::forms::{Forms, Found};
use super::words::{Kind, Quoted, Side, Spelled, name, spelled, variety};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Settings, Survey};
use crate::finding::EvidenceKind;
use crate::span::Span;
use crate::style::Style;
use crate::surface::{BlockKind, Case};

/// One variety has `CLEARLY` times as many words as the other. Of the 62 published English articles measured, three mix the
/// two; none so clearly, and in two the majority of two to one was the wrong side.
const CLEAR: f64 = 0.85;
/// The region of the target decides between two that are about as frequent.
const REGION: f64 = 0.75;
/// Organize among words in -ise, or organise among words in -ize, where either is right by itself.
const EITHER: f64 = 0.6;
/// A fixed form, by its own majority.
const FORM: f64 = 0.8;
/// A fixed form on a tie, by the variety that the rest of the text is written in.
const FORM_BY_VARIETY: f64 = 0.6;

/// By how much one fixed form must outnumber the other.
const MOSTLY: usize = 2;
/// By how much one variety must, or one of two spellings that are both right.
const CLEARLY: usize = 3;
/// A fixed form of one variety, such as "U.S.", tells as much as so many words, however often it stands there.
const FORM_WEIGHT: usize = 2;
/// One word speaks for its variety so many times: a text about a theatre is not British forty times over.
const WORD_WEIGHT: usize = 3;

/// What a text has of each variety, and of each fixed form.
#[derive(Default)]
struct Tally {
    words: FxHashMap<(String, bool, bool), usize>,
    forms: FxHashMap<&'static str, usize>,
}

impl Tally {
    fn word(&mut self, text: &str, word: &Spelled) {
        let key = (crate::surface::fold(word.span.of(text)), word.side == Side::First, word.kind == Kind::Either);
        *self.words.entry(key).or_default() += 1;
    }

    /// How many words there are of a side and kind.
    fn count(&self, side: Side, kind: Kind) -> usize {
        let fits = |(_, first, either): &(String, bool, bool)| {
            *first == (side == Side::First) && *either == (kind == Kind::Either)
        };
        #[allow(clippy::iter_over_hash_type, reason = "a sum does not depend on the order")]
        self.words.iter().filter(|(key, _)| fits(key)).map(|(_, &n)| n.min(WORD_WEIGHT)).sum()
    }
}

/// How surely a spelling gives way, and why.
#[derive(Clone)]
struct Verdict {
    confidence: f64,
    why: String,
}

struct Mixed {
    /// What is said of the words of either variety, by side and kind.
    words: Vec<(Side, Kind, Verdict)>,
    /// Fixed forms that give way.
    wrong: FxHashMap<&'static str, Verdict>,
    forms: Forms,
}

pub(super) fn survey(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let data = document.target.data();
    if data.has("characters") {
        return super::characters::survey(document);
    }
    // Where the desk's own guide says which of two forms it is, or which variety, `variant/against-profile` speaks.
    let desk = (settings.style != Style::Plain).then(|| variety(data, settings.style.name())).flatten();
    let forms = Forms::of(data.table("habits"), |_| settings.style == Style::Plain);
    let mut tally = Tally::default();
    let (mut words, mut found) = (Vec::new(), Vec::new());
    for sentence in 0..document.target.surface().sentences.len() {
        let passage = Passage { text: &document.target, sentence, place: sentence };
        let quoted = Quoted::of(document, &passage);
        if desk.is_none() {
            spelled(document, &passage, &quoted, &mut words);
            words.drain(..).for_each(|word| tally.word(document.target.text(), &word));
        }
        fixed(document, &passage, &quoted, &forms, &mut found);
        found.drain(..).for_each(|form| *tally.forms.entry(form.form).or_default() += 1);
    }
    let words = decide_words(document, &tally, &forms);
    let wrong = decide_forms(document, &tally, &forms);
    Box::new(Mixed { words, wrong, forms })
}

/// The fixed forms of a passage that count: headlines have habits of their own, and so have quotations and names.
fn fixed(document: &Document<'_>, passage: &Passage<'_>, quoted: &Quoted<'_>, forms: &Forms, out: &mut Vec<Found>) {
    if forms.is_empty() || passage.kind() != BlockKind::Body {
        return;
    }
    forms.find(passage, out);
    out.retain(|form| !quoted.holds(form.span) && !is_kept(document, passage, form));
}

/// Part of a name that is written its own way (US Airways), of a line in capitals, or of a form of the glossary.
pub(super) fn is_kept(document: &Document<'_>, passage: &Passage<'_>, found: &Found) -> bool {
    let tokens = passage.tokens();
    let after = tokens.iter().skip(found.at + 1).find(|t| t.span.start() >= found.span.end());
    let named = after.is_some_and(|t| {
        let name = format!("{} {}", found.form.to_lowercase(), passage.folded(t));
        t.case != Case::Lower && document.target.data().table("fixed-names").has(&name)
    });
    let loud =
        |i: Option<usize>| i.and_then(|i| tokens.get(i)).is_some_and(|t| t.case == Case::Upper && t.span.len() > 4);
    let capitals = found.form.chars().any(char::is_uppercase)
        && (loud(found.at.checked_sub(1)) || after.is_some_and(|t| t.case == Case::Upper && t.span.len() > 4));
    let term = document.target_terms(passage).iter().any(|term| term.hit.span.overlaps(found.span));
    named || capitals || term
}

fn decide_words(document: &Document<'_>, tally: &Tally, forms: &Forms) -> Vec<(Side, Kind, Verdict)> {
    let data = document.target.data();
    let (ise, ize) = (tally.count(Side::First, Kind::Either), tally.count(Side::Second, Kind::Either));
    let first = tally.count(Side::First, Kind::Plain) + ise;
    let second = tally.count(Side::Second, Kind::Plain);
    let mut out = Vec::new();
    // Both varieties are there, so one of them is wrong.
    if first > 0 && second > 0 {
        let (for_first, for_second) =
            (first + by_forms(tally, forms, Side::First), second + by_forms(tally, forms, Side::Second));
        let region = document.target_language().and_then(|l| l.region());
        let region = region.and_then(|region| Some((variety(data, region)?.0, name(data, region))));
        let (right, few, many) = if for_first >= for_second {
            (Side::First, for_second, for_first)
        } else {
            (Side::Second, for_first, for_second)
        };
        let verdict = if many >= few * CLEARLY {
            Some((right, CLEAR, format!("the rest of the text is {}", right.name(data))))
        } else {
            region.map(|(right, name)| (right, REGION, format!("the target is {name}")))
        };
        let Some((right, confidence, why)) = verdict else {
            return out;
        };
        let wrong = if right == Side::First { Side::Second } else { Side::First };
        out.push((wrong, Kind::Plain, Verdict { confidence, why: why.clone() }));
        if wrong == Side::First {
            out.push((wrong, Kind::Either, Verdict { confidence, why }));
            return out;
        }
    }
    // Of two spellings that are both right, a text keeps to one.
    let (few, many, wrong) = if ise < ize { (ise, ize, Side::First) } else { (ize, ise, Side::Second) };
    if (second == 0 || wrong == Side::Second) && few > 0 && many >= few * CLEARLY {
        let why = format!("{many} words of the text are spelled the other way, {few} this way");
        out.push((wrong, Kind::Either, Verdict { confidence: EITHER, why }));
    }
    out
}

/// What the fixed forms of a text say of its variety.
fn by_forms(tally: &Tally, forms: &Forms, side: Side) -> usize {
    forms
        .rows()
        .filter(|(form, row)| tally.forms.contains_key(form) && Side::named(row.column(1)) == Some(side))
        .count()
        * FORM_WEIGHT
}

fn decide_forms(document: &Document<'_>, tally: &Tally, forms: &Forms) -> FxHashMap<&'static str, Verdict> {
    let count = |form: &str| tally.forms.get(form).copied().unwrap_or(0);
    let words =
        |side| tally.count(side, Kind::Plain) + if side == Side::First { tally.count(side, Kind::Either) } else { 0 };
    let (first, second) = (words(Side::First), words(Side::Second));
    let mut wrong = FxHashMap::default();
    for (form, row) in forms.rows() {
        let (here, other) = (count(form), row.column(0));
        let there = count(other);
        if here == 0 || there == 0 {
            continue;
        }
        let side = Side::named(row.column(1));
        let foreign = match side {
            Some(Side::First) => second >= MOSTLY && first == 0,
            Some(Side::Second) => first >= MOSTLY && second == 0,
            None => false,
        };
        if there >= here * MOSTLY {
            let why = format!("“{other}” {there} times in this text, “{form}” {here}");
            wrong.insert(form, Verdict { confidence: FORM, why });
        } else if here == there && foreign {
            let name = if side == Some(Side::First) { Side::Second } else { Side::First }.name(document.target.data());
            let why = format!("the rest of the text is {name}");
            wrong.insert(form, Verdict { confidence: FORM_BY_VARIETY, why });
        }
    }
    wrong
}

impl Survey for Mixed {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.words.is_empty() && self.wrong.is_empty() {
            return;
        }
        let data = document.target.data();
        let quoted = Quoted::of(document, passage);
        let mut words = Vec::new();
        if !self.words.is_empty() {
            spelled(document, passage, &quoted, &mut words);
        }
        for word in words {
            let said = self.words.iter().find(|(side, kind, _)| (*side, *kind) == (word.side, word.kind));
            let Some((_, kind, verdict)) = said else {
                continue;
            };
            let written = word.span.of(passage.text.text());
            let message = match kind {
                Kind::Plain => format!("“{written}” is {}, {}", word.side.name(data), verdict.why),
                Kind::Either => format!("this text spells such words another way: “{}”", word.other),
            };
            out.push(draft(word.span, verdict, message, word.other).of_group("variety"));
        }
        let mut found = Vec::new();
        if !self.wrong.is_empty() {
            fixed(document, passage, &quoted, &self.forms, &mut found);
        }
        for form in found {
            let Some(verdict) = self.wrong.get(form.form) else {
                continue;
            };
            let other = in_place(passage, &form, form.row.column(0));
            let message = format!("this text also writes “{}”", form.row.column(0));
            out.push(draft(form.span, verdict, message, other).of_group(form.form));
        }
    }
}

fn draft(span: Span, verdict: &Verdict, message: String, right: String) -> Draft {
    let fix = Fix::replace(span, right, 0.9);
    let fix = if verdict.confidence >= FORM { fix.safe() } else { fix };
    Draft::new(span, verdict.confidence, message).fix(fix).because(EvidenceKind::Document, verdict.why.clone(), None)
}

/// A fixed form as it stands in its place: with a capital at the head of a sentence, and with the stop that ends one, which
/// an abbreviation's own stop does beside its own work.
pub(super) fn in_place(passage: &Passage<'_>, found: &Found, right: &str) -> String {
    let text = passage.text.text();
    let written = found.span.of(text);
    let rest = text[found.span.end()..passage.span().end()].trim_end();
    let mut right = crate::check::repair::in_case_of(written, right, found.at == 0);
    let ends = rest.chars().all(|c| "”’\"»)".contains(c));
    if ends && written.ends_with('.') && !right.ends_with('.') {
        right.push('.');
    } else if rest.starts_with('.') && right.ends_with('.') {
        right.pop();
    }
    right
}
