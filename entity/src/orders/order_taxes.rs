//! The taxes of orders by name and rate.

use rules::ids::{OrderId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_taxes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_taxes")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// Its place, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// What it is called; none for what no tax lies on.
    pub name: Option<String>,
    /// The number that the net was multiplied by.
    pub rate: String,
    /// What it lies on, in minor units.
    pub net: i64,
    /// How much it is.
    pub tax: i64,
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
