//! The signs of garbled English, weighed: how likely a sentence is spoilt, how likely an editor changes a word rather than
//! another of its sentence, how much a text runs like a machine's.

use crate::models::boost::Forest;
use crate::models::{BadModel, ModelFile, Reader};

/// The model.
#[derive(Debug)]
pub struct GarbleModel<'b> {
    /// That a sentence is spoilt, from its signs.
    pub sentence: Forest,
    /// That a sentence is in no order at all, or in two languages: what is spoilt in one place alone is not meant.
    pub scrambled: Forest,
    /// That an editor changes a word, beside what is usual in its sentence; from its signs and what [`Self::patterns`] say of it
    /// and its neighbours.
    pub word: Forest,
    /// Of the patterns that a word stands in, that an editor changes it.
    pub patterns: Sums<'b>,
    /// Of the patterns of a text, that a machine wrote it.
    pub machine: Sums<'b>,
}

/// Weights by hash, to be added up.
#[derive(Clone, Copy, Debug)]
pub struct Sums<'b> {
    /// What is added in any case.
    pub base: f32,
    step: f32,
    weights: &'b [u8],
}

/// Of so many bits is the number of a weight: the upper ones of the hash.
pub const PATTERN_BITS: u32 = 17;

impl<'b> Sums<'b> {
    /// Reads a section; `None` where it is damaged.
    pub fn read(bytes: &'b [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (base, step, weights) = (reader.f32()?, reader.f32()?, reader.bytes()?);
        (weights.len() == 1 << PATTERN_BITS && reader.is_empty()).then_some(Self { base, step, weights })
    }

    /// As a section of a model file.
    pub fn write(base: f32, weights: &[f32]) -> Vec<u8> {
        // The few that are greater than eight times the usual are cut.
        let mut sizes: Vec<f32> = weights.iter().map(|w| w.abs()).filter(|w| *w > 0.0).collect();
        sizes.sort_by(f32::total_cmp);
        let top = sizes.get(sizes.len().saturating_mul(999) / 1000).copied().unwrap_or(1.0);
        let step = (top / 127.0).max(1e-6);
        let mut out = Vec::new();
        out.extend(base.to_le_bytes());
        out.extend(step.to_le_bytes());
        out.extend((weights.len() as u32).to_le_bytes());
        out.extend(weights.iter().map(|w| (w / step).round().clamp(-127.0, 127.0) as i8 as u8));
        out
    }

    /// The weight of a pattern.
    pub fn weight(&self, pattern: u64) -> f32 {
        let byte = self.weights.get((pattern >> (64 - PATTERN_BITS)) as usize).copied().unwrap_or_default();
        self.step * f32::from(byte as i8)
    }
}

impl<'b> GarbleModel<'b> {
    /// Takes the model from a file. `name` is for messages.
    ///
    /// # Errors
    /// It is damaged, or something else.
    pub fn read(name: &'static str, bytes: &'b [u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        let section = |wanted: &str| file.sections.iter().find(|(n, _)| *n == wanted).map(|(_, bytes)| *bytes);
        let read = || {
            Some(Self {
                sentence: Forest::read(section("sentence")?)?,
                scrambled: Forest::read(section("scrambled")?)?,
                word: Forest::read(section("word")?)?,
                patterns: Sums::read(section("patterns")?)?,
                machine: Sums::read(section("machine")?)?,
            })
        };
        read().ok_or(BadModel::Damaged(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::boost::{Split, Tree};

    fn file() -> Vec<u8> {
        let forest = Forest {
            base: 0.5,
            columns: 2,
            trees: vec![Tree {
                splits: vec![Split { column: 1, missing: true, threshold: 0.0 }],
                leaves: vec![-1.0, 1.0],
            }],
        };
        let mut weights = vec![0.0; 1 << PATTERN_BITS];
        weights[3] = 0.5;
        weights[7] = -0.25;
        let sums = Sums::write(0.1, &weights);
        let sections = [
            ("sentence", forest.write()),
            ("scrambled", forest.write()),
            ("word", forest.write()),
            ("patterns", sums.clone()),
            ("machine", sums),
        ];
        ModelFile::write("what: a test\n", &sections.map(|(name, bytes)| (name.to_owned(), bytes)))
    }

    #[test]
    fn what_is_written_is_read() {
        let bytes = file();
        let model = GarbleModel::read("test", &bytes).expect("it is sound");
        let of = |place: u64| model.machine.weight(place << (64 - PATTERN_BITS));
        assert!((of(3) - 0.5).abs() < 0.01 && (of(7) + 0.25).abs() < 0.01 && of(4) == 0.0);
        assert!((model.word.value(&[0.0, 1.0]) - 1.5).abs() < 1e-6);
    }

    #[test]
    fn damage_is_told() {
        let bytes = file();
        for at in (0..bytes.len()).step_by(997) {
            assert!(GarbleModel::read("test", &bytes[..at]).is_err(), "cut at {at}");
        }
        let lacks = ModelFile::write("what: a test\n", &[("sentence".to_owned(), Vec::new())]);
        assert!(GarbleModel::read("test", &lacks).is_err());
        assert!(Sums::read(&[0; 20]).is_none());
    }
}
