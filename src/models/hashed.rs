//! Weights of features, found by the feature's hash in tables that are read in place.

/// Spreads the bits of a number.
#[inline]
pub const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 29)
}

/// The hash of a word or a piece of one: the same on every machine and in every version, since models are written with it.
pub fn hash(bytes: &[u8]) -> u64 {
    mix(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |x: u64, b| (x ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3)))
}

/// The hash of a feature: the number of its template, and what fills it (hashes, or small numbers).
#[inline]
pub fn feature<const N: usize>(template: u64, parts: [u64; N]) -> u64 {
    let mut x = template.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for part in parts {
        x = (x.rotate_left(21) ^ part).wrapping_mul(0xff51_afd7_ed55_8ccd);
    }
    x ^ (x >> 32)
}

/// Entries of a bucket: with two or three bytes each it is no longer than a line of the processor's memory, so that looking one up
/// is one wait.
const ENTRIES: usize = 12;
/// One in each of four numbers of sixteen bits.
const ONES: u64 = 0x0001_0001_0001_0001;

/// A table of so many bytes by hash. Which of two hashes is meant is told by 16 bits more, so that one in 5,000 that are not in
/// the table is taken for one that is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Buckets<'b, const VALUE: usize> {
    bytes: &'b [u8],
    count: u64,
}

impl<'b, const VALUE: usize> Buckets<'b, VALUE> {
    /// Bytes of a bucket: the fingerprints, then the values.
    const BUCKET: usize = ENTRIES * (2 + VALUE);

    /// The table in these bytes; nothing where they are no whole number of buckets.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        bytes.len().is_multiple_of(Self::BUCKET).then_some(Self { bytes, count: (bytes.len() / Self::BUCKET) as u64 })
    }

    /// What is held for a hash.
    #[inline]
    pub fn get(&self, hash: u64) -> Option<[u8; VALUE]> {
        let (value, found) = self.find(hash);
        found.then_some(value)
    }

    /// What is held for a hash, and whether anything is. Nothing here branches on what is found: the processor goes on to the
    /// next feature while memory answers for this one, which is three times as fast.
    #[inline]
    fn find(&self, hash: u64) -> ([u8; VALUE], bool) {
        let at = place(hash, self.count) * Self::BUCKET;
        let Some((prints, values)) =
            self.bytes.get(at..at + Self::BUCKET).and_then(<[u8]>::split_first_chunk::<{ ENTRIES * 2 }>)
        else {
            return ([0; VALUE], false);
        };
        // Four fingerprints are compared at once: where one is the same, its sixteen bits are zero.
        let sought = u64::from(fingerprint(hash)) * ONES;
        let lane = |from: usize| {
            let mut four = [0; 8];
            four.copy_from_slice(&prints[from..from + 8]);
            let x = u64::from_le_bytes(four) ^ sought;
            (x.wrapping_sub(ONES) & !x & (ONES << 15)).trailing_zeros() as usize / 16
        };
        // Each is 4 where none of its four is the same.
        let (a, b, c) = (lane(0), lane(8), lane(16));
        let entry = a + (a >> 2) * b + ((a & b) >> 2) * c;
        let value = values.as_chunks::<VALUE>().0.get(entry.min(ENTRIES - 1)).copied();
        (value.unwrap_or([0; VALUE]), entry < ENTRIES)
    }

    /// Asks memory for what is held for these hashes, so that it comes while others are waited for.
    #[inline]
    fn touch(&self, hashes: &[u64]) {
        let at = |hash: &u64| place(*hash, self.count) * Self::BUCKET;
        let byte = |at: usize| self.bytes.get(at).copied().unwrap_or(0);
        let touched = hashes.iter().map(at).fold(0, |sum, at| sum ^ byte(at) ^ byte(at + Self::BUCKET - 1));
        std::hint::black_box(touched);
    }

    /// Lays out a table with so many entries of a hundred filled. Of entries that find no place the first ones stay: the most
    /// important are to come first.
    pub fn write(entries: &[(u64, [u8; VALUE])], filled: usize) -> Vec<u8> {
        let count = entries.len() * 100 / (filled.max(1) * ENTRIES) + 1;
        let mut bytes = vec![0; count * Self::BUCKET];
        for (hash, value) in entries {
            let start = place(*hash, count as u64) * Self::BUCKET;
            let print = fingerprint(*hash).to_le_bytes();
            for entry in 0..ENTRIES {
                let at = start + entry * 2;
                let stands = [bytes[at], bytes[at + 1]];
                if stands == print {
                    break;
                }
                if stands == [0, 0] {
                    bytes[at..at + 2].copy_from_slice(&print);
                    let at = start + ENTRIES * 2 + entry * VALUE;
                    bytes[at..at + VALUE].copy_from_slice(value);
                    break;
                }
            }
        }
        bytes
    }
}

#[inline]
fn place(hash: u64, count: u64) -> usize {
    (((hash >> 32) * count) >> 32) as usize
}

/// Never zero, which is an empty entry.
#[inline]
fn fingerprint(hash: u64) -> u16 {
    (hash as u16).max(1)
}

/// A weight in eight bits: its root, so that small ones are told apart and large ones fit.
pub fn squeeze(weight: f32, step: f32) -> i8 {
    ((weight.abs() / step).sqrt().round().min(127.0) * weight.signum()) as i8
}

