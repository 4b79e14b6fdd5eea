//! Reads a request: from the wire's types into the domain's, with every fault named by the path of its field.

use std::sync::Arc;

use crate::article::{Article, Language, SegmentText, Side, SideName};
use crate::engine::{Options, RuleOverride};
use crate::finding::{EntityKind, ScoreProfile, Severity, TriageThresholds};
use crate::glossary::{Entry, EntryError, Glossary, Status};
use crate::language;
use crate::patterns::{Pattern, Patterns, Written};
use crate::span::{Encoding, OffsetMap, Span};
use crate::style::Style;
use crate::wire::v1;

/// What a request may ask, checked before work starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of UTF-8 of source and target together.
    pub max_text_bytes: usize,
    /// Segments in one request.
    pub max_segments: usize,
    /// Entries of an inline glossary.
    pub max_glossary_entries: usize,
}

/// One fault of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field's path: `segments[3].target.content`.
    pub field: String,
    /// What is wrong and what would be right, in words that hold nothing of the text.
    pub description: String,
}

/// Why a request cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Fields that are wrong.
    #[error("{}", summary(.0))]
    Invalid(Vec<Violation>),
    /// More than the limits allow.
    #[error("{}: {}", .0.field, .0.description)]
    TooLarge(Violation),
    /// A glossary that is not here.
    #[error("there is no glossary {name:?} here")]
    NoSuchGlossary {
        /// What was asked for.
        name: String,
        /// The field's path.
        field: String,
    },
}

fn summary(violations: &[Violation]) -> String {
    let first = violations.first().map_or(String::new(), |v| format!("{}: {}", v.field, v.description));
    match violations.len() {
        0 | 1 => first,
        n => format!("{first} (and {} more)", n - 1),
    }
}

/// Where named glossaries come from, and the patterns of the place.
pub trait GlossaryLookup {
    /// A glossary by its name, `glossaries/{glossary}`.
    fn named(&self, name: &str) -> Option<Arc<Glossary>>;
    /// Those used where a request names none.
    fn all(&self) -> Vec<Arc<Glossary>>;
    /// Whether the names that every desk knows are held to, where a request does not say otherwise.
    fn builtin(&self) -> bool;
    /// The patterns that every request is checked by, beside its own.
    fn patterns(&self) -> Vec<Arc<Patterns>>;
}

/// A request in the domain's terms.
pub struct Request {
    /// The caller's name for it.
    pub id: String,
    /// What to check.
    pub article: Article,
    /// How.
    pub options: Options,
    /// The unit of its offsets.
    pub encoding: Encoding,
}

/// The longest request id that is taken: it is echoed and logged.
const MAX_REQUEST_ID: usize = 256;
/// The most rules and families that one request may set.
const MAX_RULES: usize = 256;
/// The most glossaries that one request may name.
const MAX_GLOSSARIES: usize = 64;
/// The most suggestions that may be asked for.
const MAX_SUGGESTIONS: u32 = 10;

