//! The words that orders are found by.

use rules::ids::{OrderId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_keys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_keys")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The word, folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
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
