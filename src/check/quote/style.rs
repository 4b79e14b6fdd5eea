//! `quote/style`: marks that the language does not use, halves that do not match, dashes in place of marks, and the comma or
//! stop on the wrong side of the closing mark.

use super::order::{self, Order};
use super::{Customs, Fault, NESTING, Quote, before_attribution, dialogue, drafts_within, may_be_running};
use crate::analyse::quotes::{Mark, Quotations, is_single};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey, punct};
use crate::finding::{Edit, EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case, TokenKind};

pub(crate) static STYLE: Rule = Rule {
    id: "quote/style",
    summary: "Quotation marks of another language, halves that do not match, or comma and stop on the wrong side.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations],
    languages: Languages::WithTable("quotation"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(style),
};

/// Marks that the language does not have at all.
const FOREIGN: f64 = 0.9;
/// Marks that it has within quotations, around one that is in no other: some publishers print them so.
const INNER: f64 = 0.75;
/// Two halves that are no pair.
const MIXED: f64 = 0.7;
/// Comma or stop on the side where the language, the desk or the rest of the text does not have it.
const ORDER: f64 = 0.75;
/// A full stop between a quotation and "he said": nobody ends a sentence there.
const SAID: f64 = 0.85;
/// Dashes around speech that somebody is said to have said.
const DIALOGUE: f64 = 0.85;
/// A name between marks that it does not have in this language: taking them away, and putting the right ones.
const BARE_NAME: f64 = 0.6;
const MARKED_NAME: f64 = 0.5;
/// What is lost where paragraphs are no running text.
const NOT_BODY: f64 = 0.8;

fn style(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let text = &document.target;
    let customs = Customs::of(text.data());
    let order = Order::of(&customs, settings.style, text.text(), text.surface(), document.quotations());
    let dialogue = dialogue::drafts(document, &customs, DIALOGUE);
    Box::new(StyleSurvey { customs, order, borders: super::Borders::of(document), dialogue })
}

struct StyleSurvey {
    customs: Customs,
    order: Order,
    borders: super::Borders,
    dialogue: Vec<Draft>,
}

impl Survey for StyleSurvey {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() == BlockKind::Byline {
            return;
        }
        if std::ptr::eq(passage.text, &document.target) {
            self.look(document, document.quotations(), passage, out);
            drafts_within(&self.dialogue, passage, out);
        } else if let Some((quotations, _)) = self.borders.again(passage) {
            self.look(document, &quotations, passage, out);
            dialogue::still_there(document, &self.dialogue, passage, out);
        }
    }
}

impl StyleSurvey {
    fn look(&self, document: &Document<'_>, quotations: &Quotations, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let text = passage.text.text();
        let span = passage.span();
        let first = quotations.marks.partition_point(|m| m.span.start() < span.start());
        let mut halves = 0;
        let mut before = None;
        for mark in quotations.marks[first..].iter().take_while(|m| m.span.start() < span.end()) {
            let found = if let Some(quote) = Quote::of(text, quotations, mark) {
                self.judge(document, quotations, passage, &quote, mark.opens)
            } else if !std::ptr::eq(passage.text, &document.target) && halves < NESTING {
                halves += 1;
                half(document, passage, mark, before.get_or_insert_with(|| self.of_sentence(document, passage.place)))
            } else {
                None
            };
            out.extend(found.map(|mut draft| {
                draft.confidence *= if passage.kind() == BlockKind::Body { 1.0 } else { NOT_BODY };
                draft
            }));
        }
    }

    fn judge(
        &self,
        document: &Document<'_>,
        quotations: &Quotations,
        passage: &Passage<'_>,
        quote: &Quote<'_>,
        opens: bool,
    ) -> Option<Draft> {
        let (open, close) = quote.marks();
        let is_outer = quote.open.depth == 0;
        let Some((fault, instead)) = self.customs.judge(open, close, is_outer) else {
            return if opens { None } else { self.order(document, passage, quote) };
        };
        let running = fault == Fault::Inner && may_be_running(document, quote.open.span.start());
        if running || quote.is_signpost() || quote.is_in_another_script(document, passage) {
            return None;
        }
        // Within a quotation that has the marks which this one should have, it takes those of the second level.
        let around = quote.open.parent.and_then(|at| Quote::of(quote.text, quotations, quotations.marks.get(at)?));
        let instead = match around.map(|around| around.marks()) {
            Some((o, c)) if self.customs.judge(o, c, true).map_or((o, c), |(_, pair)| pair) == instead => {
                self.customs.nested(instead.0, instead.1).unwrap_or(instead)
            }
            _ => instead,
        };
        self.marks(document, passage, quote, opens, fault, instead)
    }

