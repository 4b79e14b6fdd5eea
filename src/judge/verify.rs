//! Suggestions are tried before they are offered: applied in memory, and the rules run again on the touched sentence.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::check::{Draft, Fix, Rule};
use crate::finding::{ApplyClass, Edit, FindingId, Reach, Severity, Suggestion, Verification};
use crate::judge::score::multiplier;
use crate::judge::{Bench, Changed, Groups, Raw, Recheck, is_said, severity};
use crate::span::Span;

/// How much text may be looked at again, as a multiple of the article's length, and beyond it. A repair costs its sentence once
/// more: of a garbled article (31 findings on 358 words, each with up to three repairs) that is three times its length; a
/// text of one long sentence is tried a few times and no more.
const RECHECK_TIMES: usize = 6;
const RECHECK_BYTES: usize = 1 << 16;
/// Up to this many places, every finding of a group offers to mend them all; in larger groups only the first does, since the
/// answer would otherwise grow with the square of the group.
const ALL_PLACES_ON_EACH: usize = 16;
/// What is left of a suggestion's score when it brings something new.
const BRINGS_SOMETHING: f64 = 0.5;

/// What came of trying.
pub(super) struct Tried {
    /// One list for each finding kept.
    pub(super) suggestions: Vec<Vec<Suggestion>>,
    pub(super) unverified: usize,
}

pub(super) fn suggestions(
    raw: &[Raw],
    kept: &[usize],
    ids: &[FindingId],
    groups: &Groups,
    bench: &Bench<'_>,
    recheck: &dyn Recheck,
) -> Tried {
    let known = Known::new(raw, kept, ids, bench, recheck);
    let budget = RECHECK_BYTES + RECHECK_TIMES * bench.text.len();
    let mut trial = Trial::new(&known, budget);
    let mut all = match at_once(&known, budget) {
        Some((tried, all)) => {
            trial = tried;
            all
        }
        None => (0..kept.len()).map(|position| trial.offered(position)).collect(),
    };
    for members in &groups.members {
        let room = |position: &&usize| all[**position].len() < bench.max_suggestions;
        let on = if members.len() <= ALL_PLACES_ON_EACH { members.len() } else { 1 };
        if !members.iter().take(on).any(|p| room(&p)) {
            continue;
        }
        let Some(everywhere) = trial.try_all(members, &all) else {
            continue;
        };
        for &position in members.iter().take(on) {
            if all[position].len() < bench.max_suggestions && !all[position].is_empty() {
                all[position].push(everywhere.clone());
            }
        }
    }
    Tried { suggestions: all, unverified: trial.unverified }
}

/// Tries the findings of several sentences at the same time, where the budget is ample; `None` where it might not be, since who
/// comes last must then do without. Whichever way, the answer is the same.
fn at_once<'a>(known: &'a Known<'a>, budget: usize) -> Option<(Trial<'a>, Vec<Vec<Suggestion>>)> {
    let sentence = |position: usize| known.raw[known.kept[position]].sentence;
    let mut units: Vec<Range<usize>> = Vec::new();
    for position in 0..known.kept.len() {
        match units.last_mut() {
            Some(unit) if sentence(unit.start) == sentence(position) => unit.end = position + 1,
            _ => units.push(position..position + 1),
        }
    }
    let expected = |unit: &Range<usize>| {
        let fixes: usize = unit.clone().map(|p| known.raw[known.kept[p]].draft.fixes.len()).sum();
        let length = known.bench.surface.sentences.get(sentence(unit.start)).map_or(0, |s| s.span.len());
        fixes * (length + OVERHEAD)
    };
    if units.len() < 2 || units.iter().map(expected).sum::<usize>() > budget {
        return None;
    }
    let tried: Vec<(Trial<'a>, Vec<Vec<Suggestion>>)> = units
        .into_par_iter()
        .map(|unit| {
            let mut trial = Trial::new(known, budget);
            trial.look_ahead(unit.clone());
            let offered = unit.map(|position| trial.offered(position)).collect();
            (trial, offered)
        })
        .collect();
    let spent: usize = tried.iter().map(|(trial, _)| budget - trial.budget).sum();
    let mut whole = Trial::new(known, budget.checked_sub(spent)?);
    let mut all = Vec::with_capacity(known.kept.len());
    for (trial, offered) in tried {
        whole.looked.extend(trial.looked);
        whole.unverified += trial.unverified;
        all.extend(offered);
    }
    Some((whole, all))
}

/// What was found, and by whom it is looked at again.
struct Known<'a> {
    raw: &'a [Raw],
    kept: &'a [usize],
    bench: &'a Bench<'a>,
    recheck: &'a dyn Recheck,
    /// What was found in each sentence, as indices into `raw`.
    by_sentence: FxHashMap<usize, Vec<usize>>,
    /// Name of a raw finding, if it was kept.
    id_of: FxHashMap<usize, FindingId>,
}

