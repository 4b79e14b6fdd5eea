//! Which source sentences a target sentence renders: paragraphs first, then sentences within them.
//!
//! After Gale and Church (1993), with anchors: the best monotone path by length, where numbers and names that stand on both
//! sides pull together. It is searched in a band around the diagonal, so the cost grows with the length of the text alone.

use std::ops::Range;

use crate::article::Segment;
use crate::digest::Digest;
use crate::span::Span;
use crate::surface::{Case, Surface, TokenKind};

/// What one target sentence renders.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Source sentences, as indices; empty where nothing was found.
    pub source: Range<usize>,
    /// How surely, in [0, 1].
    pub confidence: f64,
}

/// The alignment of two texts, by sentences.
#[derive(Clone, Debug, Default)]
pub struct Alignment {
    /// One match a target sentence.
    matches: Vec<Match>,
}

impl Alignment {
    /// Aligns two texts. With segments, whose borders are known, only sentences within a segment are matched.
    pub fn of(source: (&str, &Surface), target: (&str, &Surface), segments: &[Segment]) -> Self {
        let sides = [Units::sentences(source.0, source.1), Units::sentences(target.0, target.1)];
        let mut matches = vec![Match { source: 0..0, confidence: 0.0 }; sides[1].0.len()];
        let groups = if segments.is_empty() {
            paragraph_groups(source, target, &sides)
        } else {
            let within = |surface: &Surface, span: Span| {
                let at = |byte| surface.sentences.partition_point(|s| s.span.start() < byte);
                at(span.start())..at(span.end())
            };
            let pair = |s: &Segment| (within(source.1, s.source), within(target.1, s.target), 1.0);
            segments.iter().map(pair).collect()
        };
        for (from, to, certainty) in groups {
            for bead in beads(&sides[0].0[from.clone()], &sides[1].0[to.clone()], 0.0) {
                let source = from.start + bead.source.start..from.start + bead.source.end;
                for index in bead.target {
                    let confidence = if source.is_empty() { 0.0 } else { certainty * bead.confidence };
                    matches[to.start + index] = Match { source: source.clone(), confidence };
                }
            }
        }
        Self { matches }
    }

    /// What a target sentence renders.
    pub fn source_of(&self, target_sentence: usize) -> Match {
        self.matches.get(target_sentence).cloned().unwrap_or(Match { source: 0..0, confidence: 0.0 })
    }

    /// The mean confidence over all target sentences; 0 where there are none.
    pub fn confidence(&self) -> f64 {
        let sum: f64 = self.matches.iter().map(|m| m.confidence).sum();
        if self.matches.is_empty() { 0.0 } else { sum / self.matches.len() as f64 }
    }

    /// The target sentences that render each source sentence, in order.
    pub fn targets_by_source(&self, source_sentences: usize) -> Vec<Vec<usize>> {
        let mut targets = vec![Vec::new(); source_sentences];
        for (index, m) in self.matches.iter().enumerate() {
            for source in m.source.clone() {
                if let Some(list) = targets.get_mut(source) {
                    list.push(index);
                }
            }
        }
        targets
    }
}

/// What is compared of a sentence or a paragraph.
#[derive(Clone, Debug, Default)]
struct Unit {
    /// Letters and digits, in units of a Latin letter.
    length: f64,
    /// Hashes of numbers and names, sorted.
    anchors: Vec<u64>,
}

struct Units(Vec<Unit>);

/// The most anchors kept of one unit. It bounds what comparing two can cost.
const MAX_ANCHORS: usize = 24;

impl Units {
    fn sentences(text: &str, surface: &Surface) -> Self {
        let unit = |tokens: Range<usize>| {
            let mut unit = Unit::default();
            for token in surface.tokens.get(tokens).unwrap_or(&[]) {
                let written = token.span.of(text);
                match token.kind {
                    TokenKind::Mask => {}
                    TokenKind::Mark if !matches!(written, "?" | "？" | "؟") => {}
                    // A Chinese or Japanese character says as much as three letters do.
                    _ if token.case == Case::None && token.kind == TokenKind::Word => {
                        unit.length += written.chars().map(|c| if c >= '\u{3000}' { 3.0 } else { 1.0 }).sum::<f64>();
                    }
                    _ => unit.length += written.chars().count() as f64,
                }
                let digits: String = written.chars().filter(char::is_ascii_digit).collect();
                let name = token.case != Case::Lower && token.case != Case::None && written.is_ascii();
                if (!digits.is_empty() || name || written == "?") && unit.anchors.len() < MAX_ANCHORS {
                    let mut digest = Digest::default();
                    digest.write(if digits.is_empty() { surface.folded(token).as_bytes() } else { digits.as_bytes() });
                    unit.anchors.push(digest.finish());
                }
            }
            unit.anchors.sort_unstable();
            unit
        };
        Self(surface.sentences.iter().map(|s| unit(s.tokens.clone())).collect())
    }

