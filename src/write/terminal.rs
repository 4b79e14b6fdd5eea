//! Reports for people at a terminal: one block a finding, with the repair beside the mark.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{Result, Write};

use anstyle::{AnsiColor, Style};
use rustc_hash::FxHashMap;

use super::cells::{ELLIPSIS, Shown, columns_back_up_to, columns_up_to, head, shown, tail};
use crate::article::{Article, SideName};
use crate::finding::{
    ApplyClass, Edit, Entity, EvidenceKind, Finding, Place, Reach, Report, Score, Severity, SkipReason, Suggestion,
};
use crate::span::{LineColumn, Lines, Span};

/// How a report is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Columns of the terminal; taken as no fewer than 40 and no more than 500.
    pub width: usize,
    /// Whether escape sequences are written.
    pub color: bool,
    /// Whether the names of the text are listed.
    pub show_entities: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 100, color: false, show_entities: false }
    }
}

/// In less than this, a line number, a mark and its neighbours do not fit.
const MIN_WIDTH: usize = 40;
/// In more than this, people do not read; and what a finding costs must not grow with what a terminal claims to be.
const MAX_WIDTH: usize = 500;
/// Columns of a line number, unless there are more lines than that.
const NUMBER_COLUMNS: usize = 3;
/// A mark that takes more than this part of a line that is cut is cut too (numerator, denominator).
const MARK_SHARE: (usize, usize) = (3, 4);
/// Columns that the text before the mark keeps when it makes room for the repair.
const CONTEXT_COLUMNS: usize = 16;
/// Other places of a mistake, listed with each: all of them, on each of them, would grow with the square.
const PLACES: usize = 4;
/// Places quoted below a finding, of each side.
const QUOTES: usize = 3;
/// Up to this many bytes, a repair of a part of the mark is shown as the whole mark mended.
const WHOLE_BYTES: usize = 120;
/// Columns of a repair or a quotation before it is cut.
const REPAIR_COLUMNS: usize = 400;
/// Columns of a cell in the list of names.
const CELL_COLUMNS: usize = 40;

impl Look {
    fn columns(self) -> usize {
        self.width.clamp(MIN_WIDTH, MAX_WIDTH)
    }

    fn paint(self, style: Style, text: impl Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const REPAIR: Style = AnsiColor::Green.on_default();

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Critical => AnsiColor::Red.on_default().bold(),
        Severity::Major => AnsiColor::Yellow.on_default().bold(),
        Severity::Minor => AnsiColor::Cyan.on_default(),
        Severity::Neutral => DIM,
    }
}

/// Writes all of a report on one text: its findings in order, its names if they are wanted, and what it comes to.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut impl Write, name: &str, article: &Article, report: &Report, look: &Look) -> Result<()> {
    let page = Page::new(name, article, report, *look);
    for finding in &report.findings {
        page.block(out, finding)?;
    }
    if look.show_entities && !report.entities.is_empty() {
        entities(out, &report.entities, *look)?;
        writeln!(out)?;
    }
    page.summary(out)
}

/// Writes one line on one text of many.
///
/// # Errors
/// Those of `out`.
pub fn summary_line(out: &mut impl Write, name: &str, report: &Report, look: &Look) -> Result<()> {
    let name = look.paint(BOLD, shown(name).text);
    if report.findings.is_empty() {
        return writeln!(out, "{name}: nothing to mark ({})", words(report));
    }
    let found = count(report.findings.len(), "finding");
    let severities = severities(&tally(&report.findings), *look);
    writeln!(out, "{name}: {found} ({severities}), quality {}", quality(&report.score))
}

/// Findings by rule, over many reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleCounts {
    rules: BTreeMap<&'static str, RuleCount>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct RuleCount {
    files: usize,
    /// By [`Severity`].
    severities: [usize; Severity::ALL.len()],
}

impl RuleCounts {
    /// Counts the findings of one more text.
    pub fn add(&mut self, report: &Report) {
        let mut here: BTreeMap<&'static str, RuleCount> = BTreeMap::new();
        for finding in &report.findings {
            here.entry(finding.rule).or_default().severities[finding.severity as usize] += 1;
        }
        for (rule, more) in here {
            let count = self.rules.entry(rule).or_default();
            count.files += 1;
            for (sum, n) in count.severities.iter_mut().zip(more.severities) {
                *sum += n;
            }
        }
    }
}

