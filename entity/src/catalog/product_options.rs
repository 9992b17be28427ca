//! Choices that a product offers, such as size.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, ProductOptionId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_options`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_options")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductOptionId,
    /// The product.
    pub product_id: ProductId,
    /// The name to show; unique in the product.
    pub name: String,
    /// The place among the product's options, from 0.
    pub position: i32,
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
    /// Its rows of `product_option_values`.
    #[sea_orm(has_many = "super::product_option_values::Entity")]
    ProductOptionValues,
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl Related<super::product_option_values::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductOptionValues.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
