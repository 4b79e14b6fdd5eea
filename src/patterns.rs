//! A desk's own patterns: what it never wants to read, or always wants where the source has something, with a message and a
//! repair. They come from TOML files or with a request.
//!
//! Patterns are regular expressions that are matched in linear time (the `regex` crate: finite automata, no look-around and no
//! back-references), sentence by sentence.

use std::path::Path;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use toml::Spanned;

use crate::article::Language;
use crate::digest::Digest;
use crate::finding::Severity;

/// The longest expression, in bytes: a page of alternatives.
pub const MAX_EXPRESSION: usize = 4_000;
/// The longest name, message and repair, in bytes.
const MAX_WORDS: usize = 500;
/// The most patterns of one set: each is matched against every sentence.
pub const MAX_PATTERNS: usize = 1_000;
/// Memory that one compiled expression may take, in bytes. Counted repetition of large classes reaches it.
const MAX_COMPILED: usize = 2 << 20;
/// Memory that one expression's cache of states may take while it is matched, in bytes.
const MAX_STATES: usize = 1 << 20;
/// How deep an expression may nest.
const MAX_NESTING: u32 = 64;
/// How sure a pattern is, unless it says otherwise: a person wrote it for this desk.
const SURE: f64 = 0.9;

/// A pattern as it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Written {
    /// What it is called.
    pub name: String,
    /// What is wrong in the translation.
    pub target: String,
    /// What the source must have for the pattern to look at all.
    pub source: String,
    /// What the translation must have where the source has `source`.
    pub required: String,
    /// What is said.
    pub message: String,
    /// What would be right in place of `target`: `$1`, `${name}` are its groups, `$$` a dollar.
    pub repair: Option<String>,
    /// How bad it is; minor where nothing is said.
    pub severity: Option<Severity>,
    /// Probability that a careful editor would agree.
    pub confidence: Option<f64>,
    /// Languages of the translation; none: any.
    pub languages: Vec<Language>,
    /// Languages of the source; none: any.
    pub source_languages: Vec<Language>,
}

/// A pattern that can be matched.
#[derive(Debug)]
pub struct Pattern {
    /// As it is written.
    pub written: Written,
    /// What is wrong.
    pub target: Option<Regex>,
    /// What the source must have.
    pub source: Option<Regex>,
    /// What the translation must have.
    pub required: Option<Regex>,
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}{}: {problem}", column.map(|c| format!(", character {c}")).unwrap_or_default())]
pub struct PatternError {
    /// The field.
    pub field: &'static str,
    /// The character of its value, from 1, where that is known.
    pub column: Option<usize>,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl PatternError {
    fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, column: None, problem: problem.into() }
    }
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// An expression that cannot be matched in linear time, that matches nothing or no character, or that is too large; a repair
    /// that names a group that there is not; no message; neither `target` nor `required`.
    pub fn compile(written: Written) -> Result<Self, PatternError> {
        for (field, text) in [("name", &written.name), ("message", &written.message)] {
            if text.trim().is_empty() {
                return Err(PatternError::new(field, "is empty"));
            }
            if text.len() > MAX_WORDS {
                return Err(PatternError::new(field, format!("has {} bytes; {MAX_WORDS} is the most", text.len())));
            }
        }
        if written.confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
            return Err(PatternError::new("confidence", "should lie between 0 and 1"));
        }
        match (written.target.is_empty(), written.required.is_empty()) {
            (true, true) => {
                let what =
                    "is missing; a pattern has target (what is wrong) or source with required (what must be there)";
                return Err(PatternError::new("target", what));
            }
            (false, false) => {
                return Err(PatternError::new("required", "stands beside target; write two patterns"));
            }
            (true, false) if written.source.is_empty() => {
                let what = "is missing; required says what the translation must have where the source has something";
                return Err(PatternError::new("source", what));
            }
            _ => {}
        }
        let target = expression("target", &written.target)?;
        let source = expression("source", &written.source)?;
        let required = expression("required", &written.required)?;
        if let Some(repair) = &written.repair {
            check_repair(repair, target.as_ref())?;
        }
        Ok(Self { written, target, source, required })
    }

    /// How sure it is.
    pub fn confidence(&self) -> f64 {
        self.written.confidence.unwrap_or(SURE)
    }

    /// Whether it is for these languages. Where a language is not known, a pattern for certain languages is not for it.
    pub fn fits(&self, source: Option<&Language>, target: Option<&Language>) -> bool {
        let among = |wanted: &[Language], given: Option<&Language>| {
            wanted.is_empty() || given.is_some_and(|given| wanted.iter().any(|w| w.fits(given)))
        };
        let has_source = self.source.is_none() || source.is_some();
        has_source && among(&self.written.languages, target) && among(&self.written.source_languages, source)
    }
}

