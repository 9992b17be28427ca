//! All that the totals of orders were worked out from.

use rules::ids::{OrderId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_terms`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_terms")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// The version of the rules.
    pub rules_version: i64,
    /// The basket, the offers that were applied, and the taxes, as the rules write them.
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: Json,
    /// What came of each promotion, as the rules write it.
    #[sea_orm(column_type = "JsonBinary")]
    pub evaluation: Json,
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
