//! Lets go of what is held or promised.

use std::collections::BTreeMap;

use rules::ids::ProductVariantId;
use rules::states::{MovementReason, ReservationKind};
use rules::stock::Pick;
use rules::{ErrorCode, Problem};

use super::super::{Owner, store};
use super::{Line, demand};
use crate::inventory::stock::{Change, InventoryReleased, Shelves};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Lets go of everything that is kept for an owner, or of the units of some lines, and answers what that was.
/// Where nothing is kept any more, nothing happens: it may be asked as often as anybody likes. Of lines that
/// stand at several locations, those of the first one go first.
///
/// # Errors
/// `Conflict` where lines name more than is kept; then nothing is changed.
pub async fn release(tx: &mut Tx<StoreScope>, owner: &Owner, lines: Option<&[Line]>) -> Result<Vec<Pick>> {
    let mut wanted: Option<BTreeMap<ProductVariantId, i64>> =
        lines.map(demand).transpose()?.map(|demand| demand.iter().collect());
    let known = store::of_owner(tx, owner).await?;
    let mut shelves = Shelves::open(tx, &known.iter().map(|kept| kept.variant_id).collect()).await?;
    let mut released = Vec::new();
    // Read again: whoever held the shelves may have let go of them already.
    for kept in store::of_owner(tx, owner).await? {
        let units = match &mut wanted {
            None => kept.quantity,
            Some(wanted) => {
                let left = wanted.entry(kept.variant_id).or_default();
                let units = kept.quantity.min(*left);
                *left -= units;
                units
            }
        };
        if units == 0 {
            continue;
        }
        let shelf = shelves.get_mut(kept.variant_id)?;
        if kept.kind == ReservationKind::Promise {
            let change = Change {
                delta: 0,
                reserved_delta: -units,
                reason: MovementReason::Released,
                reference: Some(owner.to_string()),
                is_fact: false,
            };
            shelf.change(tx, kept.location_id, change)?;
        }
        for hold in shelf.holds.iter_mut().filter(|hold| hold.id == kept.id) {
            hold.quantity -= units;
        }
        store::keep(tx, kept.id, kept.quantity - units).await?;
        released.push(Pick { variant: kept.variant_id, location: kept.location_id, units });
    }
    if let Some(left) = wanted.and_then(|wanted| wanted.into_values().find(|left| *left > 0)) {
        let message = format!("{left} units more than are kept can't be released.");
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "", message)));
    }
    shelves.close(tx, InventoryReleased).await?;
    Ok(released)
}
