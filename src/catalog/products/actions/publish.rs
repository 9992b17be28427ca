//! `productPublish`: storefronts show a product from a time on.

use chrono::{DateTime, Utc};
use rules::Problems;
use rules::ids::ProductId;
use rules::states::ProductStatus;

use super::super::draft;
use super::super::events::{ProductPublished, ProductSnapshot};
use super::super::save;
use super::super::types::Product;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Publishes the product.
pub async fn run(ctx: &Ctx, (id, at): (ProductId, Option<DateTime<Utc>>)) -> Result<Product> {
    let at = draft::moment("at", at.unwrap_or_else(|| ctx.now()))?;
    let mut tx = ctx.begin_store(Action::ProductPublish).await?;
    let mut edit = save::open(&tx, id, None).await?;
    edit.after.product.status = ProductStatus::Active;
    edit.after.product.published_at = Some(at);
    let edit = edit.close(&tx, Problems::new()).await?;
    let (before, after) = (ProductSnapshot::from(&edit.before), ProductSnapshot::from(&edit.after));
    let audit = Audit::updated("product", id, &before, &after);
    tx.emit(&ProductPublished { product: after })?;
    tx.commit(audit).await?;
    Ok(edit.after.product.into())
}
