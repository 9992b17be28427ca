//! Batched reads of shipping profiles.

use std::collections::HashMap;
use std::sync::Arc;

use entity::shipping::shipping_profiles;
use rules::ids::{ProductId, ShippingProfileId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Shipping profiles by id.
pub struct ShippingProfileById;

impl Batch for ShippingProfileById {
    type Key = ShippingProfileId;
    type Value = Option<Arc<shipping_profiles::Model>>;

    async fn load(ctx: &Ctx, keys: &[ShippingProfileId]) -> Result<HashMap<ShippingProfileId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The profiles that products are shipped by: those that they were put into, else the default.
pub struct ShippingProfileByProduct;

impl Batch for ShippingProfileByProduct {
    type Key = ProductId;
    type Value = Option<Arc<shipping_profiles::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let scope = ctx.store().await?;
        let members = store::list_of_products(&scope, keys).await?;
        let default = store::find_default(&scope).await?.map(Arc::new);
        let ids: Vec<ShippingProfileId> = members.values().copied().collect();
        let rows = store::list_by_ids(&scope, &ids).await?;
        let by_id: HashMap<_, _> = rows.into_iter().map(|row| (row.id, Arc::new(row))).collect();
        let own = |product: &ProductId| members.get(product).and_then(|id| by_id.get(id)).cloned();
        Ok(keys.iter().map(|product| (*product, own(product).or_else(|| default.clone()))).collect())
    }
}
