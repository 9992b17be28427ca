//! `locationDelete`: a location that holds nothing goes.

use entity::inventory::locations::ActiveModel;
use rules::ids::LocationId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationDeleted, LocationSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Deletes the location. Its movements stay, and so does what they say of it.
pub async fn run(ctx: &Ctx, (id, expected): (LocationId, Option<i32>)) -> Result<LocationId> {
    let mut tx = ctx.begin_store(Action::LocationDelete).await?;
    tx.hold_store().await?;
    // Whoever sets stock there holds it too: what is empty now stays empty.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if before.is_default {
        let message = "Stock needs a place to go to: make another location the default first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    }
    if store::holds_stock(&tx, id, ctx.now()).await? {
        let message =
            "There is stock at this location, or stock of it is promised or held: set it to 0 or move it first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "", message)));
    }
    let row = ActiveModel { deleted_at: Set(Some(ctx.now())), ..Default::default() };
    let after = store::update(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&LocationDeleted { location: LocationSnapshot::from(&after) })?;
    tx.commit(Audit::deleted("location", id, &LocationSnapshot::from(&before))).await?;
    Ok(id)
}
