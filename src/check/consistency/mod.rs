//! `consistency/*`: one text, one way of writing a word.

mod phrase;

pub(super) use phrase::PHRASE_VARIANT;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::analyse::{Document, Passage};
use crate::check::repair::in_case_of;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::glossary::matcher::Role;
use crate::span::Span;
use crate::style::Style;
use crate::surface::{Case, Surface, Token, TokenKind};

pub(super) static SPELLING_VARIANT: Rule = Rule {
    id: "consistency/spelling-variant",
    summary: "A word that the same text spells another way elsewhere: cease-fire beside ceasefire.",
    mqm: "terminology/inconsistent-use",
    its: "inconsistency",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("variants"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(spelling_variant),
};

/// The glossary or the desk's style decides which spelling is right.
const DECIDED: f64 = 0.95;
/// The text's own majority decides.
const MAJORITY: f64 = 0.88;
/// The two are as frequent as each other, and the language data say which is standard.
const TIE: f64 = 0.8;
/// Words that differ by a hyphen, but not as the data know of.
const UNLISTED: f64 = 0.7;

/// One spelling of a word in a passage: its place, as folded letters, and what it is a spelling of.
struct Occurrence {
    span: Span,
    folded: String,
    /// As the text writes it, where that is not at the head of a sentence.
    written: Option<String>,
    /// Spellings with the same key are spellings of one word.
    key: String,
    plural: bool,
    /// The data list it.
    listed: bool,
}

/// Spellings of one word: how often each stands in the text.
#[derive(Default)]
struct Word {
    counts: FxHashMap<String, usize>,
    /// How the text writes each, where that is not only at the head of sentences.
    written: FxHashMap<String, String>,
    listed: bool,
    approved: Option<String>,
    unwanted: Vec<String>,
}

/// Looks spellings up: in the table of variants, and, for words with a hyphen, among the closed words of the text.
struct Speller {
    index: crate::language::Table,
    distinct: crate::language::Table,
    plurals: bool,
    prefixes: Vec<&'static str>,
    /// Every noun has a capital, so a capital does not make a name.
    nouns: bool,
}

impl Speller {
    fn of(document: &Document<'_>) -> Self {
        let data = document.target.data();
        Self {
            index: data.table("variants-index"),
            distinct: data.table("hyphen-distinct"),
            plurals: data.tag() == "en",
            prefixes: data.separate_prefixes().collect(),
            nouns: data.capitalises_nouns(),
        }
    }

    /// Every word of some tokens that the table lists, or that has a hyphen, or whose letters `closed` asks for.
    fn occurrences(
        &self,
        text: &str,
        surface: &Surface,
        tokens: &[Token],
        closed: &FxHashMap<String, ()>,
        out: &mut Vec<(usize, Occurrence)>,
    ) {
        let mut at = 0;
        while at < tokens.len() {
            let first = at;
            at += 1;
            if tokens[first].kind != TokenKind::Word {
                continue;
            }
            while let [hyphen, next, ..] = tokens.get(at..).unwrap_or(&[])
                && is_hyphen(text, hyphen)
                && next.glued
                && next.kind == TokenKind::Word
            {
                at += 2;
            }
            // A capital makes it a name or a title, which is spelled its own way; at the head of a sentence it does not.
            let capital = tokens[first..at].iter().any(|t| !matches!(t.case, Case::Lower | Case::None));
            let title = tokens[first..at].iter().all(|t| !matches!(t.case, Case::Upper | Case::Mixed));
            if capital && !(title && (first == 0 || self.nouns)) {
                continue;
            }
            if at - first > 3 {
                continue;
            }
            let hyphened = at - first == 3;
            let (folded, letters): (Cow<'_, str>, Cow<'_, str>) = if hyphened {
                let (left, right) = (surface.folded(&tokens[first]), surface.folded(&tokens[at - 1]));
                (format!("{left}-{right}").into(), format!("{left}{right}").into())
            } else {
                let word = surface.folded(&tokens[first]);
                (word.into(), word.into())
            };
            let span = tokens[first].span.cover(tokens[at - 1].span);
            // A plural is a form of its singular, so the two count together.
            let plural = self
                .singular(&folded)
                .and_then(|word| self.index.get(word))
                .map(|row| (row.column(0).to_owned(), true));
            let listed = plural.or_else(|| self.index.get(&folded).map(|row| (row.column(0).to_owned(), false)));
            let (key, plural, is_listed) = match listed {
                Some((standard, plural)) => (crate::surface::fold(&standard), plural, true),
                None => {
                    let singular = self.singular(&letters);
                    let base = singular.unwrap_or(&letters);
                    if !(hyphened || closed.contains_key(base))
                        || self.distinct.has(&letters)
                        || self.is_prefixed(&folded)
                        || base.len() < MIN_BYTES
                    {
                        continue;
                    }
                    (base.to_owned(), singular.is_some(), false)
                }
            };
            // "Delphine Arnault": beside another capital a noun is a name.
            let beside = tokens.get(at).is_some_and(|t| t.kind == TokenKind::Word && t.case == Case::Title);
            if self.nouns && capital && beside {
                continue;
            }
            let written = (first > 0).then(|| span.of(text).to_owned());
            let folded = folded.into_owned();
            out.push((first, Occurrence { span, folded, written, key, plural, listed: is_listed }));
        }
    }

    /// "ex-minister": a prefix that keeps its hyphen.
    fn is_prefixed(&self, folded: &str) -> bool {
        folded.split_once('-').is_some_and(|(prefix, _)| self.prefixes.contains(&prefix))
    }

    /// An English plural's singular, by its letters.
    fn singular<'w>(&self, word: &'w str) -> Option<&'w str> {
        let stem = word.strip_suffix('s').filter(|stem| self.plurals && stem.len() > 3 && !stem.ends_with('s'))?;
        Some(stem)
    }
}

