//! Batched reads of discount codes.

use std::collections::HashMap;
use std::sync::Arc;

use entity::promotions::discount_codes;
use rules::ids::DiscountCodeId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Codes by id, deleted ones too: whoever shows them decides.
pub struct DiscountCodeById;

impl Batch for DiscountCodeById {
    type Key = DiscountCodeId;
    type Value = Option<Arc<discount_codes::Model>>;

    async fn load(ctx: &Ctx, keys: &[DiscountCodeId]) -> Result<HashMap<DiscountCodeId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
