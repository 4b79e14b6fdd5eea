//! Units of the translation that are blank, or far too short or long for their source.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Surface, TokenKind};

use super::weight;

pub(in crate::check) static EMPTY: Rule = Rule {
    id: "completeness/empty",
    summary: "A segment whose source has words and whose translation has none.",
    mqm: "accuracy/omission",
    its: "omission",
    severity: Severity::Critical,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(empty),
};

pub(in crate::check) static LENGTH: Rule = Rule {
    id: "completeness/length",
    summary: "A paragraph or segment far too short or too long for its source.",
    mqm: "accuracy/omission",
    its: "omission",
    severity: Severity::Major,
    scope: Scope::Document,
    layers: &[Layer::Surface],
    languages: Languages::Any,
    needs_source: true,
    needs_glossary: false,
    run: Run::Document(length),
};

/// A segment without a word.
const BLANK: f64 = 0.97;
/// How much longer than usual the neighbour is that says what a blank or short unit leaves out.
const TAKEN_OVER: f64 = 1.3;
/// The least share of what is missing that the neighbour's surplus makes up for.
const MADE_UP: f64 = 0.5;

/// A unit has less than [`VERY_SHORT`] of the usual length.
const MOST_MISSING: f64 = 0.85;
/// It has less than [`SHORT`], or more than [`LONG`].
const OUT_OF_PROPORTION: f64 = 0.72;
/// A unit is far too short where it has less than this share of the usual length. Of 8,141 paragraphs of news in 24
/// language pairs those with 120 letters or more in the source have at least 0.54 of what is usual in their document;
/// shorter ones, headlines among them, go down to 0.37.
const SHORT: f64 = 0.4;
/// Still shorter.
const VERY_SHORT: f64 = 0.3;
/// A unit is far too long above this; of those paragraphs the longest with 120 letters has 1.68 times the usual length.
const LONG: f64 = 2.5;
/// Letters of the longer side that make a unit long enough to be measured.
const MEASURED: usize = 120;
/// Fewest letters in the source of one that is too long: a line of three words may need a dozen.
const LEAST: usize = 30;
/// Paragraphs beyond these shares of the usual length are odd; of those of news two in a thousand are.
const ODD: (f64, f64) = (0.5, 2.0);
/// Texts with as many paragraphs correspond where at most one in so many is odd.
const ODD_UNITS: usize = 5;
/// Fewest units that tell how long a rendering usually is.
const MIN_UNITS: usize = 5;
/// Fewest letters of their sources.
const MIN_LETTERS: usize = 400;

/// Part of a document that renders a part of its source: a segment, or a paragraph.
struct Unit {
    source: Span,
    target: Span,
    /// Letters of the source.
    from: usize,
    /// Letters of the translation.
    to: usize,
}

/// The units of a document; none where it is not sure which belongs to which.
fn units(document: &Document<'_>) -> Vec<Unit> {
    let Some(source) = &document.source else {
        return Vec::new();
    };
    let unit = |from: Span, to: Span| Unit {
        source: from,
        target: to,
        from: weight(from.of(source.text())),
        to: weight(to.of(document.target.text())),
    };
    if document.is_segmented() {
        return document.segments().iter().map(|s| unit(s.source, s.target)).collect();
    }
    let (from, to) = (&source.surface().blocks, &document.target.surface().blocks);
    if from.len() != to.len() {
        return Vec::new();
    }
    let units: Vec<Unit> = from.iter().zip(to).map(|(a, b)| unit(a.span, b.span)).collect();
    // Two counts may be equal by chance, where a paragraph is lost and another one split: then much is out of proportion.
    let usual = usual_length(&units).unwrap_or(1.0);
    let odd = units.iter().filter(|u| {
        let share = u.to as f64 / (u.from as f64 * usual).max(1.0);
        u.from.max(u.to) >= MEASURED / 2 && !(ODD.0..=ODD.1).contains(&share)
    });
    if odd.count() * ODD_UNITS > units.len() { Vec::new() } else { units }
}

/// How many letters the translation has for each of the source; `None` where there is too little to tell.
fn usual_length(units: &[Unit]) -> Option<f64> {
    let filled = || units.iter().filter(|u| u.from > 0 && u.to > 0);
    let (from, to) = filled().fold((0, 0), |(from, to), u| (from + u.from, to + u.to));
    (filled().count() >= MIN_UNITS && from >= MIN_LETTERS).then(|| to as f64 / from as f64)
}

/// What is wrong with a unit, and the sentence that it is told with.
struct Fault {
    sentence: usize,
    confidence: f64,
    message: String,
    source: Span,
}

