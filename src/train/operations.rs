//! Learning the operations of a transducer from pairs of names, by expectation and maximisation.

use rustc_hash::FxHashMap;

use crate::models::transducer::{BORDER, Operation, SOURCE_BORDER, Transducer, UNIT, pack, packed_len};

/// Rounds of expectation and maximisation; the likelihood hardly moves after eight.
const ROUNDS: usize = 10;
/// Taken from what each operation is expected to be used, so that the rare ones die out.
const DISCOUNT: f64 = 0.5;
/// An operation that is expected to be used less is left out of the model.
const LEAST: f64 = 1.0;

/// A pair by letters: read, written, each between borders.
pub(super) struct Pair {
    /// The name.
    pub(super) read: Vec<u16>,
    /// Its Latin spelling.
    pub(super) written: Vec<u8>,
}

/// Letters written for one letter read, and for two.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Most for one.
    pub(super) one: usize,
    /// Most for two.
    pub(super) two: usize,
}

fn edges(pair: &Pair, shape: Shape, mut each: impl FnMut(usize, usize, usize, usize)) {
    let (n, m) = (pair.read.len(), pair.written.len());
    for i in 0..=n {
        for j in 0..=m {
            if j < m {
                each(i, j, 0, 1);
            }
            if i < n {
                for dj in 0..=shape.one.min(m - j) {
                    each(i, j, 1, dj);
                }
            }
            if i + 2 <= n {
                for dj in 1..=shape.two.min(m - j) {
                    each(i, j, 2, dj);
                }
            }
        }
    }
}

fn key(pair: &Pair, i: usize, j: usize, di: usize, dj: usize) -> (u32, u32) {
    let chunk = match di {
        0 => 0,
        1 => u32::from(pair.read[i]),
        _ => u32::from(pair.read[i]) | u32::from(pair.read[i + 1]) << 16,
    };
    (chunk, pack(&pair.written[j..j + dj]))
}

/// Learns a transducer. `alphabet` is sorted; `known` are operations that tables know of, taken for seen so often.
pub(super) fn learn(pairs: &[Pair], alphabet: Vec<char>, shape: Shape, known: &[((u32, u32), f64)]) -> Transducer {
    let mut ids: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    let mut keys: Vec<(u32, u32)> = Vec::new();
    let mut lattices: Vec<Vec<u32>> = Vec::with_capacity(pairs.len());
    let mut id = |key: (u32, u32), keys: &mut Vec<(u32, u32)>| {
        *ids.entry(key).or_insert_with(|| {
            keys.push(key);
            keys.len() as u32 - 1
        })
    };
    for pair in pairs {
        let mut lattice = Vec::new();
        edges(pair, shape, |i, j, di, dj| lattice.push(id(key(pair, i, j, di, dj), &mut keys)));
        lattices.push(lattice);
    }
    let prior: Vec<(u32, f64)> = known.iter().map(|&(k, n)| (id(k, &mut keys), n)).collect();
    // Longer operations begin rarer, or they would learn pairs by heart.
    let mut chance: Vec<f64> = keys.iter().map(|&(chunk, written)| begin(chunk, written)).collect();
    let total: f64 = chance.iter().sum();
    chance.iter_mut().for_each(|c| *c /= total);
    let mut counts = vec![0.0; keys.len()];
    for round in 0..ROUNDS {
        counts.iter_mut().for_each(|c| *c = 0.0);
        for (pair, lattice) in pairs.iter().zip(&lattices) {
            expect(pair, shape, lattice, &chance, &mut counts);
        }
        let discount = if round < 2 { 0.0 } else { DISCOUNT };
        for (count, &(chunk, written)) in counts.iter_mut().zip(&keys) {
            let length = usize::from(chunk > 0xffff) + packed_len(written).saturating_sub(1);
            *count = (*count - discount * (1.0 + length as f64)).max(0.0);
            // Single letters stay possible.
            if length == 0 && *count < 1e-3 {
                *count = 1e-3;
            }
        }
        // What tables know is not taken from.
        for &(id, n) in &prior {
            counts[id as usize] += n;
        }
        let total: f64 = counts.iter().sum();
        for (chance, count) in chance.iter_mut().zip(&counts) {
            *chance = count / total;
        }
    }
    build(&keys, &counts, alphabet, pairs)
}

