//! Findings against an editor's marks: which finding found which mark, which is false, and whether the first repair is right.
//!
//! A finding fits a mark when they overlap and either at least half of the finding lies inside the mark, or the finding covers
//! the whole mark and is at most [`SLACK`] characters longer. They are paired one to one, best overlap first. A finding that
//! fits a mark also finds the marks inside that one which it covers. One that is paired with no mark is false, unless it fits a
//! mark that is taken: then it says the same thing twice, and is neither right nor false. A repair is right when applying it
//! gives exactly the text with an accepted replacement, white space aside. All offsets are code points.

use crate::span::{Encoding, Span};

/// How much longer than a mark a finding may be that covers it, in characters.
pub const SLACK: usize = 12;

/// A half-open range of code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First.
    pub start: usize,
    /// After the last.
    pub end: usize,
}

impl Range {
    /// A place of a text in bytes, in code points.
    pub fn of(text: &str, span: Span) -> Self {
        let units = |at: usize| Encoding::Utf32.units(&text[..text.floor_char_boundary(at)]);
        Self { start: units(span.start()), end: units(span.end()) }
    }

    /// How well this range, a finding's, fits a mark: overlap over union, 0 where it does not fit. An insertion point counts as
    /// the character before or after it.
    pub fn fit(self, mark: Self) -> f64 {
        if self.start == self.end {
            let before = if self.start > 0 { Self { start: self.start - 1, end: self.start }.fit(mark) } else { 0.0 };
            return before.max(Self { start: self.start, end: self.start + 1 }.fit(mark));
        }
        let both = self.end.min(mark.end).saturating_sub(self.start.max(mark.start));
        if both == 0 {
            return 0.0;
        }
        let covers = self.start <= mark.start && self.end >= mark.end;
        let longer = self.length() as i64 - mark.length() as i64;
        if 2 * both >= self.length() || (covers && longer <= SLACK as i64) {
            both as f64 / (self.end.max(mark.end) - self.start.min(mark.start)) as f64
        } else {
            0.0
        }
    }

    /// Whether `other` lies in it.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    fn length(self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// Which finding found which mark.
#[derive(Clone, Debug, Default)]
pub struct Pairing {
    /// For each finding, how well it fits each mark; 0 where a mark inside fits better.
    fits: Vec<Vec<f64>>,
    /// For each finding, its mark.
    pub mark_of: Vec<Option<usize>>,
    /// For each mark, the finding that it is paired with, or that covers it as a part of its own mark.
    pub found_by: Vec<Option<usize>>,
}

impl Pairing {
    /// Pairs findings and marks.
    pub fn new(findings: &[Range], marks: &[Range]) -> Self {
        let inside = |k: usize, j: usize| k != j && marks[j].contains(marks[k]);
        let mut fits: Vec<Vec<f64>> =
            findings.iter().map(|f| marks.iter().map(|&mark| f.fit(mark)).collect()).collect();
        for row in &mut fits {
            // A finding that fits a nested mark better than the mark around it is about the nested one. What has been put to 0
            // already no longer counts, in this order.
            for j in 0..marks.len() {
                if row[j] > 0.0 && (0..marks.len()).any(|k| inside(k, j) && row[k] > row[j]) {
                    row[j] = 0.0;
                }
            }
        }
        let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
        for (i, row) in fits.iter().enumerate() {
            candidates.extend(row.iter().enumerate().filter(|(_, fit)| **fit > 0.0).map(|(j, &fit)| (fit, i, j)));
        }
        candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (mut mark_of, mut owner) = (vec![None; findings.len()], vec![None; marks.len()]);
        for (_, i, j) in candidates {
            if mark_of[i].is_none() && owner[j].is_none() {
                (mark_of[i], owner[j]) = (Some(j), Some(i));
            }
        }
        let mut found_by = owner.clone();
        for (i, j) in mark_of.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))) {
            for (k, mark) in marks.iter().enumerate() {
                if owner[k].is_none() && k != j && marks[j].contains(*mark) && findings[i].contains(*mark) {
                    found_by[k] = Some(i);
                }
            }
        }
        Self { fits, mark_of, found_by }
    }

    /// Whether a finding that has no mark says what another says already.
    pub fn is_duplicate(&self, finding: usize) -> bool {
        self.mark_of[finding].is_none() && self.fits[finding].iter().any(|&fit| fit > 0.0)
    }

    /// The findings that fit a mark.
    pub fn fitting(&self, mark: usize) -> impl Iterator<Item = usize> {
        self.fits.iter().enumerate().filter(move |(_, row)| row[mark] > 0.0).map(|(i, _)| i)
    }
}

