//! `productUnpublish`: storefronts no longer show a product.

use rules::Problems;
use rules::ids::ProductId;

use super::super::events::{ProductSnapshot, ProductUnpublished};
use super::super::save;
use super::super::types::Product;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Hides the product.
pub async fn run(ctx: &Ctx, id: ProductId) -> Result<Product> {
    let mut tx = ctx.begin_store(Action::ProductUnpublish).await?;
    let mut edit = save::open(&tx, id, None).await?;
    edit.after.product.published_at = None;
    let edit = edit.close(&tx, Problems::new()).await?;
    let (before, after) = (ProductSnapshot::from(&edit.before), ProductSnapshot::from(&edit.after));
    let audit = Audit::updated("product", id, &before, &after);
    tx.emit(&ProductUnpublished { product: after })?;
    tx.commit(audit).await?;
    Ok(edit.after.product.into())
}
