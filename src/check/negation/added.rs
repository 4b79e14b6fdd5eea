//! `negation/added`: the translation denies what the source says, or makes a denial of an “only”.

use super::english::{Group, affirm, is_negation};
use super::{AROUND, KNOWN, Kind, Pair, Sign, confidence, negated, predicate};
use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Layer, Rule, Run, Scope};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::span::Span;
use crate::surface::{BlockKind, Case};

pub(in crate::check) static ADDED: Rule = Rule {
    id: "negation/added",
    summary: "The translation denies what the source says.",
    mqm: "accuracy/mistranslation",
    its: "mistranslation",
    severity: Severity::Critical,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: KNOWN,
    needs_source: true,
    needs_glossary: false,
    run: Run::Sentence(added),
};

/// What the confidence is worth where no restriction shows what was meant: below what is told by default. Of 23 findings on translations that
/// people marked or translated (MQM, MLQE-PE, clean news) none was a fault: languages deny by words that are no negation.
const GUESSED: f64 = 0.5;
/// Tokens between a restriction and what it restricts.
const FAR: usize = 6;

fn added(document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    if passage.kind() != BlockKind::Body {
        return;
    }
    let Some(pair) = Pair::of(document, passage, |counted| counted.kept > counted.said) else { return };
    let restricts = pair.of_source.iter().any(|s| s.kind == Kind::Only);
    for sign in pair.of_target.iter().filter(|s| s.kind == Kind::Not) {
        let Some((negated, source, only)) = made(passage, &pair, sign) else { continue };
        if only != restricts {
            continue;
        }
        let Some(confidence) = confidence(document, &pair) else { return };
        let confidence = if only { confidence } else { confidence * GUESSED };
        out.push(draft(document, passage, &pair, sign, negated, source, only, confidence));
        return;
    }
}

/// The word that a sign negates and what it renders, where nothing near that negates; and whether there is a restriction.
fn made(passage: &Passage<'_>, pair: &Pair<'_>, sign: &Sign) -> Option<(usize, usize, bool)> {
    if let Some(only) = twin(pair, sign) {
        // “but”, “except”, “other than”: the restriction is there.
        let kept = pair.of_target.iter().any(|s| s.kind == Kind::Inverse && s.english == "only")
            || pair.target.tokens.clone().any(|at| pair.target.low(at) == "than");
        let at = rendered(passage, pair, sign)?;
        return (!kept).then_some((at, only.token, true));
    }
    let link = match passage.syntax() {
        Some(tree) => {
            let start = pair.target.tokens.start;
            let within = sign.token.checked_sub(start)?;
            let not = tree
                .nodes()
                .iter()
                .position(|n| n.tokens.contains(&within) && is_negation(n.span.of(pair.target.text)))?;
            let verb = predicate(tree, tree.node(not)?.head?, false)?;
            pair.to_source(start + tree.node(verb)?.tokens.start)?
        }
        None => negated(&pair.target, sign).into_iter().find_map(|at| pair.to_source(at))?,
    };
    let (from, to) = (link.source, link.target);
    let token = pair.source.token(from)?;
    let small = pair.source.data.table("function-words");
    let cased = matches!(token.case, Case::Title | Case::Upper) && from > pair.source.tokens.start;
    if small.has(pair.source.low(from)) || cased {
        return None;
    }
    let near = |s: &&Sign| s.token.abs_diff(from).min(s.last.abs_diff(from)) <= AROUND;
    let only =
        pair.of_source.iter().any(|s| s.kind == Kind::Only && s.token.abs_diff(from).min(s.last.abs_diff(from)) <= FAR);
    if only {
        // “but”, “except”, “other than”: the restriction is there.
        let kept = pair.of_target.iter().any(|s| s.kind == Kind::Inverse);
        return (!kept).then_some((to, from, true));
    }
    let says = |s: &Sign| matches!(s.kind, Kind::Not | Kind::None | Kind::Only | Kind::Maybe);
    if pair.of_source.iter().filter(near).any(says) || pair.balances(from, to, false) {
        return None;
    }
    Some((to, from, false))
}

/// The restriction of the source that a denial stands for: as many are on both sides, and it is the one in that place.
fn twin<'p>(pair: &'p Pair<'_>, sign: &Sign) -> Option<&'p Sign> {
    let counts = |s: &&Sign| matches!(s.kind, Kind::Not | Kind::None | Kind::Only);
    let (source, target) = (pair.of_source.iter().filter(counts), pair.of_target.iter().filter(counts));
    if source.clone().count() != target.clone().count() {
        return None;
    }
    let nth = target.clone().position(|s| s.token == sign.token)?;
    source.clone().nth(nth).filter(|s| s.kind == Kind::Only)
}

/// The verb of an English denial; elsewhere the denial itself.
fn rendered(passage: &Passage<'_>, pair: &Pair<'_>, sign: &Sign) -> Option<usize> {
    let Some(tree) = passage.syntax() else { return Some(sign.token) };
    let start = pair.target.tokens.start;
    let within = sign.token.checked_sub(start)?;
    let not =
        tree.nodes().iter().position(|n| n.tokens.contains(&within) && is_negation(n.span.of(pair.target.text)))?;
    let verb = predicate(tree, tree.node(not)?.head?, false)?;
    Some(start + tree.node(verb)?.tokens.start)
}

#[allow(clippy::too_many_arguments)]
fn draft(
    document: &Document<'_>,
    passage: &Passage<'_>,
    pair: &Pair<'_>,
    sign: &Sign,
    negated: usize,
    source: usize,
    only: bool,
    confidence: f64,
) -> Draft {
    let one = |at: usize| pair.target.token(at).map_or_else(|| Span::new(0, 0), |t| t.span);
    let mark = one(sign.token).cover(one(sign.last));
    let group = passage.syntax().and_then(|tree| Group::at(tree, pair.target.text, one(negated)));
    let group = group.filter(|g| g.negation.is_some_and(|n| n.overlaps(mark)));
    let span = group.as_ref().map_or_else(|| mark.cover(one(negated)), |g| g.span.cover(mark));
    let place = pair.source.token(source).map_or_else(|| Span::new(0, 0), |t| t.span);
    let restriction = pair.of_source.iter().find(|s| s.kind == Kind::Only).filter(|_| only);
    let place = restriction.map_or(place, |s| {
        let one = |at: usize| pair.source.token(at).map_or(place, |t| t.span);
        place.cover(one(s.token)).cover(one(s.last))
    });
    let quoted = place.of(pair.source.text);
    let letters = span.of(pair.target.text);
    let message = if only {
        format!("the source says “only”: “{quoted}”, the translation denies it: “{letters}”")
    } else {
        format!("the source does not deny it: “{quoted}”, the translation says “{letters}”")
    };
    let place = Place::source(place);
    let mut draft = Draft::new(span, confidence, message).beside(place).because(
        EvidenceKind::Source,
        if only { "a restriction of the source" } else { "no negation in the source" },
        Some(place),
    );
    if !passage.is_tried(document)
        && let Some(group) = group.filter(|g| g.span == span)
        && let Some(text) = affirm(&group, pair.target.text, only)
    {
        draft = draft.fix(Fix::replace(span, text, 0.7));
    }
    draft
}
