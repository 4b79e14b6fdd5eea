//! `consistency/phrase-variant`: one thing, named by the same words in another order.

use rustc_hash::FxHashMap;

use crate::analyse::{Document, Passage};
use crate::check::repair::{english_article, in_case_of};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::glossary::matcher::Role;
use crate::language::Table;
use crate::span::Span;
use crate::surface::{Case, Token, TokenKind};

pub(in crate::check) static PHRASE_VARIANT: Rule = Rule {
    id: "consistency/phrase-variant",
    summary: "A name or term whose words the same text puts in another order elsewhere: contact line beside line of contact.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistency",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Quotations, Layer::Terms],
    languages: Languages::WithTable("phrase-heads"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// The glossary has one of the two.
const DECIDED: f64 = 0.9;
/// The text has one of them more often.
const MAJORITY: f64 = 0.75;
/// How often the form that wins must stand there, if no glossary decides.
const LEAST: usize = 2;
/// The fewest letters of the word that says which of its kind the thing is.
const MIN_LETTERS: usize = 4;
/// A quotation so much longer than the phrase is somebody's words; a shorter one sets the term in quotation marks.
const QUOTED_WORDS: usize = 12;

/// One of the two orders in a passage.
struct Occurrence {
    span: Span,
    /// The first token.
    at: usize,
    /// What the two orders have in common.
    key: (String, &'static str),
    /// "line of contact": the head comes first.
    head_first: bool,
    plural: bool,
}

/// The two orders of one phrase in a text.
#[derive(Default)]
struct Phrase {
    counts: [usize; 2],
    written: [Option<String>; 2],
    approved: [bool; 2],
}

struct Verdict {
    /// The order that gives way.
    head_first: bool,
    right: String,
    confidence: f64,
    why: String,
    kind: EvidenceKind,
}

struct Phrases {
    wrong: FxHashMap<(String, &'static str), Verdict>,
}

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let mut phrases: FxHashMap<(String, &'static str), Phrase> = FxHashMap::default();
    let mut found = Vec::new();
    for sentence in 0..document.target.surface().sentences.len() {
        let passage = Passage { text: &document.target, sentence, place: sentence };
        occurrences(document, &passage, &mut found);
        for occurrence in found.drain(..) {
            let phrase = phrases.entry(occurrence.key).or_default();
            let order = usize::from(occurrence.head_first);
            phrase.counts[order] += 1;
            if !occurrence.plural && occurrence.at > 0 && phrase.written[order].is_none() {
                phrase.written[order] = Some(occurrence.span.of(document.target.text()).to_owned());
            }
            phrase.approved[order] |= document
                .target_terms(&passage)
                .iter()
                .any(|term| term.hit.role == Role::Approved && term.hit.span.contains(occurrence.span));
        }
    }
    let mut wrong = FxHashMap::default();
    #[allow(clippy::iter_over_hash_type, reason = "each phrase is decided alone, and the result is a map again")]
    for (key, phrase) in phrases {
        if let Some(verdict) = decide(&phrase) {
            wrong.insert(key, verdict);
        }
    }
    Box::new(Phrases { wrong })
}

fn decide(phrase: &Phrase) -> Option<Verdict> {
    let [before, after] = phrase.counts;
    if before == 0 || after == 0 {
        return None;
    }
    let (right, confidence, why, kind) = match phrase.approved {
        [true, false] => (0, DECIDED, "the glossary has it so".to_owned(), EvidenceKind::Glossary),
        [false, true] => (1, DECIDED, "the glossary has it so".to_owned(), EvidenceKind::Glossary),
        _ => {
            let (right, most, least) = if after > before { (1, after, before) } else { (0, before, after) };
            if most < LEAST || most == least {
                return None;
            }
            (right, MAJORITY, format!("{most} times in this text, against {least}"), EvidenceKind::Document)
        }
    };
    let written = phrase.written[right].clone()?;
    Some(Verdict { head_first: right == 0, right: written, confidence, why, kind })
}

/// Every phrase of a passage whose head may stand in either order.
fn occurrences(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Occurrence>) {
    let data = document.target.data();
    let (heads, small) = (data.table("phrase-heads"), data.table("doubled"));
    let participles = data.participle_endings();
    let tokens = passage.tokens();
    for (at, token) in tokens.iter().enumerate() {
        let Some((head, links, plural)) = head_of(&heads, passage, token) else {
            continue;
        };
        // "contact line"
        let hyphened = |i: usize| tokens[i].glued && i > 0 && passage.written(&tokens[i - 1]) == "-";
        if let Some(word) = at.checked_sub(1).and_then(|i| modifier(passage, &small, i))
            && !token.glued
            && !hyphened(at - 1)
        {
            let span = tokens[at - 1].span.cover(token.span);
            out.push(Occurrence { span, at: at - 1, key: (word, head), head_first: false, plural });
        }
        // "line of contact", and no further noun behind it
        let linked = tokens.get(at + 1).is_some_and(|t| links.split('|').any(|link| link == passage.folded(t)));
        let ends = tokens.get(at + 3).is_none_or(|t| match t.kind {
            TokenKind::Mark => passage.written(t) != "-",
            TokenKind::Word => {
                let next = passage.folded(t);
                let name = tokens[at + 2].case == Case::Title && t.case == Case::Lower;
                name || small.has(next) || participles.iter().any(|ending| next.ends_with(ending))
            }
            _ => true,
        });
        if let Some(word) = linked.then(|| modifier(passage, &small, at + 2)).flatten().filter(|_| ends) {
            let span = token.span.cover(tokens[at + 2].span);
            out.push(Occurrence { span, at, key: (word, head), head_first: true, plural });
        }
    }
}

/// The head that a token is, in the singular, with the small words that may follow it.
fn head_of(heads: &Table, passage: &Passage<'_>, token: &Token) -> Option<(&'static str, &'static str, bool)> {
    if token.kind != TokenKind::Word || !matches!(token.case, Case::Lower | Case::Title) {
        return None;
    }
    let row = heads.get(passage.folded(token))?;
    Some((row.column(0), row.column(1), row.column(2) == "plural"))
}

/// The word beside a head that says which it is, in the singular.
fn modifier(passage: &Passage<'_>, small: &Table, at: usize) -> Option<String> {
    let token = passage.tokens().get(at)?;
    let word = passage.folded(token);
    let fits = token.kind == TokenKind::Word
        && matches!(token.case, Case::Lower | Case::Title)
        && word.chars().count() >= MIN_LETTERS
        && word.chars().all(char::is_alphabetic)
        && !small.has(word);
    fits.then(|| word.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(word).to_owned())
}

impl Survey for Phrases {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.wrong.is_empty() {
            return;
        }
        let text = passage.text.text();
        let mut found = Vec::new();
        occurrences(document, passage, &mut found);
        for occurrence in found {
            let Some(verdict) = self.wrong.get(&occurrence.key) else {
                continue;
            };
            if verdict.head_first != occurrence.head_first || in_speech(document, passage, occurrence.span) {
                continue;
            }
            let message = format!("this text also writes “{}”", verdict.right);
            let mut draft = Draft::new(occurrence.span, verdict.confidence, message)
                .because(verdict.kind, verdict.why.clone(), None)
                .of_group(format!("{} {}", occurrence.key.0, occurrence.key.1));
            // Of several, the majority's form is not known.
            if !occurrence.plural {
                draft = draft.fix(repair(document, passage, &occurrence, &verdict.right, text));
            }
            out.push(draft);
        }
    }
}

/// The phrase as the text writes it elsewhere, with the article that it takes.
fn repair(document: &Document<'_>, passage: &Passage<'_>, occurrence: &Occurrence, right: &str, text: &str) -> Fix {
    let right = in_case_of(occurrence.span.of(text), right, occurrence.at == 0);
    let article = occurrence.at.checked_sub(1).map(|i| &passage.tokens()[i]);
    if let Some(article) = article.filter(|t| matches!(passage.folded(t), "a" | "an")) {
        let wanted = english_article(&right, document.target.data());
        let wanted = in_case_of(passage.written(article), wanted, occurrence.at == 1);
        return Fix::replace(article.span.cover(occurrence.span), format!("{wanted} {right}"), 0.85);
    }
    Fix::replace(occurrence.span, right, 0.85)
}

/// Somebody's own words, in a quotation that is longer than the term.
fn in_speech(document: &Document<'_>, passage: &Passage<'_>, span: Span) -> bool {
    let quotations = document.quotations();
    let long = |q: &Span| q.len() > span.len() + QUOTED_WORDS;
    if std::ptr::eq(passage.text, &document.target) {
        return quotations.before(span.start()).iter().any(|q| q.contains(span) && long(q));
    }
    // A changed sentence is judged as the sentence it was.
    document.target.surface().sentences.get(passage.place).is_some_and(|sentence| {
        quotations.before(sentence.span.end()).iter().any(|q| q.overlaps(sentence.span) && long(q))
    })
}
