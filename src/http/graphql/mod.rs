//! The endpoint `/graphql`: GraphQL over HTTP as its specification has it.
//!
//! It owns methods, media types, status codes, the shape of a request, the limits on it, and automatic persisted
//! queries. It never parses a document, never decides who may do what, and never repeats the request in an error; the
//! product does the work behind [`Operations`]. To take one more parameter, add it to [`request::Parameters`] and to
//! [`Call`].

mod media;
mod persisted;
mod request;

use std::{fmt, future::Future, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::Instant};

use self::{media::Media, persisted::PersistedQueries, request::Parameters};
use super::{
    head::{Caller, RequestHead},
    limits::EdgeConfig,
    metrics,
    refusal::Refusal,
    strict_json::JsonLimits,
};

/// What the endpoint asks of the product.
pub trait Operations: Clone + Send + Sync + 'static {
    /// Runs one operation. The future is dropped when the client goes away or the time is up, so whatever it has open
    /// must undo itself when dropped.
    fn execute(&self, call: Call) -> impl Future<Output = Answer> + Send;
}

/// One GraphQL request whose shape is good: the texts are UTF-8 without NUL and the JSON is not nested too deep. The
/// document has not been looked at.
#[derive(Clone)]
pub struct Call {
    /// The document, as sent or as remembered under its hash.
    pub query: Arc<str>,
    /// Which of the document's operations to run.
    pub operation_name: Option<String>,
    /// The variables; empty when absent or null.
    pub variables: Map<String, Value>,
    /// The extensions; empty when absent or null.
    pub extensions: Map<String, Value>,
    /// Method, headers, address, host, request id.
    pub head: RequestHead,
}

impl fmt::Debug for Call {
    /// Documents and variables hold passwords, so neither is shown.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Call").field("head", &self.head).finish_non_exhaustive()
    }
}

/// The product's answer to one call.
#[derive(Clone, Debug)]
pub struct Answer {
    /// A whole GraphQL response as JSON. Ignored for [`AnswerKind::MutationByGet`].
    pub body: Bytes,
    /// What happened, which decides the status.
    pub kind: AnswerKind,
    /// The kind of the operation chosen, for the metrics.
    pub operation: OperationKind,
    /// Headers to add, over the endpoint's own: `Retry-After`, `Cache-Control`, `Idempotency-Replayed`.
    pub headers: HeaderMap,
}

impl Answer {
    /// An answer without further headers.
    pub fn new(kind: AnswerKind, operation: OperationKind, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), kind, operation, headers: HeaderMap::new() }
    }

    /// A GET asked for something else than a query: nothing ran, the answer is 405.
    pub fn mutation_by_get(operation: OperationKind) -> Self {
        Self::new(AnswerKind::MutationByGet, operation, Bytes::new())
    }
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerKind {
    /// It ran, and there are no top-level errors: 200.
    Executed,
    /// It ran, and some fields failed: 200.
    ExecutedWithErrors,
    /// It did not run: parse, validation, variables, limits on the document. The body has no `data`. 400 for
    /// `application/graphql-response+json`, 200 for `application/json` (decision 28).
    RequestError,
    /// It was refused with this status in either media type: 401, 403, 429, 503.
    Refused(StatusCode),
    /// A GET asked for something else than a query: 405.
    MutationByGet,
}

impl AnswerKind {
    fn outcome(self) -> &'static str {
        match self {
            Self::Executed => "executed",
            Self::ExecutedWithErrors => "executed_with_errors",
            Self::RequestError => "request_error",
            Self::Refused(_) | Self::MutationByGet => "refused",
        }
    }
}

/// The kinds of operation, and `Unknown` where the document was not understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OperationKind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// Listens.
    Subscription,
    /// The document was refused before an operation was chosen.
    #[default]
    Unknown,
}

impl OperationKind {
    fn label(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
            Self::Unknown => "unknown",
        }
    }
}

/// What the endpoint holds for its whole life.
pub(super) struct Endpoint<O> {
    config: Arc<EdgeConfig>,
    operations: O,
    persisted: PersistedQueries,
    running: Semaphore,
}

