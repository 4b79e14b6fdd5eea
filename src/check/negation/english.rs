//! The verb of an English clause with its auxiliaries: put in the negative, or out of it.

use crate::analyse::syntax::{Syntax, Upos};
use crate::language::LanguageData;
use crate::language::english::{Shape, verb_forms};
use crate::span::Span;

/// A verb, or what stands with “be”, and the words that make its time.
pub(super) struct Group {
    /// From the first auxiliary, or the verb, to the verb.
    pub span: Span,
    /// The auxiliaries, in order.
    auxiliaries: Vec<Span>,
    /// The word that the time stands in, where it is the verb itself: its tag.
    tag: &'static str,
    verb: Span,
    /// The tokens of the negation, where there is one.
    pub negation: Option<Span>,
    /// Whether the verb follows “to”.
    infinitive: bool,
}

/// Words between a word and the verb that it hangs on.
const CLIMB: usize = 3;

impl Group {
    /// Of the verb that a word belongs to.
    pub(super) fn at(tree: &Syntax, text: &str, word: Span) -> Option<Self> {
        let mut at = tree.nodes().iter().position(|n| n.span.overlaps(word))?;
        for _ in 0..CLIMB {
            let node = tree.node(at)?;
            let predicate = node.upos == Upos::Verb || tree.child(at, "cop").is_some();
            if predicate && !matches!(node.plain_relation(), "amod") {
                return Self::of(tree, text, at);
            }
            at = node.head?;
        }
        None
    }

    /// Of a verb, or of what stands with “be”.
    pub(super) fn of(tree: &Syntax, text: &str, verb: usize) -> Option<Self> {
        let node = tree.node(verb)?;
        let before = |at: &usize| *at < verb;
        let mut auxiliaries: Vec<Span> = tree
            .children(verb)
            .filter(before)
            .filter_map(|at| tree.node(at))
            .filter(|n| matches!(n.plain_relation(), "aux" | "cop"))
            .map(|n| n.span)
            .collect();
        auxiliaries.sort_by_key(|s| s.start());
        let negation =
            tree.children(verb).filter_map(|at| tree.node(at)).find(|n| is_negation(n.span.of(text))).map(|n| n.span);
        let infinitive = tree
            .children(verb)
            .filter(before)
            .filter_map(|at| tree.node(at))
            .any(|n| n.upos == Upos::Part && n.span.of(text).eq_ignore_ascii_case("to"));
        let copula = tree.child(verb, "cop").and_then(|at| tree.node(at)).map(|n| n.span);
        // Of “be” with an adjective the verb alone is marked.
        let last = copula.unwrap_or(node.span);
        let first = auxiliaries.first().copied().unwrap_or(node.span);
        let mut span = first.cover(last);
        if let Some(negation) = negation.filter(|n| n.start() < node.span.start()) {
            span = span.cover(negation);
        }
        if span.of(text).split_whitespace().count() > LONGEST {
            return None;
        }
        Some(Self { span, auxiliaries, tag: node.xpos, verb: node.span, negation, infinitive })
    }
}

/// The most words of a verb with its auxiliaries.
const LONGEST: usize = 7;

/// Whether a word of the tree is a negation of a verb.
pub(super) fn is_negation(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "not" | "n't" | "n’t" | "never")
}

/// The verb group in the negative.
pub(super) fn negate(group: &Group, text: &str, word: &str) -> Option<String> {
    let letters = group.span.of(text);
    if let Some(first) = group.auxiliaries.first() {
        let cut = first.end().checked_sub(group.span.start())?;
        return Some(format!("{} {word}{}", letters.get(..cut)?, letters.get(cut..)?));
    }
    let verb = group.verb.of(text);
    let low = verb.to_lowercase();
    if matches!(low.as_str(), "is" | "are" | "was" | "were") {
        return Some(format!("{verb} {word}"));
    }
    if group.infinitive || matches!(group.tag, "VBG" | "VBN" | "VB") {
        return Some(format!("{word} {verb}"));
    }
    if word == "never" {
        return Some(format!("never {verb}"));
    }
    let helper = match group.tag {
        "VBD" => "did",
        "VBZ" => "does",
        "VBP" => "do",
        _ => return None,
    };
    Some(format!("{helper} {word} {}", base(&low, group.tag)?))
}

