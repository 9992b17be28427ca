//! Batched reads of media.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::product_media;
use rules::ids::{ProductId, ProductMediaId};

use super::store;
use crate::catalog::products;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The media of products, in their order.
pub struct MediaByProduct;

impl Batch for MediaByProduct {
    type Key = ProductId;
    type Value = Vec<Arc<product_media::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let mut media: HashMap<ProductId, Self::Value> = HashMap::new();
        for row in products::list_media(&ctx.store().await?, keys).await? {
            media.entry(row.product_id).or_default().push(Arc::new(row));
        }
        Ok(media)
    }
}

/// Media by id, those of hidden products too: whoever shows them decides.
pub struct MediaById;

impl Batch for MediaById {
    type Key = ProductMediaId;
    type Value = Option<Arc<product_media::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductMediaId]) -> Result<HashMap<ProductMediaId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