/// Reads a request.
///
/// # Errors
/// Every faulty field is named; a text over the limits, or a glossary that is not here, ends the reading.
pub fn read_request(
    request: v1::CheckTextRequest,
    limits: &Limits,
    glossaries: &dyn GlossaryLookup,
) -> Result<Request, RequestError> {
    within_limits(&request, limits)?;
    let mut faults = Faults::default();
    check_id(&request.request_id, &mut faults);
    let wire_options = request.options.unwrap_or_default();
    let encoding = match v1::OffsetEncoding::try_from(wire_options.offset_encoding) {
        Ok(v1::OffsetEncoding::Unspecified | v1::OffsetEncoding::Utf8) => Encoding::Utf8,
        Ok(v1::OffsetEncoding::Utf16) => Encoding::Utf16,
        Ok(v1::OffsetEncoding::Utf32) => Encoding::Utf32,
        Err(_) => {
            faults.add("options.offset_encoding", unknown_number(wire_options.offset_encoding, "UTF8, UTF16 or UTF32"));
            Encoding::Utf8
        }
    };
    let mut options = read_options(wire_options, &mut faults);
    options.patterns.extend(glossaries.patterns());
    options.builtin_glossary &= glossaries.builtin();
    let article = if request.segments.is_empty() {
        read_texts(request.source, request.target, encoding, &mut faults)
    } else {
        if request.target.is_some() || request.source.is_some() {
            let which = if request.target.is_some() { "target" } else { "source" };
            faults.add(which, "stands beside segments; send either the whole texts or segments".to_owned());
        }
        read_segments(request.segments, encoding, &mut faults)
    };
    if request.glossaries.len() > MAX_GLOSSARIES {
        faults.add("glossaries", format!("{} names; {MAX_GLOSSARIES} is the most", request.glossaries.len()));
    }
    if article.source().is_some() && article.target().text().trim().is_empty() {
        let field = if article.segments().is_empty() { "target.content" } else { "segments" };
        faults.add(field, "is empty, and the source is not: there is no translation to check".to_owned());
    }
    for (index, name) in request.glossaries.iter().take(MAX_GLOSSARIES).enumerate() {
        let field = format!("glossaries[{index}]");
        if request.glossaries[..index].contains(name) {
            faults.add(field, "is named a second time".to_owned());
            continue;
        }
        match glossaries.named(name) {
            Some(glossary) => {
                check_languages(&glossary, &article, &field, &mut faults);
                options.glossaries.push(glossary);
            }
            None => {
                return Err(RequestError::NoSuchGlossary { name: name.chars().take(80).collect(), field });
            }
        }
    }
    if request.glossaries.is_empty() {
        options.glossaries = glossaries.all();
    }
    if let Some(inline) = request.inline_glossary {
        let name = if inline.name.is_empty() { "inline".to_owned() } else { inline.name.clone() };
        let glossary = Glossary::compile(name, &read_entries(inline, "inline_glossary", &mut faults));
        check_languages(&glossary, &article, "inline_glossary", &mut faults);
        options.glossaries.push(Arc::new(glossary));
    }
    faults.or(Request { id: request.request_id, article, options, encoding })
}

pub(super) fn check_id(id: &str, faults: &mut Faults) {
    if id.len() > MAX_REQUEST_ID {
        faults.add("request_id", format!("is {} bytes long; {MAX_REQUEST_ID} is the most", id.len()));
    }
}

/// What is wrong with a request, put together.
#[derive(Default)]
pub(super) struct Faults(Vec<Violation>);

/// The most faults that are reported: a request of a million bad segments gets an answer, not an echo.
const MAX_FAULTS: usize = 32;

impl Faults {
    /// What was asked for, if nothing is wrong.
    pub(super) fn or<T>(self, asked: T) -> Result<T, RequestError> {
        if self.0.is_empty() { Ok(asked) } else { Err(RequestError::Invalid(self.0)) }
    }

    pub(super) fn add(&mut self, field: impl Into<String>, description: String) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Violation { field: field.into(), description });
        }
    }
}

fn unknown_number(number: i32, right: &str) -> String {
    format!("{number} is no value of the enum; it should be {right}")
}

fn within_limits(request: &v1::CheckTextRequest, limits: &Limits) -> Result<(), RequestError> {
    let too_large = |field: &str, description: String| {
        Err(RequestError::TooLarge(Violation { field: field.to_owned(), description }))
    };
    let size = |text: &Option<v1::Text>| text.as_ref().map_or(0, |t| t.content.len());
    let whole = size(&request.source) + size(&request.target);
    let bytes = whole + request.segments.iter().map(|s| size(&s.source) + size(&s.target)).sum::<usize>();
    if bytes > limits.max_text_bytes {
        let field = if request.segments.is_empty() { "target.content" } else { "segments" };
        return too_large(field, format!("source and target are {bytes} bytes; {} is the most", limits.max_text_bytes));
    }
    if request.segments.len() > limits.max_segments {
        let found = request.segments.len();
        return too_large("segments", format!("{found} segments; {} is the most", limits.max_segments));
    }
    let entries = request.inline_glossary.as_ref().map_or(0, |g| g.entries.len());
    if entries > limits.max_glossary_entries {
        let most = limits.max_glossary_entries;
        return too_large("inline_glossary.entries", format!("{entries} entries; {most} is the most"));
    }
    Ok(())
}

