//! What each payment of an order has come to.

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, PaymentId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_payments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_payments")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// The payment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub payment_id: PaymentId,
    /// What was promised, in minor units, as every amount here.
    pub authorized: i64,
    /// What was taken.
    pub captured: i64,
    /// What was let go.
    pub voided: i64,
    /// What was given back.
    pub refunded: i64,
    /// What is being given back.
    pub refunding: i64,
    /// Whether the bank refused.
    pub declined: bool,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
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
