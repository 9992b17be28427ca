//! Payments that were begun for carts, with what the buyer agreed to.

use chrono::{DateTime, Utc};
use rules::ids::{CheckoutId, OrderId, PaymentId, StoreId};
use rules::states::CheckoutFate;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `checkout_attempts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "checkout_attempts")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The checkout.
    #[sea_orm(primary_key, auto_increment = false)]
    pub checkout_id: CheckoutId,
    /// Which of its payments, from 1 on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The payment.
    pub payment_id: PaymentId,
    /// The order that it is for: its codes and budgets are taken in its name before it is there.
    pub order_id: OrderId,
    /// What became of it.
    pub fate: CheckoutFate,
    /// Whether the provider ever said that it was made.
    pub was_made: bool,
    /// From when on the provider is asked what became of it.
    pub ask_from: DateTime<Utc>,
    /// The version of the cart that the buyer agreed to.
    pub cart_version: i64,
    /// All that the total was worked out from.
    #[sea_orm(column_type = "JsonBinary")]
    pub terms: Json,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `checkouts`.
    #[sea_orm(
        belongs_to = "super::checkouts::Entity",
        from = "(Column::StoreId, Column::CheckoutId)",
        to = "(super::checkouts::Column::StoreId, super::checkouts::Column::Id)"
    )]
    Checkouts,
    /// Its row of `payments`.
    #[sea_orm(
        belongs_to = "crate::payments::payments::Entity",
        from = "(Column::StoreId, Column::PaymentId)",
        to = "(crate::payments::payments::Column::StoreId, crate::payments::payments::Column::Id)"
    )]
    Payments,
}

impl Related<super::checkouts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Checkouts.def()
    }
}

impl Related<crate::payments::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payments.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
