//! What was said of a text: by the engine, or by any checker whose answers stand in a file.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::engine::{Engine, Never, Options};
use crate::eval::result::{Example, Verdict};
use crate::finding::{Edit, Report, Severity};
use crate::glossary::Glossary;
use crate::judge::score::multiplier;
use crate::rows::Document;
use crate::span::{Encoding, OffsetMap, Span};
use crate::wire::{severity_from_wire, v1};

/// What one penalty point per 1,000 words takes from the calibrated score by default: (100 − 95) / 10.
const POINT: f64 = 0.5;

/// One finding, without what measuring does not need.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// In the whole translation.
    pub span: Span,
    /// Who says it.
    pub rule: String,
    /// How bad.
    pub severity: Severity,
    /// How sure, in [0, 1].
    pub confidence: f64,
    /// The edits of each suggestion, best first.
    pub repairs: Vec<Vec<Edit>>,
}

/// The longest piece of text that a repair is shown with, in bytes: one that mends many places shows only its first.
const SHOWN: usize = 160;

/// How the words of a finding would read after its first repair; nothing where it has none.
fn rewritten(text: &str, said: &Said) -> Option<String> {
    let edits = said.repairs.first()?;
    let near = |e: &&Edit| {
        let cover = e.span.cover(said.span);
        cover.len() <= said.span.len() + SHOWN
    };
    let edits: Vec<&Edit> = edits.iter().filter(near).collect();
    let cover = edits.iter().fold(said.span, |cover, e| cover.cover(e.span));
    let (mut out, mut at) = (String::new(), cover.start());
    for edit in edits {
        out.push_str(text.get(at..edit.span.start()).unwrap_or(""));
        out.push_str(&edit.replacement);
        at = edit.span.end().max(at);
    }
    out.push_str(text.get(at..cover.end()).unwrap_or(""));
    Some(out.replace(['\n', '\r'], " "))
}

/// A text after some edits, which do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut order: Vec<&Edit> = edits.iter().collect();
    order.sort_by_key(|e| std::cmp::Reverse(e.span.start()));
    let mut out = text.to_owned();
    for edit in order {
        if out.get(edit.span.range()).is_some() {
            out.replace_range(edit.span.range(), &edit.replacement);
        }
    }
    out
}

/// What was said of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// In the order of the text.
    pub said: Vec<Said>,
    /// The calibrated score; `None` where the checker gave none.
    pub score: Option<f64>,
    /// How good it is estimated to be, from 0 to 1, segments counting by their length; `None` where nothing was said.
    pub estimate: Option<f64>,
}

impl Said {
    /// As an example of what became of it, in a text of that name.
    pub fn example(&self, verdict: Verdict, name: &str, text: &str) -> Example {
        Example {
            severity: self.severity.name().to_owned(),
            confidence: self.confidence,
            repair: rewritten(text, self),
            ..Example::new(verdict, &self.rule, name, text, self.span)
        }
    }
}

impl Answer {
    /// What a report says.
    pub fn of(report: Report) -> Self {
        let said = report.findings.into_iter().map(|f| Said {
            span: f.span,
            rule: f.rule.to_owned(),
            severity: f.severity,
            confidence: f.confidence,
            repairs: f.suggestions.into_iter().map(|s| s.edits).collect(),
        });
        let length = |s: &crate::finding::SegmentQuality| s.span.len() as f64;
        let all: f64 = report.segments.iter().map(length).sum();
        let sum: f64 = report.segments.iter().map(|s| s.estimate * length(s)).sum();
        let estimate = (all > 0.0).then(|| sum / all);
        Self { said: said.collect(), score: Some(report.score.calibrated), estimate }
    }

    /// The score, or what a score that loses by the penalty points of 1,000 words would be.
    pub fn score(&self, words: f64) -> f64 {
        let points: f64 = self.said.iter().map(|s| multiplier(s.severity)).sum();
        self.score.unwrap_or(100.0 - points / words.max(1.0) * 1_000.0 * POINT)
    }

    /// Keeps what counts: neutral findings are remarks, and what is below the floor was not said.
    #[must_use]
    pub fn counted(mut self, min_confidence: f64) -> Self {
        self.said.retain(|s| s.severity > Severity::Neutral && s.confidence >= min_confidence);
        self
    }
}

