//! Labelled rows to learn from: JSON lines, gzip.

use std::io::{BufRead as _, BufReader};
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;

/// A translated sentence and what people said of it.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The language of the original.
    #[serde(default)]
    pub source_language: String,
    /// The original.
    #[serde(default)]
    pub source: String,
    /// The translation.
    pub target: String,
    /// Places that people marked, in code points.
    #[serde(default)]
    pub spans: Vec<Mark>,
    /// Its document.
    #[serde(default)]
    pub doc: String,
    /// Who translated it.
    #[serde(default)]
    pub system: String,
    /// Direct assessment, 0 to 100.
    pub da: Option<f32>,
}

/// A place that somebody marked.
#[derive(Clone, Debug, Deserialize)]
pub struct Mark {
    /// The first code point.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// How bad: `major`, `minor`, `bad`.
    pub severity: String,
    /// In the words of the data.
    #[serde(default)]
    pub category: String,
}

/// Reads the rows of `NAME.jsonl.gz` in a folder.
///
/// # Errors
/// It is missing, or a line is no such row.
pub fn read(data: &Path, name: &str) -> anyhow::Result<Vec<Row>> {
    let path = data.join(format!("{name}.jsonl.gz"));
    let place = || path.display().to_string();
    let file = std::fs::File::open(&path).with_context(place)?;
    let lines = BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines();
    let row = |(at, line): (usize, std::io::Result<String>)| {
        serde_json::from_str(&line?).with_context(|| format!("{}, line {}", path.display(), at + 1))
    };
    lines.enumerate().map(row).collect()
}