impl<'a> Known<'a> {
    fn new(
        raw: &'a [Raw],
        kept: &'a [usize],
        ids: &'a [FindingId],
        bench: &'a Bench<'a>,
        recheck: &'a dyn Recheck,
    ) -> Self {
        let mut by_sentence: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (index, found) in raw.iter().enumerate() {
            by_sentence.entry(found.sentence).or_default().push(index);
        }
        let id_of = kept.iter().zip(ids).map(|(&index, &id)| (index, id)).collect();
        Self { raw, kept, bench, recheck, by_sentence, id_of }
    }
}

/// Tries repairs, as long as there is budget.
struct Trial<'a> {
    known: &'a Known<'a>,
    budget: usize,
    /// What was found in changed sentences, by place and words. A repair of every place makes of most sentences what the
    /// repair of one place has made of them already.
    looked: FxHashMap<(usize, String), Vec<(&'static Rule, Draft)>>,
    unverified: usize,
}

/// A stretch of sentences, the first and the last, with the edits that fall into it.
type Unit<'e> = ((usize, usize), &'e [Edit]);

/// What a change did to one stretch of sentences.
#[derive(Default)]
struct Effect {
    resolved: Vec<usize>,
    introduced: Vec<(&'static Rule, Severity)>,
}

impl<'a> Trial<'a> {
    fn new(known: &'a Known<'a>, budget: usize) -> Self {
        Self { known, budget, looked: FxHashMap::default(), unverified: 0 }
    }

    /// The repairs of a finding that mend it, the likeliest first; none once nobody waits for them.
    fn offered(&mut self, position: usize) -> Vec<Suggestion> {
        let Known { raw, kept, bench, .. } = self.known;
        let mut offered: Vec<Suggestion> = Vec::new();
        if (bench.stop)() {
            return offered;
        }
        for fix in &raw[kept[position]].draft.fixes {
            if offered.len() == bench.max_suggestions || offered.iter().any(|s| s.edits == fix.edits) {
                continue;
            }
            offered.extend(self.try_fix(position, fix));
        }
        offered.sort_by(|a, b| b.score.total_cmp(&a.score));
        offered
    }

    /// Tries one repair; `None` where it does not mend its finding, or brings something as bad.
    fn try_fix(&mut self, position: usize, fix: &Fix) -> Option<Suggestion> {
        let index = self.known.kept[position];
        let mut suggestion = Suggestion {
            edits: fix.edits.clone(),
            score: round(fix.score),
            apply: ApplyClass::Review,
            reach: Reach::ThisPlace,
            verification: None,
        };
        let Some(effect) = self.effect(&fix.edits) else {
            self.unverified += 1;
            return Some(suggestion);
        };
        let own = severity(self.known.raw[index].rule, &self.known.raw[index].draft, self.known.bench);
        if !effect.resolved.contains(&index) || effect.introduced.iter().any(|(_, s)| *s >= own) {
            return None;
        }
        if effect.introduced.is_empty() {
            suggestion.apply = if fix.safe { ApplyClass::Safe } else { ApplyClass::Review };
        } else {
            suggestion.apply = ApplyClass::Hint;
            suggestion.score = round(fix.score * BRINGS_SOMETHING);
        }
        suggestion.verification = Some(self.verification(&effect));
        Some(suggestion)
    }