/// What was said, row by row, at places in the row. A finding belongs to the row that it begins in and is cut off where that
/// ends; of its repairs, the edits in that row are kept.
pub fn by_row(document: &Document, said: Vec<Said>) -> Vec<Vec<Said>> {
    let mut starts = Vec::with_capacity(document.rows.len());
    let mut at = 0;
    for row in &document.rows {
        starts.push(at);
        at += row.target.len() + 1;
    }
    let mut rows: Vec<Vec<Said>> = document.rows.iter().map(|_| Vec::new()).collect();
    for mut one in said {
        let index = starts.partition_point(|&start| start <= one.span.start()).saturating_sub(1);
        let (start, length) = (starts[index], document.rows[index].target.len());
        let cut = |span: Span| {
            let span = span.relative_to(start);
            Span::new(span.start().min(length), span.end().min(length))
        };
        one.span = cut(one.span);
        for repair in &mut one.repairs {
            repair.retain(|e| e.span.start() >= start && e.span.end() <= start + length);
            repair.iter_mut().for_each(|e| e.span = cut(e.span));
        }
        rows[index].push(one);
    }
    rows
}

/// Who is measured.
pub enum Checker {
    /// The engine, as it is.
    Engine {
        /// The engine.
        engine: Engine,
        /// How it checks.
        options: Box<Options>,
    },
    /// Answers that were given elsewhere.
    Answers(Answers),
}

impl Checker {
    /// Whether it can be asked again in another way: with a glossary, with another floor of confidence.
    pub fn can_be_asked(&self) -> bool {
        matches!(self, Self::Engine { .. })
    }

    /// Whether it can be asked about a document, or was.
    pub fn knows(&self, file: &str, document: &Document) -> bool {
        match self {
            Self::Engine { .. } => true,
            Self::Answers(answers) => document.rows.iter().all(|row| answers.of_row(file, &row.id).is_some()),
        }
    }

    /// Names the knowledge behind the answers.
    pub fn knowledge(&self) -> String {
        match self {
            Self::Engine { engine, .. } => format!("{:016x}", engine.digest()),
            Self::Answers(answers) => answers.name.clone(),
        }
    }

    /// What it says of an article.
    ///
    /// # Errors
    /// There is no answer of that name.
    pub fn text(&self, name: &str, article: &Article, glossary: Option<&Arc<Glossary>>) -> anyhow::Result<Answer> {
        match self {
            Self::Engine { engine, options } => {
                let mut options = Options::clone(options);
                options.glossaries.extend(glossary.cloned());
                Ok(Answer::of(engine.check(article, &options, &Never)?))
            }
            Self::Answers(answers) => answers.text(name, article.target().text()),
        }
    }

    /// What it says of a document of a file, whole, with or without the sources.
    ///
    /// # Errors
    /// There are no answers for its rows.
    pub fn document(&self, file: &str, document: &Document, with_source: bool) -> anyhow::Result<Answer> {
        match self {
            Self::Engine { engine, options } => {
                Ok(Answer::of(engine.check(&document.article(with_source), options, &Never)?))
            }
            Self::Answers(answers) => answers.document(file, document),
        }
    }

    /// The same with every finding, however unsure: what words are scored by.
    ///
    /// # Errors
    /// As [`Self::document`].
    pub fn document_unsure(&self, file: &str, document: &Document, with_source: bool) -> anyhow::Result<Answer> {
        match self {
            Self::Engine { engine, options } => {
                let mut options = Options::clone(options);
                options.min_confidence = 0.0;
                Ok(Answer::of(engine.check(&document.article(with_source), &options, &Never)?))
            }
            Self::Answers(answers) => answers.document(file, document),
        }
    }
}

/// The answers of a file: JSON lines of `CheckTextResponse`, by `requestId`. A row is answered under `FILE/ID` or `ID`, where
/// FILE is the file's name without `.jsonl` and `.gz`; a case under its folder's name, its clean twin under `FOLDER/clean`.
pub struct Answers {
    name: String,
    by_id: FxHashMap<String, v1::CheckTextResponse>,
}

