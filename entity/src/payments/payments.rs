//! What somebody pays for one cart or order, by one means: a provider, a gift card, or store credit.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{CartId, GiftCardId, OrderId, PaymentId, PaymentProviderId, StoreCreditId, StoreId};
use rules::states::{CaptureMode, PaymentReview, PaymentStatus};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `payments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    /// Where it is paid; none where a gift card or store credit is paid with, and for money that came in by hand.
    pub provider_id: Option<PaymentProviderId>,
    /// The gift card that is paid with.
    pub gift_card_id: Option<GiftCardId>,
    /// The store credit that is paid with.
    pub store_credit_id: Option<StoreCreditId>,
    /// The cart that it is for, where it began with one.
    pub cart_id: Option<CartId>,
    /// The order that it is for, where there is one.
    pub order_id: Option<OrderId>,
    /// What whoever began it knows it by; unique in the store.
    pub idempotency_key: String,
    /// The currency of all amounts.
    pub currency: Currency,
    /// What it is about, in minor units.
    pub amount: i64,
    /// When what the bank promised is taken.
    pub capture_mode: CaptureMode,
    /// What it has come to, in one word.
    pub status: PaymentStatus,
    /// What was promised.
    pub authorized: i64,
    /// What was taken.
    pub captured: i64,
    /// What was let go.
    pub voided: i64,
    /// What was given back.
    pub refunded: i64,
    /// What we asked to be given back, without an answer so far.
    pub refunding: i64,
    /// What the provider knows it by.
    pub reference: Option<String>,
    /// Why somebody has to look at it.
    pub review: Option<PaymentReview>,
    /// Whether whoever it pays for was told what it has come to.
    pub followed: bool,
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
    /// Its row of `payment_provider_configs`.
    #[sea_orm(
        belongs_to = "super::payment_provider_configs::Entity",
        from = "(Column::StoreId, Column::ProviderId)",
        to = "(super::payment_provider_configs::Column::StoreId, super::payment_provider_configs::Column::Id)"
    )]
    PaymentProviderConfigs,
    /// Its row of `gift_cards`.
    #[sea_orm(
        belongs_to = "super::gift_cards::Entity",
        from = "(Column::StoreId, Column::GiftCardId)",
        to = "(super::gift_cards::Column::StoreId, super::gift_cards::Column::Id)"
    )]
    GiftCards,
    /// Its row of `store_credits`.
    #[sea_orm(
        belongs_to = "super::store_credits::Entity",
        from = "(Column::StoreId, Column::StoreCreditId)",
        to = "(super::store_credits::Column::StoreId, super::store_credits::Column::Id)"
    )]
    StoreCredits,
    /// Its row of `carts`.
    #[sea_orm(
        belongs_to = "crate::carts::carts::Entity",
        from = "(Column::StoreId, Column::CartId)",
        to = "(crate::carts::carts::Column::StoreId, crate::carts::carts::Column::Id)"
    )]
    Carts,
}

impl Related<super::payment_provider_configs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PaymentProviderConfigs.def()
    }
}

impl Related<super::gift_cards::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GiftCards.def()
    }
}

impl Related<super::store_credits::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StoreCredits.def()
    }
}

impl Related<crate::carts::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
