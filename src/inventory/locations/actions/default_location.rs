//! The default location, made where a store has none yet.

use entity::inventory::locations::{ActiveModel, Model};
use rules::ids::LocationId;
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationCreated, LocationSnapshot};
use super::super::store;
use crate::kernel::{Result, StoreScope, Tx};

/// What the first location is called until the merchant calls it otherwise.
const NAME: &str = "Main location";

/// Where stock goes when no location is named. A store that has no location gets one, in the
/// transaction of whatever needs it.
///
/// # Errors
/// `Retry` where another transaction makes one at the same moment.
pub async fn default_location(tx: &mut Tx<StoreScope>) -> Result<Model> {
    if let Some(location) = store::hold_default(tx).await? {
        return Ok(location);
    }
    let now = tx.ctx().now();
    let row = ActiveModel {
        id: Set(tx.ctx().id::<LocationId>()),
        name: Set(NAME.to_owned()),
        is_default: Set(true),
        active: Set(true),
        priority: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    let location = store::insert(tx, row).await?;
    tx.emit(&LocationCreated { location: LocationSnapshot::from(&location) })?;
    Ok(location)
}
