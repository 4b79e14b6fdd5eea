//! Figures for people: tables as text or Markdown, counts by rule, examples with their context, and the one line that goes into
//! a commit message.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use crate::eval::result::{ALL, Example, Figure, Kind, Run, Section, Verdict};

/// How tables are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Columns of spaces.
    Text,
    /// Markdown.
    Markdown,
}

/// What stands in a column.
enum Cell {
    /// A count.
    Count(&'static str),
    /// A count of a count: 18/44.
    Of(&'static str, &'static str),
    /// A number with its interval.
    Rate(&'static str, usize),
    /// A baseline of a figure.
    Beside(&'static str, &'static str),
}

/// The columns of a kind: heading and what stands in it.
fn columns(kind: Kind) -> &'static [(&'static str, Cell)] {
    use Cell::{Beside, Count, Of, Rate};
    match kind {
        Kind::Cases => &[
            ("found", Of("found", "marks")),
            ("share", Rate("recall", 3)),
            ("findings", Count("findings")),
            ("precision", Rate("precision", 3)),
            ("right first repairs", Count("first_fixes")),
            ("in three", Count("top3_fixes")),
            ("twice", Count("duplicates")),
            ("major and critical", Of("heavy_found", "heavy")),
            ("traps sprung", Of("traps_sprung", "traps")),
            ("clean twins", Count("clean_findings")),
            ("per 1,000 words", Rate("clean_per_1000", 2)),
        ],
        Kind::Clean => &[
            ("files", Count("files")),
            ("documents", Count("documents")),
            ("words", Count("words")),
            ("false alarms", Count("findings")),
            ("per 1,000 words", Rate("per_1000", 2)),
            ("per 1,000 in a file", Rate("per_1000_each", 2)),
        ],
        Kind::Drift => &[
            ("found", Of("found", "twins")),
            ("share", Rate("recall", 3)),
            ("rightly repaired", Of("repaired", "twins")),
            ("new false alarms", Count("false")),
            ("on untouched twins", Count("clean_findings")),
            ("per 1,000 words", Rate("clean_per_1000", 2)),
        ],
        Kind::Contrast => &[
            ("documents", Count("documents")),
            ("by hand", Count("by_hand_versions")),
            ("by machine", Count("by_machine_versions")),
            ("per 1,000 by hand", Rate("by_hand_per_1000", 2)),
            ("per 1,000 by machine", Rate("by_machine_per_1000", 2)),
            ("AUC of the score", Rate("auc_score", 3)),
            ("AUC of findings per word", Rate("auc_findings", 3)),
            ("AUC of garble findings per word", Rate("auc_garble", 3)),
            ("AUC of the estimated quality", Rate("auc_estimate", 3)),
            ("minus length", Beside("auc_score", "minus length")),
            ("length ratio", Beside("auc_score", "length ratio")),
        ],
        Kind::Labelled => &[
            ("rows", Count("rows")),
            ("words", Count("words")),
            ("findings", Count("findings")),
            ("twice", Count("duplicates")),
            ("per 1,000 words", Rate("per_1000", 2)),
            ("touch a mark", Rate("touching", 3)),
            ("random spans", Beside("touching", "random spans")),
            ("marks touched", Rate("marks_touched", 3)),
            ("random spans", Beside("marks_touched", "random spans")),
            ("major and critical touched", Rate("heavy_touched", 3)),
            ("random spans", Beside("heavy_touched", "random spans")),
            ("MCC of words (flag nothing: 0)", Rate("mcc", 3)),
            ("AP of findings", Rate("ap", 3)),
            ("in any order", Beside("ap", "any order")),
            ("AP of words", Rate("words_ap", 3)),
            ("share marked", Beside("words_ap", "share marked")),
            ("word threshold", Rate("word_threshold", 2)),
            ("MCC of words at it", Rate("words_mcc", 3)),
            ("r with DA", Rate("da", 3)),
            ("minus length", Beside("da", "minus length")),
            ("length ratio", Beside("da", "length ratio")),
            ("ρ with DA", Rate("da_rank", 3)),
            ("r with −HTER", Rate("hter", 3)),
            ("minus length", Beside("hter", "minus length")),
            ("length ratio", Beside("hter", "length ratio")),
            ("ρ with −HTER", Rate("hter_rank", 3)),
            ("r with −MQM", Rate("mqm", 3)),
            ("minus length", Beside("mqm", "minus length")),
            ("length ratio", Beside("mqm", "length ratio")),
            ("ρ with −MQM", Rate("mqm_rank", 3)),
        ],
    }
}