/// The verb group without its negation; with `only`, restricted instead.
pub(super) fn affirm(group: &Group, text: &str, only: bool) -> Option<String> {
    let negation = group.negation?;
    let letters = group.span.of(text);
    let verb = group.verb.of(text);
    let ending = if only { " only" } else { "" };
    let helper = group.auxiliaries.first().map(|a| a.of(text).to_ascii_lowercase());
    let alone = group.auxiliaries.len() == 1;
    match helper.as_deref() {
        Some("did") if alone => {
            return Some(format!("{}{ending}", verb_forms(&verb.to_lowercase(), Shape::Past).first()?));
        }
        Some("does") if alone => {
            return Some(format!("{}{ending}", verb_forms(&verb.to_lowercase(), Shape::ThirdPerson).first()?));
        }
        Some("do") if alone => return Some(format!("{verb}{ending}")),
        Some("ca") => return Some(format!("can{}{ending}", letters.get(letters.find("t")? + 1..)?)),
        Some("wo") => return Some(format!("will{}{ending}", letters.get(letters.find("t")? + 1..)?)),
        _ => {}
    }
    let from = negation.start().checked_sub(group.span.start())?;
    let to = negation.end().checked_sub(group.span.start())?;
    let (before, after) = (letters.get(..from)?, letters.get(to..)?);
    let joined = format!("{} {}", before.trim_end(), after.trim_start());
    Some(format!("{}{ending}", joined.trim()))
}

/// The verb's own form, of a form with its tag.
pub(super) fn base(low: &str, tag: &str) -> Option<String> {
    let english = LanguageData::named("en").unwrap_or(LanguageData::NONE);
    let fits = |lemma: &str| {
        let shape = if tag == "VBD" { Shape::Past } else { Shape::ThirdPerson };
        verb_forms(lemma, shape).iter().any(|form| form == low)
    };
    match low {
        "has" | "had" => return Some("have".to_owned()),
        "does" | "did" => return Some("do".to_owned()),
        _ if tag == "VBP" => return Some(low.to_owned()),
        _ => {}
    }
    if tag == "VBZ" {
        let stem = low.strip_suffix('s')?;
        let shorter = stem.strip_suffix('e');
        let y = stem.strip_suffix("ie").map(|s| format!("{s}y"));
        return y.into_iter().chain(shorter.map(str::to_owned)).chain([stem.to_owned()]).find(|lemma| {
            // “takes” is of “take”, “goes” of “go”.
            fits(lemma) && (Some(lemma.as_str()) != shorter || lemma.ends_with(['o', 's', 'x', 'z', 'h']))
        });
    }
    for (lemma, row) in english.table("irregular-verbs").iter() {
        if row.column(0).split('|').any(|past| past == low) {
            return Some(lemma.to_owned());
        }
    }
    let stem = low.strip_suffix("ed")?;
    let common = english.table("common-words");
    let mut candidates = vec![format!("{stem}e"), stem.to_owned()];
    if let Some(start) = stem.strip_suffix('i') {
        candidates.insert(0, format!("{start}y"));
    }
    let mut letters = stem.chars();
    if letters.next_back() == letters.clone().next_back() {
        candidates.push(letters.as_str().to_owned());
    }
    let known = candidates.iter().find(|c| common.has(c) && fits(c)).cloned();
    known.or_else(|| {
        // “e” stands after one consonant behind a vowel, or after c, g, s, u, v, z.
        let e = stem.ends_with(['c', 'g', 's', 'u', 'v', 'z']) && !stem.ends_with("ss");
        candidates.into_iter().filter(|c| fits(c)).find(|c| c.ends_with('e') == e)
    })
}