    fn joined(&self, range: Range<usize>) -> Unit {
        join(self.0.get(range).unwrap_or(&[]))
    }
}

fn join(units: &[Unit]) -> Unit {
    let mut all = Unit { length: units.iter().map(|u| u.length).sum(), anchors: Vec::new() };
    for unit in units {
        all.anchors.extend(unit.anchors.iter().take(MAX_ANCHORS - all.anchors.len().min(MAX_ANCHORS)));
    }
    all.anchors.sort_unstable();
    all
}

/// Paragraphs matched with paragraphs, as ranges of sentences.
fn paragraph_groups(
    source: (&str, &Surface),
    target: (&str, &Surface),
    sides: &[Units; 2],
) -> Vec<(Range<usize>, Range<usize>, f64)> {
    let written = |surface: &Surface| -> Vec<Range<usize>> {
        surface.blocks.iter().map(|b| b.sentences.clone()).filter(|s| !s.is_empty()).collect()
    };
    let (from, to) = (written(source.1), written(target.1));
    let units = |side: &Units, blocks: &[Range<usize>]| -> Vec<Unit> {
        blocks.iter().map(|b| side.joined(b.clone())).collect()
    };
    let hull = |blocks: &[Range<usize>], range: &Range<usize>| match (
        blocks.get(range.start),
        blocks.get(range.end.wrapping_sub(1)),
    ) {
        (Some(first), Some(last)) if !range.is_empty() => first.start..last.end,
        _ => 0..0,
    };
    let paired = beads(&units(&sides[0], &from), &units(&sides[1], &to), JOINED_PARAGRAPHS);
    paired.into_iter().map(|b| (hull(&from, &b.source), hull(&to, &b.target), 0.5 + b.confidence / 2.0)).collect()
}

struct Bead {
    source: Range<usize>,
    target: Range<usize>,
    confidence: f64,
}

/// The kinds of step, as how many of each side, with what each costs (minus the logarithm of how rare it is in news: Gale and
/// Church count 0.89 for one to one, 0.0099 for one to none, 0.089 for two to one, 0.011 for two to two).
const STEPS: [(usize, usize, f64); 6] = [(1, 1, 0.0), (2, 1, 2.3), (1, 2, 2.3), (2, 2, 4.4), (1, 0, 4.5), (0, 1, 4.5)];
/// What joining or splitting costs more where paragraphs are matched: an engine joins sentences, but hardly ever paragraphs.
const JOINED_PARAGRAPHS: f64 = 1.2;
/// How much longer or shorter a rendering is, in letters, at most: of the clean news documents in 24 language pairs all lie
/// within it but some out of Hindi (up to 1.66), Korean (from 0.56), Japanese (0.58), Hungarian (0.64) and Greek (0.66).
const MAX_RATIO: f64 = 1.5;
/// Half the band's width beyond the difference of the counts.
const BAND: usize = 12;
/// The widest that the difference of the counts may make it.
const MAX_BAND: usize = 64;

/// The cheapest monotone path through two lists.
fn beads(source: &[Unit], target: &[Unit], joined: f64) -> Vec<Bead> {
    let steps = STEPS.map(|(a, b, prior)| (a, b, if a + b > 2 { prior + joined } else { prior }));
    let (n, m) = (source.len(), target.len());
    if n == 0 || m == 0 {
        return apart(n, m);
    }
    let total = |units: &[Unit]| units.iter().map(|u| u.length).sum::<f64>().max(1.0);
    let ratio = total(target) / total(source);
    // Where the counts differ something may be missing on one side, and the totals say only half of how long a rendering is.
    let ratio = if n == m { ratio } else { ratio.sqrt().clamp(1.0 / MAX_RATIO, MAX_RATIO) };
    let half = BAND + n.abs_diff(m).min(MAX_BAND);
    let width = 2 * half + 1;
    // Row i of the band begins at column `first(i)`.
    let first = |i: usize| (i * m / n).saturating_sub(half);
    let mut cost = vec![f64::INFINITY; (n + 1) * width];
    let mut step = vec![u8::MAX; (n + 1) * width];
    let cell = |i: usize, j: usize| j.checked_sub(first(i)).filter(|&k| k < width && j <= m).map(|k| i * width + k);
    if let Some(origin) = cell(0, 0) {
        cost[origin] = 0.0;
    }
    for i in 0..=n {
        for j in first(i)..=(first(i) + width - 1).min(m) {
            let Some(here) = cell(i, j) else { continue };
            for (index, &(a, b, prior)) in steps.iter().enumerate() {
                let (Some(pi), Some(pj)) = (i.checked_sub(a), j.checked_sub(b)) else {
                    continue;
                };
                let Some(before) = cell(pi, pj).map(|c| cost[c]).filter(|c| c.is_finite()) else {
                    continue;
                };
                let price =
                    before + prior + if a * b == 0 { 0.0 } else { difference(&source[pi..i], &target[pj..j], ratio) };
                if price < cost[here] {
                    cost[here] = price;
                    step[here] = index as u8;
                }
            }
        }
    }
    let mut path = Vec::new();
    let (mut i, mut j) = (n, m);
    while i > 0 || j > 0 {
        let Some(&(a, b, prior)) = cell(i, j).and_then(|c| steps.get(step[c] as usize)) else {
            // The path left the band: the texts are too different to be matched.
            return apart(n, m);
        };
        let (source_range, target_range) = (i - a..i, j - b..j);
        let strain = prior + if a * b == 0 { 0.0 } else { difference(&source[i - a..i], &target[j - b..j], ratio) };
        path.push(Bead { source: source_range, target: target_range, confidence: certainty(strain) });
        (i, j) = (i - a, j - b);
    }
    path.reverse();
    path
}

