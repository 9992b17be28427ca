//! Batched reads of reservations.

use std::collections::HashMap;
use std::sync::Arc;

use entity::inventory::stock_reservations;
use rules::ids::{InventoryItemId, StockReservationId};

use super::store::{self, Held};
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Reservations by id; of holds those that are not over.
pub struct StockReservationById;

impl Batch for StockReservationById {
    type Key = StockReservationId;
    type Value = Option<Arc<stock_reservations::Model>>;

    async fn load(ctx: &Ctx, keys: &[StockReservationId]) -> Result<HashMap<StockReservationId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys, ctx.now()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// How many units of each item carts hold now, by the level.
pub struct HeldByItem;

impl Batch for HeldByItem {
    type Key = InventoryItemId;
    type Value = Arc<Held>;

    async fn load(ctx: &Ctx, keys: &[InventoryItemId]) -> Result<HashMap<InventoryItemId, Self::Value>> {
        let held = store::held_of(&ctx.store().await?, keys, ctx.now()).await?;
        Ok(held.into_iter().map(|(item, levels)| (item, Arc::new(levels))).collect())
    }
}
