//! `quote/unpaired`: a mark that closes nothing, or that nothing closes.

use super::{Borders, Customs, is_closed_later};
use crate::analyse::quotes::{Lone, is_quotation_mark};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey, punct};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Token};

pub(crate) static UNPAIRED: Rule = Rule {
    id: "quote/unpaired",
    summary: "A quotation mark that closes nothing, or that nothing closes.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::WithTable("facts"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(unpaired),
};

/// A closing mark that nothing opened.
const CLOSES_NOTHING: f64 = 0.9;
/// An opening mark that nothing in its paragraph closes.
const NEVER_CLOSED: f64 = 0.75;
/// A straight mark faces no way of its own, so which one is too many is a guess.
const STRAIGHT: f64 = 0.6;
/// "the Lakers" official website": the mark is an apostrophe that an editor, or a program, turned into a quotation mark. Of
/// 21,466 words of published English it was the only kind of lone straight mark that was a slip in every place.
const APOSTROPHE: f64 = 0.8;

fn unpaired(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let lone = document.quotations().lone.iter();
    let lone = lone.filter(|l| !l.runs_on && !is_closed_later(document, l.span) && !may_run_on(document, l));
    Box::new(Unpaired { lone: lone.copied().collect(), borders: Borders::of(document) })
}

/// Of an article in segments we may see a part. A straight mark where a quotation may have begun before, or may go on after,
/// says nothing then: left are an apostrophe in disguise, and a mark in the middle of a clause.
fn may_run_on(document: &Document<'_>, lone: &Lone) -> bool {
    let text = document.target.text();
    if !document.is_segmented() || lone.span.of(text) != "\"" || is_apostrophe(text, lone.span) {
        return false;
    }
    let before = text[..lone.span.start()].trim_end_matches([' ', '\u{a0}']).chars().next_back();
    let surface = document.target.surface();
    let block = surface.sentence_at(lone.span.start()).and_then(|s| surface.blocks.get(surface.sentences[s].block));
    let rest = block.map_or("", |b| Span::new(lone.span.end(), b.span.end().max(lone.span.end())).of(text));
    let in_clause = before.is_some_and(char::is_alphanumeric) && rest.chars().take(CLAUSE).any(char::is_alphanumeric);
    !in_clause
}

/// How many characters after a mark say whether its segment goes on.
const CLAUSE: usize = 16;

/// A straight mark after a final s, with the next word after a space: "the players" union".
fn is_apostrophe(text: &str, mark: Span) -> bool {
    let mut before = text[..mark.start()].chars().rev();
    let plural = before.next() == Some('s') && before.next().is_some_and(char::is_alphabetic);
    let mut after = text[mark.end()..].chars();
    mark.of(text) == "\"" && plural && after.next() == Some(' ') && after.next().is_some_and(char::is_alphabetic)
}

struct Unpaired {
    lone: Vec<Lone>,
    borders: Borders,
}

impl Survey for Unpaired {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let span = passage.span();
        let lone: Vec<Lone> = if std::ptr::eq(passage.text, &document.target) {
            let first = self.lone.partition_point(|l| l.span.start() < span.start());
            self.lone[first..].iter().copied().take_while(|l| l.span.start() < span.end()).collect()
        } else {
            let Some((again, may_stay_open)) = self.borders.again(passage) else {
                return;
            };
            let mut opening = again.lone.iter().filter(|l| l.opens).count();
            let keep = |l: &&Lone| {
                // What is open at the end of the sentence is no fault as long as the rest of the paragraph closes it.
                let carried = l.opens && opening <= may_stay_open;
                opening -= usize::from(l.opens);
                !carried && span.contains(l.span)
            };
            again.lone.iter().filter(keep).copied().collect()
        };
        out.extend(lone.into_iter().map(|l| draft(document, passage, l.span, l.opens)));
    }
}

