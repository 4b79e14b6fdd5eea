//! Layers of a small network in numbers of 16 bits, and the tables of what goes into them, read in place.
//!
//! All numbers are fractions: those in tables of 1,024, words on their way through the layers of 2,048, what a layer makes of
//! them of 256, weights of 8,192. Sums stay at the greatest number that there is: a damaged file makes wrong trees, no more.

/// Rows of so many numbers, read in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'b, const N: usize>(&'b [[[u8; 2]; N]]);

/// What the numbers in a table are fractions of.
pub(crate) const OF_TABLE: f32 = 1024.0;

impl<'b, const N: usize> Table<'b, N> {
    /// The table in these bytes; nothing where they are no whole number of rows.
    pub(crate) fn read(bytes: &'b [u8]) -> Option<Self> {
        bytes.len().is_multiple_of(N * 2).then_some(Self(bytes.as_chunks::<2>().0.as_chunks::<N>().0))
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a row to sums.
    #[inline]
    pub(crate) fn add(&self, row: usize, sums: &mut [i16; N]) {
        if let Some(row) = self.0.get(row) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum = sum.saturating_add(i16::from_le_bytes(*x)));
        }
    }

    /// Lays out numbers.
    pub(crate) fn write(numbers: &[f32]) -> Vec<u8> {
        numbers.iter().flat_map(|x| ((x * OF_TABLE).round() as i16).to_le_bytes()).collect()
    }
}

/// Numbers that come out of a layer and are added up side by side: so many fill the processor's registers, for two words.
const ACROSS: usize = 48;
/// What weights are fractions of.
const OF_WEIGHT: f32 = 8192.0;
/// What comes out of a layer is fractions of this: of 2,048 times 8,192, without the lower sixteen bits.
pub(crate) const OF_SUM: f32 = 256.0;

/// A layer: its weights are few, for all layers fewer than 100 kB, and are laid out anew when they are read.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    blocks: Vec<[i16; ACROSS]>,
    bias: Vec<i16>,
    into: usize,
}

impl Layer {
    /// The layer in these bytes, a row of weights for each number that goes in; nothing where they are not so many.
    pub(crate) fn read(weights: &[u8], bias: &[f32], into: usize) -> Option<Self> {
        let out = bias.len();
        (weights.len() == into * out * 4 && out.is_multiple_of(ACROSS)).then_some(())?;
        let rows: Vec<&[[u8; 4]]> = weights.as_chunks::<4>().0.chunks_exact(out).collect();
        let block = |row: &[[u8; 4]], from: usize| {
            let mut block = [0; ACROSS];
            let numbers = row.iter().skip(from).map(|bytes| (f32::from_le_bytes(*bytes) * OF_WEIGHT).round() as i16);
            block.iter_mut().zip(numbers).for_each(|(x, number)| *x = number);
            block
        };
        let starts = (0..out).step_by(ACROSS);
        // Each product loses half a step, as it is cut off.
        let lost = into as i16 / 2;
        let bias = bias.iter().map(|x| ((x * OF_SUM).round() as i16).saturating_add(lost)).collect();
        Some(Self { blocks: starts.flat_map(|at| rows.iter().map(move |row| block(row, at))).collect(), bias, into })
    }

    /// What comes of rows that begin `step` apart, so that they may overlap: as many as `made` has place for.
    pub(crate) fn make(&self, rows: &[i16], step: usize, made: &mut [i16]) {
        let out = self.bias.len().max(1);
        for (at, made) in made.chunks_mut(out * 2).enumerate() {
            let row = |at: usize| rows.get(at * step..at * step + self.into);
            let Some(a) = row(at * 2) else {
                continue;
            };
            let b = row(at * 2 + 1).unwrap_or(a);
            for (block, weights) in self.blocks.chunks_exact(self.into).enumerate() {
                let bias = self.bias.get(block * ACROSS..).and_then(<[i16]>::first_chunk).unwrap_or(&[0; ACROSS]);
                let mut sums = [*bias; 2];
                for ((a, b), weights) in a.iter().zip(b).zip(weights) {
                    add_products(&mut sums[0], *a, weights);
                    add_products(&mut sums[1], *b, weights);
                }
                for (made, sums) in made.chunks_exact_mut(out).zip(sums) {
                    if let Some(made) = made.get_mut(block * ACROSS..).and_then(<[i16]>::first_chunk_mut::<ACROSS>) {
                        *made = sums;
                    }
                }
            }
        }
    }
}

/// The upper half of each product: what a processor does for eight numbers at once.
#[inline(always)]
fn add_products(sums: &mut [i16; ACROSS], x: i16, weights: &[i16; ACROSS]) {
    for (sum, weight) in sums.iter_mut().zip(weights) {
        *sum = sum.wrapping_add(((i32::from(x) * i32::from(*weight)) >> 16) as i16);
    }
}

/// Numbers that are added up side by side.
const LANES: usize = 8;

/// The sum of the products of two rows.
#[inline]
pub(crate) fn product<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
    }
    sums.iter().sum()
}

/// Numbers as they lie in a file.
pub(crate) fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// So many numbers from a file.
pub(crate) fn numbers<const N: usize>(bytes: &[u8]) -> Option<[f32; N]> {
    let mut numbers = [0.0; N];
    (bytes.len() == N * 4).then_some(())?;
    numbers.iter_mut().zip(bytes.as_chunks::<4>().0).for_each(|(x, bytes)| *x = f32::from_le_bytes(*bytes));
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_multiplies() {
        let weights: Vec<f32> = (0..3 * 96).map(|n| (n % 17) as f32 * 0.1 - 0.8).collect();
        let layer = Layer::read(&bytes(&weights), &[0.5; 96], 3).expect("it is sound");
        // Five rows of three numbers, one number apart.
        let rows: Vec<i16> = (0..7).map(|n| n * 700 - 1500).collect();
        let mut made = vec![0; 5 * 96];
        layer.make(&rows, 1, &mut made);
        for (at, made) in made.chunks(96).enumerate() {
            for (column, sum) in made.iter().enumerate() {
                let right: f32 = (0..3).map(|k| f32::from(rows[at + k]) / 2048.0 * weights[k * 96 + column]).sum();
                let sum = f32::from(*sum) / OF_SUM - 0.5;
                assert!((sum - right).abs() < 0.02, "{at} {column}: {sum} {right}");
            }
        }
        assert!(Layer::read(&bytes(&weights), &[0.5; 48], 3).is_none());
    }

    #[test]
    fn tables_are_read_in_place() {
        let written = Table::<2>::write(&[0.5, -1.25, 3.0, 40.0]);
        let table = Table::<2>::read(&written).expect("it is sound");
        let mut sums = [0; 2];
        [0, 0, 1, 7].iter().for_each(|row| table.add(*row, &mut sums));
        assert_eq!(sums, [4 * 1024, i16::MAX - 2560]);
        assert_eq!(table.len(), 2);
        assert!(Table::<2>::read(&written[..6]).is_none());
        assert_eq!(product(&[2.0; 8], &[0.5; 8]), 8.0);
        assert_eq!(numbers::<2>(&bytes(&[1.0, 2.5])), Some([1.0, 2.5]));
    }
}
