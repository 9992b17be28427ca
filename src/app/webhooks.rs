//! `POST /webhooks/payments/<provider>`: what payment providers tell.
//!
//! The body is read as it is, within a limit and a time, and is handed on with its headers; whether it is true is for
//! `payments::inbound` to say. Whoever tells is not known to the gate: the signature is the proof.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Json, Router};
use http_body_util::{BodyExt, Limited};
use rules::ids::PaymentProviderId;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::checkout::PaymentsFollowed;
use crate::gate::authentication::operator;
use crate::http::head::Caller;
use crate::kernel::{Error, Result, System};
use crate::payments::heard::tell;
use crate::payments::inbound::{Heard, receive, store_of};

/// The longest body, in bytes: providers send some kilobytes.
const LONGEST: usize = 256 << 10;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many are heard at once; the others are told again.
const AT_ONCE: usize = 32;

#[derive(Clone)]
struct Door {
    system: Arc<System>,
    places: Arc<Semaphore>,
}

/// The route.
pub(super) fn routes(system: Arc<System>) -> Router {
    let door = Door { system, places: Arc::new(Semaphore::new(AT_ONCE)) };
    Router::new().route("/webhooks/payments/{provider}", post(hear)).with_state(door)
}

async fn hear(
    State(door): State<Door>,
    Path(provider): Path<String>,
    Extension(caller): Extension<Caller>,
    request: Request<Body>,
) -> Response {
    let Ok(_place) = door.places.try_acquire() else { return answer(StatusCode::SERVICE_UNAVAILABLE) };
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, LONGEST).collect()).await;
    let body = match body {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(_)) => return answer(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return answer(StatusCode::REQUEST_TIMEOUT),
    };
    let Ok(provider) = provider.parse::<PaymentProviderId>() else { return answer(StatusCode::NOT_FOUND) };
    match deliver(&door.system, caller.request_id.as_str(), provider, &parts.headers, &body).await {
        Ok(Heard::Yes(_)) => answer(StatusCode::OK),
        Ok(Heard::Unknown) => answer(StatusCode::NOT_FOUND),
        Ok(Heard::Refused) => answer(StatusCode::BAD_REQUEST),
        // A provider tells again what was not heard.
        Err(Error::Busy | Error::Retry) => answer(StatusCode::SERVICE_UNAVAILABLE),
        Err(Error::NoSuchStore) => answer(StatusCode::NOT_FOUND),
        Err(error) => {
            tracing::error!(%provider, error = %std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string), "a webhook could not be kept");
            answer(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

async fn deliver(
    system: &Arc<System>,
    request_id: &str,
    provider: PaymentProviderId,
    headers: &axum::http::HeaderMap,
    body: &[u8],
) -> Result<Heard> {
    let Some(store) = store_of(system, provider).await? else { return Ok(Heard::Unknown) };
    let ctx = operator(system, request_id, Some(&store.to_string())).await?;
    let heard = receive(&ctx, provider, headers, body).await;
    ctx.release().await;
    if let Ok(Heard::Yes(Some(payment))) = heard {
        tell::<PaymentsFollowed>(&ctx, payment).await;
    }
    heard
}

/// One answer for each status: nobody learns more of what is there.
fn answer(status: StatusCode) -> Response {
    (status, Json(json!({ "status": status.as_u16() }))).into_response()
}
