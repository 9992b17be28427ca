//! The endpoint `/graphql`: GraphQL over HTTP as its specification has it, and the way to live connections.
//!
//! It owns methods, media types, status codes, the shape of a request, and the limits on it. It never parses a
//! document, never decides who may do what, and never repeats the request in an error; the product does the work
//! behind [`Operations`]. To take one more parameter, add it to [`request::Parameters`] and to [`Call`].

mod media;
mod request;
mod sent;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{Extension, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use futures::Stream;
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::Instant};

use self::media::Media;
pub(super) use self::request::Parameters;
pub use self::sent::{Sent, SentDocument};
use super::{
    head::{self, Caller, RequestHead, RequestId, RequestIds},
    limits::EdgeConfig,
    live::{self, Live},
    metrics,
    refusal::Refusal,
    strict_json::JsonLimits,
};

/// What the endpoint asks of the product.
pub trait Operations: Clone + Send + Sync + 'static {
    /// What the product knows of a request that came before, in the same words.
    type Known: Send + Sync;

    /// Runs one operation. The future is dropped when the client goes away or the time is up, so whatever it has open
    /// must undo itself when dropped.
    fn execute(&self, call: Call) -> impl Future<Output = Answer> + Send;

    /// Begins an operation for a caller who can hear more than one answer. What is no subscription is executed.
    fn begin(&self, call: Call) -> impl Future<Output = Begun> + Send {
        async { Begun::Answered(self.execute(call).await) }
    }

    /// Recognizes what it executed before, by everything that was sent beside the head. Not all of it has to be.
    fn recognize(&self, sent: &Sent) -> Option<Arc<Self::Known>> {
        let _ = sent;
        None
    }

    /// Executes for this head what was recognized.
    fn execute_again(&self, known: Arc<Self::Known>, head: RequestHead) -> impl Future<Output = Answer> + Send;

    /// Finds out who sends this head, and gives a name that is the same for the same caller: live connections are
    /// counted by it.
    fn name_caller(&self, head: &RequestHead) -> impl Future<Output = Result<String, Answer>> + Send {
        async { Ok(live::address_name(head.caller.address)) }
    }

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

/// What became of an operation whose caller can hear more than one answer.
pub enum Begun {
    /// There is one answer.
    Answered(Answer),
    /// There will be answers.
    Subscribed(Subscribed),
}

impl Begun {
    /// The kind of operation and the outcome, for the metrics.
    pub(super) fn labels(&self) -> (&'static str, &'static str) {
        match self {
            Self::Answered(answer) => (answer.operation.label(), answer.kind.outcome()),
            Self::Subscribed(_) => (OperationKind::Subscription.label(), "subscribed"),
        }
    }
}

/// A subscription that has begun.
pub struct Subscribed {
    /// The caller's name; see [`Operations::name_caller`].
    pub caller: String,
    /// Headers to add where there are any: `Server-Timing`.
    pub headers: HeaderMap,
    /// What is told.
    pub answers: AnswerStream,
}

/// What a subscription tells, until it ends. Dropping it ends it, too.
pub type AnswerStream = Pin<Box<dyn Stream<Item = Told> + Send>>;

