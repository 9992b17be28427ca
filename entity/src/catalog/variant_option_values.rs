//! Which value of each option makes a variant.

use rules::ids::{ProductOptionId, ProductOptionValueId, ProductVariantId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `variant_option_values`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "variant_option_values")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The variant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub variant_id: ProductVariantId,
    /// The option.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option_id: ProductOptionId,
    /// The answer that the variant gives.
    pub option_value_id: ProductOptionValueId,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `product_variants`.
    #[sea_orm(
        belongs_to = "super::product_variants::Entity",
        from = "(Column::StoreId, Column::VariantId)",
        to = "(super::product_variants::Column::StoreId, super::product_variants::Column::Id)"
    )]
    ProductVariants,
    /// Its row of `product_option_values`.
    #[sea_orm(
        belongs_to = "super::product_option_values::Entity",
        from = "(Column::StoreId, Column::OptionId, Column::OptionValueId)",
        to = "(super::product_option_values::Column::StoreId, super::product_option_values::Column::OptionId, super::product_option_values::Column::Id)"
    )]
    ProductOptionValues,
}

impl Related<super::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl Related<super::product_option_values::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductOptionValues.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
