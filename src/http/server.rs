//! The accept loop: HTTP/1.1 with a timer on everything that a client can leave hanging.
//!
//! It owns the sockets: the cap on connections, time-outs of heads, idle connections and unread answers, and the order
//! of stopping. HTTP/2 stays off; a proxy in front speaks it. It never looks into a request. To add a listener, add it
//! to [`Listeners`] and spawn one more [`accept`] in [`serve`].

mod stall;

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use self::stall::StallGuard;
use super::{
    graphql::Operations,
    head::PeerAddress,
    health::Readiness,
    limits::EdgeConfig,
    metrics::{self, OpenConnection},
    router::Edge,
};

/// How long to wait when the system has no file descriptor or memory for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Connections of the operator's listener, which only scrapers and probes use.
const OPERATOR_CONNECTIONS: usize = 32;

/// The sockets to serve, already bound.
pub struct Listeners {
    /// Everything of [`Edge::router`].
    pub main: TcpListener,
    /// [`Edge::operator_router`], when `/metrics` shall not stand on the main one.
    pub operator: Option<TcpListener>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// All requests had their answers.
    Drained,
    /// The deadline came first, and this many connections were cut.
    Cut(usize),
}

/// Serves until `shutdown` is canceled. Then, in this order: `/readyz` turns 503; after
/// [`drain_delay`](EdgeConfig::drain_delay) no connection is accepted any more and idle ones are closed; running
/// requests end, subscriptions complete and their connections are closed; whatever is left at
/// [`drain_deadline`](EdgeConfig::drain_deadline) is cut.
pub async fn serve<O: Operations, R: Readiness>(
    edge: Edge<O, R>,
    listeners: Listeners,
    shutdown: CancellationToken,
) -> Stopped {
    let connections = TaskTracker::new();
    let (drain, cut) = (CancellationToken::new(), CancellationToken::new());
    let shared = |router, most| Shared {
        router,
        config: edge.config.clone(),
        slots: Arc::new(Semaphore::new(most)),
        connections: connections.clone(),
        drain: drain.clone(),
        cut: cut.clone(),
    };
    // Event streams hold their connections, and have seats of their own.
    let most = edge.config.connections.saturating_add(edge.config.live.connections).clamp(1, Semaphore::MAX_PERMITS);
    let mut loops = vec![tokio::spawn(accept(listeners.main, shared(edge.router(), most)))];
    if let Some(operator) = listeners.operator {
        loops.push(tokio::spawn(accept(operator, shared(edge.operator_router(), OPERATOR_CONNECTIONS))));
    }
    let upkeep = tokio::spawn({
        let metrics = edge.metrics.clone();
        async move {
            loop {
                tokio::time::sleep(metrics::UPKEEP).await;
                metrics.upkeep();
            }
        }
    });

    shutdown.cancelled().await;
    edge.lifecycle.begin_stopping();
    tokio::time::sleep(edge.config.drain_delay).await;
    drain.cancel();
    for accepting in loops {
        // A loop that panicked accepts nothing either.
        let _ = accepting.await;
    }
    connections.close();
    let draining = async { tokio::join!(edge.live.drain(), connections.wait()) };
    let stopped = match tokio::time::timeout(edge.config.drain_deadline, draining).await {
        Ok(_) => Stopped::Drained,
        Err(_) => {
            let left = connections.len();
            cut.cancel();
            let sockets = edge.live.cut().await;
            connections.wait().await;
            Stopped::Cut(left + sockets)
        }
    };
    upkeep.abort();
    stopped
}

/// What the connections of one listener have in common.
#[derive(Clone)]
struct Shared {
    router: Router,
    config: Arc<EdgeConfig>,
    slots: Arc<Semaphore>,
    connections: TaskTracker,
    /// No more requests.
    drain: CancellationToken,
    /// No more time.
    cut: CancellationToken,
}

async fn accept(listener: TcpListener, shared: Shared) {
    loop {
        let accepted = async {
            let slot = shared.slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = shared.drain.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = serve_connection(stream, peer, shared.clone());
                shared.connections.spawn(async move {
                    let _slot = slot;
                    connection.await;
                });
            }
            // A client that has gone already, or no file descriptors left: either way the next one may do better.
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, shared: Shared) {
    let _open = OpenConnection::count();
    // Only a matter of latency: a socket that cannot have it still works.
    let _ = stream.set_nodelay(true);
    let Shared { router, config, drain, cut, .. } = shared;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(PeerAddress(peer));
            let answered: Result<_, Infallible> = router.oneshot(request).await;
            answered
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(config.head_timeout)
        .max_buf_size(config.head_buffer_bytes.max(8 * 1024))
        .serve_connection(TokioIo::new(StallGuard::new(stream, config.write_stall_timeout)), service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut draining = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                // Time-outs, resets and malformed heads: the client's doing, and of no interest one by one.
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            () = drain.cancelled(), if !draining => {
                draining = true;
                connection.as_mut().graceful_shutdown();
            }
            () = cut.cancelled() => return,
        }
    }
}
