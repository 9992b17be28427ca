//! Secrets that prove a cart to be the bearer's.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_tokens")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The SHA-256 of the secret.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    /// The cart that it proves.
    pub cart_id: CartId,
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
}

impl Related<super::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
