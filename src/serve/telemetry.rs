//! What the server tells its operator: one line a call, with lengths and counts, and never a word of anybody's text.

use std::fmt;
use std::io::IsTerminal as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tonic::Code;
use tonic::body::Body;
use tonic::codegen::http::{HeaderMap, HeaderValue, Request, Response};
use tower::{Layer, Service};
use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::panics;
use crate::serve::config::{LogFormat, LogLevel};
use crate::wire::v1;

/// The trailer that says where the time went.
pub const TIMING: &str = "obelus-timing";

/// Something that carries text: it can be measured and unpacked, and prints as its length alone.
pub struct Private<T>(T);

/// How much text something carries.
pub trait TextLength {
    /// Bytes of UTF-8.
    fn text_bytes(&self) -> usize;
}

impl TextLength for String {
    fn text_bytes(&self) -> usize {
        self.len()
    }
}

impl TextLength for v1::CheckTextRequest {
    fn text_bytes(&self) -> usize {
        let sides = self.segments.iter().flat_map(|segment| [&segment.source, &segment.target]);
        sides.chain([&self.source, &self.target]).flatten().map(|text| text.content.len()).sum()
    }
}

impl TextLength for v1::LintGlossaryRequest {
    fn text_bytes(&self) -> usize {
        let entries = self.glossary.iter().flat_map(|g| &g.entries);
        entries
            .map(|e| {
                e.source.len() + e.target.len() + e.admitted.iter().chain(&e.forbidden).map(String::len).sum::<usize>()
            })
            .sum()
    }
}

impl TextLength for v1::MineGlossaryRequest {
    fn text_bytes(&self) -> usize {
        [&self.source, &self.target].into_iter().flatten().map(|text| text.content.len()).sum()
    }
}

impl<T> Private<T> {
    /// Packs it.
    pub fn new(inner: T) -> Self {
        Self(inner)
    }

    /// Unpacks it, for those whose work it is.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: TextLength> Private<T> {
    /// Bytes of UTF-8 within.
    pub fn bytes(&self) -> usize {
        self.0.text_bytes()
    }
}

impl<T: TextLength> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: TextLength> fmt::Display for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} bytes>", self.0.text_bytes())
    }
}

/// A subscriber that writes this program's lines as JSON or text. The libraries below it may warn but not chatter: we can
/// vouch for what our own lines hold, and for theirs we cannot.
pub fn subscriber<W>(format: LogFormat, level: LogLevel, ansi: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target("obelus", level);
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        LogFormat::Json => Box::new(registry.with(layer.json().flatten_event(true))),
        LogFormat::Text => Box::new(registry.with(layer.with_ansi(ansi))),
    }
}

/// Logs to standard error from now on, panics included.
///
/// # Errors
/// Somebody logs already.
pub fn install(format: LogFormat, level: LogLevel) -> Result<(), tracing::subscriber::SetGlobalDefaultError> {
    let ansi = std::io::stderr().is_terminal();
    tracing::subscriber::set_global_default(subscriber(format, level, ansi, std::io::stderr))?;
    log_panics();
    Ok(())
}

/// Logs a panic's place and rule, and not its message, which may quote the text.
pub fn log_panics() {
    panics::hook(|place, rule| tracing::error!(place, rule, "panic"));
}

/// What is known of a call, for its line and its trailer. Handlers find it among the request's extensions.
#[derive(Clone)]
pub struct Call {
    arrived: Instant,
    facts: Arc<Mutex<Facts>>,
}

/// What a handler may tell about a call.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The caller's name for it.
    pub request_id: Option<String>,
    /// Bytes of UTF-8 of source and target together.
    pub bytes: Option<usize>,
    /// Words of the target.
    pub words: Option<usize>,
    /// The source's language.
    pub source_language: Option<String>,
    /// The target's language.
    pub target_language: Option<String>,
    /// How many findings there are.
    pub findings: Option<usize>,
    /// Where the time went.
    pub timing: Option<String>,
}

impl Default for Call {
    fn default() -> Self {
        Self { arrived: Instant::now(), facts: Arc::default() }
    }
}

