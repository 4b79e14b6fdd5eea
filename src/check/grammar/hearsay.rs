//! `grammar/hearsay`: what a source tells of others' telling, by a conditional, a subjunctive or “sollen”, made a condition or a duty.
//!
//! French “aurait volé”, Spanish “habría robado”, Portuguese “teria roubado” say that somebody is said to have stolen; German “soll
//! schließen” says that a plant is to close, “soll gestohlen haben” that a man is said to have stolen, “habe geweint” that others
//! tell it. None of them is “would have stolen” or “should”, unless a condition stands there, a wish or a question.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{Line, rule, with_source};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Rule};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::language::english::{Shape, verb_forms};
use crate::language::{LanguageData, Table};
use crate::span::Span;
use crate::surface::{Case, Token};

pub(in crate::check) static HEARSAY: Rule = Rule {
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    ..with_source(rule(
        "grammar/hearsay",
        "“Would have” or “should” for what the source only passes on: aurait volé, soll geschlossen werden.",
        Severity::Major,
        hearsay,
    ))
};

/// The table of a source’s language.
const TABLE: &str = "hearsay";
/// A perfect conditional beside the words of a court or of somebody who tells it.
const TOLD: f64 = 0.8;
/// A plain conditional behind “selon”.
const ACCORDING: f64 = 0.75;
/// “should” for “soll”: on clean news none of 100 sentences with “soll” has it, but one of an opinion.
const IS_TO: f64 = 0.78;
/// “should have stolen” for “soll gestohlen haben”.
const SAID_TO: f64 = 0.85;
/// How surely sentences must be paired.
const PAIRED: f64 = 0.6;
/// Tokens between “selon” and the noun that says who tells it.
const TELLER: usize = 4;
/// Tokens between a conditional and its participle; between “soll” and the end of its clause none is counted.
const PARTICIPLE: usize = 3;

/// The sentences of the source that one renders.
struct Told<'d> {
    text: &'d str,
    tokens: &'d [Token],
    folded: Vec<&'d str>,
    /// The words of the sentence before.
    before: Vec<&'d str>,
    table: Table,
}

impl<'d> Told<'d> {
    fn of(document: &'d Document<'_>, passage: &Passage<'_>, table: Table) -> Option<Self> {
        let source = document.source.as_ref()?;
        let aligned = document.alignment().source_of(passage.place);
        if aligned.confidence < PAIRED || aligned.source.is_empty() {
            return None;
        }
        let surface = source.surface();
        let (first, last) =
            (surface.sentences.get(aligned.source.start)?, surface.sentences.get(aligned.source.end.checked_sub(1)?)?);
        let tokens = surface.tokens.get(first.tokens.start..last.tokens.end)?;
        let before = aligned.source.start.checked_sub(1).and_then(|at| surface.sentences.get(at));
        let before = before.map_or(&[][..], |s| surface.tokens_of(s)).iter().map(|t| surface.folded(t)).collect();
        let folded = tokens.iter().map(|t| surface.folded(t)).collect();
        Some(Self { text: source.text(), tokens, folded, before, table })
    }

    fn low(&self, at: usize) -> &'d str {
        self.folded.get(at).copied().unwrap_or("")
    }

    fn is(&self, at: usize, kind: &str) -> bool {
        let low = self.low(at);
        let has = |word: &str| self.table.get(word).is_some_and(|row| row.column(0).split(' ').any(|k| k == kind));
        if low.is_empty() {
            return false;
        }
        // “s'il” may be two tokens.
        let pair = self.tokens.get(at + 1).is_some_and(|t| t.glued) && low.ends_with(['\'', '’']);
        has(low) || (pair && has(&format!("{}'{}", low.trim_end_matches(['\'', '’']), self.low(at + 1))))
    }

    /// The words of a kind.
    fn places(&self, kind: &str) -> Vec<usize> {
        (0..self.folded.len()).filter(|&at| self.is(at, kind)).collect()
    }

    fn has(&self, kind: &str) -> bool {
        (0..self.folded.len()).any(|at| self.is(at, kind))
    }

    fn had(&self, kind: &str) -> bool {
        let table = self.table;
        self.before.iter().any(|low| table.get(low).is_some_and(|row| row.column(0).split(' ').any(|k| k == kind)))
    }

    /// Verbs of a plain conditional, by their endings.
    fn conditionals(&self) -> Vec<usize> {
        let endings: Vec<&str> = self
            .table
            .iter()
            .filter(|(_, row)| row.column(0) == "ending")
            .filter_map(|(e, _)| e.strip_prefix('-'))
            .collect();
        let ends = |low: &str| endings.iter().any(|e| low.len() > e.len() && low.ends_with(e));
        (0..self.folded.len())
            .filter(|&at| {
                self.is(at, "plain") || (ends(self.low(at)) && !self.is(at, "modal") && !self.is(at, "perfect"))
            })
            .collect()
    }

    /// Whether no participle of a wish or a duty stands behind an auxiliary: aurait dû, habría podido.
    fn is_plain(&self, at: usize) -> bool {
        !(at + 1..=at + PARTICIPLE).any(|next| self.is(next, "modal"))
    }

    /// “Selon une source”, before a place.
    fn according(&self, before: usize) -> bool {
        (0..before).any(|at| self.is(at, "according") && (at + 1..=at + TELLER).any(|next| self.is(next, "teller")))
    }

    fn span(&self, first: usize, last: usize) -> Option<Span> {
        Some(self.tokens.get(first)?.span.cover(self.tokens.get(last)?.span))
    }
}

