//! `custom/*`: what a desk's own patterns mark.

use std::sync::Arc;

use regex::Regex;

use crate::analyse::{Document, Passage};
use crate::check::{Draft, Fix, Languages, Layer, Rule, Run, Scope, Settings, Survey};
use crate::finding::{EvidenceKind, Place, Severity};
use crate::patterns::{Pattern, Patterns};
use crate::span::Span;

pub(super) static PATTERN: Rule = Rule {
    id: "custom/pattern",
    summary: "What one of the desk's own patterns matches, or asks for in vain.",
    mqm: "custom",
    its: "pattern-problem",
    severity: Severity::Minor,
    scope: Scope::Sentence,
    layers: &[Layer::Surface, Layer::Alignment],
    languages: Languages::Any,
    needs_source: false,
    needs_glossary: false,
    run: Run::Document(survey),
};

/// A repair that a person wrote for this very pattern.
const REPAIR: f64 = 0.9;

/// The patterns that are for the document's languages, as set and place in it.
struct Custom {
    sets: Vec<Arc<Patterns>>,
    fitting: Vec<(usize, usize)>,
}

fn survey(document: &Document<'_>, settings: &Settings) -> Box<dyn Survey> {
    let sets = settings.patterns.clone();
    let fits = |p: &Pattern| p.fits(document.source_language(), document.target_language());
    let fitting = sets
        .iter()
        .enumerate()
        .flat_map(|(set, patterns)| patterns.iter().enumerate().filter(|(_, p)| fits(p)).map(move |(at, _)| (set, at)));
    let fitting = fitting.collect();
    Box::new(Custom { sets, fitting })
}

impl Survey for Custom {
    fn check(&self, document: &Document<'_>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
        let patterns = self.fitting.iter().filter_map(|&(set, at)| self.sets[set].iter().nth(at));
        for pattern in patterns {
            let reason = match &pattern.source {
                None => None,
                Some(source) => match in_source(document, passage, source) {
                    Some(place) => Some(place),
                    None => continue,
                },
            };
            match (&pattern.target, &pattern.required) {
                (Some(target), _) => wrong(pattern, target, reason, passage, out),
                (None, Some(required)) => lacking(pattern, required, reason, passage, out),
                (None, None) => {}
            }
        }
    }
}

/// Where the source of a passage has what a pattern looks for.
fn in_source(document: &Document<'_>, passage: &Passage<'_>, wanted: &Regex) -> Option<Span> {
    let source = document.source.as_ref()?;
    let sentences = document.alignment().source_of(passage.place).source;
    source.surface().sentences.get(sentences)?.iter().find_map(|sentence| {
        let found = wanted.find(sentence.span.of(source.text()))?;
        Some(Span::new(found.start(), found.end()).shift(sentence.span.start()))
    })
}

/// Every match of what is wrong.
fn wrong(pattern: &Pattern, target: &Regex, reason: Option<Span>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    let sentence = passage.span();
    let text = sentence.of(passage.text.text());
    for groups in target.captures_iter(text) {
        let Some(whole) = groups.get(0) else { continue };
        let span = Span::new(whole.start(), whole.end()).shift(sentence.start());
        let mut draft = said(pattern, span, reason);
        if let Some(repair) = &pattern.written.repair {
            let mut replacement = String::new();
            groups.expand(repair, &mut replacement);
            draft = draft.fix(Fix::replace(span, replacement, REPAIR));
        }
        out.push(draft);
    }
}

/// The passage, where it has not what it should have.
fn lacking(pattern: &Pattern, required: &Regex, reason: Option<Span>, passage: &Passage<'_>, out: &mut Vec<Draft>) {
    if !required.is_match(passage.span().of(passage.text.text())) {
        out.push(said(pattern, passage.span(), reason));
    }
}

fn said(pattern: &Pattern, span: Span, reason: Option<Span>) -> Draft {
    let mut draft = Draft::new(span, pattern.confidence(), pattern.written.message.clone())
        .because(EvidenceKind::Pattern, pattern.written.name.clone(), None)
        .of_group(pattern.written.name.clone());
    draft.severity = pattern.written.severity;
    if let Some(place) = reason {
        draft =
            draft.because(EvidenceKind::Source, "the source has what the pattern is for", Some(Place::source(place)));
    }
    draft
}
