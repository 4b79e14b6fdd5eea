//! The server: tonic services, limits, health, reflection and telemetry around one engine.
//!
//! [`run`] serves until it is told to stop, then lets running calls end. It checks nothing itself: text goes to the engine and
//! reports come back.

pub mod catalog;
pub mod check;
pub mod config;
pub mod glossaries;
pub mod glossary;
pub mod listeners;
pub mod status;
pub mod telemetry;

pub use config::ServeConfig;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::codec::CompressionEncoding;
use tonic::server::NamedService;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;

use crate::engine::Engine;
use crate::wire::v1::catalog_service_server::CatalogServiceServer;
use crate::wire::v1::check_service_server::CheckServiceServer;
use crate::wire::v1::glossary_service_server::GlossaryServiceServer;
use catalog::Catalog;
use check::Checks;
use glossaries::Glossaries;
use glossary::GlossaryTools;
use listeners::Listeners;
use telemetry::TelemetryLayer;

/// Why the server stopped otherwise than it was told to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The connections failed.
    #[error("the server failed: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The descriptors compiled into the program cannot be read.
    #[error("the descriptors for reflection cannot be read: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// How long connections may take to close once no call is running: a health watcher holds its own open for ever.
const LINGER: Duration = Duration::from_millis(500);

/// How often an idle connection is asked whether its other end is still there.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// Serves on the listeners until `shutdown`, then stops accepting and lets running calls end, for as long as the configuration
/// allows. Work whose caller is gone may still be ending on its own thread when this returns.
///
/// # Errors
/// The server could not start, or its connections failed.
pub async fn run(
    config: &ServeConfig,
    glossaries: Glossaries,
    listeners: Listeners,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (health, health_service) = tonic_health::server::health_reporter();
    set_health(&health, ServingStatus::NotServing).await;
    let most = config.max_request_bytes;
    let (engine, glossaries) = (Arc::new(Engine::new()), Arc::new(glossaries));
    let catalog = Catalog::new(config, &engine, &glossaries);
    let permits = Arc::new(Semaphore::new(config.max_concurrent_checks));
    let glossary_tools = GlossaryTools::new(config, Arc::clone(&permits));
    let checks = Checks::new(config, engine, glossaries, permits);
    macro_rules! tuned {
        ($service:expr) => {
            $service
                .max_decoding_message_size(most)
                .max_encoding_message_size(most)
                .accept_compressed(CompressionEncoding::Gzip)
                .send_compressed(CompressionEncoding::Gzip)
        };
    }
    let in_flight = TaskTracker::new();
    let router = Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .layer(TelemetryLayer::new(in_flight.clone()))
        .add_service(tuned!(CheckServiceServer::new(checks)))
        .add_service(tuned!(CatalogServiceServer::new(catalog)))
        .add_service(tuned!(GlossaryServiceServer::new(glossary_tools)))
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?);
    if listeners.tcp_address().is_some_and(|address| !address.ip().is_loopback()) {
        tracing::warn!("other machines can connect, without encryption and without being asked who they are");
    }
    let stopping = CancellationToken::new();
    let tcp = async {
        let Some(listener) = listeners.tcp else { return Ok(()) };
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        router.clone().serve_with_incoming_shutdown(incoming, stopping.cancelled()).await
    };
    #[cfg(unix)]
    let unix = async {
        let Some(socket) = listeners.unix else { return Ok(()) };
        let _file = socket.file;
        let incoming = tokio_stream::wrappers::UnixListenerStream::new(socket.listener);
        router.clone().serve_with_incoming_shutdown(incoming, stopping.cancelled()).await
    };
    #[cfg(not(unix))]
    let unix = std::future::ready(Ok(()));
    let serving = async { tokio::try_join!(tcp, unix) };
    tokio::pin!(serving);
    set_health(&health, ServingStatus::Serving).await;
    tokio::select! {
        ended = &mut serving => { ended?; return Ok(()) }
        () = shutdown => {}
    }
    tracing::info!(running = in_flight.len(), "draining");
    // Watchers hear of it before their connections are told to close.
    set_health(&health, ServingStatus::NotServing).await;
    stopping.cancel();
    in_flight.close();
    let ended = async {
        in_flight.wait().await;
        tokio::time::sleep(LINGER).await;
    };
    tokio::select! {
        ended = serving => { ended?; }
        () = ended => {}
        () = tokio::time::sleep(config.drain()) => {
            tracing::warn!(running = in_flight.len(), "calls are still running; leaving them");
        }
    }
    Ok(())
}

/// Every service's health, and under the empty name the server's.
async fn set_health(health: &HealthReporter, status: ServingStatus) {
    let named = [
        "",
        CheckServiceServer::<Checks>::NAME,
        CatalogServiceServer::<Catalog>::NAME,
        GlossaryServiceServer::<GlossaryTools>::NAME,
    ];
    for service in named {
        health.set_service_status(service, status).await;
    }
}

/// Reflection knows the details of errors too: else grpcurl prints them as base64. And each version of it knows the other.
fn reflection<'b>() -> tonic_reflection::server::Builder<'b> {
    let sets = [
        crate::wire::FILE_DESCRIPTOR_SET,
        tonic_types::pb::FILE_DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    sets.into_iter().fold(tonic_reflection::server::Builder::configure().include_reflection_service(false), |b, set| {
        b.register_encoded_file_descriptor_set(set)
    })
}
