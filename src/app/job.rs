//! What a call asks to be run.

use std::sync::{Arc, OnceLock};

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Variables};

use super::App;
use super::shared::Wording;
use super::spending::Seen;
use super::stopped::Stopped;
use crate::gate::document::{Document, DocumentHash, Operation, expect_trusted};
use crate::http::guard::Refusal;
use crate::http::{Call, OperationKind};
use crate::kernel::Ctx;

/// How many answers a caller can hear.
#[derive(Clone, Copy)]
pub(super) enum Hears {
    /// One.
    One,
    /// Any number.
    Many,
}

/// An operation that can run, with its variables.
pub struct Job {
    pub(super) hash: DocumentHash,
    pub(super) document: Document,
    pub(super) operation: Arc<Operation>,
    pub(super) kind: OperationKind,
    pub(super) variables: Variables,
    /// What each run is held to cost.
    pub(super) cost: u64,
    /// Its part of the question that remembered answers are found by, once somebody asked.
    pub(super) wording: OnceLock<Wording>,
}

impl Job {
    /// One run, for the engine.
    pub(super) fn request(&self, ctx: &Ctx) -> Request {
        self.document.request(&self.operation, self.variables.clone()).data(ctx.clone())
    }
}

impl App {
    /// What a call asks to be run. Nothing but what was sent decides it, so that it holds for whoever sends the
    /// same again.
    pub(super) async fn understand(&self, call: &Call, hears: Hears, seen: &mut Seen) -> Result<Job, Stopped> {
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
        if operation.introspects() && !self.0.surface.introspection {
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

    /// Checks a document, and keeps it.
    fn learn(&self, hash: DocumentHash, text: &str) -> Result<Document, Refusal> {
        let document = Document::prepare(text, &self.0.surface.index, &self.0.surface.rules, &self.0.limits)?;
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
}

fn kind(operation: &Operation) -> OperationKind {
    match operation.kind() {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    }
}
