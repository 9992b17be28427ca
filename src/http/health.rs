//! `/healthz` and `/readyz`: is the process alive, and may it be sent requests.
//!
//! It owns the two answers and the flag that the server is stopping. It never asks the database itself: the product
//! does, through [`Readiness`]. To add a reason not to be ready, return it from the product's implementation.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// How long the product may think about its readiness before that is a reason itself.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/readyz` asks of the product.
pub trait Readiness: Clone + Send + Sync + 'static {
    /// The reasons why no request should be sent here: the database is unreachable, migrations are missing. Empty
    /// when ready. Each is one short sentence for operators that names no secret, host or path.
    fn reasons(&self) -> impl Future<Output = Vec<String>> + Send;
}

/// Whether the server is stopping. Clones share the state.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle(Arc<AtomicBool>);

impl Lifecycle {
    /// From now on `/readyz` answers 503.
    pub fn begin_stopping(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether [`Self::begin_stopping`] was called.
    pub fn is_stopping(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// Alive: answers without asking anything.
pub(super) async fn alive() -> Response {
    Json(json!({ "status": "alive" })).into_response()
}

/// Ready, or 503 with the reasons.
pub(super) async fn ready<R: Readiness>(State((readiness, lifecycle)): State<(R, Lifecycle)>) -> Response {
    let reasons = if lifecycle.is_stopping() {
        vec!["The server is stopping.".to_owned()]
    } else {
        tokio::time::timeout(PATIENCE, readiness.reasons())
            .await
            .unwrap_or_else(|_| vec!["The check of the database took too long.".to_owned()])
    };
    if reasons.is_empty() {
        Json(json!({ "status": "ready" })).into_response()
    } else {
        let body = Json(json!({ "status": "unavailable", "reasons": reasons }));
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], body).into_response()
    }
}
