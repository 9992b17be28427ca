//! The product, put together once from its settings: what the HTTP edge asks.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{ErrorExtensionValues, ServerError, Variables};
use axum::http::{HeaderValue, StatusCode, header};
use moka::sync::Cache;

use crate::config::Config;
use crate::gate::access::{AccessRules, Caller, MissingRule, Reason};
use crate::gate::authentication::{Claims, authenticate};
use crate::gate::document::Document;
use crate::gate::schema_index::{IndexError, SchemaIndex};
use crate::http::guard::{Limits, Refusal};
use crate::http::{Answer, AnswerKind, Call, OperationKind, Readiness, RequestHead, writer};
use crate::kernel::{Actor, Ctx, Error, System};
use crate::schema::{self, StoaSchema};

/// Bytes of query text whose checked documents are kept.
const DOCUMENT_CACHE_BYTES: u64 = 4 << 20;

/// The longest message of the engine's own that is passed on, in characters.
const MAX_MESSAGE: usize = 300;

/// The product. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    system: Arc<System>,
    schema: StoaSchema,
    index: SchemaIndex,
    rules: AccessRules,
    limits: Limits,
    introspection: bool,
    server_timing: bool,
    documents: Cache<Arc<str>, Document>,
}

/// Why the product could not be put together. Each is a mistake in its code, found at the start.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The server's own schema can't be read.
    #[error("the schema can't be read: {0}")]
    Schema(#[from] IndexError),
    /// Fields without an access rule.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Rules(Vec<MissingRule>),
}

impl App {
    /// Puts the product together: the schema, its access rules read back from its own SDL, the caches.
    ///
    /// # Errors
    /// A root field without an access rule, or a schema that can't be read.
    pub fn new(config: &Config, system: Arc<System>) -> Result<Self, AppError> {
        let mut builder = schema::builder();
        if !config.introspection {
            builder = builder.disable_introspection().disable_suggestions();
        }
        let schema = builder.finish();
        let index = SchemaIndex::read(&schema.sdl())?;
        let rules = AccessRules::read(&index).map_err(AppError::Rules)?;
        let documents = Cache::builder()
            .max_capacity(DOCUMENT_CACHE_BYTES)
            .weigher(|text: &Arc<str>, _| u32::try_from(text.len()).unwrap_or(u32::MAX))
            .build();
        Ok(Self(Arc::new(Parts {
            system,
            schema,
            index,
            rules,
            limits: config.limits.clone(),
            introspection: config.introspection,
            server_timing: config.server_timing,
            documents,
        })))
    }

    /// Checks the schema as a start does, without starting.
    ///
    /// # Errors
    /// As [`App::new`].
    pub fn check() -> Result<(), AppError> {
        let index = SchemaIndex::read(&schema::builder().finish().sdl())?;
        AccessRules::read(&index).map(drop).map_err(AppError::Rules)
    }

    /// What all requests share.
    pub fn system(&self) -> &Arc<System> {
        &self.0.system
    }

    /// The checked document of a text, from the cache or made now.
    fn document(&self, text: &Arc<str>) -> Result<Document, Refusal> {
        if let Some(document) = self.0.documents.get(text) {
            return Ok(document);
        }
        let document = Document::prepare(text, &self.0.index, &self.0.rules, &self.0.limits)?;
        self.0.documents.insert(Arc::clone(text), document.clone());
        Ok(document)
    }

