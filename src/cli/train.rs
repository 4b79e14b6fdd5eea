//! `obelus train`: building the model files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

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
    /// Bilingual lexicons between English and 13 languages.
    Lexicons {
        /// The folder that has parallel/ru-en.tsv.gz (source, English, origin) and lexicon/wikt2014.en-ru.tsv.gz (English,
        /// translation), and those of the other languages.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that lexicon.en.obm, lexicon.ru.obm and the others are written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (files, out) = match &args.what {
        What::Names { data, out } => (vec![("names.obm".to_owned(), train::names::build(data)?)], out),
        What::Lexicons { data, out } => (lexicons(data)?, out),
    };
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    for (name, model) in files {
        let path = out.join(name);
        std::fs::write(&path, &model).with_context(|| path.display().to_string())?;
        writeln!(std::io::stdout().lock(), "wrote {}, {} bytes", path.display(), model.len())?;
    }
    Ok(ExitCode::from(NOTHING))
}

fn lexicons(data: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let progress = ProgressBar::new(train::lexicon::LANGUAGES.len() as u64);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").context("the progress bar")?;
    progress.set_style(style);
    let mut started = false;
    let files = train::lexicon::build(data, |language| {
        progress.inc(u64::from(started));
        progress.set_message(language.to_owned());
        started = true;
    });
    progress.finish_and_clear();
    files
}
