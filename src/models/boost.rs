//! Boosted decision trees: many small ones, whose leaves are added up.
//!
//! All splits of one level of a tree ask the same question (Prokhorenkova and others 2018 call such trees oblivious), so that a
//! tree is as many comparisons as it is deep and one look into a table, without a jump that depends on the answer.
//! `train::boost` grows them.

use crate::models::Reader;

/// The deepest tree.
pub const MAX_DEPTH: usize = 8;

/// Trees whose leaves are added up.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What is said before any tree is asked.
    pub base: f32,
    /// How many columns a row has.
    pub columns: usize,
    /// The trees, in the order they grew.
    pub trees: Vec<Tree>,
}

/// One tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// A question a level; at most [`MAX_DEPTH`].
    pub splits: Vec<Split>,
    /// Two to the power of the levels. The first question's answer is the lowest bit of the place.
    pub leaves: Vec<f32>,
}

/// Rows for which trees are asked together, laid out by column.
#[derive(Clone, Debug)]
pub struct Columns {
    rows: usize,
    values: Vec<f32>,
}

impl Columns {
    /// So many rows that lack everything yet; the first columns have room.
    pub fn new(rows: usize, columns: usize) -> Self {
        Self { rows, values: Vec::with_capacity(rows * columns) }
    }

    /// Adds a column with a value for each row, in order; what is too much is left out, and what lacks is missing.
    pub fn push(&mut self, values: impl Iterator<Item = f32>) {
        let end = self.values.len() + self.rows;
        self.values.extend(values.take(self.rows));
        self.values.resize(end, f32::NAN);
    }

    /// Adds a column that is the same in all rows.
    pub fn push_all(&mut self, value: f32) {
        self.values.resize(self.values.len() + self.rows, value);
    }

    /// Takes the columns from one on away.
    pub fn truncate(&mut self, columns: usize) {
        self.values.truncate(columns * self.rows);
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.rows.max(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn column(&self, at: usize) -> Option<&[f32]> {
        self.values.get(at * self.rows..(at + 1) * self.rows)
    }
}

/// Whether a value is above a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Which column of the row.
    pub column: u16,
    /// The answer for a value that is missing.
    pub missing: bool,
    /// Above it the answer is yes.
    pub threshold: f32,
}

impl Split {
    /// The answer for a value; one that is missing is not a number.
    pub fn answer(self, value: f32) -> bool {
        (value > self.threshold) | (self.missing & value.is_nan())
    }
}

impl Forest {
    /// The sum of the leaves that a row falls into. A column that the row lacks is missing.
    pub fn value(&self, row: &[f32]) -> f32 {
        self.base + self.trees.iter().map(|tree| tree.value(row)).sum::<f32>()
    }

    /// What [`Self::value`] gives for each of some rows, to the bit, in a third of the time: a question is asked of all rows at once.
    pub fn values(&self, columns: &Columns) -> Vec<f32> {
        let mut sums = vec![0.0_f32; columns.rows];
        let mut places = vec![0_u32; columns.rows];
        for tree in &self.trees {
            places.fill(0);
            for (level, split) in tree.splits.iter().enumerate() {
                let (yes, threshold) = (1 << level, split.threshold);
                let Some(column) = columns.column(usize::from(split.column)) else {
                    if split.missing {
                        places.iter_mut().for_each(|place| *place |= yes);
                    }
                    continue;
                };
                let asked = places.iter_mut().zip(column);
                if split.missing {
                    // What is not a number is neither above nor below.
                    asked.for_each(|(place, value)| *place |= if *value <= threshold { 0 } else { yes });
                } else {
                    asked.for_each(|(place, value)| *place |= if *value > threshold { yes } else { 0 });
                }
            }
            for (sum, place) in sums.iter_mut().zip(&places) {
                *sum += tree.leaves.get(*place as usize).copied().unwrap_or(0.0);
            }
        }
        sums.iter_mut().for_each(|sum| *sum += self.base);
        sums
    }

    /// The sum as a chance, where the trees were grown to tell one.
    pub fn chance(&self, row: &[f32]) -> f32 {
        1.0 / (1.0 + (-self.value(row)).exp())
    }

