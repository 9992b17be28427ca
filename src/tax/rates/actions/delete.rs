//! `taxRateDelete`: a tax is raised no more.

use rules::ids::{TaxRateId, TaxZoneId};

use super::super::events::{TaxRateDeleted, TaxRateSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};

/// Deletes the tax rate.
pub async fn run(ctx: &Ctx, (id, expected): (TaxRateId, Option<i32>)) -> Result<TaxRateId> {
    let mut tx = ctx.begin_store(Action::TaxRateDelete).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if !store::delete(&tx, &before).await? {
        return Err(input::stale());
    }
    tx.emit(&TaxRateDeleted { tax_rate: TaxRateSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("tax_rate", id, &TaxRateSnapshot::from(&before))).await?;
    Ok(id)
}

/// Deletes all rates of a zone, and tells of each: the door for whoever deletes the zone, and holds it.
///
/// # Errors
/// What the database says.
pub async fn delete_of_zone(tx: &mut Tx<StoreScope>, zone: TaxZoneId) -> Result<()> {
    let rates = store::list_by_zones(tx, &[zone]).await?;
    store::delete_of_zone(tx, zone).await?;
    for rate in &rates {
        tx.emit(&TaxRateDeleted { tax_rate: TaxRateSnapshot::from(rate) })?;
    }
    Ok(())
}
