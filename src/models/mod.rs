//! What was learned from text: the models and their file format.
//!
//! A model file (`models/*.obm`) begins with `OBELUS-M`, the version of the format, the checksum of all that follows it, and a
//! text of `key: value` lines that says what it is, what it was built from, by which command, and its licence. Sections with
//! names follow. All numbers are little endian. `docs/models.md` has a card for each.

pub mod alone;
pub mod boost;
pub mod choices;
pub mod garble;
pub mod hashed;
pub mod lexicon;
pub mod links;
pub mod lm;
mod names;
pub(crate) mod network;
pub mod ngram;
pub mod parser;
pub mod quality;
pub mod slots;
pub mod tagger;
pub mod transducer;
pub(crate) mod transitions;
pub mod words;

use std::sync::OnceLock;

use crate::digest::Digest;
use crate::models::lexicon::{Lexicon, Vocabulary};

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

/// The language models, by language.
static LANGUAGES: [(&str, &str, &[u8]); 10] = [
    ("en", "models/lm-en.obm", include_bytes!("../../models/lm-en.obm")),
    ("de", "models/lm-de.obm", include_bytes!("../../models/lm-de.obm")),
    ("es", "models/lm-es.obm", include_bytes!("../../models/lm-es.obm")),
    ("fr", "models/lm-fr.obm", include_bytes!("../../models/lm-fr.obm")),
    ("it", "models/lm-it.obm", include_bytes!("../../models/lm-it.obm")),
    ("pl", "models/lm-pl.obm", include_bytes!("../../models/lm-pl.obm")),
    ("pt", "models/lm-pt.obm", include_bytes!("../../models/lm-pt.obm")),
    ("ru", "models/lm-ru.obm", include_bytes!("../../models/lm-ru.obm")),
    ("tr", "models/lm-tr.obm", include_bytes!("../../models/lm-tr.obm")),
    ("uk", "models/lm-uk.obm", include_bytes!("../../models/lm-uk.obm")),
];

