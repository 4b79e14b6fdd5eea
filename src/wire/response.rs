//! Writes an answer: from the domain's types into the wire's.

use crate::article::{Article, SideName};
use crate::check::{CATALOGUE, Languages, Rule, Scope};
use crate::engine::VERSION;
use crate::finding::{
    ApplyClass, ConfidenceBasis, Coverage, Entity, EntityKind, EvidenceKind, Finding, Form, LanguageCoverage, Place,
    Reach, Report, Score, SegmentQuality, Severity, SkipReason, Suggestion, TokenScore, Triage, Verification,
};
use crate::language::LanguageData;
use crate::span::{Encoding, OffsetMap, Span};
use crate::wire::v1;

/// Writes the answers about one article, in one encoding.
pub struct ResponseWriter<'a> {
    article: &'a Article,
    encoding: Encoding,
    source: Option<OffsetMap<'a>>,
    target: OffsetMap<'a>,
}

impl<'a> ResponseWriter<'a> {
    /// A writer for an article.
    pub fn new(article: &'a Article, encoding: Encoding) -> Self {
        Self {
            article,
            encoding,
            source: article.source().map(|side| OffsetMap::new(side.text(), encoding)),
            target: OffsetMap::new(article.target().text(), encoding),
        }
    }

    /// The whole answer.
    pub fn response(&self, request_id: &str, report: &Report) -> v1::CheckTextResponse {
        v1::CheckTextResponse {
            request_id: request_id.to_owned(),
            findings: report.findings.iter().map(|f| self.finding(f)).collect(),
            score: Some(score(&report.score)),
            entities: report.entities.iter().enumerate().map(|(i, e)| self.entity(i, e)).collect(),
            coverage: Some(coverage(&report.coverage)),
            offset_encoding: encoding_to_wire(self.encoding).into(),
            version: VERSION.to_owned(),
            knowledge_digest: format!("{:016x}", report.knowledge_digest),
            segments: report.segments.iter().map(|s| self.segment(s)).collect(),
            token_scores: report.token_scores.iter().map(|t| self.token(t)).collect(),
        }
    }

    /// A place, with its words; relative to its segment where the article has segments.
    fn range(&self, place: Place) -> v1::Range {
        let (map, side) = match (place.side, &self.source) {
            (SideName::Source, Some(map)) => (map, v1::Side::Source),
            _ => (&self.target, v1::Side::Target),
        };
        let text = self.article.side(place.side).map_or("", |side| side.text());
        let segment = self.article.segment_at(place.side, place.span.start());
        let origin = segment.map_or(0, |s| {
            map.to_units(if place.side == SideName::Source { s.source.start() } else { s.target.start() })
        });
        let offset = |at: usize| u32::try_from(map.to_units(at) - origin).unwrap_or(u32::MAX);
        v1::Range {
            side: side.into(),
            segment_id: segment.map_or(String::new(), |s| s.id.clone()),
            start: offset(place.span.start()),
            end: offset(place.span.end()),
            quote: place.span.of(text).to_owned(),
        }
    }

    /// How good a segment is.
    pub fn segment(&self, quality: &SegmentQuality) -> v1::SegmentQuality {
        let range = self.target(quality.span);
        v1::SegmentQuality {
            segment_id: range.segment_id.clone(),
            estimated_quality: quality.estimate,
            low: quality.low,
            high: quality.high,
            triage: match quality.triage {
                Triage::Publish => v1::Triage::Publish,
                Triage::Edit => v1::Triage::Edit,
                Triage::Retranslate => v1::Triage::Retranslate,
            }
            .into(),
            range: Some(range),
        }
    }

    /// How likely a word is to be changed.
    pub fn token(&self, token: &TokenScore) -> v1::TokenScore {
        v1::TokenScore { range: Some(self.target(token.span)), probability: token.probability }
    }

    fn target(&self, span: Span) -> v1::Range {
        self.range(Place::target(span))
    }

