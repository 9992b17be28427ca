//! How an order is shipped, a row for each part that is shipped one way.

use rules::ids::{OrderId, OrderShippingLineId, ShippingProfileId, ShippingRateId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_shipping_lines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_shipping_lines")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderShippingLineId,
    /// The order.
    pub order_id: OrderId,
    /// Its place, from 0.
    pub position: i32,
    /// The shipping profile of its goods; none where staff named the price.
    pub profile_id: Option<ShippingProfileId>,
    /// The rate that was chosen; none where staff named the price.
    pub rate_id: Option<ShippingRateId>,
    /// What it was called.
    pub title: String,
    /// What it costs before discounts, in minor units of the order's currency, as every amount here.
    pub price: i64,
    /// What is off.
    pub discount: i64,
    /// What is left, in the order's tax mode.
    pub amount: i64,
    /// The same without tax.
    pub net: i64,
    /// All taxes on it.
    pub tax: i64,
    /// Net and tax.
    pub gross: i64,
    /// The tax that was inside the price and is taken off for who pays none.
    pub tax_exempted: i64,
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
