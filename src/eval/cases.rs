//! Case folders: articles as machine translation left them, with an editor's marks and a clean twin.
//!
//! A folder holds `target.<tag>.txt` and, where there are any, `source.<tag>.txt`, `clean.<tag>.txt`, `glossary.csv`, marks and
//! traps: right text that looks wrong. Marks stand either in `gold.jsonl` (`start`, `end`, `quote`, `mqm`, `severity`, `accept`;
//! code points) with `traps.jsonl` (`start`, `end`, `quote`), or, for people to write, in `marks.tsv` (`quote`, `nth`, `mqm`,
//! `severity`, `accept` with `|` between) with `traps.tsv` (`quote`, `nth`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::article::{Article, Language, Side};
use crate::eval::answer::{Checker, Said};
use crate::eval::labelled::band;
use crate::eval::marks::{Change, Pairing, Range, Sheet};
use crate::eval::result::{ALL, Example, Figure, Kind, Section, Verdict};
use crate::eval::stats::{interval, once, share};
use crate::finding::Severity;
use crate::glossary::{self, Glossary};
use crate::rows::words;
use crate::span::{Encoding, OffsetMap, Span};

/// A mark.
#[derive(Clone, Debug)]
struct Mark {
    range: Range,
    mqm: String,
    severity: Severity,
    /// What an editor would write there; none, where it must be rewritten by hand.
    accept: Vec<String>,
}

/// A text with its language.
type Text = (String, Option<Language>);

/// A case folder.
pub struct Case {
    /// The folder's name.
    pub name: String,
    target: Text,
    source: Option<Text>,
    clean: Option<Text>,
    glossary: Option<Arc<Glossary>>,
    marks: Vec<Mark>,
    traps: Vec<(String, Range)>,
}

/// What a checker is given beside the translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Nothing.
    Alone,
    /// The source.
    Source,
    /// The glossary.
    Glossary,
    /// Both.
    Both,
}

impl Setting {
    /// Every setting, the poorest first.
    pub const EVERY: [Self; 4] = [Self::Alone, Self::Source, Self::Glossary, Self::Both];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Source => "source",
            Self::Glossary => "glossary",
            Self::Both => "both",
        }
    }

    /// Whether the source is given.
    pub fn has_source(self) -> bool {
        matches!(self, Self::Source | Self::Both)
    }

    fn has_glossary(self) -> bool {
        matches!(self, Self::Glossary | Self::Both)
    }
}

/// Whether a folder is a case: it has a translation with marks.
pub fn is_case(folder: &Path) -> bool {
    ["gold.jsonl", "marks.tsv"].iter().any(|name| folder.join(name).is_file())
}

/// What a case's glossary may be called; the first that is there is read.
const GLOSSARIES: [&str; 3] = ["glossary.csv", "glossary.tbx", "glossary.tsv"];

/// Reads a case folder.
///
/// # Errors
/// Something is missing or not as it should be; the message names the file, and the line where it can.
pub fn read(folder: &Path) -> anyhow::Result<Case> {
    let name = folder.canonicalize().ok().and_then(|f| Some(f.file_name()?.to_string_lossy().into_owned()));
    let name = name.with_context(|| format!("{}: is not there", folder.display()))?;
    let target = text(folder, "target")?.with_context(|| format!("{}: has no target.*.txt", folder.display()))?;
    let (marks, traps) = if folder.join("gold.jsonl").is_file() {
        marks_of_json(folder, &target.0)?
    } else if folder.join("marks.tsv").is_file() {
        marks_of_table(folder, &target.0)?
    } else {
        bail!("{}: has neither gold.jsonl nor marks.tsv, so it is no case", folder.display());
    };
    let glossary = match GLOSSARIES.map(|name| folder.join(name)).into_iter().find(|path| path.is_file()) {
        Some(table) => {
            let bytes = std::fs::read(&table).with_context(|| format!("{}: cannot be read", table.display()))?;
            let entries = glossary::read_glossary(&table, &bytes, None)?.entries;
            Some(Arc::new(Glossary::compile(name.clone(), &entries)))
        }
        None => None,
    };
    Ok(Case { source: text(folder, "source")?, clean: text(folder, "clean")?, name, target, glossary, marks, traps })
}

/// `target.en.txt` and what it tells of its language.
fn text(folder: &Path, stem: &str) -> anyhow::Result<Option<Text>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}: cannot be read", folder.display()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    found.retain(|path| {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(".txt"))
    });
    found.sort();
    let Some(path) = found.into_iter().next() else { return Ok(None) };
    let text = std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let language = stem.rsplit_once('.').and_then(|(_, tag)| Language::parse(tag).ok());
    Ok(Some((text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text), language)))
}