/// Nothing matched with anything.
fn apart(n: usize, m: usize) -> Vec<Bead> {
    vec![Bead { source: 0..n, target: 0..0, confidence: 0.0 }, Bead { source: 0..0, target: 0..m, confidence: 0.0 }]
}

/// How badly two groups fit: the square of the difference of lengths in standard deviations, less for shared anchors.
fn difference(source: &[Unit], target: &[Unit], ratio: f64) -> f64 {
    let joined;
    let (s, t): (&Unit, &Unit) = match (source, target) {
        ([s], [t]) => (s, t),
        _ => {
            joined = (join(source), join(target));
            (&joined.0, &joined.1)
        }
    };
    let expected = s.length * ratio;
    // Variance grows with length (Gale and Church: 6.8 a character); short units get a floor.
    let deviation = (VARIANCE * (expected + t.length).mul_add(0.5, 8.0)).sqrt();
    let strain = ((t.length - expected) / deviation).powi(2) / 2.0;
    let shared = shared(&s.anchors, &t.anchors) as f64;
    let most = s.anchors.len().max(t.anchors.len()).max(1) as f64;
    strain.min(12.0) - ANCHOR_GAIN * shared.min(4.0) * (shared / most).max(0.25)
}

/// Variance of the target's length for each letter of the source's (Gale and Church 1993).
const VARIANCE: f64 = 6.8;
/// What a shared number or name is worth, in the same unit as the steps' costs.
const ANCHOR_GAIN: f64 = 1.2;

fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}

/// A step's strain as a probability that it is right: 0.95 for a plain one-to-one, one half at a strain of 4.
fn certainty(strain: f64) -> f64 {
    1.0 / (1.0 + (0.75 * (strain - 4.0)).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LanguageData;

    fn align(source: &str, target: &str) -> Vec<(Range<usize>, bool)> {
        let [s, t] = [source, target].map(|x| Surface::new(x, LanguageData::NONE, &[], &[]));
        let alignment = Alignment::of((source, &s), (target, &t), &[]);
        alignment.matches.iter().map(|m| (m.source.clone(), m.confidence > 0.5)).collect()
    }

    #[test]
    fn a_sentence_split_in_two_is_matched_twice() {
        let source = "Первое предложение здесь не длинное.\n\nОн пришёл домой вечером 3 мая, и тогда все они сели ужинать вместе.\n\nКонец.";
        let target = "The first sentence here is not long.\n\nHe came home in the evening on May 3. Then they all sat down to supper together.\n\nThe end.";
        assert_eq!(align(source, target), [(0..1, true), (1..2, true), (1..2, true), (2..3, true)]);
    }

    #[test]
    fn a_paragraph_left_out_moves_no_other() {
        let source = "Alpha beta gamma delta in 1991.\n\nThis whole paragraph is missing from the other text, and it is long.\n\nOmega came in 2004 with 17 men.";
        let target = "Alpha beta gamma delta in 1991.\n\nOmega came in 2004 with 17 men.";
        assert_eq!(align(source, target), [(0..1, true), (2..3, true)]);
    }

    #[test]
    fn long_texts_stay_in_the_band() {
        let text: String = (0..2_000).map(|i| format!("Sentence number {i} has some words in it.\n\n")).collect();
        assert!(align(&text, &text).iter().enumerate().all(|(i, m)| *m == (i..i + 1, true)));
    }

    #[test]
    fn nothing_matches_nothing() {
        assert_eq!(align("", "One."), [(0..0, false)]);
    }
}