/// The language model of a primary language, read when it is first asked for; `None` where there is none, or where it is damaged.
pub fn language_model(primary: &str) -> Option<&'static lm::LanguageModel<'static>> {
    static READ: [OnceLock<Option<lm::LanguageModel<'static>>>; LANGUAGES.len()] =
        [const { OnceLock::new() }; LANGUAGES.len()];
    let at = LANGUAGES.iter().position(|(language, _, _)| *language == primary)?;
    let (_, name, bytes) = LANGUAGES.get(at)?;
    READ.get(at)?.get_or_init(|| lm::LanguageModel::read(name, bytes).ok()).as_ref()
}

/// What editors write in the place of words.
static CHOICES: &[u8] = include_bytes!("../../models/choices.obm");

/// The model of what editors write.
///
/// # Errors
/// The file that was built in is damaged.
pub fn choices() -> Result<&'static choices::Choices, &'static BadModel> {
    static READ: OnceLock<Result<choices::Choices, BadModel>> = OnceLock::new();
    READ.get_or_init(|| choices::Choices::read("models/choices.obm", CHOICES)).as_ref()
}

/// The stems of English, for all lexicons.
static ENGLISH: &[u8] = include_bytes!("../../models/lexicon.en.obm");
/// The lexicons of other languages with English, by language.
static LEXICONS: [(&str, &str, &[u8]); 13] = [
    ("ar", "models/lexicon.ar.obm", include_bytes!("../../models/lexicon.ar.obm")),
    ("de", "models/lexicon.de.obm", include_bytes!("../../models/lexicon.de.obm")),
    ("es", "models/lexicon.es.obm", include_bytes!("../../models/lexicon.es.obm")),
    ("et", "models/lexicon.et.obm", include_bytes!("../../models/lexicon.et.obm")),
    ("fr", "models/lexicon.fr.obm", include_bytes!("../../models/lexicon.fr.obm")),
    ("it", "models/lexicon.it.obm", include_bytes!("../../models/lexicon.it.obm")),
    ("pl", "models/lexicon.pl.obm", include_bytes!("../../models/lexicon.pl.obm")),
    ("pt", "models/lexicon.pt.obm", include_bytes!("../../models/lexicon.pt.obm")),
    ("ro", "models/lexicon.ro.obm", include_bytes!("../../models/lexicon.ro.obm")),
    ("ru", "models/lexicon.ru.obm", include_bytes!("../../models/lexicon.ru.obm")),
    ("tr", "models/lexicon.tr.obm", include_bytes!("../../models/lexicon.tr.obm")),
    ("uk", "models/lexicon.uk.obm", include_bytes!("../../models/lexicon.uk.obm")),
    ("zh", "models/lexicon.zh.obm", include_bytes!("../../models/lexicon.zh.obm")),
];
static READ_LEXICONS: [OnceLock<Result<Lexicon<'static>, BadModel>>; LEXICONS.len()] =
    [const { OnceLock::new() }; LEXICONS.len()];

/// The lexicon of a language (its primary tag) with English; `None` where there is none. Each is taken apart when it is first
/// asked for, so that the others are never read from disk; a damaged one is as good as none, and [`lexicons`] tells of it.
pub fn lexicon(language: &str) -> Option<&'static Lexicon<'static>> {
    let at = LEXICONS.binary_search_by_key(&language, |(tag, _, _)| tag).ok()?;
    read_lexicon(at)?.as_ref().ok()
}

fn read_lexicon(at: usize) -> Option<&'static Result<Lexicon<'static>, BadModel>> {
    static STEMS: OnceLock<Result<Vocabulary<'static>, BadModel>> = OnceLock::new();
    let (_, name, bytes) = LEXICONS.get(at)?;
    let stems = STEMS.get_or_init(|| lexicon::read_english("models/lexicon.en.obm", ENGLISH));
    let read = || Lexicon::read(name, bytes, (*stems).clone()?);
    READ_LEXICONS.get(at).map(|cell| cell.get_or_init(read))
}

/// Reads every lexicon: 15 MB, which is left to tests and to whoever wants to know.
///
/// # Errors
/// One that was built in is damaged.
pub fn lexicons() -> Result<(), BadModel> {
    (0..LEXICONS.len()).filter_map(read_lexicon).try_for_each(|read| read.as_ref().map(|_| ()).map_err(Clone::clone))
}

/// How good an English translation is, without its source.
static ALONE: &[u8] = include_bytes!("../../models/alone.obm");

/// The model that judges an English translation without its source.
///
/// # Errors
/// The file that was built in is damaged.
pub fn alone() -> Result<&'static alone::Alone<'static>, &'static BadModel> {
    static READ: OnceLock<Result<alone::Alone<'static>, BadModel>> = OnceLock::new();
    READ.get_or_init(|| alone::Alone::read("models/alone.obm", ALONE)).as_ref()
}

/// Names the models that are built in, by their checksums.
pub fn digest() -> u64 {
    let mut digest = Digest::default();
    let others = [NAMES, ALONE, CHOICES, QUALITY, GARBLE, TAGGER, PARSER, ENGLISH];
    for bytes in others.iter().chain(LANGUAGES.iter().chain(&LEXICONS).map(|(_, _, bytes)| bytes)) {
        // Magic, format, checksum.
        digest.write(bytes.get(..MAGIC.len() + 12).unwrap_or(bytes));
    }
    digest.finish()
}

/// The models that would have been asked about texts of two languages (their primary tags) and that there are none of.
pub fn missing(source: Option<&str>, target: &str) -> Vec<String> {
    let mut missing = Vec::new();
    if !LANGUAGES.iter().any(|(language, _, _)| *language == target) {
        missing.push(format!("lm-{target}"));
    }
    if target != "en" {
        missing.extend(["tagger", "parser"].map(str::to_owned));
    }
    match source {
        Some("en") if LEXICONS.iter().any(|(language, _, _)| *language == target) => {}
        Some(source) if target == "en" && LEXICONS.iter().any(|(language, _, _)| *language == source) => {}
        Some("en") => missing.push(format!("lexicon.{target}")),
        Some(source) if target == "en" => missing.push(format!("lexicon.{source}")),
        Some(source) => missing.push(format!("lexicon.{source}-{target}")),
        None => {}
    }
    missing
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

/// The quality of words and sentences.
static QUALITY: &[u8] = include_bytes!("../../models/quality.obm");

/// The models of quality.
///
/// # Errors
/// The file that was built in is damaged.
pub fn quality() -> Result<&'static quality::QualityModels<'static>, &'static BadModel> {
    static READ: OnceLock<Result<quality::QualityModels<'static>, BadModel>> = OnceLock::new();
    READ.get_or_init(|| quality::QualityModels::read("models/quality.obm", QUALITY)).as_ref()
}

/// How garbled English is told.
static GARBLE: &[u8] = include_bytes!("../../models/garble.obm");

/// The model of garbled English, and what it tries in place of what stands there.
///
/// # Errors
/// The file that was built in is damaged.
pub fn garble() -> Result<&'static garble::GarbleModel<'static>, &'static BadModel> {
    static READ: OnceLock<Result<garble::GarbleModel<'static>, BadModel>> = OnceLock::new();
    READ.get_or_init(|| garble::GarbleModel::read("models/garble.obm", GARBLE)).as_ref()
}

/// Reads the models that every check may need, so that a damaged one is told of at the start and not in the middle of a check;
/// of the language models and the lexicons, which are large, the beginnings alone.
///
/// # Errors
/// A model file that was built in is damaged.
pub fn check() -> Result<(), BadModel> {
    for (_, name, bytes) in LANGUAGES.iter().chain(&LEXICONS) {
        ModelFile::begins(name, bytes)?;
    }
    names().map_err(Clone::clone)?;
    alone().map_err(Clone::clone)?;
    choices().map_err(Clone::clone)?;
    quality().map_err(Clone::clone)?;
    garble().map_err(Clone::clone)?;
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
        let mut reader = Self::begins(name, bytes)?;
        let damaged = || BadModel::Damaged(name);
        let sum = reader.u64().ok_or_else(damaged)?;
        if checksum(reader.0) != sum {
            return Err(damaged());
        }
        reader.sections().ok_or_else(damaged)
    }

    /// What is behind the beginning of a file, if it is one and of this format.
    fn begins(name: &'static str, bytes: &'b [u8]) -> Result<Reader<'b>, BadModel> {
        let mut reader = Reader(bytes.strip_prefix(MAGIC).ok_or(BadModel::Foreign(name))?);
        match reader.u32().ok_or(BadModel::Damaged(name))? {
            FORMAT => Ok(reader),
            found => Err(BadModel::Format { name, found }),
        }
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
        for (language, name, bytes) in LANGUAGES {
            assert!(language_model(language).is_some(), "{name}");
            let about = ModelFile::read(name, bytes).expect("it is sound").about;
            assert!(about.contains("licence: CC BY-SA 4.0") && about.contains(&format!("language model, {language}")));
        }
        assert!(language_model("xx").is_none());
        assert!(LANGUAGES.iter().map(|(_, _, bytes)| bytes.len()).sum::<usize>() <= 20_000_000, "the budget");
        assert_eq!(lexicons(), Ok(()));
    }
}
