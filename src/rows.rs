//! Labelled rows: JSON lines, plain or gzip, put together into documents.

pub mod edits;

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context as _, bail};
use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;

use crate::article::{Article, Language, SegmentText};
use crate::finding::Severity;
use crate::judge::score::characters_per_word;
use crate::language::{LanguageData, Words};
use crate::span::{Encoding, OffsetMap, Span};

/// The longest row that is read: sentences and paragraphs are far shorter.
const MAX_LINE: u64 = 16 << 20;

/// A place that a person marked.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// In the row's translation.
    pub span: Span,
    /// How bad; `None` where the data only say that it is wrong (`bad`).
    pub severity: Option<Severity>,
    /// In the words of the data.
    pub category: String,
    /// What stood there before it was garbled on purpose, if it was.
    pub was: Option<String>,
}

impl Mark {
    /// Whether it is major or critical.
    pub fn is_heavy(&self) -> bool {
        self.severity >= Some(Severity::Major)
    }

    /// Whether it says that something is wrong, and not only that something could be remarked on.
    pub fn counts(&self) -> bool {
        self.severity != Some(Severity::Neutral)
    }
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// The original; may be empty.
    pub source: String,
    /// The translation.
    pub target: String,
    /// What people marked in it, in order.
    pub marks: Vec<Mark>,
    /// The translation as an editor left it, in words parted by blanks.
    pub post_edit: Option<String>,
    /// Human translation edit rate.
    pub hter: Option<f64>,
    /// Direct assessment, 0 to 100.
    pub da: Option<f64>,
}

/// Rows that are checked together.
#[derive(Clone, Debug)]
pub struct Document {
    /// `doc` of its rows; the row's id where it stands alone.
    pub name: String,
    /// Who translated it.
    pub system: String,
    /// Who marked it.
    pub rater: String,
    /// Language of the sources.
    pub source_language: Option<Language>,
    /// Language of the translations.
    pub target_language: Option<Language>,
    /// In order, one or more.
    pub rows: Vec<Row>,
    /// Whether its rows named a document.
    alone: bool,
}

impl Document {
    /// As what the engine checks, with or without the source. Segments are the rows.
    pub fn article(&self, with_source: bool) -> Article {
        self.article_of(&self.rows, with_source)
    }

    /// The same of some of its rows.
    pub fn article_of(&self, rows: &[Row], with_source: bool) -> Article {
        let segment = |row: &Row| SegmentText {
            id: row.id.clone(),
            source: if with_source { row.source.clone() } else { String::new() },
            target: row.target.clone(),
            ..SegmentText::default()
        };
        let segments = rows.iter().map(segment).collect();
        Article::from_segments(segments, self.source_language.clone(), self.target_language.clone())
    }

    /// Words of the translations.
    pub fn words(&self) -> f64 {
        self.rows.iter().map(|row| words(&row.target, self.target_language.as_ref())).sum()
    }

    /// Of one row that stands alone.
    pub fn of(row: Row, source_language: Option<Language>, target_language: Option<Language>) -> Self {
        let (name, system, rater) = (row.id.clone(), String::new(), String::new());
        Self { name, system, rater, source_language, target_language, rows: vec![row], alone: true }
    }

    fn takes(&self, next: &Self) -> bool {
        let key = |d: &Self| {
            (d.name.clone(), d.system.clone(), d.rater.clone(), d.source_language.clone(), d.target_language.clone())
        };
        !self.alone && !next.alone && key(self) == key(next)
    }
}

/// Words as an editor counts them: what white space parts; for scripts without spaces, letters by the divisor of the score's
/// word count. They are counted the same for every checker, so that rates can be compared.
pub fn words(text: &str, language: Option<&Language>) -> f64 {
    let unspaced = language.is_some_and(|l| LanguageData::of(l).words() == Words::Unspaced);
    let divisor = language.and_then(|l| characters_per_word(l.primary()));
    match divisor.filter(|_| unspaced) {
        Some(divisor) => (text.chars().filter(|c| c.is_alphanumeric()).count() as f64 / divisor).round(),
        None => text.split_whitespace().count() as f64,
    }
}

/// A file of labelled rows.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The file's name without folder and endings.
    pub name: String,
    /// In order.
    pub documents: Vec<Document>,
}

impl Labelled {
    /// Rows of all documents.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.documents.iter().flat_map(|d| &d.rows)
    }
}

/// What a file can be used to measure, as its rows tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uses {
    /// It has marks or human scores.
    pub labelled: bool,
    /// Nothing in it is wrong.
    pub clean: bool,
    /// It has names that were respelled on purpose.
    pub drift: bool,
    /// The same documents stand in it by machine and by hand.
    pub contrast: bool,
}