/// The shortest word, in bytes, whose closed and hyphened spellings are taken for one word.
const MIN_BYTES: usize = 5;

fn is_hyphen(text: &str, token: &Token) -> bool {
    token.glued && token.kind == TokenKind::Mark && matches!(token.span.of(text), "-" | "\u{2010}" | "\u{2011}")
}

fn spelling_variant(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let speller = Speller::of(document);
    let (text, surface) = (document.target.text(), document.target.surface());
    // First the hyphened words, so that the closed ones that matter are known.
    let mut closed: FxHashMap<String, ()> = FxHashMap::default();
    for window in surface.tokens.windows(3) {
        if let [left, hyphen, right] = window
            && left.kind == TokenKind::Word
            && right.kind == TokenKind::Word
            && right.glued
            && is_hyphen(text, hyphen)
        {
            let letters = format!("{}{}", surface.folded(left), surface.folded(right));
            let base = speller.singular(&letters).unwrap_or(&letters).to_owned();
            closed.insert(base, ());
        }
    }
    let mut words: FxHashMap<String, Word> = FxHashMap::default();
    let mut found = Vec::new();
    for sentence in &surface.sentences {
        found.clear();
        speller.occurrences(text, surface, surface.tokens_of(sentence), &closed, &mut found);
        for (_, occurrence) in found.drain(..) {
            let singular = if occurrence.plural { speller.singular(&occurrence.folded) } else { None };
            let spelling = singular.unwrap_or(&occurrence.folded).to_owned();
            let word = words.entry(occurrence.key).or_default();
            if let Some(written) = occurrence.written.filter(|_| !occurrence.plural) {
                word.written.entry(spelling.clone()).or_insert(written);
            }
            *word.counts.entry(spelling).or_default() += 1;
            word.listed |= occurrence.listed;
        }
    }
    words.retain(|_, word| word.counts.len() > 1);
    if !words.is_empty() {
        ask_glossaries(document, &mut words);
    }
    let mut wrong = FxHashMap::default();
    #[allow(clippy::iter_over_hash_type, reason = "each word is decided alone, and the result is a map again")]
    for (key, word) in words {
        decide(document, settings.style, &key, &word, &mut wrong);
    }
    Box::new(Variants { wrong, closed })
}

