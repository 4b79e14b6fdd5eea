//! The sorted tables that `build.rs` makes of the TSV files, read in place.
//!
//! Layout: an index, all numbers `u32` little endian, with the number of rows, one offset more than rows into the rows, the
//! number of slots, the slots; and the text of the rows as `key TAB rest`, sorted by key. A table that is not asked costs nothing
//! but its bytes in the file.
//!
//! The slots are an open hash table, at most half full: rules ask some table about nearly every word, and nearly every answer is
//! no, which a search through the sorted rows gives a tenth as fast. Where a key's hash leads, or in the next free slot, stand
//! the row (from 1) in the lower 24 bits and the upper 8 bits of the hash above them; 0 is a free slot.

use std::ops::RangeInclusive;

/// A table of the language data: a key, and the other columns of its row.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    rows: usize,
    offsets: &'static [u8],
    slots: &'static [u8],
    body: &'static str,
}

impl Table {
    /// A table without rows, for a language that has none of the kind.
    pub const EMPTY: Self = Self { rows: 0, offsets: &[], slots: &[], body: "" };

    pub(crate) fn new(index: &'static [u8], body: &'static str) -> Self {
        let Some((count, rest)) = index.split_first_chunk::<4>() else {
            return Self::EMPTY;
        };
        let rows = u32::from_le_bytes(*count) as usize;
        let Some((offsets, rest)) = rest.split_at_checked((rows + 1) * 4) else {
            return Self::EMPTY;
        };
        match rest.split_first_chunk::<4>() {
            Some((_, slots)) => Self { rows, offsets, slots, body },
            None => Self::EMPTY,
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    fn offset(&self, index: usize) -> usize {
        number(self.offsets, index) as usize
    }

    fn text(&self, index: usize) -> &'static str {
        self.body.get(self.offset(index)..self.offset(index + 1)).unwrap_or("")
    }

    /// The key and the rest of a row, by position in the sorted order.
    pub fn row(&self, index: usize) -> (&'static str, Row) {
        let text = self.text(index);
        let (key, rest) = text.split_once('\t').unwrap_or((text, ""));
        (key, Row(rest))
    }

    /// The row of a key.
    pub fn get(&self, key: &str) -> Option<Row> {
        self.find(hash(FNV, key.as_bytes()), |text| text.strip_prefix(key))
    }

    /// The row of a key of two words, with a space between.
    pub fn pair(&self, first: &str, second: &str) -> Option<Row> {
        let hashed = hash(hash(hash(FNV, first.as_bytes()), b" "), second.as_bytes());
        self.find(hashed, |text| text.strip_prefix(first)?.strip_prefix(' ')?.strip_prefix(second))
    }

    /// The row of the longest beginning of a word that the table has, as `beginn*`, among those of so many letters.
    pub fn beginning(&self, word: &str, letters: RangeInclusive<usize>) -> Option<Row> {
        let (mut hashed, mut found, mut end) = (FNV, None, 0);
        for (count, letter) in word.chars().enumerate().take(*letters.end()) {
            let from = end;
            end += letter.len_utf8();
            hashed = hash(hashed, word.as_bytes().get(from..end)?);
            if count + 1 < *letters.start() {
                continue;
            }
            let begins = word.get(..end)?;
            found = self.find(hash(hashed, b"*"), |text| text.strip_prefix(begins)?.strip_prefix('*')).or(found);
        }
        found
    }

    /// The row behind a hash whose key, as `behind` takes it off, is the one that is meant.
    fn find(&self, hash: u64, behind: impl Fn(&'static str) -> Option<&'static str>) -> Option<Row> {
        let mask = (self.slots.len() / 4).checked_sub(1)?;
        let mut at = hash as usize & mask;
        loop {
            let slot = number(self.slots, at);
            let index = (slot & 0x00ff_ffff).checked_sub(1)? as usize;
            if slot >> 24 == (hash >> 56) as u32
                && let Some(rest) = behind(self.text(index)).and_then(|rest| rest.strip_prefix('\t'))
            {
                return Some(Row(rest));
            }
            at = (at + 1) & mask;
        }
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All rows, sorted by key.
    pub fn iter(self) -> impl Iterator<Item = (&'static str, Row)> {
        (0..self.rows).map(move |index| self.row(index))
    }
}

/// A number of a list of them; 0 past its end.
fn number(list: &[u8], index: usize) -> u32 {
    let at = index * 4;
    list.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// What a hash begins with.
const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits, of more letters, as `build.rs` computes it.
fn hash(before: u64, key: &[u8]) -> u64 {
    key.iter().fold(before, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The columns of a row after its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row(&'static str);

impl Row {
    /// A column, counted from 0 after the key; empty where the row has none.
    pub fn column(self, index: usize) -> &'static str {
        let end = |text: &str| text.bytes().position(|byte| byte == b'\t');
        let mut rest = self.0;
        for _ in 0..index {
            let Some(next) = end(rest).and_then(|at| rest.get(at + 1..)) else {
                return "";
            };
            rest = next;
        }
        end(rest).and_then(|at| rest.get(..at)).unwrap_or(rest)
    }
}
