//! Carts that were paid for, or are being.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, CheckoutId, OrderId, StoreId};
use rules::states::CheckoutStatus;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `checkouts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "checkouts")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckoutId,
    /// The cart; each has one at the most.
    pub cart_id: CartId,
    /// Where it stands: what its payments say, and whether there is an order.
    pub status: CheckoutStatus,
    /// The order; none before there is one.
    pub order_id: Option<OrderId>,
    /// When a worker looks at it; none where nothing is to be done.
    pub due_at: Option<DateTime<Utc>>,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `carts`.
    #[sea_orm(
        belongs_to = "crate::carts::carts::Entity",
        from = "(Column::StoreId, Column::CartId)",
        to = "(crate::carts::carts::Column::StoreId, crate::carts::carts::Column::Id)"
    )]
    Carts,
    /// Its row of `orders`.
    #[sea_orm(
        belongs_to = "crate::orders::orders::Entity",
        from = "(Column::StoreId, Column::OrderId)",
        to = "(crate::orders::orders::Column::StoreId, crate::orders::orders::Column::Id)"
    )]
    Orders,
    /// Its rows of `checkout_attempts`.
    #[sea_orm(has_many = "super::checkout_attempts::Entity")]
    CheckoutAttempts,
}

impl Related<crate::carts::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl Related<crate::orders::orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl Related<super::checkout_attempts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CheckoutAttempts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
