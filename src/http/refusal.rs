//! The refusals that the edge itself answers, each with its status, code and fixed text.
//!
//! It owns the one list of them. A text never repeats anything of the request (attack G22). To add a refusal, add a
//! variant and its row in [`Refusal::row`].

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use serde_json::json;

use super::head::RequestId;

/// Why the edge answered without asking the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in `Accept` can be served.
    NotAcceptable,
    /// A method other than GET and POST on the GraphQL endpoint.
    MethodNotAllowed,
    /// A method other than GET on a page.
    ReadOnly,
    /// A mutation sent by GET, which a link or an image could do.
    MutationByGet,
    /// A body that is not declared as JSON in UTF-8.
    UnsupportedMediaType,
    /// A compressed body: a small one could unfold to any size.
    CompressedBody,
    /// A body over the limit.
    BodyTooLarge,
    /// A body that did not arrive in time.
    BodyTimeout,
    /// A body that ended early or broke the protocol.
    BodyBroken,
    /// A body or parameter that is not UTF-8.
    NotUtf8,
    /// A body or parameter that is not JSON.
    NotJson,
    /// A key that stands twice in one JSON object: two readers could see two requests.
    DuplicateKey,
    /// JSON nested too deep.
    NestedTooDeep,
    /// JSON with more values than the limit.
    TooManyValues,
    /// A NUL character in a text, which no database column takes.
    NulCharacter,
    /// An array of operations.
    Batch,
    /// JSON that is not an object.
    NotAnObject,
    /// No document and no hash of one.
    QueryMissing,
    /// `query` is not a string.
    QueryNotText,
    /// `operationName` is not a string.
    OperationNameNotText,
    /// `variables` is not an object.
    VariablesNotObject,
    /// `extensions` is not an object.
    ExtensionsNotObject,
    /// The hash of a persisted query is not known yet: the client sends the text next.
    PersistedQueryNotFound,
    /// The hash does not belong to the text, or two hashes are not the same.
    PersistedQueryMismatch,
    /// `persistedQuery` is not version 1 with a SHA-256 in hexadecimal.
    PersistedQueryMalformed,
    /// `documentId` is not a SHA-256 in hexadecimal.
    DocumentIdMalformed,
    /// A request target over the limit.
    UriTooLong,
    /// Headers over the limit.
    HeadersTooLarge,
    /// More than one host, or one that is no host name.
    BadHost,
    /// The operation ran too long.
    OperationTimeout,
    /// Too many operations are running, or live connections are open.
    Overloaded,
    /// One caller has too many live connections.
    TooManyLive,
    /// Too many operations run over one socket.
    TooManyOperations,
    /// A page of another origin asks for a socket, which no browser keeps from it.
    ForeignOrigin,
    /// A WebSocket's handshake that is none.
    BadHandshake,
    /// A WebSocket that does not offer the protocol.
    SubprotocolMissing,
    /// No such page.
    NotFound,
    /// A bug in the server: a panic.
    Panic,
}