/// The weight, in steps.
#[inline]
pub fn stretch(byte: u8) -> i32 {
    let root = i32::from(byte as i8);
    root * root.abs()
}

/// Most classes that a table of rows tells apart.
pub const CLASSES: usize = 256;

/// Weights for many classes: a feature speaks for a few of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'b> {
    places: Buckets<'b, 3>,
    rows: &'b [u8],
}

impl<'b> Rows<'b> {
    /// The weights in these bytes.
    pub fn read(places: &'b [u8], rows: &'b [u8]) -> Option<Self> {
        Some(Self { places: Buckets::read(places)?, rows })
    }

    /// The scores of the classes: the sums of the features' weights.
    pub fn scores(&self, features: &[u64]) -> [i32; CLASSES] {
        let mut scores = [0; CLASSES];
        let mut starts = [0; AT_ONCE];
        for features in features.chunks(AT_ONCE) {
            self.places.touch(features);
            for (start, hash) in starts.iter_mut().zip(features) {
                let ([a, b, c], found) = self.places.find(*hash);
                *start = u32::from_le_bytes([a, b, c, 0]) | u32::from(!found) << 31;
            }
            let starts = starts.get(..features.len()).unwrap_or(&[]);
            let byte = |at: &u32| self.rows.get(*at as usize).copied().unwrap_or(0);
            std::hint::black_box(starts.iter().fold(0, |sum, at| sum ^ byte(at)));
            for start in starts {
                let Some((&count, rest)) = self.rows.get(*start as usize..).and_then(<[u8]>::split_first) else {
                    continue;
                };
                for [class, weight] in rest.as_chunks::<2>().0.iter().take(usize::from(count)) {
                    scores[usize::from(*class)] += stretch(*weight);
                }
            }
        }
        scores
    }

    /// Lays out rows of classes and weights, the most important first. Equal rows are kept once.
    pub fn write(rows: &[(u64, Vec<(u8, i8)>)]) -> (Vec<u8>, Vec<u8>) {
        let mut bytes = Vec::new();
        let mut known = std::collections::BTreeMap::new();
        let mut entries = Vec::new();
        for (hash, row) in rows {
            let count = row.len().min(usize::from(u8::MAX));
            let mut written = vec![count as u8];
            written.extend(row.iter().take(count).flat_map(|(class, weight)| [*class, *weight as u8]));
            let at = *known.entry(written.clone()).or_insert_with(|| {
                let at = bytes.len() as u32;
                bytes.extend(&written);
                at
            });
            let [a, b, c, beyond] = at.to_le_bytes();
            // Rows beyond 16 MB have no place: a model is far smaller.
            if beyond == 0 {
                entries.push((*hash, [a, b, c]));
            }
        }
        (Buckets::write(&entries, FILLED), bytes)
    }
}

/// Features that are looked up before their rows are read.
const AT_ONCE: usize = 64;
/// How many entries of a hundred are filled: fuller buckets lose more entries.
pub const FILLED: usize = 78;

/// Weights for the three actions of the parser: of the second and the third against the first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Triples<'b>(Buckets<'b, 2>);

impl<'b> Triples<'b> {
    /// The weights in these bytes.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        Buckets::read(bytes).map(Self)
    }

    /// The scores of the three actions.
    #[inline]
    pub fn scores(&self, features: &[u64]) -> [i32; 3] {
        self.0.touch(features);
        let (mut second, mut third) = (0, 0);
        for hash in features {
            let ([a, b], found) = self.0.find(*hash);
            let kept = -i32::from(found);
            second += stretch(a) & kept;
            third += stretch(b) & kept;
        }
        [0, second, third]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_out_is_found() {
        let entries: Vec<(u64, [u8; 3])> = (0..1000).map(|n| (hash(&u32::to_le_bytes(n)), [n as u8, 1, 2])).collect();
        let bytes = Buckets::write(&entries, 50);
        let table = Buckets::read(&bytes).expect("it is sound");
        let found = entries.iter().filter(|(h, v)| table.get(*h) == Some(*v)).count();
        assert!(found > 990, "{found}");
        let foreign = (5000..15_000_u32).filter(|n| table.get(hash(&n.to_le_bytes())).is_some()).count();
        assert!(foreign < 10, "{foreign}");
    }

    #[test]
    fn weights_go_into_a_byte_and_back() {
        for weight in [-60.0, -3.0, -0.2, 0.0, 0.1, 1.0, 45.0] {
            let back = stretch(squeeze(weight, 0.01) as u8) as f32 * 0.01;
            assert!((back - weight).abs() <= 0.01 + (weight.abs() * 0.01).sqrt(), "{weight} {back}");
        }
    }

    #[test]
    fn damaged_rows_add_nothing_that_is_not_there() {
        let (places, rows) = Rows::write(&[(hash(b"a"), vec![(1, 5), (2, -5)]), (hash(b"b"), vec![(1, 5)])]);
        for cut in 0..rows.len() {
            let scores = Rows::read(&places, &rows[..cut]).expect("places are sound").scores(&[hash(b"a"), 7]);
            assert!(scores.iter().all(|s| matches!(s, 0 | 25 | -25)));
        }
        assert!(Rows::read(&places[..7], &rows).is_none());
        assert_eq!(Rows::read(&[], &[]).map(|r| r.scores(&[1])), Some([0; CLASSES]));
    }
}
