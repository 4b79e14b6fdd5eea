//! How much the entries of senses find: by source language, how many there are, how many of their findings touch what people marked,
//! and how many are false alarms on published text. An entry that only fires wrongly goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use rayon::prelude::*;

use crate::article::Language;
use crate::check::CATALOGUE;
use crate::engine::{Engine, Never, Options, RuleOverride};
use crate::language::LanguageData;
use crate::rows::{self, Document, Uses};
use crate::senses::Senses;
use crate::span::Span;

/// The rules that entries speak through.
const FAMILY: &str = "sense";
/// The rule of the family that has no entries.
const WITHOUT: &str = "sense/improbable-rendering";
/// Entries that are listed as having done harm.
const LISTED: usize = 40;

/// What one entry did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Deeds {
    touching: usize,
    beside: usize,
    clean: usize,
}

/// What was measured of one pair of languages.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// Entries of the table.
    entries: usize,
    /// Words of marked and of published text.
    words: [f64; 2],
    /// By the entry's key.
    deeds: BTreeMap<String, Deeds>,
}

/// Measures every file of `FOLDER/eval` with a source, by pair of languages.
///
/// # Errors
/// A file cannot be read.
pub fn measure(folder: &Path) -> anyhow::Result<BTreeMap<(String, String), Measured>> {
    let mut all: BTreeMap<(String, String), Measured> = BTreeMap::new();
    for (source, target) in LanguageData::all().flat_map(|s| LanguageData::all().map(move |t| (s, t))) {
        if let Some(senses) = Senses::between(source, target) {
            let measured = Measured { entries: senses.len(), ..Measured::default() };
            all.insert((source.tag().to_owned(), target.tag().to_owned()), measured);
        }
    }
    let place = folder.join("eval");
    let files = std::fs::read_dir(&place).with_context(|| format!("{}: cannot be read", place.display()))?;
    let mut files: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".jsonl.gz"));
    files.sort();
    let engine = Engine::new();
    let mut options = Options::default();
    for family in CATALOGUE.iter().map(|rule| rule.family()).collect::<BTreeSet<_>>() {
        let enabled = Some(family == FAMILY);
        options.set_rule(RuleOverride { rule: family.to_owned(), enabled, ..RuleOverride::default() })?;
    }
    options.set_rule(RuleOverride { rule: WITHOUT.to_owned(), enabled: Some(false), ..RuleOverride::default() })?;
    for path in files {
        let file = rows::read(&path)?;
        let uses = Uses::of(&file);
        if !uses.labelled && !uses.clean {
            continue;
        }
        let found: Vec<_> = file
            .documents
            .par_iter()
            .map(|document| fired(&engine, &options, document))
            .collect::<Result<_, crate::engine::Interrupted>>()?;
        for (document, found) in file.documents.iter().zip(found) {
            let tag = |language: &Option<Language>| language.as_ref().map_or(String::new(), |l| l.primary().to_owned());
            let pair = (tag(&document.source_language), tag(&document.target_language));
            let Some(measured) = all.get_mut(&pair) else { continue };
            measured.words[usize::from(uses.clean)] += document.words();
            for (key, touches) in found {
                let deeds = measured.deeds.entry(key).or_default();
                match (uses.clean, touches) {
                    (true, _) => deeds.clean += 1,
                    (false, true) => deeds.touching += 1,
                    (false, false) => deeds.beside += 1,
                }
            }
        }
    }
    Ok(all)
}

/// The entries that fired in a document, each with whether it touches a mark.
fn fired(
    engine: &Engine,
    options: &Options,
    document: &Document,
) -> Result<Vec<(String, bool)>, crate::engine::Interrupted> {
    let report = engine.check(&document.article(true), options, &Never)?;
    let mut marks: Vec<Span> = Vec::new();
    let mut start = 0;
    for row in &document.rows {
        marks.extend(row.marks.iter().filter(|m| m.counts()).map(|m| m.span.shift(start)));
        start += row.target.len() + 1;
    }
    let key =
        |finding: &crate::finding::Finding| finding.evidence.first().map_or_else(String::new, |e| e.detail.clone());
    let touches = |span: Span| marks.iter().any(|m| m.start() < span.end() && span.start() < m.end());
    Ok(report.findings.iter().map(|finding| (key(finding), touches(finding.span))).collect())
}

/// As a table, with the entries that did more harm than good.
pub fn table(all: &BTreeMap<(String, String), Measured>) -> String {
    let mut out = String::from(
        "| from | into | entries | fired on marked text | touch a mark | share | per 1,000 words | on clean news | per 1,000 words | entries that fired |\n|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut harmful: Vec<(&str, &str, Deeds)> = Vec::new();
    for ((source, target), measured) in all {
        let sum = |of: fn(&Deeds) -> usize| measured.deeds.values().map(of).sum::<usize>();
        let (touching, beside, clean) = (sum(|d| d.touching), sum(|d| d.beside), sum(|d| d.clean));
        let fired = touching + beside;
        let rate = |count: usize, words: f64| if words > 0.0 { count as f64 * 1_000.0 / words } else { 0.0 };
        let share = if fired > 0 { format!("{:.2}", touching as f64 / fired as f64) } else { String::new() };
        let _ = writeln!(
            out,
            "| {source} | {target} | {} | {fired} | {touching} | {share} | {:.2} | {clean} | {:.2} | {} |",
            measured.entries,
            rate(fired, measured.words[0]),
            rate(clean, measured.words[1]),
            measured.deeds.len(),
        );
        let bad = measured.deeds.iter().filter(|(_, d)| d.clean + d.beside > d.touching);
        harmful.extend(bad.map(|(key, deeds)| (source.as_str(), key.as_str(), *deeds)));
    }
    harmful.sort_by_key(|(source, key, d)| (std::cmp::Reverse(d.clean * 2 + d.beside), *source, *key));
    if !harmful.is_empty() {
        out.push_str("\nEntries that were wrong more often than right:\n\n| from | entry | on clean news | beside marks | on marks |\n|---|---|---|---|---|\n");
    }
    for (source, key, deeds) in harmful.iter().take(LISTED) {
        let _ = writeln!(out, "| {source} | {key} | {} | {} | {} |", deeds.clean, deeds.beside, deeds.touching);
    }
    out
}
