//! What Stoa is measured against: the least that the same answers can cost.
//!
//! `/q1` … `/q4` are the direct handlers: axum, tokio-postgres with prepared statements, the rows of one table a
//! statement, serde. No GraphQL, no permissions, no tenancy but the store's id in each statement. They answer the
//! same bytes as Stoa. `/memory` is async-graphql's own executor over objects in memory. `/bytes` sends an answer
//! that is finished already: the limit of HTTP.

mod answer;
mod direct;
mod memory;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::net::TcpListener;

use crate::Result;
use direct::Database;

/// Connections to PostgreSQL: two a core; requests share them, and their statements are pipelined.
const CONNECTIONS: usize = 4;

/// Serves until the process ends.
///
/// # Errors
/// Where the address is taken or the database does not answer.
pub async fn serve(listen: SocketAddr, database: &str) -> Result<()> {
    let database = Arc::new(Database::connect(database, CONNECTIONS).await?);
    let finished = memory::finished().await?;
    let shop = memory::shop();
    let router = Router::new()
        .route("/q1", get(direct::q1))
        .route("/q2", get(direct::q2))
        .route("/q3", get(direct::q3))
        .route("/q4", get(direct::q4))
        .with_state(database)
        .route("/memory", post(move |body: Bytes| memory::execute(shop.clone(), body)))
        .route("/bytes", get(move || std::future::ready(json(finished.clone()))));
    let listener = TcpListener::bind(listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

fn json(body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
