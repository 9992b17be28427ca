//! `productRestore`: a deleted product comes back, under its old slug and SKUs if those are still free.

use rules::ids::ProductId;

use super::super::events::{ProductRestored, ProductSnapshot};
use super::super::store;
use super::super::types::Product;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Brings the product back.
pub async fn run(ctx: &Ctx, id: ProductId) -> Result<Product> {
    let mut tx = ctx.begin_store(Action::ProductRestore).await?;
    let gone = store::lock(&tx, id).await?.filter(|row| row.deleted_at.is_some()).ok_or(Error::NotFound)?;
    let before = store::aggregate(&tx, gone).await?;
    let product = store::restore(&tx, &before.product).await?;
    let after = store::aggregate(&tx, product).await?;
    let snapshot = ProductSnapshot::from(&after);
    let audit = Audit::updated("product", id, &ProductSnapshot::from(&before), &snapshot);
    tx.emit(&ProductRestored { product: snapshot })?;
    tx.commit(audit).await?;
    Ok(after.product.into())
}
