//! Keeps the units of a cart until a moment.

use chrono::{DateTime, Utc};
use rules::stock::Destination;

use super::super::{Owner, store};
use super::{Line, MAX_HOLD, Outcome, choose, demand, rows_of, variants};
use crate::inventory::stock::{InventoryReserved, Shelves};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Keeps all units that the lines want for `owner`, or none of them: then nothing is changed, and the answer
/// tells how many are left. What the owner held before is let go where the new hold is good, and never
/// stands in its way. `to` is where the order goes, as far as that is known. From `until` on the hold counts
/// no more, by the clock; an hour is the longest.
///
/// # Errors
/// `Retry` where a location goes at the same moment; `Internal` for lines or a moment that no cart lets
/// through.
pub async fn hold(
    tx: &mut Tx<StoreScope>,
    owner: &Owner,
    lines: &[Line],
    to: &Destination,
    until: DateTime<Utc>,
) -> Result<Outcome> {
    let (now, demand) = (tx.ctx().now(), demand(lines)?);
    if until <= now || until > now + MAX_HOLD {
        return Err(Error::internal("a hold ends within the hour"));
    }
    let mut shelves = Shelves::open(tx, &variants(tx, owner, &demand).await?).await?;
    let picks = match choose(tx, &mut shelves, owner, &demand, to).await? {
        Ok(picks) => picks,
        Err(short) => return Ok(Outcome::Short(short)),
    };
    let rows = rows_of(tx, &mut shelves, owner, &picks, Some(until))?;
    for shelf in shelves.iter_mut() {
        shelf.holds.retain(|hold| hold.owner != owner.as_str());
        shelf.holds.extend(rows.iter().filter(|row| row.item_id == shelf.item.id).cloned());
    }
    shelves.close(tx, InventoryReserved).await?;
    store::delete_holds(tx, owner).await?;
    store::insert(tx, rows).await?;
    Ok(Outcome::Kept(picks))
}
