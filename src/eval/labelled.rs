//! Rows with error spans or human scores: do findings fall where people marked, and does the score follow theirs?
//!
//! People disagree: on such data two professionals' marks overlap at a character F1 of 0.33 to 0.43. So every figure stands beside
//! what a dumb rule gets: spans of the same lengths put anywhere in their rows, flagging nothing, calling long rows bad.

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::eval::answer::{Checker, Said, by_row};
use crate::eval::result::{ALL, Example, Figure, Kind, Section, Verdict};
use crate::eval::stats::{
    Confusion, Pair, Scored, average_precision, interval, once, pearson, share, share_right, sort_by_score, spearman,
};
use crate::judge::score::multiplier;
use crate::rows::{Document, Labelled, Mark, Row, words};
use crate::span::{Encoding, Span};

/// How rows are measured.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Whether the checker sees the sources.
    pub with_source: bool,
    /// Findings below it do not count.
    pub min_confidence: f64,
    /// The score from which a word counts as wrong; `None`: words are not decided.
    pub word_threshold: Option<f64>,
}

/// What comes of one file, before it is summed up.
pub struct Measured {
    name: String,
    documents: Vec<Counts>,
}

/// What comes of one document.
#[derive(Default)]
struct Counts {
    rows: f64,
    words: f64,
    findings: f64,
    duplicates: f64,
    touching: f64,
    /// Expected number of touching findings, were each put anywhere in its row.
    touching_by_chance: f64,
    marks: Touched,
    heavy: Touched,
    /// Words by findings.
    confusion: Confusion,
    /// Confidence of each finding, and whether it touches a mark.
    ranked: Vec<(f64, bool)>,
    /// Score of each word, and whether it is marked.
    word_scores: Vec<(f64, bool)>,
    judged: Vec<Judged>,
    section: Option<Section>,
}

/// Marks, and how many of them a finding touches.
#[derive(Clone, Copy, Default)]
struct Touched {
    all: f64,
    touched: f64,
    by_chance: f64,
}

/// A row with what people and the checker think of it.
struct Judged {
    /// Minus penalty points a word.
    score: f64,
    /// Characters.
    length: f64,
    /// Logarithm of target length over source length; `None` without a source.
    ratio: Option<f64>,
    da: Option<f64>,
    hter: Option<f64>,
    /// Penalty points a word of the marks; `None` where marks have no severity.
    penalty: Option<f64>,
}

/// Measures a file.
///
/// # Errors
/// The checker has no answer for a row.
pub fn measure(file: &Labelled, checker: &Checker, settings: &Settings) -> anyhow::Result<Measured> {
    let graded = file.rows().flat_map(|r| &r.marks).any(|m| m.severity.is_some());
    let each = |document: &Document| {
        let answer = checker.document(&file.name, document, settings.with_source)?.counted(settings.min_confidence);
        let unsure = checker.document_unsure(&file.name, document, settings.with_source)?.counted(0.0);
        let said = by_row(document, answer.said);
        Ok(counts(file, document, &said, &by_row(document, unsure.said), graded))
    };
    let documents = file.documents.par_iter().map(each).collect::<anyhow::Result<_>>()?;
    Ok(Measured { name: file.name.clone(), documents })
}

/// Compares what was said of a document, row by row, with its marks.
fn counts(file: &Labelled, document: &Document, said: &[Vec<Said>], unsure: &[Vec<Said>], graded: bool) -> Counts {
    let mut counts = Counts::default();
    let mut section = Section::new(Kind::Labelled, file.name.clone(), "");
    for ((row, said), unsure) in document.rows.iter().zip(said).zip(unsure) {
        counts.row(document, row, said, &mut section);
        let tags = tags(row, unsure.iter().map(|s| (s.span, s.confidence)));
        counts.word_scores.extend(tags);
        let row_words = words(&row.target, document.target_language.as_ref()).max(1.0);
        let points: f64 = said.iter().map(|s| multiplier(s.severity)).sum();
        let marked: f64 = row.marks.iter().filter_map(|m| m.severity).map(multiplier).sum();
        let length = row.target.chars().count() as f64;
        let source = row.source.chars().count() as f64;
        counts.judged.push(Judged {
            score: -points / row_words,
            length,
            ratio: (source > 0.0).then(|| ((length + 1.0) / (source + 1.0)).ln()),
            da: row.da,
            hter: row.hter,
            penalty: graded.then_some(marked / row_words),
        });
    }
    counts.section = Some(section);
    counts
}

