//! What was learned from text: the models and their file format.
//!
//! A model file (`models/*.obm`) begins with `OBELUS-M`, the version of the format, the checksum of all that follows it, and a
//! text of `key: value` lines that says what it is, what it was built from, by which command, and its licence. Sections with
//! names follow. All numbers are little endian. `docs/models.md` has a card for each.

pub mod hashed;
mod names;
pub(crate) mod network;
pub mod parser;
pub mod tagger;
pub mod transducer;
pub(crate) mod transitions;
pub mod words;

use std::sync::OnceLock;

use crate::digest::Digest;

pub use names::{NameModel, NameModels, listing};

/// How a model file begins.
const MAGIC: &[u8; 8] = b"OBELUS-M";
/// The version of the format.
const FORMAT: u32 = 1;

/// A model file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadModel {
    /// It is something else.
    #[error("{0}: no model file of Obelus (it should begin with OBELUS-M); the build is damaged")]
    Foreign(&'static str),
    /// It was written for another version of the program.
    #[error("{name}: format {found}, and this program reads format {FORMAT}; build it anew with obelus train")]
    Format {
        /// The file.
        name: &'static str,
        /// Its format.
        found: u32,
    },
    /// It is not what was written.
    #[error(
        "{0}: damaged (the checksum does not fit); take the file anew from the repository, or build it with obelus train"
    )]
    Damaged(&'static str),
}

/// The names of persons and places across scripts.
static NAMES: &[u8] = include_bytes!("../../models/names.obm");

/// The models of names.
///
/// # Errors
/// The file that was built in is damaged.
pub fn names() -> Result<&'static NameModels, &'static BadModel> {
    static READ: OnceLock<Result<NameModels, BadModel>> = OnceLock::new();
    READ.get_or_init(|| NameModels::read("models/names.obm", NAMES)).as_ref()
}

/// Parts of speech and features of English words.
static TAGGER: &[u8] = include_bytes!("../../models/tagger.obm");
/// Trees of English sentences.
static PARSER: &[u8] = include_bytes!("../../models/parser.obm");

/// The models of English grammar.
#[derive(Debug)]
pub struct English {
    /// Tags.
    pub tagger: tagger::Tagger<'static>,
    /// Trees.
    pub parser: parser::Parser<'static>,
}

/// The models of English grammar.
///
/// # Errors
/// A file that was built in is damaged.
pub fn english() -> Result<&'static English, &'static BadModel> {
    static READ: OnceLock<Result<English, BadModel>> = OnceLock::new();
    let read = || {
        let tagger = tagger::Tagger::read("models/tagger.obm", TAGGER)?;
        Ok(English { tagger, parser: parser::Parser::read("models/parser.obm", PARSER)? })
    };
    READ.get_or_init(read).as_ref()
}

/// Reads every model, so that a damaged one is told of at the start and not in the middle of a check.
///
/// # Errors
/// A model file that was built in is damaged.
pub fn check() -> Result<(), BadModel> {
    names().map_err(Clone::clone)?;
    english().map(|_| ()).map_err(Clone::clone)
}

/// A model file, taken apart.
pub struct ModelFile<'b> {
    /// What it is: lines of `key: value`.
    pub about: &'b str,
    /// The sections by name.
    pub sections: Vec<(&'b str, &'b [u8])>,
}

impl<'b> ModelFile<'b> {
    /// Takes a file apart. `name` is for messages.
    ///
    /// # Errors
    /// It is no model file, one of another format, or damaged.
    pub fn read(name: &'static str, bytes: &'b [u8]) -> Result<Self, BadModel> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BadModel::Foreign(name))?;
        let mut reader = Reader(rest);
        let damaged = || BadModel::Damaged(name);
        let found = reader.u32().ok_or_else(damaged)?;
        if found != FORMAT {
            return Err(BadModel::Format { name, found });
        }
        let sum = reader.u64().ok_or_else(damaged)?;
        if checksum(reader.0) != sum {
            return Err(damaged());
        }
        reader.sections().ok_or_else(damaged)
    }

    /// Puts a file together.
    pub fn write(about: &str, sections: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut body = Vec::new();
        let mut put = |bytes: &[u8]| {
            body.extend((bytes.len() as u32).to_le_bytes());
            body.extend(bytes);
        };
        put(about.as_bytes());
        for (name, bytes) in sections {
            put(name.as_bytes());
            put(bytes);
        }
        let mut file = MAGIC.to_vec();
        file.extend(FORMAT.to_le_bytes());
        file.extend(checksum(&body).to_le_bytes());
        file.extend(body);
        file
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut digest = Digest::default();
    digest.write(bytes);
    digest.finish()
}

/// Takes numbers and stretches from bytes; nothing where they end too soon.
pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Option<f32> {
        self.array().map(f32::from_le_bytes)
    }

    /// A number of things, each of at least so many bytes: more than there can be is no number.
    pub(crate) fn count(&mut self, least: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count.checked_mul(least)? <= self.0.len()).then_some(count)
    }

    pub(crate) fn bytes(&mut self) -> Option<&'b [u8]> {
        let count = self.count(1)?;
        let (first, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(first)
    }

    pub(crate) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn sections(&mut self) -> Option<ModelFile<'b>> {
        let about = self.text()?;
        let mut sections = Vec::new();
        while !self.is_empty() {
            sections.push((self.text()?, self.bytes()?));
        }
        Some(ModelFile { about, sections })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let file = ModelFile::write("what: a test\n", &[("a".to_owned(), vec![1, 2]), ("b".to_owned(), Vec::new())]);
        let read = ModelFile::read("test", &file).expect("it is sound");
        assert_eq!(read.about, "what: a test\n");
        assert_eq!(read.sections, [("a", &[1_u8, 2][..]), ("b", &[])]);
    }

    #[test]
    fn damage_is_told() {
        let file = ModelFile::write("what: a test\n", &[("a".to_owned(), vec![1, 2])]);
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 1;
            assert!(ModelFile::read("test", &bad).is_err(), "byte {at}");
            assert!(ModelFile::read("test", &file[..at]).is_err(), "cut at {at}");
        }
        assert_eq!(ModelFile::read("test", b"").err(), Some(BadModel::Foreign("test")));
    }

    #[test]
    fn the_models_built_in_are_sound() {
        assert_eq!(check(), Ok(()));
    }
}
