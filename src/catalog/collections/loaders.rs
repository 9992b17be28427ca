//! Batched reads of collections.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::collections;
use rules::ids::CollectionId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Collections by id, deleted ones too: whoever shows them decides.
pub struct CollectionById;

impl Batch for CollectionById {
    type Key = CollectionId;
    type Value = Option<Arc<collections::Model>>;

    async fn load(ctx: &Ctx, keys: &[CollectionId]) -> Result<HashMap<CollectionId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
