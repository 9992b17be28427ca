//! What came off each line of an order, and off shipping.

use rules::ids::{OrderDiscountId, OrderId, OrderLineId, PromotionId, StoreId};
use rules::states::DiscountPhase;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_discounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_discounts")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderDiscountId,
    /// The order.
    pub order_id: OrderId,
    /// The line; none for shipping.
    pub line_id: Option<OrderLineId>,
    /// Its place, from 0.
    pub position: i32,
    /// The promotion; none for a discount of the staff's own.
    pub promotion_id: Option<PromotionId>,
    /// What buyers saw it called.
    pub name: String,
    /// The code that was given for it.
    pub code: Option<String>,
    /// What is off what.
    pub phase: DiscountPhase,
    /// How much, in minor units.
    pub amount: i64,
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
    /// Its row of `order_lines`.
    #[sea_orm(
        belongs_to = "super::order_lines::Entity",
        from = "(Column::StoreId, Column::LineId)",
        to = "(super::order_lines::Column::StoreId, super::order_lines::Column::Id)"
    )]
    OrderLines,
}

impl Related<super::orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl Related<super::order_lines::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::OrderLines.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
