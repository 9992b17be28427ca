//! `productDelete`: a product goes with its variants, and can come back.

use rules::ids::ProductId;

use super::super::events::{ProductDeleted, ProductSnapshot};
use super::super::{save, store};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Deletes the product.
pub async fn run(ctx: &Ctx, id: ProductId) -> Result<ProductId> {
    let mut tx = ctx.begin_store(Action::ProductDelete).await?;
    let before = save::open(&tx, id, None).await?.before;
    store::delete(&tx, &before.product).await?;
    let audit = Audit::deleted("product", id, &ProductSnapshot::from(&before));
    tx.emit(&ProductDeleted { product: ProductSnapshot::from(&before) })?;
    tx.commit(audit).await?;
    Ok(id)
}
