//! Published text: every finding is a false alarm.
//!
//! One text may stand in many files, each time with a source in another language. Over files, the same finding in the same row
//! of the same text counts once, and so do the row's words.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::eval::answer::{Checker, Said, by_row};
use crate::eval::labelled::{band, setting};
use crate::eval::result::{ALL, Example, Figure, Kind, Section, Verdict};
use crate::eval::stats::{interval, once, share};
use crate::rows::{Document, Labelled, words};

/// What comes of one file.
pub struct Measured {
    name: String,
    /// The files' languages of translation.
    target: String,
    documents: Vec<Page>,
}

/// A document, with the false alarms of each row.
struct Page {
    name: String,
    rows: Vec<Line>,
}

struct Line {
    /// The row's id and text: what makes it the same row in another file.
    key: (String, String),
    words: f64,
    said: Vec<(Said, Example)>,
}

/// Measures a file.
///
/// # Errors
/// The checker has no answer for a row.
pub fn measure(file: &Labelled, checker: &Checker, with_source: bool, min_confidence: f64) -> anyhow::Result<Measured> {
    let page = |document: &Document| {
        let answer = checker.document(&file.name, document, with_source)?.counted(min_confidence);
        let rows = document.rows.iter().zip(by_row(document, answer.said)).map(|(row, said)| Line {
            key: (row.id.clone(), row.target.clone()),
            words: words(&row.target, document.target_language.as_ref()),
            said: said.into_iter().map(|s| (s.clone(), s.example(Verdict::False, &row.id, &row.target))).collect(),
        });
        Ok(Page { name: document.name.clone(), rows: rows.collect() })
    };
    let documents = file.documents.par_iter().map(page).collect::<anyhow::Result<_>>()?;
    let language = file.documents.first().and_then(|d| d.target_language.as_ref());
    let target = language.map_or_else(|| "und".to_owned(), |l| l.primary().to_owned());
    Ok(Measured { name: file.name.clone(), target, documents })
}

/// The sections of some files; where there are several, also of all and of all with one target language, everything once.
pub fn sections(files: &[Measured], with_source: bool) -> Vec<Section> {
    let mut sections = Vec::new();
    if files.len() > 1 {
        sections.push(pooled(ALL, files.iter(), with_source));
        let targets: BTreeSet<&str> = files.iter().map(|f| f.target.as_str()).collect();
        for target in targets.iter().filter(|_| targets.len() > 1) {
            let these: Vec<&Measured> = files.iter().filter(|f| f.target == *target).collect();
            if these.len() > 1 {
                sections.push(pooled(&format!("into {target}"), these.into_iter(), with_source));
            }
        }
    }
    sections.extend(files.iter().map(|file| {
        let mut section = section(&file.name, std::iter::once(file), with_source);
        section.examples =
            file.documents.iter().flat_map(|d| &d.rows).flat_map(|r| &r.said).map(|s| s.1.clone()).collect();
        section
    }));
    sections
}

fn pooled<'a>(name: &str, files: impl Iterator<Item = &'a Measured> + Clone, with_source: bool) -> Section {
    let mut pooled = section(name, files.clone(), with_source);
    let rows = || files.clone().flat_map(|f| &f.documents).flat_map(|d| &d.rows);
    let (found, of) = (rows().map(|r| r.said.len() as f64).sum::<f64>(), rows().map(|r| r.words).sum::<f64>());
    pooled.set("files", files.clone().count());
    // How often a file's reader meets a false alarm, whichever file it is.
    pooled.set_some("per_1000_each", share(found * 1_000.0, of).map(Figure::from));
    pooled
}

/// A document of any number of files.
#[derive(Default)]
struct Sum {
    words: f64,
    findings: f64,
}

fn section<'a>(name: &str, files: impl Iterator<Item = &'a Measured>, with_source: bool) -> Section {
    let mut section = Section::new(Kind::Clean, name, setting(with_source));
    let mut seen_rows = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut documents: BTreeMap<(&str, &str), Sum> = BTreeMap::new();
    for file in files {
        for (page, row) in file.documents.iter().flat_map(|page| page.rows.iter().map(move |row| (page, row))) {
            let sum = documents.entry((&file.target, &page.name)).or_default();
            if seen_rows.insert(&row.key) {
                sum.words += row.words;
            }
            for (said, _) in &row.said {
                if seen.insert((&row.key, said.span, &said.rule)) {
                    sum.findings += 1.0;
                    section.count("rule", &said.rule, "clean", 1.0);
                    section.count("confidence", &band(said.confidence), "false", 1.0);
                }
            }
        }
    }
    for ((_, document), sum) in documents.iter().filter(|(_, sum)| sum.findings > 0.0) {
        section.count("document", document, "false", sum.findings);
        section.count("document", document, "words", sum.words);
    }
    let documents: Vec<Sum> = documents.into_values().collect();
    let rate = |times: &[u32]| {
        let total = |of: fn(&Sum) -> f64| documents.iter().zip(times).map(|(d, &t)| of(d) * f64::from(t)).sum::<f64>();
        share(total(|d| d.findings) * 1_000.0, total(|d| d.words))
    };
    section.set("documents", documents.len());
    section.set("words", documents.iter().map(|d| d.words).sum::<f64>());
    section.set("findings", documents.iter().map(|d| d.findings).sum::<f64>());
    let figure = rate(&once(documents.len())).map(|v| Figure::from(v).between(interval(documents.len(), rate)));
    section.set_some("per_1000", figure);
    section
}