pub(super) fn read_language(tag: &str, field: &str, faults: &mut Faults) -> Option<Language> {
    if tag.is_empty() {
        return None;
    }
    let known =
        Language::parse(tag).map_err(|e| e.to_string()).and_then(|l| language::known(l).map_err(|e| e.to_string()));
    known.map_err(|problem| faults.add(field, problem)).ok()
}

fn read_texts(source: Option<v1::Text>, target: Option<v1::Text>, encoding: Encoding, faults: &mut Faults) -> Article {
    let Some(target) = target else {
        let what = "is missing; send the translation as target.content, or in segments";
        faults.add("target", what.to_owned());
        return Article::new(None, Side::new("", None));
    };
    if source.as_ref().is_some_and(|source| !source.log_probabilities.is_empty()) {
        faults.add("source.log_probabilities", "belong to the translation".to_owned());
    }
    let read = read_log_probabilities(&target, "target", encoding, faults);
    let mut side = |text: v1::Text, name: &str| {
        let language = read_language(&text.language_code, &format!("{name}.language_code"), faults);
        Side::new(text.content, language)
    };
    let target = side(target, "target").with_log_probabilities(read);
    let source = source.map(|text| side(text, "source"));
    Article::new(source, target)
}

fn read_segments(segments: Vec<v1::Segment>, encoding: Encoding, faults: &mut Faults) -> Article {
    let mut languages: [Option<(String, Option<Language>)>; 2] = [None, None];
    let mut ids = rustc_hash::FxHashSet::default();
    let mut texts = Vec::with_capacity(segments.len());
    for (index, segment) in segments.into_iter().enumerate() {
        let field = |name: &str| format!("segments[{index}].{name}");
        if segment.id.is_empty() {
            faults.add(field("id"), "is empty; every segment needs a name of its own".to_owned());
        } else if !ids.insert(segment.id.clone()) {
            faults.add(field("id"), "is the id of an earlier segment too; ids are unique in a request".to_owned());
        }
        if segment.target.is_none() {
            faults.add(field("target"), "is missing".to_owned());
        }
        let log_probabilities = segment
            .target
            .as_ref()
            .map_or(Vec::new(), |text| read_log_probabilities(text, &field("target"), encoding, faults));
        if segment.source.as_ref().is_some_and(|source| !source.log_probabilities.is_empty()) {
            faults.add(field("source.log_probabilities"), "belong to the translation".to_owned());
        }
        let mut text = |text: Option<v1::Text>, name: &str, which: usize| {
            let text = text.unwrap_or_default();
            match &languages[which] {
                Some((tag, _)) if !text.language_code.is_empty() && *tag != text.language_code => {
                    let what = "differs from an earlier segment's; all segments of a request have the same languages";
                    faults.add(field(&format!("{name}.language_code")), what.to_owned());
                }
                None if !text.language_code.is_empty() => {
                    let language = read_language(&text.language_code, &field(&format!("{name}.language_code")), faults);
                    languages[which] = Some((text.language_code.clone(), language));
                }
                _ => {}
            }
            text.content
        };
        let source = text(segment.source, "source", 0);
        let target = text(segment.target, "target", 1);
        let masks = read_masks(&segment.masks, index, &source, &target, encoding, faults);
        texts.push(SegmentText { id: segment.id, source, target, masks, log_probabilities });
    }
    let [source, target] = languages.map(|l| l.and_then(|(_, language)| language));
    Article::from_segments(texts, source, target)
}

/// What the engine that translated a text thought of its tokens.
fn read_log_probabilities(text: &v1::Text, place: &str, encoding: Encoding, faults: &mut Faults) -> Vec<(Span, f32)> {
    if text.log_probabilities.is_empty() {
        return Vec::new();
    }
    if text.log_probabilities.len() > text.content.len() {
        let found = text.log_probabilities.len();
        faults.add(format!("{place}.log_probabilities"), format!("{found} tokens in {} bytes", text.content.len()));
        return Vec::new();
    }
    let map = OffsetMap::new(&text.content, encoding);
    let mut read = Vec::with_capacity(text.log_probabilities.len());
    for (index, token) in text.log_probabilities.iter().enumerate() {
        let field = format!("{place}.log_probabilities[{index}]");
        if !(f64::NEG_INFINITY..=0.0).contains(&token.log_probability) {
            faults.add(
                format!("{field}.log_probability"),
                format!("is {}; it should be at most 0", token.log_probability),
            );
            continue;
        }
        match (map.to_byte(token.start as usize), map.to_byte(token.end as usize)) {
            (Some(start), Some(end)) if start <= end => {
                read.push((Span::new(start, end), token.log_probability as f32))
            }
            _ => faults.add(field, "does not lie in its text, or begins or ends inside a character".to_owned()),
        }
    }
    read
}

