//! Which products carry which tags.

use rules::ids::{ProductId, StoreId, TagId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_tags`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_tags")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// The tag.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tag_id: TagId,
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
    /// Its row of `tags`.
    #[sea_orm(
        belongs_to = "super::tags::Entity",
        from = "(Column::StoreId, Column::TagId)",
        to = "(super::tags::Column::StoreId, super::tags::Column::Id)"
    )]
    Tags,
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl Related<super::tags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Tags.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
