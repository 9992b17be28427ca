//! What of gift cards is kept for somebody, until a moment.

use chrono::{DateTime, Utc};
use rules::ids::{GiftCardId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `gift_card_holds`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "gift_card_holds")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The card.
    #[sea_orm(primary_key, auto_increment = false)]
    pub card_id: GiftCardId,
    /// For whom: a typed id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner: String,
    /// How much, in minor units.
    pub amount: i64,
    /// The moment from which it counts no more.
    pub expires_at: DateTime<Utc>,
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
