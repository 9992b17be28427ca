//! Takes what is promised out of the house.

use rules::states::{MovementReason, ReservationKind};
use rules::stock::Pick;
use rules::{ErrorCode, Problem};

use super::super::{Owner, store};
use crate::inventory::stock::{Change, InventoryFulfilled, Shelves};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Sends units that are promised to `order`, each from where it is promised: they are there no more, and
/// promised no more.
///
/// # Errors
/// `Conflict` where more are sent than are promised there, or than are there; then nothing is changed.
pub async fn ship(tx: &mut Tx<StoreScope>, order: &Owner, parcel: &[Pick]) -> Result<()> {
    let mut shelves = Shelves::open(tx, &parcel.iter().map(|pick| pick.variant).collect()).await?;
    let mut promised = store::of_owner(tx, order).await?;
    for pick in parcel {
        let of_pick = |kept: &&mut store::KeptFor| {
            let there = (kept.variant_id, kept.location_id) == (pick.variant, pick.location);
            there && kept.kind == ReservationKind::Promise
        };
        let kept = promised.iter_mut().find(of_pick);
        let units = kept.as_ref().map_or(0, |kept| kept.quantity);
        let Some(kept) = kept.filter(|kept| (1..=kept.quantity).contains(&pick.units)) else {
            let message = format!("{units} units are promised to the order here: {} can't be sent.", pick.units);
            return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "", message)));
        };
        let shelf = shelves.get_mut(pick.variant)?;
        let change = Change {
            delta: -pick.units,
            reserved_delta: -pick.units,
            reason: MovementReason::Fulfilled,
            reference: Some(order.to_string()),
            // What nobody counts goes out whatever the books say.
            is_fact: !shelf.item.tracked,
        };
        shelf.change(tx, pick.location, change).map_err(Error::Conflict)?;
        kept.quantity -= pick.units;
        store::keep(tx, kept.id, kept.quantity).await?;
    }
    shelves.close(tx, InventoryFulfilled).await?;
    Ok(())
}