/// What a kind's table is called.
pub fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Cases => "Articles with an editor's marks, and their clean twins",
        Kind::Clean => "Published text, where every finding is a false alarm",
        Kind::Drift => "Names respelled on purpose, and the untouched twins",
        Kind::Contrast => "The same documents by machine and by hand",
        Kind::Labelled => "Rows with human error spans and scores",
    }
}

/// A table. Columns that are empty in every row are left out.
#[derive(Default)]
pub(super) struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(heads: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { heads: heads.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    pub(super) fn draw(&self, look: Look) -> String {
        let used: Vec<usize> =
            (0..self.heads.len()).filter(|&at| self.rows.iter().any(|row| !row[at].is_empty())).collect();
        let mut out = String::new();
        let cells = |row: &[String]| used.iter().map(|&at| row[at].clone()).collect::<Vec<_>>();
        let lines: Vec<Vec<String>> =
            std::iter::once(cells(&self.heads)).chain(self.rows.iter().map(|r| cells(r))).collect();
        if look == Look::Markdown {
            for (number, line) in lines.iter().enumerate() {
                let _ =
                    writeln!(out, "| {} |", line.iter().map(|c| c.replace('|', "\\|")).collect::<Vec<_>>().join(" | "));
                if number == 0 {
                    let rule: Vec<&str> = (0..line.len()).map(|at| if at == 0 { "---" } else { "---:" }).collect();
                    let _ = writeln!(out, "|{}|", rule.join("|"));
                }
            }
            return out;
        }
        let width = |at: usize| lines.iter().map(|line| line[at].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..used.len()).map(width).collect();
        for line in &lines {
            let mut text = String::new();
            for (at, (cell, width)) in line.iter().zip(&widths).enumerate() {
                let space = " ".repeat(width - cell.width());
                // Names stand to the left, numbers to the right.
                let _ = if at == 0 { write!(text, "{cell}{space}") } else { write!(text, "  {space}{cell}") };
            }
            let _ = writeln!(out, "{}", text.trim_end());
        }
        out
    }
}

/// The tables of all kinds.
pub fn tables(run: &Run, look: Look) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let sections: Vec<&Section> = run.sections.iter().filter(|s| s.kind == kind).collect();
        if !sections.is_empty() {
            let _ = writeln!(out, "{}\n", heading(title(kind), look));
            let _ = writeln!(out, "{}", table(kind, &sections, look));
        }
    }
    out
}

pub(super) fn heading(text: &str, look: Look) -> String {
    if look == Look::Markdown { format!("## {text}") } else { text.to_owned() }
}

/// The table of some sections of one kind.
pub(super) fn table(kind: Kind, sections: &[&Section], look: Look) -> String {
    let columns = columns(kind);
    let mut table = Table::new(["set", "given"].into_iter().chain(columns.iter().map(|(head, _)| *head)));
    for section in sections {
        let mut row = vec![section.name.clone(), section.setting.clone()];
        row.extend(columns.iter().map(|(_, cell)| value(section, cell)));
        table.push(row);
    }
    // Tables that are too wide to read stand on their side.
    if kind == Kind::Labelled { table.turned().draw(look) } else { table.draw(look) }
}

impl Table {
    /// Rows for columns.
    fn turned(self) -> Self {
        let mut heads = vec![String::new()];
        heads.extend(self.rows.iter().map(|row| row[0].clone()));
        let rows = (1..self.heads.len())
            .map(|at| std::iter::once(self.heads[at].clone()).chain(self.rows.iter().map(|r| r[at].clone())).collect())
            .filter(|row: &Vec<String>| row[1..].iter().any(|cell| !cell.is_empty()))
            .collect();
        Self { heads, rows }
    }
}

fn value(section: &Section, cell: &Cell) -> String {
    let figure = |name: &str| section.figures.get(name);
    match *cell {
        Cell::Count(name) => figure(name).map(|f| count(f.value)),
        Cell::Of(part, whole) => {
            figure(part).zip(figure(whole)).map(|(p, w)| format!("{}/{}", count(p.value), count(w.value)))
        }
        Cell::Rate(name, digits) => figure(name).map(|f| rate(f, digits)),
        Cell::Beside(name, base) => figure(name).and_then(|f| f.beside.get(base)).map(|b| number(*b, 3)),
    }
    .unwrap_or_default()
}

