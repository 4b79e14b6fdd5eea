//! `CheckService`: carries a request to the engine and its report back, within limits, deadline and permits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use crate::engine::{Engine, Interrupt};
use crate::serve::config::ServeConfig;
use crate::serve::glossaries::Glossaries;
use crate::serve::status::Fault;
use crate::serve::telemetry::{Call, Private, Stopwatch};
use crate::wire::v1::check_service_server::CheckService;
use crate::wire::{Limits, ResponseWriter, read_request, v1};

/// The service.
#[derive(Clone)]
pub struct Checks {
    shared: Arc<Shared>,
}

/// What every check needs.
struct Shared {
    engine: Arc<Engine>,
    glossaries: Arc<Glossaries>,
    limits: Limits,
    /// One permit a running check. It is held until the work has ended, which may be after its caller has left.
    permits: Arc<Semaphore>,
    most: usize,
    longest: Duration,
}

impl Checks {
    /// A service that checks by these glossaries, within the limits of the configuration and with these permits.
    pub fn new(
        config: &ServeConfig,
        engine: Arc<Engine>,
        glossaries: Arc<Glossaries>,
        permits: Arc<Semaphore>,
    ) -> Self {
        let most = config.max_concurrent_checks;
        let (limits, longest) = (config.limits(), config.max_check());
        Self { shared: Arc::new(Shared { engine, glossaries, limits, permits, most, longest }) }
    }
}

#[tonic::async_trait]
impl CheckService for Checks {
    async fn check_text(
        &self,
        request: Request<v1::CheckTextRequest>,
    ) -> Result<Response<v1::CheckTextResponse>, Status> {
        let call = Call::of(&request);
        let allowed = caller_timeout(request.metadata()).map_or(self.shared.longest, |t| t.min(self.shared.longest));
        let deadline = call.arrived() + allowed;
        let stop = Arc::new(Stop { left: AtomicBool::new(false), deadline });
        // Dropped with this future: when the caller leaves, or when the deadline has gone by below.
        let _left = RaiseOnDrop(Arc::clone(&stop));
        let shared = Arc::clone(&self.shared);
        let id: String = request.get_ref().request_id.chars().take(MAX_LOGGED_ID).collect();
        let request = Private::new(request.into_inner());
        call.tell(|facts| {
            facts.request_id = Some(id).filter(|id| !id.is_empty());
            facts.bytes = Some(request.bytes());
        });
        // Before anything is read: reading may compile a glossary, and that is work too.
        let permit = Arc::clone(&shared.permits).try_acquire_owned().map_err(|_| Fault::Busy { most: shared.most })?;
        // Reading may compile a glossary, so it too stays off the threads that serve connections.
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            shared.check(request, &stop, &call)
        });
        match tokio::time::timeout_at(deadline.into(), work).await {
            Ok(Ok(answer)) => Ok(Response::new(answer?)),
            // A panic: the hook has logged its place.
            Ok(Err(_)) => Err(Fault::Internal.into()),
            Err(_) => Err(Fault::Deadline.into()),
        }
    }
}

impl Shared {
    fn check(
        &self,
        request: Private<v1::CheckTextRequest>,
        stop: &Stop,
        call: &Call,
    ) -> Result<v1::CheckTextResponse, Fault> {
        let mut watch = Stopwatch::start();
        let request = request.into_inner();
        let request = read_request(request, &self.limits, &*self.glossaries)?;
        watch.lap("read");
        let report = self
            .engine
            .check_with(&request.article, &request.options, stop, &mut |stage| watch.lap(stage))
            .map_err(|_| if stop.left.load(Ordering::Relaxed) { Fault::Cancelled } else { Fault::Deadline })?;
        let response = ResponseWriter::new(&request.article, request.encoding).response(&request.id, &report);
        watch.lap("write");
        call.tell(|facts| {
            facts.words = Some(report.coverage.target_words);
            facts.source_language = report.coverage.source_language.map(|language| language.tag);
            facts.target_language = Some(report.coverage.target_language.tag);
            facts.findings = Some(report.findings.len());
            facts.timing = Some(watch.to_string());
        });
        Ok(response)
    }
}

/// As much of a request id as is logged, even if the request is refused because of its length.
pub(super) const MAX_LOGGED_ID: usize = 256;

/// Raised when the caller leaves or the deadline goes by.
struct Stop {
    left: AtomicBool,
    deadline: Instant,
}

impl Interrupt for Stop {
    fn is_raised(&self) -> bool {
        self.left.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }
}

struct RaiseOnDrop(Arc<Stop>);

impl Drop for RaiseOnDrop {
    fn drop(&mut self) {
        self.0.left.store(true, Ordering::Relaxed);
    }
}

/// The caller's deadline: the header `grpc-timeout`, at most eight digits and a unit. A header that is not of that form is
/// passed over, as tonic does.
pub(super) fn caller_timeout(metadata: &MetadataMap) -> Option<Duration> {
    parse_timeout(metadata.get("grpc-timeout")?.to_str().ok()?)
}

fn parse_timeout(header: &str) -> Option<Duration> {
    let unit = header.chars().next_back()?;
    let digits = header.strip_suffix(unit)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(amount * 3_600)),
        'M' => Some(Duration::from_secs(amount * 60)),
        'S' => Some(Duration::from_secs(amount)),
        'm' => Some(Duration::from_millis(amount)),
        'u' => Some(Duration::from_micros(amount)),
        'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_timeout_that_grpc_writes() {
        assert_eq!(parse_timeout("2H"), Some(Duration::from_secs(7_200)));
        assert_eq!(parse_timeout("3M"), Some(Duration::from_secs(180)));
        assert_eq!(parse_timeout("42S"), Some(Duration::from_secs(42)));
        assert_eq!(parse_timeout("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse_timeout("99999999u"), Some(Duration::from_micros(99_999_999)));
        assert_eq!(parse_timeout("7n"), Some(Duration::from_nanos(7)));
    }

    #[test]
    fn passes_over_what_is_no_timeout() {
        for header in ["", "S", "5", "5s", "-5S", "+5S", "5 S", "123456789S", "5µ", "мм"] {
            assert_eq!(parse_timeout(header), None, "{header}");
        }
    }

    #[tokio::test]
    async fn the_caller_s_deadline_ends_a_check() {
        let (config, engine) = (ServeConfig::default(), Arc::new(Engine::new()));
        let checks = Checks::new(&config, engine, Arc::default(), Arc::new(Semaphore::new(1)));
        let target =
            v1::Text { content: "They met.".to_owned(), language_code: "en".to_owned(), ..v1::Text::default() };
        let mut request = Request::new(v1::CheckTextRequest { target: Some(target), ..Default::default() });
        request.metadata_mut().insert("grpc-timeout", tonic::metadata::MetadataValue::from_static("1n"));
        let status = checks.check_text(request).await.expect_err("a nanosecond is not enough");
        assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
    }

    #[test]
    fn is_raised_by_the_deadline_and_by_the_caller_who_leaves() {
        let stop = |deadline| Arc::new(Stop { left: AtomicBool::new(false), deadline });
        assert!(stop(Instant::now()).is_raised());
        let stop = stop(Instant::now() + Duration::from_secs(3_600));
        assert!(!stop.is_raised());
        drop(RaiseOnDrop(Arc::clone(&stop)));
        assert!(stop.is_raised());
    }
}