impl<O: Operations> Endpoint<O> {
    pub(super) fn new(config: Arc<EdgeConfig>, operations: O) -> Self {
        Self {
            persisted: PersistedQueries::new(config.persisted_query_cache_bytes, config.persisted_query_text_bytes),
            running: Semaphore::new(config.operations_in_flight.min(Semaphore::MAX_PERMITS)),
            config,
            operations,
        }
    }

    async fn answer(
        &self,
        method: Method,
        headers: HeaderMap,
        caller: Caller,
        source: Source<'_>,
    ) -> Result<Answer, Refusal> {
        let limits = JsonLimits { nesting: self.config.json_nesting, values: self.config.json_values };
        let parameters = match source {
            Source::Address(query) => Parameters::from_query_string(query, limits)?,
            Source::Body(body) => {
                request::check_content_type(&headers)?;
                let bytes =
                    request::read_body(&headers, body, self.config.body_bytes, self.config.body_timeout).await?;
                Parameters::from_json(&bytes, limits)?
            }
        };
        let (query, to_remember) = self.persisted.resolve(parameters.query, &parameters.extensions)?;
        let _slot = self.running.try_acquire().map_err(|_| Refusal::Overloaded)?;
        let call = Call {
            query: query.clone(),
            operation_name: parameters.operation_name,
            variables: parameters.variables,
            extensions: parameters.extensions,
            head: RequestHead { method, headers, caller },
        };
        let answer = tokio::time::timeout(self.config.operation_timeout, self.operations.execute(call))
            .await
            .map_err(|_| Refusal::OperationTimeout)?;
        // Only what the product understood is remembered, so that rubbish takes no room.
        if let Some(hash) = to_remember
            && matches!(answer.kind, AnswerKind::Executed | AnswerKind::ExecutedWithErrors)
        {
            self.persisted.remember(hash, query);
        }
        Ok(answer)
    }
}

/// Where the parameters of a request stand.
enum Source<'a> {
    Address(&'a str),
    Body(Body),
}

/// Answers one HTTP request to `/graphql`.
pub(super) async fn serve<O: Operations>(
    State(endpoint): State<Arc<Endpoint<O>>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let negotiated = Media::negotiate(&parts.headers);
    let media = negotiated.unwrap_or(Media::Json);
    let request_id = caller.request_id.clone();
    let result = match (negotiated, &parts.method) {
        (_, method) if method != Method::GET && method != Method::POST => Err(Refusal::MethodNotAllowed),
        (None, _) => Err(Refusal::NotAcceptable),
        (Some(_), method) => {
            let source = if method == Method::GET {
                Source::Address(parts.uri.query().unwrap_or_default())
            } else {
                Source::Body(body)
            };
            endpoint.answer(parts.method.clone(), parts.headers, caller, source).await
        }
    };
    let (kind, outcome) = match &result {
        Ok(answer) => (answer.operation.label(), answer.kind.outcome()),
        Err(Refusal::OperationTimeout) => (OperationKind::Unknown.label(), "timeout"),
        Err(Refusal::Overloaded) => (OperationKind::Unknown.label(), "overloaded"),
        Err(_) => (OperationKind::Unknown.label(), "malformed"),
    };
    metrics::operation_ended(kind, outcome, started.elapsed());
    let refused =
        |refusal: Refusal| (refusal.status(media.is_strict()), refusal.headers(), refusal.body(&request_id).into());
    let (status, headers, body): (StatusCode, HeaderMap, Bytes) = match result {
        Err(refusal) => refused(refusal),
        Ok(Answer { kind: AnswerKind::MutationByGet, .. }) => refused(Refusal::MutationByGet),
        Ok(answer) => {
            let status = match answer.kind {
                AnswerKind::RequestError if media.is_strict() => StatusCode::BAD_REQUEST,
                AnswerKind::Refused(status) => status,
                _ => StatusCode::OK,
            };
            (status, answer.headers, answer.body)
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}
