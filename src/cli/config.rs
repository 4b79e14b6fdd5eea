//! The configuration file: `obelus.toml`, found in this folder or one above, or named with `--config`.
//!
//! A flag wins over an `OBELUS_…` variable, which wins over the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;

use crate::serve::ServeConfig;

/// Its name.
const FILE: &str = "obelus.toml";

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FileConfig {
    /// For `obelus check`.
    #[serde(default)]
    pub(super) check: CheckConfig,
    /// For `obelus serve`.
    pub(super) serve: Option<ServeConfig>,
}

/// The defaults of `obelus check`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct CheckConfig {
    /// Language of the source.
    pub(super) from: Option<String>,
    /// Language of the translation.
    pub(super) to: Option<String>,
    /// Glossaries; a relative path starts at the file's folder.
    #[serde(default)]
    pub(super) glossaries: Vec<PathBuf>,
    /// Leaves out the names that every desk knows.
    #[serde(default)]
    pub(super) no_builtin_glossary: bool,
    /// Files of patterns; a relative path starts at the file's folder.
    #[serde(default)]
    pub(super) patterns: Vec<PathBuf>,
    /// Least confidence.
    pub(super) min_confidence: Option<f64>,
    /// Style profile.
    pub(super) style: Option<String>,
    /// Rules and families: "off" or a severity.
    #[serde(default)]
    pub(super) rules: BTreeMap<String, String>,
    /// Triage: from which estimate on a sentence may be published.
    pub(super) publish: Option<f64>,
    /// Triage: below which estimate a sentence is translated anew.
    pub(super) retranslate: Option<f64>,
    /// How to print: terminal, json or jsonl.
    pub(super) format: Option<String>,
    /// The unit of offsets in JSON: utf8, utf16 or utf32.
    pub(super) offset_encoding: Option<String>,
    /// Threads.
    pub(super) jobs: Option<usize>,
    /// Severity from which the exit status says so.
    pub(super) fail_on: Option<String>,
}

/// Reads the file that was named, or the nearest; nothing where there is none.
pub(super) fn load(named: Option<&Path>) -> anyhow::Result<FileConfig> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match nearest() {
            Some(path) => path,
            None => return Ok(FileConfig::default()),
        },
    };
    let text = std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let mut config: FileConfig = toml::from_str(&text).map_err(|e| {
        // The parser's message shows the line and points at the place.
        anyhow::anyhow!("{}: {}", path.display(), e.to_string().trim_end())
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let from_here = |path: &mut PathBuf| *path = folder.join(&*path);
    config.check.glossaries.iter_mut().chain(&mut config.check.patterns).for_each(from_here);
    if let Some(serve) = &mut config.serve {
        serve.glossaries.iter_mut().chain(&mut serve.patterns).for_each(from_here);
    }
    Ok(config)
}

fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())
}
