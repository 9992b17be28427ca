//! `productVariantDelete`: a variant goes for good; its row stays for what refers to it.

use rules::Problems;
use rules::ids::ProductVariantId;

use super::super::events::ProductVariantDeleted;
use super::super::store;
use crate::catalog::ListingChanged;
use crate::catalog::products::{self, VariantSnapshot};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the variant. `R` is what follows from it.
pub async fn run<R: ListingChanged>(ctx: &Ctx, id: ProductVariantId) -> Result<ProductVariantId> {
    let mut tx = ctx.begin_store(Action::ProductVariantDelete).await?;
    let product = store::find_product(&tx, id).await?.ok_or(Error::NotFound)?;
    let mut edit = products::open(&tx, product, None).await?;
    let before = VariantSnapshot::find(&edit.before, id).ok_or(Error::NotFound)?;
    let mut problems = Problems::new();
    edit.after.remove_variant(id, &mut problems);
    edit.close(&tx, problems).await?;
    R::listing_changed(&tx, &[product]).await?;
    let audit = Audit::deleted("product_variant", id, &before);
    tx.emit(&ProductVariantDeleted { product_variant: before })?;
    tx.commit(audit).await?;
    Ok(id)
}
