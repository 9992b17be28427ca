//! Batched reads of tax rates.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tax::tax_rates;
use rules::ids::{TaxRateId, TaxZoneId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Tax rates by id.
pub struct TaxRateById;

impl Batch for TaxRateById {
    type Key = TaxRateId;
    type Value = Option<Arc<tax_rates::Model>>;

    async fn load(ctx: &Ctx, keys: &[TaxRateId]) -> Result<HashMap<TaxRateId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The rates of tax zones, the oldest first.
pub struct TaxRatesByZone;

impl Batch for TaxRatesByZone {
    type Key = TaxZoneId;
    type Value = Vec<Arc<tax_rates::Model>>;

    async fn load(ctx: &Ctx, keys: &[TaxZoneId]) -> Result<HashMap<TaxZoneId, Self::Value>> {
        let mut zones: HashMap<TaxZoneId, Self::Value> = HashMap::new();
        for row in store::list_by_zones(&ctx.store().await?, keys).await? {
            zones.entry(row.zone_id).or_default().push(Arc::new(row));
        }
        Ok(zones)
    }
}