#[derive(Deserialize)]
struct GoldRow {
    start: usize,
    end: usize,
    quote: String,
    #[serde(default)]
    mqm: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    accept: Vec<String>,
}

type Marked = (Vec<Mark>, Vec<(String, Range)>);

fn marks_of_json(folder: &Path, text: &str) -> anyhow::Result<Marked> {
    let map = OffsetMap::new(text, Encoding::Utf32);
    let range = |row: &GoldRow| {
        let ends = map.to_byte(row.start).zip(map.to_byte(row.end)).filter(|(start, end)| start <= end);
        if ends.is_none_or(|(start, end)| text[start..end] != row.quote) {
            bail!("{} to {} is not {:?} in the text", row.start, row.end, row.quote);
        }
        Ok(Range { start: row.start, end: row.end })
    };
    let mut marks = Vec::new();
    for (place, row) in json_lines::<GoldRow>(&folder.join("gold.jsonl"))? {
        let range = range(&row).with_context(|| place.clone())?;
        let severity = severity(&row.severity).context(place)?;
        marks.push(Mark { range, mqm: row.mqm, severity, accept: row.accept });
    }
    let mut traps = Vec::new();
    let path = folder.join("traps.jsonl");
    if path.is_file() {
        for (place, row) in json_lines::<GoldRow>(&path)? {
            let range = range(&row).context(place)?;
            traps.push((row.quote, range));
        }
    }
    Ok((marks, traps))
}

/// The rows of a file, each with its place for messages.
fn json_lines<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<(String, T)>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let row = |(number, line): (usize, &str)| {
        let place = format!("{}:{number}", path.display());
        let row = serde_json::from_str(line).with_context(|| format!("{place}: this is no mark"))?;
        Ok((place, row))
    };
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(row).collect()
}

fn marks_of_table(folder: &Path, text: &str) -> anyhow::Result<Marked> {
    let mut marks = Vec::new();
    for (place, [quote, nth, mqm, grave, accept]) in
        table(&folder.join("marks.tsv"), ["quote", "nth", "mqm", "severity", "accept"])?
    {
        let range = nth_place(text, &quote, &nth).with_context(|| place.clone())?;
        let accept = accept.split('|').filter(|a| !a.is_empty()).map(str::to_owned).collect();
        marks.push(Mark { range, mqm, severity: severity(&grave).context(place)?, accept });
    }
    let mut traps = Vec::new();
    let path = folder.join("traps.tsv");
    if path.is_file() {
        for (place, [quote, nth]) in table(&path, ["quote", "nth"])? {
            let range = nth_place(text, &quote, &nth).context(place)?;
            traps.push((quote, range));
        }
    }
    Ok((marks, traps))
}

/// The rows of a table with these columns, each with its place for messages.
fn table<const N: usize>(path: &Path, columns: [&str; N]) -> anyhow::Result<Vec<(String, [String; N])>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
        let place = format!("{}:{number}", path.display());
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let count = fields.len();
        let Ok(fields) = <[String; N]>::try_from(fields) else {
            bail!("{place}: {count} fields, and there should be {N}: {}", columns.join(", "));
        };
        if number == 1 {
            if fields != columns {
                bail!("{place}: the columns should be {}", columns.join(", "));
            }
            continue;
        }
        rows.push((place, fields));
    }
    Ok(rows)
}

/// Where some words stand for the nth time, from 1.
fn nth_place(text: &str, quote: &str, nth: &str) -> anyhow::Result<Range> {
    let wanted: usize =
        nth.parse().ok().filter(|&n| n > 0).with_context(|| format!("nth is {nth:?}, not 1 or more"))?;
    let mut at = None;
    for _ in 0..wanted {
        let from = at.map_or(0, |at: usize| text.ceil_char_boundary(at + 1));
        at = text.get(from..).and_then(|rest| rest.find(quote)).map(|found| from + found);
        if at.is_none() {
            bail!("{quote:?} does not stand {wanted} times in the text");
        }
    }
    let start = Encoding::Utf32.units(&text[..at.unwrap_or(0)]);
    Ok(Range { start, end: start + Encoding::Utf32.units(quote) })
}

fn severity(name: &str) -> anyhow::Result<Severity> {
    let known = Severity::ALL.into_iter().find(|s| s.name() == name);
    known.with_context(|| format!("severity {name:?} should be minor, major or critical"))
}

