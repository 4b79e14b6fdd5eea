//! MQM scores: from penalties to a number that an editor can defend.
//!
//! Formulas and defaults: MQM 2.0 scoring (raw and linear calibrated models, themqm.org), with an interval of our own, because a
//! short text says little: errors are a Poisson rate, its prior is Jeffreys' Gamma(1/2, 0), and the interval is the 90 % credible one.

use crate::article::SideName;
use crate::finding::{EvaluationWords, Finding, FindingId, LedgerRow, Score, ScoreProfile, Severity};

/// Penalty points of one error: neutral 0, minor 1, major 5, critical 25.
pub fn multiplier(severity: Severity) -> f64 {
    match severity {
        Severity::Neutral => 0.0,
        Severity::Minor => 1.0,
        Severity::Major => 5.0,
        Severity::Critical => 25.0,
    }
}

/// Weight of an error type. All are 1 until a profile says otherwise.
const WEIGHT: f64 = 1.0;

/// Characters that make a word in evaluation word counts: Chinese 1.6, Japanese 2.2.
pub fn characters_per_word(primary_language: &str) -> Option<f64> {
    match primary_language {
        "zh" | "yue" => Some(1.6),
        "ja" => Some(2.2),
        _ => None,
    }
}

/// Scores a text of so many words by its findings.
pub fn score(findings: &[Finding], words: EvaluationWords, profile: ScoreProfile) -> Score {
    let ledger = ledger(findings);
    let total: f64 = ledger.iter().map(|row| row.penalty).sum();
    let critical = findings.iter().any(|f| f.severity == Severity::Critical);
    let calibrated = calibrated(total, words.words, profile);
    Score {
        calibrated: round(calibrated),
        interval: interval(findings, total, words.words, profile),
        raw: round(raw(total, words.words)),
        passes: calibrated >= profile.passing_threshold && !critical,
        penalty_total: total,
        penalty_per_thousand: round(per_thousand(total, words.words)),
        words,
        mend_to_pass: mend_to_pass(findings, total, words.words, profile),
        words_to_halve_interval: words_to_halve(errors(findings), words.words),
        ledger,
        profile,
    }
}

/// Two decimals: what is printed is what is compared.
fn round(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}

/// Points per 1,000 words. A text without words that has errors counts as one word.
fn per_thousand(total: f64, words: f64) -> f64 {
    total / words.max(1.0) * 1_000.0
}

/// `QS = 100 × (1 − PWPT)`, not below 0.
fn raw(total: f64, words: f64) -> f64 {
    (100.0 * (1.0 - total / words.max(1.0))).max(0.0)
}

/// `CQS = 100 − NPT × (100 − PT) / APP`.
fn calibrated(total: f64, words: f64, profile: ScoreProfile) -> f64 {
    let slope = (100.0 - profile.passing_threshold) / profile.acceptable_penalty_points;
    100.0 - per_thousand(total, words) * slope
}

fn errors(findings: &[Finding]) -> usize {
    findings.iter().filter(|f| f.severity > Severity::Neutral).count()
}

/// The score at the ends of the error rate's interval, with errors as severe as those found (minor, where none was found).
fn interval(findings: &[Finding], total: f64, words: f64, profile: ScoreProfile) -> (f64, f64) {
    let count = errors(findings);
    let each = if count == 0 { 1.0 } else { total / count as f64 };
    let (fewest, most) = rate_interval(count);
    let at = |errors: f64| round(calibrated(errors * each, words, profile));
    (at(most), at(fewest))
}

/// The 5 % and 95 % points of Gamma(n + 1/2), the number of errors to expect in as much text again.
fn rate_interval(count: usize) -> (f64, f64) {
    let shape = count as f64 + 0.5;
    if count < MANY {
        return (puruspe::invgammp(0.05, shape), puruspe::invgammp(0.95, shape));
    }
    // Wilson and Hilferty (1931); from here on it is right to four digits, and the library's root finder no longer settles.
    let point = |z: f64| shape * (1.0 - 1.0 / (9.0 * shape) + z / (3.0 * shape.sqrt())).powi(3);
    (point(-NORMAL_95), point(NORMAL_95))
}

/// Errors from which the interval is approximated.
const MANY: usize = 80;
/// The 95 % point of the normal distribution.
const NORMAL_95: f64 = 1.644_853_626_951_472_7;

/// How many more words, with errors as frequent as here, would halve the interval. The width goes with √(rW + ½) / W, and the
/// equation for half of it is quadratic in the new W.
fn words_to_halve(count: usize, words: f64) -> usize {
    if words < 1.0 {
        return 0;
    }
    let rate = count as f64 / words;
    let goal = (count as f64 + 0.5) / (4.0 * words * words);
    // goal × W² − rate × W − ½ = 0
    let more = (rate + (rate * rate + 2.0 * goal).sqrt()) / (2.0 * goal) - words;
    more.ceil().max(0.0) as usize
}

fn ledger(findings: &[Finding]) -> Vec<LedgerRow> {
    let mut rows: Vec<LedgerRow> = Vec::new();
    for finding in findings {
        let place = rows.iter_mut().find(|r| r.rule == finding.rule && r.severity == finding.severity);
        let row = match place {
            Some(row) => row,
            None => {
                rows.push(LedgerRow {
                    rule: finding.rule,
                    mqm: finding.mqm,
                    severity: finding.severity,
                    count: 0,
                    multiplier: multiplier(finding.severity),
                    weight: WEIGHT,
                    penalty: 0.0,
                });
                let last = rows.len() - 1;
                &mut rows[last]
            }
        };
        row.count += 1;
        row.penalty = row.weight * row.count as f64 * row.multiplier;
    }
    rows.sort_by(|a, b| b.penalty.total_cmp(&a.penalty).then(a.rule.cmp(b.rule)));
    rows
}

