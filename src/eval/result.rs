//! What a measurement comes to: figures, and every finding and mark with what became of it. This is what
//! `obelus eval --format json` writes and `--compare` reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::eval::marks::Range;
use crate::span::Span;

/// One run of `obelus eval`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Run {
    /// Version of the program.
    pub version: String,
    /// Commit of the working tree that it was run in; empty where there is none.
    #[serde(default)]
    pub commit: String,
    /// Names the knowledge behind the answers.
    pub knowledge: String,
    /// One a set.
    pub sections: Vec<Section>,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Articles with an editor's marks and clean twins.
    Cases,
    /// Published text: every finding is a false alarm.
    Clean,
    /// Documents in which one name was respelled.
    Drift,
    /// Documents by machine and by hand.
    Contrast,
    /// Rows with error spans or human scores.
    Labelled,
}

impl Kind {
    /// Every kind, in the order they are printed in.
    pub const ALL: [Self; 5] = [Self::Cases, Self::Clean, Self::Drift, Self::Contrast, Self::Labelled];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cases => "cases",
            Self::Clean => "clean",
            Self::Drift => "drift",
            Self::Contrast => "contrast",
            Self::Labelled => "labelled",
        }
    }
}

/// The name of the section that sums up its kind.
pub const ALL: &str = "all";

/// One set, measured in one way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// What was measured.
    pub kind: Kind,
    /// The set; [`ALL`] for all of a kind together.
    pub name: String,
    /// What the checker was given beside the translation: `alone`, `source`, `glossary`, `both`.
    pub setting: String,
    /// By name. A figure that cannot be had (no marks, no human scores) is absent.
    pub figures: BTreeMap<String, Figure>,
    /// Counts by rule, type and so on: dimension, value, figure.
    #[serde(default)]
    pub by: BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>,
    /// Findings and marks. Empty in sums, whose parts have them.
    #[serde(default)]
    pub examples: Vec<Example>,
}

impl Section {
    /// An empty one.
    pub fn new(kind: Kind, name: impl Into<String>, setting: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            setting: setting.into(),
            figures: BTreeMap::new(),
            by: BTreeMap::new(),
            examples: Vec::new(),
        }
    }

    /// Notes a figure.
    pub fn set(&mut self, name: &str, figure: impl Into<Figure>) {
        self.figures.insert(name.to_owned(), figure.into());
    }

    /// Notes a figure, if there is one.
    pub fn set_some(&mut self, name: &str, figure: Option<Figure>) {
        self.figures.extend(figure.map(|f| (name.to_owned(), f)));
    }

    /// The value of a figure.
    pub fn value(&self, name: &str) -> Option<f64> {
        self.figures.get(name).map(|f| f.value)
    }

    /// Adds to a count by rule, type and so on.
    pub fn count(&mut self, dimension: &str, value: &str, figure: &str, more: f64) {
        let values = self.by.entry(dimension.to_owned()).or_default();
        *values.entry(value.to_owned()).or_default().entry(figure.to_owned()).or_default() += more;
    }

    /// Adds another's counts to its own.
    pub fn add_counts(&mut self, other: &Self) {
        for (dimension, values) in &other.by {
            for (value, figures) in values {
                for (figure, n) in figures {
                    self.count(dimension, value, figure, *n);
                }
            }
        }
    }
}

/// A number, with its 95 % bootstrap interval and what chance or a dumb rule would give, where those are known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The number.
    pub value: f64,
    /// Lower end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Baselines, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<String, f64>,
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self { value, ..Self::default() }
    }
}

impl From<usize> for Figure {
    fn from(value: usize) -> Self {
        Self::from(value as f64)
    }
}

impl Figure {
    /// With an interval.
    #[must_use]
    pub fn between(mut self, interval: Option<(f64, f64)>) -> Self {
        (self.low, self.high) = interval.unzip();
        self
    }

    /// With a baseline, if it is known.
    #[must_use]
    pub fn beside(mut self, name: &str, value: Option<f64>) -> Self {
        self.beside.extend(value.map(|v| (name.to_owned(), v)));
        self
    }
}

/// What became of a finding or a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A finding where a person marked something.
    Right,
    /// A finding where nobody marked anything.
    False,
    /// A finding of what another finding says already.
    Twice,
    /// A false finding on text that is known to look wrong.
    Trap,
    /// A mark that was found.
    Found,
    /// A mark that was not.
    Missed,
}

impl Verdict {
    /// Whether it is said of a finding; otherwise of a mark.
    pub fn is_of_finding(self) -> bool {
        matches!(self, Self::Right | Self::False | Self::Twice | Self::Trap)
    }
}

/// A finding, or a mark, with what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// What became of it.
    pub verdict: Verdict,
    /// The rule; of a mark its type.
    pub rule: String,
    /// The text: a case, or the document and the row.
    pub text: String,
    /// First character, in code points of the text.
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// The words, with a little before and after.
    pub context: Context,
    /// How bad, if that was said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub severity: String,
    /// How sure the checker was; 1 for marks.
    pub confidence: f64,
    /// The first repair, as the words would then read; for a mark, what the editor would write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<String>,
    /// Whether the first repair is what the editor would write.
    #[serde(default)]
    pub repaired: bool,
}

impl Example {
    /// A place of a text, in bytes, of which nothing is said yet but what became of it and which rule or type it is.
    pub fn new(verdict: Verdict, rule: &str, name: &str, text: &str, span: Span) -> Self {
        let Range { start, end } = Range::of(text, span);
        Self {
            verdict,
            rule: rule.to_owned(),
            text: name.to_owned(),
            start,
            end,
            context: Context::of(text, span),
            severity: String::new(),
            confidence: 1.0,
            repair: None,
            repaired: false,
        }
    }
}

/// Words with a little before and after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Context {
    /// Before.
    pub before: String,
    /// The words.
    pub quote: String,
    /// After.
    pub after: String,
}

/// Characters shown on either side of an example.
const AROUND: usize = 40;

impl Context {
    /// The surroundings of a place, cut at characters.
    pub fn of(text: &str, span: Span) -> Self {
        let start = text.floor_char_boundary(span.start());
        let end = text.ceil_char_boundary(span.end());
        let from = text[..start].char_indices().rev().nth(AROUND - 1).map_or(0, |(at, _)| at);
        let to = text[end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
        let line = |piece: &str| piece.replace(['\n', '\r'], " ");
        Self { before: line(&text[from..start]), quote: line(&text[start..end]), after: line(&text[end..to]) }
    }
}
