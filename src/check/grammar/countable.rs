//! `grammar/countable`: informations, an advice, many evidence: nouns that are not counted.

use crate::analyse::{Document, Passage};
use crate::check::grammar::{ENGLISH, Line};
use crate::check::repair::{capitalised, english_article};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::surface::Case;

pub(in crate::check) static COUNTABLE: Rule = Rule {
    id: "grammar/countable",
    summary: "A noun that is not counted, with an article, a number or a plural.",
    mqm: "linguistic/grammar",
    its: "grammar",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: ENGLISH,
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(countable),
};

/// A plural that is no word.
const PLURAL: f64 = 0.9;
/// An article or a word of number.
const COUNTED: f64 = 0.82;

fn countable(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let Some(line) = Line::of(passage) else { return };
    let table = line.data().table("mass-nouns");
    for at in 0..line.len() {
        let Some(row) = table.get(line.low(at)) else { continue };
        if !line.is_apart(at) || line.goes_on(at) || line.case(at) != Case::Lower {
            continue;
        }
        let kind = row.column(0);
        let found = if kind == "plural" { plural(&line, at, row.column(1)) } else { counted(&line, at, kind) };
        let Some((first, texts, confidence)) = found else { continue };
        let span = line.span(first, at);
        let message = format!("“{}”: English does not count this noun", line.letters(first, at));
        let mut draft = Draft::new(span, confidence, message).because(EvidenceKind::Data, "a noun of mass", None);
        if !passage.is_tried(document) {
            let title = line.case(first) == Case::Title;
            for (nth, text) in texts.into_iter().enumerate() {
                let text = if title { capitalised(&text) } else { text };
                draft = draft.fix(Fix::replace(span, text, if nth == 0 { 0.8 } else { 0.55 }));
            }
        }
        out.push(draft);
    }
}

/// Where it begins, what stands instead, how sure that is.
type Found = (usize, Vec<String>, f64);

/// “informations”.
fn plural(line: &Line<'_>, at: usize, right: &str) -> Option<Found> {
    (line.tag(at) == "NNS").then(|| (at, vec![right.to_owned()], PLURAL))
}

/// “an information”, “many evidence”.
fn counted(line: &Line<'_>, at: usize, kind: &str) -> Option<Found> {
    // “an information centre”: the noun that is counted comes behind; an adjective may stand behind and before another.
    let next = at + 1;
    let ends = line.ends_before(next)
        || matches!(line.tag(next), "IN" | "TO" | "CC" | "VBD" | "VBZ" | "MD" | "WDT" | "WP" | "RB" | "VBP");
    if !ends || line.tag(at) != "NN" || line.written(next) == "-" || line.is(next, &["and", "or"]) {
        return None;
    }
    // “of” and nothing else may lead to a list: “a furniture, carpet and lamp shop”.
    if line.written(next) == "," && line.is_noun(next + 1) {
        return None;
    }
    let before = at.checked_sub(1)?;
    let noun = line.written(at);
    let piece = |article: bool| format!("{}piece of {noun}", if article { "a " } else { "" });
    if line.is(before, &["a", "an"]) {
        // “such an information” is a word of law; “a little of”.
        let texts = if kind == "piece" { vec![noun.to_owned(), piece(true)] } else { vec![noun.to_owned()] };
        return Some((before, texts, COUNTED));
    }
    let many = match line.low(before) {
        "many" => "much",
        "several" | "numerous" | "various" => "some",
        "these" => "this",
        "those" => "that",
        _ => "",
    };
    if !many.is_empty() {
        return (kind != "bare").then(|| (before, vec![format!("{many} {noun}")], COUNTED));
    }
    // “an important information”.
    let article = before.checked_sub(1)?;
    let adjective =
        line.tag(before) == "JJ" && !line.is(before, &["little", "few", "certain", "such", "good", "better"]);
    if kind == "piece" && adjective && line.is(article, &["a", "an"]) && !line.goes_on(before) {
        let phrase = line.letters(before, at);
        let data = line.data();
        let of = format!("{} piece of {noun}", line.written(before));
        return Some((article, vec![phrase.to_owned(), format!("{} {of}", english_article(&of, data))], COUNTED));
    }
    None
}
