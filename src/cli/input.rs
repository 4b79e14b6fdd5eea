//! Reading what the command line is given: texts, glossaries, languages, and saying well what is wrong with them.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::article::Language;
use crate::glossary::{Glossary, name_of_file, read_glossary};
use crate::language;

/// The longest text that the command line takes: everything is held in memory, several times over.
const MAX_BYTES: usize = 256 << 20;

/// The name for standard input.
pub(super) const STDIN: &str = "-";

/// Reads a file, or standard input for `-`.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = path.display();
    let bytes = if path.as_os_str() == STDIN {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input: cannot be read")?;
        bytes
    } else {
        if path.is_dir() {
            bail!("{name}: is a folder; name the files in it");
        }
        std::fs::read(path).with_context(|| format!("{name}: cannot be read"))?
    };
    if bytes.len() > MAX_BYTES {
        bail!("{name}: has {} bytes; {MAX_BYTES} is the most", bytes.len());
    }
    Ok(bytes)
}

/// Reads a text. A byte order mark is dropped.
pub(super) fn read_text(path: &Path) -> anyhow::Result<String> {
    let bytes = read_bytes(path)?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes()[..at].iter().filter(|&&b| b == b'\n').count();
            bail!("{}:{line}: this is not UTF-8 (byte {at}); save the file as UTF-8", path.display())
        }
    }
}

/// Which files to read: those of the flags, else of a variable, else of the configuration file.
pub(super) fn listed(flags: &[PathBuf], variable: &str, file: Vec<PathBuf>) -> Vec<PathBuf> {
    match std::env::var_os(variable) {
        _ if !flags.is_empty() => flags.to_vec(),
        Some(list) => std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()).collect(),
        None => file,
    }
}

/// Reads and compiles glossaries.
pub(super) fn read_glossaries(paths: &[PathBuf]) -> anyhow::Result<Vec<Arc<Glossary>>> {
    let read = |path: &PathBuf| {
        let entries = read_glossary(path, &read_bytes(path)?, None)?.entries;
        Ok(Arc::new(Glossary::compile(name_of_file(path), &entries)))
    };
    paths.iter().map(read).collect()
}

/// Reads a language tag that a flag was given.
pub(super) fn read_language(flag: &str, tag: Option<&str>) -> anyhow::Result<Option<Language>> {
    let Some(tag) = tag else { return Ok(None) };
    let language = Language::parse(tag).with_context(|| flag.to_owned())?;
    Ok(Some(language::known(language).with_context(|| flag.to_owned())?))
}

/// The language that a file's name tells: `article.en.txt` is in English. Only codes that there are data for count, since
/// names have dots for many reasons.
pub(super) fn language_of_name(path: &Path) -> Option<Language> {
    let stem = path.file_stem()?.to_str()?;
    let (_, tag) = stem.rsplit_once('.')?;
    let language = Language::parse(tag).ok()?;
    let known = language::LanguageData::of(&language).tag() != language::LanguageData::NONE.tag();
    known.then_some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_tell_the_language() {
        let of = |name: &str| language_of_name(Path::new(name)).map(|l| l.tag().to_owned());
        assert_eq!(of("a/article.en.txt").as_deref(), Some("en"));
        assert_eq!(of("target.pt-BR.txt").as_deref(), Some("pt-BR"));
        assert_eq!(of("article.v2.txt"), None);
        assert_eq!(of("article.txt"), None);
    }
}