/// Compiles an expression; nothing where it is empty.
fn expression(field: &'static str, text: &str) -> Result<Option<Regex>, PatternError> {
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_EXPRESSION {
        return Err(PatternError::new(field, format!("has {} bytes; {MAX_EXPRESSION} is the most", text.len())));
    }
    let column = |offset: usize| Some(1 + text.get(..offset).map_or(0, |before| before.chars().count()));
    let hir = regex_syntax::ParserBuilder::new().nest_limit(MAX_NESTING).build().parse(text).map_err(|error| {
        use regex_syntax::Error;
        let (offset, kind) = match &error {
            Error::Parse(e) => (e.span().start.offset, e.kind().to_string()),
            Error::Translate(e) => (e.span().start.offset, e.kind().to_string()),
            other => (0, other.to_string()),
        };
        PatternError { field, column: column(offset), problem: kind }
    })?;
    match hir.properties().minimum_len() {
        None => return Err(PatternError::new(field, "can match no text at all")),
        Some(0) => return Err(PatternError::new(field, "can match no character; let it match one at least")),
        Some(_) => {}
    }
    let built =
        RegexBuilder::new(text).size_limit(MAX_COMPILED).dfa_size_limit(MAX_STATES).nest_limit(MAX_NESTING).build();
    built.map(Some).map_err(|_| PatternError::new(field, format!("takes more than {MAX_COMPILED} bytes when compiled")))
}

/// Whether every group that a repair names is one of the expression.
fn check_repair(repair: &str, target: Option<&Regex>) -> Result<(), PatternError> {
    let Some(target) = target else {
        return Err(PatternError::new("repair", "stands without target, so there is nothing to put it in place of"));
    };
    if repair.len() > MAX_WORDS {
        return Err(PatternError::new("repair", format!("has {} bytes; {MAX_WORDS} is the most", repair.len())));
    }
    let mut rest = repair;
    while let Some(at) = rest.find('$') {
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            rest = after;
            continue;
        }
        let name: String = match rest.strip_prefix('{') {
            Some(inner) => inner.chars().take_while(|c| *c != '}').collect(),
            // As the crate reads it: the longest run of letters, digits and underscores.
            None => rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect(),
        };
        let known = match name.parse::<usize>() {
            Ok(number) => number < target.captures_len(),
            Err(_) => target.capture_names().flatten().any(|n| n == name),
        };
        if !known {
            let column = Some(1 + repair[..repair.len() - rest.len()].chars().count());
            let problem =
                format!("target has no group {name:?}; write ${{1}} before a letter or digit, and $$ for a dollar");
            return Err(PatternError { field: "repair", column, problem });
        }
    }
    Ok(())
}

/// A set of patterns.
#[derive(Debug, Default)]
pub struct Patterns {
    all: Vec<Pattern>,
    digest: u64,
}

impl Patterns {
    /// A set.
    pub fn new(all: Vec<Pattern>) -> Self {
        let mut digest = Digest::default();
        for pattern in &all {
            digest.write(format!("{:?}", pattern.written).as_bytes());
        }
        Self { all, digest: digest.finish() }
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.all.iter()
    }

    /// Names the set.
    pub fn digest(&self) -> u64 {
        self.digest
    }
}

/// Why a file of patterns could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PatternFileError {
    /// It cannot be read.
    #[error("the patterns {file} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        reason: std::io::Error,
    },
    /// It is no TOML, or a key is not one of a pattern's. The message shows the line.
    #[error("{file}: {message}")]
    Toml {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A pattern is wrong.
    #[error("{file}:{line}: pattern {name:?}: {error}")]
    Pattern {
        /// The file.
        file: String,
        /// The line that the pattern begins in.
        line: usize,
        /// The pattern.
        name: String,
        /// What is wrong.
        error: PatternError,
    },
    /// There are more than are taken.
    #[error("{file}: {count} patterns; {MAX_PATTERNS} is the most")]
    TooMany {
        /// The file.
        file: String,
        /// How many.
        count: usize,
    },
}

/// `[[pattern]]` tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    pattern: Vec<Spanned<Row>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Row {
    name: String,
    #[serde(default)]
    target: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    required: String,
    message: String,
    repair: Option<String>,
    severity: Option<String>,
    confidence: Option<f64>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    source_languages: Vec<String>,
}

/// Reads a file of patterns.
///
/// # Errors
/// The file cannot be read, or something in it is wrong: nothing is half loaded.
pub fn read(path: &Path) -> Result<Arc<Patterns>, PatternFileError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => read_toml(&text, &file).map(Arc::new),
        Err(reason) => Err(PatternFileError::Unreadable { file, reason }),
    }
}

