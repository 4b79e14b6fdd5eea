//! Judgement: of what the rules found, what is said, how sure we are, and what would mend it.

pub mod score;
mod verify;

use rustc_hash::FxHashMap;

use crate::check::{Draft, Rule};
use crate::digest::Digest;
use crate::finding::{ConfidenceBasis, EvidenceKind, Finding, FindingId, Severity};
use crate::span::Span;
use crate::surface::Surface;

/// What a rule found, and in which sentence.
#[derive(Clone)]
pub struct Raw {
    /// The rule.
    pub rule: &'static Rule,
    /// What it found.
    pub draft: Draft,
    /// The sentence, as an index.
    pub sentence: usize,
}

/// Sentences as they would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Which sentence of the document they begin at.
    pub place: usize,
    /// What they read.
    pub text: String,
    /// Where inline codes are in it.
    pub masks: Vec<Span>,
}

/// Looks at changed sentences as the rules would see them in their document. The engine implements it.
pub trait Recheck: Sync {
    /// What the rules find in each of some changed sentences; places are relative to its text. Several are looked at in one go,
    /// since each rule's code and tables have to be fetched but once for them.
    fn recheck(&self, changed: &[&Changed]) -> Vec<Vec<(&'static Rule, Draft)>>;
}

/// What the caller asked of a rule.
#[derive(Clone, Copy, Debug)]
pub struct RuleSetting {
    /// Whether it runs.
    pub enabled: bool,
    /// Another severity than its own.
    pub severity: Option<Severity>,
    /// The least confidence that is reported.
    pub min_confidence: f64,
}

/// What judgement needs to know.
pub struct Bench<'a> {
    /// The translation.
    pub text: &'a str,
    /// Its surface.
    pub surface: &'a Surface,
    /// Its inline codes.
    pub masks: &'a [Span],
    /// The caller's setting of a rule.
    pub setting: &'a (dyn Fn(&Rule) -> RuleSetting + Sync),
    /// The most suggestions of one finding.
    pub max_suggestions: usize,
    /// Whether nobody waits for the answer any more; what is given back then is not all there is.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

/// What came of it.
pub struct Verdict {
    /// In the order of the text.
    pub findings: Vec<Finding>,
    /// Suggestions that were not tried.
    pub unverified: usize,
}

/// Turns what the rules found into findings.
pub fn judge(mut raw: Vec<Raw>, bench: &Bench<'_>, recheck: &dyn Recheck) -> Verdict {
    for found in &mut raw {
        clean(&mut found.draft, bench);
    }
    raw.retain(|r| is_said(r.rule, &r.draft, bench) && !touches_mask(r.draft.span, bench.masks));
    raw.sort_by(|a, b| order(&a.draft).cmp(&order(&b.draft)).then(a.rule.id.cmp(b.rule.id)));
    let kept = without_conflicts(&raw, bench);
    let ids = name(&raw, &kept, bench);
    let groups = groups(&raw, &kept);
    let mut tried = verify::suggestions(&raw, &kept, &ids, &groups, bench, recheck);
    let mut findings = Vec::with_capacity(kept.len());
    for (position, &index) in kept.iter().enumerate() {
        let Raw { rule, draft, .. } = &raw[index];
        findings.push(Finding {
            id: ids[position],
            rule: rule.id,
            severity: severity(rule, draft, bench),
            confidence: draft.confidence,
            basis: ConfidenceBasis::Prior,
            message: draft.message.clone(),
            span: draft.span,
            related: draft.related.clone(),
            group: groups.of.get(&position).copied(),
            mqm: rule.mqm,
            its: rule.its,
            suggestions: std::mem::take(&mut tried.suggestions[position]),
            evidence: draft.evidence.clone(),
        });
    }
    Verdict { findings, unverified: tried.unverified }
}

fn order(draft: &Draft) -> (usize, std::cmp::Reverse<usize>) {
    (draft.span.start(), std::cmp::Reverse(draft.span.end()))
}

/// Whole graphemes, probabilities in [0, 1], and no repair that would cut a cluster, touch an inline code or change nothing.
fn clean(draft: &mut Draft, bench: &Bench<'_>) {
    draft.span = draft.span.snap(bench.text);
    draft.confidence = thousandths(draft.confidence);
    draft.fixes.retain(|fix| {
        let sound = fix.edits.iter().all(|edit| {
            edit.span.end() <= bench.text.len()
                && edit.span.is_snapped(bench.text)
                && !touches_mask(edit.span, bench.masks)
        });
        let apart = fix.edits.windows(2).all(|w| w[0].span.end() <= w[1].span.start());
        let changes = fix.edits.iter().any(|edit| edit.span.of(bench.text) != edit.replacement);
        sound && apart && changes
    });
}

fn thousandths(x: f64) -> f64 {
    (x.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0
}

fn is_said(rule: &Rule, draft: &Draft, bench: &Bench<'_>) -> bool {
    draft.confidence >= (bench.setting)(rule).min_confidence
}

/// What the caller says, else the finding, else the rule.
fn severity(rule: &Rule, draft: &Draft, bench: &Bench<'_>) -> Severity {
    (bench.setting)(rule).severity.or(draft.severity).unwrap_or(rule.severity)
}

fn touches_mask(span: Span, masks: &[Span]) -> bool {
    let after = masks.partition_point(|m| m.end() <= span.start());
    masks.get(after).is_some_and(|m| m.overlaps(span))
}

/// The most findings of one cluster that a further one is compared with: those that were kept last.
const MAX_COMPARED: usize = 64;

/// Of findings that overlap, the most specific stays (a glossary outweighs the document, and that a pattern), then the most
/// severe, then the surest. One inside another stays too, where their repairs do not touch: they are different mistakes.
fn without_conflicts(raw: &[Raw], bench: &Bench<'_>) -> Vec<usize> {
    let mut kept: Vec<usize> = Vec::with_capacity(raw.len());
    let mut start = 0;
    while start < raw.len() {
        let mut end = start + 1;
        let mut reach = raw[start].draft.span;
        while raw.get(end).is_some_and(|next| next.draft.span.overlaps(reach) || next.draft.span == reach) {
            reach = reach.cover(raw[end].draft.span);
            end += 1;
        }
        let mut cluster: Vec<usize> = (start..end).collect();
        cluster.sort_by(|&a, &b| {
            weight(&raw[b], bench).partial_cmp(&weight(&raw[a], bench)).unwrap_or(std::cmp::Ordering::Equal)
        });
        let first = kept.len();
        for index in cluster {
            let against: &[usize] = &kept[first..];
            let near = &against[against.len().saturating_sub(MAX_COMPARED)..];
            let fits = !near.iter().any(|&k| conflict(&raw[k].draft, &raw[index].draft));
            if fits {
                kept.push(index);
            }
        }
        kept[first..].sort_unstable();
        start = end;
    }
    kept
}

fn weight(raw: &Raw, bench: &Bench<'_>) -> (Option<EvidenceKind>, Severity, f64, std::cmp::Reverse<usize>) {
    let specific = raw.draft.evidence.iter().map(|e| e.kind).max();
    (specific, severity(raw.rule, &raw.draft, bench), raw.draft.confidence, std::cmp::Reverse(raw.draft.span.len()))
}

fn conflict(a: &Draft, b: &Draft) -> bool {
    if a.span == b.span {
        return true;
    }
    if !a.span.overlaps(b.span) {
        return false;
    }
    let nested = a.span.contains(b.span) || b.span.contains(a.span);
    // A finding without a repair touches nothing.
    let edits = |d: &Draft| -> Vec<Span> {
        d.fixes.first().map_or_else(Vec::new, |fix| fix.edits.iter().map(|edit| edit.span).collect())
    };
    let touch = edits(a).iter().any(|x| edits(b).iter().any(|y| x.overlaps(*y) || x == y));
    !nested || touch
}

/// How many words on either side go into a finding's name.
const CONTEXT: usize = 3;

/// Names findings by rule, words and neighbours; the same name a second time gets a number.
fn name(raw: &[Raw], kept: &[usize], bench: &Bench<'_>) -> Vec<FindingId> {
    let tokens = &bench.surface.tokens;
    let mut seen: FxHashMap<u64, u64> = FxHashMap::default();
    let ids = kept.iter().map(|&index| {
        let Raw { rule, draft, .. } = &raw[index];
        let first = tokens.partition_point(|t| t.span.end() <= draft.span.start());
        let last = tokens.partition_point(|t| t.span.start() < draft.span.end()).max(first);
        let mut digest = Digest::default();
        digest.write(rule.id.as_bytes());
        digest.write(draft.span.of(bench.text).as_bytes());
        for token in tokens[first.saturating_sub(CONTEXT)..first].iter().chain(tokens[last..].iter().take(CONTEXT)) {
            digest.write(bench.surface.folded(token).as_bytes());
        }
        let count = seen.entry(digest.finish()).or_default();
        *count += 1;
        if *count > 1 {
            digest.write(&count.to_le_bytes());
        }
        FindingId(digest.finish())
    });
    ids.collect()
}

/// Places of one mistake.
pub(crate) struct Groups {
    /// Group of a finding, by its position among those kept.
    of: FxHashMap<usize, u64>,
    /// Members of each group, in the order of the text; groups in the order of their first member.
    members: Vec<Vec<usize>>,
}

fn groups(raw: &[Raw], kept: &[usize]) -> Groups {
    let mut by_key: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut members: Vec<Vec<usize>> = Vec::new();
    let mut names: Vec<u64> = Vec::new();
    for (position, &index) in kept.iter().enumerate() {
        let Raw { rule, draft, .. } = &raw[index];
        let Some(key) = &draft.group else { continue };
        let group = *by_key.entry((rule.id, key)).or_insert_with(|| {
            let mut digest = Digest::default();
            digest.write(rule.id.as_bytes());
            digest.write(key.as_bytes());
            names.push(digest.finish());
            members.push(Vec::new());
            members.len() - 1
        });
        members[group].push(position);
    }
    let mut of = FxHashMap::default();
    for (group, positions) in members.iter().enumerate().filter(|(_, positions)| positions.len() > 1) {
        of.extend(positions.iter().map(|&position| (position, names[group])));
    }
    members.retain(|positions| positions.len() > 1);
    Groups { of, members }
}
