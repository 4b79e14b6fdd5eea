//! `obelus train`: building the model files.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

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
    /// Trees of English sentences. It takes the tags of tagger.obm in the folder that it writes to: build that first.
    Parser {
        /// The folder of training data: tagged/en.ud-ewt.conllu.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that has tagger.obm and that parser.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// Parts of speech and features of English words.
    Tagger {
        /// The folder of training data: tagged/en.ud-ewt.conllu.gz, mono/en.*.txt.gz.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that tagger.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
    /// The likeness of names across scripts.
    Names {
        /// The folder of pairs, ru-en.tsv.gz and others: English, original, how often.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The folder that names.obm is written to.
        #[arg(short, long, value_name = "DIR", default_value = "models")]
        out: PathBuf,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (model, out, name) = match &args.what {
        What::Names { data, out } => (train::names::build(data)?, out, "names.obm"),
        What::Parser { data, out } => {
            let tagger = out.join("tagger.obm");
            let missing = || format!("{}: build it first, with obelus train tagger", tagger.display());
            let tagger = std::fs::read(&tagger).with_context(missing)?;
            (train::parser::build(data, &tagger)?, out, "parser.obm")
        }
        What::Tagger { data, out } => (train::tagger::build(data)?, out, "tagger.obm"),
    };
    let path = out.join(name);
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    std::fs::write(&path, &model).with_context(|| path.display().to_string())?;
    writeln!(std::io::stdout().lock(), "wrote {}, {} bytes", path.display(), model.len())?;
    Ok(ExitCode::from(NOTHING))
}
