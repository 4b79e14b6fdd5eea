//! How the letters of a script are written in Latin letters: small operations (a letter or two become none to a few letters)
//! with what each costs, learned from pairs of names, and the cheapest way from one spelling to the other.
//!
//! A name stands between two borders, which take part in operations, so that letters may be written otherwise at an end.

use std::ops::Range;
use std::sync::OnceLock;

/// Letters of a name that are looked at, without its borders.
pub const MAX_LETTERS: usize = 32;
/// The border before and after a name in Latin letters.
pub const BORDER: u8 = 27;
/// The border of a name in the other script.
pub const SOURCE_BORDER: u16 = 1;
/// A letter that the model does not know.
pub const UNKNOWN: u16 = 0;
/// Most letters that an operation writes.
pub const MAX_WRITTEN: usize = 6;
/// A unit of cost is a 16th of a nat: with eight bits, costs to 16 nats.
pub const UNIT: f32 = 1.0 / 16.0;
/// What an operation costs that the model does not have: an unknown letter left out.
const FOREIGN: f32 = 12.0;

const SIDE: usize = MAX_LETTERS + 3;

/// Letters packed five bits each, the first lowest.
pub fn pack(letters: &[u8]) -> u32 {
    letters.iter().rev().fold(0, |packed, &letter| packed << 5 | u32::from(letter))
}

/// How many letters are packed.
pub fn packed_len(packed: u32) -> usize {
    (32 - packed.leading_zeros() as usize).div_ceil(5)
}

/// The letters among those packed, a bit each.
fn letters_of(mut packed: u32) -> u32 {
    let mut letters = 0;
    while packed != 0 {
        letters |= 1 << (packed & 31);
        packed >>= 5;
    }
    letters
}

/// What an operation writes, and its costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The letters written.
    pub written: u32,
    /// Cost of reading and writing these.
    pub joint: u8,
    /// Cost of writing these, having read what it reads.
    pub forward: u8,
    /// Cost of reading these, having written what it writes.
    pub backward: u8,
}

/// The operations of one script.
#[derive(Clone, Debug, Default)]
pub struct Transducer {
    /// The letters known, sorted; a letter's number is its place, from 2.
    pub alphabet: Vec<char>,
    /// What is read: one letter, or two (`first | second << 16`), or 0 for nothing; sorted; where its operations begin.
    pub chunks: Vec<(u32, u32)>,
    /// The operations, by chunk and then by what they write.
    pub operations: Vec<Operation>,
    /// The cost of each letter in Latin names after another: `after * 28 + letter`.
    pub following: Vec<u8>,
    /// The letters that each operation writes, a bit each: of most, a spelling lacks one.
    letters: OnceLock<Vec<u32>>,
}

/// How a place was come to: letters read, letters written, the operation + 1 or 0, in one number, since there are a thousand places.
#[derive(Clone, Copy, Default)]
struct Came(u32);

impl Came {
    fn by(read: usize, written: usize, operation: u32) -> Self {
        Self(operation << 8 | (written as u32) << 4 | read as u32)
    }

    fn parts(self) -> (usize, usize, u32) {
        ((self.0 & 15) as usize, (self.0 >> 4 & 15) as usize, self.0 >> 8)
    }
}

/// One step of the cheapest way.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Where what is read begins, and how long it is.
    pub read: (u8, u8),
    /// Where what is written begins, and how long it is.
    pub written: (u8, u8),
    /// Costs in nats: joint, forward, backward.
    pub joint: f32,
    /// Cost of writing, having read.
    pub forward: f32,
    /// Cost of reading, having written.
    pub backward: f32,
    /// Cost of the most usual way to write what is read.
    pub usual: f32,
}

impl Transducer {
    /// The number of a letter.
    pub fn letter(&self, letter: char) -> u16 {
        self.alphabet.binary_search(&letter).map_or(UNKNOWN, |at| u16::try_from(at + 2).unwrap_or(UNKNOWN))
    }

    /// The letters of a folded name, by number, between borders.
    pub fn encode(&self, letters: impl Iterator<Item = char>) -> Vec<u16> {
        let mut encoded = Vec::with_capacity(MAX_LETTERS + 2);
        encoded.push(SOURCE_BORDER);
        encoded.extend(letters.take(MAX_LETTERS).map(|c| self.letter(c)));
        encoded.push(SOURCE_BORDER);
        encoded
    }

    /// Whether its parts fit together.
    pub(crate) fn is_sound(&self) -> bool {
        self.alphabet.is_sorted()
            && self.chunks.is_sorted()
            && self.chunks.iter().all(|c| c.1 as usize <= self.operations.len())
            && self.following.len() == 28 * 28
    }

    /// A transducer of these parts.
    pub fn new(alphabet: Vec<char>, chunks: Vec<(u32, u32)>, operations: Vec<Operation>, following: Vec<u8>) -> Self {
        Self { alphabet, chunks, operations, following, letters: OnceLock::new() }
    }

    /// Where the operations of a chunk are.
    fn range(&self, chunk: u32) -> Range<usize> {
        let Ok(at) = self.chunks.binary_search_by_key(&chunk, |(key, _)| *key) else {
            return 0..0;
        };
        let start = self.chunks.get(at).map_or(0, |c| c.1 as usize);
        let end = self.chunks.get(at + 1).map_or(self.operations.len(), |c| c.1 as usize);
        start..end
    }

    fn of_chunk(&self, chunk: u32) -> &[Operation] {
        self.operations.get(self.range(chunk)).unwrap_or(&[])
    }