    /// One finding.
    pub fn finding(&self, finding: &Finding) -> v1::Finding {
        v1::Finding {
            finding_id: finding.id.to_string(),
            rule_id: finding.rule.to_owned(),
            severity: severity_to_wire(finding.severity).into(),
            confidence: finding.confidence,
            confidence_basis: match finding.basis {
                ConfidenceBasis::Prior => v1::ConfidenceBasis::Prior,
                ConfidenceBasis::Calibrated => v1::ConfidenceBasis::Calibrated,
            }
            .into(),
            message: finding.message.clone(),
            range: Some(self.target(finding.span)),
            related: finding.related.iter().map(|&place| self.range(place)).collect(),
            group_id: finding.group.map_or(String::new(), |group| format!("{group:016x}")),
            mqm_type: finding.mqm.to_owned(),
            its_type: finding.its.to_owned(),
            suggestions: finding.suggestions.iter().map(|s| self.suggestion(s)).collect(),
            evidence: finding
                .evidence
                .iter()
                .map(|e| v1::Evidence {
                    kind: match e.kind {
                        EvidenceKind::Glossary => v1::EvidenceKind::Glossary,
                        EvidenceKind::Source => v1::EvidenceKind::Source,
                        EvidenceKind::Document => v1::EvidenceKind::Document,
                        EvidenceKind::Data => v1::EvidenceKind::Data,
                        EvidenceKind::Pattern => v1::EvidenceKind::Pattern,
                    }
                    .into(),
                    detail: e.detail.clone(),
                    range: e.place.map(|place| self.range(place)),
                })
                .collect(),
        }
    }

    fn suggestion(&self, suggestion: &Suggestion) -> v1::Suggestion {
        let edit = |edit: &crate::finding::Edit| v1::Edit {
            range: Some(self.target(edit.span)),
            replacement: edit.replacement.clone(),
        };
        let verification = |v: &Verification| v1::Verification {
            resolves: v.resolves.iter().map(ToString::to_string).collect(),
            introduces: v.introduces.iter().map(|&rule| rule.to_owned()).collect(),
            penalty_delta: v.penalty_delta,
        };
        v1::Suggestion {
            edits: suggestion.edits.iter().map(edit).collect(),
            score: suggestion.score,
            apply_class: match suggestion.apply {
                ApplyClass::Safe => v1::ApplyClass::Safe,
                ApplyClass::Review => v1::ApplyClass::Review,
                ApplyClass::Hint => v1::ApplyClass::Hint,
            }
            .into(),
            scope: match suggestion.reach {
                Reach::ThisPlace => v1::SuggestionScope::ThisPlace,
                Reach::AllPlaces => v1::SuggestionScope::AllPlaces,
            }
            .into(),
            verification: suggestion.verification.as_ref().map(verification),
        }
    }

    fn entity(&self, index: usize, entity: &Entity) -> v1::Entity {
        let form = |form: &Form| v1::entity::Form {
            text: form.text.clone(),
            scheme: form.scheme.clone(),
            ranges: form.places.iter().map(|&span| self.target(span)).collect(),
        };
        v1::Entity {
            entity_id: format!("e{}", index + 1),
            kind: match entity.kind {
                EntityKind::Unknown => v1::EntityKind::Unspecified,
                EntityKind::Person => v1::EntityKind::Person,
                EntityKind::Place => v1::EntityKind::Place,
                EntityKind::Organization => v1::EntityKind::Organization,
                EntityKind::Product => v1::EntityKind::Product,
                EntityKind::Work => v1::EntityKind::Work,
                EntityKind::Term => v1::EntityKind::Term,
            }
            .into(),
            preferred: entity.preferred.clone(),
            forms: entity.forms.iter().map(form).collect(),
            source_form: entity.source_form.clone(),
            glossary_entry: entity.glossary_entry.clone(),
        }
    }
}

/// A severity.
pub fn severity_to_wire(severity: Severity) -> v1::Severity {
    match severity {
        Severity::Neutral => v1::Severity::Neutral,
        Severity::Minor => v1::Severity::Minor,
        Severity::Major => v1::Severity::Major,
        Severity::Critical => v1::Severity::Critical,
    }
}

