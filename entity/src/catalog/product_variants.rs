//! Sellable versions of products.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{ProductId, ProductMediaId, ProductVariantId, StoreId, TaxCategoryId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_variants`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_variants")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductVariantId,
    /// The product.
    pub product_id: ProductId,
    /// The option values joined, or a word for the only variant.
    pub title: String,
    /// The ids of the option values, sorted and joined; unique in the product among variants that are not deleted.
    pub option_key: String,
    /// The merchant's stock number as written.
    pub sku: Option<String>,
    /// The stock number folded for comparing; unique in the store among variants that are not deleted.
    pub sku_normalized: Option<String>,
    /// The GTIN, EAN or other bar code.
    pub barcode: Option<String>,
    /// The weight of one unit in grams.
    pub weight_grams: Option<i64>,
    /// Whether it is sent as a parcel.
    pub requires_shipping: bool,
    /// Whether tax is charged.
    pub taxable: bool,
    /// What it is to the tax office; none is what its product is.
    pub tax_category_id: Option<TaxCategoryId>,
    /// The code that tax services know it by.
    pub tax_code: Option<String>,
    /// What one unit costs the merchant, in minor units of `cost_currency`.
    pub cost_amount: Option<i64>,
    /// The ISO 4217 code of the cost; set where `cost_amount` is.
    pub cost_currency: Option<Currency>,
    /// The picture that shows this variant.
    pub media_id: Option<ProductMediaId>,
    /// The place among the product's variants, from 0.
    pub position: i32,
    /// The variant's id in the merchant's other system.
    pub external_id: Option<String>,
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
    /// Its row of `products`.
    #[sea_orm(
        belongs_to = "super::products::Entity",
        from = "(Column::StoreId, Column::ProductId)",
        to = "(super::products::Column::StoreId, super::products::Column::Id)"
    )]
    Products,
    /// Its row of `product_media`.
    #[sea_orm(
        belongs_to = "super::product_media::Entity",
        from = "(Column::StoreId, Column::MediaId)",
        to = "(super::product_media::Column::StoreId, super::product_media::Column::Id)"
    )]
    ProductMedia,
    /// Its row of `tax_categories`.
    #[sea_orm(
        belongs_to = "crate::tax::tax_categories::Entity",
        from = "(Column::StoreId, Column::TaxCategoryId)",
        to = "(crate::tax::tax_categories::Column::StoreId, crate::tax::tax_categories::Column::Id)"
    )]
    TaxCategories,
    /// Its rows of `variant_option_values`.
    #[sea_orm(has_many = "super::variant_option_values::Entity")]
    VariantOptionValues,
    /// Its row of `inventory_items`.
    #[sea_orm(has_one = "crate::inventory::inventory_items::Entity")]
    InventoryItems,
}

impl Related<super::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl Related<super::product_media::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductMedia.def()
    }
}

impl Related<crate::tax::tax_categories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxCategories.def()
    }
}

impl Related<super::variant_option_values::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::VariantOptionValues.def()
    }
}

impl Related<crate::inventory::inventory_items::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryItems.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
