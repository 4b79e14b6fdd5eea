//! The same documents by machine and by hand: do the score and the findings tell which is which?

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::eval::answer::{Answer, Checker};
use crate::eval::labelled::setting;
use crate::eval::result::{ALL, Figure, Kind, Section};
use crate::eval::stats::{Scored, auc, interval, once, share};
use crate::rows::{Document, Labelled, by_hand};

/// What comes of one file.
pub struct Measured {
    name: String,
    versions: Vec<Version>,
}

/// One document by one translator.
struct Version {
    /// The document; both sides of it are drawn together.
    document: String,
    system: String,
    by_hand: bool,
    words: f64,
    findings: f64,
    score: f64,
    estimate: Option<f64>,
    garble: f64,
    length: f64,
    ratio: f64,
}

/// Measures a file. A version that several people marked counts once.
///
/// # Errors
/// The checker has no answer for a row.
pub fn measure(file: &Labelled, checker: &Checker, with_source: bool, min_confidence: f64) -> anyhow::Result<Measured> {
    let mut seen = BTreeSet::new();
    let versions: Vec<&Document> = file.documents.iter().filter(|d| seen.insert((&d.name, &d.system))).collect();
    let version = |document: &&Document| {
        let answer: Answer = checker.document(&file.name, document, with_source)?.counted(min_confidence);
        let words = document.words();
        let characters = |of: fn(&crate::rows::Row) -> &str| -> f64 {
            document.rows.iter().map(|r| of(r).chars().count() as f64).sum()
        };
        let length = characters(|r| &r.target);
        Ok(Version {
            document: format!("{}/{}", file.name, document.name),
            system: document.system.clone(),
            by_hand: by_hand(&document.system),
            words,
            findings: answer.said.len() as f64,
            score: answer.score(words),
            estimate: answer.estimate,
            garble: answer.said.iter().filter(|s| s.rule.starts_with("garble/")).count() as f64,
            length,
            ratio: ((length + 1.0) / (characters(|r| &r.source) + 1.0)).ln(),
        })
    };
    let mut versions: Vec<Version> = versions.par_iter().map(version).collect::<anyhow::Result<_>>()?;
    // How long a translation usually is depends on the languages, so an odd length is odd within its file.
    let mut ratios: Vec<f64> = versions.iter().map(|v| v.ratio).collect();
    ratios.sort_by(f64::total_cmp);
    let usual = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
    versions.iter_mut().for_each(|v| v.ratio = -(v.ratio - usual).abs());
    Ok(Measured { name: file.name.clone(), versions })
}

/// The sections of some files, and, where there are several, of all together.
pub fn sections(files: &[Measured], with_source: bool) -> Vec<Section> {
    let mut sections: Vec<Section> =
        files.iter().map(|f| section(&f.name, &f.versions.iter().collect::<Vec<_>>(), with_source)).collect();
    if files.len() > 1 {
        let all: Vec<&Version> = files.iter().flat_map(|f| &f.versions).collect();
        sections.insert(0, section(ALL, &all, with_source));
    }
    sections
}

fn section(name: &str, versions: &[&Version], with_source: bool) -> Section {
    let mut section = Section::new(Kind::Contrast, name, setting(with_source));
    let mut numbers = BTreeMap::new();
    for version in versions {
        let next = numbers.len();
        numbers.entry(version.document.as_str()).or_insert(next);
        section.count("system", &version.system, "findings", version.findings);
        section.count("system", &version.system, "words", version.words);
        section.count("system", &version.system, "documents", 1.0);
    }
    let documents = numbers.len();
    let number = |v: &Version| numbers[v.document.as_str()];
    let sides = [("by_hand", true), ("by_machine", false)];
    for (side, hand) in sides {
        let these = || versions.iter().filter(move |v| v.by_hand == hand);
        let rate = |times: &[u32]| {
            let total = |of: fn(&Version) -> f64| these().map(|v| of(v) * f64::from(times[number(v)])).sum::<f64>();
            share(total(|v| v.findings) * 1_000.0, total(|v| v.words))
        };
        section.set(&format!("{side}_versions"), these().count());
        let figure = rate(&once(documents)).map(|v| Figure::from(v).between(interval(documents, rate)));
        section.set_some(&format!("{side}_per_1000"), figure);
    }
    section.set("documents", documents);
    let area = |of: fn(&Version) -> f64| {
        let items: Vec<Scored> =
            versions.iter().map(|v| Scored { score: of(v), right: v.by_hand, document: number(v) }).collect();
        auc(&items, &once(documents)).map(|v| Figure::from(v).between(interval(documents, |times| auc(&items, times))))
    };
    let baseline = |of: fn(&Version) -> f64| area(of).map(|f| f.value);
    let (length, ratio) = (baseline(|v| -v.length), baseline(|v| v.ratio));
    let mut signal = |name: &str, of: fn(&Version) -> f64| {
        let figure = area(of).map(|f| f.beside("minus length", length).beside("length ratio", ratio));
        section.set_some(name, figure);
    };
    signal("auc_score", |v| v.score);
    signal("auc_findings", |v| -v.findings / v.words.max(1.0));
    signal("auc_garble", |v| -v.garble / v.words.max(1.0));
    if versions.iter().all(|v| v.estimate.is_some()) {
        signal("auc_estimate", |v| v.estimate.unwrap_or_default());
    }
    section
}
