//! `productMediaReorder`: the pictures and films of a product get another order.

use rules::Problems;
use rules::ids::{ProductId, ProductMediaId};

use super::super::events::{MediaList, ProductMediaReordered};
use crate::catalog::products::{self, Product};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Puts the media into the order.
pub async fn run(ctx: &Ctx, (product, ids): (ProductId, Vec<ProductMediaId>)) -> Result<Product> {
    let mut tx = ctx.begin_store(Action::ProductMediaReorder).await?;
    let mut edit = products::open(&tx, product, None).await?;
    let mut problems = Problems::new();
    edit.after.order_media(&ids, &mut problems);
    let edit = edit.close(&tx, problems).await?;
    let audit = Audit::updated("product", product, &MediaList::of(&edit.before), &MediaList::of(&edit.after));
    tx.emit(&ProductMediaReordered { list: MediaList::of(&edit.after) })?;
    tx.commit(audit).await?;
    Ok(edit.after.product.into())
}
