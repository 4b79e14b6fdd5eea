//! `negation/dropped`: the source says “did not rule out”, the translation “did rule out”.

use super::english::{Group, negate};
use super::{AROUND, Counted, KNOWN, Kind, Pair, Side, Sign, confidence, negated, predicate};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case};

pub(in crate::check) static DROPPED: Rule = Rule {
    id: "negation/dropped",
    summary: "The source denies what the translation says.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: KNOWN,
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(dropped),
};

/// “as long as” for a “until”.
const UNTIL: f64 = 0.8;

fn dropped(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    if passage.kind() == BlockKind::Byline {
        return;
    }
    let says_until = |counted: &Counted<'_>| counted.of_source.iter().any(|s| s.english == SAYS_UNTIL);
    let fewer = |counted: &Counted<'_>| counted.kept < counted.said;
    if let Some(pair) = Pair::of(document, passage, says_until) {
        until(document, passage, &pair, out);
    }
    // “Вы не видели?” asks politely, 喜不喜欢 whether; “the best that I have ever seen”.
    let asks =
        |pair: &Pair<'_>| pair.target.tokens.clone().any(|at| matches!(pair.target.low(at), "?" | "whether" | "ever"));
    let pair = Pair::of(document, passage, fewer).filter(|pair| !asks(pair) && !is_shared(document, passage));
    let Some(pair) = pair else { return };
    for sign in pair.of_source.iter().filter(|s| matches!(s.kind, Kind::Not | Kind::None)) {
        let Some((negated, target)) = lost(document, passage, &pair, sign) else { continue };
        let Some(confidence) = confidence(document, &pair) else { return };
        out.push(draft(document, passage, &pair, sign, negated, target, confidence));
        return;
    }
}

/// Whether other sentences of the translation render the same source: the negation may stand there.
fn is_shared(document: &Document<'_>, passage: &Passage<'_>) -> bool {
    let own = document.alignment().source_of(passage.place).source;
    let others = [passage.place.checked_sub(1), Some(passage.place + 1)];
    others.into_iter().flatten().any(|place| {
        let other = document.alignment().source_of(place).source;
        other.start < own.end && own.start < other.end
    })
}

/// What the table says of a negation that English has an “until” for.
const SAYS_UNTIL: &str = "until";

/// “as long as” where the source says “as long as … not”, which is “until”.
fn until(document: &Document<'_>, passage: &Passage<'_>, pair: &Pair<'_>, out: &mut Vec<Draft>) {
    let Some(sign) = pair.of_source.iter().find(|s| s.english == SAYS_UNTIL) else { return };
    if pair.target.data.tag() != "en" {
        return;
    }
    let low = |at: usize| pair.target.low(at);
    let mut places = pair
        .target
        .tokens
        .clone()
        .filter(|at| matches!(low(*at), "as" | "so") && low(at + 1) == "long" && low(at + 2) == "as");
    let Some(at) = places.next() else { return };
    let denied = |s: &Sign| s.kind != Kind::Inverse || matches!(low(s.token), "until" | "unless" | "till" | "before");
    if pair.of_target.iter().any(|s| denied(s) && (s.token > at || s.kind == Kind::Inverse)) {
        return;
    }
    let (Some(first), Some(last)) = (pair.target.token(at), pair.target.token(at + 2)) else { return };
    let span = first.span.cover(last.span);
    let Some(token) = pair.source.token(sign.token) else { return };
    let place = pair.source.token(sign.last).map_or(token.span, |t| token.span.cover(t.span));
    let quoted = place.of(pair.source.text);
    let mut draft =
        Draft::new(span, UNTIL, format!("“{quoted}” says “until”, and not “{}”", span.of(pair.target.text)))
            .beside(Place::source(place))
            .because(EvidenceKind::Source, "a negation of the source", Some(Place::source(place)));
    if !passage.is_tried(document) {
        draft = draft.fix(Fix::replace(span, "until", 0.7)).fix(Fix::replace(span, "unless", 0.4));
    }
    out.push(draft);
}