/// What is wrong.
struct Found {
    first: usize,
    last: usize,
    confidence: f64,
    source: usize,
    instead: Vec<String>,
}

fn hearsay(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let places: Vec<usize> = (0..line.len()).filter(|&at| is_modal(&line, at)).collect();
    let Some(source) = document.source.as_ref().filter(|_| !places.is_empty()) else { return };
    let table = source.data().table(TABLE);
    if table.is_empty() || (0..line.len()).any(|at| line.belongs(at, "hedge") || line.belongs(at, "unreal")) {
        return;
    }
    let Some(told) = Told::of(document, passage, table) else { return };
    if told.has("condition") {
        return;
    }
    for &at in &places {
        let found = match line.low(at) {
            "would" => would(&line, &told, at, &places),
            "should" => should(&line, &told, at, &places),
            _ => has_to(&line, &told, at),
        };
        let Some(found) = found else { continue };
        let span = line.span(found.first, found.last);
        let quoted = if passage.is_tried(document) {
            passage.text.quotations(&[]).hold(span)
        } else {
            document.quotations().hold(span)
        };
        let Some(place) = told.span(found.source, found.source).filter(|_| !quoted) else { continue };
        let written = line.letters(found.first, found.last);
        let message = format!("“{}” passes on what others say or plan; “{written}” does not", place.of(told.text));
        let place = Place::source(place);
        let mut draft = Draft::new(span, found.confidence, message)
            .because(EvidenceKind::Source, "no condition, duty or wish in the source", Some(place))
            .beside(place);
        if !passage.is_tried(document) {
            for (nth, text) in found.instead.into_iter().enumerate() {
                let score = [0.8, 0.6, 0.4].get(nth).copied().unwrap_or(0.3);
                let text = if line.case(found.first) == Case::Title { capitalised(&text) } else { text };
                draft = draft.fix(Fix::replace(span, text, score));
            }
        }
        out.push(draft);
    }
}

fn is_modal(line: &Line<'_>, at: usize) -> bool {
    matches!(line.low(at), "would" | "should") || (line.is(at, &["has", "have"]) && line.is(at + 1, &["to"]))
}

/// The next word that is no adverb.
fn past_adverbs(line: &Line<'_>, at: usize) -> usize {
    let adverb = |at: usize| line.low(at).ends_with("ly") || line.belongs(at, "adverb-within");
    if adverb(at) { at + 1 } else { at }
}

