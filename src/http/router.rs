//! The routes of the server and the layers around them.
//!
//! It owns which address leads where, in which order the layers stand, and the policy for other origins. It never
//! handles a request itself. To add a route, give it to [`Edge::with_routes`], or write it here when every deployment
//! has it.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header},
    middleware,
    response::Html,
    routing::{any, get},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    cors::{AllowOrigin, CorsLayer},
};

use super::{
    graphiql,
    graphql::{self, Endpoint, Operations},
    head::{self, Caller, Observer, RequestIds},
    health::{self, Lifecycle, Readiness},
    limits::{CorsPolicy, EdgeConfig},
    live::Live,
    metrics::{self, Metrics},
    refusal::Refusal,
};

/// Shorter bodies are not worth compressing, in bytes.
const COMPRESS_ABOVE: u64 = 1_024;

/// Everything that the HTTP edge is made of.
pub struct Edge<O, R> {
    pub(super) config: Arc<EdgeConfig>,
    operations: O,
    readiness: R,
    pub(super) metrics: Metrics,
    request_ids: RequestIds,
    pub(super) lifecycle: Lifecycle,
    pub(super) live: Live,
    routes: Router,
}

impl<O: Operations, R: Readiness> Edge<O, R> {
    /// Puts the edge together: its limits, what runs operations, what knows whether the database is there, the
    /// process's metrics, and the source of request ids.
    pub fn new(config: EdgeConfig, operations: O, readiness: R, metrics: Metrics, request_ids: RequestIds) -> Self {
        Self {
            live: Live::new(&config),
            config: Arc::new(config),
            operations,
            readiness,
            metrics,
            request_ids,
            lifecycle: Lifecycle::default(),
            routes: Router::new(),
        }
    }

    /// Adds routes inside the same layers: request ids, logs, limits of the head, compression.
    pub fn with_routes(mut self, routes: Router) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// The flag that `/readyz` looks at.
    pub fn lifecycle(&self) -> Lifecycle {
        self.lifecycle.clone()
    }

    /// The routes of the main listener.
    pub fn router(&self) -> Router {
        let (live, ids) = (self.live.clone(), self.request_ids.clone());
        let endpoint = Arc::new(Endpoint::new(self.config.clone(), self.operations.clone(), live, ids));
        let graphql = Router::new()
            .route("/graphql", any(graphql::serve::<O>).with_state(endpoint))
            .layer(cors(&self.config.cors));
        let mut router = self.routes.clone().merge(graphql).merge(self.health());
        if self.config.metrics_on_main_listener {
            router = router.merge(self.metrics_page());
        }
        if let Some(settings) = &self.config.graphiql {
            router = router.merge(graphiql::routes(settings));
        }
        let welcome = welcome(self.config.graphiql.is_some());
        self.layered(router.route("/", get(move || async move { Html(welcome) })))
    }

    /// The routes of the operator's listener: `/metrics` and health.
    pub fn operator_router(&self) -> Router {
        self.layered(self.metrics_page().merge(self.health()))
    }

    fn health(&self) -> Router {
        Router::new()
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready::<R>).with_state((self.readiness.clone(), self.lifecycle.clone())))
    }

    fn metrics_page(&self) -> Router {
        Router::new().route("/metrics", get(metrics::page).with_state(self.metrics.clone()))
    }

    /// The layers, the outermost last.
    fn layered(&self, router: Router) -> Router {
        let observer = Observer {
            request_ids: self.request_ids.clone(),
            trusted_proxies: self.config.trusted_proxies.clone().into(),
            uri_bytes: self.config.uri_bytes,
            header_bytes: self.config.header_bytes,
        };
        // A compressor would keep an event to itself until more of them come.
        let worth_compressing =
            SizeAbove::new(COMPRESS_ABOVE).and(NotForContentType::IMAGES).and(NotForContentType::SSE);
        router
            .fallback(not_found)
            .method_not_allowed_fallback(read_only)
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_compressing))
            .layer(middleware::from_fn_with_state(observer, head::observe))
    }
}

async fn not_found(Extension(caller): Extension<Caller>) -> Response<Body> {
    Refusal::NotFound.into_json_response(&caller.request_id)
}

async fn read_only(Extension(caller): Extension<Caller>, _: Request<Body>) -> Response<Body> {
    Refusal::ReadOnly.into_json_response(&caller.request_id)
}

/// The page `/`. It loads nothing.
fn welcome(graphiql: bool) -> &'static str {
    if graphiql {
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Stoa</title><h1>Stoa</h1>\
         <p>The API is at <code>POST /graphql</code>. Try it in <a href=\"/graphiql\">GraphiQL</a>.</p></html>\n"
    } else {
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Stoa</title><h1>Stoa</h1>\
         <p>The API is at <code>POST /graphql</code>.</p></html>\n"
    }
}

/// Other origins may never send credentials, so a signed-in browser cannot be borrowed (attack H08).
fn cors(policy: &CorsPolicy) -> CorsLayer {
    let sent = ["authorization", "content-type", "accept-language", "x-store", "x-currency", "x-cart-token"];
    let sent_too = ["idempotency-key", "x-request-id", "traceparent", "apollo-require-preflight"];
    let read = ["x-request-id", "retry-after", "idempotency-replayed"];
    let origins = match policy {
        CorsPolicy::None => return CorsLayer::new(),
        CorsPolicy::Localhost => AllowOrigin::predicate(|origin, _| is_local(origin)),
        CorsPolicy::Origins(origins) => AllowOrigin::list(
            origins
                .iter()
                .map(|origin| origin.trim_end_matches('/'))
                .filter(|origin| !matches!(*origin, "null" | "*"))
                .filter_map(|origin| HeaderValue::from_str(origin).ok()),
        ),
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(sent.into_iter().chain(sent_too).map(HeaderName::from_static).collect::<Vec<_>>())
        .expose_headers(read.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_secs(3_600))
        .vary([header::ORIGIN])
}

impl CorsPolicy {
    /// Whether a page may open a WebSocket, which browsers let any page do: one of the server's own, or one that may
    /// read its answers. Who names no origin is no browser.
    pub(super) fn admits(&self, headers: &HeaderMap, caller: &Caller) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let (origin, another) = (origins.next(), origins.next());
        let Some(origin) = origin else { return true };
        let listed = match self {
            Self::None => false,
            Self::Localhost => is_local(origin),
            Self::Origins(origins) => origins.iter().any(|listed| listed.trim_end_matches('/') == *origin),
        };
        another.is_none() && (listed || is_own(origin, headers, caller))
    }
}

/// Whether a page came from the host that its request went to.
fn is_own(origin: &HeaderValue, headers: &HeaderMap, caller: &Caller) -> bool {
    let Some((_, authority)) = origin.to_str().ok().and_then(|origin| origin.split_once("://")) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    // Behind a proxy the header may name another port, or another host altogether.
    host.is_some_and(|host| host.eq_ignore_ascii_case(authority))
        || caller.host.as_deref().is_some_and(|host| host == authority.to_ascii_lowercase())
}

fn is_local(origin: &HeaderValue) -> bool {
    let Some(rest) = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://")) else { return false };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        rest.strip_prefix(host).is_some_and(|port| {
            port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_h08_only_this_machine_is_local() {
        for good in ["http://localhost", "http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000"] {
            assert!(is_local(&HeaderValue::from_static(good)), "{good}");
        }
        for bad in ["null", "http://localhost.evil.example", "http://evil.example", "http://localhost:x", "https://a"] {
            assert!(!is_local(&HeaderValue::from_static(bad)), "{bad}");
        }
    }
}
