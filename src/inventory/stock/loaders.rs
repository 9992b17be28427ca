//! Batched reads of items and levels.

use std::collections::HashMap;
use std::sync::Arc;

use entity::inventory::{inventory_items, inventory_levels, inventory_movements};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, ProductVariantId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Items by id.
pub struct InventoryItemById;

impl Batch for InventoryItemById {
    type Key = InventoryItemId;
    type Value = Option<Arc<inventory_items::Model>>;

    async fn load(ctx: &Ctx, keys: &[InventoryItemId]) -> Result<HashMap<InventoryItemId, Self::Value>> {
        let rows = store::items_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The item of each variant; none where stock was never set.
pub struct InventoryItemByVariant;

impl Batch for InventoryItemByVariant {
    type Key = ProductVariantId;
    type Value = Option<Arc<inventory_items::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductVariantId]) -> Result<HashMap<ProductVariantId, Self::Value>> {
        let rows = store::items_by_variants(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.variant_id, Some(Arc::new(row)))).collect())
    }
}

/// Levels by id.
pub struct InventoryLevelById;

impl Batch for InventoryLevelById {
    type Key = InventoryLevelId;
    type Value = Option<Arc<inventory_levels::Model>>;

    async fn load(ctx: &Ctx, keys: &[InventoryLevelId]) -> Result<HashMap<InventoryLevelId, Self::Value>> {
        let rows = store::levels_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The levels of each item, one a location, the oldest first.
pub struct LevelsByItem;

impl Batch for LevelsByItem {
    type Key = InventoryItemId;
    type Value = Vec<Arc<inventory_levels::Model>>;

    async fn load(ctx: &Ctx, keys: &[InventoryItemId]) -> Result<HashMap<InventoryItemId, Self::Value>> {
        let mut levels: HashMap<_, Self::Value> = HashMap::new();
        for row in store::levels_by_items(&ctx.store().await?, keys).await? {
            levels.entry(row.item_id).or_default().push(Arc::new(row));
        }
        Ok(levels)
    }
}

/// Movements by id.
pub struct InventoryMovementById;

impl Batch for InventoryMovementById {
    type Key = InventoryMovementId;
    type Value = Option<Arc<inventory_movements::Model>>;

    async fn load(ctx: &Ctx, keys: &[InventoryMovementId]) -> Result<HashMap<InventoryMovementId, Self::Value>> {
        let rows = store::movements_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