impl Answers {
    /// Reads a file of answers.
    ///
    /// # Errors
    /// It cannot be read, a line is no `CheckTextResponse`, or two have one id.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).with_context(|| format!("{name}: cannot be read"))?;
        let mut by_id = FxHashMap::default();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let answer: v1::CheckTextResponse = serde_json::from_str(line)
                .with_context(|| format!("{name}:{number}: this is no CheckTextResponse in proto3 JSON"))?;
            if by_id.contains_key(&answer.request_id) {
                bail!("{name}:{number}: a second answer for {:?}; write FILE/ID where ids repeat", answer.request_id);
            }
            by_id.insert(answer.request_id.clone(), answer);
        }
        Ok(Self { name: crate::rows::short_name(path), by_id })
    }

    fn text(&self, name: &str, text: &str) -> anyhow::Result<Answer> {
        let wire = self.by_id.get(name).with_context(|| format!("{}: no answer for {name}", self.name))?;
        let rows = [Piece { id: name, origin: 0, text }];
        let said = said(wire, &rows, 0).with_context(|| format!("{}: the answer for {name}", self.name))?;
        Ok(Answer { said, score: wire.score.as_ref().map(|s| s.calibrated), estimate: None })
    }

    fn of_row(&self, file: &str, id: &str) -> Option<&v1::CheckTextResponse> {
        self.by_id.get(&format!("{file}/{id}")).or_else(|| self.by_id.get(id))
    }

    fn document(&self, file: &str, document: &Document) -> anyhow::Result<Answer> {
        let mut pieces = Vec::with_capacity(document.rows.len());
        let mut origin = 0;
        for row in &document.rows {
            pieces.push(Piece { id: &row.id, origin, text: &row.target });
            // As `Article::from_segments` joins them.
            origin += row.target.len() + 1;
        }
        let mut answer = Answer::default();
        for (at, row) in document.rows.iter().enumerate() {
            let wire = self.of_row(file, &row.id);
            let wire = wire.with_context(|| format!("{}: no answer for {file}/{}", self.name, row.id))?;
            let found = said(wire, &pieces, at);
            answer.said.extend(found.with_context(|| format!("{}: the answer for {file}/{}", self.name, row.id))?);
            answer.score = wire.score.as_ref().map(|s| s.calibrated);
        }
        Ok(answer)
    }
}

/// A part of a text that answers count from.
struct Piece<'a> {
    id: &'a str,
    origin: usize,
    text: &'a str,
}

/// The findings of the answer about a piece, at their places in the whole text.
fn said(wire: &v1::CheckTextResponse, pieces: &[Piece<'_>], home: usize) -> anyhow::Result<Vec<Said>> {
    let encoding = match wire.offset_encoding() {
        v1::OffsetEncoding::Unspecified | v1::OffsetEncoding::Utf8 => Encoding::Utf8,
        v1::OffsetEncoding::Utf16 => Encoding::Utf16,
        v1::OffsetEncoding::Utf32 => Encoding::Utf32,
    };
    let home_map = OffsetMap::new(pieces[home].text, encoding);
    let place = |range: &v1::Range| {
        let (piece, map) = match pieces.iter().find(|p| !range.segment_id.is_empty() && p.id == range.segment_id) {
            Some(piece) if piece.id != pieces[home].id => (piece, &OffsetMap::new(piece.text, encoding)),
            _ => (&pieces[home], &home_map),
        };
        let ends = map.to_byte(range.start as usize).zip(map.to_byte(range.end as usize));
        let Some((start, end)) = ends.filter(|(start, end)| start <= end) else {
            bail!("a range from {} to {} does not fit its text", range.start, range.end);
        };
        if !range.quote.is_empty() && piece.text[start..end] != range.quote {
            bail!("a range from {} to {} does not give its quote", range.start, range.end);
        }
        Ok(Span::new(start, end).shift(piece.origin))
    };
    let mut all = Vec::with_capacity(wire.findings.len());
    for finding in &wire.findings {
        let range = finding.range.as_ref().context("a finding has no range")?;
        if range.side() == v1::Side::Source {
            continue;
        }
        let edit = |edit: &v1::Edit| {
            let range = edit.range.as_ref().context("an edit has no range")?;
            Ok(Edit { span: place(range)?, replacement: edit.replacement.clone() })
        };
        let repair = |s: &v1::Suggestion| s.edits.iter().map(edit).collect::<anyhow::Result<Vec<Edit>>>();
        all.push(Said {
            span: place(range)?,
            rule: finding.rule_id.clone(),
            severity: severity_from_wire(finding.severity()).unwrap_or(Severity::Minor),
            confidence: finding.confidence,
            repairs: finding.suggestions.iter().map(repair).collect::<anyhow::Result<_>>()?,
        });
    }
    Ok(all)
}
