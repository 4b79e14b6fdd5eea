//! The glossaries and patterns that the server holds: files read once at start, then shared, immutable, by all checks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use crate::glossary::formats::FileError;
use crate::glossary::{Entry, Glossary, name_of_file, read_glossary};
use crate::patterns::{self, PatternFileError, Patterns};
use crate::wire::GlossaryLookup;

/// Why the glossaries could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A file cannot be read.
    #[error("the glossary {} cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file holds something wrong.
    #[error(transparent)]
    Wrong(#[from] FileError),
    /// A file of patterns cannot be read or holds something wrong.
    #[error(transparent)]
    Patterns(#[from] PatternFileError),
    /// Two files lead to one name.
    #[error("{} and {} would both be {name}; rename one of them", .first.display(), .second.display())]
    SameName {
        /// The name.
        name: String,
        /// The file that has it.
        first: PathBuf,
        /// The file that would have it too.
        second: PathBuf,
    },
}

/// The glossaries, by name.
#[derive(Default)]
pub struct Glossaries {
    by_name: BTreeMap<String, Arc<Glossary>>,
    patterns: Vec<Arc<Patterns>>,
}

impl Glossaries {
    /// Reads and compiles the files.
    ///
    /// # Errors
    /// The first file that cannot be read or holds something wrong, or two of one name: nothing is half loaded.
    pub fn load(paths: &[PathBuf]) -> Result<Self, LoadError> {
        let mut files: BTreeMap<String, &Path> = BTreeMap::new();
        for path in paths {
            let name = name_of_file(path);
            if let Some(first) = files.insert(name.clone(), path) {
                return Err(LoadError::SameName { name, first: first.to_owned(), second: path.clone() });
            }
        }
        let mut by_name = BTreeMap::new();
        for (name, path) in files {
            let entries = read(path)?;
            by_name.insert(name.clone(), Arc::new(Glossary::compile(name, &entries)));
        }
        Ok(Self { by_name, patterns: Vec::new() })
    }

    /// The same with the patterns of some files.
    ///
    /// # Errors
    /// The first file that cannot be read or holds something wrong.
    pub fn with_patterns(mut self, paths: &[PathBuf]) -> Result<Self, LoadError> {
        for path in paths {
            self.patterns.push(patterns::read(path)?);
        }
        Ok(self)
    }

    /// The glossaries, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Glossary>> {
        self.by_name.values()
    }
}

fn read(path: &Path) -> Result<Vec<Entry>, LoadError> {
    let bytes = fs::read(path).map_err(|source| LoadError::Unreadable { path: path.to_owned(), source })?;
    Ok(read_glossary(path, &bytes, None)?.entries)
}

impl GlossaryLookup for Glossaries {
    fn named(&self, name: &str) -> Option<Arc<Glossary>> {
        self.by_name.get(name).cloned()
    }

    fn all(&self) -> Vec<Arc<Glossary>> {
        self.iter().cloned().collect()
    }

    fn patterns(&self) -> Vec<Arc<Patterns>> {
        self.patterns.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_s_stem_is_its_name() {
        assert_eq!(name_of_file(Path::new("/etc/obelus/Middle East_2026.v2.csv")), "glossaries/middle-east-2026-v2");
        assert_eq!(name_of_file(Path::new("Имена.csv")), "glossaries/имена");
    }

    #[test]
    fn two_files_of_one_name_are_refused_before_either_is_read() {
        let paths = ["a/names.csv", "b/Names.CSV"].map(PathBuf::from);
        let error = Glossaries::load(&paths).map(|_| ()).expect_err("two of one name").to_string();
        assert_eq!(error, "a/names.csv and b/Names.CSV would both be glossaries/names; rename one of them");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Glossaries::load(&[PathBuf::from("no/such.csv")]).map(|_| ()).expect_err("no such file");
        assert!(error.to_string().starts_with("the glossary no/such.csv cannot be read: "));
    }

    #[test]
    fn the_example_is_loaded_and_found() {
        let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/glossary.csv"));
        let glossaries = Glossaries::load(&[path]).expect("the example");
        assert!(glossaries.named("glossaries/glossary").is_some_and(|g| !g.is_empty()));
        assert!(glossaries.named("glossary").is_none());
        assert_eq!(glossaries.all().len(), 1);
    }
}