fn read_masks(
    masks: &[v1::Mask],
    segment: usize,
    source: &str,
    target: &str,
    encoding: Encoding,
    faults: &mut Faults,
) -> Vec<(SideName, Span)> {
    let maps = [OffsetMap::new(source, encoding), OffsetMap::new(target, encoding)];
    let mut read = Vec::with_capacity(masks.len());
    for (index, mask) in masks.iter().enumerate() {
        let field = format!("segments[{segment}].masks[{index}]");
        let side = match v1::Side::try_from(mask.side) {
            Ok(v1::Side::Source) => SideName::Source,
            Ok(v1::Side::Unspecified | v1::Side::Target) => SideName::Target,
            Err(_) => {
                faults.add(format!("{field}.side"), unknown_number(mask.side, "SOURCE or TARGET"));
                continue;
            }
        };
        let byte = |units: u32| maps[side as usize].to_byte(units as usize);
        match (byte(mask.start), byte(mask.end)) {
            (Some(start), Some(end)) if start <= end => read.push((side, Span::new(start, end))),
            _ => faults.add(field, "does not lie in its text, or begins or ends inside a character".to_owned()),
        }
    }
    read
}

fn read_options(wire: v1::Options, faults: &mut Faults) -> Options {
    let mut options = Options::default();
    let probability = |value: f64, field: String, faults: &mut Faults| {
        if !(0.0..=1.0).contains(&value) {
            faults.add(field, format!("is {value}; it should lie in [0, 1]"));
        }
        value
    };
    if let Some(value) = wire.min_confidence {
        options.min_confidence = probability(value, "options.min_confidence".to_owned(), faults);
    }
    if wire.rules.len() > MAX_RULES {
        faults.add("options.rules", format!("{} entries; {MAX_RULES} is the most", wire.rules.len()));
    }
    for (index, rule) in wire.rules.into_iter().take(MAX_RULES).enumerate() {
        let field = format!("options.rules[{index}]");
        let severity = match v1::Severity::try_from(rule.severity) {
            Ok(severity) => severity_from_wire(severity),
            Err(_) => {
                let right = "NEUTRAL, MINOR, MAJOR or CRITICAL";
                faults.add(format!("{field}.severity"), unknown_number(rule.severity, right));
                None
            }
        };
        let min_confidence =
            rule.min_confidence.map(|value| probability(value, format!("{field}.min_confidence"), faults));
        let rule = RuleOverride { rule: rule.rule, enabled: rule.enabled, severity, min_confidence };
        if let Err(error) = options.set_rule(rule) {
            faults.add(format!("{field}.rule"), error.to_string());
        }
    }
    if !wire.style_profile.is_empty() {
        options.style = Style::named(&wire.style_profile);
        if options.style.is_none() {
            let right = Style::ALL.map(Style::name).join(", ");
            faults.add("options.style_profile", format!("is no profile; it should be one of {right}"));
        }
    }
    options.include_entities = wire.include_entities;
    options.include_quality = wire.include_quality;
    options.include_token_scores = wire.include_token_scores;
    if let Some(triage) = wire.triage {
        let usual = TriageThresholds::default();
        let mut read = |value: Option<f64>, name: &str, usual: f64| {
            value.map_or(usual, |value| probability(value, format!("options.triage.{name}"), faults))
        };
        let publish = read(triage.publish, "publish", usual.publish);
        // One threshold alone never crosses the other's default.
        let retranslate = read(triage.retranslate, "retranslate", usual.retranslate.min(publish));
        let publish = if triage.publish.is_none() { publish.max(retranslate) } else { publish };
        if retranslate > publish {
            faults.add("options.triage.retranslate", format!("is {retranslate}, above publish, which is {publish}"));
        }
        options.triage = TriageThresholds { publish, retranslate };
    }
    options.builtin_glossary = !wire.no_builtin_glossary;
    if let Some(most) = wire.max_suggestions {
        if most > MAX_SUGGESTIONS {
            faults.add("options.max_suggestions", format!("is {most}; {MAX_SUGGESTIONS} is the most"));
        }
        options.max_suggestions = most.min(MAX_SUGGESTIONS) as usize;
    }
    if let Some(profile) = wire.score_profile {
        options.score_profile = read_profile(profile, faults);
    }
    if wire.patterns.len() > MAX_INLINE_PATTERNS {
        faults.add("options.patterns", format!("{} patterns; {MAX_INLINE_PATTERNS} is the most", wire.patterns.len()));
    } else if !wire.patterns.is_empty() {
        options.patterns.push(Arc::new(read_patterns(wire.patterns, faults)));
    }
    options
}

