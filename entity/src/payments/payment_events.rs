//! What happened to payments: appended, never changed (rule Y1).

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{PaymentEventId, PaymentId, StoreId};
use rules::states::{PaymentEventKind, PaymentEventSource};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `payment_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "payment_events")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentEventId,
    /// The payment that it happened to.
    pub payment_id: PaymentId,
    /// What happened.
    pub kind: PaymentEventKind,
    /// The provider's reference, or the refund's id where we asked.
    pub reference: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How much it is about, in minor units.
    pub amount: i64,
    /// Who told.
    pub source: PaymentEventSource,
    /// Whether it contradicts what came before, and counts for nothing.
    pub parked: bool,
    /// When it happened, as the provider says.
    pub occurred_at: DateTime<Utc>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
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