/// What the glossaries approve and forbid of the spellings found.
fn ask_glossaries(document: &Document<'_>, words: &mut FxHashMap<String, Word>) {
    let index = document.target.data().table("variants-index");
    for hit in document.all_target_terms() {
        let spelling = crate::surface::fold(hit.hit.span.of(document.target.text()));
        let listed = index.get(&spelling).map(|row| crate::surface::fold(row.column(0)));
        let key = listed.unwrap_or_else(|| spelling.replace('-', ""));
        let Some(word) = words.get_mut(&key) else { continue };
        match hit.hit.role {
            Role::Unwanted => word.unwanted.push(spelling),
            Role::Approved if word.counts.contains_key(&spelling) => drop(word.approved.get_or_insert(spelling)),
            _ => {}
        }
    }
}

/// A spelling that is wrong here, and why.
struct Verdict {
    right: String,
    confidence: f64,
    why: String,
    kind: EvidenceKind,
}

/// Decides which spelling of a word the text should have, and enters the others; enters nothing where nothing decides.
fn decide(document: &Document<'_>, style: Style, key: &str, word: &Word, wrong: &mut FxHashMap<String, Verdict>) {
    let data = document.target.data();
    let mut counts: Vec<(&str, usize)> = word.counts.iter().map(|(s, &n)| (s.as_str(), n)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let styled = data.table("style-spellings").get(key).map(|row| {
        row.column(match style {
            Style::Ap => 0,
            Style::Reuters => 1,
            Style::Guardian => 2,
            Style::Un => 3,
            Style::Plain => usize::MAX,
        })
    });
    let standard = data.table("variants-index").get(key).map(|row| crate::surface::fold(row.column(0)));
    let [(first, most), (_, second), ..] = counts[..] else {
        return;
    };
    let allowed =
        counts.iter().find(|(s, _)| !word.unwanted.iter().any(|u| u == s)).filter(|_| !word.unwanted.is_empty());
    let (right, confidence, why, kind) = if let Some(approved) = &word.approved {
        (approved.as_str(), DECIDED, "the glossary writes it so".to_owned(), EvidenceKind::Glossary)
    } else if let Some((allowed, _)) = allowed {
        (*allowed, DECIDED, "the glossary forbids the other".to_owned(), EvidenceKind::Glossary)
    } else if let Some(styled) = styled.filter(|s| !s.is_empty() && word.counts.contains_key(*s)) {
        (styled, DECIDED, format!("{} style", style.name()), EvidenceKind::Data)
    } else if most > second {
        let confidence = if word.listed { MAJORITY } else { UNLISTED };
        (first, confidence, format!("{most} times in this text, against {second}"), EvidenceKind::Document)
    } else if let Some(standard) = standard.as_deref().filter(|s| word.counts.contains_key(*s)) {
        (standard, TIE, format!("the text has both {most} times; this is the usual one"), EvidenceKind::Data)
    } else {
        return;
    };
    for &(spelling, _) in counts.iter().filter(|(s, _)| *s != right) {
        let right = word.written.get(right).map_or(right, String::as_str).to_owned();
        wrong.insert(spelling.to_owned(), Verdict { right, confidence, why: why.clone(), kind });
    }
}

struct Variants {
    wrong: FxHashMap<String, Verdict>,
    closed: FxHashMap<String, ()>,
}

impl Survey for Variants {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if self.wrong.is_empty() {
            return;
        }
        let speller = Speller::of(document);
        let mut found = Vec::new();
        let text = passage.text.text();
        speller.occurrences(text, passage.text.surface(), passage.tokens(), &self.closed, &mut found);
        for (first, occurrence) in found {
            let singular = if occurrence.plural { speller.singular(&occurrence.folded) } else { None };
            let Some(verdict) = self.wrong.get(singular.unwrap_or(&occurrence.folded)) else {
                continue;
            };
            let right = if singular.is_some() {
                crate::check::repair::plural(&verdict.right, document.target.data())
            } else {
                verdict.right.clone()
            };
            let right = in_case_of(occurrence.span.of(text), &right, first == 0);
            let message = format!("this text also writes “{right}”");
            let fix = Fix::replace(occurrence.span, right, 0.9);
            let draft = Draft::new(occurrence.span, verdict.confidence, message)
                // Where nouns look like names a person should look.
                .fix(if speller.nouns { fix } else { fix.safe() })
                .because(verdict.kind, verdict.why.clone(), None)
                .of_group(occurrence.key);
            out.push(draft);
        }
    }
}