/// Measures every case in every setting, and sums up each setting.
///
/// # Errors
/// The checker has no answer for a case.
pub fn measure(
    cases: &[Case],
    settings: &[Setting],
    checker: &Checker,
    min_confidence: f64,
) -> anyhow::Result<Vec<Section>> {
    let mut sections = Vec::new();
    for &setting in settings {
        let each: Vec<Section> = cases
            .par_iter()
            .map(|case| case.measure(setting, checker, min_confidence))
            .collect::<anyhow::Result<_>>()?;
        if each.len() > 1 {
            sections.push(sum(&each, setting_name(setting, checker)));
        }
        sections.extend(each);
    }
    Ok(sections)
}

/// What a section says that the checker was given: of answers that were given elsewhere, nobody knows.
fn setting_name(setting: Setting, checker: &Checker) -> &'static str {
    if checker.can_be_asked() { setting.name() } else { "answers" }
}

/// Figures that are counts, and are added up over cases.
const COUNTS: [&str; 13] = [
    "marks",
    "found",
    "findings",
    "right",
    "first_fixes",
    "top3_fixes",
    "duplicates",
    "heavy",
    "heavy_found",
    "traps",
    "traps_sprung",
    "clean_findings",
    "clean_words",
];

fn sum(each: &[Section], setting: &str) -> Section {
    let mut all = Section::new(Kind::Cases, ALL, setting);
    for name in COUNTS {
        all.set(name, each.iter().filter_map(|s| s.value(name)).sum::<f64>());
    }
    for section in each {
        all.add_counts(section);
    }
    let total = |name: &str, times: &[u32]| -> f64 {
        each.iter().zip(times).map(|(s, &t)| s.value(name).unwrap_or(0.0) * f64::from(t)).sum()
    };
    for (name, part, whole, scale) in RATES {
        let rate = |times: &[u32]| share(total(part, times) * scale, total(whole, times));
        let figure = rate(&once(each.len())).map(|v| Figure::from(v).between(interval(each.len(), rate)));
        all.set_some(name, figure);
    }
    all
}

/// Figures that are quotients of counts: name, part, whole, scale.
const RATES: [(&str, &str, &str, f64); 3] = [
    ("recall", "found", "marks", 1.0),
    ("precision", "right", "findings", 1.0),
    ("clean_per_1000", "clean_findings", "clean_words", 1_000.0),
];

impl Case {
    /// Words of the translation.
    pub fn words(&self) -> f64 {
        words(&self.target.0, self.target.1.as_ref())
    }

    /// The article, and its clean twin if there is one.
    fn article(&self, (text, language): &Text, setting: Setting) -> Article {
        let source = self.source.as_ref().filter(|_| setting.has_source());
        Article::new(source.map(|(s, l)| Side::new(s.clone(), l.clone())), Side::new(text.clone(), language.clone()))
    }

    fn measure(&self, setting: Setting, checker: &Checker, min_confidence: f64) -> anyhow::Result<Section> {
        let glossary = self.glossary.as_ref().filter(|_| setting.has_glossary());
        let ask = |name: &str, text: &Text| -> anyhow::Result<Vec<Said>> {
            let answer = checker.text(name, &self.article(text, setting), glossary)?;
            Ok(answer.counted(min_confidence).said)
        };
        let mut section = Section::new(Kind::Cases, self.name.clone(), setting_name(setting, checker));
        self.score(&ask(&self.name, &self.target)?, &mut section);
        if let Some(clean) = &self.clean {
            let said = ask(&format!("{}/clean", self.name), clean)?;
            self.score_clean(&said, clean, &mut section);
        }
        for (name, part, whole, scale) in RATES {
            let rate = section.value(part).zip(section.value(whole)).and_then(|(p, w)| share(p * scale, w));
            section.set_some(name, rate.map(Figure::from));
        }
        Ok(section)
    }