    /// A short quotation is one place; of a longer one each wrong half is, and they share a group.
    fn marks(
        &self,
        document: &Document<'_>,
        passage: &Passage<'_>,
        quote: &Quote<'_>,
        opens: bool,
        fault: Fault,
        instead: (char, char),
    ) -> Option<Draft> {
        let (open, close) = quote.marks();
        let first = self.opening(quote, instead.0);
        let (close_span, written) = self.closing(passage, quote, instead.1);
        let last = Edit { span: close_span, replacement: written };
        let whole = quote.open.span.cover(quote.close.span);
        let set_off = is_set_off(document, passage, quote.close.span);
        let both =
            fault != Fault::Mixed && !set_off && quote.is_short() && passage.span().contains(whole.cover(last.span));
        let (confidence, message) = match fault {
            Fault::Foreign => (FOREIGN, "quotation marks of another language"),
            Fault::Inner => (INNER, "these marks stand within quotations only"),
            Fault::Mixed => (MIXED, "this mark does not match the other one of its quotation"),
        };
        let draft = match opens {
            true if both => {
                let marks = Fix { edits: vec![first, last.clone()], score: 0.9, safe: false };
                self.with_names(Draft::new(whole.cover(last.span), confidence, message), passage, quote, marks)
            }
            false if both => return None,
            true if open == instead.0 => return None,
            false if close == instead.1 || set_off => return None,
            true => {
                Draft::new(quote.open.span, confidence, message).fix(Fix::replace(first.span, first.replacement, 0.9))
            }
            false => {
                let span = Span::new(last.span.start().max(trimmed(quote)), last.span.end());
                Draft::new(span, confidence, message).fix(Fix::replace(last.span, last.replacement, 0.9))
            }
        };
        let detail = if fault == Fault::Mixed { "halves of different pairs" } else { "marks of the language" };
        Some(draft.because(EvidenceKind::Data, detail, None).of_group(quote.key()))
    }

    /// A name between marks that English, say, would give no name: those are taken away, or else put right.
    fn with_names(&self, draft: Draft, passage: &Passage<'_>, quote: &Quote<'_>, mut marks: Fix) -> Draft {
        let attribution = passage.text.data().table("attribution");
        let bare = self.customs.row("names", "bare").is_some();
        let word_is_name = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
        let sentence_start = quote.open.span.start() == passage.span().start();
        let tokens = passage.tokens();
        let before = tokens.partition_point(|t| t.span.start() < quote.open.span.start());
        let before = before.checked_sub(1).and_then(|i| tokens.get(i));
        // He said «Yes», she asked: «Why» are no names.
        let says = |row: crate::language::Row| matches!(row.column(0), "verb" | "source" | "pronoun" | "passive");
        let said =
            before.is_some_and(|t| t.kind != TokenKind::Word || attribution.get(passage.folded(t)).is_some_and(says));
        let name = bare && !sentence_start && !said && quote.inside().split_whitespace().all(word_is_name);
        if !name || quote.inside().ends_with(['.', ',', '!', '?']) {
            return draft.fix(marks);
        }
        let inner = Span::new(quote.open.span.end(), quote.close.span.start());
        let before = inner.of(quote.text).len() - inner.of(quote.text).trim_start().len();
        let after = inner.of(quote.text).len() - inner.of(quote.text).trim_end().len();
        let edits = vec![
            Edit { span: Span::new(quote.open.span.start(), inner.start() + before), replacement: String::new() },
            Edit { span: Span::new(inner.end() - after, quote.close.span.end()), replacement: String::new() },
        ];
        marks.score = MARKED_NAME;
        let draft = Draft { span: quote.open.span.cover(quote.close.span), ..draft };
        draft.fix(Fix { edits, score: BARE_NAME, safe: false }).fix(marks)
    }