impl Counts {
    fn row(&mut self, document: &Document, row: &Row, said: &[Said], section: &mut Section) {
        let text = row.target.as_str();
        let marks: Vec<&Mark> = row.marks.iter().filter(|m| m.counts()).collect();
        let (kept, twice) = without_duplicates(said);
        self.rows += 1.0;
        self.words += words(text, document.target_language.as_ref());
        self.findings += kept.len() as f64;
        self.duplicates += twice.len() as f64;
        let chances: Vec<Chance> = kept.iter().map(|s| Chance::new(text, s.span)).collect();
        for (said, chance) in kept.iter().zip(&chances) {
            let right = marks.iter().any(|m| touches(said.span, m.span));
            self.touching += f64::from(u8::from(right));
            self.touching_by_chance += chance.of_any(text, &marks);
            self.ranked.push((said.confidence, right));
            let verdict = if right { Verdict::Right } else { Verdict::False };
            section.count("rule", &said.rule, if right { "right" } else { "false" }, 1.0);
            section.count("confidence", &band(said.confidence), if right { "right" } else { "false" }, 1.0);
            section.examples.push(said.example(verdict, &row.id, text));
        }
        for said in twice {
            section.count("rule", &said.rule, "duplicates", 1.0);
            section.examples.push(said.example(Verdict::Twice, &row.id, text));
        }
        for mark in &marks {
            let is_touched = kept.iter().any(|s| touches(s.span, mark.span));
            let missed: f64 = chances.iter().map(|c| 1.0 - c.of_any(text, &[*mark])).product();
            let more = Touched { all: 1.0, touched: f64::from(u8::from(is_touched)), by_chance: 1.0 - missed };
            self.marks.add(more);
            if mark.is_heavy() {
                self.heavy.add(more);
            }
            let severity = mark.severity.map_or("bad", |s| s.name());
            for (dimension, value) in [("severity", severity), ("type", mark.category.as_str())] {
                section.count(dimension, value, "marks", 1.0);
                section.count(dimension, value, "found", more.touched);
            }
            let verdict = if is_touched { Verdict::Found } else { Verdict::Missed };
            section.examples.push(Example {
                severity: severity.to_owned(),
                ..Example::new(verdict, &mark.category, &row.id, text, mark.span)
            });
        }
        for (score, marked) in tags(row, kept.iter().map(|s| (s.span, 1.0))) {
            self.confusion.add(marked, score > 0.0, 1.0);
        }
    }
}

impl Touched {
    fn add(&mut self, more: Self) {
        self.all += more.all;
        self.touched += more.touched;
        self.by_chance += more.by_chance;
    }
}

/// Where a span of a certain length may stand in its row.
struct Chance {
    length: usize,
    places: usize,
}

impl Chance {
    fn new(text: &str, span: Span) -> Self {
        let all = text.chars().count().max(1);
        let inside = text.get(span.start().min(text.len())..span.end().min(text.len())).unwrap_or("");
        let length = inside.chars().count().clamp(1, all);
        Self { length, places: all - length + 1 }
    }

    /// The share of places where it would touch one of the marks, which are in order.
    fn of_any(&self, text: &str, marks: &[&Mark]) -> f64 {
        let units = |at: usize| Encoding::Utf32.units(&text[..at]);
        let (mut count, mut done) = (0, 0);
        for mark in marks {
            let (start, end) = (units(mark.span.start()), units(mark.span.end()).max(units(mark.span.start()) + 1));
            // It touches when it starts at most its own length before the mark, and before the mark's end.
            let from = (start + 1).saturating_sub(self.length).max(done);
            let to = end.min(self.places);
            count += to.saturating_sub(from);
            done = done.max(to);
        }
        count as f64 / self.places as f64
    }
}

/// Whether a finding and a mark share a character; an insertion point shares those on either side of it.
fn touches(finding: Span, mark: Span) -> bool {
    if finding.is_empty() || mark.is_empty() {
        finding.start() <= mark.end() && mark.start() <= finding.end()
    } else {
        finding.overlaps(mark)
    }
}

/// How many findings before one it is compared with: those that overlap stand close together.
const COMPARED: usize = 16;

/// Findings, and those that say again what one before them says: more than half of what either covers, both cover.
fn without_duplicates(said: &[Said]) -> (Vec<&Said>, Vec<&Said>) {
    let same = |a: Span, b: Span| {
        let both = a.end().min(b.end()).saturating_sub(a.start().max(b.start()));
        a == b || 2 * both > a.cover(b).len()
    };
    let (mut kept, mut twice): (Vec<&Said>, Vec<&Said>) = (Vec::new(), Vec::new());
    for one in said {
        if kept.iter().rev().take(COMPARED).any(|k| same(k.span, one.span)) {
            twice.push(one);
        } else {
            kept.push(one);
        }
    }
    (kept, twice)
}

