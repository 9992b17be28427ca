//! `shippingZoneDelete`: a shipping zone goes, and its rates with it.

use entity::shipping::shipping_zones::Model;
use rules::ids::{ShippingProfileId, ShippingZoneId};

use super::super::events::{ShippingZoneDeleted, ShippingZoneSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};
use crate::shipping::rates;

/// Deletes the shipping zone, and tells of each of its rates.
pub async fn run(ctx: &Ctx, (id, expected): (ShippingZoneId, Option<i32>)) -> Result<ShippingZoneId> {
    let mut tx = ctx.begin_store(Action::ShippingZoneDelete).await?;
    // Whoever puts a rate into it holds it too: the rates that are told of are all there are.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let mut snapshots = remove(&mut tx, &[before]).await?;
    let snapshot = snapshots.pop().ok_or(Error::NotFound)?;
    tx.commit(Audit::deleted("shipping_zone", id, &snapshot)).await?;
    Ok(id)
}

/// Deletes all zones of a profile with their rates, and tells of each: the door for whoever deletes the
/// profile, and holds it.
///
/// # Errors
/// What the database says.
pub async fn delete_of_profile(tx: &mut Tx<StoreScope>, profile: ShippingProfileId) -> Result<()> {
    let zones = store::list_by_profiles(tx, &[profile]).await?;
    remove(tx, &zones).await.map(drop)
}

async fn remove(tx: &mut Tx<StoreScope>, zones: &[Model]) -> Result<Vec<ShippingZoneSnapshot>> {
    let ids: Vec<ShippingZoneId> = zones.iter().map(|zone| zone.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut territories = store::list_territories(tx, &ids).await?;
    rates::delete_of_zones(tx, &ids).await?;
    store::delete(tx, &ids).await?;
    let mut snapshots = Vec::new();
    for zone in zones {
        let territories = territories.remove(&zone.id).unwrap_or_default();
        tx.emit(&ShippingZoneDeleted { shipping_zone: ShippingZoneSnapshot::of(zone, territories.clone()) })?;
        snapshots.push(ShippingZoneSnapshot::of(zone, territories));
    }
    Ok(snapshots)
}
