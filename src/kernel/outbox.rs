//! The outbox: events are written in the transaction of the change that they tell of (rule W1), numbered
//! within the thing that they are about.

use rules::ids::DomainEventId;
use rules::states::EventScope;
use sea_orm::{ConnectionTrait, Statement, Value};
use serde::Serialize;
use uuid::Uuid;

use super::ctx::Ctx;
use super::error::{Error, Result, Violation, ViolationKind};
use super::scope::{AccountScope, OrganizationScope, Scope, StoreScope};
use super::signals::{Signal, WrittenEvent};

/// Something that happened, told in the past tense and complete in itself.
pub trait Event: Serialize {
    /// What listeners subscribe to, such as `product.created`.
    const TOPIC: &'static str;
    /// The kind of thing it is about, such as `product`. Events of one thing are numbered and
    /// delivered in order.
    const AGGREGATE: &'static str;

    /// The typed id of that thing.
    fn aggregate_id(&self) -> String;
}

/// An event on its way into the outbox.
#[derive(Debug)]
pub struct Pending {
    topic: &'static str,
    aggregate: &'static str,
    aggregate_id: String,
    payload: serde_json::Value,
}

impl Pending {
    pub(super) fn of<E: Event>(event: &E) -> Result<Self> {
        Ok(Self {
            topic: E::TOPIC,
            aggregate: E::AGGREGATE,
            aggregate_id: event.aggregate_id(),
            payload: serde_json::to_value(event).map_err(Error::internal)?,
        })
    }
}

/// A scope that has an outbox.
pub trait Tells: Scope {
    /// Writes the events in their order, and gives what the nodes are told of them.
    fn write(&self, ctx: &Ctx, events: Vec<Pending>) -> impl Future<Output = Result<Option<Signal>>> + Send;
}

impl Tells for StoreScope {
    async fn write(&self, ctx: &Ctx, events: Vec<Pending>) -> Result<Option<Signal>> {
        let mut written = Vec::with_capacity(events.len());
        for event in events {
            let topic = event.topic.into();
            let id = insert(self, ctx, "domain_events", &[("store_id", self.id().0.into())], event).await?;
            written.push(WrittenEvent { id, topic });
        }
        Ok((!written.is_empty()).then(|| Signal::EventsWritten { store: self.id(), events: written.into() }))
    }
}

impl Tells for OrganizationScope {
    async fn write(&self, ctx: &Ctx, events: Vec<Pending>) -> Result<Option<Signal>> {
        platform(self, ctx, EventScope::Organization, self.id().0, events).await.map(|()| None)
    }
}

impl Tells for AccountScope {
    async fn write(&self, ctx: &Ctx, events: Vec<Pending>) -> Result<Option<Signal>> {
        platform(self, ctx, EventScope::User, self.id().0, events).await.map(|()| None)
    }
}

async fn platform(scope: &impl Scope, ctx: &Ctx, kind: EventScope, id: Uuid, events: Vec<Pending>) -> Result<()> {
    for event in events {
        let keys = [("scope_type", kind.name().into()), ("scope_id", id.into())];
        insert(scope, ctx, "platform_events", &keys, event).await?;
    }
    Ok(())
}

/// Writes one event with the next number of its aggregate, found and used in one statement. Two
/// transactions that change one thing meet at its row; where they do not, the unique key lets one
/// through and sends the other round again.
async fn insert(
    scope: &impl Scope,
    ctx: &Ctx,
    table: &str,
    keys: &[(&str, Value)],
    event: Pending,
) -> Result<DomainEventId> {
    let event_id: DomainEventId = ctx.id();
    let (kind, id) = ctx.actor().label();
    let columns: Vec<&str> = keys.iter().map(|(column, _)| *column).collect();
    let mut values: Vec<Value> = keys.iter().map(|(_, value)| value.clone()).collect();
    let places: Vec<String> = (1..=keys.len()).map(|place| format!("${place}")).collect();
    let tenant: Vec<String> =
        columns.iter().zip(&places).map(|(column, place)| format!("{column} = {place}")).collect();
    let n = keys.len();
    let sql = format!(
        "INSERT INTO {table} ({}, id, topic, aggregate_type, aggregate_id, payload, actor, request_id, occurred_at, sequence) \
         SELECT {}, ${}, ${}, ${}, ${}, ${}, ${}, ${}, ${}, \
         (SELECT COALESCE(MAX(sequence), 0) + 1 FROM {table} WHERE {} AND aggregate_type = ${} AND aggregate_id = ${})",
        columns.join(", "),
        places.join(", "),
        n + 1,
        n + 2,
        n + 3,
        n + 4,
        n + 5,
        n + 6,
        n + 7,
        n + 8,
        tenant.join(" AND "),
        n + 3,
        n + 4,
    );
    values.extend([
        event_id.0.into(),
        event.topic.into(),
        event.aggregate.into(),
        event.aggregate_id.into(),
        event.payload.into(),
        id.unwrap_or_else(|| kind.name().to_owned()).into(),
        ctx.caller().request_id.clone().into(),
        ctx.now().into(),
    ]);
    let statement = Statement::from_sql_and_values(scope.conn().get_database_backend(), sql, values);
    match scope.conn().execute_raw(statement).await {
        Ok(_) => Ok(event_id),
        Err(error) => match Violation::of(&error) {
            Some(violation) if violation.kind == ViolationKind::Unique => Err(Error::Retry),
            _ => Err(error.into()),
        },
    }
}
