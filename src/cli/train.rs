//! `obelus train`: building the model files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use indicatif::ProgressBar;

use crate::cli::NOTHING;
use crate::train;

/// Which model to build, and from what.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    /// The likeness of names across scripts.
    Names {
        /// The folder of pairs, ru-en.tsv.gz and others: English, original, how often.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that names.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// The language models, lm-LL.obm. English takes three minutes and 3 GB of memory, the others seconds.
    Lm {
        /// The folder of training data: mono/LL.NAME.txt.gz, a sentence or paragraph a line, and lexicon/NAME.en-LL.tsv.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that the models are written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
        /// Only these languages.
        #[arg(long, value_name = "LANGUAGE", value_delimiter = ',')]
        language: Vec<String>,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match &args.what {
        What::Names { data, out } => write(out, "names.obm", &train::names::build(data)?)?,
        What::Lm { data, out, language } => {
            let known = || train::lm::SIZES.iter().map(|size| size.language);
            if let Some(other) = language.iter().find(|l| !known().any(|k| k == l.as_str())) {
                bail!("--language {other}: it should be one of {}", known().collect::<Vec<_>>().join(", "));
            }
            let progress = ProgressBar::new_spinner();
            progress.enable_steady_tick(std::time::Duration::from_millis(200));
            for size in train::lm::SIZES {
                if language.is_empty() || language.iter().any(|l| l == size.language) {
                    let model = train::lm::build(data, size, &progress)?;
                    progress.suspend(|| write(out, &format!("lm-{}.obm", size.language), &model))?;
                }
            }
        }
    }
    Ok(ExitCode::from(NOTHING))
}

fn write(folder: &Path, name: &str, model: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    std::fs::write(&path, model).with_context(|| path.display().to_string())?;
    Ok(writeln!(std::io::stdout().lock(), "wrote {}, {} bytes", path.display(), model.len())?)
}
