//! `locationDeactivate`: nothing is kept at a location any more, for now.

use entity::inventory::locations::ActiveModel;
use rules::ids::LocationId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationDeactivated, LocationSnapshot};
use super::super::store;
use super::super::types::Location;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Closes the location. One that is closed already stays so.
pub async fn run(ctx: &Ctx, (id, expected): (LocationId, Option<i32>)) -> Result<Location> {
    let mut tx = ctx.begin_store(Action::LocationDeactivate).await?;
    tx.hold_store().await?;
    // Whoever sets stock there holds it too: what is empty now stays empty.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if !before.active {
        return Ok(before.into());
    }
    let refuse = |code, message: &str| Err(Error::Conflict(Problem::new(code, "", message)));
    if store::count_active(&tx).await? < 2 {
        let message = "It is the store's last active location: stock needs a place to go to.";
        return refuse(ErrorCode::LastLocation, message);
    }
    if before.is_default {
        let message = "Stock goes here when no place is named: make another location the default first.";
        return refuse(ErrorCode::NotAllowed, message);
    }
    if store::holds_stock(&tx, id, ctx.now()).await? {
        let message =
            "There is stock at this location, or stock of it is promised or held: set it to 0 or move it first.";
        return refuse(ErrorCode::InUse, message);
    }
    let row = ActiveModel { active: Set(false), ..Default::default() };
    let after = store::update(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&LocationDeactivated { location: LocationSnapshot::from(&after) })?;
    tx.commit(Audit::updated("location", id, &LocationSnapshot::from(&before), &LocationSnapshot::from(&after)))
        .await?;
    Ok(after.into())
}