/// A count with commas: 21,466.
pub(super) fn count(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 && c.is_ascii_digit() && !out.ends_with('-') {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A number with a true minus sign, and never minus nothing.
fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

fn rate(figure: &Figure, digits: usize) -> String {
    let value = number(figure.value, digits);
    match figure.low.zip(figure.high) {
        Some((low, high)) => format!("{value} [{}, {}]", number(low, digits), number(high, digits)),
        None => value,
    }
}

/// The sections whose counts tell of a kind as a whole: the sum in the richest setting, or else each set.
fn whole(run: &Run, kind: Kind) -> Vec<&Section> {
    let of_kind = || run.sections.iter().filter(move |s| s.kind == kind);
    let sum = of_kind().rfind(|s| s.name == ALL);
    sum.map_or_else(|| of_kind().collect(), |sum| vec![sum])
}

/// The order that counts stand in.
const COUNTS: [(&str, &str); 13] = [
    ("documents", "documents"),
    ("marks", "marks"),
    ("found", "found"),
    ("right", "right"),
    ("false", "false"),
    ("traps", "traps"),
    ("duplicates", "twice"),
    ("clean", "false on clean text"),
    ("first_fixes", "right first repairs"),
    ("findings", "findings"),
    ("words", "words"),
    ("", "precision"),
    ("per_1000", "per 1,000 words"),
];

/// Counts by rule, type, severity, confidence, kind, system or document. Documents stand worst first, the rest commonest first.
pub fn by(run: &Run, dimension: &str, look: Look) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        for section in whole(run, kind) {
            let Some(values) = section.by.get(dimension).filter(|v| !v.is_empty()) else { continue };
            let name = format!("{} by {dimension}: {} ({})", kind.name(), section.name, section.setting);
            let _ = writeln!(out, "{}\n", heading(&name, look));
            let heads = std::iter::once(dimension).chain(COUNTS.iter().map(|(_, head)| *head));
            let mut table = Table::new(heads);
            let get = |figures: &std::collections::BTreeMap<String, f64>, name: &str| figures.get(name).copied();
            let mut rows: Vec<(f64, Vec<String>)> = Vec::new();
            for (value, figures) in values {
                let alarms = get(figures, "false").unwrap_or(0.0) + get(figures, "traps").unwrap_or(0.0);
                let right = get(figures, "right");
                let said = right.unwrap_or(0.0) + alarms;
                let findings = get(figures, "findings").or_else(|| get(figures, "false"));
                let per_1000 = findings.zip(get(figures, "words")).map(|(f, w)| f / w.max(1.0) * 1_000.0);
                let cells = COUNTS.iter().map(|(key, head)| match (*key, *head) {
                    (_, "precision") if said > 0.0 && right.is_some() => number(right.unwrap_or(0.0) / said, 3),
                    ("per_1000", _) => per_1000.map(|p| number(p, 2)).unwrap_or_default(),
                    (key, _) => get(figures, key).map(count).unwrap_or_default(),
                });
                let weight = if dimension == "document" { per_1000.unwrap_or(0.0) } else { figures.values().sum() };
                let label = if value.is_empty() { "(none)" } else { value };
                rows.push((weight, std::iter::once(label.to_owned()).chain(cells).collect()));
            }
            if dimension == "confidence" {
                rows.sort_by(|a, b| b.1[0].cmp(&a.1[0]));
            } else {
                rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1[0].cmp(&b.1[0])));
            }
            rows.truncate(MOST_ROWS);
            rows.into_iter().for_each(|(_, row)| table.push(row));
            let _ = writeln!(out, "{}", table.draw(look));
        }
    }
    out
}

/// Rows of a table of counts: the worst documents, not all of a thousand.
const MOST_ROWS: usize = 60;

/// Examples of a verdict, surest first; `most` of each kind.
pub fn examples(run: &Run, verdict: Verdict, most: usize, look: Look) -> String {
    let mut out = String::new();
    for kind in Kind::ALL {
        let wanted = |e: &&Example| e.verdict == verdict;
        // Sets measured in several settings: the richest, which comes last, stands for them.
        let setting = run.sections.iter().rfind(|s| s.kind == kind).map(|s| s.setting.as_str());
        let sections = run.sections.iter().filter(|s| s.kind == kind && Some(s.setting.as_str()) == setting);
        let mut found: Vec<(&Section, &Example)> =
            sections.flat_map(|s| s.examples.iter().filter(wanted).map(move |e| (s, e))).collect();
        if found.is_empty() {
            continue;
        }
        found.sort_by(|a, b| b.1.confidence.total_cmp(&a.1.confidence));
        // One text may stand in many files.
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|(_, e)| seen.insert((&e.text, e.start, e.end, &e.rule, &e.context.quote)));
        let name = format!("{}: {}, {} of {}", kind.name(), verdict_name(verdict), most.min(found.len()), found.len());
        let _ = writeln!(out, "{}\n", heading(&name, look));
        for (section, example) in found.into_iter().take(most) {
            out.push_str(&line(example, &section.name, look));
        }
        out.push('\n');
    }
    out
}

fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::False => "false",
        Verdict::Twice => "said twice",
        Verdict::Trap => "traps sprung",
        Verdict::Found => "marks found",
        Verdict::Missed => "marks missed",
    }
}

/// One example: where, what, and the words in their context.
pub(super) fn line(example: &Example, set: &str, look: Look) -> String {
    let Example { rule, text, start, context, confidence, severity, repair, repaired, .. } = example;
    let sure = if example.verdict.is_of_finding() { format!(" {confidence:.2}") } else { String::new() };
    let place = if text.starts_with(set) { format!("{text}:{start}") } else { format!("{set} {text}:{start}") };
    let right = if *repaired { " ✓" } else { "" };
    let repair =
        repair.as_ref().map(|r| format!(" → {}{right}", if r.is_empty() { "∅" } else { r })).unwrap_or_default();
    let (before, quote, after) = (context.before.trim_start(), &context.quote, context.after.trim_end());
    match look {
        Look::Text => format!("{place}  {rule}{sure} {severity}\n    …{before}⟦{quote}⟧{after}…{repair}\n"),
        Look::Markdown => {
            let code = |text: &str| text.replace('`', "'");
            let words = format!("…{before}⟦{quote}⟧{after}…{repair}");
            format!("* {rule}{sure}, {}: `{}`\n", code(&place), code(&words))
        }
    }
}

/// What goes into a commit message: found, precision, right first repairs and traps of the cases; false alarms per 1,000 words
/// of the clean twins and of clean news; respelled names.
pub fn summary(run: &Run) -> String {
    let mut parts = Vec::new();
    let sum = |kind: Kind| match whole(run, kind).as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let get = |section: &Section, name: &str| section.value(name).unwrap_or(0.0);
    if let Some(cases) = sum(Kind::Cases) {
        let precision = cases.value("precision").map_or_else(|| "–".to_owned(), |p| number(p, 3));
        parts.push(format!(
            "cases {}/{} found, precision {precision}, {} right first repairs, traps {}/{}",
            count(get(cases, "found")),
            count(get(cases, "marks")),
            count(get(cases, "first_fixes")),
            count(get(cases, "traps_sprung")),
            count(get(cases, "traps")),
        ));
        if let Some(twins) = cases.value("clean_per_1000") {
            parts.push(format!("clean twins {}", number(twins, 2)));
        }
    }
    let clean: Vec<&Section> = run.sections.iter().filter(|s| s.kind == Kind::Clean).collect();
    for section in clean.iter().filter(|s| s.name == ALL || s.name.starts_with("into ") || clean.len() == 1) {
        let name = if section.name.starts_with("into ") { format!(" {}", section.name) } else { String::new() };
        parts.push(format!("clean news{name} {}", number(get(section, "per_1000"), 2)));
    }
    if let Some(drift) = sum(Kind::Drift) {
        parts.push(format!(
            "drift {}/{} found, {} repaired, {} false",
            count(get(drift, "found")),
            count(get(drift, "twins")),
            count(get(drift, "repaired")),
            count(get(drift, "false")),
        ));
    }
    if let Some(contrast) = sum(Kind::Contrast) {
        parts.push(format!("contrast AUC {}", number(get(contrast, "auc_score"), 3)));
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(21_466.0), "21,466");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(1_000_000.0), "1,000,000");
        assert_eq!(number(-0.0004, 3), "0.000");
        assert_eq!(number(-0.25, 2), "−0.25");
        let figure = Figure::from(0.5).between(Some((0.25, 0.75)));
        assert_eq!(rate(&figure, 2), "0.50 [0.25, 0.75]");
    }

    #[test]
    fn columns_without_a_value_are_left_out() {
        let mut table = Table::new(["set", "empty", "n"]);
        table.push(vec!["a".into(), String::new(), "12".into()]);
        table.push(vec!["long".into(), String::new(), "3".into()]);
        assert_eq!(table.draw(Look::Text), "set    n\na     12\nlong   3\n");
        assert_eq!(table.draw(Look::Markdown), "| set | n |\n|---|---:|\n| a | 12 |\n| long | 3 |\n");
    }
}