/// The words of a row (UAX #29, punctuation marks among them): the highest score of what lies on each, and whether it is marked.
fn tags(row: &Row, said: impl Iterator<Item = (Span, f64)>) -> Vec<(f64, bool)> {
    let text = row.target.as_str();
    let pieces = text.split_word_bound_indices().filter(|(_, piece)| !piece.trim().is_empty());
    let spans: Vec<Span> = pieces.map(|(at, piece)| Span::new(at, at + piece.len())).collect();
    let mut tags = vec![(0.0_f64, false); spans.len()];
    // The words that a place lies on; an insertion point lies on the word after it, or on the last.
    let on = |place: Span| {
        let first = spans.partition_point(|word| word.end() <= place.start());
        if place.is_empty() {
            let first = first.min(spans.len().saturating_sub(1));
            return first..(first + 1).min(spans.len());
        }
        first..spans.partition_point(|word| word.start() < place.end()).max(first)
    };
    for mark in row.marks.iter().filter(|m| m.counts()) {
        tags[on(mark.span)].iter_mut().for_each(|tag| tag.1 = true);
    }
    for (place, score) in said {
        tags[on(place)].iter_mut().for_each(|tag| tag.0 = tag.0.max(score));
    }
    tags
}

/// A tenth of confidence, as a name.
pub(super) fn band(confidence: f64) -> String {
    let low = (confidence.clamp(0.0, 0.999) * 10.0).floor() / 10.0;
    format!("{low:.1} to {:.1}", low + 0.1)
}

/// The score of words from which calling them wrong agrees best with the marks of a file (MCC).
pub fn fit(measured: &Measured) -> Option<f64> {
    let mut words: Vec<(f64, bool)> = measured.documents.iter().flat_map(|d| d.word_scores.iter().copied()).collect();
    words.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut confusion = Confusion::default();
    for &(_, marked) in &words {
        confusion.add(marked, false, 1.0);
    }
    let mut best: Option<(f64, f64)> = None;
    for tied in words.chunk_by(|a, b| a.0 == b.0) {
        for &(_, marked) in tied {
            confusion.add(marked, false, -1.0);
            confusion.add(marked, true, 1.0);
        }
        // What nobody says anything of has the score 0, and that is no threshold.
        let found = confusion.mcc().filter(|mcc| tied[0].0 > 0.0 && best.is_none_or(|(_, top)| *mcc > top));
        best = found.map(|mcc| (tied[0].0, mcc)).or(best);
    }
    best.map(|(threshold, _)| threshold)
}

/// The sections of some files, and, where there are several, of all together.
pub fn sections(mut files: Vec<Measured>, settings: &Settings) -> Vec<Section> {
    let mut sections: Vec<Section> = files.iter_mut().map(|file| section(file, settings)).collect();
    if files.len() > 1 {
        let documents = files.into_iter().flat_map(|file| file.documents).collect();
        let mut all = section(&mut Measured { name: ALL.to_owned(), documents }, settings);
        for part in &sections {
            all.add_counts(part);
        }
        sections.insert(0, all);
    }
    sections
}

/// What is said in a section of how it was measured.
pub(super) fn setting(with_source: bool) -> &'static str {
    if with_source { "source" } else { "alone" }
}

fn section(file: &mut Measured, settings: &Settings) -> Section {
    let mut section = Section::new(Kind::Labelled, file.name.clone(), setting(settings.with_source));
    for part in file.documents.iter_mut().filter_map(|d| d.section.take()) {
        section.add_counts(&part);
        section.examples.extend(part.examples);
    }
    let documents = &file.documents;
    let total = |of: &dyn Fn(&Counts) -> f64| documents.iter().map(of).sum::<f64>();
    // A quotient over the documents drawn.
    let rate = |part: fn(&Counts) -> f64, whole: fn(&Counts) -> f64| {
        move |times: &[u32]| {
            let sum = |of: fn(&Counts) -> f64| -> f64 {
                documents.iter().zip(times).map(|(d, &t)| of(d) * f64::from(t)).sum()
            };
            share(sum(part), sum(whole))
        }
    };
    let all = once(documents.len());
    section.set("documents", documents.len());
    section.set("rows", total(&|d| d.rows));
    section.set("words", total(&|d| d.words));
    section.set("findings", total(&|d| d.findings));
    section.set("duplicates", total(&|d| d.duplicates));
    section.set("marks", total(&|d| d.marks.all));
    let per_1000 = rate(|d| d.findings * 1_000.0, |d| d.words);
    section.set_some("per_1000", figure(documents.len(), per_1000));
    let touching = figure(documents.len(), rate(|d| d.touching, |d| d.findings));
    let chance = rate(|d| d.touching_by_chance, |d| d.findings)(&all);
    let has_marks = total(&|d| d.marks.all) > 0.0;
    if has_marks {
        section.set_some("touching", touching.map(|f| f.beside("random spans", chance)));
        for (name, of, by_chance) in [
            ("marks_touched", rate(|d| d.marks.touched, |d| d.marks.all), rate(|d| d.marks.by_chance, |d| d.marks.all)),
            ("heavy_touched", rate(|d| d.heavy.touched, |d| d.heavy.all), rate(|d| d.heavy.by_chance, |d| d.heavy.all)),
        ] {
            let found = figure(documents.len(), of);
            section.set_some(name, found.map(|f| f.beside("random spans", by_chance(&all))));
        }
        let mcc = |times: &[u32]| {
            let mut sum = Confusion::default();
            documents.iter().zip(times).for_each(|(d, &t)| sum.merge(&d.confusion, f64::from(t)));
            sum.mcc()
        };
        section.set_some("mcc", figure(documents.len(), mcc).map(|f| f.beside("flag nothing", Some(0.0))));
        ranking(documents, settings, &mut section);
    }
    correlations(documents, &mut section);
    section
}

