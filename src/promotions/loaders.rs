//! Batched reads of promotions and of what was used of them.

use std::collections::HashMap;
use std::sync::Arc;

use entity::promotions::{promotion_spending, promotions};
use rules::ids::PromotionId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Promotions by id, deleted ones too: whoever shows them decides.
pub struct PromotionById;

impl Batch for PromotionById {
    type Key = PromotionId;
    type Value = Option<Arc<promotions::Model>>;

    async fn load(ctx: &Ctx, keys: &[PromotionId]) -> Result<HashMap<PromotionId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// How many orders each promotion was applied to.
pub struct UsesByPromotion;

impl Batch for UsesByPromotion {
    type Key = PromotionId;
    type Value = i64;

    async fn load(ctx: &Ctx, keys: &[PromotionId]) -> Result<HashMap<PromotionId, i64>> {
        let rows = store::list_usage(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.promotion_id, row.uses)).collect())
    }
}

/// What each promotion took off, in the order of the currencies.
pub struct SpendingByPromotion;

impl Batch for SpendingByPromotion {
    type Key = PromotionId;
    type Value = Vec<promotion_spending::Model>;

    async fn load(ctx: &Ctx, keys: &[PromotionId]) -> Result<HashMap<PromotionId, Self::Value>> {
        let mut spending: HashMap<PromotionId, Self::Value> = HashMap::new();
        for row in store::list_spending(&ctx.store().await?, keys, None).await? {
            spending.entry(row.promotion_id).or_default().push(row);
        }
        Ok(spending)
    }
}
