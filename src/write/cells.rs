//! Text in the columns of a terminal: what a character looks like, how wide it is, and where to cut.
//!
//! Everything here looks at no more text than fits the columns asked for, so that a finding in a line of a megabyte costs what
//! one in a short line costs.

use icu_properties::CodePointMapData;
use icu_properties::props::BidiClass;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Bytes looked at for each column wanted. A letter with three accents takes eight, a family of four emoji twelve; a text that is
/// mostly invisible characters is cut early.
const BYTES_PER_COLUMN: usize = 16;
/// How many bytes a cut gives up to fall between words. Han, Thai and very long words are cut between clusters.
const WORD_BYTES: usize = 20;
/// Stands where text was left out, and is one column wide.
pub(super) const ELLIPSIS: &str = "…";

/// A piece of text as it is printed, and the columns that takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) columns: usize,
}

/// All of a text, on one line.
pub(super) fn shown(text: &str) -> Shown {
    let mut all = Shown { text: String::with_capacity(text.len()), columns: 0 };
    for (piece, columns) in text.graphemes(true).map(cell) {
        all.text.push_str(piece);
        all.columns += columns;
    }
    all.text = isolated(all.text);
    all
}

/// A text from its beginning on, as far as it fits, with `…` where it goes on.
pub(super) fn head(text: &str, columns: usize) -> Shown {
    if columns == 0 {
        return Shown::default();
    }
    let (taken, whole) = fitting(text, columns);
    if whole {
        return shown(taken);
    }
    let (mut taken, _) = fitting(text, columns.saturating_sub(2));
    let words = match taken.rfind(char::is_whitespace) {
        _ if text[taken.len()..].starts_with(char::is_whitespace) => Some(taken.len()),
        at => at.filter(|at| taken.len() - at <= WORD_BYTES),
    };
    taken = words.map_or(taken, |at| taken[..at].trim_end());
    let mut all = shown(taken);
    // The ellipsis stands outside the isolate, so that it is to the right of it whatever way the words run.
    all.push(if words.is_some() && columns > 1 { " …" } else { ELLIPSIS });
    all
}

/// A text up to its end, as far back as it fits, with `…` where it began earlier.
pub(super) fn tail(text: &str, columns: usize) -> Shown {
    if columns == 0 {
        return Shown::default();
    }
    let (taken, whole) = fitting_back(text, columns);
    if whole {
        return shown(taken);
    }
    let (mut taken, _) = fitting_back(text, columns.saturating_sub(2));
    // Only one space goes with the word: those before the mark may be what is marked.
    let words = match taken.char_indices().find(|(_, c)| c.is_whitespace()) {
        _ if text[..text.len() - taken.len()].ends_with(char::is_whitespace) => Some(0),
        space => space.filter(|(at, _)| *at <= WORD_BYTES).map(|(at, c)| at + c.len_utf8()),
    };
    taken = words.map_or(taken, |at| &taken[at..]);
    let mut all = Shown::default();
    all.push(if words.is_some() && columns > 1 { "… " } else { ELLIPSIS });
    let rest = shown(taken);
    all.text.push_str(&rest.text);
    all.columns += rest.columns;
    all
}

impl Shown {
    /// Adds ASCII or `…`.
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.columns += text.chars().count();
    }
}

/// Columns of a text, counted no further than `limit` + 1.
pub(super) fn columns_up_to(text: &str, limit: usize) -> usize {
    let (taken, whole) = fitting(text, limit);
    if whole { taken.graphemes(true).map(|g| cell(g).1).sum() } else { limit + 1 }
}

/// The same from the end; not the same number where clusters lie otherwise in the part that is looked at.
pub(super) fn columns_back_up_to(text: &str, limit: usize) -> usize {
    let (taken, whole) = fitting_back(text, limit);
    if whole { taken.graphemes(true).map(|g| cell(g).1).sum() } else { limit + 1 }
}

