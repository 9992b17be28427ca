//! `locationActivate`: stock is kept at a location again.

use entity::inventory::locations::ActiveModel;
use rules::ids::LocationId;
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationActivated, LocationSnapshot};
use super::super::store;
use super::super::types::Location;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Opens the location. One that is open already stays so.
pub async fn run(ctx: &Ctx, (id, expected): (LocationId, Option<i32>)) -> Result<Location> {
    let mut tx = ctx.begin_store(Action::LocationActivate).await?;
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if before.active {
        return Ok(before.into());
    }
    let row = ActiveModel { active: Set(true), ..Default::default() };
    let after = store::update(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&LocationActivated { location: LocationSnapshot::from(&after) })?;
    tx.commit(Audit::updated("location", id, &LocationSnapshot::from(&before), &LocationSnapshot::from(&after)))
        .await?;
    Ok(after.into())
}
