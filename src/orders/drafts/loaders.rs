//! Batched reads of drafts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::orders::{draft_order_lines, draft_orders};
use rules::ids::DraftOrderId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Drafts by id: whoever shows them decides.
pub struct DraftById;

impl Batch for DraftById {
    type Key = DraftOrderId;
    type Value = Option<Arc<draft_orders::Model>>;

    async fn load(ctx: &Ctx, keys: &[DraftOrderId]) -> Result<HashMap<DraftOrderId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The lines of drafts.
pub struct LinesByDraft;

impl Batch for LinesByDraft {
    type Key = DraftOrderId;
    type Value = Vec<Arc<draft_order_lines::Model>>;

    async fn load(ctx: &Ctx, keys: &[DraftOrderId]) -> Result<HashMap<DraftOrderId, Self::Value>> {
        let mut all: HashMap<DraftOrderId, Self::Value> = HashMap::new();
        for row in store::list_lines(&ctx.store().await?, keys).await? {
            all.entry(row.draft_order_id).or_default().push(Arc::new(row));
        }
        Ok(all)
    }
}
