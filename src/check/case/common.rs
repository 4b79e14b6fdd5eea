//! `case/common-noun`: an ordinary noun with the capital of a name, "Agency sources".

use rustc_hash::FxHashSet;

use super::is_term;
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Severity};
use crate::language::Table;
use crate::surface::{BlockKind, Case, Token, TokenKind};

pub(in crate::check) static COMMON_NOUN: Rule = Rule {
    id: "case/common-noun",
    summary: "An ordinary noun with a capital in the middle of a sentence, where the text has no name that it could stand for.",
    mqm: "linguistic/spelling",
    its: "typographical",
    severity: Severity::Minor,
    scope: Scope::Document,
    layers: &[Layer::Surface, Layer::Terms],
    languages: Languages::WithTable("common-nouns"),
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// The noun stands before another, without an article: "according to Agency sources".
const BEFORE_NOUN: f64 = 0.75;
/// It stands after "the" before a verb, and the text has it in small letters elsewhere.
const ALSO_SMALL: f64 = 0.7;

struct CommonNouns {
    nouns: Table,
    /// Nouns that are part of a longer name somewhere in the text, which they may stand for.
    named: FxHashSet<String>,
    /// Nouns that the text has in small letters.
    small: FxHashSet<String>,
    /// Some noun of the text has a capital, so that there is something to look at.
    any: bool,
}

fn survey(document: &Document<'_>, _: &Settings) -> Box<dyn Survey> {
    let nouns = document.target.data().table("common-nouns");
    let surface = document.target.surface();
    let (mut named, mut small) = (FxHashSet::default(), FxHashSet::default());
    let noun = |t: &Token| nouns.get(surface.folded(t)).is_some_and(|row| row.column(0) == "noun");
    // Most texts give no such noun a capital, and need no second look.
    let any = surface.tokens.iter().any(|t| t.kind == TokenKind::Word && t.case == Case::Title && noun(t));
    for (at, token) in surface.tokens.iter().enumerate().filter(|_| any) {
        if token.kind != TokenKind::Word || !noun(token) {
            continue;
        }
        let name = |t: Option<&Token>| {
            t.is_some_and(|t| t.kind == TokenKind::Word && matches!(t.case, Case::Title | Case::Upper | Case::Mixed))
        };
        let of = surface.tokens.get(at + 1).is_some_and(|t| matches!(surface.folded(t), "of" | "for" | "("));
        let beside = name(at.checked_sub(1).and_then(|i| surface.tokens.get(i))) || name(surface.tokens.get(at + 1));
        if token.case == Case::Lower {
            small.insert(surface.folded(token).to_owned());
        } else if beside || of {
            named.insert(surface.folded(token).to_owned());
        }
    }
    Box::new(CommonNouns { nouns, named, small, any })
}

impl CommonNouns {
    fn is(&self, passage: &Passage<'_>, token: Option<&Token>, kind: &str) -> bool {
        token.is_some_and(|t| {
            t.kind == TokenKind::Word
                && t.case == Case::Lower
                && self.nouns.get(passage.folded(t)).is_some_and(|row| row.column(0).split('|').any(|k| k == kind))
        })
    }
}

impl Survey for CommonNouns {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        if !self.any || passage.kind() != BlockKind::Body {
            return;
        }
        let tokens = passage.tokens();
        for (at, token) in tokens.iter().enumerate().skip(1) {
            if token.kind != TokenKind::Word || token.case != Case::Title || token.glued {
                continue;
            }
            let folded = passage.folded(token);
            if self.named.contains(folded) || self.nouns.get(folded).is_none_or(|row| row.column(0) != "noun") {
                continue;
            }
            let (before, after) = (tokens.get(at - 1), tokens.get(at + 1));
            let confidence = if self.is(passage, before, "before") && self.is(passage, after, "person") {
                BEFORE_NOUN
            } else if self.is(passage, before, "article")
                && self.is(passage, after, "verb")
                && self.small.contains(folded)
            {
                ALSO_SMALL
            } else {
                continue;
            };
            if is_term(document, passage, token.span) {
                continue;
            }
            let written = passage.written(token).to_lowercase();
            let draft = Draft::new(token.span, confidence, format!("“{written}” is no name here"))
                .fix(Fix::replace(token.span, written, 0.95).safe())
                .because(EvidenceKind::Document, "the text has no name that it stands for", None);
            out.push(draft);
        }
    }
}
