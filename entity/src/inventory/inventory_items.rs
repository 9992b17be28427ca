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

impl ActiveModelBehavior for ActiveModel {}
