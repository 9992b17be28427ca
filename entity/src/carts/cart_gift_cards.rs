//! The gift cards that a cart is to be paid with.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, GiftCardId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_gift_cards`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_gift_cards")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The cart.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cart_id: CartId,
    /// The card.
    #[sea_orm(primary_key, auto_increment = false)]
    pub card_id: GiftCardId,
    /// The place among the cards of the cart.
    pub position: i32,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `carts`.
    #[sea_orm(
        belongs_to = "super::carts::Entity",
        from = "(Column::StoreId, Column::CartId)",
        to = "(super::carts::Column::StoreId, super::carts::Column::Id)"
    )]
    Carts,
    /// Its row of `gift_cards`.
    #[sea_orm(
        belongs_to = "crate::payments::gift_cards::Entity",
        from = "(Column::StoreId, Column::CardId)",
        to = "(crate::payments::gift_cards::Column::StoreId, crate::payments::gift_cards::Column::Id)"
    )]
    GiftCards,
}

impl Related<super::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl Related<crate::payments::gift_cards::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::GiftCards.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
