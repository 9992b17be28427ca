//! Some units of a variant in a cart.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, CartLineId, ProductVariantId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_lines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_lines")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CartLineId,
    /// The cart.
    pub cart_id: CartId,
    /// The place among the lines of the cart.
    pub position: i32,
    /// What is bought.
    pub variant_id: ProductVariantId,
    /// How many, one at least.
    pub quantity: i32,
    /// What the buyer adds to it, such as an engraving: a list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    /// What the attributes come down to; empty where there are none.
    pub attributes_key: String,
    /// What one unit cost when the line was added, in minor units of the cart's currency.
    pub added_price: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
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
    /// Its row of `product_variants`.
    #[sea_orm(
        belongs_to = "crate::catalog::product_variants::Entity",
        from = "(Column::StoreId, Column::VariantId)",
        to = "(crate::catalog::product_variants::Column::StoreId, crate::catalog::product_variants::Column::Id)"
    )]
    ProductVariants,
}

impl Related<super::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl Related<crate::catalog::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
