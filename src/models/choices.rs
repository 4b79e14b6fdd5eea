//! How likely a word of a translation is to be the wrong one, and which of the other renderings of its source word an editor would
//! write: weights for the renderings, trees for the word, and a curve from what they say to what is so (`analyse::choices`).

use crate::models::boost::Forest;
use crate::models::quality::Curve;
use crate::models::{BadModel, ModelFile, Reader};

/// What is known of a rendering that could stand in a word's place.
pub const OF_CHOICE: usize = 10;

/// The model.
#[derive(Clone, Debug)]
pub struct Choices {
    /// What each figure of a rendering weighs; the constant stands last.
    pub weights: [f32; OF_CHOICE + 1],
    /// The chance that a word is changed where it stands in doubt.
    pub doubt: Forest,
    /// From what the trees say to what is so.
    pub curve: Curve,
    /// The chance from which a word is told, and from which it is where unsure findings are asked for.
    pub least: [f32; 2],
}

impl Choices {
    /// As the sections of a file.
    pub fn write(&self) -> Vec<(String, Vec<u8>)> {
        let weights = self.weights.iter().flat_map(|w| w.to_le_bytes()).collect();
        let least = self.least.iter().flat_map(|l| l.to_le_bytes()).collect();
        let sections =
            [("weights", weights), ("doubt", self.doubt.write()), ("curve", self.curve.write()), ("least", least)];
        sections.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It is no model file, one of another format, or damaged.
    pub fn read(name: &'static str, bytes: &[u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        Self::of(&file).ok_or(BadModel::Damaged(name))
    }

    fn of(file: &ModelFile<'_>) -> Option<Self> {
        let section = |name: &str| file.sections.iter().find(|(n, _)| *n == name).map(|(_, bytes)| *bytes);
        let mut reader = Reader::new(section("weights")?);
        let mut weights = [0.0; OF_CHOICE + 1];
        for weight in &mut weights {
            *weight = reader.f32().filter(|w| w.is_finite())?;
        }
        let (doubt, curve) = (Forest::read(section("doubt")?)?, Curve::read(section("curve")?)?);
        let mut ends = Reader::new(section("least")?);
        let least = [ends.f32()?, ends.f32()?];
        (reader.is_empty() && ends.is_empty()).then_some(Self { weights, doubt, curve, least })
    }

    /// The logarithm of the odds that a rendering is what an editor writes.
    pub fn value(&self, figures: &[f32; OF_CHOICE]) -> f32 {
        let [rest @ .., constant] = &self.weights;
        figures.iter().zip(rest).map(|(x, w)| x * w).sum::<f32>() + constant
    }

    /// The chance that a word is changed, by its figures.
    pub fn chance(&self, figures: &[f32]) -> f32 {
        self.curve.at(self.doubt.value(figures)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::boost::Tree;

    #[test]
    fn what_is_written_is_read_and_damage_is_told() {
        let doubt = Forest { base: 0.5, columns: 1, trees: vec![Tree { splits: Vec::new(), leaves: vec![0.25] }] };
        let curve = Curve(vec![(0.0, 0.1), (1.0, 0.9)]);
        let mut model = Choices { weights: [0.5; OF_CHOICE + 1], doubt, curve, least: [0.5, 0.25] };
        let file = |model: &Choices| ModelFile::write("what: a test\n", &model.write());
        let read = Choices::read("test", &file(&model)).expect("it is sound");
        assert!((read.value(&[1.0; OF_CHOICE]) - 0.5 * (OF_CHOICE as f32 + 1.0)).abs() < 1e-6);
        assert!((read.chance(&[]) - 0.7).abs() < 1e-6);
        model.weights[0] = f32::NAN;
        assert!(Choices::read("test", &file(&model)).is_err());
    }
}