    async fn run(&self, call: &Call) -> Result<Answer, Stopped> {
        let document = self.document(&call.query)?;
        let operation = document.operation(call.operation_name.as_deref())?;
        let kind = match operation.kind() {
            OperationType::Query => OperationKind::Query,
            OperationType::Mutation => OperationKind::Mutation,
            OperationType::Subscription => OperationKind::Subscription,
        };
        if call.head.is_get() && kind != OperationKind::Query {
            return Ok(Answer::mutation_by_get(kind));
        }
        if operation.introspects() && !self.0.introspection {
            return Err(Refusal::IntrospectionOff.into());
        }
        let given = Variables::from_json(serde_json::Value::Object(call.variables.clone()));
        let bound = operation.bind(&given, &self.0.limits)?;
        let ctx = authenticate(&self.0.system, claims(&call.head)?).await?;
        if let Err(denial) = operation.check_access(&Asks(&ctx)) {
            ctx.release().await;
            return Err(Stopped::Denied(denial.to_string(), denial.reason));
        }

        if kind == OperationKind::Mutation {
            // What a write is decided by must be as it is now.
            ctx.leave_replica().await;
        }
        let request = || document.request(operation, bound.variables.clone()).data(ctx.clone());
        // Without the scheduler's budget: where hundreds of fields wait for one batch, it would let them go
        // on a few at a time, and each few would ask the database again.
        let execute = || tokio::task::unconstrained(self.0.schema.execute(request()));
        let mut response = execute().await;
        // What the standby's replay stood in the way of, the primary can answer.
        if kind == OperationKind::Query && response.errors.iter().any(is_retry) && ctx.leave_replica().await {
            response = execute().await;
        }
        ctx.release().await;
        for error in &mut response.errors {
            mend(error, &ctx.caller().request_id);
        }
        let busy = response.errors.iter().any(|error| code(error) == "UNAVAILABLE");
        let written = writer::write(&document, operation.name(), &bound.variables, &self.0.index, &response);
        let outcome = match (response.errors.is_empty(), written.has_data) {
            (true, _) => AnswerKind::Executed,
            (false, true) => AnswerKind::ExecutedWithErrors,
            (false, false) => AnswerKind::RequestError,
        };
        let mut answer = Answer::new(outcome, kind, written.body);
        if busy {
            answer.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if self.0.server_timing
            && let Ok(value) = HeaderValue::from_str(&format!("sql;desc=\"{} statements\"", ctx.statements()))
        {
            answer.headers.insert("server-timing", value);
        }
        Ok(answer)
    }
}

impl crate::http::Operations for App {
    async fn execute(&self, call: Call) -> Answer {
        match self.run(&call).await {
            Ok(answer) => answer,
            Err(stopped) => stopped.answer(call.head.caller.request_id.as_str()),
        }
    }
}

impl Readiness for App {
    async fn reasons(&self) -> Vec<String> {
        let database = self.0.system.db.owner();
        let check = migration::pending(&database);
        match tokio::time::timeout(Duration::from_secs(2), check).await {
            Ok(Ok(pending)) if pending.is_empty() => Vec::new(),
            Ok(Ok(_)) => vec!["Migrations are missing: run `stoa migrate up`.".to_owned()],
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready");
                vec!["The database does not answer.".to_owned()]
            }
            Err(_) => vec!["The database does not answer in time.".to_owned()],
        }
    }
}

/// The caller as the access rules see it.
struct Asks<'a>(&'a Ctx);

impl Caller for Asks<'_> {
    fn is_user(&self) -> bool {
        matches!(self.0.actor(), Actor::User { .. })
    }

    fn is_customer(&self) -> bool {
        false
    }

    fn is_anonymous(&self) -> bool {
        matches!(self.0.actor(), Actor::Anonymous)
    }

    fn may(&self, permission: rules::permission::Permission) -> bool {
        self.0.may(permission)
    }
}

/// An operation that ended before it ran.
enum Stopped {
    Refused(Refusal),
    Failed(Error),
    Denied(String, Reason),
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

impl Stopped {
    fn answer(self, request_id: &str) -> Answer {
        let (kind, error) = match self {
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
                };
                (AnswerKind::RequestError, coded(message, code))
            }
        };
        let mut error = error;
        if let Some(extensions) = &mut error.extensions {
            extensions.set("requestId", request_id);
        }
        let body = serde_json::json!({ "errors": [error] }).to_string();
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

fn is_retry(error: &ServerError) -> bool {
    matches!(error.source::<Error>(), Some(Error::Retry))
}

fn code(error: &ServerError) -> &str {
    match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
        Some(async_graphql::Value::String(code)) => code,
        _ => "",
    }
}

/// Gives an error of the engine or of a resolver its code, and takes out what nobody outside should read.
fn mend(error: &mut ServerError, request_id: &str) {
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
    error.message = match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    };
    let extensions = error.extensions.get_or_insert_with(Default::default);
    extensions.set("code", code);
    extensions.set("requestId", request_id);
}

/// Reads what the request says of itself.
fn claims(head: &RequestHead) -> Result<Claims, Error> {
    for name in ["authorization", "x-store", "x-currency"] {
        if head.headers.get_all(name).iter().count() > 1 {
            return Err(Error::BadInput(format!("Send the header `{name}` once.")));
        }
    }
    let text = |name: &str| -> Result<Option<String>, Error> {
        match head.headers.get(name) {
            None => Ok(None),
            Some(value) => match value.to_str() {
                Ok(text) if !text.trim().is_empty() => Ok(Some(text.to_owned())),
                Ok(_) => Ok(None),
                Err(_) => Err(Error::BadInput(format!("The header `{name}` holds characters beyond ASCII."))),
            },
        }
    };
    Ok(Claims {
        request_id: head.caller.request_id.as_str().to_owned(),
        authorization: text("authorization")?,
        store: text("x-store")?,
        host: head.caller.host.as_deref().map(str::to_owned),
        currency: text("x-currency")?,
        languages: text("accept-language").unwrap_or_default(),
        address: Some(head.caller.address),
        user_agent: text("user-agent").unwrap_or_default().map(|agent| agent.chars().take(200).collect()),
    })
}
