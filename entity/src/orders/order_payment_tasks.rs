//! What is to be done about payments of orders that were called off.

use chrono::{DateTime, Utc};
use rules::ids::{OrderId, OrderPaymentTaskId, PaymentId, StoreId};
use rules::states::PaymentTaskKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_payment_tasks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_payment_tasks")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderPaymentTaskId,
    /// The order.
    pub order_id: OrderId,
    /// The payment.
    pub payment_id: PaymentId,
    /// What is to be done.
    pub kind: PaymentTaskKind,
    /// How much it is about, in minor units.
    pub amount: i64,
    /// When a worker does it, or tries it again.
    pub due_at: DateTime<Utc>,
    /// When it was done; none before.
    pub done_at: Option<DateTime<Utc>>,
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
