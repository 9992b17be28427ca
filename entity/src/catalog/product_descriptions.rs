//! The long text of a product, kept apart so that list rows stay narrow.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_descriptions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_descriptions")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// The text as cleaned HTML.
    pub html: String,
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