fn draft(document: &Document<'_>, passage: &Passage<'_>, mark: Span, opens: bool) -> Draft {
    let text = passage.text.text();
    let written = mark.of(text);
    let has_apostrophes = document.target.data().table("quotation").has("possessive");
    if has_apostrophes && !opens && is_apostrophe(text, mark) && speaker(document, passage, mark).is_none() {
        let apostrophe = if document.target.text().contains('’') { "’" } else { "'" };
        return Draft::new(mark, APOSTROPHE, "a quotation mark where an apostrophe belongs")
            .fix(Fix::replace(mark, apostrophe, 0.9))
            .because(EvidenceKind::Pattern, "plural, mark, noun", None);
    }
    let confidence = match (written, opens) {
        ("\"", _) => STRAIGHT,
        (_, true) => NEVER_CLOSED,
        (_, false) => CLOSES_NOTHING,
    };
    let confidence = if passage.kind() == BlockKind::Body { confidence } else { confidence.min(STRAIGHT) };
    let message =
        if opens { "this quotation is never closed" } else { "this mark closes a quotation that was never opened" };
    let mut edit = mark;
    if written == "«" && opens && text[mark.end()..].starts_with([' ', '\u{a0}', '\u{202f}']) {
        // French puts a space inside its marks; it goes with the mark.
        edit = Span::new(mark.start(), mark.end() + text[mark.end()..].chars().next().map_or(0, char::len_utf8));
    }
    let draft = Draft::new(mark, confidence, message).because(EvidenceKind::Pattern, "marks paired by paragraph", None);
    match speech_start(document, passage, mark).filter(|_| !opens) {
        Some((at, opening)) => {
            draft.fix(Fix::replace(Span::new(at, at), opening, 0.5)).fix(Fix::replace(edit, "", 0.4))
        }
        None => draft.fix(Fix::replace(edit, "", 0.7)),
    }
}

/// Where speech that ends at a lone closing mark will have begun, with the mark that opens it: at the head of its sentence,
/// or after the colon. Only a comma or stop before the mark, or one after it and whoever said it, shows that it is speech
/// and no stray mark; and no other quotation may stand before it.
fn speech_start(document: &Document<'_>, passage: &Passage<'_>, mark: Span) -> Option<(usize, String)> {
    let text = passage.text.text();
    let sentence = passage.span();
    let inside = text[..mark.start()].trim_end_matches([' ', '\u{a0}']).chars().next_back();
    let head = Span::new(sentence.start(), mark.start().max(sentence.start())).of(text);
    let speech = inside.is_some_and(|c| ",.?!…".contains(c));
    let speech =
        speech || is_attributed(document, passage, mark) || speaker(document, passage, mark) == Some(Speaker::First);
    if !speech || head.contains(is_quotation_mark) {
        return None;
    }
    let start = head.rfind(": ").map_or(sentence.start(), |colon| sentence.start() + colon + 2);
    let written = mark.of(text);
    let marks = document.target.data().quotation_marks();
    let pair = marks.iter().find(|(_, close)| written.starts_with(*close));
    let opening = if written == "\"" { '"' } else { pair?.0 };
    Some((start, Customs::of(document.target.data()).opening(opening)))
}

/// Who said it, right after a mark: "he said", "Ivanov said"; or, with the verb first, "said Ivanov".
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaker {
    First,
    Last,
}

fn speaker(document: &Document<'_>, passage: &Passage<'_>, mark: Span) -> Option<Speaker> {
    let attribution = document.target.data().table("attribution");
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < mark.end());
    let kind =
        |i: usize| tokens.get(i).and_then(|t| attribution.get(passage.folded(t))).map_or("", |row| row.column(0));
    match (kind(at), kind(at + 1)) {
        ("verb", _) => Some(Speaker::Last),
        (_, "verb") => Some(Speaker::First),
        _ => None,
    }
}

/// Whether a comma after a mark leads to whoever said it, over a dash or at once.
fn is_attributed(document: &Document<'_>, passage: &Passage<'_>, mark: Span) -> bool {
    let tokens = passage.tokens();
    let at = tokens.partition_point(|t| t.span.start() < mark.end());
    let comma = tokens.get(at).is_some_and(|t| passage.written(t) == ",");
    let verb = |t: &Token| {
        let row = document.target.data().table("attribution").get(passage.folded(t));
        punct::is_dash(passage, t) || row.is_some_and(|row| row.column(0) == "verb")
    };
    comma && tokens.get(at + 1).is_some_and(verb)
}