impl Call {
    /// The call that a request belongs to.
    pub fn of<T>(request: &tonic::Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// When its headers came. The caller's deadline runs from here, and so does tonic's timer for it, which knows no better
    /// than to answer CANCELLED: whoever starts later loses.
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// Tells something about it.
    pub fn tell(&self, tell: impl FnOnce(&mut Facts)) {
        tell(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn facts(&self) -> Facts {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Measures stages: `language;dur=0.01, surface;dur=0.12, total;dur=1.2`, in milliseconds, in the form of HTTP's
/// `Server-Timing`.
#[derive(Debug)]
pub struct Stopwatch {
    started: Instant,
    last: Instant,
    stages: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        let now = Instant::now();
        Self { started: now, last: now, stages: Vec::new() }
    }

    /// A stage has ended.
    pub fn lap(&mut self, stage: &'static str) {
        let now = Instant::now();
        self.stages.push((stage, now - self.last));
        self.last = now;
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = ("total", self.last - self.started);
        for (index, (stage, took)) in self.stages.iter().chain([&total]).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{stage};dur={:.2}", took.as_secs_f64() * 1_000.0)?;
        }
        Ok(())
    }
}

/// Puts [`Telemetry`] around services.
#[derive(Clone)]
pub struct TelemetryLayer {
    in_flight: TaskTracker,
}

impl TelemetryLayer {
    /// A layer that counts the calls which are running, so that shutdown can wait for them. Health and reflection do not
    /// count: a health watcher's stream has no end.
    pub fn new(in_flight: TaskTracker) -> Self {
        Self { in_flight }
    }
}

impl<S> Layer<S> for TelemetryLayer {
    type Service = Telemetry<S>;

    fn layer(&self, inner: S) -> Telemetry<S> {
        Telemetry { inner, in_flight: self.in_flight.clone() }
    }
}

/// Writes one line a call, and the timing into its trailers.
#[derive(Clone)]
pub struct Telemetry<S> {
    inner: S,
    in_flight: TaskTracker,
}

impl<S> Service<Request<Body>> for Telemetry<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let call = Call::default();
        let ours = !request.uri().path().starts_with("/grpc.");
        let mut line = Line {
            method: request.uri().path().to_owned(),
            ours,
            call: call.clone(),
            code: None,
            _in_flight: ours.then(|| self.in_flight.token()),
        };
        request.extensions_mut().insert(call);
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?;
            // An error without a message to send comes as headers alone; else the status is in the trailers.
            line.read_code(response.headers());
            Ok(response.map(move |body| {
                Body::new(body.map_frame(move |mut frame| {
                    if let Some(trailers) = frame.trailers_mut() {
                        line.read_code(trailers);
                        line.write_timing(trailers);
                    }
                    frame
                }))
            }))
        })
    }
}

/// A call's line, written when its answer has gone out or nobody waits for it any more.
struct Line {
    method: String,
    ours: bool,
    call: Call,
    code: Option<Code>,
    _in_flight: Option<TaskTrackerToken>,
}

impl Line {
    fn read_code(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Some(Code::from_bytes(status.as_bytes()));
        }
    }

    fn write_timing(&self, trailers: &mut HeaderMap) {
        let timing = self.call.facts().timing.and_then(|timing| HeaderValue::try_from(timing).ok());
        if let Some(timing) = timing {
            trailers.insert(TIMING, timing);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let code = self.code.unwrap_or(Code::Cancelled);
        // A path that is no method of ours is whatever the caller wrote.
        let method = if code == Code::Unimplemented { "unknown" } else { self.method.as_str() };
        let Facts { request_id, bytes, words, source_language, target_language, findings, .. } = self.call.facts();
        let milliseconds = (self.call.arrived.elapsed().as_secs_f64() * 100_000.0).round() / 100.0;
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "obelus::call",
                    $level,
                    method,
                    code = name(code),
                    request_id,
                    bytes,
                    words,
                    source_language,
                    target_language,
                    findings,
                    milliseconds,
                )
            };
        }
        match level(code, self.ours) {
            Level::ERROR => line!(Level::ERROR),
            Level::WARN => line!(Level::WARN),
            Level::INFO => line!(Level::INFO),
            _ => line!(Level::DEBUG),
        }
    }
}

/// The server's own faults are errors; what load does is for the operator to see; a caller's fault is nobody's alarm.
fn level(code: Code, ours: bool) -> Level {
    match code {
        Code::Internal | Code::Unknown | Code::DataLoss => Level::ERROR,
        Code::ResourceExhausted | Code::DeadlineExceeded | Code::Unavailable => Level::WARN,
        _ if ours => Level::INFO,
        _ => Level::DEBUG,
    }
}

/// The canonical name of a code.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_things_print_as_their_length() {
        let text = |content: &str| Some(v1::Text { content: content.to_owned(), ..v1::Text::default() });
        let segment = v1::Segment { source: text("три"), target: text("three"), ..Default::default() };
        let request = Private::new(v1::CheckTextRequest {
            target: text("secret"),
            segments: vec![segment],
            ..Default::default()
        });
        assert_eq!(format!("{request} {request:?}"), "<17 bytes> <17 bytes>");
        assert_eq!(format!("{:?}", Private::new("secret".to_owned())), "<6 bytes>");
    }

    #[test]
    fn a_typo_wakes_nobody_up() {
        assert_eq!(level(Code::InvalidArgument, true), Level::INFO);
        assert_eq!(level(Code::Internal, false), Level::ERROR);
        assert_eq!(level(Code::Ok, false), Level::DEBUG);
    }

    #[test]
    fn timings_are_written_as_server_timing() {
        let now = Instant::now();
        let ms = Duration::from_millis;
        let watch = Stopwatch { started: now, last: now + ms(3), stages: vec![("read", ms(1)), ("rules", ms(2))] };
        assert_eq!(watch.to_string(), "read;dur=1.00, rules;dur=2.00, total;dur=3.00");
    }
}