fn begin(chunk: u32, written: u32) -> f64 {
    let read = if chunk == 0 { 0 } else { 1 + i32::from(chunk > 0xffff) };
    let length = packed_len(written) as i32;
    // A border is a border.
    let borders =
        usize::from(chunk & 0xffff == u32::from(SOURCE_BORDER)) + usize::from(chunk >> 16 == u32::from(SOURCE_BORDER));
    let mut rest = written;
    let mut written_borders = 0;
    while rest > 0 {
        written_borders += usize::from(rest & 31 == u32::from(BORDER));
        rest >>= 5;
    }
    if borders != written_borders {
        return 0.0;
    }
    match (read, length) {
        (1, 1) => 1.0,
        (1, 0) | (0, 1) => 0.1,
        (read, length) => 0.3 * 0.1_f64.powi((read - 1).max(0) + (length - 1).max(0) - 1),
    }
}

fn expect(pair: &Pair, shape: Shape, lattice: &[u32], chance: &[f64], counts: &mut [f64]) {
    let (n, m) = (pair.read.len(), pair.written.len());
    let width = m + 1;
    let mut ahead = vec![0.0; (n + 1) * width];
    let mut back = vec![0.0; (n + 1) * width];
    ahead[0] = 1.0;
    let mut list: Vec<(u32, u32, u32)> = Vec::with_capacity(lattice.len());
    let mut at = 0;
    edges(pair, shape, |i, j, di, dj| {
        let id = lattice[at];
        at += 1;
        let p = chance[id as usize];
        if p > 0.0 {
            let (from, to) = (i * width + j, (i + di) * width + j + dj);
            if ahead[from] > 0.0 {
                ahead[to] += ahead[from] * p;
                list.push((from as u32, to as u32, id));
            }
        }
    });
    let total = ahead[n * width + m];
    if total <= 1e-300 {
        return;
    }
    back[n * width + m] = 1.0;
    for &(from, to, id) in list.iter().rev() {
        let p = chance[id as usize];
        let (from, to) = (from as usize, to as usize);
        counts[id as usize] += ahead[from] * p * back[to] / total;
        back[from] += p * back[to];
    }
}

fn cost(p: f64) -> u8 {
    (-p.max(1e-30).ln() / f64::from(UNIT)).round().clamp(0.0, 255.0) as u8
}

fn build(keys: &[(u32, u32)], counts: &[f64], alphabet: Vec<char>, pairs: &[Pair]) -> Transducer {
    let mut kept: Vec<((u32, u32), f64)> = keys
        .iter()
        .zip(counts)
        .filter(|((chunk, written), count)| {
            let single = *chunk <= 0xffff && packed_len(*written) <= 1;
            **count >= LEAST || single && **count >= 0.2 || *chunk == 0 && **count > 0.0
        })
        .map(|(&k, &c)| (k, c))
        .collect();
    kept.sort_by_key(|k| k.0);
    let total: f64 = kept.iter().map(|k| k.1).sum();
    let mut of_written: FxHashMap<u32, f64> = FxHashMap::default();
    let mut of_chunk: FxHashMap<u32, f64> = FxHashMap::default();
    for &((chunk, written), count) in &kept {
        *of_written.entry(written).or_default() += count;
        *of_chunk.entry(chunk).or_default() += count;
    }
    let mut transducer = Transducer::new(alphabet, Vec::new(), Vec::new(), Vec::new());
    for &((chunk, written), count) in &kept {
        if transducer.chunks.last().is_none_or(|c| c.0 != chunk) {
            transducer.chunks.push((chunk, transducer.operations.len() as u32));
        }
        transducer.operations.push(Operation {
            written,
            joint: cost(count / total),
            forward: cost(count / of_chunk[&chunk]),
            backward: cost(count / of_written[&written]),
        });
    }
    let mut following = vec![0.5_f64; 28 * 28];
    for pair in pairs {
        for two in pair.written.windows(2) {
            following[usize::from(two[0]) * 28 + usize::from(two[1])] += 1.0;
        }
    }
    for row in following.chunks_mut(28) {
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|c| *c /= sum);
    }
    transducer.following = following.into_iter().map(cost).collect();
    transducer
}
