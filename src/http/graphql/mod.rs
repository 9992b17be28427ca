//! The endpoint `/graphql`: GraphQL over HTTP as its specification has it.
//!
//! It owns methods, media types, status codes, the shape of a request, and the limits on it. It never parses a document, never decides who may do what, and never repeats the request in an error; the
//! product does the work behind [`Operations`]. To take one more parameter, add it to [`request::Parameters`] and to
//! [`Call`].

mod media;
mod request;
mod sent;

use std::{fmt, future::Future, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::Instant};

pub use self::sent::SentDocument;
use self::{media::Media, request::Parameters};
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

    /// Lets a request of this address in, before anything of it is read.
    ///
    /// # Errors
    /// The answer to a request that is not let in.
    fn admit(&self, caller: &Caller) -> Result<(), Box<Answer>> {
        let _ = caller;
        Ok(())
    }

    /// Hears of a request of this address that came to nothing, by the caller's own doing.
    fn came_to_nothing(&self, caller: &Caller) {
        let _ = caller;
    }
}

/// One GraphQL request whose shape is good: the texts are UTF-8 without NUL and the JSON is not nested too deep. The
/// document has not been looked at.
#[derive(Clone)]
pub struct Call {
    /// The document.
    pub document: SentDocument,
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
    /// A whole GraphQL response as JSON. Ignored for [`AnswerKind::MutationByGet`] and [`AnswerKind::HashUnknown`].
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

    /// The hash of a document names none that is known: the client sends the text next.
    pub fn hash_unknown() -> Self {
        Self::new(AnswerKind::HashUnknown, OperationKind::Unknown, Bytes::new())
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
    /// The hash of a document names none that is known.
    HashUnknown,
}

impl AnswerKind {
    fn outcome(self) -> &'static str {
        match self {
            Self::Executed => "executed",
            Self::ExecutedWithErrors => "executed_with_errors",
            Self::RequestError => "request_error",
            Self::Refused(_) | Self::MutationByGet | Self::HashUnknown => "refused",
        }
    }

    /// Whether it came to nothing by the caller's own doing.
    fn is_nothing(self) -> bool {
        match self {
            Self::Executed | Self::ExecutedWithErrors | Self::HashUnknown => false,
            Self::RequestError | Self::MutationByGet => true,
            Self::Refused(status) => status.is_client_error(),
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
    running: Semaphore,
}

impl<O: Operations> Endpoint<O> {
    pub(super) fn new(config: Arc<EdgeConfig>, operations: O) -> Self {
        Self { running: Semaphore::new(config.operations_in_flight.min(Semaphore::MAX_PERMITS)), config, operations }
    }

    async fn read_and_answer(
        &self,
        parts: Parts,
        negotiated: Option<Media>,
        caller: Caller,
        body: Body,
    ) -> Result<Answer, Refusal> {
        match (negotiated, &parts.method) {
            (_, method) if method != Method::GET && method != Method::POST => Err(Refusal::MethodNotAllowed),
            (None, _) => Err(Refusal::NotAcceptable),
            (Some(_), method) => {
                let source = if method == Method::GET {
                    Source::Address(parts.uri.query().unwrap_or_default())
                } else {
                    Source::Body(body)
                };
                self.answer(parts.method.clone(), parts.headers, caller, source).await
            }
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
        let document = SentDocument::read(parameters.query, parameters.document_id, &parameters.extensions)?;
        let _slot = self.running.try_acquire().map_err(|_| Refusal::Overloaded)?;
        let call = Call {
            document,
            operation_name: parameters.operation_name,
            variables: parameters.variables,
            extensions: parameters.extensions,
            head: RequestHead { method, headers, caller },
        };
        tokio::time::timeout(self.config.operation_timeout, self.operations.execute(call))
            .await
            .map_err(|_| Refusal::OperationTimeout)
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
    let result = match endpoint.operations.admit(&caller) {
        Err(answer) => Ok(*answer),
        Ok(()) => {
            let sender = caller.clone();
            let result = endpoint.read_and_answer(parts, negotiated, caller, body).await;
            let came_to_nothing = match &result {
                Ok(answer) => answer.kind.is_nothing(),
                Err(refusal) => refusal.is_callers(),
            };
            if came_to_nothing {
                endpoint.operations.came_to_nothing(&sender);
            }
            result
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
        Ok(Answer { kind: AnswerKind::HashUnknown, .. }) => refused(Refusal::PersistedQueryNotFound),
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
