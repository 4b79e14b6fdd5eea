//! `GlossaryService`: looks at glossaries and proposes entries, within the same limits, deadline and permits as checks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tonic::{Request, Response, Status};

use crate::glossary::lint;
use crate::mine;
use crate::serve::check::{MAX_LOGGED_ID, caller_timeout};
use crate::serve::config::ServeConfig;
use crate::serve::status::Fault;
use crate::serve::telemetry::{Call, Private, Stopwatch, TextLength};
use crate::wire::v1::glossary_service_server::GlossaryService;
use crate::wire::{Limits, lint_response, mine_response, read_lint_request, read_mine_request, v1};

/// The service.
#[derive(Clone)]
pub struct GlossaryTools {
    limits: Limits,
    /// The permits of the checks: whatever works counts.
    permits: Arc<Semaphore>,
    most: usize,
    longest: Duration,
}

impl GlossaryTools {
    /// A service within the limits of the configuration, which shares its permits with the checks.
    pub fn new(config: &ServeConfig, permits: Arc<Semaphore>) -> Self {
        let most = config.max_concurrent_checks;
        Self { limits: config.limits(), permits, most, longest: config.max_check() }
    }

    /// Does some work on a thread of its own, if there is room, and waits for it no longer than the caller does. The work is
    /// short beside a deadline, so it ends by itself where nobody waits any more; its permit is held until then.
    async fn work<Q, A>(
        &self,
        request: Request<Q>,
        id: fn(&Q) -> &str,
        work: impl FnOnce(Q, &Limits, &mut Stopwatch) -> Result<A, Fault> + Send + 'static,
    ) -> Result<Response<A>, Status>
    where
        Q: TextLength + Send + 'static,
        A: Send + 'static,
    {
        let call = Call::of(&request);
        let allowed = caller_timeout(request.metadata()).map_or(self.longest, |t| t.min(self.longest));
        let deadline = call.arrived() + allowed;
        let id: String = id(request.get_ref()).chars().take(MAX_LOGGED_ID).collect();
        let request = Private::new(request.into_inner());
        call.tell(|facts| {
            facts.request_id = Some(id).filter(|id| !id.is_empty());
            facts.bytes = Some(request.bytes());
        });
        let permit = Arc::clone(&self.permits).try_acquire_owned().map_err(|_| Fault::Busy { most: self.most })?;
        let limits = self.limits;
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let mut watch = Stopwatch::start();
            let answer = work(request.into_inner(), &limits, &mut watch);
            watch.lap("work");
            call.tell(|facts| facts.timing = Some(watch.to_string()));
            answer
        });
        match tokio::time::timeout_at(deadline.into(), work).await {
            Ok(Ok(answer)) => Ok(Response::new(answer?)),
            // A panic: the hook has logged its place.
            Ok(Err(_)) => Err(Fault::Internal.into()),
            Err(_) => Err(Fault::Deadline.into()),
        }
    }
}

#[tonic::async_trait]
impl GlossaryService for GlossaryTools {
    async fn lint_glossary(
        &self,
        request: Request<v1::LintGlossaryRequest>,
    ) -> Result<Response<v1::LintGlossaryResponse>, Status> {
        self.work(
            request,
            |q| &q.request_id,
            |request, limits, watch| {
                let request = read_lint_request(request, limits)?;
                watch.lap("read");
                Ok(lint_response(&request.id, request.entries.len(), &lint::lint(&request.entries), &[]))
            },
        )
        .await
    }

    async fn mine_glossary(
        &self,
        request: Request<v1::MineGlossaryRequest>,
    ) -> Result<Response<v1::MineGlossaryResponse>, Status> {
        self.work(
            request,
            |q| &q.request_id,
            |request, limits, watch| {
                let request = read_mine_request(request, limits)?;
                watch.lap("read");
                let mined = mine::mine(&request.source, &request.target, request.languages, &request.options);
                Ok(mine_response(&request.id, &mined))
            },
        )
        .await
    }
}