impl Refusal {
    /// Status for `application/json` and for pages, code for `extensions.code`, and the text.
    fn row(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::NotAcceptable => {
                (S::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", "Accept application/graphql-response+json or application/json.")
            }
            Self::MethodNotAllowed => (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Use POST, or GET for a query."),
            Self::ReadOnly => (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Use GET."),
            Self::MutationByGet => (S::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "Only queries may be sent by GET."),
            Self::UnsupportedMediaType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8.")
            }
            Self::CompressedBody => (
                S::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "Send the request uncompressed: compressed bodies are not read.",
            ),
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "The request body is too large."),
            Self::BodyTimeout => (S::REQUEST_TIMEOUT, "REQUEST_TIMEOUT", "The request body took too long to arrive."),
            Self::BodyBroken => (S::BAD_REQUEST, "BAD_REQUEST", "The request body did not arrive whole."),
            Self::NotUtf8 => (S::BAD_REQUEST, "BAD_REQUEST", "The request is not valid UTF-8."),
            Self::NotJson => (S::BAD_REQUEST, "BAD_REQUEST", "The request is not valid JSON."),
            Self::DuplicateKey => {
                (S::BAD_REQUEST, "BAD_REQUEST", "A key or parameter stands twice in the request; send each once.")
            }
            Self::NestedTooDeep => (S::BAD_REQUEST, "BAD_REQUEST", "The JSON of the request is nested too deep."),
            Self::TooManyValues => (S::BAD_REQUEST, "BAD_REQUEST", "The JSON of the request has too many values."),
            Self::NulCharacter => (S::BAD_REQUEST, "BAD_REQUEST", "Texts must not contain the NUL character."),
            Self::Batch => {
                (S::BAD_REQUEST, "BATCHING_NOT_SUPPORTED", "Send one operation per request: batches are not run.")
            }
            Self::NotAnObject => (S::BAD_REQUEST, "BAD_REQUEST", "The request must be a JSON object."),
            Self::QueryMissing => (S::BAD_REQUEST, "BAD_REQUEST", "The request has no query."),
            Self::QueryNotText => (S::BAD_REQUEST, "BAD_REQUEST", "query must be a string."),
            Self::OperationNameNotText => (S::BAD_REQUEST, "BAD_REQUEST", "operationName must be a string."),
            Self::VariablesNotObject => (S::BAD_REQUEST, "BAD_REQUEST", "variables must be a JSON object."),
            Self::ExtensionsNotObject => (S::BAD_REQUEST, "BAD_REQUEST", "extensions must be a JSON object."),
            // The text is the one that Apollo's clients look for.
            Self::PersistedQueryNotFound => (S::OK, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"),
            Self::PersistedQueryMismatch => {
                (S::BAD_REQUEST, "BAD_REQUEST", "The hash is not the SHA-256 of the query sent with it.")
            }
            Self::PersistedQueryMalformed => (
                S::BAD_REQUEST,
                "BAD_REQUEST",
                "persistedQuery must be an object with version 1 and sha256Hash, 64 hexadecimal digits.",
            ),
            Self::DocumentIdMalformed => (
                S::BAD_REQUEST,
                "BAD_REQUEST",
                "documentId must be the SHA-256 of the document: sha256: and 64 hexadecimal digits.",
            ),
            Self::UriTooLong => (S::URI_TOO_LONG, "URI_TOO_LONG", "The address is too long; send the query by POST."),
            Self::HeadersTooLarge => {
                (S::REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE", "The request headers are too large.")
            }
            Self::BadHost => (S::BAD_REQUEST, "BAD_REQUEST", "Send exactly one Host header with a valid host name."),
            Self::OperationTimeout => {
                (S::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The operation took too long and was given up.")
            }
            Self::Overloaded => (S::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The server is busy; try again in a moment."),
            Self::TooManyLive => (
                S::TOO_MANY_REQUESTS,
                "TOO_MANY_SUBSCRIPTIONS",
                "You have too many live connections; close one of them first.",
            ),
            Self::TooManyOperations => (
                S::TOO_MANY_REQUESTS,
                "TOO_MANY_SUBSCRIPTIONS",
                "Too many operations run over this connection; complete one of them first.",
            ),
            Self::ForeignOrigin => (S::FORBIDDEN, "FORBIDDEN", "Pages of this origin may not connect here."),
            Self::BadHandshake => (S::BAD_REQUEST, "BAD_REQUEST", "The WebSocket handshake is not a valid one."),
            Self::SubprotocolMissing => {
                (S::BAD_REQUEST, "BAD_REQUEST", "Offer the WebSocket subprotocol graphql-transport-ws.")
            }
            Self::NotFound => (S::NOT_FOUND, "NOT_FOUND", "There is nothing at this address."),
            Self::Panic => (
                S::INTERNAL_SERVER_ERROR,
                "INTERNAL_SERVER_ERROR",
                "Something went wrong on our side; quote the request id to the operator.",
            ),
        }
    }

    /// The fixed text.
    pub fn message(self) -> &'static str {
        self.row().2
    }

    /// The kind of operation, which is not known, and the outcome, for the metrics.
    pub(super) fn labels(&self) -> (&'static str, &'static str) {
        let outcome = match self {
            Self::OperationTimeout => "timeout",
            Self::Overloaded => "overloaded",
            _ => "malformed",
        };
        ("unknown", outcome)
    }

    /// Whether it is the caller's doing, so that it counts against the caller's address. A hash that is not known is
    /// how persisted queries begin.
    pub fn is_callers(self) -> bool {
        !self.status(true).is_server_error() && self != Self::PersistedQueryNotFound
    }

    /// The value of `extensions.code`.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The status of the answer. A hash that is not known is an error in the request and not in the transport, so it
    /// follows the media type (decision 28): `strict` is true for `application/graphql-response+json`.
    pub fn status(self, strict: bool) -> StatusCode {
        match self {
            Self::PersistedQueryNotFound if strict => StatusCode::BAD_REQUEST,
            _ => self.row().0,
        }
    }

    /// The headers that belong to the refusal: `Allow`, `Retry-After` with every 503, and `Connection: close` where
    /// the rest of the body is not going to be read.
    pub fn headers(self) -> HeaderMap {
        let header: Option<(HeaderName, &'static str)> = match self {
            Self::MethodNotAllowed => Some((header::ALLOW, "GET, POST")),
            Self::MutationByGet => Some((header::ALLOW, "POST")),
            Self::ReadOnly => Some((header::ALLOW, "GET, HEAD")),
            Self::TooManyLive => Some((header::RETRY_AFTER, "1")),
            Self::BodyTooLarge
            | Self::BodyTimeout
            | Self::BodyBroken
            | Self::UriTooLong
            | Self::HeadersTooLarge
            | Self::BadHost => Some((header::CONNECTION, "close")),
            _ if self.row().0 == StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "1")),
            _ => None,
        };
        header.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
    }

    /// The body: one GraphQL error with the code and the request id.
    pub fn body(self, request_id: &RequestId) -> String {
        let (_, code, message) = self.row();
        json!({ "errors": [{ "message": message, "extensions": { "code": code, "requestId": request_id.as_str() } }] })
            .to_string()
    }

    /// The whole answer as plain JSON, for everything outside the GraphQL endpoint.
    pub fn into_json_response(self, request_id: &RequestId) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body(request_id)));
        *response.status_mut() = self.status(false);
        *response.headers_mut() = self.headers();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        response
    }
}