    /// The first repair of every place of a group, as one suggestion.
    fn try_all(&mut self, members: &[usize], all: &[Vec<Suggestion>]) -> Option<Suggestion> {
        let firsts: Vec<&Suggestion> =
            members.iter().map(|&p| all[p].first().filter(|s| s.reach == Reach::ThisPlace)).collect::<Option<_>>()?;
        let mut edits: Vec<Edit> = firsts.iter().flat_map(|s| s.edits.iter().cloned()).collect();
        edits.sort_by_key(|e| e.span);
        if edits.windows(2).any(|w| w[0].span.end() > w[1].span.start()) {
            return None;
        }
        let score = firsts.iter().map(|s| s.score).fold(1.0, f64::min);
        let safe = firsts.iter().all(|s| s.apply == ApplyClass::Safe);
        let mut suggestion =
            Suggestion { edits, score, apply: ApplyClass::Review, reach: Reach::AllPlaces, verification: None };
        let Some(effect) = self.effect(&suggestion.edits) else {
            self.unverified += 1;
            return Some(suggestion);
        };
        let mends_all = members.iter().all(|&p| effect.resolved.contains(&self.known.kept[p]));
        if !mends_all || !effect.introduced.is_empty() {
            return None;
        }
        suggestion.apply = if safe { ApplyClass::Safe } else { ApplyClass::Review };
        suggestion.verification = Some(self.verification(&effect));
        Some(suggestion)
    }

    fn verification(&self, effect: &Effect) -> Verification {
        let resolved = effect.resolved.iter().filter_map(|index| self.known.id_of.get(index));
        let mut introduces: Vec<&'static str> = effect.introduced.iter().map(|(rule, _)| rule.id).collect();
        introduces.sort_unstable();
        introduces.dedup();
        let saved = effect.resolved.iter().filter(|index| self.known.id_of.contains_key(index)).map(|&index| {
            multiplier(severity(self.known.raw[index].rule, &self.known.raw[index].draft, self.known.bench))
        });
        let cost: f64 = effect.introduced.iter().map(|(_, s)| multiplier(*s)).sum();
        Verification { resolves: resolved.copied().collect(), introduces, penalty_delta: saved.sum::<f64>() - cost }
    }

    /// Looks at what the repairs of some findings make of their sentences, all in one go, so that each is at hand when it is tried.
    fn look_ahead(&mut self, positions: Range<usize>) {
        if (self.known.bench.stop)() {
            return;
        }
        let mut all: Vec<Changed> = Vec::new();
        for position in positions {
            let fixes = &self.known.raw[self.known.kept[position]].draft.fixes;
            for fix in fixes.iter().take(self.known.bench.max_suggestions) {
                let Some(units) = self.units(&fix.edits) else { continue };
                all.extend(units.into_iter().filter_map(|(unit, edits)| self.changed(unit, edits)).map(|c| c.0));
            }
        }
        all.sort_by(|a, b| (a.place, &a.text).cmp(&(b.place, &b.text)));
        all.dedup();
        let found = self.known.recheck.recheck(&all.iter().collect::<Vec<_>>());
        self.looked.extend(all.into_iter().map(|c| (c.place, c.text)).zip(found));
    }

    /// Applies edits and looks again; `None` where there is no budget left.
    fn effect(&mut self, edits: &[Edit]) -> Option<Effect> {
        let mut effect = Effect::default();
        for (unit, edits) in self.units(edits)? {
            self.try_unit(unit, edits, &mut effect)?;
        }
        Some(effect)
    }

