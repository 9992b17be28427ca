//! The product, put together once from its settings: what the HTTP edge asks.

mod checking;
mod repeated;
mod shared;
mod spending;
mod stopped;
mod subscriptions;
mod webhooks;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::config::Config;
use crate::gate::access::{AccessRules, Caller, MissingRule};
use crate::gate::authentication::{Claims, SentDocument, authenticate};
use crate::gate::document::{Document, DocumentHash, KnownDocuments, Operation, expect_trusted};
use crate::gate::schema_index::{IndexError, SchemaIndex};
use crate::gate::throttle::{Hold, Report, Throttle};
use crate::http::cache::Answers;
use crate::http::guard::{Limits, Refusal};
use crate::http::{
    Answer, AnswerKind, Begun, Call, OperationKind, Readiness, RequestHead, Sent, head, metrics, writer,
};
use crate::kernel::{Actor, Ctx, Error, System};
use crate::payments::gateway::PaymentGateways;
use crate::schema::{self, StoaSchema};
use repeated::Repeated;
use shared::Wording;
use spending::Seen;
use stopped::{Stopped, is_away, is_retry, mend};

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
    answers: Option<Answers>,
    repeated: Repeated,
    cdn_max_age: Duration,
    documents: KnownDocuments,
    throttle: Throttle,
    subscriptions: subscriptions::Settings,
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

