//! `case/institution`: names of institutions that are half capitalised, "state Department".

use super::{is_term, is_word};
use crate::analyse::{Document, Passage};
use crate::check::repair::capitalised;
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::Table;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static INSTITUTION: Rule = Rule {
    id: "case/institution",
    summary: "The name of an institution of which one part has a capital and another has not.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("institutions"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// A name of the list, in part with capitals.
const LISTED: f64 = 0.95;
/// A field of government in small letters before what governs it: "defence Ministry".
const SMALL_BEFORE_CAPITAL: f64 = 0.93;
/// "Ministry of defense": desks that write the ministry small write it small throughout.
const OF_FIELD: f64 = 0.9;
/// The most words of a listed name.
const MAX_WORDS: usize = 4;
/// The most words of a field: "Ministry of industry, trade and labour" is cut.
const MAX_FIELD: usize = 5;

/// What the table says of a word or a name.
struct Institutions(Table);

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    Box::new(Institutions(document.target.data().table("institutions")))
}

impl Institutions {
    fn is(&self, key: &str, kind: &str) -> bool {
        self.0.get(key).is_some_and(|row| row.column(1).split('|').any(|k| k == kind))
    }
}

impl Survey for Institutions {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if passage.kind() != BlockKind::Body {
            return;
        }
        let tokens = passage.tokens();
        let mut from = 0;
        for at in 0..tokens.len() {
            if at < from {
                continue;
            }
            // A half-capitalised name has a word in small letters next to one with a capital, or an "of" between them.
            let small = tokens[at].kind == TokenKind::Word && tokens[at].case == Case::Lower;
            let capital = |t: Option<&Token>| t.is_some_and(|t| t.kind == TokenKind::Word && t.case == Case::Title);
            let back = |n: usize| at.checked_sub(n).and_then(|i| tokens.get(i));
            let beside =
                capital(back(1)) || capital(back(2)) || capital(tokens.get(at + 1)) || capital(tokens.get(at + 2));
            if !small || !beside || !self.0.has(passage.folded(&tokens[at])) || is_joined(passage, at) {
                continue;
            }
            let found =
                listed(passage, self, at).or_else(|| headed(passage, self, at)).or_else(|| of_field(passage, self, at));
            if let Some((first, last, proper, confidence)) = found {
                let span = tokens[first].span.cover(tokens[last].span);
                from = last + 1;
                if is_term(document, passage, span) {
                    continue;
                }
                let draft = Draft::new(span, confidence, "half of the name has capitals, half has not")
                    .fix(Fix::replace(span, proper, 0.95).safe())
                    .because(EvidenceKind::Data, format!("{}/institutions.tsv", document.target.data().tag()), None);
                out.push(draft);
            }
        }
    }
}

/// The word hangs on a hyphen, or is a piece of an address.
fn is_joined(passage: &Passage<'_>, at: usize) -> bool {
    let tokens = passage.tokens();
    let hard = |t: &Token| {
        t.glued && !matches!(passage.written(t), "," | "." | ";" | ":" | "!" | "?" | "”" | "\"" | "’" | ")")
    };
    tokens[at].glued && at > 0 && !matches!(passage.written(&tokens[at - 1]), "“" | "\"" | "(" | "‘")
        || tokens.get(at + 1).is_some_and(hard)
}

type Found = (usize, usize, String, f64);

/// A name of the list around the word: "white House", "Security council", "World health organization".
fn listed(passage: &Passage<'_>, table: &Institutions, at: usize) -> Option<Found> {
    let tokens = passage.tokens();
    for first in at.saturating_sub(MAX_WORDS - 1)..=at {
        let mut key = String::new();
        for last in first..tokens.len().min(first + MAX_WORDS) {
            if !is_word(tokens.get(last)) || (last > first && tokens[last].glued) {
                break;
            }
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(passage.folded(&tokens[last]));
            if last <= first || last < at {
                continue;
            }
            let Some(row) = table.0.get(&key).filter(|row| matches!(row.column(1), "name" | "name-first")) else {
                continue;
            };
            let words = &tokens[first..=last];
            // The capital at the head of a sentence shows nothing.
            let capital = (first.max(1)..=last).any(|i| tokens[i].case == Case::Title);
            let falls = words.first().is_some_and(|t| t.case == Case::Title);
            let goes_on = tokens.get(last + 1).is_some_and(|t| matches!(passage.folded(t), "of" | "for"));
            let wanted = row.column(1) == "name" || (!falls && !goes_on);
            if capital && wanted && words.iter().all(|t| matches!(t.case, Case::Lower | Case::Title)) {
                return Some((first, last, row.column(0).to_owned(), LISTED));
            }
        }
    }
    None
}

/// "the defence Ministry": a field in small letters before what governs it.
fn headed(passage: &Passage<'_>, table: &Institutions, at: usize) -> Option<Found> {
    let tokens = passage.tokens();
    let head = tokens.get(at + 1).filter(|t| !t.glued && t.case == Case::Title && t.kind == TokenKind::Word)?;
    let goes_on = tokens.get(at + 2).is_some_and(|t| matches!(passage.folded(t), "of" | "for"));
    let fits = table.is(passage.folded(&tokens[at]), "field") && table.is(passage.folded(head), "head") && !goes_on;
    let both = || format!("{} {}", capitalised(passage.written(&tokens[at])), passage.written(head));
    fits.then(|| (at, at + 1, both(), SMALL_BEFORE_CAPITAL))
}

/// "the Ministry of defense": what governs with a capital, its field without.
fn of_field(passage: &Passage<'_>, table: &Institutions, at: usize) -> Option<Found> {
    let tokens = passage.tokens();
    let first = at.checked_sub(2).filter(|&i| i > 0)?;
    let is_field = |word: &str| table.is(word, "field") || table.is(word, "of-field");
    let [head, of] = [&tokens[first], &tokens[at - 1]];
    let fits = head.case == Case::Title
        && table.is(passage.folded(head), "of-head")
        && matches!(passage.written(of), "of" | "for")
        && is_field(passage.folded(&tokens[at]));
    if !fits {
        return None;
    }
    let field =
        |i: usize| tokens.get(i).is_some_and(|t| t.case == Case::Lower && !t.glued && is_field(passage.folded(t)));
    let mut proper =
        format!("{} {} {}", passage.written(head), passage.written(of), capitalised(passage.written(&tokens[at])));
    let mut last = at;
    while last < at + MAX_FIELD {
        if field(last + 1) {
            last += 1;
            proper = format!("{proper} {}", capitalised(passage.written(&tokens[last])));
        } else if tokens.get(last + 1).is_some_and(|t| passage.written(t) == "and") && field(last + 2) {
            last += 2;
            proper = format!("{proper} and {}", capitalised(passage.written(&tokens[last])));
        } else {
            break;
        }
    }
    Some((first, last, proper, OF_FIELD))
}
