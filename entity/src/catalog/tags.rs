//! Words that products are marked with.

use chrono::{DateTime, Utc};
use rules::ids::{StoreId, TagId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `tags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "tags")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TagId,
    /// The word as first written.
    pub name: String,
    /// The word folded for comparing; unique in the store.
    pub name_normalized: String,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
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
    /// Its rows of `product_tags`.
    #[sea_orm(has_many = "super::product_tags::Entity")]
    ProductTags,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::product_tags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductTags.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
