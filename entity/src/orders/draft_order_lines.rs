//! Some units in a draft.

use rules::ids::{DraftOrderId, DraftOrderLineId, ProductVariantId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `draft_order_lines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "draft_order_lines")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DraftOrderLineId,
    /// The draft.
    pub draft_order_id: DraftOrderId,
    /// Its place, from 0.
    pub position: i32,
    /// What is bought; none for what staff made up.
    pub variant_id: Option<ProductVariantId>,
    /// What is bought, where it is no variant.
    pub title: Option<String>,
    /// Its stock number, where it is no variant.
    pub sku: Option<String>,
    /// How many.
    pub quantity: i32,
    /// What one costs, in minor units; none for the store's own price.
    pub unit_price: Option<i64>,
    /// Whether what staff made up is shipped.
    pub requires_shipping: bool,
    /// Whether what staff made up is taxed.
    pub taxable: bool,
    /// A list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `draft_orders`.
    #[sea_orm(
        belongs_to = "super::draft_orders::Entity",
        from = "(Column::StoreId, Column::DraftOrderId)",
        to = "(super::draft_orders::Column::StoreId, super::draft_orders::Column::Id)"
    )]
    DraftOrders,
    /// Its row of `product_variants`.
    #[sea_orm(
        belongs_to = "crate::catalog::product_variants::Entity",
        from = "(Column::StoreId, Column::VariantId)",
        to = "(crate::catalog::product_variants::Column::StoreId, crate::catalog::product_variants::Column::Id)"
    )]
    ProductVariants,
}

impl Related<super::draft_orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::DraftOrders.def()
    }
}

impl Related<crate::catalog::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
