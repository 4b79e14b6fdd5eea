//! JSON lines: rows into documents, documents into answers, one line out for each line in.

use std::io::Write;

use serde_json::{Map, Value, json};

use crate::article::{Article, Language, SegmentText};
use crate::engine::{Engine, Interrupt, Never, Options};
use crate::finding::{Report, Severity};
use crate::language;
use crate::span::Encoding;
use crate::wire::{ResponseWriter, v1};

/// Languages of rows that name none.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    /// Of the sources.
    pub(super) from: Option<Language>,
    /// Of the targets.
    pub(super) to: Option<Language>,
}

/// One row that could be read.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    source_language: Option<Language>,
    target_language: Option<Language>,
    source: String,
    target: String,
    /// `doc`, `system`, `rater`: rows that have these in common, one after the other, are one document. `None`: alone.
    document: Option<[String; 3]>,
}

/// A line of the output, before it is computed.
pub(super) enum Item {
    /// A document of one row or more.
    Document(Document),
    /// A line that could not be read: its answer is an error.
    Bad(Value),
}

/// Rows that are checked together.
pub(super) struct Document {
    rows: Vec<Row>,
}

impl Document {
    fn takes(&self, row: &Row) -> bool {
        self.rows.first().is_some_and(|first| {
            first.document.is_some()
                && first.document == row.document
                && first.source_language == row.source_language
                && first.target_language == row.target_language
        })
    }
}

/// Puts lines together into documents, in order.
#[derive(Default)]
pub(super) struct Grouper {
    open: Option<Document>,
    line: usize,
}

impl Grouper {
    /// Takes a line; gives what is complete before it. Blank lines are passed over.
    pub(super) fn push(&mut self, line: &[u8], defaults: &Defaults) -> Vec<Item> {
        self.line += 1;
        let line = if self.line == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if line.iter().all(u8::is_ascii_whitespace) {
            return Vec::new();
        }
        match read_row(line, defaults) {
            Ok(row) => {
                if let Some(open) = self.open.as_mut().filter(|open| open.takes(&row)) {
                    open.rows.push(row);
                    return Vec::new();
                }
                let done = self.open.replace(Document { rows: vec![row] });
                done.map(Item::Document).into_iter().collect()
            }
            Err((id, problem)) => {
                let mut error = Map::new();
                if let Some(id) = id {
                    error.insert("requestId".to_owned(), Value::String(id));
                }
                error.insert("error".to_owned(), json!({ "line": self.line, "message": problem }));
                let done = self.open.take().map(Item::Document);
                done.into_iter().chain([Item::Bad(Value::Object(error))]).collect()
            }
        }
    }

    /// What is left at the end.
    pub(super) fn finish(self) -> Option<Item> {
        self.open.map(Item::Document)
    }
}

/// Reads one row, or says what is wrong with it, with its id where that much could be read. Never in the words of the text.
fn read_row(line: &[u8], defaults: &Defaults) -> Result<Row, (Option<String>, String)> {
    let value: Value = serde_json::from_slice(line).map_err(|e| {
        let kind = match e.classify() {
            serde_json::error::Category::Eof => "the line ends in the middle of a value",
            _ if std::str::from_utf8(line).is_err() => "this is not UTF-8",
            _ => "this is not JSON",
        };
        (None, format!("column {}: {kind}; a row is an object such as {{\"id\":\"1\",\"target\":\"…\"}}", e.column()))
    })?;
    let Value::Object(object) = value else {
        return Err((None, "this is no object; a row is an object such as {\"id\":\"1\",\"target\":\"…\"}".to_owned()));
    };
    let id = plain(object.get("id"));
    let fault = |problem: String| (id.clone(), problem);
    let text = |name: &str| match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(fault(format!("{name} should be a string"))),
    };
    let language = |name: &str, default: &Option<Language>| match text(name)?.filter(|t| !t.is_empty()) {
        None => Ok(default.clone()),
        Some(tag) => {
            let language = Language::parse(&tag).map_err(|e| fault(format!("{name}: {e}")))?;
            language::known(language).map(Some).map_err(|e| fault(format!("{name}: {e}")))
        }
    };
    let document = plain(object.get("doc"));
    let rest = ["system", "rater"].map(|name| plain(object.get(name)).unwrap_or_default());
    Ok(Row {
        source_language: language("source_language", &defaults.from)?,
        target_language: language("target_language", &defaults.to)?,
        source: text("source")?.unwrap_or_default(),
        target: text("target")?.ok_or_else(|| fault("target is missing".to_owned()))?,
        document: document.map(|doc| {
            let [system, rater] = rest;
            [doc, system, rater]
        }),
        id: id.clone().unwrap_or_default(),
    })
}

