//! Batched reads of brands.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::brands;
use rules::ids::BrandId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Brands by id, deleted ones too: whoever shows them decides.
pub struct BrandById;

impl Batch for BrandById {
    type Key = BrandId;
    type Value = Option<Arc<brands::Model>>;

    async fn load(ctx: &Ctx, keys: &[BrandId]) -> Result<HashMap<BrandId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
