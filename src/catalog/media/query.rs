//! Reads of media.

use rules::ids::ProductMediaId;

use super::store;
use super::types::ProductMedia;
use crate::catalog::products;
use crate::kernel::{Ctx, Result};

/// A medium by its id, if the caller may see its product. For `node`.
///
/// # Errors
/// `StoreRequired` where the request names no store.
pub async fn find(ctx: &Ctx, id: ProductMediaId) -> Result<Option<ProductMedia>> {
    let Some(row) = store::find(&ctx.store().await?, id).await? else { return Ok(None) };
    let product = products::find(ctx, row.product_id).await?;
    Ok(product.map(|_| row.into()))
}
