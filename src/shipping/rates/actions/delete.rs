//! `shippingRateDelete`: a way to ship is offered no more.

use rules::ids::{ShippingRateId, ShippingZoneId};

use super::super::events::{ShippingRateDeleted, ShippingRateSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};

/// Deletes the shipping rate.
pub async fn run(ctx: &Ctx, (id, expected): (ShippingRateId, Option<i32>)) -> Result<ShippingRateId> {
    let mut tx = ctx.begin_store(Action::ShippingRateDelete).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let prices = store::list_prices(&tx, std::slice::from_ref(&before)).await?.remove(&id).ok_or(Error::NotFound)?;
    if !store::delete(&tx, &before).await? {
        return Err(input::stale());
    }
    let snapshot = ShippingRateSnapshot::of(&before, prices);
    let audit = Audit::deleted("shipping_rate", id, &snapshot);
    tx.emit(&ShippingRateDeleted { shipping_rate: snapshot })?;
    tx.commit(audit).await?;
    Ok(id)
}

/// Deletes all rates of zones, and tells of each: the door for whoever deletes the zones, and holds them.
///
/// # Errors
/// What the database says.
pub async fn delete_of_zones(tx: &mut Tx<StoreScope>, zones: &[ShippingZoneId]) -> Result<()> {
    let rates = store::list_by_zones(tx, zones).await?;
    let mut prices = store::list_prices(tx, &rates).await?;
    store::delete_of_zones(tx, zones).await?;
    for rate in &rates {
        let Some(prices) = prices.remove(&rate.id) else { continue };
        tx.emit(&ShippingRateDeleted { shipping_rate: ShippingRateSnapshot::of(rate, prices) })?;
    }
    Ok(())
}
