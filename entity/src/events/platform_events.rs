//! What happened to organizations and accounts, written with the change and told later.

use chrono::{DateTime, Utc};
use rules::ids::DomainEventId;
use rules::states::EventScope;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `platform_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "platform_events")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DomainEventId,
    /// Whether `scope_id` names an organization or a user.
    pub scope_type: EventScope,
    /// The organization or the user.
    pub scope_id: Uuid,
    /// What happened, such as `product.updated`.
    pub topic: String,
    /// What kind of thing it happened to, such as `product`.
    pub aggregate_type: String,
    /// The typed id of that thing.
    pub aggregate_id: String,
    /// Counts the events of one aggregate, from 1.
    pub sequence: i64,
    /// What a listener is told.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// Who did it, such as `user_01jd…`.
    pub actor: String,
    /// The request that did it.
    pub request_id: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was handed on; none while it waits.
    pub relayed_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
