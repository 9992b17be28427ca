//! `taxZoneDelete`: a tax zone goes, and its rates with it.

use rules::ids::TaxZoneId;

use super::super::events::{TaxZoneDeleted, TaxZoneSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tax::rates;

/// Deletes the tax zone, and tells of each of its rates.
pub async fn run(ctx: &Ctx, (id, expected): (TaxZoneId, Option<i32>)) -> Result<TaxZoneId> {
    let mut tx = ctx.begin_store(Action::TaxZoneDelete).await?;
    // Whoever puts a rate into it holds it too: the rates that are told of are all there are.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let territories = store::list_territories(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    rates::delete_of_zone(&mut tx, id).await?;
    store::delete(&tx, id).await?;
    let snapshot = TaxZoneSnapshot::of(&before, territories);
    let audit = Audit::deleted("tax_zone", id, &snapshot);
    tx.emit(&TaxZoneDeleted { tax_zone: snapshot })?;
    tx.commit(audit).await?;
    Ok(id)
}
