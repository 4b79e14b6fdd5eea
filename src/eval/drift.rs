//! Respelled names: documents in which one occurrence of a repeated name was changed on purpose, and the same documents
//! untouched.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::eval::answer::{Checker, Said, apply, by_row};
use crate::eval::labelled::setting;
use crate::eval::marks::Range;
use crate::eval::result::{ALL, Example, Figure, Kind, Section, Verdict};
use crate::eval::stats::{interval, once, share};
use crate::rows::{Document, Labelled, Mark, Row};
use crate::span::Span;

/// What comes of one file.
pub struct Measured {
    name: String,
    twins: Vec<Twin>,
}

/// Measures a file.
///
/// # Errors
/// The checker has no answer for a row.
pub fn measure(file: &Labelled, checker: &Checker, with_source: bool, min_confidence: f64) -> anyhow::Result<Measured> {
    let respelled = |d: &&Document| d.rows.iter().any(|r| r.marks.iter().any(|m| m.was.is_some()));
    let garbled: Vec<&Document> = file.documents.iter().filter(respelled).collect();
    let one = |document: &&Document| Twin::measure(file, document, checker, with_source, min_confidence);
    let twins = garbled.par_iter().map(one).collect::<anyhow::Result<_>>()?;
    Ok(Measured { name: file.name.clone(), twins })
}

/// The sections of some files, and, where there are several, of all together.
pub fn sections(files: &[Measured], with_source: bool) -> Vec<Section> {
    let mut sections: Vec<Section> = files.iter().map(|f| section(&f.name, f.twins.iter(), with_source)).collect();
    if files.len() > 1 {
        let mut all = section(ALL, files.iter().flat_map(|f| &f.twins), with_source);
        all.examples.clear();
        sections.insert(0, all);
    }
    sections
}

/// What comes of one document and its untouched twin.
struct Twin {
    /// The untouched document, its name and text: several respelled ones may share it, in other files too.
    original: (String, String),
    slips: Vec<Slip>,
    /// Findings away from the slips that the untouched twin does not have.
    elsewhere: Vec<Example>,
    /// Findings in the untouched twin; `None` where nobody was asked about it.
    untouched: Option<Vec<Example>>,
    words: f64,
}

struct Slip {
    kind: String,
    found: bool,
    repaired: bool,
    rules: Vec<String>,
    examples: Vec<Example>,
}

/// The row as it was before names were respelled.
fn original(row: &Row) -> Row {
    let mut target = row.target.clone();
    for mark in row.marks.iter().rev() {
        if let Some(was) = &mark.was {
            target.replace_range(mark.span.range(), was);
        }
    }
    let id = row.id.rsplit_once('#').map_or(row.id.as_str(), |(id, _)| id).to_owned();
    Row { id, target, marks: Vec::new(), ..row.clone() }
}

/// Where a place that touches no respelled name was in the original row.
fn in_original(row: &Row, span: Span) -> Span {
    let before = row.marks.iter().filter(|m| m.span.end() <= span.start());
    let (gone, come) = before.fold((0, 0), |(gone, come), mark| match &mark.was {
        Some(was) => (gone + mark.span.len(), come + was.len()),
        None => (gone, come),
    });
    Span::new(span.start() + come - gone, span.end() + come - gone)
}

/// Where the right spelling of a respelled name stands in the original row.
fn place_of(row: &Row, mark: &Mark) -> Span {
    let start = in_original(row, Span::new(mark.span.start(), mark.span.start())).start();
    Span::new(start, start + mark.was.as_ref().map_or(0, String::len))
}

