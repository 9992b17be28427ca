//! The products of a collection, in the merchant's order.

use chrono::{DateTime, Utc};
use rules::ids::{CollectionId, ProductId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `collection_products`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "collection_products")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The collection.
    #[sea_orm(primary_key, auto_increment = false)]
    pub collection_id: CollectionId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// The place in the collection, from 0.
    pub position: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `collections`.
    #[sea_orm(
        belongs_to = "super::collections::Entity",
        from = "(Column::StoreId, Column::CollectionId)",
        to = "(super::collections::Column::StoreId, super::collections::Column::Id)"
    )]
    Collections,
    /// Its row of `products`.
    #[sea_orm(
        belongs_to = "super::products::Entity",
        from = "(Column::StoreId, Column::ProductId)",
        to = "(super::products::Column::StoreId, super::products::Column::Id)"
    )]
    Products,
}

impl Related<super::collections::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Collections.def()
    }
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
