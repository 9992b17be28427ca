//! Each time that a cart was left with something in it.

use chrono::{DateTime, Utc};
use rules::ids::{CartAbandonmentId, CartId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_abandonments`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_abandonments")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CartAbandonmentId,
    /// The cart.
    pub cart_id: CartId,
    /// The SHA-256 of the secret that leads back to it.
    pub token_hash: Vec<u8>,
    /// When the cart was last touched before it was left.
    pub abandoned_at: DateTime<Utc>,
    /// When it was noticed and told.
    pub told_at: DateTime<Utc>,
    /// When somebody came back by the secret; none where nobody did.
    pub recovered_at: Option<DateTime<Utc>>,
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
}

impl Related<super::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
