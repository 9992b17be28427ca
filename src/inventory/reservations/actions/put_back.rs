//! Takes what was shipped in again.

use std::collections::HashMap;

use rules::states::MovementReason;
use rules::stock::Pick;
use rules::{ErrorCode, Problem};

use super::super::Owner;
use super::stay;
use crate::inventory::stock::{Change, InventoryReturned, Shelves, sent};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Puts units of `order` on the shelf again, each at the location that is named: where it came from, or where
/// returns are taken in.
///
/// # Errors
/// `Conflict` where more come back than were shipped and did not come back yet, whatever was asked before
/// (C22); then nothing is changed. `Retry` where a location is gone.
pub async fn put_back(tx: &mut Tx<StoreScope>, order: &Owner, parcel: &[Pick]) -> Result<()> {
    let mut shelves = Shelves::open(tx, &parcel.iter().map(|pick| pick.variant).collect()).await?;
    stay(tx, parcel).await?;
    let mut out: HashMap<_, i64> = sent(tx, order.as_str()).await?;
    for pick in parcel {
        let shelf = shelves.get(pick.variant).ok_or_else(|| too_many(0, pick.units))?;
        let out = out.entry(shelf.item.id).or_default();
        if !(1..=*out).contains(&pick.units) {
            return Err(too_many(*out, pick.units));
        }
        *out -= pick.units;
        let change = Change {
            delta: pick.units,
            reserved_delta: 0,
            reason: MovementReason::Returned,
            reference: Some(order.to_string()),
            is_fact: false,
        };
        shelves.get_mut(pick.variant)?.change(tx, pick.location, change).map_err(Error::Conflict)?;
    }
    shelves.close(tx, InventoryReturned).await?;
    Ok(())
}

fn too_many(out: i64, units: i64) -> Error {
    let message = format!("{out} units of it are out: {units} can't come back.");
    Error::Conflict(Problem::new(ErrorCode::OutOfRange, "", message))
}
