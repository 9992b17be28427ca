//! Requests made of providers. The id of each is the key under which the provider does it once.

use chrono::{DateTime, Utc};
use rules::ids::{PaymentAttemptId, PaymentId, RefundId, StoreId};
use rules::states::{DeclineReason, PaymentAttemptKind, PaymentAttemptState};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `payment_attempts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "payment_attempts")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentAttemptId,
    /// The payment that it is about.
    pub payment_id: PaymentId,
    /// The refund that it is about.
    pub refund_id: Option<RefundId>,
    /// What was asked for.
    pub kind: PaymentAttemptKind,
    /// What became of it.
    pub state: PaymentAttemptState,
    /// How much it is about, in minor units of the payment's currency.
    pub amount: i64,
    /// Why it was not done.
    pub failure: Option<DeclineReason>,
    /// Where the buyer has to go.
    pub action_url: Option<String>,
    /// From when on the provider is asked what became of it, as long as it is open.
    pub ask_from: DateTime<Utc>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When it was known; none as long as it is open.
    pub finished_at: Option<DateTime<Utc>>,
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
    /// Its row of `refunds`.
    #[sea_orm(
        belongs_to = "super::refunds::Entity",
        from = "(Column::StoreId, Column::RefundId)",
        to = "(super::refunds::Column::StoreId, super::refunds::Column::Id)"
    )]
    Refunds,
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payments.def()
    }
}

impl Related<super::refunds::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Refunds.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
