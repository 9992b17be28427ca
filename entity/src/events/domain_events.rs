//! What happened in a store, written with the change and told to the world later.

use chrono::{DateTime, Utc};
use rules::ids::{DomainEventId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `domain_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "domain_events")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DomainEventId,
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
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
