//! What the store's people wrote about orders.

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, OrderNoteId, StoreId};
use rules::states::ActorKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_notes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_notes")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderNoteId,
    /// The order.
    pub order_id: OrderId,
    /// What it says.
    pub body: String,
    /// What kind of caller wrote it.
    pub actor_kind: ActorKind,
    /// Who it was; none for nobody known.
    pub actor_id: Option<String>,
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