/// Writes a table of rules, those that found most first; nothing, where nothing was found.
///
/// # Errors
/// Those of `out`.
pub fn rule_table(out: &mut impl Write, counts: &RuleCounts, look: &Look) -> Result<()> {
    let mut rows: Vec<(&str, usize, RuleCount)> =
        counts.rules.iter().map(|(rule, count)| (*rule, count.severities.iter().sum(), *count)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let used = |s: &Severity| rows.iter().any(|(_, _, count)| count.severities[*s as usize] > 0);
    let columns: Vec<Severity> = Severity::ALL.into_iter().rev().filter(used).collect();
    let width = rows.iter().map(|(rule, ..)| rule.len()).max().unwrap_or(0).max("rule".len());
    let heads = columns.iter().map(|s| format!("  {:>8}", s.name())).collect::<String>();
    writeln!(out, "{}", look.paint(DIM, format!("{:width$}  findings  {:>8}{heads}", "rule", "files")))?;
    for (rule, findings, count) in rows {
        let mut row = format!("{rule:width$}  {findings:>8}  {:>8}", count.files);
        for &severity in &columns {
            row.push_str(&match count.severities[severity as usize] {
                0 => format!("{:10}", ""),
                n => format!("  {}", look.paint(style_of(severity), format!("{n:>8}"))),
            });
        }
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

/// What the blocks of one report share.
struct Page<'a> {
    name: &'a str,
    text: &'a str,
    source: &'a str,
    report: &'a Report,
    look: Look,
    lines: Lines<'a>,
    /// Line and column of every place that may be named, by byte.
    positions: Vec<(usize, LineColumn)>,
    groups: FxHashMap<u64, Vec<usize>>,
    number_columns: usize,
}

/// A line cut around its mark.
struct Cut {
    before: Shown,
    mark: Shown,
    after: Shown,
    /// The mark is longer than what is shown of it.
    goes_on: bool,
    /// It was cut because it is too long, rather than because it goes on in the next line.
    ends_in_ellipsis: bool,
}

impl<'a> Page<'a> {
    fn new(name: &'a str, article: &'a Article, report: &'a Report, look: Look) -> Self {
        let text = article.target().text();
        let mut places: Vec<usize> = report.findings.iter().flat_map(named_places).collect();
        places.sort_unstable();
        places.dedup();
        let mut lines = Lines::new(text);
        let positions: Vec<(usize, LineColumn)> = places.into_iter().map(|at| (at, lines.position(at))).collect();
        let mut groups: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for finding in &report.findings {
            if let Some(group) = finding.group {
                groups.entry(group).or_default().push(finding.span.start());
            }
        }
        let last = positions.last().map_or(1, |(_, place)| place.line);
        Self {
            name,
            text,
            source: article.source().map_or("", |side| side.text()),
            report,
            look,
            lines,
            positions,
            groups,
            number_columns: last.to_string().len().max(NUMBER_COLUMNS),
        }
    }

    fn position(&self, at: usize) -> LineColumn {
        let found = self.positions.binary_search_by_key(&at, |(place, _)| *place);
        found.map_or(LineColumn { line: 1, column: 1 }, |index| self.positions[index].1)
    }

    fn at(&self, at: usize) -> String {
        let LineColumn { line, column } = self.position(at);
        format!("{line}:{column}")
    }

    fn block(&self, out: &mut impl Write, finding: &Finding) -> Result<()> {
        let (look, style) = (self.look, style_of(finding.severity));
        let start = finding.span.start();
        write!(out, "{}", look.paint(BOLD, format!("{}:{}", shown(self.name).text, self.at(start))))?;
        write!(out, "  {}  {}  {:.2}", look.paint(style, finding.severity.name()), finding.rule, finding.confidence)?;
        writeln!(out, "{}", self.other_places(finding))?;

        let mut repairs: Vec<String> = Vec::new();
        for suggestion in &finding.suggestions {
            repairs.extend(self.repair(finding.span, suggestion).filter(|new| !repairs.contains(new)));
        }
        let mut repairs = repairs.iter().map(|repair| head(repair, REPAIR_COLUMNS));
        let first = repairs.next().unwrap_or_default();

        let line_number = self.position(start).line;
        let line = self.lines.line(line_number);
        let budget = look.columns() - self.number_columns - GUTTER;
        let cut = cut(self.text, line, finding.span, budget, first.columns);
        let (before, mark, after) = (&cut.before, &cut.mark, &cut.after);
        let painted = if mark.text.is_empty() { String::new() } else { look.paint(style, &mark.text) };
        self.gutter(out, Some(line_number), &format!("{}{painted}{}", before.text, after.text))?;

        let mut carets =
            "^".repeat(if cut.ends_in_ellipsis { mark.columns.saturating_sub(1) } else { mark.columns.max(1) });
        if cut.goes_on {
            carets.push_str(ELLIPSIS);
        }
        let used = before.columns + carets.chars().count();
        let carets = format!("{:1$}{2}", "", before.columns, look.paint(style, carets));
        let repair = look.paint(REPAIR, &first.text);
        if first.columns == 0 {
            self.gutter(out, None, &carets)?;
        } else if used + 1 + first.columns <= budget {
            self.gutter(out, None, &format!("{carets} {repair}"))?;
        } else {
            self.gutter(out, None, &carets)?;
            let indent = before.columns.min(budget.saturating_sub(first.columns));
            self.gutter(out, None, &format!("{:indent$}{repair}", ""))?;
        }

        self.note(out, &shown(&finding.message).text)?;
        let others: Vec<String> = repairs.map(|other| look.paint(REPAIR, other.text)).collect();
        if !others.is_empty() {
            self.note(out, &format!("or: {}", others.join(" / ")))?;
        }
        self.warrant(out, finding)?;
        writeln!(out)
    }

    /// A line of text, or what stands below it.
    fn gutter(&self, out: &mut impl Write, number: Option<usize>, text: &str) -> Result<()> {
        let number = number.map_or(String::new(), |n| n.to_string());
        let gutter = format!("{number:>0$} │", self.number_columns);
        let space = if text.is_empty() { "" } else { " " };
        writeln!(out, "{}{space}{text}", self.look.paint(DIM, gutter))
    }

    fn note(&self, out: &mut impl Write, text: &str) -> Result<()> {
        writeln!(out, "{:1$} {2} {text}", "", self.number_columns, self.look.paint(DIM, "="))
    }

    fn other_places(&self, finding: &Finding) -> String {
        let Some(places) = finding.group.and_then(|group| self.groups.get(&group)).filter(|p| p.len() > 1) else {
            return String::new();
        };
        let own = finding.span.start();
        let mut listed: Vec<String> =
            places.iter().filter(|&&at| at != own).take(PLACES).map(|&at| self.at(at)).collect();
        let others = places.len() - 1;
        if others > listed.len() {
            listed.push(ELLIPSIS.to_owned());
        }
        let what = if others == 1 { "1 more place".to_owned() } else { format!("{others} more places") };
        format!("   {what}: {}", listed.join(", "))
    }

    /// What speaks for a finding: the words of the source, the entry of the glossary, the other place in the text.
    fn warrant(&self, out: &mut impl Write, finding: &Finding) -> Result<()> {
        let columns = self.look.columns() - self.number_columns - GUTTER;
        let sources = quoted_places(finding, SideName::Source);
        let mut quoted: Vec<String> = Vec::new();
        for span in sources {
            let words = span.of(self.source).trim();
            let line = format!("source: «{}»", head(words, columns).text);
            if !words.is_empty() && !quoted.contains(&line) {
                self.note(out, &line)?;
                quoted.push(line);
            }
        }
        if quoted.is_empty() {
            let entries = finding.evidence.iter().filter(|e| e.kind == EvidenceKind::Glossary);
            for entry in entries.filter(|e| !e.detail.is_empty() && !finding.message.contains(&e.detail)).take(QUOTES) {
                self.note(out, &format!("glossary: {}", head(&entry.detail, columns).text))?;
            }
        }
        for span in quoted_places(finding, SideName::Target).filter(|span| *span != finding.span) {
            let place = self.at(span.start());
            let words = span.of(self.text);
            let said = words.is_empty() || finding.message.contains(words);
            let quote = if said { String::new() } else { format!(": “{}”", head(words, columns).text) };
            self.note(out, &format!("see {place}{quote}"))?;
        }
        Ok(())
    }

    /// A repair in words, as seen from the mark; `None` where it does nothing there.
    fn repair(&self, mark: Span, suggestion: &Suggestion) -> Option<String> {
        let touches = |span: Span| span.start() <= mark.end() && mark.start() <= span.end();
        let everywhere = suggestion.reach == Reach::AllPlaces;
        let edits: Vec<&Edit> = suggestion.edits.iter().filter(|e| !everywhere || touches(e.span)).collect();
        let cover = edits.iter().map(|e| e.span).reduce(Span::cover)?;
        let whole = cover.cover(mark);
        if edits.iter().all(|e| e.span.of(self.text) == e.replacement) {
            return None;
        }
        let in_words = if touches(cover) && (whole.len() <= WHOLE_BYTES || cover == mark) {
            change(whole == mark, mark.of(self.text), whole.of(self.text), &self.mended(whole, &edits))
        } else {
            let each = edits.iter().map(|edit| match edit.span.of(self.text) {
                "" => format!("insert {} at {}", bare(&edit.replacement), self.at(edit.span.start())),
                old => change(false, "", old, &edit.replacement),
            });
            each.collect::<Vec<_>>().join(", ")
        };
        let hint = if suggestion.apply == ApplyClass::Hint { " (a hint)" } else { "" };
        Some(format!("{in_words}{hint}"))
    }

    /// A place as it reads with edits applied.
    fn mended(&self, whole: Span, edits: &[&Edit]) -> String {
        let (mut new, mut at) = (String::new(), whole.start());
        for edit in edits {
            new.push_str(self.text.get(at..edit.span.start()).unwrap_or(""));
            new.push_str(&edit.replacement);
            at = edit.span.end();
        }
        new.push_str(self.text.get(at..whole.end()).unwrap_or(""));
        new
    }

    fn summary(&self, out: &mut impl Write) -> Result<()> {
        let (report, look) = (self.report, self.look);
        let failed = |(rule, why): &(&'static str, SkipReason)| (*why == SkipReason::Failed).then_some(*rule);
        let failed: Vec<&str> = report.coverage.rules_skipped.iter().filter_map(failed).collect();
        if !failed.is_empty() {
            writeln!(out, "left out, because they failed: {}", failed.join(", "))?;
        }
        if report.findings.is_empty() {
            return summary_line(out, self.name, report, &look);
        }
        let found = count(report.findings.len(), "finding");
        write!(out, "{}: {}", look.paint(BOLD, found), severities(&tally(&report.findings), look))?;
        let safe =
            |f: &&Finding| f.suggestions.iter().any(|s| s.apply == ApplyClass::Safe && s.reach == Reach::ThisPlace);
        match report.findings.iter().filter(safe).count() {
            0 => writeln!(out)?,
            safe => writeln!(out, "   {} safe to apply", count(safe, "repair"))?,
        }
        let score = &report.score;
        writeln!(
            out,
            "{} ({})   {}   {}",
            look.paint(BOLD, format!("quality {}", quality(score))),
            interval(score.interval),
            verdict(report),
            words(report)
        )
    }
}

/// Columns of ` │ `.
const GUTTER: usize = 3;

/// Every place of the translation that a block may name by line and column.
fn named_places(finding: &Finding) -> impl Iterator<Item = usize> {
    let related = quoted_places(finding, SideName::Target).map(|span| span.start());
    let insertions =
        finding.suggestions.iter().flat_map(|s| &s.edits).filter(|e| e.span.is_empty()).map(|e| e.span.start());
    std::iter::once(finding.span.start()).chain(related).chain(insertions)
}

/// The places that a finding points to, the first few of a side, none twice.
fn quoted_places(finding: &Finding, side: SideName) -> impl Iterator<Item = Span> {
    let evidence = finding.evidence.iter().filter_map(|e| e.place);
    let all = finding.related.iter().copied().chain(evidence);
    let mut places: Vec<Place> = Vec::with_capacity(QUOTES);
    for place in all.filter(|place| place.side == side) {
        if places.len() < QUOTES && !places.contains(&place) {
            places.push(place);
        }
    }
    places.into_iter().map(|place| place.span)
}

/// Cuts a line around a mark, leaving room for the repair beside it where that costs only words before the mark.
fn cut(text: &str, line: Span, mark: Span, budget: usize, repair: usize) -> Cut {
    let begin = mark.start().clamp(line.start(), line.end());
    let end = mark.end().clamp(begin, line.end());
    let piece = |from, to| text.get(from..to).unwrap_or("");
    let (before, marked, after) = (piece(line.start(), begin), piece(begin, end), piece(end, line.end()));
    let left = columns_back_up_to(before, budget);
    let middle = columns_up_to(marked, budget).max(1);
    let right = columns_up_to(after, budget);
    let over_the_line = mark.end() > line.end() && !marked.is_empty();
    let edge = usize::from(over_the_line);
    let cut = |before, mark, after| Cut { before, mark, after, goes_on: over_the_line, ends_in_ellipsis: false };
    if left + middle + edge + right <= budget {
        return cut(shown(before), visible(marked), shown(after));
    }
    let most = budget * MARK_SHARE.0 / MARK_SHARE.1;
    let rest = budget - middle.min(most) - edge;
    let mut context = left.min((rest / 2).max(rest.saturating_sub(right)));
    if repair + 1 + CONTEXT_COLUMNS <= rest {
        context = context.min(rest - repair - 1);
    }
    let before = tail(before, context);
    if middle > most {
        let mark = head(marked, most);
        return Cut { before, mark, after: Shown::default(), goes_on: true, ends_in_ellipsis: true };
    }
    let room = budget.saturating_sub(before.columns + middle + edge);
    cut(before, visible(marked), head(after, room))
}

/// What is marked; a dot where there is something that cannot be seen.
fn visible(marked: &str) -> Shown {
    let all = shown(marked);
    if all.columns == 0 && !marked.is_empty() { Shown { text: "·".to_owned(), columns: 1 } } else { all }
}

/// A change in words: what the mark becomes, or, where more than the mark changes, both.
fn change(is_mark: bool, mark: &str, old: &str, new: &str) -> String {
    match (is_mark, old.is_empty(), new.is_empty() || (new.trim().is_empty() && !old.trim().is_empty())) {
        (true, true, _) => format!("insert {}", bare(new)),
        (true, false, true) => "delete".to_owned(),
        (true, false, false) => bare(new),
        (false, _, true) if old.trim() == mark.trim() => "delete".to_owned(),
        (false, _, true) => format!("delete {}", bare(old)),
        (false, _, false) => format!("{} → {}", bare(old), bare(new)),
    }
}

/// Words, in quotation marks where blanks at their ends would not be seen.
fn bare(words: &str) -> String {
    if words.trim() == words { words.to_owned() } else { format!("“{words}”") }
}

/// `1 finding`, `2 findings`.
fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn words(report: &Report) -> String {
    count(report.coverage.target_words, "word")
}

fn tally(findings: &[Finding]) -> [usize; Severity::ALL.len()] {
    let mut tally = [0; Severity::ALL.len()];
    for finding in findings {
        tally[finding.severity as usize] += 1;
    }
    tally
}

/// `2 critical, 12 major`.
fn severities(tally: &[usize; Severity::ALL.len()], look: Look) -> String {
    let found = Severity::ALL.into_iter().rev().filter(|s| tally[*s as usize] > 0);
    let each = found.map(|s| look.paint(style_of(s), format!("{} {}", tally[s as usize], s.name())));
    each.collect::<Vec<_>>().join(", ")
}

/// The score in whole points; with a decimal where rounding would lift a text over the threshold.
fn quality(score: &Score) -> String {
    let (value, threshold) = (score.calibrated, score.profile.passing_threshold);
    if value < threshold && value.round() >= threshold {
        return format!("{:.1}", (value * 10.0).floor() / 10.0);
    }
    whole(value)
}

/// A number in whole points, never `-0`.
fn whole(value: f64) -> String {
    format!("{:.0}", value.round() + 0.0)
}

fn interval((low, high): (f64, f64)) -> String {
    let between = if low < 0.0 { " to " } else { "–" };
    format!("{}{between}{}", whole(low), whole(high))
}

/// `passes at 95`, `fails at 95: mend 24 to pass`.
fn verdict(report: &Report) -> String {
    let score = &report.score;
    let threshold = score.profile.passing_threshold;
    if score.passes {
        return format!("passes at {threshold}");
    }
    let critical = tally(&report.findings)[Severity::Critical as usize];
    let fails = if score.calibrated >= threshold && critical > 0 {
        format!("fails by {}", count(critical, "critical finding"))
    } else {
        format!("fails at {threshold}")
    };
    match score.mend_to_pass.len() {
        0 => fails,
        mend => format!("{fails}: mend {mend} to pass"),
    }
}

/// Writes the names of the text in columns: what each is, how to write it, what the source has, and how the text writes it.
fn entities(out: &mut impl Write, entities: &[Entity], look: Look) -> Result<()> {
    let cells = |e: &Entity| [e.kind.name(), &e.preferred, &e.source_form].map(|cell| head(cell, CELL_COLUMNS));
    let titles = ["", "names", "source"].map(shown);
    let rows: Vec<[Shown; 3]> = entities.iter().map(cells).collect();
    let width = |column: usize| {
        let all = rows.iter().chain([&titles]).map(|row| row[column].columns);
        all.max().filter(|_| rows.iter().any(|row| row[column].columns > 0)).unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let aligned = |row: &[Shown; 3]| {
        let filled = row.iter().zip(widths).filter(|(_, width)| *width > 0);
        filled.map(|(cell, width)| format!("{}{:2$}", cell.text, "", width - cell.columns + 2)).collect::<String>()
    };
    writeln!(out, "{}", look.paint(DIM, format!("{}spellings", aligned(&titles))))?;
    for (entity, row) in entities.iter().zip(&rows) {
        let forms = entity.forms.iter();
        let forms: Vec<String> = forms.map(|f| format!("{} ({})", shown(&f.text).text, f.places.len())).collect();
        writeln!(out, "{}{}", aligned(row), forms.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::article::Side;
    use crate::finding::{
        ConfidenceBasis, Coverage, EntityKind, EvaluationWords, Evidence, FindingId, Form, LanguageCoverage,
        ScoreProfile,
    };
    use crate::span::is_grapheme_boundary;

    const PLAIN: Look = Look { width: 80, color: false, show_entities: false };

    fn finding(start: usize, end: usize, fixes: &[(usize, usize, &str)]) -> Finding {
        let suggestion = |&(start, end, new): &(usize, usize, &str)| Suggestion {
            edits: vec![Edit { span: Span::new(start, end), replacement: new.to_owned() }],
            score: 0.9,
            apply: ApplyClass::Safe,
            reach: Reach::ThisPlace,
            verification: None,
        };
        Finding {
            id: FindingId(start as u64),
            rule: "word/doubled",
            severity: Severity::Minor,
            confidence: 0.934,
            basis: ConfidenceBasis::Prior,
            message: "reason".to_owned(),
            span: Span::new(start, end),
            related: Vec::new(),
            group: None,
            mqm: "fluency",
            its: "duplication",
            suggestions: fixes.iter().map(suggestion).collect(),
            evidence: Vec::new(),
        }
    }

    fn report(findings: Vec<Finding>) -> Report {
        let score = Score {
            calibrated: 41.2,
            interval: (34.4, 48.6),
            raw: 80.0,
            passes: false,
            penalty_total: 10.0,
            penalty_per_thousand: 27.9,
            words: EvaluationWords { words: 358.0, side: SideName::Target, divisor: 1.0 },
            ledger: Vec::new(),
            mend_to_pass: findings.iter().map(|f| f.id).collect(),
            words_to_halve_interval: 0,
            profile: ScoreProfile::default(),
        };
        let coverage = Coverage {
            source_language: None,
            target_language: LanguageCoverage { tag: "en".to_owned(), inferred: true, confidence: 1.0 },
            rules_run: Vec::new(),
            rules_skipped: Vec::new(),
            alignment_confidence: None,
            glossaries: Vec::new(),
            target_words: 358,
            target_sentences: 20,
            suggestions_unverified: 0,
            models_missing: Vec::new(),
        };
        Report {
            findings,
            score,
            entities: Vec::new(),
            segments: Vec::new(),
            token_scores: Vec::new(),
            coverage,
            knowledge_digest: 0,
        }
    }

    fn written(text: &str, report: &Report, look: Look) -> String {
        let article = Article::new(Some(Side::new("на севере Сирии", None)), Side::new(text, None));
        let mut out = Vec::new();
        write(&mut out, "a.txt", &article, report, &look).expect("a vector takes all");
        String::from_utf8(out).expect("UTF-8")
    }

    /// The block of one finding, whose words are found in the text.
    fn block(text: &str, words: &str, new: &str, look: Look) -> String {
        let start = text.find(words).expect("the words");
        let found = finding(start, start + words.len(), &[(start, start + words.len(), new)]);
        written(text, &report(vec![found]), look).split("\n\n").next().expect("a block").to_owned()
    }

    /// Columns of a printed line, in which the isolates have none.
    fn columns(line: &str) -> usize {
        columns_up_to(&line.replace(['\u{2068}', '\u{2069}'], ""), 10_000)
    }

    /// What stands above the carets, by display column. Also sees to it that the lines are no wider than they may be.
    fn above_carets(block: &str, width: usize) -> String {
        let lines: Vec<&str> = block.lines().collect();
        for line in &lines[1..3] {
            assert!(columns(line) <= width, "{line}");
        }
        let from = lines[2].find('^').map(|at| columns(&lines[2][..at])).expect("a caret");
        let carets = lines[2].chars().filter(|c| *c == '^').count();
        let (mut at, mut under) = (0, String::new());
        for cluster in lines[1].replace(['\u{2068}', '\u{2069}'], "").graphemes(true) {
            let columns = columns(cluster);
            if (from..from + carets).contains(&at) && (columns > 0 || !under.is_empty()) {
                under.push_str(cluster);
            }
            at += columns;
        }
        under
    }

    #[test]
    fn a_plain_finding() {
        let text = "One.\nHe said in in Syria, and went.";
        let mut found = finding(16, 18, &[(15, 18, ""), (16, 18, "in the")]);
        found.related = vec![Place::source(Span::new(5, 17)), Place::target(Span::new(0, 3))];
        let mut other = finding(20, 25, &[]);
        (found.group, other.group) = (Some(7), Some(7));
        other.severity = Severity::Critical;
        let expected = "\
a.txt:2:12  minor  word/doubled  0.93   1 more place: 2:16
  2 │ He said in in Syria, and went.
    │            ^^ delete
    = reason
    = or: in the
    = source: «севере»
    = see 1:1: “One”

a.txt:2:16  critical  word/doubled  0.93   1 more place: 2:12
  2 │ He said in in Syria, and went.
    │                ^^^^^
    = reason

2 findings: 1 critical, 1 minor   1 repair safe to apply
quality 41 (34–49)   fails at 95: mend 2 to pass   358 words
";
        assert_eq!(written(text, &report(vec![found, other]), PLAIN), expected);
    }

    #[test]
    fn nothing_found_is_one_quiet_line() {
        assert_eq!(written("x", &report(Vec::new()), PLAIN), "a.txt: nothing to mark (358 words)\n");
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark_with_room_for_the_repair() {
        let text = "So, the parties have reached agreement on a ceasefire in Aleppo in severe Syria, reported the \
                    Associated Press with reference to a source in the ministry.";
        let expected = "\
a.txt:1:68  minor  word/doubled  0.93
  1 │ … on a ceasefire in Aleppo in severe Syria, reported the Associated …
    │                               ^^^^^^^^^^^^ northern Syria
    = reason";
        assert_eq!(block(text, "severe Syria", "northern Syria", PLAIN), expected);
        let narrow = block(text, "severe Syria", &"northern Syria ".repeat(3), Look { width: 40, ..PLAIN });
        assert!(narrow.contains("^\n    │ “northern"), "{narrow}");
    }

    #[test]
    fn carets_stand_under_han_and_combining_marks() {
        for width in [40, 60, 80, 200] {
            let look = Look { width, ..PLAIN };
            let filler = "中华人民共和国外交部发言人".repeat(5);
            let han = block(&format!("{filler}北京{filler}"), "北京", "上海", look);
            assert_eq!(above_carets(&han, width), "北京", "{han}");
            let marks = "re\u{301}sume\u{301}\u{323} ".repeat(30);
            let text = format!("{marks}nai\u{308}ve {marks}");
            let combining = block(&text, "nai\u{308}ve", "naive", look);
            assert!(combining.contains("^^^^^ naive"), "{combining}");
            assert_eq!(above_carets(&combining, width), "nai\u{308}ve", "{combining}");
        }
    }

    #[test]
    fn right_to_left_text_is_isolated_around_the_mark() {
        let block = block("אמר שלום לכולם", "שלום", "היי", PLAIN);
        assert!(block.contains("│ \u{2068}אמר \u{2069}\u{2068}שלום\u{2069}\u{2068} לכולם\u{2069}\n"), "{block}");
        assert!(block.contains("│     ^^^^ \u{2068}היי\u{2069}\n"), "{block}");
        assert_eq!(above_carets(&block, 80), "שלום");
    }

    #[test]
    fn what_would_turn_the_line_or_drive_the_terminal_is_a_dot() {
        let text = "a\u{1b}[31m\tb\u{202e}c bad \u{9b}x";
        assert!(block(text, "bad", "go\u{1b}od", PLAIN).contains("│ a·[31m b·c bad ·x\n"));
        assert!(!block(text, "bad", "go\u{1b}od", PLAIN).contains(['\u{1b}', '\u{202e}', '\u{9b}']));
        assert!(block("a\u{200b}b", "\u{200b}", "", PLAIN).contains("│ a·b\n    │  ^ delete"));
    }

    #[test]
    fn a_line_of_a_megabyte_costs_no_more_than_its_reading() {
        let text = "слово sixteen. ".repeat(1 << 16);
        let each = text.len() >> 16;
        let findings: Vec<Finding> =
            (0..1 << 12).map(|i| i * 4 * each).map(|at| finding(at, at + 10, &[(at, at + 10, "word")])).collect();
        assert!(is_grapheme_boundary(&text, findings[9].span.start()));
        let out = written(&text, &report(findings), PLAIN);
        assert!(out.lines().all(|line| columns(line) <= 80));
        assert!(out.contains("a.txt:1:245701  "), "the last column");
        // One block is about 300 bytes: nothing grew with the line.
        assert!(out.len() < (1 << 12) * 500, "{}", out.len());
        let all = block(&text, text.trim(), "short", PLAIN);
        assert!(all.contains("^… short\n") && all.len() < 1_000, "{all}");
    }

    #[test]
    fn marks_at_the_ends_of_a_line() {
        for (text, words) in [("bad", "bad"), ("bad is first", "bad"), ("last is bad", "bad")] {
            assert_eq!(above_carets(&block(text, words, "good", PLAIN), 80), "bad");
            let wide = format!("{}{text}{}", "fill ".repeat(99), " fill".repeat(99));
            assert_eq!(above_carets(&block(&wide, words, "good", PLAIN), 80), "bad");
            let end = format!("{}bad", "fill ".repeat(99));
            assert_eq!(above_carets(&block(&end, words, "good", PLAIN), 80), "bad");
        }
        let out = written("", &report(vec![finding(0, 0, &[(0, 0, "Title")])]), PLAIN);
        assert!(out.contains("  1 │\n    │ ^ insert Title\n"), "{out}");
    }

    #[test]
    fn carriage_returns_and_marks_of_several_lines() {
        let text = "one two\r\nthree four\r\n";
        assert!(block(text, "two", "2", PLAIN).contains("│ one two\n    │     ^^^ 2\n"));
        let long = block(text, "two\r\nthree", "2, 3", PLAIN);
        assert!(long.contains("a.txt:1:5 ") && long.contains("│ one two\n    │     ^^^… 2, 3\n"), "{long}");
        let fill = "fill ".repeat(40);
        let long = block(&format!("{fill}bad\nbad"), "bad\nbad", &"good ".repeat(9), Look { width: 40, ..PLAIN });
        assert_eq!(above_carets(&long, 40), "bad");
        let end = block(text, "\r\n", " ", PLAIN);
        assert!(end.contains("│ one two\n    │        ^ “ ”\n"), "{end}");
        assert!(block(text, "four", "4", PLAIN).contains("  2 │ three four\n    │       ^^^^ 4\n"));
    }

    #[test]
    fn repairs_are_said_as_seen_from_the_mark() {
        let text = "Well he is here , at last.";
        let said = |start, end, fix| {
            let out = written(text, &report(vec![finding(start, end, &[fix])]), PLAIN);
            out.lines().nth(2).and_then(|l| l.split_once("^ ")).map(|(_, repair)| repair.to_owned()).unwrap_or_default()
        };
        assert_eq!(said(4, 4, (4, 4, ",")), "insert ,");
        assert_eq!(said(0, 4, (4, 4, ",")), "Well,");
        assert_eq!(said(5, 7, (5, 10, "he’s")), "he is → he’s");
        assert_eq!(said(8, 10, (7, 10, "")), "delete");
        assert_eq!(said(8, 10, (5, 11, "")), "delete “he is ”");
        assert_eq!(said(0, 15, (8, 10, "was")), "Well he was here");
        assert_eq!(said(15, 17, (15, 17, ",")), ",");
    }

    #[test]
    fn a_repair_elsewhere_says_where() {
        let text = format!("“He said. {} the end.", "It went on. ".repeat(20));
        let end = text.len();
        let out = written(&text, &report(vec![finding(0, 3, &[(end, end, "”")])]), PLAIN);
        assert!(out.contains(&format!("^ insert ” at 1:{}\n", end - 1)), "{out}");
    }

    #[test]
    fn everywhere_is_offered_only_where_it_says_more() {
        let mut found = finding(0, 3, &[(0, 3, "won"), (0, 3, "won"), (0, 3, "1")]);
        found.suggestions[1].reach = Reach::AllPlaces;
        found.suggestions[2].apply = ApplyClass::Hint;
        let out = written("one", &report(vec![found]), PLAIN);
        assert!(out.contains("^^^ won\n") && out.contains("= or: 1 (a hint)\n"), "{out}");
    }

    #[test]
    fn a_large_group_names_a_few_places() {
        let mut findings: Vec<Finding> = (0..9).map(|i| finding(i * 2, i * 2 + 1, &[])).collect();
        findings.iter_mut().for_each(|f| f.group = Some(1));
        let out = written(&"x ".repeat(9), &report(findings), PLAIN);
        assert!(out.contains("1:3  minor  word/doubled  0.93   8 more places: 1:1, 1:5, 1:7, 1:9, …\n"), "{out}");
    }

    #[test]
    fn a_glossary_entry_speaks_where_no_source_does() {
        let mut found = finding(0, 3, &[]);
        let detail = "один = one".to_owned();
        found.evidence.push(Evidence { kind: EvidenceKind::Glossary, detail, place: None });
        let out = written("one", &report(vec![found.clone()]), PLAIN);
        assert!(out.contains("= glossary: один = one\n"), "{out}");
        found.evidence[0].place = Some(Place::source(Span::new(0, 4)));
        let out = written("one", &report(vec![found]), PLAIN);
        assert!(out.contains("= source: «на»\n") && !out.contains("glossary"), "{out}");
    }

    #[test]
    fn colour_is_only_there_when_asked_for_and_changes_no_word() {
        let text = "He said in in Syria.";
        let mut all = report(vec![finding(11, 13, &[(10, 13, ""), (11, 13, "so")])]);
        all.entities = vec![entity(EntityKind::Place, "Syria", "Сирия")];
        let plain = written(text, &all, Look { show_entities: true, ..PLAIN });
        let coloured = written(text, &all, Look { show_entities: true, color: true, ..PLAIN });
        assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    fn form(text: &str, times: usize) -> Form {
        Form { text: text.to_owned(), scheme: String::new(), places: vec![Span::new(0, 1); times] }
    }

    fn entity(kind: EntityKind, preferred: &str, source: &str) -> Entity {
        Entity {
            kind,
            preferred: preferred.to_owned(),
            forms: vec![form(preferred, 2), form("X", 1)],
            source_form: source.to_owned(),
            glossary_entry: String::new(),
        }
    }

    #[test]
    fn names_stand_in_columns() {
        let mut all = report(Vec::new());
        all.entities =
            vec![entity(EntityKind::Place, "Beijing", "北京"), entity(EntityKind::Unknown, "Igor Konashenkov", "")];
        let expected = "       names             source  spellings
place  Beijing           北京    Beijing (2), X (1)
       Igor Konashenkov          Igor Konashenkov (2), X (1)

a.txt: nothing to mark (358 words)
";
        assert_eq!(written("x", &all, Look { show_entities: true, ..PLAIN }), expected);
    }

    #[test]
    fn many_files_are_a_line_each_and_a_table() {
        let mut major = finding(0, 1, &[]);
        (major.severity, major.rule) = (Severity::Major, "term/missing");
        let (first, second) = (report(vec![finding(0, 1, &[]), major.clone()]), report(vec![major]));
        let (mut out, mut counts) = (Vec::new(), RuleCounts::default());
        for (name, report) in [("a.txt", &first), ("b.txt", &second), ("c.txt", &report(Vec::new()))] {
            summary_line(&mut out, name, report, &PLAIN).expect("a vector takes all");
            counts.add(report);
        }
        rule_table(&mut out, &counts, &PLAIN).expect("a vector takes all");
        let expected = "\
a.txt: 2 findings (1 major, 1 minor), quality 41
b.txt: 1 finding (1 major), quality 41
c.txt: nothing to mark (358 words)
rule          findings     files     major     minor
term/missing         2         2         2
word/doubled         1         1                   1
";
        assert_eq!(String::from_utf8(out).expect("UTF-8"), expected);
    }

    #[test]
    fn the_verdict_contradicts_neither_itself_nor_the_score() {
        let mut all = report(vec![finding(0, 1, &[])]);
        all.score.calibrated = 94.996;
        assert_eq!((quality(&all.score), verdict(&all)), ("94.9".into(), "fails at 95: mend 1 to pass".into()));
        (all.score.calibrated, all.score.passes) = (97.0, true);
        assert_eq!(verdict(&all), "passes at 95");
        all.score.passes = false;
        all.findings[0].severity = Severity::Critical;
        assert_eq!(verdict(&all), "fails by 1 critical finding: mend 1 to pass");
        assert_eq!((interval((-120.2, -0.2)), whole(-0.3)), ("-120 to 0".into(), "0".into()));
    }

    #[test]
    fn a_rule_that_failed_is_named() {
        let mut all = report(Vec::new());
        all.coverage.rules_skipped = vec![("char/x", SkipReason::Failed), ("term/missing", SkipReason::NeedsSource)];
        assert!(written("x", &all, PLAIN).starts_with("left out, because they failed: char/x\n"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_or_mark_breaks_the_layout(
            pieces in proptest::collection::vec(0..PIECES.len(), 0..60),
            from in 0..60_usize,
            length in 0..30_usize,
            width in 0..120_usize,
            new in "[a ]{0,12}",
        ) {
            let text: String = pieces.iter().map(|&i| PIECES[i]).collect();
            let at = |n: usize| pieces.iter().take(n).map(|&i| PIECES[i].len()).sum::<usize>();
            let span = Span::new(at(from), at(from + length)).snap(&text);
            let look = Look { width, ..PLAIN };
            let out = written(&text, &report(vec![finding(span.start(), span.end(), &[(span.start(), span.end(), &new)])]), look);
            let lines: Vec<&str> = out.lines().collect();
            for line in lines[1..].iter().take_while(|line| line.contains('│')) {
                assert!(columns(line) <= width.max(40), "{out}");
            }
            // Where the mark is one line and is not cut, it stands above the carets, character by character.
            let marked = span.of(&text);
            if !marked.is_empty() && marked.chars().all(|c| c == 'x' || c == '北') && !lines[2].contains('…') {
                assert_eq!(above_carets(&out, width.max(40)), marked, "{out}");
            }
        }
    }

    const PIECES: [&str; 16] = [
        "x",
        "xx",
        "北",
        "word ",
        " ",
        "e\u{301}",
        "\u{301}",
        "\t",
        "\n",
        "\r\n",
        "ש",
        "שלום ",
        "\u{202e}",
        "\u{200b}",
        "👩‍👩‍👧",
        "🇫🇷",
    ];
}
