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
    let What::Names { data, out } = &args.what;
    let model = train::names::build(data)?;
    let path = out.join("names.obm");
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    std::fs::write(&path, &model).with_context(|| path.display().to_string())?;
    writeln!(std::io::stdout().lock(), "wrote {}, {} bytes", path.display(), model.len())?;
    Ok(ExitCode::from(NOTHING))
}
