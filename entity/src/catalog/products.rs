//! Things that are sold.

use chrono::{DateTime, Utc};
use rules::ids::{BrandId, CategoryId, ProductId, StoreId, TaxCategoryId};
use rules::states::ProductStatus;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `products`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "products")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProductId,
    /// The name to show.
    pub title: String,
    /// The title folded for sorting.
    pub sort_title: String,
    /// The name in addresses; unique in the store among products that are not deleted.
    pub slug: String,
    /// The merchant's own word for what it is.
    pub product_type: Option<String>,
    /// Where it stands between draft and archive.
    pub status: ProductStatus,
    /// From when storefronts show it; none hides it.
    pub published_at: Option<DateTime<Utc>>,
    /// Who makes it.
    pub brand_id: Option<BrandId>,
    /// Where it stands in the store's tree.
    pub category_id: Option<CategoryId>,
    /// What it is to the tax office; none belongs to the store's default category.
    pub tax_category_id: Option<TaxCategoryId>,
    /// The title for search engines.
    pub seo_title: Option<String>,
    /// The description for search engines.
    pub seo_description: Option<String>,
    /// The product's id in the merchant's other system.
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
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
    /// Its row of `brands`.
    #[sea_orm(
        belongs_to = "super::brands::Entity",
        from = "(Column::StoreId, Column::BrandId)",
        to = "(super::brands::Column::StoreId, super::brands::Column::Id)"
    )]
    Brands,
    /// Its row of `categories`.
    #[sea_orm(
        belongs_to = "super::categories::Entity",
        from = "(Column::StoreId, Column::CategoryId)",
        to = "(super::categories::Column::StoreId, super::categories::Column::Id)"
    )]
    Categories,
    /// Its row of `tax_categories`.
    #[sea_orm(
        belongs_to = "crate::tax::tax_categories::Entity",
        from = "(Column::StoreId, Column::TaxCategoryId)",
        to = "(crate::tax::tax_categories::Column::StoreId, crate::tax::tax_categories::Column::Id)"
    )]
    TaxCategories,
    /// Its row of `product_descriptions`.
    #[sea_orm(has_one = "super::product_descriptions::Entity")]
    ProductDescriptions,
    /// Its rows of `product_options`.
    #[sea_orm(has_many = "super::product_options::Entity")]
    ProductOptions,
    /// Its rows of `product_variants`.
    #[sea_orm(has_many = "super::product_variants::Entity")]
    ProductVariants,
    /// Its rows of `product_media`.
    #[sea_orm(has_many = "super::product_media::Entity")]
    ProductMedia,
    /// Its rows of `collection_products`.
    #[sea_orm(has_many = "super::collection_products::Entity")]
    CollectionProducts,
    /// Its rows of `product_tags`.
    #[sea_orm(has_many = "super::product_tags::Entity")]
    ProductTags,
    /// Its rows of `prices`.
    #[sea_orm(has_many = "crate::pricing::prices::Entity")]
    Prices,
    /// Its rows of `product_price_ranges`.
    #[sea_orm(has_many = "crate::pricing::product_price_ranges::Entity")]
    ProductPriceRanges,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::brands::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Brands.def()
    }
}

impl Related<super::categories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Categories.def()
    }
}

impl Related<crate::tax::tax_categories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxCategories.def()
    }
}

impl Related<super::product_descriptions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductDescriptions.def()
    }
}

impl Related<super::product_options::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductOptions.def()
    }
}

impl Related<super::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl Related<super::product_media::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductMedia.def()
    }
}

impl Related<super::collection_products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CollectionProducts.def()
    }
}

impl Related<super::product_tags::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductTags.def()
    }
}

impl Related<crate::pricing::prices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Prices.def()
    }
}

impl Related<crate::pricing::product_price_ranges::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductPriceRanges.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
