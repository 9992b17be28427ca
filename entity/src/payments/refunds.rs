//! Money of payments that is given back.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{PaymentId, RefundId, StoreId};
use rules::states::RefundState;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `refunds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RefundId,
    /// The payment that it was taken with.
    pub payment_id: PaymentId,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How much, in minor units.
    pub amount: i64,
    /// Where it stands.
    pub state: RefundState,
    /// Why, in words of the store.
    pub reason: Option<String>,
    /// What whoever asked knows it by; unique in the store.
    pub idempotency_key: Option<String>,
    /// What the provider knows it by.
    pub reference: Option<String>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `payments`.
    #[sea_orm(
        belongs_to = "super::payments::Entity",
        from = "(Column::StoreId, Column::PaymentId)",
        to = "(super::payments::Column::StoreId, super::payments::Column::Id)"
    )]
    Payments,
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payments.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
