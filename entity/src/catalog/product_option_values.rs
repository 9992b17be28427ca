//! Answers to an option, such as large.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_option_values`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_option_values")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductOptionValueId,
    /// The product that the option belongs to.
    pub product_id: ProductId,
    /// The option that it answers.
    pub option_id: ProductOptionId,
    /// The name to show; unique in the option.
    pub name: String,
    /// The place among the option's values, from 0.
    pub position: i32,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `product_options`.
    #[sea_orm(
        belongs_to = "super::product_options::Entity",
        from = "(Column::StoreId, Column::ProductId, Column::OptionId)",
        to = "(super::product_options::Column::StoreId, super::product_options::Column::ProductId, super::product_options::Column::Id)"
    )]
    ProductOptions,
}

impl Related<super::product_options::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductOptions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
