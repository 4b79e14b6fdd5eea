//! `grammar/lost-relative`: “shelling of the town, caused many deaths”, where the source has a participle or “который”.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::surface::Case;

pub(in crate::check) static LOST_RELATIVE: Rule = Rule {
    id: "grammar/lost-relative",
    summary: "A finite verb behind a noun and a comma where the source has a participle: shelling, caused deaths.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: ENGLISH,
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(lost_relative),
};

/// The table of participles and relatives of a source’s language.
const TABLE: &str = "relatives";
/// The participle of the source is the verb’s own.
const LINKED: f64 = 0.82;
/// How surely the two are linked.
const SURE: f32 = 0.5;
/// The longest ending of a participle, in letters, and the fewest letters of one.
const LONGEST: usize = 6;
const LEAST: usize = 6;
/// Tokens before a verb of the source among which its “который” stands.
const BEFORE: usize = 3;

fn lost_relative(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(source) = &document.source else { return };
    let table = source.data().table(TABLE);
    if table.is_empty() {
        return;
    }
    let Some(line) = Line::of(passage) else { return };
    let past = |at: usize| line.low(at).ends_with("ed") || line.belongs(at, "past");
    let places: Vec<usize> = (2..line.len().saturating_sub(1))
        .filter(|&at| line.written(at - 1) == "," && line.case(at) == Case::Lower && past(at))
        .collect();
    for at in places {
        // Its object stands behind it: no passive, and nothing that goes on with a list.
        let object = matches!(line.tag(at + 1), "DT" | "JJ" | "NN" | "NNS" | "NNP" | "CD" | "PRP$");
        let noun = matches!(line.tag(at - 2), "NN" | "NNS" | "NNP" | "NNPS");
        // The tagger takes a verb behind a comma for a participle.
        if !object || !noun || !matches!(line.tag(at), "VBD" | "VBN") {
            continue;
        }
        // “The channel, whose hosts backed the appointment, led all”: the verb goes on with what stands before the insertion.
        let inserts = |comma: usize| {
            line.written(comma) == "," && (matches!(line.tag(comma + 1), "WDT" | "WP" | "WP$" | "WRB" | "VBG" | "VBN"))
        };
        if (1..at - 2).any(inserts) {
            continue;
        }
        let surface = passage.text.surface();
        let Some(start) = surface.sentences.get(passage.sentence).map(|s| s.tokens.start) else { return };
        let Some(links) = document.word_links(passage) else { return };
        let theirs = source.surface();
        let low = |i: usize| theirs.tokens.get(i).map_or("", |t| theirs.folded(t));
        let relative = |i: usize| table.get(low(i)).is_some_and(|row| row.column(0) == "relative");
        let ends = |word: &str| {
            let letters = word.chars().count();
            letters >= LEAST
                && word.char_indices().skip(letters.saturating_sub(LONGEST)).any(|(from, _)| {
                    let ending = word.get(from..).unwrap_or("");
                    table.get(&format!("-{ending}")).is_some_and(|row| row.column(0) == "participle")
                })
        };
        let linked = links.of_target(start + at).iter().filter(|l| l.confidence >= SURE);
        let own = linked.map(|l| l.source).find(|&verb| {
            let from = verb.saturating_sub(BEFORE);
            let comma = (from..verb).any(|i| low(i) == ",");
            comma && (ends(low(verb)) || (from..verb).any(relative))
        });
        // A participle is rarer than its verb, and may have no link: it stands behind a comma, before its object.
        let before_object = || {
            let object = (at + 1..at + 1 + BEFORE)
                .find_map(|i| links.of_target(start + i).iter().find(|l| l.confidence >= SURE).map(|l| l.source))?;
            (object.saturating_sub(BEFORE)..object).find(|&i| i > 0 && low(i - 1) == "," && ends(low(i)))
        };
        let Some(verb) = own.or_else(before_object) else { continue };
        let Some(token) = theirs.tokens.get(verb) else { continue };
        let place = Place::source(token.span);
        let span = line.span(at - 2, at);
        let (noun, verb) = (line.written(at - 2), line.written(at));
        let message = format!("“{}” says more of {noun}, and “{verb}” has no subject", token.span.of(source.text()));
        let mut draft = Draft::new(span, LINKED, message)
            .because(EvidenceKind::Source, "a participle or a relative clause of the source", Some(place))
            .beside(place);
        if !passage.is_tried(document) {
            let person =
                line.data().table("antecedents").get(line.low(at - 2)).is_some_and(|row| row.column(0) != "thing");
            let words = if person { ["who", "which"] } else { ["which", "that"] };
            for (word, score) in words.into_iter().zip([0.8, 0.4]) {
                draft = draft.fix(Fix::replace(span, format!("{noun}, {word} {verb}"), score));
            }
        }
        out.push(draft);
    }
}
