//! Batched reads of shipping rates.

use std::collections::HashMap;
use std::sync::Arc;

use entity::shipping::shipping_rates;
use rules::ids::{ShippingRateId, ShippingZoneId};

use super::prices::Prices;
use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Shipping rates by id.
pub struct ShippingRateById;

impl Batch for ShippingRateById {
    type Key = ShippingRateId;
    type Value = Option<Arc<shipping_rates::Model>>;

    async fn load(ctx: &Ctx, keys: &[ShippingRateId]) -> Result<HashMap<ShippingRateId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The rates of shipping zones, the oldest first.
pub struct ShippingRatesByZone;

impl Batch for ShippingRatesByZone {
    type Key = ShippingZoneId;
    type Value = Vec<Arc<shipping_rates::Model>>;

    async fn load(ctx: &Ctx, keys: &[ShippingZoneId]) -> Result<HashMap<ShippingZoneId, Self::Value>> {
        let mut zones: HashMap<ShippingZoneId, Self::Value> = HashMap::new();
        for row in store::list_by_zones(&ctx.store().await?, keys).await? {
            zones.entry(row.zone_id).or_default().push(Arc::new(row));
        }
        Ok(zones)
    }
}

/// What shipping rates cost.
pub struct PricesByRate;

impl Batch for PricesByRate {
    type Key = ShippingRateId;
    type Value = Option<Arc<Prices>>;

    async fn load(ctx: &Ctx, keys: &[ShippingRateId]) -> Result<HashMap<ShippingRateId, Self::Value>> {
        let scope = ctx.store().await?;
        let rates = store::list_by_ids(&scope, keys).await?;
        let prices = store::list_prices(&scope, &rates).await?;
        Ok(prices.into_iter().map(|(rate, prices)| (rate, Some(Arc::new(prices)))).collect())
    }
}
