//! stub until merged
use std::process::ExitCode;
#[derive(clap::Args, Debug)]
pub(super) struct Args {}
pub(super) fn run(_: Args, _: Option<crate::serve::ServeConfig>) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::from(0))
}