impl Twin {
    fn measure(
        file: &Labelled,
        document: &Document,
        checker: &Checker,
        with_source: bool,
        min_confidence: f64,
    ) -> anyhow::Result<Self> {
        let ask = |document: &Document| -> anyhow::Result<Vec<Vec<Said>>> {
            let answer = checker.document(&file.name, document, with_source)?.counted(min_confidence);
            Ok(by_row(document, answer.said))
        };
        let mut twin = document.clone();
        twin.name.truncate(document.name.rfind('#').unwrap_or(document.name.len()));
        twin.rows = document.rows.iter().map(original).collect();
        let said = ask(document)?;
        let untouched = if checker.knows(&file.name, &twin) { Some(ask(&twin)?) } else { None };
        let (mut slips, mut elsewhere) = (Vec::new(), Vec::new());
        for (at, (row, said)) in document.rows.iter().zip(&said).enumerate() {
            let clean = &twin.rows[at].target;
            let respelled: Vec<_> = row.marks.iter().filter(|m| m.was.is_some()).collect();
            for mark in &respelled {
                // What is said of the right spelling too tells nothing of the slip.
                let before = untouched.as_ref().map_or(&[][..], |u| &u[at]);
                let is_new =
                    |s: &Said| !before.iter().any(|b| b.rule == s.rule && b.span.overlaps(place_of(row, mark)));
                let fits = |s: &Said| Range::of(&row.target, s.span).fit(Range::of(&row.target, mark.span)) > 0.0;
                let touching: Vec<&Said> = said.iter().filter(|s| fits(s) && is_new(s)).collect();
                let mends = |s: &&&Said| s.repairs.first().is_some_and(|r| apply(&row.target, r) == *clean);
                let repaired = touching.iter().any(|s| mends(&s));
                let is_found = !touching.is_empty();
                let mut examples: Vec<Example> =
                    touching.iter().map(|s| s.example(Verdict::Right, &row.id, &row.target)).collect();
                let verdict = if is_found { Verdict::Found } else { Verdict::Missed };
                examples.push(Example {
                    severity: mark.severity.map_or(String::new(), |s| s.name().to_owned()),
                    repair: mark.was.clone(),
                    repaired,
                    ..Example::new(verdict, &mark.category, &row.id, &row.target, mark.span)
                });
                let rules = touching.iter().map(|s| s.rule.clone()).collect();
                slips.push(Slip { kind: mark.category.clone(), found: is_found, repaired, rules, examples });
            }
            let Some(before) = untouched.as_ref().map(|u| &u[at]) else { continue };
            for one in said.iter().filter(|s| !respelled.iter().any(|m| m.span.overlaps(s.span))) {
                let place = in_original(row, one.span);
                let same = |b: &Said| b.rule == one.rule && b.span == place;
                if !before.iter().any(same) {
                    elsewhere.push(one.example(Verdict::False, &row.id, &row.target));
                }
            }
        }
        let words = twin.words();
        let text: Vec<&str> = twin.rows.iter().map(|r| r.target.as_str()).collect();
        let original = (twin.name.clone(), text.join("\n"));
        let untouched = untouched.map(|rows| {
            let examples = twin.rows.iter().zip(&rows);
            examples
                .flat_map(|(row, said)| said.iter().map(move |s| s.example(Verdict::False, &row.id, &row.target)))
                .collect()
        });
        Ok(Self { original, slips, elsewhere, untouched, words })
    }
}

fn section<'a>(name: &str, twins: impl Iterator<Item = &'a Twin>, with_source: bool) -> Section {
    let twins: Vec<&Twin> = twins.collect();
    let mut section = Section::new(Kind::Drift, name, setting(with_source));
    let mut originals: BTreeMap<&(String, String), f64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut alarms = Vec::new();
    for twin in &twins {
        for slip in &twin.slips {
            let kind = slip.kind.rsplit('/').next().unwrap_or(&slip.kind);
            section.count("kind", kind, "marks", 1.0);
            section.count("kind", kind, "found", f64::from(u8::from(slip.found)));
            section.count("kind", kind, "first_fixes", f64::from(u8::from(slip.repaired)));
            for rule in &slip.rules {
                section.count("rule", rule, "right", 1.0);
            }
            section.examples.extend(slip.examples.iter().cloned());
        }
        for one in &twin.elsewhere {
            section.count("rule", &one.rule, "false", 1.0);
        }
        section.examples.extend(twin.elsewhere.iter().cloned());
        if let Some(examples) = &twin.untouched {
            originals.insert(&twin.original, twin.words);
            alarms.extend(examples.iter().filter(|e| seen.insert((&twin.original, &e.text, e.start, e.end, &e.rule))));
        }
    }
    for one in &alarms {
        section.count("rule", &one.rule, "clean", 1.0);
    }
    section.examples.extend(alarms.iter().copied().cloned());
    let count = |of: &dyn Fn(&Twin) -> usize, times: &[u32]| -> f64 {
        twins.iter().zip(times).map(|(t, &n)| of(t) as f64 * f64::from(n)).sum()
    };
    let all = once(twins.len());
    let slips = |t: &Twin| t.slips.len();
    let found = |t: &Twin| t.slips.iter().filter(|s| s.found).count();
    let repaired = |t: &Twin| t.slips.iter().filter(|s| s.repaired).count();
    section.set("twins", count(&slips, &all));
    section.set("found", count(&found, &all));
    section.set("repaired", count(&repaired, &all));
    let recall = |times: &[u32]| share(count(&found, times), count(&slips, times));
    let figure = recall(&all).map(|v| Figure::from(v).between(interval(twins.len(), recall)));
    section.set_some("recall", figure);
    if !originals.is_empty() {
        section.set("false", count(&|t: &Twin| t.elsewhere.len(), &all));
        let words: f64 = originals.values().sum();
        section.set("clean_words", words);
        section.set("clean_findings", alarms.len());
        section.set_some("clean_per_1000", share(alarms.len() as f64 * 1_000.0, words).map(Figure::from));
    }
    section
}
