//! `obelus serve`: the gRPC server.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use crate::cli::input;
use crate::engine::VERSION;
use crate::serve::ServeConfig;
use crate::serve::config::{LogFormat, LogLevel};
use crate::serve::glossaries::Glossaries;
use crate::serve::listeners::Listeners;
use crate::serve::telemetry;

/// Serves checks over gRPC until it is told to stop (SIGTERM or Ctrl-C); then running checks may end.
///
/// Flags win over the environment, and that over the `[serve]` table of the configuration file.
#[derive(clap::Args, Debug, Default)]
pub(super) struct Args {
    /// Host and port to listen on [default: 127.0.0.1:7341]
    #[arg(long, value_name = "ADDR", env = "OBELUS_LISTEN")]
    listen: Option<String>,
    /// Listen on this Unix socket as well; with an empty --listen, on it alone
    #[arg(long, value_name = "PATH", env = "OBELUS_UNIX_SOCKET")]
    unix_socket: Option<PathBuf>,
    /// Glossaries to check by (CSV, TSV or TBX); may be given several times [env: OBELUS_GLOSSARY=, paths as in PATH]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    glossary: Vec<PathBuf>,
    /// Files of patterns of your own, TOML; may be given several times [env: OBELUS_PATTERNS=, paths as in PATH]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    patterns: Vec<PathBuf>,
    /// Checks that run at the same time; more are refused [default: as many as there are cores]
    #[arg(long, value_name = "N", env = "OBELUS_MAX_CONCURRENT")]
    max_concurrent: Option<usize>,
    /// The longest text, source and target together, in bytes [default: 2000000]
    #[arg(long, value_name = "N", env = "OBELUS_MAX_TEXT_BYTES")]
    max_text_bytes: Option<usize>,
    /// How log lines are written: json or text [default: text]
    #[arg(long, value_name = "FORMAT", env = "OBELUS_LOG_FORMAT")]
    log_format: Option<LogFormat>,
    /// Which log lines are written: error, warn, info, debug or trace [default: info]
    #[arg(long, value_name = "LEVEL", env = "OBELUS_LOG_LEVEL")]
    log_level: Option<LogLevel>,
    /// Print the configuration that would be used, as TOML, and stop
    #[arg(long)]
    print_config: bool,
}

impl Args {
    /// What the flags and the environment say, over what the file says, over the defaults.
    fn over(self, file: Option<ServeConfig>) -> ServeConfig {
        let file = file.unwrap_or_default();
        ServeConfig {
            listen: self.listen.unwrap_or(file.listen),
            unix_socket: self.unix_socket.or(file.unix_socket),
            glossaries: input::listed(&self.glossary, "OBELUS_GLOSSARY", file.glossaries),
            patterns: input::listed(&self.patterns, "OBELUS_PATTERNS", file.patterns),
            max_concurrent_checks: self.max_concurrent.unwrap_or(file.max_concurrent_checks),
            max_text_bytes: self.max_text_bytes.unwrap_or(file.max_text_bytes),
            log_format: self.log_format.unwrap_or(file.log_format),
            log_level: self.log_level.unwrap_or(file.log_level),
            ..file
        }
    }
}

#[derive(serde::Serialize)]
struct File<'a> {
    serve: &'a ServeConfig,
}

/// Runs the server; `file` is the `[serve]` table of the configuration file, where there is one.
///
/// # Errors
/// A setting cannot be, a glossary cannot be loaded, a port is taken, or the server failed.
pub(super) fn run(args: Args, file: Option<ServeConfig>) -> anyhow::Result<ExitCode> {
    let print = args.print_config;
    let config = args.over(file);
    config.validate()?;
    if print {
        let text = toml::to_string(&File { serve: &config })?;
        std::io::stdout().write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    telemetry::install(config.log_format, config.log_level)?;
    let glossaries = Glossaries::load(&config.glossaries)?.with_patterns(&config.patterns)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads to serve with")?;
    let ended = runtime.block_on(serve(&config, glossaries));
    // A check whose caller is gone is not waited for.
    runtime.shutdown_background();
    ended.map(|()| ExitCode::SUCCESS)
}

async fn serve(config: &ServeConfig, glossaries: Glossaries) -> anyhow::Result<()> {
    let mut signals = Signals::listen().context("cannot listen for signals")?;
    let listeners = Listeners::bind(config).await?;
    // The one line that scripts wait for; with port 0 it tells the port.
    writeln!(std::io::stderr(), "obelus {VERSION} listening on {listeners}")?;
    let shutdown = CancellationToken::new();
    let told_twice = async {
        signals.next().await;
        shutdown.cancel();
        signals.next().await;
    };
    tokio::select! {
        ended = crate::serve::run(config, glossaries, listeners, shutdown.cancelled()) => Ok(ended?),
        () = told_twice => {
            tracing::warn!("told to stop again; leaving what is running");
            Ok(())
        }
    }
}

/// SIGTERM and SIGINT; Ctrl-C elsewhere.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// SIGTERM and SIGINT; Ctrl-C elsewhere.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Command {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file = ServeConfig { max_text_bytes: 5, max_segments: 7, ..ServeConfig::default() };
        let command = ["serve", "--max-text-bytes", "6", "--glossary", "a.csv", "b.csv", "--log-format", "json"];
        let config = Command::parse_from(command).args.over(Some(file));
        assert_eq!((config.max_text_bytes, config.max_segments, config.max_check_millis), (6, 7, 10_000));
        assert_eq!(config.glossaries, [PathBuf::from("a.csv"), PathBuf::from("b.csv")]);
        assert_eq!(config.log_format, LogFormat::Json);
    }

    #[test]
    fn a_wrong_level_is_told_what_would_be_right() {
        let error = Command::try_parse_from(["serve", "--log-level", "loud"]).map(|_| ()).expect_err("no level");
        assert!(error.to_string().contains("error, warn, info, debug or trace"));
    }
}