/// An encoding.
pub fn encoding_to_wire(encoding: Encoding) -> v1::OffsetEncoding {
    match encoding {
        Encoding::Utf8 => v1::OffsetEncoding::Utf8,
        Encoding::Utf16 => v1::OffsetEncoding::Utf16,
        Encoding::Utf32 => v1::OffsetEncoding::Utf32,
    }
}

fn side(side: SideName) -> i32 {
    match side {
        SideName::Source => v1::Side::Source,
        SideName::Target => v1::Side::Target,
    }
    .into()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn score(score: &Score) -> v1::Score {
    v1::Score {
        calibrated: score.calibrated,
        calibrated_interval: Some(v1::Interval { low: score.interval.0, high: score.interval.1 }),
        raw: score.raw,
        passes: score.passes,
        penalty_total: score.penalty_total,
        penalty_per_thousand: score.penalty_per_thousand,
        evaluation_words: Some(v1::WordCount {
            words: score.words.words,
            side: side(score.words.side),
            divisor: score.words.divisor,
        }),
        ledger: score
            .ledger
            .iter()
            .map(|row| v1::LedgerRow {
                rule_id: row.rule.to_owned(),
                mqm_type: row.mqm.to_owned(),
                severity: severity_to_wire(row.severity).into(),
                count: count(row.count),
                multiplier: row.multiplier,
                weight: row.weight,
                penalty: row.penalty,
            })
            .collect(),
        mend_to_pass: score.mend_to_pass.iter().map(ToString::to_string).collect(),
        words_to_halve_interval: count(score.words_to_halve_interval),
        profile: Some(v1::ScoreProfile {
            passing_threshold: Some(score.profile.passing_threshold),
            acceptable_penalty_points: Some(score.profile.acceptable_penalty_points),
        }),
    }
}

fn coverage(coverage: &Coverage) -> v1::Coverage {
    let language = |l: &LanguageCoverage| v1::LanguageCoverage {
        language_code: l.tag.clone(),
        inferred: l.inferred,
        confidence: l.confidence,
    };
    let skipped = |(rule, reason): &(&'static str, SkipReason)| v1::SkippedRule {
        rule_id: (*rule).to_owned(),
        reason: match reason {
            SkipReason::Disabled => v1::SkipReason::Disabled,
            SkipReason::NeedsSource => v1::SkipReason::NeedsSource,
            SkipReason::NeedsGlossary => v1::SkipReason::NeedsGlossary,
            SkipReason::Language => v1::SkipReason::Language,
            SkipReason::Failed => v1::SkipReason::Failed,
        }
        .into(),
    };
    v1::Coverage {
        source_language: coverage.source_language.as_ref().map(language),
        target_language: Some(language(&coverage.target_language)),
        rules_run: coverage.rules_run.iter().map(|&rule| rule.to_owned()).collect(),
        rules_skipped: coverage.rules_skipped.iter().map(skipped).collect(),
        alignment_confidence: coverage.alignment_confidence,
        glossaries: coverage.glossaries.clone(),
        target_words: count(coverage.target_words),
        target_sentences: count(coverage.target_sentences),
        suggestions_unverified: count(coverage.suggestions_unverified),
        models_missing: coverage.models_missing.clone(),
    }
}

/// A rule of the catalogue.
pub fn rule_to_wire(rule: &Rule) -> v1::Rule {
    let languages = match rule.languages {
        Languages::Any => Vec::new(),
        languages => LanguageData::all().filter(|&l| languages.serve(l)).map(|l| l.tag().to_owned()).collect(),
    };
    debug_assert!(CATALOGUE.iter().any(|r| r.id == rule.id));
    v1::Rule {
        rule_id: rule.id.to_owned(),
        summary: rule.summary.to_owned(),
        mqm_type: rule.mqm.to_owned(),
        its_type: rule.its.to_owned(),
        default_severity: severity_to_wire(rule.severity).into(),
        scope: match rule.scope {
            Scope::Token => v1::RuleScope::Token,
            Scope::Sentence => v1::RuleScope::Sentence,
            Scope::Document => v1::RuleScope::Document,
        }
        .into(),
        languages,
        needs_source: rule.needs_source,
        needs_glossary: rule.needs_glossary,
        specification: rule.specification().to_owned(),
    }
}