/// One answer of a subscription: a whole GraphQL response as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An event.
    Next(Bytes),
    /// Why it ends: a response that holds errors alone. Nothing comes after it.
    Failed(Bytes),
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
    /// What all this was read from; `None` where that was a message of a live connection.
    pub sent: Option<Sent>,
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

    /// Gives it a body that is gzip, for a caller who takes that.
    pub fn pack(&mut self, body: Bytes) {
        self.body = body;
        self.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        self.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }

    /// The hash of a document names none that is known: the client sends the text next.
    pub fn hash_unknown() -> Self {
        Self::new(AnswerKind::HashUnknown, OperationKind::Unknown, Bytes::new())
    }

    /// The whole answer as plain JSON, for who has not asked for an operation yet.
    pub(super) fn into_json_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = match self.kind {
            AnswerKind::Refused(status) => status,
            _ => StatusCode::BAD_REQUEST,
        };
        *response.headers_mut() = self.headers;
        let content_type = HeaderValue::from_static(Media::Json.content_type());
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response
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
    /// The caller holds this very answer already: 304, without a body.
    NotModified,
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
            Self::Executed | Self::NotModified => "executed",
            Self::ExecutedWithErrors => "executed_with_errors",
            Self::RequestError => "request_error",
            Self::Refused(_) | Self::MutationByGet | Self::HashUnknown => "refused",
        }
    }

    /// Whether it came to nothing by the caller's own doing.
    fn is_nothing(self) -> bool {
        match self {
            Self::Executed | Self::NotModified | Self::ExecutedWithErrors | Self::HashUnknown => false,
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
    pub(super) config: Arc<EdgeConfig>,
    pub(super) operations: O,
    pub(super) live: Live,
    request_ids: RequestIds,
    running: Semaphore,
}

impl<O: Operations> Endpoint<O> {
    pub(super) fn new(config: Arc<EdgeConfig>, operations: O, live: Live, request_ids: RequestIds) -> Self {
        let running = Semaphore::new(config.operations_in_flight.min(Semaphore::MAX_PERMITS));
        Self { config, operations, live, request_ids, running }
    }

    /// How large the JSON of a request may be.
    pub(super) fn json_limits(&self) -> JsonLimits {
        JsonLimits { nesting: self.config.json_nesting, values: self.config.json_values }
    }

    /// The id of an operation that comes over a connection which has an id of its own.
    pub(super) fn new_request_id(&self) -> RequestId {
        RequestId::made_by(&self.request_ids)
    }

    /// Lets a request in, runs it, and counts it where it comes to nothing by its caller's doing.
    pub(super) async fn counted(
        &self,
        caller: &Caller,
        running: impl Future<Output = Result<Begun, Refusal>>,
    ) -> Result<Begun, Refusal> {
        if let Err(answer) = self.operations.admit(caller) {
            return Ok(Begun::Answered(*answer));
        }
        let result = running.await;
        let came_to_nothing = match &result {
            Ok(Begun::Answered(answer)) => answer.kind.is_nothing(),
            Ok(Begun::Subscribed(_)) => false,
            Err(refusal) => refusal.is_callers(),
        };
        if came_to_nothing {
            self.operations.came_to_nothing(caller);
        }
        result
    }

    async fn read_and_answer(
        &self,
        parts: Parts,
        negotiated: Option<Media>,
        caller: Caller,
        body: Body,
    ) -> Result<Begun, Refusal> {
        match (negotiated, &parts.method) {
            (_, method) if method != Method::GET && method != Method::POST => Err(Refusal::MethodNotAllowed),
            (None, _) => Err(Refusal::NotAcceptable),
            (Some(_), method) => {
                let source = if method == Method::GET {
                    Source::Address(parts.uri.query().unwrap_or_default())
                } else {
                    Source::Body(body)
                };
                let sent = self.receive(&parts.headers, source).await?;
                let live = Media::accepts_events(&parts.headers);
                // An event is no body of its own.
                let takes_gzip = negotiated != Some(Media::Events) && head::takes_gzip(&parts.headers);
                let head = RequestHead { method: parts.method, headers: parts.headers, caller, takes_gzip };
                if let Some(known) = self.operations.recognize(&sent) {
                    let again = self.operations.execute_again(known, head);
                    return self.limited(async { Begun::Answered(again.await) }).await;
                }
                let parameters = sent.parameters(self.json_limits())?;
                // Boxed, so that what is recognized does not carry its size along.
                Box::pin(self.run(parameters, Some(sent), head, live)).await
            }
        }
    }

    async fn receive(&self, headers: &HeaderMap, source: Source<'_>) -> Result<Sent, Refusal> {
        match source {
            Source::Address(query) => Ok(Sent::Address(Bytes::copy_from_slice(query.as_bytes()))),
            Source::Body(body) => {
                request::check_content_type(headers)?;
                let (most, patience) = (self.config.body_bytes, self.config.body_timeout);
                request::read_body(headers, body, most, patience).await.map(Sent::Body)
            }
        }
    }

    /// Runs what was read from `sent`, or from a message of a live connection; `live` says that its caller can hear
    /// more than one answer.
    ///
    /// # Errors
    /// What is known without asking the product.
    pub(super) async fn run(
        &self,
        parameters: Parameters,
        sent: Option<Sent>,
        head: RequestHead,
        live: bool,
    ) -> Result<Begun, Refusal> {
        let document = SentDocument::read(parameters.query, parameters.document_id, &parameters.extensions)?;
        let call = Call {
            document,
            operation_name: parameters.operation_name,
            variables: parameters.variables,
            extensions: parameters.extensions,
            head,
            sent,
        };
        let running = async {
            if live { self.operations.begin(call).await } else { Begun::Answered(self.operations.execute(call).await) }
        };
        self.limited(running).await
    }

    /// Runs as many at once as there may be, and each no longer than it may.
    async fn limited(&self, running: impl Future<Output = Begun>) -> Result<Begun, Refusal> {
        let _slot = self.running.try_acquire().map_err(|_| Refusal::Overloaded)?;
        tokio::time::timeout(self.config.operation_timeout, running).await.map_err(|_| Refusal::OperationTimeout)
    }
}

/// Where the parameters of a request stand.
enum Source<'a> {
    Address(&'a str),
    Body(Body),
}

/// Headers that an answer has in the end, about: room for all is made at once.
const HEADERS: usize = 12;

/// Answers one HTTP request to `/graphql`.
pub(super) async fn serve<O: Operations>(
    State(endpoint): State<Arc<Endpoint<O>>>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response<Body> {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let request_id = caller.request_id.clone();
    if parts.method == Method::GET && live::socket::is_wanted(&parts.headers) {
        return Box::pin(live::socket::open(endpoint, caller, parts)).await;
    }
    let negotiated = Media::negotiate(&parts.headers);
    let media = negotiated.unwrap_or(Media::Json);
    let sender = caller.clone();
    let result = endpoint.counted(&sender, endpoint.read_and_answer(parts, negotiated, caller, body)).await;
    let (kind, outcome) = result.as_ref().map_or_else(Refusal::labels, Begun::labels);
    metrics::operation_ended(kind, outcome, started.elapsed());
    let result = match result {
        Ok(Begun::Answered(answer)) => Ok(answer),
        Ok(Begun::Subscribed(subscribed)) => match live::events::many(&endpoint.live, subscribed) {
            Ok(response) => return varied(response),
            Err(refusal) => Err(refusal),
        },
        Err(refusal) => Err(refusal),
    };
    if media == Media::Events {
        // What is an answer of GraphQL comes as an event, errors of the request too; what is one of HTTP does not.
        match &result {
            Ok(Answer {
                kind: AnswerKind::Refused(_) | AnswerKind::MutationByGet | AnswerKind::NotModified, ..
            }) => {}
            Ok(Answer { kind: AnswerKind::HashUnknown, .. }) => {
                let body = Refusal::PersistedQueryNotFound.body(&request_id);
                return varied(live::events::once(&body.into()));
            }
            Ok(answer) => return varied(live::events::once(&answer.body)),
            Err(_) => {}
        }
    }
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
                AnswerKind::NotModified => StatusCode::NOT_MODIFIED,
                _ => StatusCode::OK,
            };
            (status, answer.headers, answer.body)
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().reserve(HEADERS);
    if status != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    }
    varied(response)
}

/// What is answered depends on `Accept`.
fn varied(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}