/// The longest beginning that fits, and whether it is all there is.
fn fitting(text: &str, columns: usize) -> (&str, bool) {
    let window = &text[..text.floor_char_boundary(columns.saturating_add(1).saturating_mul(BYTES_PER_COLUMN))];
    let (mut used, mut end) = (0, 0);
    for (at, grapheme) in window.grapheme_indices(true) {
        used += cell(grapheme).1;
        if used > columns {
            break;
        }
        end = at + grapheme.len();
    }
    (&text[..end], end == text.len())
}

/// The longest end that fits, and whether it is all there is.
fn fitting_back(text: &str, columns: usize) -> (&str, bool) {
    let bytes = columns.saturating_add(1).saturating_mul(BYTES_PER_COLUMN);
    let from = text.ceil_char_boundary(text.len().saturating_sub(bytes));
    let (mut used, mut start) = (0, text.len());
    for (at, grapheme) in text[from..].grapheme_indices(true).rev() {
        used += cell(grapheme).1;
        if used > columns {
            break;
        }
        start = from + at;
    }
    (&text[start..], start == 0)
}

/// What is printed for a grapheme cluster, and its columns. A tab is a space; a control character, which could move the cursor or
/// turn the line around, is a dot. All of those are clusters of their own (UAX #29, GB4 and GB5).
fn cell(grapheme: &str) -> (&str, usize) {
    match grapheme.chars().next() {
        Some('\t') => (" ", 1),
        Some(c) if c.is_control() || turns_the_line(c) => ("·", 1),
        _ => (grapheme, grapheme.width()),
    }
}

/// Line and paragraph separators, and the embeddings, overrides and isolates of UAX #9.
fn turns_the_line(c: char) -> bool {
    matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Puts right-to-left text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
///
/// A terminal that knows about direction turns a stretch of Hebrew or Arabic around within the line, and what stood in column 20 of
/// the stored text may be shown in column 50. So a line is printed as three pieces (before the mark, the mark, after it), each
/// isolated by itself: the line as a whole runs from left to right, the pieces stand in the order of the text, each takes the
/// columns that its characters take, and only within a piece do the words run from right to left. The caret line, which has no
/// letters of the text, then points at the marked word in any terminal: in one that reorders, because the pieces keep their places,
/// and in one that does not, because there the isolates have no width. The price is that an RTL line with a mark in it reads piece
/// by piece. It is done in files and pipes too, since what is piped is often read in a terminal in the end.
pub(super) fn isolated(text: String) -> String {
    let classes = CodePointMapData::<BidiClass>::new();
    let right_to_left = |c: char| {
        !c.is_ascii()
            && matches!(classes.get(c), BidiClass::RightToLeft | BidiClass::ArabicLetter | BidiClass::ArabicNumber)
    };
    if text.chars().any(right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        for (text, columns) in [("ab", 2), ("北京", 4), ("e\u{301}\u{323}", 1), ("a\tb", 3), ("👩‍👩‍👧‍👦", 2), ("", 0)]
        {
            assert_eq!(shown(text).columns, columns, "{text}");
        }
        assert_eq!(shown("a\tb\u{1b}[31m\u{202e}\u{9b}").text, "a b·[31m··");
    }

    #[test]
    fn cuts_fall_between_words_and_never_in_a_cluster() {
        assert_eq!(head("one two three four", 12).text, "one two …");
        assert_eq!(tail("one two three four", 12).text, "… three four");
        assert_eq!(head("one two", 7).text, "one two");
        assert_eq!(head("北京上海广州", 8).text, "北京上…");
        assert_eq!(tail("北京上海广州", 8).text, "…海广州");
        for columns in 0..9 {
            for text in ["e\u{301}".repeat(20), "北京".repeat(9), "a ".repeat(9), "👩‍👩‍👧‍👦".repeat(9)]
            {
                assert!(head(&text, columns).columns <= columns, "{text} {columns}");
                assert!(tail(&text, columns).columns <= columns, "{text} {columns}");
            }
        }
    }

    #[test]
    fn a_heap_of_invisible_characters_is_not_all_looked_at() {
        let text = "\u{200b}".repeat(1 << 20);
        assert!(head(&text, 80).text.len() < 4_000);
        assert!(tail(&text, 80).text.len() < 4_000);
    }
}
