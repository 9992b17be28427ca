//! Batched reads of tags.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::tags;
use rules::ids::{ProductId, TagId};

use super::store;
use crate::catalog::products::Viewer;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Tags by id, those that the caller may see.
pub struct TagById;

impl Batch for TagById {
    type Key = TagId;
    type Value = Option<Arc<tags::Model>>;

    async fn load(ctx: &Ctx, keys: &[TagId]) -> Result<HashMap<TagId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, Viewer::of(ctx), keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The tags of each product, from A to Z.
pub struct TagsByProduct;

impl Batch for TagsByProduct {
    type Key = ProductId;
    type Value = Vec<Arc<tags::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let mut tags: HashMap<_, Self::Value> = HashMap::new();
        for (product, tag) in store::list_by_products(&ctx.store().await?, keys).await? {
            tags.entry(product).or_default().push(Arc::new(tag));
        }
        Ok(tags)
    }
}
