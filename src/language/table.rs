//! The sorted tables that `build.rs` makes of the TSV files, read in place.
//!
//! Layout, all numbers `u32` little endian: the number of rows, one offset more than rows into what follows, then the rows
//! as `key TAB rest`, sorted by key. A table that is not asked costs nothing but its bytes in the file.

use std::cmp::Ordering;

/// A table of the language data: a key, and the other columns of its row.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    rows: usize,
    offsets: &'static [u8],
    body: &'static [u8],
}

impl Table {
    /// A table without rows, for a language that has none of the kind.
    pub const EMPTY: Self = Self { rows: 0, offsets: &[], body: &[] };

    pub(crate) fn new(bytes: &'static [u8]) -> Self {
        let Some((count, rest)) = bytes.split_first_chunk::<4>() else {
            return Self::EMPTY;
        };
        let rows = u32::from_le_bytes(*count) as usize;
        match rest.split_at_checked((rows + 1) * 4) {
            Some((offsets, body)) => Self { rows, offsets, body },
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
        let at = index * 4;
        self.offsets.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize)
    }

    /// The key and the rest of a row, by position in the sorted order.
    pub fn row(&self, index: usize) -> (&'static str, Row) {
        let bytes = self.body.get(self.offset(index)..self.offset(index + 1)).unwrap_or(&[]);
        let text = std::str::from_utf8(bytes).unwrap_or("");
        let (key, rest) = text.split_once('\t').unwrap_or((text, ""));
        (key, Row(rest))
    }

    /// The row of a key.
    pub fn get(&self, key: &str) -> Option<Row> {
        let key = key.as_bytes();
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = low + (high - low) / 2;
            let row = self.body.get(self.offset(middle)..self.offset(middle + 1)).unwrap_or(&[]);
            // A row's key ends at a tab, which sorts before whatever a key may hold, so bytes can be compared in place.
            let shared = key.len().min(row.len());
            let order = row[..shared].cmp(&key[..shared]).then_with(|| match row.get(shared) {
                Some(b'\t') if shared == key.len() => Ordering::Equal,
                Some(_) if shared == key.len() => Ordering::Greater,
                _ => Ordering::Less,
            });
            match order {
                Ordering::Equal => return Some(self.row(middle).1),
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// All rows, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Row)> + '_ {
        (0..self.rows).map(|index| self.row(index))
    }
}

/// The columns of a row after its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row(&'static str);

impl Row {
    /// A column, counted from 0 after the key; empty where the row has none.
    pub fn column(self, index: usize) -> &'static str {
        self.0.split('\t').nth(index).unwrap_or("")
    }
}