impl Uses {
    /// Looks at the rows.
    pub fn of(file: &Labelled) -> Self {
        let drift = file.rows().flat_map(|r| &r.marks).any(|m| m.was.is_some());
        let labelled = !drift && file.rows().any(|r| !r.marks.is_empty() || r.da.is_some() || r.hter.is_some());
        let human = file.documents.iter().filter(|d| by_hand(&d.system)).count();
        let contrast = !drift && human > 0 && human < file.documents.len();
        Self { labelled, clean: !drift && !labelled && !contrast, drift, contrast }
    }
}

/// Whether a system's name means that people translated: `reference`, `ref.A`, `Human-B.0`.
pub fn by_hand(system: &str) -> bool {
    let system = system.to_lowercase();
    ["reference", "ref.", "ref-", "human"].iter().any(|start| system.starts_with(start)) || system == "ref"
}

#[derive(Deserialize)]
struct RawRow {
    #[serde(default)]
    id: String,
    source_language: Option<String>,
    target_language: Option<String>,
    #[serde(default)]
    source: String,
    target: String,
    #[serde(default)]
    spans: Vec<RawSpan>,
    doc: Option<String>,
    post_edit: Option<String>,
    #[serde(default)]
    system: String,
    #[serde(default)]
    rater: String,
    hter: Option<f64>,
    da: Option<f64>,
}

#[derive(Deserialize)]
struct RawSpan {
    start: usize,
    end: usize,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    category: String,
    was: Option<String>,
}

/// Reads a file of labelled rows; `.gz` is unpacked.
///
/// # Errors
/// The file cannot be read, or a row is not as it should be: the message names file, line and what would be right.
pub fn read(path: &Path) -> anyhow::Result<Labelled> {
    let name = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("{name}: cannot be read"))?;
    if path.is_dir() {
        bail!("{name}: is a folder; name the files in it");
    }
    let plain = BufReader::new(file);
    let mut lines: Box<dyn BufRead> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(BufReader::new(MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    let mut documents: Vec<Document> = Vec::new();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        if read.with_context(|| format!("{name}:{number}: cannot be read"))? == 0 {
            break;
        }
        if line.len() as u64 == MAX_LINE {
            bail!("{name}:{number}: the line is longer than {MAX_LINE} bytes");
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let raw: RawRow = serde_json::from_slice(&line)
            .map_err(|e| anyhow::anyhow!("{name}:{number}: this is no labelled row: {}", without_place(&e)))?;
        let one = document(raw).with_context(|| format!("{name}:{number}"))?;
        match documents.last_mut().filter(|last| last.takes(&one)) {
            Some(last) => last.rows.extend(one.rows),
            None => documents.push(one),
        }
    }
    if documents.is_empty() {
        bail!("{name}: has no rows");
    }
    Ok(Labelled { name: short_name(path), documents })
}

/// What serde says, with the column but not the line, which is always the first.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.split(" at line ").next().unwrap_or(&text).to_owned();
    format!("{said} (column {})", error.column())
}

/// `eval/clean-news.ru-en.jsonl.gz` is `clean-news.ru-en`.
pub fn short_name(path: &Path) -> String {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.strip_suffix(".jsonl").unwrap_or(name).to_owned()
}

/// A document of one row.
fn document(raw: RawRow) -> anyhow::Result<Document> {
    let language = |tag: Option<String>| {
        tag.filter(|t| !t.is_empty()).map(|t| Language::parse(&t).context("a language")).transpose()
    };
    let map = OffsetMap::new(&raw.target, Encoding::Utf32);
    let mut marks = Vec::with_capacity(raw.spans.len());
    for span in raw.spans {
        let place = map.to_byte(span.start).zip(map.to_byte(span.end)).filter(|(start, end)| start <= end);
        let Some((start, end)) = place else {
            let length = Encoding::Utf32.units(&raw.target);
            bail!("a span from {} to {} does not fit a translation of {length} characters", span.start, span.end);
        };
        let severity = match span.severity.as_str() {
            "" | "bad" => None,
            name => match Severity::ALL.into_iter().find(|s| s.name() == name) {
                Some(severity) => Some(severity),
                None => bail!("a span's severity should be neutral, minor, major, critical or bad"),
            },
        };
        marks.push(Mark { span: Span::new(start, end), severity, category: span.category, was: span.was });
    }
    marks.sort_by_key(|m| m.span);
    let row = Row {
        id: raw.id,
        source: raw.source,
        target: raw.target,
        marks,
        post_edit: raw.post_edit,
        hter: raw.hter,
        da: raw.da,
    };
    Ok(Document {
        name: raw.doc.clone().unwrap_or_else(|| row.id.clone()),
        alone: raw.doc.is_none(),
        system: raw.system,
        rater: raw.rater,
        source_language: language(raw.source_language)?,
        target_language: language(raw.target_language)?,
        rows: vec![row],
    })
}
