//! What can be done to reservations, one file each. None is a mutation: other domains call them inside
//! their own transactions, which they audit.

mod hold;
mod promise;
mod put_back;
mod release;
mod relocate;
mod ship;
mod tidy;

pub use hold::hold;
pub use promise::promise;
pub use put_back::put_back;
pub use release::release;
pub use relocate::relocate;
pub use ship::ship;
pub use tidy::tidy;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::inventory::{locations as rows, stock_reservations};
use rules::ids::ProductVariantId;
use rules::states::ReservationKind;
use rules::stock::{Demand, Destination, GeoPoint, Pick, Short, Site, pick};

use super::Owner;
use crate::inventory::locations;
use crate::inventory::stock::{MAX_ON_HAND, Shelves};
use crate::kernel::{Error, Result, StoreScope, Tx};

/// The longest that a cart keeps units for itself: whoever pays that slowly finds them again, or not.
pub const MAX_HOLD: TimeDelta = TimeDelta::hours(1);

/// Lines that one cart or order has at the most.
const MAX_LINES: usize = 1_000;

/// Units of a variant that somebody wants. Several lines of one variant count together; a bundle comes as
/// its components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub variant: ProductVariantId,
    /// How many, 1 to 1,000,000,000.
    pub units: i64,
}

/// What wanting units came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All of them are kept, and from here they are sent.
    Kept(Vec<Pick>),
    /// Nothing was changed: of these there are too few, and so many are left.
    Short(Vec<Short>),
}

/// Adds the lines up.
fn demand(lines: &[Line]) -> Result<Demand> {
    let reasonable = |line: &Line| (1..=MAX_ON_HAND).contains(&line.units);
    if lines.is_empty() || lines.len() > MAX_LINES || !lines.iter().all(reasonable) {
        return Err(Error::internal("lines that no cart lets through came to the stock"));
    }
    Ok(lines.iter().map(|line| (line.variant, line.units)).collect())
}

/// The variants of a demand, and of what is kept for an owner already.
async fn variants(tx: &Tx<StoreScope>, owner: &Owner, demand: &Demand) -> Result<BTreeSet<ProductVariantId>> {
    let kept = super::store::of_owner(tx, owner).await?;
    Ok(kept.into_iter().map(|kept| kept.variant_id).chain(demand.iter().map(|(variant, _)| variant)).collect())
}

/// Chooses from where the wanted units come, as the store's strategy has it. The locations stay until the
/// end of the transaction.
async fn choose(
    tx: &mut Tx<StoreScope>,
    shelves: &mut Shelves,
    owner: &Owner,
    demand: &Demand,
    to: &Destination,
) -> Result<Result<Vec<Pick>, Vec<Short>>> {
    let sites: Vec<Site> = locations::list_active(tx).await?.iter().map(|location| site(location, to)).collect();
    let mut picks = match pick(demand, &shelves.stock(Some(owner.as_str())), &sites, shelves.strategy()) {
        Ok(picks) => picks,
        Err(short) => return Ok(Err(short)),
    };
    // What is sold though nobody ever counted it is sent from the default location.
    let nowhere = |variant| !picks.iter().any(|pick| pick.variant == variant);
    let uncounted: Vec<_> = demand.iter().filter(|(variant, _)| nowhere(*variant)).collect();
    if !uncounted.is_empty() {
        let location = locations::default_location(tx).await?.id;
        picks.extend(uncounted.into_iter().map(|(variant, units)| Pick { variant, location, units }));
        picks.sort_unstable();
    }
    stay(tx, &picks).await?;
    Ok(Ok(picks))
}

/// Holds the locations that units are taken from.
async fn stay(tx: &Tx<StoreScope>, picks: &[Pick]) -> Result<()> {
    let places: BTreeSet<_> = picks.iter().map(|pick| pick.location).collect();
    match locations::hold_all_active(tx, &places).await?.len() == places.len() {
        true => Ok(()),
        // One was closed or deleted while it was chosen.
        false => Err(Error::Retry),
    }
}

fn site(location: &rows::Model, to: &Destination) -> Site {
    let point = location.latitude.zip(location.longitude).and_then(|(north, east)| GeoPoint::try_new(north, east));
    Site {
        location: location.id,
        priority: location.priority,
        kilometers: point.zip(to.point).map(|(from, to)| from.kilometers_to(to)),
        is_domestic: to.country.is_some() && location.country == to.country,
    }
}

/// The rows that keep picks for an owner: until a moment, or for good.
fn rows_of(
    tx: &Tx<StoreScope>,
    shelves: &mut Shelves,
    owner: &Owner,
    picks: &[Pick],
    until: Option<DateTime<Utc>>,
) -> Result<Vec<stock_reservations::Model>> {
    let row = |pick: &Pick| {
        let level = shelves.get_mut(pick.variant)?.level(tx, pick.location);
        Ok(stock_reservations::Model {
            store_id: tx.id(),
            id: tx.ctx().id(),
            kind: if until.is_some() { ReservationKind::Hold } else { ReservationKind::Promise },
            owner: owner.to_string(),
            level_id: level.id,
            item_id: level.item_id,
            location_id: level.location_id,
            quantity: pick.units,
            expires_at: until,
            created_at: tx.ctx().now(),
            updated_at: tx.ctx().now(),
        })
    };
    picks.iter().map(row).collect()
}