fn empty(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut faults = Blanks(Vec::new());
    if !document.is_segmented() {
        return Box::new(faults);
    }
    let units = units(document);
    let usual = usual_length(&units).unwrap_or(1.0);
    for (index, unit) in units.iter().enumerate() {
        if lacks_words(document, unit) && !is_taken_over(&units, index, usual) {
            let at = unit.target.start();
            if let Some(sentence) = document.target.surface().sentence_at(at) {
                let message = "this segment has no translation".to_owned();
                faults.0.push((at, Fault { sentence, confidence: BLANK, message, source: unit.source }));
            }
        }
    }
    Box::new(faults)
}

/// Whether a unit's source has words, and its target neither words nor numbers nor inline codes.
fn lacks_words(document: &Document<'_>, unit: &Unit) -> bool {
    let has = |surface: &Surface, span: Span, kind: TokenKind| {
        let first = surface.tokens.partition_point(|t| t.span.start() < span.start());
        let mut tokens = surface.tokens[first..].iter().take_while(|t| t.span.start() < span.end());
        tokens.any(|t| t.kind == kind)
    };
    unit.to == 0
        && document.source.as_ref().is_some_and(|source| has(source.surface(), unit.source, TokenKind::Word))
        && !has(document.target.surface(), unit.target, TokenKind::Mask)
}

/// Whether a neighbour is so long that it says what this unit leaves out: two sentences were made one.
fn is_taken_over(units: &[Unit], index: usize, usual: f64) -> bool {
    let missing = units[index].from as f64 * usual - units[index].to as f64;
    let near = [index.checked_sub(1), Some(index + 1)];
    near.into_iter().flatten().filter_map(|i| units.get(i)).any(|unit| {
        let (expected, length) = (unit.from as f64 * usual, unit.to as f64);
        length >= expected * TAKEN_OVER && length - expected >= missing * MADE_UP
    })
}

/// Blank units, each with the byte where its translation should begin.
struct Blanks(Vec<(usize, Fault)>);

impl Survey for Blanks {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let own = std::ptr::eq(passage.text, &document.target);
        let first = self.0.partition_point(|(_, fault)| fault.sentence < passage.place);
        for (at, fault) in self.0[first..].iter().take_while(|(_, fault)| fault.sentence == passage.place) {
            // In a sentence that was changed the blank lies beyond its end, as before.
            let at = if own { *at } else { passage.span().end() };
            out.push(draft(Span::new(at, at), fault));
        }
    }
}

fn length(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let units = units(document);
    let surface = document.target.surface();
    let mut faults = Disproportions(Vec::new());
    let Some(usual) = usual_length(&units) else {
        return Box::new(faults);
    };
    for (index, unit) in units.iter().enumerate().filter(|(_, u)| u.to > 0 && u.from >= LEAST) {
        let share = unit.to as f64 / (unit.from as f64 * usual);
        let short = share < SHORT && unit.from >= MEASURED && !is_taken_over(&units, index, usual);
        let long = share > LONG && unit.to >= MEASURED;
        if !(short || long) {
            continue;
        }
        // It is told with the last sentence: what is missing is missed there.
        let after = surface.sentences.partition_point(|s| s.span.start() < unit.target.end());
        let Some(sentence) =
            after.checked_sub(1).filter(|&s| surface.kind_of(&surface.sentences[s]) == BlockKind::Body)
        else {
            continue;
        };
        let message = if short {
            format!("far shorter than its source: {} letters for {}", unit.to, unit.from)
        } else {
            format!("far longer than its source: {} letters for {}", unit.to, unit.from)
        };
        let confidence = if share < VERY_SHORT { MOST_MISSING } else { OUT_OF_PROPORTION };
        faults.0.push(Fault { sentence, confidence, message, source: unit.source });
    }
    Box::new(faults)
}

/// Units out of proportion.
struct Disproportions(Vec<Fault>);

impl Survey for Disproportions {
    fn check(&self, _: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let first = self.0.partition_point(|fault| fault.sentence < passage.place);
        let own = self.0[first..].iter().take_while(|fault| fault.sentence == passage.place);
        out.extend(own.map(|fault| draft(passage.span(), fault)));
    }
}

fn draft(span: Span, fault: &Fault) -> Draft {
    let place = Place::source(fault.source);
    Draft::new(span, fault.confidence, fault.message.clone()).beside(place).because(
        EvidenceKind::Source,
        "the source says more, or less",
        Some(place),
    )
}
