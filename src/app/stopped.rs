//! Operations that end before they run, and the errors that answers tell.

use async_graphql::{ErrorExtensionValues, ServerError};
use axum::http::{HeaderValue, StatusCode, header};

use super::spending;
use crate::gate::access::{Denial, Reason};
use crate::gate::throttle::{Exhausted, Report};
use crate::http::guard::Refusal;
use crate::http::{Answer, AnswerKind, OperationKind, RequestId};
use crate::kernel::Error;

/// The longest message of the engine's own that is passed on, in characters.
pub(super) const MAX_MESSAGE: usize = 300;

/// Why a subscription ends that could not keep up.
const MISSED: &str = "Some events could not be delivered. Subscribe again, and read what may have changed meanwhile.";

/// An operation that ended before it ran.
pub(super) enum Stopped {
    Refused(Refusal),
    HashUnknown,
    Failed(Error),
    Denied(String, Reason),
    Throttled(OperationKind, Exhausted),
    /// Something else than a query came by GET.
    ByGet(OperationKind),
    /// Events of a subscription could have been overlooked.
    Missed,
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Denial> for Stopped {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial.to_string(), denial.reason)
    }
}

impl Stopped {
    /// Whether the database was away, so that trying again can succeed.
    pub(super) fn is_away(&self) -> bool {
        matches!(self, Self::Failed(Error::Busy | Error::Retry))
    }

    /// The answer to its caller.
    pub(super) fn answer(self, request_id: &RequestId, cost: Option<Report>) -> Answer {
        let (kind, mut error) = match self {
            Self::ByGet(kind) => return Answer::mutation_by_get(kind),
            Self::Missed => (AnswerKind::RequestError, coded(MISSED.to_owned(), "EVENTS_MISSED")),
            Self::HashUnknown => return Answer::hash_unknown(),
            Self::Throttled(kind, empty) => return spending::exhausted(&empty, kind, request_id),
            Self::Refused(refusal) => (AnswerKind::RequestError, refusal.to_error()),
            Self::Failed(error) => {
                let kind = match error {
                    Error::Unauthenticated => AnswerKind::Refused(StatusCode::UNAUTHORIZED),
                    Error::Busy | Error::Retry => AnswerKind::Refused(StatusCode::SERVICE_UNAVAILABLE),
                    Error::Internal(_) => AnswerKind::Refused(StatusCode::INTERNAL_SERVER_ERROR),
                    _ => AnswerKind::RequestError,
                };
                (kind, coded(error.to_string(), error.code()))
            }
            Self::Denied(message, reason) => {
                let code = match reason {
                    Reason::Unauthenticated => "UNAUTHENTICATED",
                    Reason::Forbidden(_) => "FORBIDDEN",
                    Reason::StoreRequired => "STORE_REQUIRED",
                };
                (AnswerKind::RequestError, coded(message, code))
            }
        };
        if let Some(extensions) = &mut error.extensions {
            extensions.set("requestId", request_id.as_str());
        }
        let mut body = serde_json::json!({ "errors": [error] }).to_string().into_bytes();
        if let Some(cost) = cost {
            spending::tell_cost(&mut body, cost);
        }
        let mut answer = Answer::new(kind, OperationKind::Unknown, body);
        match kind {
            AnswerKind::Refused(StatusCode::UNAUTHORIZED) => {
                answer.headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            AnswerKind::Refused(StatusCode::SERVICE_UNAVAILABLE) => {
                answer.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        answer
    }
}

fn coded(message: String, code: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code);
    error.extensions = Some(extensions);
    error
}

/// Whether the standby's replay stood in an operation's way.
pub(super) fn is_retry(error: &ServerError) -> bool {
    matches!(error.source::<Error>(), Some(Error::Retry))
}

/// Whether the database was away, so that trying again can succeed.
pub(super) fn is_away(error: &ServerError) -> bool {
    matches!(error.source::<Error>(), Some(Error::Busy | Error::Retry))
}

/// Gives an error of the engine or of a resolver its code, and takes out what nobody outside should read.
pub(super) fn mend(error: &mut ServerError, request_id: &str) {
    let known = error.source::<Error>().map(|cause| (cause.to_string(), cause.code()));
    let (message, code) = match known {
        Some((message, code)) => (message, code),
        // Everything else is the engine's: before the run a document or a value that does not fit the
        // schema, during it a value that a scalar refused.
        None if error.path.is_empty() && error.message.starts_with("Invalid value for") => {
            (error.message.clone(), "BAD_USER_INPUT")
        }
        None if error.path.is_empty() => (error.message.clone(), "GRAPHQL_VALIDATION_FAILED"),
        None => (error.message.clone(), "BAD_USER_INPUT"),
    };
    error.message = shortened(message, MAX_MESSAGE);
    let extensions = error.extensions.get_or_insert_with(Default::default);
    extensions.set("code", code);
    extensions.set("requestId", request_id);
}

/// So many characters of a text at the most.
pub(super) fn shortened(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
