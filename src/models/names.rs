//! The models of names: for each script a transducer, and the weights of what tells one name from two.

use crate::digest::Digest;
use crate::models::transducer::{Operation, Transducer};
use crate::models::{BadModel, ModelFile, Reader};

/// What was learned of one language.
#[derive(Clone, Debug, Default)]
pub struct NameModel {
    /// How its letters are written in Latin ones.
    pub transducer: Transducer,
    /// The least and the most of each measure on training pairs: what lies beyond counts as the end.
    pub bounds: Vec<(f32, f32)>,
    /// The weights of the measures, of the products of every two, and the constant.
    pub weights: Vec<f32>,
    /// Pairs that were seen often, by [`listing`], sorted.
    pub listed: Vec<u32>,
}

/// What a pair is listed by.
pub fn listing(letters: &[char], latin: &str) -> u32 {
    let mut digest = Digest::default();
    letters.iter().for_each(|c| digest.write(&u32::from(*c).to_le_bytes()));
    digest.write(latin.as_bytes());
    digest.finish() as u32
}

impl NameModel {
    /// The chance that a pair with these measures is one name.
    pub fn chance(&self, measures: &[f64]) -> f64 {
        let mut bounded = [0.0_f64; 32];
        let count = measures.len().min(bounded.len()).min(self.bounds.len());
        for ((to, from), (low, high)) in bounded.iter_mut().zip(measures).zip(&self.bounds) {
            *to = from.clamp(f64::from(*low), f64::from(*high));
        }
        let bounded = bounded.get(..count).unwrap_or(&[]);
        let mut weights = self.weights.iter().map(|w| f64::from(*w));
        let mut weight = || weights.next().unwrap_or(0.0);
        let mut sum: f64 = bounded.iter().map(|x| x * weight()).sum();
        for (at, a) in bounded.iter().enumerate() {
            for b in bounded.get(at..).unwrap_or(&[]) {
                sum += a * b * weight();
            }
        }
        1.0 / (1.0 + (-(sum + weight())).exp())
    }

    /// Whether a pair was seen often.
    pub fn lists(&self, letters: &[char], latin: &str) -> bool {
        self.listed.binary_search(&listing(letters, latin)).is_ok()
    }

    /// As a section of the file.
    pub fn write(&self) -> Vec<u8> {
        let t = &self.transducer;
        let mut out = Vec::new();
        let count = |out: &mut Vec<u8>, n: usize| out.extend((n as u32).to_le_bytes());
        count(&mut out, t.alphabet.len());
        t.alphabet.iter().for_each(|c| out.extend(u32::from(*c).to_le_bytes()));
        count(&mut out, t.chunks.len());
        t.chunks.iter().for_each(|(key, start)| out.extend([key.to_le_bytes(), start.to_le_bytes()].concat()));
        count(&mut out, t.operations.len());
        for o in &t.operations {
            out.extend(o.written.to_le_bytes());
            out.extend([o.joint, o.forward, o.backward]);
        }
        count(&mut out, t.following.len());
        out.extend(&t.following);
        count(&mut out, self.bounds.len());
        self.bounds.iter().for_each(|(low, high)| out.extend([low.to_le_bytes(), high.to_le_bytes()].concat()));
        count(&mut out, self.weights.len());
        self.weights.iter().for_each(|w| out.extend(w.to_le_bytes()));
        count(&mut out, self.listed.len());
        self.listed.iter().for_each(|hash| out.extend(hash.to_le_bytes()));
        out
    }

    /// From a section of the file.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader::new(bytes);
        let alphabet = (0..r.count(4)?).map(|_| char::from_u32(r.u32()?)).collect::<Option<Vec<_>>>()?;
        let chunks = (0..r.count(8)?).map(|_| Some((r.u32()?, r.u32()?))).collect::<Option<Vec<_>>>()?;
        let operations = (0..r.count(7)?)
            .map(|_| {
                let written = r.u32()?;
                let [joint, forward, backward] = r.array()?;
                Some(Operation { written, joint, forward, backward })
            })
            .collect::<Option<Vec<_>>>()?;
        let following = r.bytes()?.to_vec();
        let bounds = (0..r.count(8)?)
            .map(|_| {
                let (low, high) = (r.f32()?, r.f32()?);
                (low <= high).then_some((low, high))
            })
            .collect::<Option<Vec<_>>>()?;
        let weights = (0..r.count(4)?).map(|_| r.f32()).collect::<Option<Vec<_>>>()?;
        let listed = (0..r.count(4)?).map(|_| r.u32()).collect::<Option<Vec<_>>>()?;
        let transducer = Transducer::new(alphabet, chunks, operations, following);
        (r.is_empty() && listed.is_sorted() && transducer.is_sound()).then_some(Self {
            transducer,
            bounds,
            weights,
            listed,
        })
    }
}

/// The models by language; `und` compares what a table romanised, `und-Latn` two spellings of a translation.
#[derive(Clone, Debug, Default)]
pub struct NameModels(Vec<(String, NameModel)>);

impl NameModels {
    /// Reads a model file.
    ///
    /// # Errors
    /// It is no model file, one of another format, or damaged.
    pub fn read(name: &'static str, bytes: &[u8]) -> Result<Self, BadModel> {
        let file = ModelFile::read(name, bytes)?;
        let models = file.sections.iter().map(|(tag, section)| Some(((*tag).to_owned(), NameModel::read(section)?)));
        models.collect::<Option<Vec<_>>>().map(Self).ok_or(BadModel::Damaged(name))
    }

    /// The model of a language.
    pub fn of(&self, tag: &str) -> Option<&NameModel> {
        self.0.iter().find(|(name, _)| name == tag).map(|(_, model)| model)
    }
}
