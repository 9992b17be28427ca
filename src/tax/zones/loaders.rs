//! Batched reads of tax zones.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tax::tax_zones;
use rules::ids::TaxZoneId;
use rules::place::Territory;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Tax zones by id.
pub struct TaxZoneById;

impl Batch for TaxZoneById {
    type Key = TaxZoneId;
    type Value = Option<Arc<tax_zones::Model>>;

    async fn load(ctx: &Ctx, keys: &[TaxZoneId]) -> Result<HashMap<TaxZoneId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// Where tax zones are.
pub struct TerritoriesByTaxZone;

impl Batch for TerritoriesByTaxZone {
    type Key = TaxZoneId;
    type Value = Arc<Vec<Territory>>;

    async fn load(ctx: &Ctx, keys: &[TaxZoneId]) -> Result<HashMap<TaxZoneId, Self::Value>> {
        let zones = store::list_territories(&ctx.store().await?, keys).await?;
        Ok(zones.into_iter().map(|(zone, territories)| (zone, Arc::new(territories))).collect())
    }
}