/// “would have stolen”, “would propose”.
fn would(line: &Line<'_>, told: &Told<'_>, at: usize, places: &[usize]) -> Option<Found> {
    let next = past_adverbs(line, at + 1);
    let many = is_plural(line, at);
    if !line.is(next, &["have"]) {
        let source = told.conditionals();
        let &first = source.first().filter(|_| places.len() == source.len())?;
        // “…a dit qu'il viendrait” is what would be.
        let indirect = (0..first).any(|i| told.is(i, "that"));
        if line.tag(next) != "VB" || indirect || !told.according(first) {
            return None;
        }
        let verb = line.low(next);
        let be = if many { "are" } else { "is" };
        let instead = if verb == "be" {
            vec![format!("{be} reportedly"), format!("{be} said to be")]
        } else {
            let present =
                if many { verb.to_owned() } else { verb_forms(verb, Shape::ThirdPerson).into_iter().next()? };
            vec![format!("reportedly {present}"), format!("{be} said to {verb}")]
        };
        return Some(Found { first: at, last: next, confidence: ACCORDING, source: first, instead });
    }
    let verb = past_adverbs(line, next + 1);
    if !matches!(line.tag(verb), "VBN" | "VBD") {
        return None;
    }
    let participle = line.low(verb);
    let found = |source, instead| Some(Found { first: at, last: verb, confidence: TOLD, source, instead });
    // “die Kollegen hätten geweint”, told by somebody.
    if let Some(&source) = told.places("told").first() {
        let teller = told.has("sure") || told.has("teller") || told.had("teller") || told.had("sure");
        return if teller && !told.has("modal") {
            found(
                source,
                vec![format!("had {participle}"), format!("{} {participle}", if many { "have" } else { "has" })],
            )
        } else {
            None
        };
    }
    let perfects: Vec<usize> = told.places("perfect").into_iter().filter(|&i| told.is_plain(i)).collect();
    let &source = perfects.first()?;
    let crime = told.has("case");
    if !(crime || told.has("teller")) || told.has("not") || told.has("result") {
        return None;
    }
    let how = if crime { "allegedly" } else { "reportedly" };
    let say = if crime { "alleged" } else { "said" };
    let be = if many { "are" } else { "is" };
    let mut instead = Vec::new();
    if let Some(past) = past_of(participle, many) {
        instead.push(if participle == "been" { format!("{past} {how}") } else { format!("{how} {past}") });
    }
    instead.push(format!("{be} {say} to have {participle}"));
    found(source, instead)
}

/// “should be closed”, “should have stolen”.
fn should(line: &Line<'_>, told: &Told<'_>, at: usize, places: &[usize]) -> Option<Found> {
    let all = told.places("soll");
    let shoulds = places.iter().filter(|&&i| line.is(i, &["should"])).count();
    let &source = all.first().filter(|_| all.len() == shoulds)?;
    if told.has("duty") || told.has("asks") {
        return None;
    }
    let be = if is_plural(line, at) { "are" } else { "is" };
    let next = past_adverbs(line, at + 1);
    let verb = past_adverbs(line, next + 1);
    if line.is(next, &["have"]) && matches!(line.tag(verb), "VBN" | "VBD") {
        let participle = line.low(verb);
        let mut instead = vec![format!("{be} said to have {participle}"), format!("{be} alleged to have {participle}")];
        instead.extend(
            past_of(participle, be == "are").filter(|_| participle != "been").map(|p| format!("reportedly {p}")),
        );
        return Some(Found { first: at, last: verb, confidence: SAID_TO, source, instead });
    }
    let instead = vec![format!("{be} to"), format!("{be} due to"), format!("{be} expected to")];
    Some(Found { first: at, last: at, confidence: IS_TO, source, instead })
}

/// “has to be closed” for Polish “ma zostać zamknięty”.
fn has_to(line: &Line<'_>, told: &Told<'_>, at: usize) -> Option<Found> {
    let all = told.places("ma");
    let &source = all.first().filter(|_| all.len() == 1)?;
    let infinitive = (source + 1..=source + PARTICIPLE).any(|i| told.is(i, "planned"));
    if !infinitive || told.has("duty") || told.has("asks") {
        return None;
    }
    let be = if line.is(at, &["have"]) { "are" } else { "is" };
    let instead = vec![format!("{be} to"), format!("{be} due to")];
    Some(Found { first: at, last: at + 1, confidence: IS_TO, source, instead })
}

/// Whether the nearest noun or pronoun before a verb is in the plural.
fn is_plural(line: &Line<'_>, verb: usize) -> bool {
    for at in (0..verb).rev() {
        if line.is(at, &["they", "we", "you", "these", "those"]) {
            return true;
        }
        match line.tag(at) {
            "NNS" | "NNPS" => return true,
            "NN" | "NNP" | "PRP" | "CD" => return false,
            _ => {}
        }
    }
    false
}

/// The past of a verb by its participle.
fn past_of(participle: &str, many: bool) -> Option<String> {
    if participle == "been" {
        return Some(if many { "were" } else { "was" }.to_owned());
    }
    let english = LanguageData::named("en")?;
    let irregular = english.table("irregular-verbs");
    let found = irregular.iter().find(|(_, row)| row.column(1).split('|').any(|form| form == participle));
    match found {
        Some((_, row)) => row.column(0).split('|').next().map(str::to_owned),
        None => Some(participle.to_owned()).filter(|p| p.ends_with("ed")),
    }
}
