//! What providers told of their own accord; each once.

use chrono::{DateTime, Utc};
use rules::ids::{InboundWebhookId, PaymentId, PaymentProviderId, StoreId};
use rules::states::InboundWebhookOutcome;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `inbound_webhooks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "inbound_webhooks")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InboundWebhookId,
    /// Who told.
    pub provider_id: PaymentProviderId,
    /// What the provider knows it by.
    pub event_id: String,
    /// What it is, in the provider's words.
    pub event_type: String,
    /// The payment that it is about.
    pub payment_id: Option<PaymentId>,
    /// What came of it.
    pub outcome: InboundWebhookOutcome,
    /// What it told of the payment; nothing of the buyer.
    #[sea_orm(column_type = "JsonBinary")]
    pub facts: Json,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `payment_provider_configs`.
    #[sea_orm(
        belongs_to = "super::payment_provider_configs::Entity",
        from = "(Column::StoreId, Column::ProviderId)",
        to = "(super::payment_provider_configs::Column::StoreId, super::payment_provider_configs::Column::Id)"
    )]
    PaymentProviderConfigs,
    /// Its row of `payments`.
    #[sea_orm(
        belongs_to = "super::payments::Entity",
        from = "(Column::StoreId, Column::PaymentId)",
        to = "(super::payments::Column::StoreId, super::payments::Column::Id)"
    )]
    Payments,
}

impl Related<super::payment_provider_configs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PaymentProviderConfigs.def()
    }
}

impl Related<super::payments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payments.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
