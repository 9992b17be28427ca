//! `priceDelete`: a price goes for good.

use rules::ids::PriceId;

use super::super::events::{PriceDeleted, PriceSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Deletes the price.
pub async fn run(ctx: &Ctx, id: PriceId) -> Result<PriceId> {
    let mut tx = ctx.begin_store(Action::PriceDelete).await?;
    let product = store::find(&tx, id).await?.ok_or(Error::NotFound)?.product_id;
    // Whoever sets prices holds the product: after the lock nobody else can have taken the price away.
    if store::lock_living_products(&tx, &[product]).await?.is_empty() {
        return Err(Error::NotFound);
    }
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    store::delete(&tx, &[id]).await?;
    super::refresh_ranges(&tx, &[product]).await?;
    let price = PriceSnapshot::from(&before);
    let audit = Audit::deleted("price", id, &price);
    tx.emit(&PriceDeleted { price })?;
    tx.commit(audit).await?;
    Ok(id)
}
