//! The one coordinate of the house: a half-open range of UTF-8 bytes into one side of an article.
//!
//! Everything inside Obelus counts in bytes. UTF-16 code units, code points, lines and columns exist only at the edges,
//! and the conversions to and from them live here.

use std::ops::Range;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A half-open range `[start, end)` of UTF-8 bytes. Both ends lie on character boundaries of the text it was made for.
///
/// Stored as `u32`, so one side of an article may hold at most 4 GiB; the limits on input are far below that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The range from `start` to `end`. An `end` before `start` gives the empty range at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Byte after the last.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end() - self.start()
    }

    /// Whether it is a point of insertion.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// As a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// The text it covers; empty where it does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }

    /// Whether the two share a byte, or one is empty and lies strictly inside the other.
    pub fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
            || (self.is_empty() && other.start < self.start && self.start < other.end)
            || (other.is_empty() && self.start < other.start && other.start < self.end)
    }

    /// Whether `other` lies in it.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest range that has both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same range, `bytes` further on.
    pub fn shift(self, bytes: usize) -> Self {
        Self::new(self.start() + bytes, self.end() + bytes)
    }

    /// The same range relative to a text that starts at `origin`.
    pub fn relative_to(self, origin: usize) -> Self {
        Self::new(self.start().saturating_sub(origin), self.end().saturating_sub(origin))
    }

    /// The range widened to whole grapheme clusters (UAX #29), so that no mark falls between a letter and its accent.
    pub fn snap(self, text: &str) -> Self {
        let mut start = self.start().min(text.len());
        while start > 0 && !is_grapheme_boundary(text, start) {
            start -= 1;
        }
        let mut end = self.end().min(text.len());
        while end < text.len() && !is_grapheme_boundary(text, end) {
            end += 1;
        }
        Self::new(start, end)
    }

    /// Whether both ends lie between grapheme clusters.
    pub fn is_snapped(self, text: &str) -> bool {
        is_grapheme_boundary(text, self.start()) && is_grapheme_boundary(text, self.end())
    }
}

/// Whether a grapheme cluster ends at `at` and the next begins there.
pub fn is_grapheme_boundary(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    if at == 0 || at == bytes.len() {
        return true;
    }
    if !text.is_char_boundary(at) {
        return false;
    }
    // Between two ASCII characters there is always a boundary, except inside CR LF: the common case, without tables.
    if bytes[at].is_ascii() && bytes[at - 1].is_ascii() {
        return !(bytes[at] == b'\n' && bytes[at - 1] == b'\r');
    }
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

/// The unit that a caller counts offsets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Bytes of UTF-8.
    #[default]
    Utf8,
    /// Code units of UTF-16.
    Utf16,
    /// Unicode code points.
    Utf32,
}

impl Encoding {
    /// How many units of this encoding a piece of text takes.
    pub fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        }
    }
}

/// Converts between byte offsets of one text and offsets in another encoding, in time that does not grow with the text.
pub struct OffsetMap<'a> {
    text: &'a str,
    encoding: Encoding,
    /// Units before each block of [`BLOCK`] bytes; empty where units and bytes are the same.
    blocks: Vec<u32>,
}

/// Bytes between two remembered offsets: a conversion counts at most this many.
const BLOCK: usize = 256;

impl<'a> OffsetMap<'a> {
    /// Reads the text once.
    pub fn new(text: &'a str, encoding: Encoding) -> Self {
        let mut blocks = Vec::new();
        if encoding != Encoding::Utf8 && !text.is_ascii() {
            let mut units = 0;
            for (at, c) in text.char_indices() {
                // A character that straddles the border of a block belongs to the block it starts in.
                while blocks.len() * BLOCK <= at {
                    blocks.push(units);
                }
                units += if encoding == Encoding::Utf16 { c.len_utf16() as u32 } else { 1 };
            }
        }
        Self { text, encoding, blocks }
    }

    /// The offset of byte `at` in the map's encoding. A byte inside a character counts as the character's first.
    pub fn to_units(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let Some(block) = self.block_of(at) else {
            return at;
        };
        let begin = self.first_boundary(block);
        let end = (begin..=at).rev().find(|&i| self.text.is_char_boundary(i)).unwrap_or(begin);
        self.blocks[block] as usize + self.encoding.units(self.text.get(begin..end).unwrap_or(""))
    }