/// A figure with its interval.
fn figure(documents: usize, of: impl Fn(&[u32]) -> Option<f64> + Sync) -> Option<Figure> {
    of(&once(documents)).map(|value| Figure::from(value).between(interval(documents, of)))
}

/// Average precision of findings by confidence and of words by score, and the words decided by a threshold.
fn ranking(documents: &[Counts], settings: &Settings, section: &mut Section) {
    let gather = |of: fn(&Counts) -> &Vec<(f64, bool)>| -> Vec<Scored> {
        let items = documents
            .iter()
            .enumerate()
            .flat_map(|(document, d)| of(d).iter().map(move |&(score, right)| Scored { score, right, document }));
        let mut items: Vec<Scored> = items.collect();
        sort_by_score(&mut items);
        items
    };
    let (findings, words) = (gather(|d| &d.ranked), gather(|d| &d.word_scores));
    let all = once(documents.len());
    for (name, items, chance) in [("ap", &findings, "any order"), ("words_ap", &words, "share marked")] {
        let found = figure(documents.len(), |times| average_precision(items, times));
        section.set_some(name, found.map(|f| f.beside(chance, share_right(items, &all))));
    }
    let Some(threshold) = settings.word_threshold else { return };
    let mcc = |times: &[u32]| {
        let mut confusion = Confusion::default();
        for word in &words {
            confusion.add(word.right, word.score >= threshold, f64::from(times[word.document]));
        }
        confusion.mcc()
    };
    section.set("word_threshold", threshold);
    section.set_some("words_mcc", figure(documents.len(), mcc).map(|f| f.beside("flag nothing", Some(0.0))));
}

/// How the score follows what people think, beside two dumb rules: longer is worse, and an odd length is worse.
fn correlations(documents: &[Counts], section: &mut Section) {
    let mut ratios: Vec<f64> = documents.iter().flat_map(|d| d.judged.iter().filter_map(|j| j.ratio)).collect();
    ratios.sort_by(f64::total_cmp);
    let usual = ratios.get(ratios.len() / 2).copied();
    type Truth = fn(&Judged) -> Option<f64>;
    let human: [Truth; 3] = [|j| j.da, |j| j.hter.map(|h| -h), |j| j.penalty.map(|p| -p)];
    for (name, truth) in ["da", "hter", "mqm"].into_iter().zip(human) {
        let pairs = |of: &dyn Fn(&Judged) -> Option<f64>| -> Vec<Pair> {
            let rows = documents.iter().enumerate().flat_map(|(at, d)| d.judged.iter().map(move |j| (at, j)));
            rows.filter_map(|(document, j)| Some(Pair { x: of(j)?, y: truth(j)?, document })).collect()
        };
        let score = pairs(&|j| Some(j.score));
        let all = once(documents.len());
        let baseline = |of: &dyn Fn(&Judged) -> Option<f64>| pearson(&pairs(of), &all);
        let length = baseline(&|j| Some(-j.length));
        let ratio = usual.and_then(|usual| baseline(&|j| j.ratio.map(|r| -(r - usual).abs())));
        let found = figure(documents.len(), |times| pearson(&score, times));
        section.set_some(name, found.map(|f| f.beside("minus length", length).beside("length ratio", ratio)));
        let rank = spearman(&score, documents.len()).map(Figure::from);
        section.set_some(&format!("{name}_rank"), rank);
    }
}
