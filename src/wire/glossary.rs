//! Requests to look at a glossary and to propose one, and what is answered.

use crate::article::Language;
use crate::engine::VERSION;
use crate::glossary::Entry;
use crate::glossary::lint::{Lint, LintKind};
use crate::mine::{Kind, Mined, Options};
use crate::wire::request::{Faults, check_id, read_entries, read_language};
use crate::wire::{Limits, RequestError, Violation, severity_to_wire, v1};

/// The most candidates that a request may ask for.
const MAX_CANDIDATES: u32 = 10_000;

/// A request to look at a glossary, in the domain's terms.
pub struct LintRequest {
    /// The caller's name for it.
    pub id: String,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// A request to propose entries, in the domain's terms.
pub struct MineRequest {
    /// The caller's name for it.
    pub id: String,
    /// The original.
    pub source: String,
    /// The translation.
    pub target: String,
    /// Their languages, where they were given.
    pub languages: [Option<Language>; 2],
    /// What to propose.
    pub options: Options,
}

/// Reads a request to look at a glossary.
///
/// # Errors
/// Every faulty field is named; a glossary over the limit ends the reading.
pub fn read_lint_request(request: v1::LintGlossaryRequest, limits: &Limits) -> Result<LintRequest, RequestError> {
    let glossary = request.glossary.unwrap_or_default();
    let (found, most) = (glossary.entries.len(), limits.max_glossary_entries);
    if found > most {
        let description = format!("{found} entries; {most} is the most");
        return Err(RequestError::TooLarge(Violation { field: "glossary.entries".to_owned(), description }));
    }
    let mut faults = Faults::default();
    check_id(&request.request_id, &mut faults);
    if glossary.entries.is_empty() {
        faults.add("glossary.entries", "is empty: there is nothing to look at".to_owned());
    }
    let entries = read_entries(glossary, "glossary", &mut faults);
    faults.or(LintRequest { id: request.request_id, entries })
}

/// Reads a request to propose entries.
///
/// # Errors
/// Every faulty field is named; texts over the limit end the reading.
pub fn read_mine_request(request: v1::MineGlossaryRequest, limits: &Limits) -> Result<MineRequest, RequestError> {
    let size = |text: &Option<v1::Text>| text.as_ref().map_or(0, |t| t.content.len());
    let (bytes, most) = (size(&request.source) + size(&request.target), limits.max_text_bytes);
    if bytes > most {
        let description = format!("source and target are {bytes} bytes; {most} is the most");
        return Err(RequestError::TooLarge(Violation { field: "target.content".to_owned(), description }));
    }
    let mut faults = Faults::default();
    check_id(&request.request_id, &mut faults);
    let mut side = |text: Option<v1::Text>, name: &str| {
        let text = text.unwrap_or_default();
        if text.content.trim().is_empty() {
            faults.add(format!("{name}.content"), "is empty; both texts are needed".to_owned());
        }
        let language = read_language(&text.language_code, &format!("{name}.language_code"), &mut faults);
        (text.content, language)
    };
    let (source, source_language) = side(request.source, "source");
    let (target, target_language) = side(request.target, "target");
    let mut options = Options::default();
    if let Some(score) = request.min_score {
        if !(0.0..=1.0).contains(&score) {
            faults.add("min_score", format!("is {score}; it should lie in [0, 1]"));
        }
        options.min_score = score;
    }
    if let Some(most) = request.max_candidates {
        if most > MAX_CANDIDATES {
            faults.add("max_candidates", format!("is {most}; {MAX_CANDIDATES} is the most"));
        }
        options.most = most as usize;
    }
    faults.or(MineRequest {
        id: request.request_id,
        source,
        target,
        languages: [source_language, target_language],
        options,
    })
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What is wrong with a glossary; `lines` are those of its entries, where it came from a file.
pub fn lint_response(id: &str, entries: usize, lints: &[Lint], lines: &[u64]) -> v1::LintGlossaryResponse {
    let lint = |lint: &Lint| v1::GlossaryLint {
        kind: kind_to_wire(lint.kind).into(),
        severity: severity_to_wire(lint.severity).into(),
        entry: narrow(lint.entry),
        other_entry: lint.other.map(narrow),
        message: lint.message.clone(),
        advice: lint.advice.to_owned(),
        score: lint.score,
        line: lines.get(lint.entry).and_then(|&line| u32::try_from(line).ok()),
    };
    v1::LintGlossaryResponse {
        request_id: id.to_owned(),
        lints: lints.iter().map(lint).collect(),
        entries: narrow(entries),
        version: VERSION.to_owned(),
    }
}

fn kind_to_wire(kind: LintKind) -> v1::GlossaryLintKind {
    match kind {
        LintKind::AlarmProne => v1::GlossaryLintKind::AlarmProne,
        LintKind::Ambiguous => v1::GlossaryLintKind::Ambiguous,
        LintKind::Circular => v1::GlossaryLintKind::Circular,
        LintKind::Contradiction => v1::GlossaryLintKind::Contradiction,
        LintKind::Duplicate => v1::GlossaryLintKind::Duplicate,
        LintKind::Shadowed => v1::GlossaryLintKind::Shadowed,
        LintKind::Unmatchable => v1::GlossaryLintKind::Unmatchable,
    }
}

/// What a glossary could have.
pub fn mine_response(id: &str, mined: &Mined) -> v1::MineGlossaryResponse {
    let tag = |language: &Option<Language>| language.as_ref().map_or("und", Language::tag).to_owned();
    let candidates = mined.candidates.iter().map(|c| v1::GlossaryCandidate {
        source: c.source.clone(),
        target: c.target.clone(),
        kind: match c.kind {
            Kind::Name => v1::GlossaryCandidateKind::Name,
            Kind::Term => v1::GlossaryCandidateKind::Term,
        }
        .into(),
        score: c.score,
        together: narrow(c.together),
        in_source: narrow(c.in_source),
        in_target: narrow(c.in_target),
    });
    v1::MineGlossaryResponse {
        request_id: id.to_owned(),
        candidates: candidates.collect(),
        source_language: tag(&mined.source_language),
        target_language: tag(&mined.target_language),
        version: VERSION.to_owned(),
    }
}
