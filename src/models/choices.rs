//! Which of the candidates for a word's place an editor would write there: trees, and what editors put in the place of words
//! elsewhere (`analyse::choices`).

use rustc_hash::FxHashMap;

use crate::models::boost::Forest;
use crate::models::{BadModel, ModelFile};

/// What is known of a word that could stand in another's place.
pub const OF_CHOICE: usize = 19;

/// What editors put in the place of a word.
#[derive(Clone, Debug, Default, PartialEq)]
struct Pairs {
    /// The share of the word's occurrences that were replaced by one word.
    rate: f32,
    /// Words, each with its share of the replacements, the commonest first.
    words: Vec<(String, f32)>,
}

/// The model.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The chance that a word is what an editor writes in the place of another, if he replaces it.
    pub choice: Forest,
    /// What editors wrote for a word, by word.
    pairs: FxHashMap<String, Pairs>,
}

impl Choices {
    /// Without any trees: for learning some. `pairs` are lines of a word, its rate, and what it became, each with its share.
    pub fn new(pairs: &str) -> Option<Self> {
        let choice = Forest { base: 0.0, columns: OF_CHOICE, trees: Vec::new() };
        Some(Self { choice, pairs: read_pairs(pairs)? })
    }

    /// As the sections of a file.
    pub fn write(&self, pairs: &str) -> Vec<(String, Vec<u8>)> {
        let sections = [("choice", self.choice.write()), ("pairs", pairs.as_bytes().to_vec())];
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
        let pairs = read_pairs(std::str::from_utf8(section("pairs")?).ok()?)?;
        Some(Self { choice: Forest::read(section("choice")?)?, pairs })
    }

    /// The logarithm of the odds that a word is what an editor writes.
    pub fn value(&self, figures: &[f32; OF_CHOICE]) -> f32 {
        self.choice.value(figures)
    }

    /// What editors put in the place of a word, each with its share.
    pub fn pairs(&self, word: &str) -> &[(String, f32)] {
        self.pairs.get(word).map_or(&[], |pairs| &pairs.words)
    }

    /// The share of a word's occurrences that editors replaced by one other.
    pub fn rate(&self, word: &str) -> f32 {
        self.pairs.get(word).map_or(0.0, |pairs| pairs.rate)
    }
}

fn read_pairs(text: &str) -> Option<FxHashMap<String, Pairs>> {
    let mut all = FxHashMap::default();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let (word, rate) = (fields.next()?, fields.next()?.parse().ok()?);
        let mut words = Vec::new();
        while let Some(new) = fields.next() {
            words.push((new.to_owned(), fields.next()?.parse().ok()?));
        }
        all.insert(word.to_owned(), Pairs { rate, words });
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::boost::Tree;

    #[test]
    fn what_is_written_is_read_and_damage_is_told() {
        let pairs = "the\t0.1\ta\t0.5\tthis\t0.1\n";
        let mut model = Choices::new(pairs).expect("it is sound");
        model.choice = Forest { base: 0.5, columns: 1, trees: vec![Tree { splits: Vec::new(), leaves: vec![0.25] }] };
        let file = |pairs: &str| ModelFile::write("what: a test\n", &model.write(pairs));
        let read = Choices::read("test", &file(pairs)).expect("it is sound");
        assert!((read.value(&[0.0; OF_CHOICE]) - 0.75).abs() < 1e-6);
        assert_eq!(read.pairs("the"), [("a".to_owned(), 0.5), ("this".to_owned(), 0.1)]);
        assert!(read.rate("the") > 0.0 && read.pairs("a").is_empty());
        assert!(Choices::read("test", &file("the\tmuch")).is_err());
    }
}
