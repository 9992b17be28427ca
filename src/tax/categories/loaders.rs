//! Batched reads of tax categories.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tax::tax_categories;
use rules::ids::TaxCategoryId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Tax categories by id, deleted ones too: whoever shows them decides.
pub struct TaxCategoryById;

impl Batch for TaxCategoryById {
    type Key = TaxCategoryId;
    type Value = Option<Arc<tax_categories::Model>>;

    async fn load(ctx: &Ctx, keys: &[TaxCategoryId]) -> Result<HashMap<TaxCategoryId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
