//! Where orders stood, one change a row; appended, never edited.

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, OrderStatusChangeId, StoreId};
use rules::states::{ActorKind, OrderStatusKind};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_status_history`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_status_history")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderStatusChangeId,
    /// The order.
    pub order_id: OrderId,
    /// What changed.
    pub kind: OrderStatusKind,
    /// The version of the order that the change made.
    pub order_version: i64,
    /// What it was; none at the beginning.
    pub from_status: Option<String>,
    /// What it became.
    pub to_status: String,
    /// What kind of caller wrote it.
    pub actor_kind: ActorKind,
    /// Who it was; none for nobody known.
    pub actor_id: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `orders`.
    #[sea_orm(
        belongs_to = "super::orders::Entity",
        from = "(Column::StoreId, Column::OrderId)",
        to = "(super::orders::Column::StoreId, super::orders::Column::Id)"
    )]
    Orders,
}

impl Related<super::orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
