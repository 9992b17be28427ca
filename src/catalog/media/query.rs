//! Reads of media.

use rules::ids::ProductMediaId;

use super::loaders::MediaById;
use super::types::ProductMedia;
use crate::catalog::products::Product;
use crate::kernel::{ById, Ctx, Result};

/// A medium, if the caller may see its product.
impl ById for ProductMedia {
    type Id = ProductMediaId;

    async fn by_id(ctx: &Ctx, id: ProductMediaId) -> Result<Option<Self>> {
        ctx.store_context()?;
        let Some(row) = ctx.load::<MediaById>(id).await? else { return Ok(None) };
        let product = Product::by_id(ctx, row.product_id).await?;
        Ok(product.map(|_| Self(row)))
    }
}
