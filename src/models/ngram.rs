//! An n-gram model, read in place: how probable a symbol is after those before it. Symbols are words or letters, by number.
//!
//! N-grams of each order stand in a table of slots under a key of their symbols; a slot holds the numbers of a probability and
//! of a back-off weight in two short lists. A context is followed only as far as the model has longer n-grams that begin with
//! it, so that most look-ups that would find nothing, or something wrong, are never made.
//!
//! Layout, little endian: order `u32`, bits of a symbol `u32`, symbols `u32`; a probability and a back-off weight a symbol
//! (`u16` each); then for each order from two its two lists (`f32`, with their lengths `u32` before them) and its table.

use crate::models::Reader;
use crate::models::slots::Slots;

/// The longest n-gram of any model.
pub const MOST_ORDER: usize = 6;
/// Of a slot with a back-off weight: bits of the probability's number and of the weight's, and of the fingerprint.
pub const INNER: (u32, u32) = (6, 5);
/// See there.
pub const INNER_PRINT: u32 = 9;
/// Of a slot of the longest n-grams.
pub const LONGEST: (u32, u32) = (6, 0);
/// Their fingerprints are the shortest: they are only asked for where the words before begin one.
pub const LONGEST_PRINT: u32 = 8;
/// Steps of a single symbol's natural logarithms.
const STEPS: f32 = 2_048.0;
/// The weight of a symbol that begins no longer n-gram.
const BEGINS_NONE: i16 = i16::MIN;

/// A single symbol's probability in its 16 bits.
pub fn pack_probability(ln: f32) -> u16 {
    (-ln * STEPS).clamp(0.0, f32::from(u16::MAX)).round() as u16
}

/// A single symbol's back-off weight in its 16 bits; `None` where it begins no longer n-gram.
pub fn pack_backoff(ln: Option<f32>) -> u16 {
    ln.map_or(BEGINS_NONE, |ln| (ln * STEPS).clamp(f32::from(i16::MIN + 1), f32::from(i16::MAX)).round() as i16) as u16
}

/// The n-grams of one order.
#[derive(Clone, Copy, Debug)]
struct Grams<'a> {
    slots: Slots<'a>,
    probabilities: &'a [u8],
    weights: &'a [u8],
    weight_bits: u32,
}

/// A model.
#[derive(Clone, Copy, Debug)]
pub struct Ngrams<'a> {
    order: usize,
    bits: u32,
    symbols: usize,
    singles: &'a [u8],
    grams: [Option<Grams<'a>>; MOST_ORDER - 1],
}

/// What stands before the next symbol, as far as the model can use it.
#[derive(Clone, Copy, Debug, Default)]
pub struct State {
    /// The symbols, the nearest lowest.
    history: u64,
    /// How many of them begin an n-gram that the model has.
    length: usize,
    /// The back-off weights of the last symbol, the last two and so on.
    weights: [f32; MOST_ORDER - 1],
}

/// What a look-up says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Probability {
    /// The natural logarithm of the probability in this place.
    pub ln: f32,
    /// The same without what stands before.
    pub alone: f32,
    /// How many symbols the n-gram has that was found, this one counted; 1 where what stands before told nothing.
    pub order: usize,
}

fn listed(list: &[u8], number: u32) -> f32 {
    let at = number as usize * 4;
    list.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0.0, f32::from_le_bytes)
}

impl<'a> Ngrams<'a> {
    /// Reads a model; `None` where its lengths do not agree.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (order, bits, symbols) = (reader.u32()? as usize, reader.u32()?, reader.u32()? as usize);
        if !(1..=MOST_ORDER).contains(&order) || !(1..=16).contains(&bits) || bits * order as u32 > 64 {
            return None;
        }
        let singles = reader.bytes()?;
        if symbols == 0 || singles.len() != symbols.checked_mul(4)? {
            return None;
        }
        let mut grams = [None; MOST_ORDER - 1];
        for (at, grams) in grams.iter_mut().enumerate().take(order - 1) {
            let (value_bits, weight_bits) = if at + 2 == order { LONGEST } else { INNER };
            let (probabilities, weights) = (reader.bytes()?, reader.bytes()?);
            let slots = Slots::new(reader.bytes()?, value_bits + weight_bits)?;
            *grams = Some(Grams { slots, probabilities, weights, weight_bits });
        }
        reader.is_empty().then_some(Self { order, bits, symbols, singles, grams })
    }

    /// How many symbols there are.
    pub fn symbols(&self) -> usize {
        self.symbols
    }

    /// A symbol's own probability and back-off weight.
    fn single(&self, symbol: u16) -> (f32, Option<f32>) {
        let at = usize::from(symbol) * 4;
        let Some(&[a, b, c, d]) = self.singles.get(at..at + 4) else { return (-f32::from(u16::MAX) / STEPS, None) };
        let weight = i16::from_le_bytes([c, d]);
        let weight = (weight != BEGINS_NONE).then(|| f32::from(weight) / STEPS);
        (-f32::from(u16::from_le_bytes([a, b])) / STEPS, weight)
    }

    /// The state with nothing before it but this symbol.
    pub fn after(&self, symbol: u16) -> State {
        self.next(&State::default(), symbol).1
    }

    /// How probable a symbol is in a state, and the state behind it.
    pub fn next(&self, state: &State, symbol: u16) -> (Probability, State) {
        let (alone, weight) = self.single(symbol);
        let mut found = Probability { ln: alone, alone, order: 1 };
        let mut next = State {
            history: (state.history << self.bits) | u64::from(symbol),
            length: usize::from(weight.is_some()),
            weights: [0.0; MOST_ORDER - 1],
        };
        if let (Some(weight), Some(first)) = (weight, next.weights.first_mut()) {
            *first = weight;
        }
        for (at, grams) in self.grams.iter().flatten().enumerate().take(state.length) {
            let order = at + 2;
            let used = self.bits * order as u32;
            let key = if used >= 64 { next.history } else { next.history & ((1 << used) - 1) };
            let Some(value) = grams.slots.get(key) else { continue };
            found = Probability { ln: listed(grams.probabilities, value >> grams.weight_bits), alone, order };
            let weight = value & ((1 << grams.weight_bits) - 1);
            if weight != 0 && order < self.order {
                next.length = order;
                if let Some(place) = next.weights.get_mut(order - 1) {
                    *place = listed(grams.weights, weight);
                }
            }
        }
        let backed_off = state.weights.get(found.order - 1..state.length).unwrap_or(&[]);
        found.ln += backed_off.iter().sum::<f32>();
        (found, next)
    }
}
