//! Pictures and films of products, kept elsewhere and named by their address.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, ProductMediaId, StoreId};
use rules::states::MediaKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_media`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_media")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductMediaId,
    /// The product.
    pub product_id: ProductId,
    /// Picture or film.
    pub kind: MediaKind,
    /// Where it is found.
    pub url: String,
    /// What it shows, in words.
    pub alt: Option<String>,
    /// The place among the product's media, from 0.
    pub position: i32,
    /// The width in pixels, where known.
    pub width: Option<i32>,
    /// The height in pixels, where known.
    pub height: Option<i32>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `products`.
    #[sea_orm(
        belongs_to = "super::products::Entity",
        from = "(Column::StoreId, Column::ProductId)",
        to = "(super::products::Column::StoreId, super::products::Column::Id)"
    )]
    Products,
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
