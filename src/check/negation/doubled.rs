//! `negation/doubled`: “none of the customers did not refuse”.

use super::english::{Group, affirm, is_negation};
use crate::analyse::syntax::{Syntax, Upos};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, TokenKind};

pub(in crate::check) static DOUBLED: Rule = Rule {
    id: "negation/doubled",
    summary: "Two negations in one English clause, as other languages have them.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Major,
    scope: Scope::Sentence,
    layers: &[Layer::Surface],
    languages: Languages::Listed(&["en"]),
    needs_source: false,
    needs_glossary: false,
    run: Run::Sentence(doubled),
};

/// A subject that is nobody, and a verb with “not”.
const SUBJECT: f64 = 0.85;
/// A verb with “not”, and an object that is nothing.
const OBJECT: f64 = 0.8;

/// Whether a word says that there is none.
fn is_none(word: &str) -> bool {
    matches!(word, "none" | "nobody" | "no-one" | "nothing" | "neither" | "nowhere" | "no")
}

/// What English says beside a “not” in place of a word.
fn any(word: &str) -> Option<&'static str> {
    Some(match word {
        "none" | "no" => "any",
        "nobody" => "anybody",
        "no-one" => "anyone",
        "nothing" => "anything",
        _ => return None,
    })
}

fn doubled(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let tokens = passage.tokens();
    let words = |is: &dyn Fn(&str) -> bool| tokens.iter().any(|t| t.kind == TokenKind::Word && is(passage.folded(t)));
    let negates = |word: &str| word == "not" || word == "never" || word == "cannot" || word.ends_with("n't");
    if passage.kind() != BlockKind::Body || !words(&is_none) || !words(&negates) {
        return;
    }
    let Some(tree) = passage.syntax() else { return };
    let text = passage.text.text();
    if let Some(draft) = beside(passage) {
        out.push(draft);
        return;
    }
    for (at, node) in tree.nodes().iter().enumerate() {
        let letters = node.span.of(text).to_lowercase();
        if !is_none(&letters) || (letters == "no" && node.upos != Upos::Det) {
            continue;
        }
        // “No. 1”, “no longer”, “there is nothing that is not”.
        let Some((verb, relation)) = governs(tree, at) else { continue };
        let own = |of: usize| tree.children(of).find(|c| tree.node(*c).is_some_and(|n| is_negation(n.span.of(text))));
        let Some(negation) = own(verb).and_then(|c| tree.node(c)) else { continue };
        let between = Span::new(node.span.start().min(negation.span.start()), node.span.end().max(negation.span.end()));
        if parted(between.of(text)) {
            continue;
        }
        let Some(group) = Group::of(tree, text, verb) else { continue };
        let draft = match relation {
            "nsubj" if node.span.start() < negation.span.start() => {
                let span = group.span;
                let message = format!("two negations: “{}” and “{}”", node.span.of(text), span.of(text));
                let mut draft = Draft::new(span, SUBJECT, message);
                if !passage.is_tried(document)
                    && let Some(repair) = affirm(&group, text, false)
                {
                    draft = draft.fix(Fix::replace(span, repair, 0.75));
                }
                draft
            }
            "obj" if node.span.start() > negation.span.start() => {
                let message = format!("two negations: “{}” and “{}”", negation.span.of(text), node.span.of(text));
                let mut draft = Draft::new(node.span, OBJECT, message);
                if !passage.is_tried(document) {
                    if let Some(word) = any(&letters) {
                        draft = draft.fix(Fix::replace(node.span, word, 0.7));
                    }
                    if let Some(repair) = affirm(&group, text, false) {
                        draft = draft.fix(Fix::replace(group.span, repair, 0.35));
                    }
                }
                draft
            }
            _ => continue,
        };
        out.push(draft.because(EvidenceKind::Pattern, "none and not in one clause", None));
        return;
    }
}

/// “did not hear none of”: an auxiliary with “not”, its verb, and right behind it what says that there is none.
fn beside(passage: &Passage<'_>) -> Option<Draft> {
    let tokens = passage.tokens();
    let low = |at: usize| tokens.get(at).map_or("", |t| passage.folded(t));
    let tag = |at: usize| passage.leaf(at).map_or("", |leaf| leaf.xpos);
    let none = (2..tokens.len()).find(|&at| matches!(low(at), "none" | "nobody" | "no-one" | "nothing"))?;
    let verb = none.checked_sub(1)?;
    // “could not do nothing” is meant so.
    if !tag(verb).starts_with("VB") || matches!(low(verb), "do" | "say" | "be" | "been" | "does" | "did") {
        return None;
    }
    let not = (none.saturating_sub(VERB)..verb).rev().find(|&at| low(at) == "not" || low(at).ends_with("n't"))?;
    let helped = matches!(low(not), "didn't" | "don't" | "doesn't" | "hasn't" | "haven't" | "hadn't")
        || not.checked_sub(1).is_some_and(|at| matches!(low(at), "did" | "does" | "do" | "has" | "have" | "had"));
    let plain = (not + 1..verb)
        .all(|at| low(at) == "-" || tag(at).starts_with("RB") || tokens.get(at + 1).is_some_and(|t| t.glued));
    if !helped || !plain {
        return None;
    }
    let (first, last) = (tokens.get(not)?, tokens.get(none)?);
    let message = format!("two negations: “{}” and “{}”", passage.written(first), passage.written(last));
    let draft =
        Draft::new(last.span, OBJECT, message).because(EvidenceKind::Pattern, "none and not in one clause", None);
    Some(match any(low(none)) {
        Some(word) => draft.fix(Fix::replace(last.span, word, 0.7)),
        None => draft,
    })
}

/// The most tokens from a “not” to what says that there is none: did not re-examine none.
const VERB: usize = 6;

/// The verb that a word that says “none” is subject or object of, and as which.
fn governs(tree: &Syntax, at: usize) -> Option<(usize, &'static str)> {
    let node = tree.node(at)?;
    let (mut node, mut head) = (node, node.head?);
    if node.upos == Upos::Det && matches!(node.plain_relation(), "det") {
        node = tree.node(head)?;
        head = node.head?;
    }
    let relation = node.plain_relation();
    let verb = tree.node(head)?;
    let predicate = verb.upos == Upos::Verb || tree.child(head, "cop").is_some();
    (predicate && matches!(relation, "nsubj" | "obj")).then_some((head, relation))
}

/// Whether a clause ends between two words, or another begins.
fn parted(between: &str) -> bool {
    between.contains([',', ';', ':', '—', '–', '(', '“', '"', '?'])
        || between
            .split_whitespace()
            .any(|w| matches!(w, "that" | "who" | "which" | "but" | "and" | "if" | "because" | "when" | "whom" | "or"))
}
