//! `stoa serve`: the API, until the process is told to stop.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Failure, start};
use crate::app::{App, AppError, Surface};
use crate::config::Config;
use crate::http::{Edge, Listeners, Metrics, RequestIds, serve};
use crate::kernel::System;
use crate::messages::{FileTransport, Post};
use crate::worker::Working;

/// Serves until SIGINT or SIGTERM.
pub async fn run(config: Config) -> Result<(), Failure> {
    let surface = read_surface(&config);
    let system = start::system(&config).await?;
    refuse_broken_wall(&system).await?;
    let shutdown = CancellationToken::new();
    tokio::spawn(stop_on_signal(shutdown.clone()));
    listen(&config, system, surface, shutdown, |_| {}).await
}

/// Reads the schema on a thread of its own, while the database is opened.
pub fn read_surface(config: &Config) -> JoinHandle<Result<Surface, AppError>> {
    let introspection = config.introspection;
    tokio::task::spawn_blocking(move || Surface::read(introspection))
}

/// Binds the sockets, tells `bound` the address, and serves until `shutdown` is canceled.
pub async fn listen(
    config: &Config,
    system: Arc<System>,
    surface: JoinHandle<Result<Surface, AppError>>,
    shutdown: CancellationToken,
    bound: impl FnOnce(std::net::SocketAddr),
) -> Result<(), Failure> {
    let surface = surface.await.map_err(|cause| Failure::because("the schema was not read", cause))?;
    let surface = surface.map_err(|cause| Failure::because("the product is broken", cause))?;
    let app = App::new(config, Arc::clone(&system), Arc::new(surface));
    let metrics = Metrics::install().map_err(|cause| Failure::because("no metrics", cause))?;
    let main = bind(config.listen).await?;
    let operator = match config.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let address = main.local_addr().map_err(|cause| Failure::because("the address is not known", cause))?;
    let edge = Edge::new(config.edge.clone(), app.clone(), app.clone(), metrics, request_ids(&system))
        .with_routes(app.routes());
    tracing::info!(%address, database = %config.database.url, "serving GraphQL at /graphql");
    bound(address);
    let watching = system.signals.watch(system.db.clone());
    let sharing = app.share_spending();
    let working = config.worker.then(|| Working::start(Arc::clone(&system), config.worker_interval));
    let post = config.worker.then(|| post(config, &system));
    let stopped = serve(edge, Listeners { main, operator }, shutdown).await;
    tracing::info!(?stopped, "stopped");
    drop(sharing);
    drop(post);
    if let Some(working) = working {
        working.stop().await;
    }
    watching.stop().await;
    system.db.close().await;
    Ok(())
}

/// Whoever sends letters on this node, into the directory of the settings.
pub fn post(config: &Config, system: &Arc<System>) -> Post {
    let transport = FileTransport::new(config.mail_dir.clone(), config.mail_from.clone());
    Post::start(Arc::clone(system), Arc::new(transport))
}

async fn bind(address: std::net::SocketAddr) -> Result<TcpListener, Failure> {
    let what =
        format!("can't listen at {address} (is another server running there? STOA_LISTEN chooses another address)");
    TcpListener::bind(address).await.map_err(|cause| Failure::because(&what, cause))
}

/// Request ids from the system's own chance and clock.
fn request_ids(system: &Arc<System>) -> RequestIds {
    let system = Arc::clone(system);
    Arc::new(move || system.entropy.uuid(system.clock.now()).simple().to_string())
}

/// A server whose second wall has a hole does not start.
pub async fn refuse_broken_wall(system: &System) -> Result<(), Failure> {
    let owner = system.db.owner();
    let pending = migration::pending(&owner).await;
    let pending = pending.map_err(|cause| Failure::because("the database can't be read", cause))?;
    if !pending.is_empty() {
        tracing::warn!("migrations are missing: run `stoa migrate up`; until then /readyz says so");
        return Ok(());
    }
    let problems = migration::wall_problems(&owner).await;
    let problems = problems.map_err(|cause| Failure::because("the wall between stores can't be checked", cause))?;
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure(format!("the wall between stores is broken:\n  {}", problems.join("\n  "))))
}

/// Waits for SIGINT or SIGTERM.
pub async fn stop_on_signal(shutdown: CancellationToken) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            shutdown.cancel();
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_ok() {
        shutdown.cancel();
    }
}
