//! Batched reads of shipping zones.

use std::collections::HashMap;
use std::sync::Arc;

use entity::shipping::shipping_zones;
use rules::ids::{ShippingProfileId, ShippingZoneId};
use rules::place::Territory;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Shipping zones by id.
pub struct ShippingZoneById;

impl Batch for ShippingZoneById {
    type Key = ShippingZoneId;
    type Value = Option<Arc<shipping_zones::Model>>;

    async fn load(ctx: &Ctx, keys: &[ShippingZoneId]) -> Result<HashMap<ShippingZoneId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The zones of shipping profiles, the oldest first.
pub struct ShippingZonesByProfile;

impl Batch for ShippingZonesByProfile {
    type Key = ShippingProfileId;
    type Value = Vec<Arc<shipping_zones::Model>>;

    async fn load(ctx: &Ctx, keys: &[ShippingProfileId]) -> Result<HashMap<ShippingProfileId, Self::Value>> {
        let mut profiles: HashMap<ShippingProfileId, Self::Value> = HashMap::new();
        for row in store::list_by_profiles(&ctx.store().await?, keys).await? {
            profiles.entry(row.profile_id).or_default().push(Arc::new(row));
        }
        Ok(profiles)
    }
}

/// Where shipping zones are.
pub struct TerritoriesByShippingZone;

impl Batch for TerritoriesByShippingZone {
    type Key = ShippingZoneId;
    type Value = Arc<Vec<Territory>>;

    async fn load(ctx: &Ctx, keys: &[ShippingZoneId]) -> Result<HashMap<ShippingZoneId, Self::Value>> {
        let zones = store::list_territories(&ctx.store().await?, keys).await?;
        Ok(zones.into_iter().map(|(zone, territories)| (zone, Arc::new(territories))).collect())
    }
}