    /// The byte at an offset in the map's encoding; `None` past the end or inside a character.
    pub fn to_byte(&self, units: usize) -> Option<usize> {
        if self.blocks.is_empty() {
            return (units <= self.text.len() && self.text.is_char_boundary(units)).then_some(units);
        }
        let block = self.blocks.partition_point(|&before| before as usize <= units).saturating_sub(1);
        let begin = self.first_boundary(block);
        let mut count = self.blocks[block] as usize;
        for (at, c) in self.text[begin..].char_indices() {
            if count >= units {
                return (count == units).then_some(begin + at);
            }
            count += if self.encoding == Encoding::Utf16 { c.len_utf16() } else { 1 };
        }
        (count == units).then_some(self.text.len())
    }

    fn block_of(&self, at: usize) -> Option<usize> {
        let last = self.blocks.len().checked_sub(1)?;
        let block = (at / BLOCK).min(last);
        // The first character of a block may begin after `at`, when `at` points into a character that straddles.
        Some(if self.first_boundary(block) > at { block.saturating_sub(1) } else { block })
    }

    fn first_boundary(&self, block: usize) -> usize {
        (block * BLOCK..self.text.len()).find(|&i| self.text.is_char_boundary(i)).unwrap_or(self.text.len())
    }
}

/// A place as people name it: both count from 1, columns in grapheme clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Grapheme cluster in the line, from 1.
    pub column: usize,
}

/// Tells lines and columns. Ask in ascending order: then a text of one long line costs one reading, not one a question.
pub struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    last: (usize, LineColumn),
}

impl<'a> Lines<'a> {
    /// Finds the line ends.
    pub fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts, last: (0, LineColumn { line: 1, column: 1 }) }
    }

    /// The line and column of byte `at`, which lies on a grapheme boundary.
    pub fn position(&mut self, at: usize) -> LineColumn {
        let at = at.min(self.text.len());
        let line = self.starts.partition_point(|&start| start <= at);
        let (from, column) = match self.last {
            (last, place) if place.line == line && last <= at => (last, place.column),
            _ => (self.starts[line - 1], 1),
        };
        let column = column + self.text.get(from..at).unwrap_or("").graphemes(true).count();
        self.last = (at, LineColumn { line, column });
        self.last.1
    }

    /// The span of a line (from 1), without its line end.
    pub fn line(&self, line: usize) -> Span {
        let start = self.starts.get(line - 1).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line).map_or(self.text.len(), |&next| next - 1);
        let end = if end > start && self.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
        Span::new(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 5] = ["", "plain", "naïve — “x”", "👩‍👩‍👧‍👦 e\u{301}\r\nไทย", "العربية 𝔘nicode"];

    #[test]
    fn offsets_go_there_and_back_in_every_encoding() {
        for text in TEXTS.map(|t| t.repeat(60)) {
            for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
                let map = OffsetMap::new(&text, encoding);
                for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                    let units = map.to_units(at);
                    assert_eq!(units, encoding.units(&text[..at]));
                    assert_eq!(map.to_byte(units), Some(at));
                }
                assert_eq!(map.to_byte(encoding.units(&text) + 1), None);
            }
        }
    }

    #[test]
    fn an_offset_inside_a_character_is_refused() {
        assert_eq!(OffsetMap::new("a😀b", Encoding::Utf16).to_byte(2), None);
        assert_eq!(OffsetMap::new("aéb", Encoding::Utf8).to_byte(2), None);
    }

    #[test]
    fn snapping_keeps_clusters_whole() {
        let text = "x e\u{301}\r\n👩‍👩‍👧";
        assert_eq!(Span::new(2, 3).snap(text).of(text), "e\u{301}");
        assert_eq!(Span::new(5, 6).snap(text).of(text), "\r\n");
        assert_eq!(Span::new(7, 11).snap(text).of(text), "👩‍👩‍👧");
    }

    #[test]
    fn columns_count_what_people_see() {
        let text = "e\u{301}x\r\nab";
        let mut lines = Lines::new(text);
        assert_eq!(lines.position(3), LineColumn { line: 1, column: 2 });
        assert_eq!(lines.position(7), LineColumn { line: 2, column: 2 });
        assert_eq!(lines.line(1).of(text), "e\u{301}x");
        assert_eq!(lines.position(0), LineColumn { line: 1, column: 1 });
    }
}