    /// What was found in a sentence of the document.
    fn of_sentence(&self, document: &Document<'_>, sentence: usize) -> Vec<Draft> {
        let mut drafts = Vec::new();
        if sentence < document.target.surface().sentences.len() {
            let passage = Passage { text: &document.target, sentence, place: sentence };
            self.look(document, document.quotations(), &passage, &mut drafts);
        }
        drafts
    }

    /// The space that French sets inside its marks goes with them, and that of the language comes.
    fn opening(&self, quote: &Quote<'_>, mark: char) -> Edit {
        let inside = Span::new(quote.open.span.end(), quote.close.span.start()).of(quote.text);
        let blanks = inside.len() - inside.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
        let span = Span::new(quote.open.span.start(), quote.open.span.end() + blanks);
        Edit { span, replacement: self.customs.opening(mark) }
    }

    fn closing(&self, passage: &Passage<'_>, quote: &Quote<'_>, mark: char) -> (Span, String) {
        let written = self.customs.closing(mark);
        let place = |c| self.order.place_anew(quote, passage.text.surface(), c);
        let (span, written) = order::rewritten(quote.text, quote.close.span, &written, place);
        // Whoever copied the marks copied the hyphen that does for a dash, too: ”, - becomes », —.
        let Some(dash) = self.customs.row("dash", "mark") else {
            return (span, written);
        };
        let rest = &quote.text[span.end()..];
        let after = rest.strip_prefix(',').unwrap_or(rest);
        let hyphen = [" - ", " – "].into_iter().find(|hyphen| after.starts_with(hyphen));
        let Some(hyphen) = hyphen else {
            return (span, written);
        };
        let comma = &rest[..rest.len() - after.len()];
        let end = span.end() + comma.len() + hyphen.len() - 1;
        (Span::new(span.start(), end), format!("{written}{comma} {dash}"))
    }

    /// Comma or stop on the wrong side of a mark that is right itself.
    fn order(&self, document: &Document<'_>, passage: &Passage<'_>, quote: &Quote<'_>) -> Option<Draft> {
        let (open, close) = quote.marks();
        let end = order::end(quote.text, quote.close.span);
        if is_single(open) || end == (None, None) || is_set_off(document, passage, quote.close.span) {
            return None;
        }
        if end == (Some('.'), None) && is_said(document, passage, quote) {
            let table = document.target.data().table("quotation");
            let (_, written) = before_attribution(&table, Some('.'), &close.to_string());
            let span = Span::new(quote.close.span.start() - 1, quote.close.span.end());
            let draft = Draft::new(span, SAID, "a full stop parts a quotation from who said it")
                .fix(Fix::replace(span, written, 0.9))
                .because(EvidenceKind::Pattern, "stop, closing mark, attribution", None);
            return Some(draft);
        }
        let place = |c| self.order.place(quote, passage.text.surface(), c);
        let (span, written) = order::rewritten(quote.text, quote.close.span, &self.customs.closing(close), place);
        let now = span.of(quote.text);
        let blank = |c: &char| !c.is_whitespace();
        if now.chars().filter(blank).eq(written.chars().filter(blank)) {
            return None;
        }
        let outside = now.ends_with([',', '.']);
        let name = if now.contains(',') { "the comma" } else { "the full stop" };
        let side = if outside { "before" } else { "after" };
        let draft = Draft::new(span, ORDER, format!("{name} belongs {side} the closing mark here"))
            .fix(Fix::replace(span, written, 0.9))
            .because(EvidenceKind::Data, "comma and stop at the end of a quotation", None);
        Some(draft)
    }
}

/// A mark whose quotation begins before a changed sentence, or ends after it: as wrong as it was `before`, if it stands there
/// as it did.
fn half(document: &Document<'_>, passage: &Passage<'_>, mark: &Mark, before: &[Draft]) -> Option<Draft> {
    let text = passage.text.text();
    let written = mark.span.of(text);
    before.iter().find_map(|draft| {
        let words = draft.span.of(document.target.text());
        let start = mark.span.start().checked_sub(words.find(written)?)?;
        let span = Span::new(start, start + words.len());
        (text.get(span.range()) == Some(words)).then(|| Draft::new(span, draft.confidence, ""))
    })
}