    /// As a section of a model file.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(self.base.to_le_bytes());
        out.extend((self.columns as u32).to_le_bytes());
        out.extend((self.trees.len() as u32).to_le_bytes());
        for tree in &self.trees {
            out.extend((tree.splits.len() as u32).to_le_bytes());
            for split in &tree.splits {
                out.extend((u32::from(split.column) << 1 | u32::from(split.missing)).to_le_bytes());
                out.extend(split.threshold.to_le_bytes());
            }
            for leaf in &tree.leaves {
                out.extend(leaf.to_le_bytes());
            }
        }
        out
    }

    /// Reads a section; `None` where it is damaged.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (base, columns) = (reader.f32()?, reader.u32()? as usize);
        let count = reader.count(8)?;
        let mut trees = Vec::with_capacity(count);
        for _ in 0..count {
            let depth = reader.count(8)?;
            if depth > MAX_DEPTH {
                return None;
            }
            let mut splits = Vec::with_capacity(depth);
            for _ in 0..depth {
                let (which, threshold) = (reader.u32()?, reader.f32()?);
                let column = u16::try_from(which >> 1).ok().filter(|column| usize::from(*column) < columns)?;
                splits.push(Split { column, missing: which & 1 == 1, threshold });
            }
            let leaves = (0..1_usize << depth).map(|_| reader.f32()).collect::<Option<Vec<_>>>()?;
            trees.push(Tree { splits, leaves });
        }
        reader.is_empty().then_some(Self { base, columns, trees })
    }
}

impl Tree {
    fn value(&self, row: &[f32]) -> f32 {
        let mut place = 0_usize;
        for (level, split) in self.splits.iter().enumerate() {
            let value = row.get(usize::from(split.column)).copied().unwrap_or(f32::NAN);
            place |= usize::from(split.answer(value)) << level;
        }
        self.leaves.get(place).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forest() -> Forest {
        let splits = vec![
            Split { column: 0, missing: false, threshold: 1.0 },
            Split { column: 2, missing: true, threshold: -0.5 },
        ];
        Forest { base: 0.25, columns: 3, trees: vec![Tree { splits, leaves: vec![1.0, 2.0, 4.0, 8.0] }] }
    }

    #[test]
    fn rows_are_asked_together() {
        let forest = forest();
        let rows = [[0.0, 9.0, -1.0], [2.0, 9.0, -1.0], [1.0, 9.0, 0.0], [1.5, 9.0, f32::NAN], [f32::NAN, 9.0, -1.0]];
        let mut columns = Columns::new(rows.len(), 3);
        for column in 0..3 {
            columns.push(rows.iter().map(|row| row[column]));
        }
        let one_by_one: Vec<f32> = rows.iter().map(|row| forest.value(row)).collect();
        assert_eq!(forest.values(&columns), one_by_one);
        columns.truncate(2);
        columns.push_all(0.0);
        assert_eq!(forest.values(&columns)[1], forest.value(&[2.0, 9.0, 0.0]));
        columns.truncate(1);
        assert_eq!((columns.len(), columns.is_empty()), (1, false));
        assert_eq!(forest.values(&columns)[1], forest.value(&[2.0]), "columns that lack are missing");
    }

    #[test]
    fn rows_fall_into_leaves() {
        let forest = forest();
        for (row, leaf) in [
            ([0.0, 9.0, -1.0], 1.0),
            ([2.0, 9.0, -1.0], 2.0),
            ([1.0, 9.0, 0.0], 4.0),
            ([1.5, 9.0, f32::NAN], 8.0),
            ([f32::NAN, 9.0, -1.0], 1.0),
        ] {
            assert_eq!(forest.value(&row), 0.25 + leaf, "{row:?}");
        }
        assert_eq!(forest.value(&[]), 4.25, "columns that lack are missing");
        assert!((forest.chance(&[0.0, 0.0, -1.0]) - 0.777_3).abs() < 1e-4);
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_told() {
        let bytes = forest().write();
        assert_eq!(Forest::read(&bytes), Some(forest()));
        for cut in 0..bytes.len() {
            assert_eq!(Forest::read(&bytes[..cut]), None, "cut at {cut}");
        }
        for (at, value) in [(8, 255), (11, 255), (12, 40), (16, 254), (19, 255)] {
            let mut bad = bytes.clone();
            bad[at] = value;
            assert_eq!(Forest::read(&bad), None, "byte {at}");
        }
    }
}
