//! The product, put together once from its settings: what the HTTP edge asks.

mod checking;
mod spending;

use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{ErrorExtensionValues, ServerError, Variables};
use axum::http::{HeaderValue, StatusCode, header};

use crate::config::Config;
use crate::gate::access::{AccessRules, Caller, Denial, MissingRule, Reason};
use crate::gate::authentication::{Claims, SentDocument, authenticate};
use crate::gate::document::{Document, DocumentHash, KnownDocuments, Operation, expect_trusted};
use crate::gate::schema_index::{IndexError, SchemaIndex};
use crate::gate::throttle::{Exhausted, Hold, Report, Throttle};
use crate::http::guard::{Limits, Refusal};
use crate::http::{Answer, AnswerKind, Call, OperationKind, Readiness, RequestHead, RequestId, head, metrics, writer};
use crate::kernel::{Actor, Ctx, Error, System};
use crate::schema::{self, StoaSchema};
use spending::Seen;

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
    documents: KnownDocuments,
    throttle: Throttle,
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
        let throttle = Throttle::new(config.throttle.clone(), Arc::clone(&system.clock));
        let parts = Arc::new(Parts {
            system,
            schema,
            index,
            rules,
            limits: config.limits.clone(),
            introspection: config.introspection,
            server_timing: config.server_timing,
            documents: KnownDocuments::default(),
            throttle,
        });
        parts.system.documents.answer_with(Arc::new(checking::Checks::of(&parts)));
        Ok(Self(parts))
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

    /// Checks a document, and keeps it.
    fn learn(&self, hash: DocumentHash, text: &str) -> Result<Document, Refusal> {
        let document = Document::prepare(text, &self.0.index, &self.0.rules, &self.0.limits)?;
        self.0.documents.keep(hash, &document);
        Ok(document)
    }

    /// The document that was sent: known by its hash, or read from its text. Where neither is there, the store
    /// of the request may have registered it; whoever asks is found out with it then.
    async fn document(&self, call: &Call) -> Result<(Document, Option<Ctx>), Stopped> {
        let hash = call.document.hash;
        if let Some(document) = self.0.documents.find(&hash) {
            return Ok((document, None));
        }
        if let Some(text) = &call.document.text {
            return Ok((self.learn(hash, text)?, None));
        }
        let ctx = self.identify(call, true).await?;
        let registered = ctx.caller().trusted_document.as_ref().and_then(|document| document.text.as_deref());
        match registered {
            Some(text) => Ok((self.learn(hash, text)?, Some(ctx))),
            None => {
                ctx.release().await;
                Err(expect_trusted(&ctx).err().map_or(Stopped::HashUnknown, Stopped::Refused))
            }
        }
    }

    /// Finds out who asks and where.
    async fn identify(&self, call: &Call, text_wanted: bool) -> Result<Ctx, Error> {
        let document = SentDocument { hash: call.document.hash.0, text_wanted };
        authenticate(&self.0.system, Claims { document: Some(document), ..claims(&call.head)? }).await
    }

    /// Lets an operation in: a document that the store trusts, a caller who may ask for all of it, and who has
    /// not spent too much. What it is held to cost is taken.
    fn let_in(&self, ctx: &Ctx, operation: &Operation, cost: u64) -> Result<Hold, Stopped> {
        expect_trusted(ctx)?;
        let denied = |denial: Denial| Stopped::Denied(denial.to_string(), denial.reason);
        operation.check_access(&Asks(ctx)).map_err(denied)?;
        let throttled = |empty| Stopped::Throttled(kind(operation), empty);
        self.0.throttle.take(ctx.caller(), cost).map_err(throttled)
    }

    async fn run(&self, call: &Call, seen: &mut Seen) -> Result<Answer, Stopped> {
        let (document, identified) = self.document(call).await?;
        seen.requested = Some(0);
        let operation = document.operation(call.operation_name.as_deref())?;
        let kind = kind(operation);
        if call.head.is_get() && kind != OperationKind::Query {
            return Ok(Answer::mutation_by_get(kind));
        }
        if operation.introspects() && !self.0.introspection {
            return Err(Refusal::IntrospectionOff.into());
        }
        let given = Variables::from_json(serde_json::Value::Object(call.variables.clone()));
        let bound = operation.bind(&given, &self.0.limits).inspect_err(|refusal| {
            if let Refusal::TooCostly { cost, .. } = refusal {
                seen.requested = Some(*cost);
            }
        })?;
        seen.requested = Some(bound.cost);
        let ctx = match identified {
            Some(ctx) => ctx,
            None => self.identify(call, false).await?,
        };
        seen.ctx = Some(ctx.clone());
        let hold = match self.let_in(&ctx, operation, bound.cost) {
            Ok(hold) => hold,
            Err(stopped) => {
                ctx.release().await;
                return Err(stopped);
            }
        };

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
        let cost = hold.settle(operation.base_cost().saturating_add(ctx.objects()));
        metrics::operation_cost(cost.requested, cost.actual);
        let mut body = written.body;
        spending::tell_cost(&mut body, cost);
        let mut answer = Answer::new(outcome, kind, body);
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

fn kind(operation: &Operation) -> OperationKind {
    match operation.kind() {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    }
}

impl crate::http::Operations for App {
    async fn execute(&self, call: Call) -> Answer {
        let mut seen = Seen::default();
        match self.run(&call, &mut seen).await {
            Ok(answer) => answer,
            Err(stopped) => {
                let caller = &call.head.caller;
                stopped.answer(&caller.request_id, self.report(&seen, caller.address))
            }
        }
    }

    fn admit(&self, caller: &head::Caller) -> Result<(), Box<Answer>> {
        let admitted = self.0.throttle.admit(caller.address);
        admitted.map_err(|empty| Box::new(spending::exhausted(&empty, OperationKind::Unknown, &caller.request_id)))
    }

    fn came_to_nothing(&self, caller: &head::Caller) {
        self.0.throttle.count_refusal(caller.address);
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

    fn lacks_store_for(&self, permission: rules::permission::Permission) -> bool {
        self.0.lacks_store_for(permission)
    }
}

/// An operation that ended before it ran.
enum Stopped {
    Refused(Refusal),
    HashUnknown,
    Failed(Error),
    Denied(String, Reason),
    Throttled(OperationKind, Exhausted),
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
    fn answer(self, request_id: &RequestId, cost: Option<Report>) -> Answer {
        let (kind, error) = match self {
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
        let mut error = error;
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
    error.message = shortened(message, MAX_MESSAGE);
    let extensions = error.extensions.get_or_insert_with(Default::default);
    extensions.set("code", code);
    extensions.set("requestId", request_id);
}

/// So many characters of a text at the most.
fn shortened(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
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
        document: None,
    })
}
