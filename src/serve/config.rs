//! How the server is set up: the `[serve]` table of the configuration file, and its limits.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::wire::Limits;

/// Everything that can be set. Each default is usable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServeConfig {
    /// Host and port to listen on; empty: only on the Unix socket. The default is reached from this machine alone, because
    /// the server neither encrypts nor asks who calls: that is the mesh's or the proxy's part.
    pub listen: String,
    /// A Unix socket to listen on as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unix_socket: Option<PathBuf>,
    /// Glossary files, CSV, TSV or TBX; loaded once at start.
    pub glossaries: Vec<PathBuf>,
    /// Files of patterns, TOML; loaded once at start, and used for every request beside its own.
    pub patterns: Vec<PathBuf>,
    /// Bytes of UTF-8 of source and target together.
    pub max_text_bytes: usize,
    /// Segments in one request.
    pub max_segments: usize,
    /// Entries of an inline glossary.
    pub max_glossary_entries: usize,
    /// Bytes of one encoded message, in either direction, after decompression.
    pub max_request_bytes: usize,
    /// Checks that run at the same time; more are refused, so that a queue cannot grow where nobody sees it.
    pub max_concurrent_checks: usize,
    /// The longest a check may take, whatever the caller's deadline.
    pub max_check_millis: u64,
    /// How long calls that are running at shutdown may take to end.
    pub drain_seconds: u64,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// Which log lines are written.
    pub log_level: LogLevel,
}

/// A worker thread serves each check; tokio's pool of them has 512, and reading requests takes some too.
const MOST_CONCURRENT_CHECKS: usize = 256;

impl Default for ServeConfig {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:7341".to_owned(),
            unix_socket: None,
            glossaries: Vec::new(),
            patterns: Vec::new(),
            max_text_bytes: 2_000_000,
            max_segments: 20_000,
            max_glossary_entries: 20_000,
            max_request_bytes: 8 << 20,
            max_concurrent_checks: std::thread::available_parallelism()
                .map_or(1, |n| n.get().min(MOST_CONCURRENT_CHECKS)),
            max_check_millis: 10_000,
            drain_seconds: 20,
            log_format: LogFormat::Text,
            log_level: LogLevel::Info,
        }
    }
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} is {value}; {right}")]
pub struct ConfigError {
    /// The setting's name in the file.
    pub setting: &'static str,
    /// What stood there.
    pub value: String,
    /// What would be right.
    pub right: String,
}

impl ServeConfig {
    /// Checks what the types cannot say.
    ///
    /// # Errors
    /// The first setting that cannot be.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let error = |setting, value: &dyn fmt::Display, right: String| {
            Err(ConfigError { setting, value: value.to_string(), right })
        };
        if self.listen.is_empty() {
            if self.unix_socket.is_none() {
                return error(
                    "listen",
                    &"empty",
                    "without a unix-socket it should be such as 127.0.0.1:7341".to_owned(),
                );
            }
        } else if !self.listen.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && is_port(port)) {
            let right = "it should be host and port, such as 127.0.0.1:7341 or [::1]:7341".to_owned();
            return error("listen", &format_args!("{:?}", self.listen), right);
        }
        if let Some(path) = &self.unix_socket {
            if cfg!(not(unix)) {
                return error("unix-socket", &path.display(), "this system has no Unix sockets".to_owned());
            }
            if path.as_os_str().is_empty() {
                return error("unix-socket", &"empty", "it should be a path".to_owned());
            }
        }
        for (setting, value) in [
            ("max-text-bytes", self.max_text_bytes),
            ("max-segments", self.max_segments),
            ("max-request-bytes", self.max_request_bytes),
        ] {
            if !(1..=u32::MAX as usize).contains(&value) {
                return error(setting, &value, format!("it should lie in 1..={}", u32::MAX));
            }
        }
        if self.max_glossary_entries > u32::MAX as usize {
            return error("max-glossary-entries", &self.max_glossary_entries, format!("{} is the most", u32::MAX));
        }
        if self.max_request_bytes < self.max_text_bytes {
            let right = format!("it should be at least max-text-bytes, which is {}", self.max_text_bytes);
            return error("max-request-bytes", &self.max_request_bytes, right);
        }
        if !(1..=MOST_CONCURRENT_CHECKS).contains(&self.max_concurrent_checks) {
            let right = format!("it should lie in 1..={MOST_CONCURRENT_CHECKS}");
            return error("max-concurrent-checks", &self.max_concurrent_checks, right);
        }
        if !(1..=u64::from(u32::MAX)).contains(&self.max_check_millis) {
            return error("max-check-millis", &self.max_check_millis, format!("it should lie in 1..={}", u32::MAX));
        }
        if self.drain_seconds > u64::from(u32::MAX) {
            return error("drain-seconds", &self.drain_seconds, format!("{} is the most", u32::MAX));
        }
        Ok(())
    }

    /// What a request may ask.
    pub fn limits(&self) -> Limits {
        Limits {
            max_text_bytes: self.max_text_bytes,
            max_segments: self.max_segments,
            max_glossary_entries: self.max_glossary_entries,
        }
    }

    /// The longest a check may take.
    pub fn max_check(&self) -> Duration {
        Duration::from_millis(self.max_check_millis)
    }

    /// How long running calls may take to end at shutdown.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line, for collectors.
    Json,
    /// For people.
    Text,
}

/// Which log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What is the server's fault.
    Error,
    /// And what an operator should see: refusals for load, missed deadlines.
    Warn,
    /// And one line a request.
    Info,
    /// And one line a health check or reflection call.
    Debug,
    /// And whatever else there is.
    Trace,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err("it should be json or text".to_owned()),
        }
    }
}

impl FromStr for LogLevel {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "info" => Ok(Self::Info),
            "debug" => Ok(Self::Debug),
            "trace" => Ok(Self::Trace),
            _ => Err("it should be error, warn, info, debug or trace".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(toml: &str) -> String {
        match toml::from_str::<ServeConfig>(toml) {
            Ok(config) => config.validate().expect_err(toml).to_string(),
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn every_default_is_usable_and_survives_a_file() {
        let config: ServeConfig = toml::from_str("").expect("nothing set");
        assert_eq!(config, ServeConfig::default());
        assert_eq!(config.validate(), Ok(()));
        let text = toml::to_string(&config).expect("plain values");
        assert_eq!(toml::from_str::<ServeConfig>(&text), Ok(config));
    }

    #[test]
    fn says_what_would_be_right() {
        let listen = "listen is \"7341\"; it should be host and port, such as 127.0.0.1:7341 or [::1]:7341";
        assert_eq!(problem("listen = '7341'"), listen);
        assert!(problem("listen = ''").contains("without a unix-socket"));
        assert!(problem("max-concurrent-checks = 0").ends_with("it should lie in 1..=256"));
        assert!(problem("max-request-bytes = 10").contains("at least max-text-bytes, which is 2000000"));
        assert!(problem("max-check-millis = 0").starts_with("max-check-millis is 0"));
        assert!(problem("max-segment = 3").contains("unknown field `max-segment`"));
        assert!(problem("log-level = 'loud'").contains("unknown variant `loud`"));
    }
}
