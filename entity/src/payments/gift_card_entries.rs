//! Changes of what gift cards are worth: appended, never changed.

use chrono::{DateTime, Utc};
use rules::ids::{GiftCardEntryId, GiftCardId, StoreId};
use rules::states::GiftCardEntryKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `gift_card_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "gift_card_entries")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GiftCardEntryId,
    /// The card.
    pub card_id: GiftCardId,
    /// Its number among those of the card, from 1.
    pub sequence: i64,
    /// Why it changed.
    pub kind: GiftCardEntryKind,
    /// By how much, in minor units.
    pub amount: i64,
    /// What the card was worth then.
    pub balance: i64,
    /// What was paid with it: a typed id.
    pub owner: Option<String>,
    /// What the store wrote down of it.
    pub note: Option<String>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `gift_cards`.
    #[sea_orm(
        belongs_to = "super::gift_cards::Entity",
        from = "(Column::StoreId, Column::CardId)",
        to = "(super::gift_cards::Column::StoreId, super::gift_cards::Column::Id)"
    )]
    GiftCards,
}

impl Related<super::gift_cards::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GiftCards.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