    fn letters(&self) -> &[u32] {
        self.letters.get_or_init(|| self.operations.iter().map(|o| letters_of(o.written)).collect())
    }

    /// The cost of a letter after another in Latin names.
    pub fn following(&self, after: u8, letter: u8) -> f32 {
        self.following.get(usize::from(after) * 28 + usize::from(letter)).map_or(FOREIGN, |&c| f32::from(c) * UNIT)
    }

    /// The cheapest way from a name to a spelling, both between borders; empty where there is none.
    pub fn way(&self, read: &[u16], written: &[u8]) -> Vec<Step> {
        let (n, m) = (read.len(), written.len());
        if n < 3 || m < 3 || n > MAX_LETTERS + 2 || m > MAX_LETTERS + 2 {
            return Vec::new();
        }
        let mut best = [[f32::INFINITY; SIDE]; SIDE];
        // How the best way came: letters read, letters written, operation + 1 (0 for one that the model does not have).
        let mut came = [[Came::default(); SIDE]; SIDE];
        best[0][0] = 0.0;
        // Where each letter stands, a bit a place.
        let mut places = [0_u64; 32];
        for (at, letter) in written.iter().enumerate() {
            places[usize::from(letter & 31)] |= 1 << at;
        }
        // The letters that stand nowhere, a bit each.
        let lacking = (1..32).filter(|&letter| places[letter] == 0).fold(0_u32, |all, letter| all | 1 << letter);
        let letters = self.letters();
        // What each letter costs, written for nothing; the operation + 1.
        let mut inserts = [(FOREIGN, 0_u32); 32];
        for (at, o) in self.of_chunk(0).iter().enumerate() {
            if let Some(slot) = inserts.get_mut(o.written as usize) {
                *slot = (f32::from(o.joint) * UNIT, at as u32 + 1);
            }
        }
        for i in 0..=n {
            // Within the row first: what is written for nothing.
            for j in 0..m {
                let (cost, op) = inserts[usize::from(written[j] & 31)];
                if best[i][j] + cost < best[i][j + 1] {
                    best[i][j + 1] = best[i][j] + cost;
                    came[i][j + 1] = Came::by(0, 1, op);
                }
            }
            let Some(&first) = read.get(i) else { break };
            let one = u32::from(first);
            let two = read.get(i + 1).map(|&b| u32::from(first) | u32::from(b) << 16);
            let mut drops = false;
            for (di, chunk) in [(1, Some(one)), (2, two)] {
                let range = chunk.map_or(0..0, |chunk| self.range(chunk));
                let letters = letters.get(range.clone()).unwrap_or(&[]);
                let operations = self.operations.get(range).unwrap_or(&[]);
                for (at, (_, operation)) in
                    letters.iter().zip(operations).enumerate().filter(|(_, (l, _))| **l & lacking == 0)
                {
                    let mut rest = operation.written;
                    let len = packed_len(rest);
                    // The places where all that is written stands.
                    let mut fits = (1_u64 << (m + 1 - len.min(m))) - 1;
                    for k in 0..len {
                        fits &= places[(rest & 31) as usize] >> k;
                        rest >>= 5;
                        if fits == 0 {
                            break;
                        }
                    }
                    drops |= di == 1 && len == 0;
                    let cost = f32::from(operation.joint) * UNIT;
                    while fits != 0 {
                        let j = fits.trailing_zeros() as usize;
                        fits &= fits - 1;
                        if j + len <= m && best[i][j] + cost < best[i + di][j + len] {
                            best[i + di][j + len] = best[i][j] + cost;
                            came[i + di][j + len] = Came::by(di, len, at as u32 + 1);
                        }
                    }
                }
            }
            if !drops {
                for j in 0..=m {
                    if best[i][j] + FOREIGN < best[i + 1][j] {
                        best[i + 1][j] = best[i][j] + FOREIGN;
                        came[i + 1][j] = Came::by(1, 0, 0);
                    }
                }
            }
        }
        if !best[n][m].is_finite() {
            return Vec::new();
        }
        let mut steps = Vec::with_capacity(n.max(m));
        let (mut i, mut j) = (n, m);
        while i > 0 || j > 0 {
            let (di, dj, op) = came[i][j].parts();
            if di + dj == 0 {
                return Vec::new();
            }
            (i, j) = (i - di, j - dj);
            let chunk = match di {
                0 => 0,
                1 => u32::from(read[i]),
                _ => u32::from(read[i]) | u32::from(read[i + 1]) << 16,
            };
            let operations = self.of_chunk(chunk);
            let (joint, forward, backward) = match (op as usize).checked_sub(1).and_then(|at| operations.get(at)) {
                Some(o) => (f32::from(o.joint) * UNIT, f32::from(o.forward) * UNIT, f32::from(o.backward) * UNIT),
                None => (FOREIGN, FOREIGN, FOREIGN),
            };
            let usual = operations.iter().map(|o| o.forward).min().map_or(FOREIGN, |c| f32::from(c) * UNIT);
            steps.push(Step {
                read: (i as u8, di as u8),
                written: (j as u8, dj as u8),
                joint,
                forward,
                backward,
                usual,
            });
        }
        steps.reverse();
        steps
    }
}

/// The letters of a folded Latin spelling, by number, between borders.
pub fn encode_latin(folded: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(MAX_LETTERS + 2);
    encoded.push(BORDER);
    encoded.extend(folded.bytes().filter(u8::is_ascii_lowercase).take(MAX_LETTERS).map(|b| b - b'a' + 1));
    encoded.push(BORDER);
    encoded
}
