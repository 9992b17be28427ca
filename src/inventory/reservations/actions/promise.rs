//! Promises the units of a cart to its order.

use rules::states::MovementReason;
use rules::stock::{Destination, Pick, holds_good};

use super::super::store::KeptFor;
use super::super::{Owner, store};
use super::{Line, Outcome, choose, demand, rows_of, stay, variants};
use crate::inventory::stock::{Change, InventoryReserved, Shelves};
use crate::kernel::{Result, StoreScope, Tx};

/// Promises the units that the lines want to `order`: those that `cart` holds, if they still do, or else
/// units that are found anew. The hold ends with it. Where there are too few, nothing is changed, and the
/// answer tells how many are left: an order without stock is never made by a hold that is over, nor by one
/// whose goods were lost meanwhile. Asked again for the same order, it changes nothing.
///
/// # Errors
/// As [`super::hold`].
pub async fn promise(
    tx: &mut Tx<StoreScope>,
    cart: &Owner,
    order: &Owner,
    lines: &[Line],
    to: &Destination,
) -> Result<Outcome> {
    let demand = demand(lines)?;
    let mut shelves = Shelves::open(tx, &variants(tx, cart, &demand).await?).await?;
    // Asked only now: whoever promised them a moment ago held the shelves.
    let promised = store::of_owner(tx, order).await?;
    if !promised.is_empty() {
        return Ok(Outcome::Kept(promised.iter().map(pick_of).collect()));
    }
    let held = held_by(cart, &mut shelves);
    let picks = if holds_good(&held, &demand, &shelves.stock(Some(cart.as_str()))) {
        stay(tx, &held).await?;
        held
    } else {
        match choose(tx, &mut shelves, cart, &demand, to).await? {
            Ok(picks) => picks,
            Err(short) => return Ok(Outcome::Short(short)),
        }
    };
    for pick in &picks {
        let change = Change {
            delta: 0,
            reserved_delta: pick.units,
            reason: MovementReason::Reserved,
            reference: Some(order.to_string()),
            is_fact: false,
        };
        shelves.get_mut(pick.variant)?.change(tx, pick.location, change)?;
    }
    let rows = rows_of(tx, &mut shelves, order, &picks, None)?;
    for shelf in shelves.iter_mut() {
        shelf.holds.retain(|hold| hold.owner != cart.as_str());
    }
    shelves.close(tx, InventoryReserved).await?;
    store::delete_holds(tx, cart).await?;
    store::insert(tx, rows).await?;
    Ok(Outcome::Kept(picks))
}

/// What a cart holds now, in the order of variants and locations.
fn held_by(cart: &Owner, shelves: &mut Shelves) -> Vec<Pick> {
    let mut picks = Vec::new();
    for shelf in shelves.iter_mut() {
        let variant = shelf.item.variant_id;
        let own = shelf.holds.iter().filter(|hold| hold.owner == cart.as_str());
        picks.extend(own.map(|hold| Pick { variant, location: hold.location_id, units: hold.quantity }));
    }
    picks.sort_unstable();
    picks
}

fn pick_of(kept: &KeptFor) -> Pick {
    Pick { variant: kept.variant_id, location: kept.location_id, units: kept.quantity }
}
