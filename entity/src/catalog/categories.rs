//! The store's tree of categories.

use chrono::{DateTime, Utc};
use rules::ids::{CategoryId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `categories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "categories")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CategoryId,
    /// The category above; none at the top.
    pub parent_id: Option<CategoryId>,
    /// The name to show.
    pub name: String,
    /// The name folded for sorting.
    pub sort_name: String,
    /// The name in addresses; unique in the store among categories that are not deleted.
    pub slug: String,
    /// The text as cleaned HTML.
    pub description_html: Option<String>,
    /// The place among the categories under the same parent, from 0.
    pub position: i32,
    /// How many categories stand above it.
    pub depth: i32,
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
    /// The row above.
    #[sea_orm(
        belongs_to = "Entity",
        from = "(Column::StoreId, Column::ParentId)",
        to = "(Column::StoreId, Column::Id)"
    )]
    Parent,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