/// One replacement in a text.
#[derive(Clone, Debug)]
pub struct Change {
    /// What goes.
    pub range: Range,
    /// What comes.
    pub replacement: String,
}

/// A text, and what changes make of it.
pub struct Sheet {
    characters: Vec<char>,
}

impl Sheet {
    /// A text.
    pub fn new(text: &str) -> Self {
        Self { characters: text.chars().collect() }
    }

    /// The text with changes made, last place first, and white space made even.
    pub fn with(&self, changes: &[Change]) -> String {
        let mut order: Vec<&Change> = changes.iter().collect();
        order.sort_by_key(|c| std::cmp::Reverse(c.range.start));
        let mut text = self.characters.clone();
        for change in order {
            let end = change.range.end.min(text.len());
            text.splice(change.range.start.min(end)..end, change.replacement.chars());
        }
        even(text.into_iter())
    }
}

/// White space to single spaces, none at the ends.
fn even(text: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for c in text {
        // The four information separators are white space to the scorer that this agrees with, and not to Unicode.
        if !c.is_whitespace() && !('\u{1c}'..='\u{1f}').contains(&c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: usize, end: usize) -> Range {
        Range { start, end }
    }

    #[test]
    fn half_inside_or_a_little_around() {
        let mark = range(10, 20);
        assert_eq!(range(10, 20).fit(mark), 1.0);
        assert_eq!(range(5, 15).fit(mark), 5.0 / 15.0);
        assert_eq!(range(5, 14).fit(mark), 0.0, "less than half of it lies inside");
        assert!(range(4, 26).fit(mark) > 0.0, "12 longer");
        assert_eq!(range(3, 26).fit(mark), 0.0, "13 longer");
        assert!(range(20, 20).fit(mark) > 0.0 && range(10, 10).fit(mark) > 0.0);
        assert_eq!(range(21, 21).fit(mark), 0.0);
    }

    #[test]
    fn one_finding_one_mark_and_what_lies_in_it() {
        let marks = [range(0, 30), range(5, 10), range(40, 50)];
        let whole = Pairing::new(&[range(0, 30)], &marks);
        assert_eq!(whole.mark_of, [Some(0)]);
        assert_eq!(whole.found_by, [Some(0), Some(0), None], "the mark inside is found with the one around it");
        let nested = Pairing::new(&[range(5, 10)], &marks);
        assert_eq!(nested.found_by, [None, Some(0), None]);
        let twice = Pairing::new(&[range(40, 50), range(41, 50), range(60, 70)], &marks);
        assert_eq!(twice.mark_of, [Some(2), None, None]);
        assert!(twice.is_duplicate(1) && !twice.is_duplicate(0) && !twice.is_duplicate(2));
        assert_eq!(twice.fitting(2).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn repairs_are_compared_as_whole_texts() {
        let sheet = Sheet::new("in  severe Syria,\nyes");
        let change = |start, end, text: &str| Change { range: range(start, end), replacement: text.to_owned() };
        assert_eq!(sheet.with(&[change(4, 10, "northern")]), "in northern Syria, yes");
        assert_eq!(sheet.with(&[change(0, 2, "In"), change(11, 16, "Iraq")]), "In severe Iraq, yes");
        assert_eq!(sheet.with(&[change(99, 120, "!")]), "in severe Syria, yes!");
    }
}