/// Gives a system the payment providers that are built in: whoever asks providers needs them, and works without an
/// [`App`], as a worker does. A build that has put in its own keeps them.
pub fn equip(system: &System) {
    if system.extensions.get::<PaymentGateways>().is_none() {
        system.extensions.put(PaymentGateways::of(&system.settings.payments));
    }
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
        equip(&system);
        let throttle = Throttle::new(config.throttle.clone(), Arc::clone(&system.clock));
        let parts = Arc::new(Parts {
            system,
            schema,
            index,
            rules,
            limits: config.limits.clone(),
            introspection: config.introspection,
            server_timing: config.server_timing,
            answers: Answers::new(config.settings.cache_bytes),
            repeated: Repeated::default(),
            cdn_max_age: config.cdn_max_age,
            documents: KnownDocuments::default(),
            throttle,
            subscriptions: subscriptions::Settings::of(config),
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

    /// The routes beside GraphQL: what payment providers tell.
    pub fn routes(&self) -> axum::Router {
        webhooks::routes(Arc::clone(&self.0.system))
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
    async fn document(&self, call: &Call, seen: &mut Seen) -> Result<Document, Stopped> {
        let hash = call.document.hash;
        if let Some(document) = self.0.documents.find(&hash) {
            return Ok(document);
        }
        if let Some(text) = &call.document.text {
            return Ok(self.learn(hash, text)?);
        }
        let ctx = seen.ctx.insert(Box::pin(self.identify(&call.head, hash, true)).await?);
        let registered = ctx.caller().trusted_document.as_ref().and_then(|document| document.text.as_deref());
        match registered {
            Some(text) => Ok(self.learn(hash, text)?),
            None => Err(expect_trusted(ctx).err().map_or(Stopped::HashUnknown, Stopped::Refused)),
        }
    }

    /// Finds out who asks and where.
    async fn identify(&self, head: &RequestHead, document: DocumentHash, text_wanted: bool) -> Result<Ctx, Error> {
        let document = SentDocument { hash: document.0, text_wanted };
        authenticate(&self.0.system, Claims { document: Some(document), ..claims(head)? }).await
    }

    /// The one door: every operation comes in here, whichever way it was sent. Its document can run, and its
    /// caller may ask for it in this store.
    async fn take_in(&self, call: &Call, hears: Hears, seen: &mut Seen) -> Result<(Arc<Job>, Ctx), Stopped> {
        let job = Arc::new(self.understand(call, hears, seen).await?);
        let ctx = self.let_in(&call.head, &job, seen).await?;
        Ok((job, ctx))
    }

    /// What a call asks to be run. Nothing but what was sent decides it, so that it holds for whoever sends the
    /// same again.
    async fn understand(&self, call: &Call, hears: Hears, seen: &mut Seen) -> Result<Job, Stopped> {
        let document = self.document(call, seen).await?;
        seen.requested = Some(0);
        let operation = Arc::clone(document.operation(call.operation_name.as_deref())?);
        let kind = kind(&operation);
        match (kind, hears) {
            (OperationKind::Subscription, Hears::Many) => {}
            (kind, _) if call.head.is_get() && kind != OperationKind::Query => return Err(Stopped::ByGet(kind)),
            (OperationKind::Subscription, Hears::One) => return Err(Refusal::OneAnswerOnly.into()),
            _ => {}
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
        let (hash, cost, wording) = (call.document.hash, bound.cost, OnceLock::new());
        Ok(Job { hash, document, operation, kind, variables: bound.variables, cost, wording })
    }

    /// Finds out who asks, and holds what is asked against that: at each request anew.
    async fn let_in(&self, head: &RequestHead, job: &Job, seen: &mut Seen) -> Result<Ctx, Stopped> {
        seen.requested = Some(job.cost);
        let ctx = match &seen.ctx {
            Some(ctx) => ctx.clone(),
            None => seen.ctx.insert(self.identify(head, job.hash, false).await?).clone(),
        };
        Self::allow(&ctx, &job.operation)?;
        Ok(ctx)
    }

    /// Holds an operation against its caller: a document that the store trusts, and nothing that the caller
    /// may not ask for.
    fn allow(ctx: &Ctx, operation: &Operation) -> Result<(), Stopped> {
        expect_trusted(ctx)?;
        Ok(operation.check_access(&Asks(ctx))?)
    }

    /// Takes what a run is held to cost, where its caller has not spent too much.
    fn take(&self, ctx: &Ctx, job: &Job) -> Result<Hold, Stopped> {
        self.0.throttle.take(ctx.caller(), job.cost).map_err(|empty| Stopped::Throttled(job.kind, empty))
    }

    /// Answers an operation that was taken in, and has one answer: from memory, or by running it. `sent` is what
    /// it was read from, where that is worth remembering.
    async fn answer_to(
        &self,
        sent: Option<&Sent>,
        head: &RequestHead,
        job: &Arc<Job>,
        ctx: &Ctx,
    ) -> Result<Answer, Stopped> {
        let shared = self.shared(job, ctx);
        if let Some(shared) = &shared
            && let Some(remembered) = shared.find(ctx.now()).await
        {
            let taken = self.0.throttle.take_least(ctx.caller(), job.cost);
            let cost = taken.map_err(|empty| Stopped::Throttled(job.kind, empty))?;
            metrics::operation_cost(cost.requested, cost.actual);
            if let Some(sent) = sent {
                self.0.repeated.keep(sent, job);
            }
            return Ok(self.tell(head, job, ctx, &remembered, cost));
        }
        let hold = self.take(ctx, job)?;
        // What runs is boxed: what is remembered does not carry its size along.
        let written = match &shared {
            Some(shared) => match Box::pin(self.share(shared, job, ctx)).await {
                Ok(remembered) => return Ok(self.tell(head, job, ctx, &remembered, settle(job, ctx, hold))),
                Err(written) => written,
            },
            None => Box::pin(self.run(job, ctx)).await,
        };
        let mut answer = Self::answer(job, &written, settle(job, ctx, hold));
        self.note_statements(ctx, &mut answer.headers);
        Ok(answer)
    }

    /// Runs an operation that has one answer, and gives the connection back.
    async fn run(&self, job: &Job, ctx: &Ctx) -> writer::Answer {
        if job.kind == OperationKind::Mutation {
            // What a write is decided by must be as it is now.
            ctx.leave_replica().await;
        }
        // Without the scheduler's budget: where hundreds of fields wait for one batch, it would let them go
        // on a few at a time, and each few would ask the database again.
        let execute = || tokio::task::unconstrained(Box::pin(self.0.schema.execute(job.request(ctx))));
        let mut response = execute().await;
        // What the standby's replay stood in the way of, the primary can answer.
        if job.kind == OperationKind::Query && response.errors.iter().any(is_retry) && ctx.leave_replica().await {
            response = execute().await;
        }
        ctx.release().await;
        self.write(job, ctx, response)
    }

    /// Writes what an operation came to.
    fn write(&self, job: &Job, ctx: &Ctx, mut response: Response) -> writer::Answer {
        for error in &mut response.errors {
            mend(error, &ctx.caller().request_id);
        }
        writer::write(&job.document, job.operation.name(), &job.variables, &self.0.index, &response)
    }

    /// The answer around what an operation came to.
    fn answer(job: &Job, written: &writer::Answer, cost: Report) -> Answer {
        let outcome = match (written.errors.is_empty(), written.data.is_some()) {
            (true, _) => AnswerKind::Executed,
            (false, true) => AnswerKind::ExecutedWithErrors,
            (false, false) => AnswerKind::RequestError,
        };
        let mut body = written.body();
        spending::tell_cost(&mut body, cost);
        let mut answer = Answer::new(outcome, job.kind, body);
        if written.errors.iter().any(is_away) {
            answer.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }

    /// The answer to a call that stopped before it ran. The connection that it took is given back.
    async fn stop(&self, stopped: Stopped, head: &RequestHead, seen: &Seen) -> Answer {
        if let Some(ctx) = &seen.ctx {
            ctx.release().await;
        }
        let caller = &head.caller;
        stopped.answer(&caller.request_id, self.report(seen, caller.address))
    }

    /// Tells how many statements a request has taken, where that is told.
    fn note_statements(&self, ctx: &Ctx, headers: &mut HeaderMap) {
        if self.0.server_timing
            && let Ok(value) = HeaderValue::from_str(&format!("sql;desc=\"{} statements\"", ctx.statements()))
        {
            headers.insert("server-timing", value);
        }
    }
}

/// How many answers a caller can hear.
#[derive(Clone, Copy)]
enum Hears {
    One,
    Many,
}

/// An operation that can run, with its variables.
pub struct Job {
    hash: DocumentHash,
    document: Document,
    operation: Arc<Operation>,
    kind: OperationKind,
    variables: Variables,
    /// What each run is held to cost.
    cost: u64,
    /// Its part of the question that remembered answers are found by, once somebody asked.
    wording: OnceLock<Wording>,
}

impl Job {
    /// One run, for the engine.
    fn request(&self, ctx: &Ctx) -> Request {
        self.document.request(&self.operation, self.variables.clone()).data(ctx.clone())
    }
}

/// Gives back what was held and not used.
fn settle(job: &Job, ctx: &Ctx, hold: Hold) -> Report {
    let cost = hold.settle(job.operation.base_cost().saturating_add(ctx.objects()));
    metrics::operation_cost(cost.requested, cost.actual);
    cost
}

fn kind(operation: &Operation) -> OperationKind {
    match operation.kind() {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    }
}

impl crate::http::Operations for App {
    type Known = Job;

    async fn execute(&self, call: Call) -> Answer {
        let mut seen = Seen::default();
        let answered = match self.take_in(&call, Hears::One, &mut seen).await {
            Ok((job, ctx)) => self.answer_to(call.sent.as_ref(), &call.head, &job, &ctx).await,
            Err(stopped) => Err(stopped),
        };
        match answered {
            Ok(answer) => answer,
            Err(stopped) => self.stop(stopped, &call.head, &seen).await,
        }
    }

    async fn begin(&self, call: Call) -> Begun {
        let mut seen = Seen::default();
        let begun = match self.take_in(&call, Hears::Many, &mut seen).await {
            Ok((job, ctx)) if job.kind == OperationKind::Subscription => self.subscribe(&call, job, &ctx).await,
            Ok((job, ctx)) => self.answer_to(call.sent.as_ref(), &call.head, &job, &ctx).await.map(Begun::Answered),
            Err(stopped) => Err(stopped),
        };
        match begun {
            Ok(begun) => begun,
            Err(stopped) => Begun::Answered(self.stop(stopped, &call.head, &seen).await),
        }
    }

    fn recognize(&self, sent: &Sent) -> Option<Arc<Job>> {
        self.0.repeated.find(sent)
    }

    async fn execute_again(&self, job: Arc<Job>, head: RequestHead) -> Answer {
        let mut seen = Seen::default();
        let answered = match self.let_in(&head, &job, &mut seen).await {
            Ok(ctx) => self.answer_to(None, &head, &job, &ctx).await,
            Err(stopped) => Err(stopped),
        };
        match answered {
            Ok(answer) => answer,
            Err(stopped) => self.stop(stopped, &head, &seen).await,
        }
    }

    async fn name_caller(&self, head: &RequestHead) -> Result<String, Answer> {
        self.name_of(head).await
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
        let check = async {
            let conn = self.0.system.db.inspect().await?;
            let pending = migration::pending(&conn).await?;
            conn.rollback().await;
            Ok::<_, Error>(pending)
        };
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
        self.0.shopper().is_some()
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
