//! `obelus completions`: a completion script for a shell.

use std::io::{self, Write};
use std::process::ExitCode;

use clap_complete::Shell;

/// Which shell.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The shell to complete for.
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(), "obelus", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::from(super::NOTHING))
}