/// The fewest findings whose repair would make the text pass: all that are critical, then the costliest.
fn mend_to_pass(findings: &[Finding], total: f64, words: f64, profile: ScoreProfile) -> Vec<FindingId> {
    let mut order: Vec<&Finding> = findings.iter().filter(|f| f.severity > Severity::Neutral).collect();
    order.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.span.cmp(&b.span)));
    let mut left = total;
    let mut mend = Vec::new();
    for finding in order {
        if finding.severity < Severity::Critical && calibrated(left, words, profile) >= profile.passing_threshold {
            break;
        }
        left -= multiplier(finding.severity) * WEIGHT;
        mend.push(finding.id);
    }
    mend
}

/// An evaluation word count.
pub fn evaluation_words(words: usize, characters: usize, primary_language: &str, side: SideName) -> EvaluationWords {
    match characters_per_word(primary_language) {
        Some(divisor) => EvaluationWords { words: (characters as f64 / divisor).round(), side, divisor },
        None => EvaluationWords { words: words as f64, side, divisor: 1.0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::ConfidenceBasis;
    use crate::span::Span;

    fn findings(severities: &[(Severity, usize)]) -> Vec<Finding> {
        let each = severities.iter().flat_map(|&(s, n)| std::iter::repeat_n(s, n));
        each.enumerate()
            .map(|(i, severity)| Finding {
                id: FindingId(i as u64),
                rule: "word/doubled",
                severity,
                confidence: 0.9,
                basis: ConfidenceBasis::Prior,
                message: String::new(),
                span: Span::new(i, i + 1),
                related: Vec::new(),
                group: None,
                mqm: "linguistic/grammar",
                its: "duplication",
                suggestions: Vec::new(),
                evidence: Vec::new(),
            })
            .collect()
    }

    fn of(severities: &[(Severity, usize)], words: usize) -> Score {
        score(&findings(severities), evaluation_words(words, 0, "en", SideName::Target), ScoreProfile::default())
    }

    #[test]
    fn raw_vector() {
        // 10 minor in 1,000 words → 99.0
        assert_eq!(of(&[(Severity::Minor, 10)], 1_000).raw, 99.0);
        assert_eq!(of(&[(Severity::Critical, 10)], 100).raw, 0.0);
    }

    #[test]
    fn calibrated_vector() {
        // PT 95, APP 10, NPT 10 → 95, which passes.
        let score = of(&[(Severity::Minor, 10)], 1_000);
        assert_eq!((score.calibrated, score.penalty_per_thousand, score.passes), (95.0, 10.0, true));
        assert!(score.mend_to_pass.is_empty());
        assert!(!of(&[(Severity::Minor, 11)], 1_000).passes);
    }

    #[test]
    fn one_critical_error_fails_any_text() {
        let score = of(&[(Severity::Critical, 1)], 1_000_000);
        assert!(score.calibrated > 99.0 && !score.passes);
        assert_eq!(score.mend_to_pass, [FindingId(0)]);
    }

    #[test]
    fn the_costliest_are_mended_first_and_no_more_than_needed() {
        // 27 points in 1,000 words: mending three major ones leaves 12, four leave 7.
        let score = of(&[(Severity::Minor, 2), (Severity::Major, 5)], 1_000);
        assert_eq!(score.mend_to_pass, [FindingId(2), FindingId(3), FindingId(4), FindingId(5)]);
    }

    #[test]
    fn the_interval_holds_the_score_and_narrows_with_length() {
        let (short, long) = (of(&[(Severity::Minor, 4)], 400), of(&[(Severity::Minor, 40)], 4_000));
        for score in [&short, &long] {
            assert!(score.interval.0 < score.calibrated && score.calibrated < score.interval.1, "{score:?}");
        }
        let width = |s: &Score| s.interval.1 - s.interval.0;
        assert!(width(&long) < width(&short) / 2.5);
        // Jeffreys' interval for no error: the 95 % point of Gamma(1/2) is 1.9207.
        let clean = of(&[], 1_000);
        assert!((clean.interval.0 - (100.0 - 1.9207 / 2.0)).abs() < 0.01, "{clean:?}");
    }

    #[test]
    fn the_interval_is_the_same_where_the_approximation_takes_over() {
        let (exact, approximate) = (rate_interval(MANY - 1), rate_interval(MANY));
        // One error more moves either end by about one.
        for (a, b) in [(exact.0, approximate.0), (exact.1, approximate.1)] {
            assert!((b - a - 1.0).abs() < 0.1, "{a} {b}");
        }
        assert!(rate_interval(1_000_000).0 > 998_000.0);
    }

    #[test]
    fn words_to_halve_the_interval_do_halve_it() {
        let score = of(&[(Severity::Minor, 20)], 1_000);
        let more = score.words_to_halve_interval as f64;
        let width = |n: f64, w: f64| (n + 0.5).sqrt() / w;
        let ratio = width(20.0 * (1_000.0 + more) / 1_000.0, 1_000.0 + more) / width(20.0, 1_000.0);
        assert!((ratio - 0.5).abs() < 0.001, "{ratio}");
    }

    #[test]
    fn chinese_and_japanese_count_characters() {
        assert_eq!(evaluation_words(1, 160, "zh", SideName::Source).words, 100.0);
        assert_eq!(evaluation_words(1, 220, "ja", SideName::Source).words, 100.0);
    }
}