fn read_patterns(wire: Vec<v1::Pattern>, faults: &mut Faults) -> Patterns {
    let mut all = Vec::with_capacity(wire.len());
    for (index, pattern) in wire.into_iter().enumerate() {
        let field = |name: &str| format!("options.patterns[{index}].{name}");
        let severity = match v1::Severity::try_from(pattern.severity) {
            Ok(severity) => severity_from_wire(severity),
            Err(_) => {
                faults.add(field("severity"), unknown_number(pattern.severity, "NEUTRAL, MINOR, MAJOR or CRITICAL"));
                None
            }
        };
        let mut languages = |tags: Vec<String>, name: &str| -> Vec<Language> {
            let read = |(at, tag): (usize, String)| read_language(&tag, &field(&format!("{name}[{at}]")), faults);
            tags.into_iter().enumerate().filter_map(read).collect()
        };
        let written = Written {
            languages: languages(pattern.languages, "languages"),
            source_languages: languages(pattern.source_languages, "source_languages"),
            name: pattern.name,
            target: pattern.target,
            source: pattern.source,
            required: pattern.required,
            message: pattern.message,
            repair: pattern.repair,
            severity,
            confidence: pattern.confidence,
        };
        match Pattern::compile(written) {
            Ok(pattern) => all.push(pattern),
            Err(error) => {
                let place = error.column.map(|c| format!("character {c}: ")).unwrap_or_default();
                faults.add(field(error.field), format!("{place}{}", error.problem));
            }
        }
    }
    Patterns::new(all)
}

/// The most patterns that a request may bring: each is compiled for it alone.
const MAX_INLINE_PATTERNS: usize = 100;

fn read_profile(wire: v1::ScoreProfile, faults: &mut Faults) -> ScoreProfile {
    let usual = ScoreProfile::default();
    let profile = ScoreProfile {
        passing_threshold: wire.passing_threshold.unwrap_or(usual.passing_threshold),
        acceptable_penalty_points: wire.acceptable_penalty_points.unwrap_or(usual.acceptable_penalty_points),
    };
    if !(0.0..100.0).contains(&profile.passing_threshold) {
        let what = format!("is {}; it should lie in [0, 100)", profile.passing_threshold);
        faults.add("options.score_profile.passing_threshold", what);
    }
    if !(profile.acceptable_penalty_points > 0.0 && profile.acceptable_penalty_points.is_finite()) {
        let what = format!("is {}; it should be above 0", profile.acceptable_penalty_points);
        faults.add("options.score_profile.acceptable_penalty_points", what);
    }
    profile
}

/// A severity; nothing where none was set.
pub fn severity_from_wire(severity: v1::Severity) -> Option<Severity> {
    match severity {
        v1::Severity::Unspecified => None,
        v1::Severity::Neutral => Some(Severity::Neutral),
        v1::Severity::Minor => Some(Severity::Minor),
        v1::Severity::Major => Some(Severity::Major),
        v1::Severity::Critical => Some(Severity::Critical),
    }
}