/// Reads patterns from TOML.
///
/// # Errors
/// As [`read`].
pub fn read_toml(text: &str, file: &str) -> Result<Patterns, PatternFileError> {
    let read: File = toml::from_str(text)
        .map_err(|e| PatternFileError::Toml { file: file.to_owned(), message: e.to_string().trim_end().to_owned() })?;
    if read.pattern.len() > MAX_PATTERNS {
        return Err(PatternFileError::TooMany { file: file.to_owned(), count: read.pattern.len() });
    }
    let mut all = Vec::with_capacity(read.pattern.len());
    for row in read.pattern {
        let line = 1 + text.get(..row.span().start).map_or(0, |before| before.matches('\n').count());
        let row = row.into_inner();
        let name = row.name.clone();
        let wrong = |error| PatternFileError::Pattern { file: file.to_owned(), line, name, error };
        match written(row).and_then(Pattern::compile) {
            Ok(pattern) => all.push(pattern),
            Err(error) => return Err(wrong(error)),
        }
    }
    Ok(Patterns::new(all))
}

fn written(row: Row) -> Result<Written, PatternError> {
    let tags = |field: &'static str, tags: Vec<String>| {
        let read = |tag: String| Language::parse(&tag).map_err(|e| PatternError::new(field, e.to_string()));
        tags.into_iter().map(read).collect::<Result<Vec<_>, _>>()
    };
    let severity = match row.severity {
        None => None,
        Some(name) => match Severity::ALL.into_iter().find(|s| s.name() == name) {
            Some(severity) => Some(severity),
            None => {
                let what = format!("{name:?} should be neutral, minor, major or critical");
                return Err(PatternError::new("severity", what));
            }
        },
    };
    Ok(Written {
        name: row.name,
        target: row.target,
        source: row.source,
        required: row.required,
        message: row.message,
        repair: row.repair,
        severity,
        confidence: row.confidence,
        languages: tags("languages", row.languages)?,
        source_languages: tags("source-languages", row.source_languages)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(fields: &str) -> String {
        let text = format!("# a comment\n[[pattern]]\nname = \"n\"\nmessage = \"m\"\n{fields}\n");
        read_toml(&text, "p.toml").map(|_| ()).expect_err(fields).to_string()
    }

    #[test]
    fn what_cannot_be_matched_in_linear_time_is_refused_with_its_place() {
        assert_eq!(
            error(r"target = '(the) \1'"),
            "p.toml:2: pattern \"n\": target, character 7: backreferences are not supported"
        );
        let look = error(r"target = 'é(?=b)'");
        assert!(look.contains("target, character 2: look-around"), "{look}");
        assert!(error(r"target = '(ab'").contains("character 1: unclosed group"), "{}", error(r"target = '(ab'"));
    }

    #[test]
    fn what_matches_nothing_is_refused() {
        assert!(error(r"target = 'a*'").ends_with("target: can match no character; let it match one at least"));
        assert!(error(r"target = '[a&&b]'").ends_with("target: can match no text at all"));
        assert!(error(r"target = '\b'").contains("can match no character"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert!(error(r"target = '(\pL{900}){900}'").contains("takes more than"));
        assert!(error(&format!("target = '{}'", "x".repeat(5_000))).contains("has 5000 bytes"));
        assert!(error(&format!("target = '{}'", "(".repeat(200))).contains("target"));
    }

    #[test]
    fn repairs_name_groups_that_there_are() {
        assert!(error("target = '(a)b'\nrepair = '$2'").contains("repair, character 2: target has no group \"2\""));
        assert!(error("target = '(a)b'\nrepair = '$1x'").contains("no group \"1x\""));
        assert!(error("target = '(a)b'\nrepair = 'x$'").contains("no group \"\""));
        let good = "[[pattern]]\nname='n'\nmessage='m'\ntarget='(?<of>a)b'\nrepair='${of}c $1 $$'";
        assert!(read_toml(good, "p").is_ok());
    }

    #[test]
    fn a_pattern_says_what_is_wrong_or_what_is_required() {
        assert!(error("").contains("target: is missing"));
        assert!(error("required = 'a'").contains("source: is missing"));
        assert!(error("target = 'a'\nsource = 'b'\nrequired = 'c'").contains("write two patterns"));
        assert!(error("target = 'a'\nseverity = 'bad'").contains("\"bad\" should be neutral"));
        assert!(error("target = 'a'\nlanguages = ['english']").contains("languages: "));
        assert!(error("target = 'a'\ncolour = 'red'").contains("unknown field `colour`"));
        assert!(error("target = 'a'\nconfidence = 2.0").contains("confidence: should lie between 0 and 1"));
    }
}
