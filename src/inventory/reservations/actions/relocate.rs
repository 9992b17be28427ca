//! Promises units from another location.

use rules::ids::LocationId;
use rules::states::{MovementReason, ReservationKind};
use rules::stock::Pick;
use rules::{ErrorCode, Problem};

use super::super::{Owner, store};
use super::{rows_of, stay};
use crate::inventory::stock::{Change, InventoryReserved, Shelves};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// Promises units of `order` from `to` instead of from where they are picked: for whoever sends them from there.
///
/// # Errors
/// `Conflict` where fewer are promised here, or fewer are free there and none may be owed; then nothing is
/// changed. `Retry` where the location is gone.
pub async fn relocate(tx: &mut Tx<StoreScope>, order: &Owner, pick: &Pick, to: LocationId) -> Result<()> {
    let there = Pick { location: to, ..*pick };
    let mut shelves = Shelves::open(tx, &[pick.variant].into()).await?;
    stay(tx, &[there]).await?;
    let kept = store::of_owner(tx, order).await?;
    let at = |location: LocationId| {
        let promised = kept.iter().filter(|kept| kept.kind == ReservationKind::Promise);
        promised.into_iter().find(|kept| (kept.variant_id, kept.location_id) == (pick.variant, location))
    };
    let here = at(pick.location).filter(|kept| to != pick.location && (1..=kept.quantity).contains(&pick.units));
    let Some(here) = here else {
        let message = format!("{} units are not promised here, or would stay where they are.", pick.units);
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "", message)));
    };
    let moves = [(pick.location, -pick.units, MovementReason::Released), (to, pick.units, MovementReason::Reserved)];
    for (location, reserved_delta, reason) in moves {
        let reference = Some(order.to_string());
        let change = Change { delta: 0, reserved_delta, reason, reference, is_fact: false };
        shelves.get_mut(pick.variant)?.change(tx, location, change).map_err(Error::Conflict)?;
    }
    let new = rows_of(tx, &mut shelves, order, &[there], None)?;
    shelves.close(tx, InventoryReserved).await?;
    store::keep(tx, here.id, here.quantity - pick.units).await?;
    match at(to) {
        Some(more) => store::keep(tx, more.id, more.quantity + pick.units).await,
        None => store::insert(tx, new).await,
    }
}
