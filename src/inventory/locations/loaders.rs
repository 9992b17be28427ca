//! Batched reads of locations.

use std::collections::HashMap;
use std::sync::Arc;

use entity::inventory::locations;
use rules::ids::LocationId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Locations by id, deleted ones too: whoever shows them decides.
pub struct LocationById;

impl Batch for LocationById {
    type Key = LocationId;
    type Value = Option<Arc<locations::Model>>;

    async fn load(ctx: &Ctx, keys: &[LocationId]) -> Result<HashMap<LocationId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