/// Whether the words after a quotation say whose it is, and nothing else: "said the envoy", "he said", "Li Wen said." A name
/// with another verb, or with more words after the verb, may be a sentence by itself.
fn is_said(document: &Document<'_>, passage: &Passage<'_>, quote: &Quote<'_>) -> bool {
    let attribution = document.target.data().table("attribution");
    let mut text = passage.text;
    let mut sentence = passage.sentence;
    let mut from = text.surface().tokens.partition_point(|t| t.span.start() < quote.close.span.end());
    if from == text.surface().tokens.len() && !std::ptr::eq(text, &document.target) {
        // A changed sentence is looked at alone; what follows it is in the document.
        (text, sentence) = (&document.target, passage.place);
        from = text.surface().sentences.get(sentence).map_or(0, |s| s.tokens.end);
    }
    let surface = text.surface();
    let block = surface.sentences.get(sentence).and_then(|s| surface.blocks.get(s.block));
    let end = block.map_or(from, |b| surface.tokens_of_block(b).end).min(from + ATTRIBUTION).max(from);
    let tokens = &surface.tokens[from..end];
    let kind =
        |i: usize| tokens.get(i).and_then(|t| attribution.get(surface.folded(t))).map_or("", |row| row.column(0));
    let lower = tokens.first().is_some_and(|t| t.case == Case::Lower && !t.glued);
    if lower && kind(1) != "passive" && (kind(0) == "verb" || (kind(0) == "pronoun" && kind(1) == "verb")) {
        return true;
    }
    let says = document.target.data().table("quotation");
    let names = tokens.iter().take_while(|t| t.kind == TokenKind::Word && t.case != Case::Lower).count();
    let verb =
        tokens.get(names).is_some_and(|t| says.get(surface.folded(t)).is_some_and(|row| row.column(0) == "says"));
    let ends = tokens.get(names + 1).is_some_and(|t| t.glued && t.span.of(text.text()) == ".");
    names > 0 && verb && ends
}

/// The longest "Gu Ningyuan said." that is looked at, in tokens: four names, a verb, a stop.
const ATTRIBUTION: usize = 6;

/// Before a dash and whoever said it: the closing mark is then `punct/attribution-dash`'s.
fn is_set_off(document: &Document<'_>, passage: &Passage<'_>, close: Span) -> bool {
    let tokens = passage.tokens();
    let mut dash = tokens.partition_point(|t| t.span.start() < close.end());
    if tokens.get(dash).is_some_and(|t| passage.written(t) == ",") {
        dash += 1;
    }
    if !tokens.get(dash).is_some_and(|t| punct::is_dash(passage, t)) || punct::is_insertion(passage, dash) {
        return false;
    }
    let attribution = document.target.data().table("attribution");
    !attribution.is_empty() && punct::attributing_verb(passage, &attribution, dash).is_some()
}

/// The closing mark that should stand where one of another language does; `None` where it is right.
pub(crate) fn right_closing(document: &Document<'_>, close: Span, passage: &Passage<'_>) -> Option<String> {
    if !std::ptr::eq(passage.text, &document.target) {
        return None;
    }
    let quotations = document.quotations();
    let at = quotations.marks.binary_search_by_key(&close, |m| m.span).ok()?;
    let quote = Quote::of(document.target.text(), quotations, &quotations.marks[at])?;
    let (open, mark) = quote.marks();
    let customs = Customs::of(document.target.data());
    let (_, instead) = customs.judge(open, mark, quote.open.depth == 0)?;
    Some(customs.closing(instead.1))
}

/// Where the words of a quotation end.
fn trimmed(quote: &Quote<'_>) -> usize {
    let before = Span::new(quote.open.span.end(), quote.close.span.start()).of(quote.text);
    let blanks = before.len() - before.trim_end().len();
    quote.close.span.start() - blanks.min(before.len())
}