/// The word that a sign negates and its rendering, where nothing near that negates.
fn lost(document: &Document<'_>, passage: &Passage<'_>, pair: &Pair<'_>, sign: &Sign) -> Option<(usize, usize)> {
    // A “not” of a pronoun beside a verb that is negated, too, is told by the verb.
    let concord = sign.kind == Kind::None
        && pair.of_source.iter().any(|s| s.kind == Kind::Not && s.token.abs_diff(sign.token) <= AROUND);
    if concord {
        return None;
    }
    let link = match by_tree(document, pair, sign) {
        Some(verb) => pair.to_target(verb?)?,
        None => negated(&pair.source, sign).into_iter().filter_map(|at| pair.to_target(at)).find(|link| {
            // Chinese has its verb behind phrases of place and manner.
            pair.source.data.tag() != "zh" || is_verb(passage, pair, link.target)
        })?,
    };
    let (from, to) = (link.source, link.target);
    let token = pair.target.token(to)?;
    let small = pair.target.data.table("function-words");
    if small.has(pair.target.low(to)) || (token.case != Case::Lower && to > pair.target.tokens.start) {
        return None;
    }
    if let Some(tree) = passage.syntax() {
        let of_object = sign.kind == Kind::None || pair.source.data.tag() == "de";
        predicate(tree, tree.at_token(to - pair.target.tokens.start)?, of_object)?;
    }
    let near = |s: &&Sign| s.token.abs_diff(to).min(s.last.abs_diff(to)) <= AROUND;
    let says = |s: &Sign| matches!(s.kind, Kind::Not | Kind::None | Kind::Maybe | Kind::Only);
    if pair.of_target.iter().filter(near).any(says) || pair.balances(from, to, true) {
        return None;
    }
    Some((from, to))
}

/// Whether a word of the translation is a verb.
fn is_verb(passage: &Passage<'_>, pair: &Pair<'_>, token: usize) -> bool {
    let within = token.checked_sub(pair.target.tokens.start);
    within.and_then(|at| passage.leaf(at)).is_some_and(|leaf| leaf.xpos.starts_with("VB"))
}

/// The verb that an English “not” belongs to; nothing where the source is not English or has another word.
fn by_tree(document: &Document<'_>, pair: &Pair<'_>, sign: &Sign) -> Option<Option<usize>> {
    if pair.source.data.tag() != "en" || sign.kind != Kind::Not {
        return None;
    }
    let source = document.source.as_ref()?;
    let sentence = source.surface().sentences.partition_point(|s| s.tokens.end <= sign.token);
    let start = source.surface().sentences.get(sentence)?.tokens.start;
    Some(source.syntax(sentence).and_then(|tree| {
        let within = sign.token.checked_sub(start)?;
        let not = tree
            .nodes()
            .iter()
            .position(|n| n.tokens.contains(&within) && super::english::is_negation(n.span.of(pair.source.text)))?;
        let verb = predicate(tree, tree.node(not)?.head?, false)?;
        Some(start + tree.node(verb)?.tokens.start)
    }))
}

fn draft(
    document: &Document<'_>,
    passage: &Passage<'_>,
    pair: &Pair<'_>,
    sign: &Sign,
    negated: usize,
    target: usize,
    confidence: f64,
) -> Draft {
    let place = |side: &Side<'_>, from: usize, to: usize| {
        let one = |at: usize| side.token(at).map_or_else(|| Span::new(0, 0), |t| t.span);
        one(from).cover(one(to))
    };
    let word = place(&pair.target, target, target);
    let source = place(&pair.source, sign.token.min(negated), sign.last.max(negated));
    let quoted = source.of(pair.source.text);
    let group = passage.syntax().and_then(|tree| Group::at(tree, pair.target.text, word));
    let span = group.as_ref().map_or(word, |g| g.span);
    let letters = span.of(pair.target.text);
    let mut draft =
        Draft::new(span, confidence, format!("the source denies it: “{quoted}”, the translation says “{letters}”"))
            .beside(Place::source(source))
            .because(EvidenceKind::Source, "a negation of the source", Some(Place::source(source)));
    if !passage.is_tried(document) {
        let english = if sign.english.is_empty() || sign.english == "no" { "not" } else { sign.english };
        let text = match &group {
            Some(group) => negate(group, pair.target.text, english),
            None => elsewhere(&pair.target, target),
        };
        if let Some(text) = text {
            draft = draft.fix(Fix::replace(span, text, 0.7));
        }
    }
    draft
}

/// The word with a negation, in languages where that is one word before it.
fn elsewhere(side: &Side<'_>, at: usize) -> Option<String> {
    let written = side.token(at)?.span.of(side.text);
    match side.data.tag() {
        "ru" | "uk" => Some(format!("не {written}")),
        "es" => Some(format!("no {written}")),
        "pl" => Some(format!("nie {written}")),
        "de" => Some(format!("nicht {written}")),
        _ => None,
    }
}
