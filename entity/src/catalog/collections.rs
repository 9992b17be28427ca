//! Sets of products chosen by the merchant.

use chrono::{DateTime, Utc};
use rules::ids::{CollectionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `collections`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "collections")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CollectionId,
    /// The name to show.
    pub title: String,
    /// The title folded for sorting.
    pub sort_title: String,
    /// The name in addresses; unique in the store among collections that are not deleted.
    pub slug: String,
    /// The text as cleaned HTML.
    pub description_html: Option<String>,
    /// From when storefronts show it; none hides it.
    pub published_at: Option<DateTime<Utc>>,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
    /// Its rows of `collection_products`.
    #[sea_orm(has_many = "super::collection_products::Entity")]
    CollectionProducts,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::collection_products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CollectionProducts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