    /// Stretches of sentences, first and last, with the edits that fall into each.
    fn units<'e>(&self, edits: &'e [Edit]) -> Option<Vec<Unit<'e>>> {
        let mut units = Vec::new();
        let mut rest = edits;
        while let Some(edit) = rest.first() {
            let mut unit = self.sentences(edit.span)?;
            let mut count = 1;
            while let Some(next) = rest.get(count) {
                let other = self.sentences(next.span)?;
                if other.0 > unit.1 {
                    break;
                }
                unit.1 = unit.1.max(other.1);
                count += 1;
            }
            let (own, others) = rest.split_at_checked(count)?;
            units.push((unit, own));
            rest = others;
        }
        Some(units)
    }

    /// The sentences that a place touches, first and last.
    fn sentences(&self, span: Span) -> Option<(usize, usize)> {
        let all = &self.known.bench.surface.sentences;
        let mut first = self.known.bench.surface.sentence_at(span.start())?;
        // The space before a sentence belongs to it where the place goes on into it.
        let next = all.get(first + 1).is_some_and(|next| next.span.overlaps(span));
        first += usize::from(next && all.get(first).is_some_and(|s| s.span.end() <= span.start()));
        let last = self.known.bench.surface.sentence_at(span.end().saturating_sub(1).max(span.start()))?;
        Some((first, last))
    }

    /// What edits make of a stretch of sentences, and the place of that.
    fn changed(&self, (first, last): (usize, usize), edits: &[Edit]) -> Option<(Changed, Span)> {
        let (text, sentences) = (self.known.bench.text, &self.known.bench.surface.sentences);
        let mut span = sentences.get(first)?.span.cover(sentences.get(last)?.span);
        for edit in edits {
            span = span.cover(edit.span);
        }
        let mut changed = String::with_capacity(span.len() + 32);
        let mut at = span.start();
        for edit in edits {
            changed.push_str(text.get(at..edit.span.start())?);
            changed.push_str(&edit.replacement);
            at = edit.span.end();
        }
        changed.push_str(text.get(at..span.end())?);
        let masks = moved_masks(self.known.bench.masks, span, edits);
        Some((Changed { place: first, text: changed, masks }, span))
    }

    fn try_unit(&mut self, (first, last): (usize, usize), edits: &[Edit], effect: &mut Effect) -> Option<()> {
        let text = self.known.bench.text;
        let (changed, span) = self.changed((first, last), edits)?;
        // Paid even where it has been looked at before: making the changed text and comparing costs its length, too.
        self.budget = self.budget.checked_sub(span.len() + OVERHEAD)?;
        let key = (first, changed.text.clone());
        if !self.looked.contains_key(&key) {
            let after = self.known.recheck.recheck(&[&changed]).pop()?;
            self.looked.insert(key.clone(), after);
        }
        let (after, changed) = (self.looked.get(&key)?, changed.text);
        let mut left: FxHashMap<(&'static str, &str), Vec<(&'static Rule, Severity)>> = FxHashMap::default();
        for (rule, draft) in after.iter().filter(|(rule, draft)| is_said(rule, draft, self.known.bench)) {
            let words = draft.span.snap(&changed).of(&changed);
            left.entry((rule.id, words)).or_default().push((rule, severity(rule, draft, self.known.bench)));
        }
        // What is still there is matched by rule and words. Of equal ones, those that no edit touched are matched first.
        let none = Vec::new();
        let mut before: Vec<usize> =
            (first..=last).flat_map(|s| self.known.by_sentence.get(&s).unwrap_or(&none)).copied().collect();
        let touched = |index: usize| {
            let span = self.known.raw[index].draft.span;
            edits.iter().any(|e| e.span.overlaps(span) || e.span == span || span.contains(e.span))
        };
        before.sort_by_key(|&index| (touched(index), index));
        let mut gone = Vec::new();
        for index in before {
            let Raw { rule, draft, .. } = &self.known.raw[index];
            let words = draft.span.of(text);
            if left.get_mut(&(rule.id, words)).and_then(Vec::pop).is_none() {
                gone.push(index);
            }
        }
        // A finding wider than the edit, such as a whole sentence, has other words now and is still the same.
        gone.retain(|&index| {
            let Raw { rule, draft, .. } = &self.known.raw[index];
            if !edits.iter().any(|e| draft.span.contains(e.span) && e.span.len() * 2 < draft.span.len()) {
                return true;
            }
            let mut same: Vec<(&str, &str)> = left.keys().copied().filter(|(id, _)| *id == rule.id).collect();
            same.sort_unstable();
            !same.into_iter().any(|key| left.get_mut(&key).and_then(Vec::pop).is_some())
        });
        // What reaches beyond the stretch could not be found again, whether or not it is still there.
        gone.retain(|&index| touched(index) || span.contains(self.known.raw[index].draft.span));
        effect.resolved.append(&mut gone);
        #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
        for rest in left.into_values() {
            effect.introduced.extend(rest);
        }
        effect.introduced.sort_by_key(|(rule, severity)| (rule.id, *severity));
        Some(())
    }
}

/// Where the inline codes of a stretch of text are once it has been changed; edits never touch one.
fn moved_masks(masks: &[Span], stretch: Span, edits: &[Edit]) -> Vec<Span> {
    let first = masks.partition_point(|m| m.end() <= stretch.start());
    let within = masks[first..].iter().take_while(|m| m.start() < stretch.end());
    let moved = |mask: &Span| {
        let before = edits.iter().take_while(|e| e.span.end() <= mask.start());
        let (out, into) = before.fold((0, 0), |(out, into), e| (out + e.span.len(), into + e.replacement.len()));
        Span::new(mask.start() + into - out - stretch.start(), mask.end() + into - out - stretch.start())
    };
    within.filter(|mask| stretch.contains(**mask)).map(moved).collect()
}

/// What a look at even the shortest sentence costs, in bytes of text.
const OVERHEAD: usize = 64;

fn round(x: f64) -> f64 {
    (x.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0
}
