//! What is stocked of a variant.

use chrono::{DateTime, Utc};
use rules::ids::{InventoryItemId, ProductVariantId, StoreId};
use rules::states::InventoryPolicy;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `inventory_items`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "inventory_items")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InventoryItemId,
    /// The variant; it has one item.
    pub variant_id: ProductVariantId,
    /// Whether stock is counted at all.
    pub tracked: bool,
    /// What happens when the stock is gone.
    pub policy: InventoryPolicy,
    /// How many units may be owed where the policy lets it be sold ahead; none is without end.
    pub backorder_limit: Option<i64>,
    /// When more is expected; visitors are told of it while it lies ahead.
    pub expected_at: Option<DateTime<Utc>>,
    /// Units that each location keeps back from sale.
    pub safety_stock: i64,
    /// From how many units down, over all locations and without those that are promised, it is ordered anew.
    pub reorder_level: Option<i64>,
    /// Whether there are so few: told once, until there are more again.
    pub is_low: bool,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `product_variants`.
    #[sea_orm(
        belongs_to = "crate::catalog::product_variants::Entity",
        from = "(Column::StoreId, Column::VariantId)",
        to = "(crate::catalog::product_variants::Column::StoreId, crate::catalog::product_variants::Column::Id)"
    )]
    ProductVariants,
    /// Its rows of `inventory_levels`.
    #[sea_orm(has_many = "super::inventory_levels::Entity")]
    InventoryLevels,
    /// Its rows of `inventory_movements`.
    #[sea_orm(has_many = "super::inventory_movements::Entity")]
    InventoryMovements,
    /// Its rows of `stock_reservations`.
    #[sea_orm(has_many = "super::stock_reservations::Entity")]
    StockReservations,
}

impl Related<crate::catalog::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl Related<super::inventory_levels::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryLevels.def()
    }
}

impl Related<super::inventory_movements::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InventoryMovements.def()
    }
}

impl Related<super::stock_reservations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::StockReservations.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
