//! How good an English translation is, judged without its source.
//!
//! What a machine writes and a person does not shows in small words and endings and their order, across phrases, while each
//! phrase by itself reads well. So the first part weighs triples of them, [`Alone::manner`]; trees join what it says with what
//! the language model says ([`Alone::estimate`]).

use crate::digest::Digest;
use crate::models::boost::Forest;
use crate::models::{BadModel, ModelFile, Reader};

/// Slots of the weights, a power of two.
pub const SLOTS: usize = 1 << 15;
/// The longest run of symbols that is weighed.
pub const LONGEST: usize = 3;
/// Bands of estimates, from 0 to 1, that have errors of their own.
pub const BANDS: usize = 5;

/// An estimate in [0, 1] on the scale of direct assessment, and where nine in ten of the people's lie.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// How good; 1 is perfect.
    pub value: f32,
    /// One in twenty is worse.
    pub low: f32,
    /// One in twenty is better.
    pub high: f32,
}

/// The model.
#[derive(Debug)]
pub struct Alone<'b> {
    weights: &'b [u8],
    scale: f32,
    constant: f32,
    forest: Forest,
    /// By band, what is added for the ends of the interval.
    errors: [[f32; 2]; BANDS],
}

/// The slots of all runs of some symbols, each the name of a word or a class.
pub fn slots(symbols: &[u64], mut each: impl FnMut(u32)) {
    for from in 0..symbols.len() {
        let mut digest = Digest::default();
        for symbol in symbols.iter().skip(from).take(LONGEST) {
            digest.write(&symbol.to_le_bytes());
            let named = digest.finish();
            each(((named ^ named >> 32) as usize & (SLOTS - 1)) as u32);
        }
    }
}

/// For how many a sentence of so many symbols stands: the sum of its weights is divided by it.
pub fn heft(symbols: usize) -> f32 {
    (symbols.max(8) as f32).sqrt()
}

impl<'b> Alone<'b> {
    /// Reads a model in place.
    ///
    /// # Errors
    /// It is damaged, or something else.
    pub fn read(name: &'static str, bytes: &'b [u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        Self::of(&file).ok_or(BadModel::Damaged(name))
    }

    fn of(file: &ModelFile<'b>) -> Option<Self> {
        let section = |name: &str| file.sections.iter().find(|(n, _)| *n == name).map(|(_, bytes)| *bytes);
        let mut head = Reader::new(section("manner")?);
        let (scale, constant, weights) = (head.f32()?, head.f32()?, head.bytes()?);
        let mut ends = Reader::new(section("errors")?);
        let mut errors = [[0.0; 2]; BANDS];
        for error in errors.iter_mut().flatten() {
            *error = ends.f32()?;
        }
        let forest = Forest::read(section("forest")?)?;
        (weights.len() == SLOTS).then_some(Self { weights, scale, constant, forest, errors })
    }

    /// How much a sentence's small words, endings and their order are a machine's: higher is worse, about nought in between.
    pub fn manner(&self, symbols: &[u64]) -> f32 {
        let mut sum = 0_i32;
        slots(symbols, |slot| sum += self.weights.get(slot as usize).map_or(0, |w| i32::from(*w as i8)));
        (sum as f32 * self.scale + self.constant) / heft(symbols.len())
    }

    /// How good a sentence is, by its figures.
    pub fn estimate(&self, figures: &[f32]) -> Estimate {
        let value = self.forest.value(figures).clamp(0.0, 1.0);
        let [low, high] = self.errors.get(band(value)).copied().unwrap_or_default();
        Estimate { value, low: (value + low).clamp(0.0, value), high: (value + high).clamp(value, 1.0) }
    }
}

/// The band of an estimate.
pub fn band(value: f32) -> usize {
    ((value * BANDS as f32) as usize).min(BANDS - 1)
}
