//! The texts of the benches: the example of the repository, and longer ones made of it, with other names in each repetition.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use obelus::article::{Article, Language, SegmentText, Side};
use obelus::engine::{Options, count_words};
use obelus::glossary::{Glossary, csv};

use crate::names::beginning;

/// A language by its tag.
pub(crate) fn language(tag: &str) -> Language {
    Language::parse(tag).expect("the tags of the benches are well-formed")
}

/// A translation into English, with its Russian source where one is given.
pub(crate) fn article(source: Option<String>, target: String) -> Article {
    Article::new(source.map(|text| Side::new(text, Some(language("ru")))), Side::new(target, Some(language("en"))))
}

/// Options with one glossary.
pub(crate) fn options(glossary: &str) -> Options {
    let entries = csv::read(glossary.as_bytes(), "glossary.csv").expect("the glossary is the repository's own");
    let mut options = Options::default();
    options.glossaries.push(Arc::new(Glossary::compile("bench", &entries)));
    options
}

/// The folder of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Beginnings of the example's names in both scripts; what follows them stays, so that endings are inflected as they were
/// and the faults in them (Dresvanka, Kravstova, Agrodock) are the same faults.
const BEGINNINGS: [(&str, &str); 6] =
    [("Krav", "Крав"), ("Beloze", "Белозе"), ("Meshche", "Меще"), ("Dres", "Дрес"), ("Yary", "Яры"), ("Agro", "Агро")];

/// How a text is cut.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Paragraph,
    Sentence,
}

/// The example of the repository.
pub(crate) struct Example {
    /// The original.
    pub(crate) source: String,
    /// The translation, with an editor's work still to do.
    pub(crate) target: String,
    /// Its glossary, as it is written.
    glossary: String,
    /// Source and target of each sentence.
    sentences: Vec<(String, String)>,
    /// Words of the translation.
    pub(crate) words: usize,
    finder: AhoCorasick,
}

impl Example {
    /// Reads `examples/`.
    pub(crate) fn read() -> Self {
        let text = |file: &str| {
            let path = root().join("examples").join(file);
            std::fs::read_to_string(&path).expect("the examples are a part of the repository")
        };
        let row = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).expect("the example has JSON on every line");
            let side = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (side("source"), side("target"))
        };
        let target = text("article.en.txt").trim().to_owned();
        Self {
            source: text("article.ru.txt").trim().to_owned(),
            words: count_words(&target),
            target,
            glossary: text("glossary.csv"),
            sentences: text("document.jsonl").lines().map(row).collect(),
            finder: AhoCorasick::new(BEGINNINGS.into_iter().flat_map(|(latin, cyrillic)| spellings(latin, cyrillic)))
                .expect("36 patterns fit any automaton"),
        }
    }

    /// How many repetitions have so many words, at least.
    pub(crate) fn times(&self, words: usize) -> usize {
        words.div_ceil(self.words)
    }

    /// The names of one repetition; the first keeps those of the example.
    fn cast(&self, repetition: usize) -> Cast<'_> {
        let names = repetition.checked_sub(1).map(|before| {
            let kinds = 0..BEGINNINGS.len();
            let names = kinds.map(|kind| beginning(before * BEGINNINGS.len() + kind));
            names.flat_map(|(latin, cyrillic)| spellings(&latin, &cyrillic)).collect()
        });
        Cast { finder: &self.finder, names }
    }

    /// The original so many times, with other names each time.
    pub(crate) fn source(&self, times: usize) -> String {
        self.repeat(&self.source, times)
    }

    /// The translation so many times, with the names of the original.
    pub(crate) fn target(&self, times: usize) -> String {
        self.repeat(&self.target, times)
    }

    fn repeat(&self, text: &str, times: usize) -> String {
        (0..times).map(|repetition| self.cast(repetition).play(text)).collect::<Vec<_>>().join("\n\n")
    }

    /// A glossary for so many repetitions: the names of each, and once what has no name in it.
    pub(crate) fn glossary(&self, times: usize) -> String {
        let (header, rows) = self.glossary.split_once('\n').expect("the glossary has a header");
        let mut seen = BTreeSet::new();
        let mut all = vec![header.to_owned()];
        for repetition in 0..times {
            let rows = self.cast(repetition).play(rows);
            all.extend(rows.lines().filter(|row| seen.insert((*row).to_owned())).map(str::to_owned));
        }
        all.join("\n")
    }

    /// So many repetitions with source and glossary.
    pub(crate) fn with_both(&self, times: usize) -> (Article, Options) {
        (article(Some(self.source(times)), self.target(times)), options(&self.glossary(times)))
    }

    /// So many repetitions as the segments of a translation file.
    pub(crate) fn segments(&self, times: usize, unit: Unit, with_source: bool) -> Vec<SegmentText> {
        let pairs: Vec<(&str, &str)> = match unit {
            Unit::Paragraph => self.source.split("\n\n").zip(self.target.split("\n\n")).collect(),
            Unit::Sentence => self.sentences.iter().map(|(s, t)| (s.as_str(), t.as_str())).collect(),
        };
        let mut segments = Vec::with_capacity(pairs.len() * times);
        for repetition in 0..times {
            let cast = self.cast(repetition);
            segments.extend(pairs.iter().enumerate().map(|(index, (source, target))| SegmentText {
                id: format!("{repetition}-{index}"),
                source: if with_source { cast.play(source) } else { String::new() },
                target: cast.play(target),
                ..SegmentText::default()
            }));
        }
        segments
    }
}

/// Who and what a repetition is about; `None`: those of the example.
struct Cast<'a> {
    finder: &'a AhoCorasick,
    names: Option<Vec<String>>,
}

impl Cast<'_> {
    /// A text with these names.
    fn play(&self, text: &str) -> String {
        self.names.as_ref().map_or_else(|| text.to_owned(), |names| self.finder.replace_all(text, names))
    }
}

/// A beginning in both scripts, with a capital, in capitals (UST-YARYNSK) and in small letters (agroDOCK).
fn spellings(latin: &str, cyrillic: &str) -> Vec<String> {
    let shapes = |name: &str| [name.to_owned(), name.to_uppercase(), name.to_lowercase()];
    [latin, cyrillic].into_iter().flat_map(shapes).collect()
}
