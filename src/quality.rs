//! How good each segment is, and how likely an editor is to change each word: what the models say, put together with what the
//! rules found.

use rayon::prelude::*;

use crate::analyse::quality::{SentenceQuality, WordScore};
use crate::analyse::{Document, Passage, alone};
use crate::article::Article;
use crate::finding::{Finding, SegmentQuality, Severity, TokenScore, Triage, TriageThresholds};
use crate::models::{self, alone::Estimate};
use crate::span::Span;
use crate::surface::TokenKind;

/// What is estimated of an article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quality {
    /// By segment, or by sentence where the article has none.
    pub segments: Vec<SegmentQuality>,
    /// By word.
    pub tokens: Vec<TokenScore>,
}

/// A sentence that something can be said of.
struct Sentence {
    span: Span,
    words: usize,
    estimate: Estimate,
}

/// Estimates all of an article.
pub fn of(document: &Document<'_>, article: &Article, findings: &[Finding], triage: TriageThresholds) -> Quality {
    let surface = document.target.surface();
    let one = |index: usize| {
        let passage = Passage { text: &document.target, sentence: index, place: index };
        (estimate(document, &passage), scores(document, &passage))
    };
    // Several sentences at the same time; put together in the order of the text.
    let said: Vec<(Option<Estimate>, Vec<TokenScore>)> =
        (0..surface.sentences.len()).into_par_iter().map(one).collect();
    let mut tokens = Vec::new();
    let mut sentences = Vec::new();
    for (record, (estimate, scores)) in surface.sentences.iter().zip(said) {
        let words = surface.tokens_of(record).iter().filter(|token| token.kind == TokenKind::Word).count();
        if let Some(estimate) = estimate {
            let estimate = lowered(estimate, findings, record.span);
            sentences.push(Sentence { span: record.span, words: words.max(1), estimate });
        }
        tokens.extend(scores);
    }
    raise(&mut tokens, findings);
    let quality = |span: Span, of: &[Sentence]| {
        let estimate = mean(of)?;
        let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(thousandths);
        // Without the source it shows how a text reads, and not whether it is right: nobody should publish on that, nor with a
        // grave fault in it.
        let heavy = |f: &Finding| f.severity >= Severity::Major && f.span.overlaps(span);
        let triage = match triage.of(value) {
            Triage::Publish if document.source.is_none() || findings.iter().any(heavy) => Triage::Edit,
            other => other,
        };
        Some(SegmentQuality { span, estimate: value, low, high, triage })
    };
    let segments = if article.segments().is_empty() {
        sentences.iter().filter_map(|sentence| quality(sentence.span, std::slice::from_ref(sentence))).collect()
    } else {
        let within = |span: Span| {
            let from = sentences.partition_point(|s| s.span.start() < span.start());
            let to = sentences.partition_point(|s| s.span.start() < span.end());
            sentences.get(from..to).unwrap_or(&[])
        };
        article.segments().iter().filter_map(|segment| quality(segment.target, within(segment.target))).collect()
    };
    Quality { segments, tokens }
}

/// The mean of some sentences, each counting by its words. Their errors are taken to go together, which makes the interval wide
/// rather than narrow.
fn mean(sentences: &[Sentence]) -> Option<Estimate> {
    let words: usize = sentences.iter().map(|s| s.words).sum();
    let of = |part: fn(&Estimate) -> f32| {
        sentences.iter().map(|s| part(&s.estimate) * s.words as f32).sum::<f32>() / words as f32
    };
    (words > 0).then(|| Estimate { value: of(|e| e.value), low: of(|e| e.low), high: of(|e| e.high) })
}

fn thousandths(value: f32) -> f64 {
    (f64::from(value) * 1_000.0).round() / 1_000.0
}

/// What a finding takes from the estimate of its sentence, by severity, times its confidence: a prior.
const COSTS: [(Severity, f32); 3] = [(Severity::Minor, 0.01), (Severity::Major, 0.05), (Severity::Critical, 0.2)];
/// What findings take at most.
const MOST: f32 = 0.5;

/// An estimate, lowered by what was found in the sentence.
fn lowered(estimate: Estimate, findings: &[Finding], sentence: Span) -> Estimate {
    let from = findings.partition_point(|f| f.span.start() < sentence.start());
    let within = findings.iter().skip(from).take_while(|f| f.span.start() < sentence.end());
    let cost = |f: &Finding| {
        let of = COSTS.iter().find(|(severity, _)| *severity == f.severity).map_or(0.0, |(_, cost)| *cost);
        of * f.confidence as f32
    };
    let loss = within.map(cost).sum::<f32>().min(MOST);
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|v| (v - loss).max(0.0));
    Estimate { value, low, high }
}

/// How good a sentence is.
fn estimate(document: &Document<'_>, passage: &Passage<'_>) -> Option<Estimate> {
    if let Some(judged) = judged(document, passage) {
        return Some(Estimate { value: judged.estimate, low: judged.low, high: judged.high });
    }
    let surface = passage.text.surface();
    let tokens = surface.tokens_of(surface.sentences.get(passage.sentence)?);
    let english = document.target.data().tag() == "en";
    let (alone, model) = (models::alone().ok().filter(|_| english)?, models::language_model("en")?);
    alone::estimate(alone, model, surface, tokens, document.target.data())
}

/// How likely an editor is to change each word of a sentence.
fn scores(document: &Document<'_>, passage: &Passage<'_>) -> Vec<TokenScore> {
    let tokens = &passage.text.surface().tokens;
    let score = |word: &WordScore| {
        Some(TokenScore { span: tokens.get(word.token)?.span, probability: f64::from(word.probability) })
    };
    judged(document, passage).map_or(Vec::new(), |judged| judged.words.iter().filter_map(score).collect())
}

/// What the models of quality say of a sentence. They were learned from translations into English, with a lexicon.
fn judged<'p>(document: &Document<'_>, passage: &Passage<'p>) -> Option<&'p SentenceQuality> {
    let english = document.target.data().tag() == "en";
    document.bilingual().lexicon.filter(|_| english)?;
    document.quality(passage)
}

/// A word that a finding marks is as likely to be changed as the finding is to be right, at least.
fn raise(tokens: &mut [TokenScore], findings: &[Finding]) {
    for finding in findings {
        let from = tokens.partition_point(|t| t.span.end() <= finding.span.start());
        for token in tokens.iter_mut().skip(from).take_while(|t| t.span.start() < finding.span.end()) {
            token.probability = token.probability.max(finding.confidence);
        }
    }
    for token in tokens {
        token.probability = (token.probability * 1_000.0).round() / 1_000.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(words: usize, value: f32) -> Sentence {
        Sentence { span: Span::new(0, 1), words, estimate: Estimate { value, low: value - 0.1, high: value + 0.1 } }
    }

    #[test]
    fn sentences_count_by_their_words() {
        let all = mean(&[sentence(10, 0.8), sentence(30, 0.4)]).expect("there are words");
        assert!((all.value - 0.5).abs() < 1e-6 && (all.low - 0.4).abs() < 1e-6 && (all.high - 0.6).abs() < 1e-6);
        assert_eq!(mean(&[]), None);
    }
}
