//! The command line: one file a subcommand.

mod check;
mod completions;
mod config;
mod documents;
mod eval;
mod glossary;
mod input;
mod rules;
mod serve;
mod train;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Nothing at or above what was asked for.
const NOTHING: u8 = 0;
/// Findings at or above `--fail-on`.
const FINDINGS: u8 = 1;
/// Wrong usage or input.
const ERROR: u8 = 2;

/// A proofreader for machine translation: marks garbled phrases and names that disagree with the glossary, the source or each
/// other, with verified repairs and an MQM score.
#[derive(Parser, Debug)]
#[command(name = "obelus", version, max_term_width = 100)]
struct Cli {
    /// Configuration file; otherwise obelus.toml is looked for here and in the folders above.
    #[arg(long, global = true, value_name = "FILE", env = "OBELUS_CONFIG")]
    config: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
#[allow(clippy::large_enum_variant, reason = "there is one, made once")]
enum Command {
    /// Check translations.
    Check(check::Args),
    /// Measure how good the checks are, by texts that people have marked.
    Eval(eval::Args),
    /// Convert glossaries, look for faults in them, count them, propose entries.
    Glossary(glossary::Args),
    /// Serve checks over gRPC.
    Serve(serve::Args),
    /// List the rules, or explain one.
    Rules(rules::Args),
    /// Build a model file from data.
    Train(train::Args),
    /// Print a completion script for a shell.
    Completions(completions::Args),
}

/// Runs the program.
pub fn main() -> ExitCode {
    crate::panics::hook(|place, rule| {
        complain(&match rule {
            Some(rule) => format!("internal error at {place}, in rule {rule}; the rest of the answer stands"),
            None => format!("internal error at {place}"),
        });
    });
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a broken pipe is none either.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { ERROR } else { NOTHING });
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => ExitCode::from(NOTHING),
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::from(ERROR)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let file = config::load(cli.config.as_deref())?;
    // A damaged model is told of now; building it anew must still be possible.
    if !matches!(cli.command, Command::Train(_)) {
        crate::models::check()?;
    }
    match cli.command {
        Command::Check(args) => check::run(args, file.check),
        Command::Eval(args) => eval::run(&args),
        Command::Glossary(args) => glossary::run(args),
        Command::Serve(args) => serve::run(args, file.serve),
        Command::Rules(args) => rules::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Completions(args) => completions::run(&args),
    }
}

/// Says what is wrong on standard error; if that is gone too, nobody is listening.
fn complain(message: &str) {
    let _ = writeln!(io::stderr().lock(), "obelus: {message}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// The table of rules, as the README has it.
pub fn rules_table() -> String {
    rules::markdown()
}

/// The grammar of the command line, for completions and tests.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_grammar_is_sound() {
        super::command().debug_assert();
    }
}