/// A string or a number, as a string.
fn plain(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A document that has been checked.
pub(super) struct Checked {
    /// What was checked.
    pub(super) article: Article,
    /// Its name, for people.
    pub(super) name: String,
    /// What came of it.
    pub(super) report: Report,
    ids: Vec<String>,
}

/// What became of an item.
pub(super) enum Outcome {
    /// Checked.
    Checked(Box<Checked>),
    /// Not: the error, as a line.
    Bad(Value),
    /// Nothing that could be checked, or by none of the glossaries: an error for each of its rows.
    Unfit {
        /// The rows.
        ids: Vec<String>,
        /// What is wrong.
        message: String,
    },
}

/// Checks an item.
pub(super) fn check(item: Item, engine: &Engine, options: &Options, strict: bool) -> Outcome {
    let document = match item {
        Item::Bad(error) => return Outcome::Bad(error),
        Item::Document(document) => document,
    };
    let first = document.rows.first();
    let languages = first.map(|row| (row.source_language.clone(), row.target_language.clone()));
    let (source_language, target_language) = languages.unwrap_or_default();
    let name = first.and_then(|row| row.document.as_ref().map(|d| d[0].clone()).or(Some(row.id.clone())));
    let ids: Vec<String> = document.rows.iter().map(|row| row.id.clone()).collect();
    let segment =
        |row: Row| SegmentText { id: row.id, source: row.source, target: row.target, ..SegmentText::default() };
    let segments = document.rows.into_iter().map(segment).collect();
    let article = Article::from_segments(segments, source_language, target_language);
    if article.source().is_some() && article.target().text().trim().is_empty() {
        return Outcome::Unfit { ids, message: "the translation is empty, and its source is not".to_owned() };
    }
    let interrupt: &dyn Interrupt = &Never;
    match engine.check(&article, options, interrupt) {
        Ok(report) if strict && !crate::cli::input::a_glossary_fits(&report) => {
            let languages: Vec<String> = options.glossaries.iter().map(|g| g.languages()).collect();
            let target = &report.coverage.target_language.tag;
            let message = format!("the text is in {target}, and the glossaries have {}", languages.join(", "));
            Outcome::Unfit { ids, message }
        }
        Ok(report) => Outcome::Checked(Box::new(Checked { article, name: name.unwrap_or_default(), report, ids })),
        Err(error) => Outcome::Bad(json!({ "error": { "message": error.to_string() } })),
    }
}

impl Checked {
    /// One response a row; the document's score, coverage and names stand on its last.
    pub(super) fn rows(&self, encoding: Encoding) -> Vec<v1::CheckTextResponse> {
        let writer = ResponseWriter::new(&self.article, encoding);
        let rest =
            Report { findings: Vec::new(), segments: Vec::new(), token_scores: Vec::new(), ..self.report.clone() };
        let whole = writer.response("", &rest);
        let segments = self.article.segments();
        let mut findings = self.report.findings.iter().peekable();
        let mut qualities = self.report.segments.iter().peekable();
        let mut tokens = self.report.token_scores.iter().peekable();
        let mut rows = Vec::with_capacity(self.ids.len());
        for (index, id) in self.ids.iter().enumerate() {
            let mut row = v1::CheckTextResponse { request_id: id.clone(), ..v1::CheckTextResponse::default() };
            row.offset_encoding = whole.offset_encoding;
            row.version.clone_from(&whole.version);
            row.knowledge_digest.clone_from(&whole.knowledge_digest);
            // A finding belongs to the row that it begins in.
            let end = segments.get(index + 1).map_or(usize::MAX, |next| next.target.start());
            while let Some(finding) = findings.next_if(|f| f.span.start() < end) {
                row.findings.push(writer.finding(finding));
            }
            while let Some(quality) = qualities.next_if(|q| q.span.start() < end) {
                row.segments.push(writer.segment(quality));
            }
            while let Some(token) = tokens.next_if(|t| t.span.start() < end) {
                row.token_scores.push(writer.token(token));
            }
            if index + 1 == self.ids.len() {
                row.score.clone_from(&whole.score);
                row.coverage.clone_from(&whole.coverage);
                row.entities.clone_from(&whole.entities);
            }
            rows.push(row);
        }
        rows
    }

    /// The gravest finding.
    pub(super) fn gravest(&self) -> Option<Severity> {
        self.report.findings.iter().map(|f| f.severity).max()
    }
}

/// Writes one value a line.
pub(super) fn write_line<T: serde::Serialize>(out: &mut impl Write, value: &T) -> anyhow::Result<()> {
    writeln!(out, "{}", crate::wire::to_json(value)?)?;
    Ok(())
}
