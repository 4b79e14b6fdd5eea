//! `punct/attribution-dash`: the dash between a quotation and who said it.

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, quote};
use crate::finding::{Edit, EvidenceKind, Severity};
use crate::language::Table;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

pub(in crate::check) static ATTRIBUTION_DASH: Rule = Rule {
    id: "punct/attribution-dash",
    summary: "A dash between a quotation and who said it, as Slavic and Romance languages write it.",
    mqm: "linguistic/punctuation",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::WithTable("attribution"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(attribution_dash),
};

/// After a closing quotation mark.
const AFTER_QUOTE: f64 = 0.95;
/// After a comma alone: direct speech that has lost its marks.
const AFTER_COMMA: f64 = 0.8;

fn attribution_dash(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let attribution = document.target.data().table("attribution");
    let tokens = passage.tokens();
    for (at, dash) in tokens.iter().enumerate() {
        if !is_dash(passage, dash) {
            continue;
        }
        if is_insertion(passage, at) {
            continue;
        }
        let Some(verb) = attributing_verb(passage, &attribution, at) else {
            continue;
        };
        if let Some(draft) = after_quote(document, passage, &attribution, at, verb) {
            out.push(draft);
        } else if let Some(comma) = at.checked_sub(1).map(|i| &tokens[i]).filter(|t| passage.written(t) == ",") {
            out.push(after_comma(document, passage, comma, at, verb));
        }
    }
}

/// Direct speech that has lost a mark, or is set off by dashes alone. Where it began is known if a quotation is open, or if
/// a dash opened it; then the comma ends it, and after "— she said. —" it goes on.
fn after_comma(document: &Document<'_>, passage: &Passage<'_>, comma: &Token, dash: usize, verb: usize) -> Draft {
    let tokens = passage.tokens();
    let second = takes_up_again(passage, verb);
    let end = second.map_or(tokens[verb].span, |i| tokens[i + 1].span);
    let message = "a comma and a dash do not set direct speech apart here; quotation marks do";
    let draft = Draft::new(comma.span.cover(end), AFTER_COMMA, message).because(
        EvidenceKind::Pattern,
        "comma, dash, attribution",
        None,
    );
    let marks = document.target.data().quotation_marks();
    let Some((open, &(first, last))) = open_at(document, passage, comma.span.start()).zip(marks.first()) else {
        return draft;
    };
    let straight = matches!(open, Open::Quotation { straight: true, .. });
    let (first, last) = if straight { ('"', '"') } else { (first, last) };
    let table = document.target.data().table("quotation");
    let before = passage.text.text()[..comma.span.start()].chars().next_back();
    let (_, ending) = quote::before_attribution(&table, before, &last.to_string());
    let close = Edit { span: comma.span.cover(tokens[dash].span), replacement: ending };
    let goes_on = matches!(open, Open::Quotation { is_closed: true, .. });
    match second {
        Some(i) if goes_on => {
            let edit = Span::new(tokens[i].span.start(), tokens[i + 1].span.start());
            let reopen = Edit { span: edit, replacement: first.to_string() };
            draft.fix(Fix { edits: vec![close, reopen], score: 0.85, safe: false })
        }
        None if !goes_on => draft.fix(Fix { edits: vec![close], score: 0.8, safe: false }),
        _ => draft,
    }
}

/// What direct speech was opened by.
#[derive(Clone, Copy)]
enum Open {
    Quotation { is_closed: bool, straight: bool },
    Dash,
}

/// What is open at a place of the document: a quotation, or speech after a dash. In a changed sentence nobody asks.
fn open_at(document: &Document<'_>, passage: &Passage<'_>, at: usize) -> Option<Open> {
    if !std::ptr::eq(passage.text, &document.target) {
        return None;
    }
    let text = document.target.text();
    let quotations = document.quotations();
    let before = quotations.marks.partition_point(|m| m.span.start() < at);
    let surface = document.target.surface();
    let block = surface.blocks.get(surface.sentences.get(passage.sentence)?.block)?.span;
    let last = before.checked_sub(1).and_then(|i| quotations.marks.get(i)).filter(|m| block.contains(m.span));
    match last {
        Some(mark) if mark.opens => {
            Some(Open::Quotation { is_closed: mark.partner.is_some(), straight: mark.span.of(text) == "\"" })
        }
        Some(_) => None,
        None => quote::is_opened_by_dash(passage, at).then_some(Open::Dash),
    }
}

/// The dash after "— she said.", with which the speech goes on.
fn takes_up_again(passage: &Passage<'_>, verb: usize) -> Option<usize> {
    let tokens = passage.tokens();
    let dash = (verb + 1..tokens.len().min(verb + ATTRIBUTION_TOKENS)).find(|&i| is_dash(passage, &tokens[i]))?;
    let stop = matches!(passage.written(&tokens[dash - 1]), "." | ",");
    let goes_on = tokens.get(dash + 1).is_some_and(|t| t.kind == TokenKind::Word && !t.glued);
    (stop && goes_on).then_some(dash)
}

/// The longest attribution between two dashes, in tokens: a verb, a name of three words, an office of eight.
const ATTRIBUTION_TOKENS: usize = 16;

pub(in crate::check) fn is_dash(passage: &Passage<'_>, token: &Token) -> bool {
    token.kind == TokenKind::Mark && !token.glued && matches!(passage.written(token), "—" | "–" | "-" | "―")
}

/// A second dash takes up the sentence again, so what stands between the two is an insertion. After a comma or a stop a
/// second dash opens the next piece of the quotation instead.
pub(in crate::check) fn is_insertion(passage: &Passage<'_>, dash: usize) -> bool {
    let tokens = passage.tokens();
    let second = (dash + 1..tokens.len()).find(|&i| is_dash(passage, &tokens[i]));
    second.is_some_and(|i| !matches!(passage.written(&tokens[i - 1]), "," | "." | "”" | "\"" | "»"))
}

/// The verb that attributes, right after the dash or after one word that is its subject ("— he said", "— Ivanov said").
pub(in crate::check) fn attributing_verb(passage: &Passage<'_>, attribution: &Table, dash: usize) -> Option<usize> {
    let tokens = passage.tokens();
    let is_verb = |i: usize| {
        let token = tokens.get(i)?;
        // "— said to be the best": nobody says it.
        let kind = |t: &Token| attribution.get(passage.folded(t)).map_or("", |row| row.column(0));
        let passive = tokens.get(i + 1).is_some_and(|t| kind(t) == "passive");
        let verb = !passive
            && token.case == Case::Lower
            && attribution.get(passage.folded(token)).is_some_and(|r| r.column(0) == "verb");
        verb.then_some(i)
    };
    let subject = tokens.get(dash + 1).filter(|t| t.kind == TokenKind::Word)?;
    let pronoun = attribution.get(passage.folded(subject)).is_some_and(|row| row.column(0) == "pronoun");
    is_verb(dash + 1).or_else(|| is_verb(dash + 2).filter(|_| pronoun || subject.case == Case::Title))
}

fn after_quote(
    document: &Document<'_>,
    passage: &Passage<'_>,
    attribution: &Table,
    dash: usize,
    verb: usize,
) -> Option<Draft> {
    let tokens = passage.tokens();
    let text = passage.text.text();
    // ”, —   ,” —   ” —
    let mut mark = dash.checked_sub(1)?;
    if passage.written(&tokens[mark]) == "," {
        mark = mark.checked_sub(1)?;
    }
    let written = passage.written(&tokens[mark]);
    if !matches!(written, "”" | "\"" | "»" | "«" | "“" | "’") || is_spaced_opening(text, &tokens[mark]) {
        return None;
    }
    let span = tokens[mark].span.cover(tokens[verb].span);
    // What ends the quotation: nothing is added after a question or an exclamation; a full stop becomes a comma.
    let inside = text[..tokens[mark].span.start()].trim_end().chars().next_back();
    let table = document.target.data().table("quotation");
    let closing = quote::right_closing(document, tokens[mark].span, passage).unwrap_or_else(|| written.to_owned());
    let (drops_last, ending) = quote::before_attribution(&table, inside, &closing);
    let from = tokens[mark].span.start() - usize::from(drops_last);
    let mut draft = Draft::new(span, AFTER_QUOTE, "no dash between a quotation and who said it").because(
        EvidenceKind::Pattern,
        "quotation, dash, attribution",
        None,
    );
    // "— said in a statement": nobody says it, so the statement does.
    let definite = || attribution.iter().find(|(_, row)| row.column(0) == "definite").map(|(word, _)| word);
    if let Some((end, source)) = said_in_a(passage, attribution, verb)
        && let Some(the) = definite()
    {
        let said = passage.written(&tokens[verb]);
        let edit = Span::new(from, end);
        draft = draft.fix(Fix::replace(edit, format!("{ending} {the} {source} {said}"), 0.8));
    }
    {
        let without = if draft.fixes.is_empty() { 0.85 } else { 0.5 };
        Some(draft.fix(Fix::replace(Span::new(from, tokens[dash].span.end()), ending, without)))
    }
}

/// A straight mark with a space before it opens a quotation, so what stands before the dash is not its end.
fn is_spaced_opening(text: &str, mark: &Token) -> bool {
    text[..mark.span.start()].chars().next_back().is_none_or(char::is_whitespace)
}

/// "said in a statement." where the sentence or clause ends: the noun, and where it ends.
fn said_in_a<'a>(passage: &Passage<'a>, attribution: &Table, verb: usize) -> Option<(usize, &'a str)> {
    let tokens = passage.tokens();
    let [preposition, article, noun] = tokens.get(verb + 1..verb + 4)? else {
        return None;
    };
    let is = |token: &Token, kind: &str| attribution.get(passage.folded(token)).is_some_and(|r| r.column(0) == kind);
    let phrase = is(preposition, "within") && (is(article, "article") || is(article, "definite"));
    let source = is(noun, "source");
    let ends = tokens.get(verb + 4).is_none_or(|t| t.kind == TokenKind::Mark);
    (phrase && source && ends).then(|| (noun.span.end(), passage.folded(noun)))
}
