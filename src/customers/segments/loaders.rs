//! Batched reads of segments.

use std::collections::HashMap;
use std::sync::Arc;

use entity::customers::segments;
use rules::ids::{CustomerId, SegmentId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Segments by id.
pub struct SegmentById;

impl Batch for SegmentById {
    type Key = SegmentId;
    type Value = Option<Arc<segments::Model>>;

    async fn load(ctx: &Ctx, keys: &[SegmentId]) -> Result<HashMap<SegmentId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The segments that each customer belongs to at this moment, in the order of their ids.
pub struct SegmentsByCustomer;

impl Batch for SegmentsByCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<segments::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let mut found: HashMap<CustomerId, Self::Value> = HashMap::with_capacity(keys.len());
        for (customer, segment) in store::list_rows_of(&ctx.store().await?, keys).await? {
            found.entry(customer).or_default().push(Arc::new(segment));
        }
        Ok(found)
    }
}