    /// Compares findings with marks. It is separate from asking, so that a wrong report can be tried on it.
    pub fn score(&self, said: &[Said], section: &mut Section) {
        let text = self.target.0.as_str();
        let map = OffsetMap::new(text, Encoding::Utf32);
        let range = |span: Span| Range { start: map.to_units(span.start()), end: map.to_units(span.end()) };
        let found: Vec<Range> = said.iter().map(|s| range(s.span)).collect();
        let marks: Vec<Range> = self.marks.iter().map(|m| m.range).collect();
        let pairing = Pairing::new(&found, &marks);
        let sheet = Sheet::new(text);
        // What each of the first three repairs of a finding makes of the text.
        let repaired: Vec<Vec<String>> = said
            .iter()
            .map(|s| {
                let change =
                    |e: &crate::finding::Edit| Change { range: range(e.span), replacement: e.replacement.clone() };
                s.repairs.iter().take(3).map(|r| sheet.with(&r.iter().map(change).collect::<Vec<_>>())).collect()
            })
            .collect();
        let (mut first_right, mut counts) = (vec![false; said.len()], [0_usize; 4]);
        let [hits, top1, top3, heavy_found] = &mut counts;
        let is_heavy = |mark: &Mark| mark.severity >= Severity::Major;
        for (j, mark) in self.marks.iter().enumerate() {
            let is_found = pairing.found_by[j].is_some();
            let wanted: Vec<String> = mark
                .accept
                .iter()
                .map(|a| sheet.with(&[Change { range: mark.range, replacement: a.clone() }]))
                .collect();
            let (mut first, mut third) = (false, false);
            for i in pairing.fitting(j) {
                if repaired[i].first().is_some_and(|r| wanted.contains(r)) {
                    first = true;
                    first_right[i] = true;
                }
                third |= repaired[i].iter().any(|r| wanted.contains(r));
            }
            *hits += usize::from(is_found);
            *top1 += usize::from(first);
            *top3 += usize::from(third);
            *heavy_found += usize::from(is_found && is_heavy(mark));
            for (dimension, value) in [("type", mark.mqm.as_str()), ("severity", mark.severity.name())] {
                section.count(dimension, value, "marks", 1.0);
                section.count(dimension, value, "found", f64::from(u8::from(is_found)));
                section.count(dimension, value, "first_fixes", f64::from(u8::from(first)));
            }
            let (start, end) = map.to_byte(mark.range.start).zip(map.to_byte(mark.range.end)).unwrap_or_default();
            let verdict = if is_found { Verdict::Found } else { Verdict::Missed };
            section.examples.push(Example {
                severity: mark.severity.name().to_owned(),
                repair: mark.accept.first().cloned(),
                repaired: first,
                ..Example::new(verdict, &mark.mqm, &self.name, text, Span::new(start, end))
            });
        }
        let mut sprung = BTreeSet::new();
        let mut duplicates = 0;
        for (i, said) in said.iter().enumerate() {
            let trap = self.traps.iter().find(|(_, trap)| found[i].fit(*trap) > 0.0);
            let verdict = if pairing.mark_of[i].is_some() {
                Verdict::Right
            } else if pairing.is_duplicate(i) {
                duplicates += 1;
                Verdict::Twice
            } else if trap.is_some() {
                let every = self.traps.iter().filter(|(_, trap)| found[i].fit(*trap) > 0.0);
                sprung.extend(every.map(|(quote, _)| quote.as_str()));
                Verdict::Trap
            } else {
                Verdict::False
            };
            let tally = match verdict {
                Verdict::Right => "right",
                Verdict::Twice => "duplicates",
                Verdict::Trap => "traps",
                _ => "false",
            };
            section.count("rule", &said.rule, tally, 1.0);
            section.count("confidence", &band(said.confidence), tally, 1.0);
            section.count("rule", &said.rule, "first_fixes", f64::from(u8::from(first_right[i])));
            let example = said.example(verdict, &self.name, text);
            section.examples.push(Example { repaired: first_right[i], ..example });
        }
        let quotes: BTreeSet<&str> = self.traps.iter().map(|(quote, _)| quote.as_str()).collect();
        for (name, count) in [
            ("marks", self.marks.len()),
            ("found", *hits),
            ("findings", said.len() - duplicates),
            ("right", pairing.mark_of.iter().flatten().count()),
            ("first_fixes", *top1),
            ("top3_fixes", *top3),
            ("duplicates", duplicates),
            ("heavy", self.marks.iter().filter(|m| is_heavy(m)).count()),
            ("heavy_found", *heavy_found),
            ("traps", quotes.len()),
            ("traps_sprung", sprung.len()),
        ] {
            section.set(name, count);
        }
    }

    fn score_clean(&self, said: &[Said], (text, language): &Text, section: &mut Section) {
        let name = format!("{}/clean", self.name);
        section.set("clean_findings", said.len());
        section.set("clean_words", words(text, language.as_ref()));
        for said in said {
            section.count("rule", &said.rule, "clean", 1.0);
            section.examples.push(said.example(Verdict::False, &name, text));
        }
    }
}