/// The entries of a glossary that stands in the field `path`.
pub(super) fn read_entries(wire: v1::Glossary, path: &str, faults: &mut Faults) -> Vec<Entry> {
    let general = [("source_language", &wire.source_language), ("target_language", &wire.target_language)]
        .map(|(name, tag)| read_language(tag, &format!("{path}.{name}"), faults));
    let mut entries = Vec::with_capacity(wire.entries.len());
    for (index, entry) in wire.entries.into_iter().enumerate() {
        let field = |name: &str| format!("{path}.entries[{index}]{name}");
        let kind = match v1::TermKind::try_from(entry.kind) {
            Ok(kind) => kind,
            Err(_) => {
                faults.add(field(".kind"), unknown_number(entry.kind, "a value of TermKind"));
                v1::TermKind::Unspecified
            }
        };
        let status = match v1::TermStatus::try_from(entry.status) {
            Ok(v1::TermStatus::Unspecified | v1::TermStatus::Preferred) => Status::Preferred,
            Ok(v1::TermStatus::Admitted) => Status::Admitted,
            Ok(v1::TermStatus::Deprecated) => Status::Deprecated,
            Ok(v1::TermStatus::Forbidden) => Status::Forbidden,
            Err(_) => {
                faults.add(field(".status"), unknown_number(entry.status, "a value of TermStatus"));
                Status::Preferred
            }
        };
        let own = |tag: &str, name: &str, general: &Option<Language>, faults: &mut Faults| {
            read_language(tag, &field(name), faults).or_else(|| general.clone())
        };
        let entry = Entry {
            source_language: own(&entry.source_language, ".source_language", &general[0], faults),
            target_language: own(&entry.target_language, ".target_language", &general[1], faults),
            source: entry.source.trim().to_owned(),
            target: entry.target.trim().to_owned(),
            kind: kind_from_wire(kind),
            do_not_translate: kind == v1::TermKind::DoNotTranslate,
            status,
            admitted: entry.admitted,
            forbidden: entry.forbidden,
            case_sensitive: entry.case_sensitive,
            note: entry.note,
            domain: entry.domain,
            extra: Vec::new(),
        };
        match entry.validate() {
            Ok(()) => entries.push(entry),
            Err(error) => faults.add(field(""), without_text(&error)),
        }
    }
    entries
}

/// What is wrong with an entry, in words that hold none of its own.
fn without_text(error: &EntryError) -> String {
    match error {
        EntryError::NoTarget => "has no target form".to_owned(),
        EntryError::TooLong { tokens, .. } => {
            format!("has a form of {tokens} words and marks; {} is the most", crate::glossary::matcher::MAX_FORM_TOKENS)
        }
        EntryError::Contradiction { .. } => "has a form that is both wanted and forbidden".to_owned(),
        EntryError::TooManyForms { forms } => format!("has {forms} other forms, which is more than are taken"),
        EntryError::NoWord { .. } => "has a form without letter or digit, which cannot be found in a text".to_owned(),
    }
}

fn kind_from_wire(kind: v1::TermKind) -> Option<EntityKind> {
    match kind {
        v1::TermKind::Unspecified | v1::TermKind::DoNotTranslate => None,
        v1::TermKind::Person => Some(EntityKind::Person),
        v1::TermKind::Place => Some(EntityKind::Place),
        v1::TermKind::Organization => Some(EntityKind::Organization),
        v1::TermKind::Product => Some(EntityKind::Product),
        v1::TermKind::Work => Some(EntityKind::Work),
        v1::TermKind::Term => Some(EntityKind::Term),
    }
}

/// A glossary that was asked for by name, or sent along, must serve the languages: otherwise its silence would mislead.
fn check_languages(glossary: &Glossary, article: &Article, field: &str, faults: &mut Faults) {
    let said = |side: &Side| side.language().cloned().or_else(|| language::infer(side.text()).map(|e| e.language));
    let Some(target) = said(article.target()) else {
        return;
    };
    let source = article.source().and_then(said);
    let (source, target) = (source.as_ref(), &target);
    if !glossary.is_empty() && !glossary.serves(source, target) {
        let wanted = source.map_or_else(|| target.to_string(), |source| format!("{source} → {target}"));
        faults.add(field, format!("has no entries for {wanted}; it has {}", glossary.languages()));
    }
}
