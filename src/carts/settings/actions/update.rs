//! `cartSettingsUpdate`: a store treats carts otherwise from now on.

use async_graphql::InputObject;
use chrono::TimeDelta;
use rules::ErrorCode;

use super::super::events::{CartSettingsSnapshot, CartSettingsUpdated};
use super::super::types::CartSettings;
use super::super::{SHORTEST, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// The longest time after which a cart counts as left: carts of guests live for 30 days.
const MAX_MINUTES: i32 = 29 * 24 * 60;

/// What changes of a store's cart settings. What is left out stays as it is.
#[derive(InputObject, Clone, Copy, Default)]
pub struct CartSettingsUpdateInput {
    /// Minutes without an edit after which a cart with something in it counts as left; 10 to 41,760, which are 29
    /// days.
    pub abandoned_after_minutes: Option<i32>,
}

/// Changes the settings.
pub async fn run(ctx: &Ctx, (change, expected): (CartSettingsUpdateInput, Option<i32>)) -> Result<CartSettings> {
    let allowed = SHORTEST..=TimeDelta::minutes(i64::from(MAX_MINUTES));
    let given = change.abandoned_after_minutes.map(|minutes| TimeDelta::minutes(i64::from(minutes)));
    if given.is_some_and(|given| !allowed.contains(&given)) {
        let message = format!("Give {} to {MAX_MINUTES} minutes.", SHORTEST.num_minutes());
        return Err(Error::invalid(ErrorCode::OutOfRange, "abandonedAfterMinutes", message));
    }
    let mut tx = ctx.begin_store(Action::CartSettingsUpdate).await?;
    tx.hold_store().await?;
    let row = store::find_row(&tx).await?;
    let before = row.as_ref().map(store::settings).unwrap_or_default();
    input::expect_version(expected, before.version)?;
    let mut after = before;
    after.abandoned_after = given.unwrap_or(before.abandoned_after);
    after.version += 1;
    if !store::save(&tx, row.as_ref(), &after).await? {
        return Err(input::stale());
    }
    let id = tx.id();
    let new = CartSettingsSnapshot::of(id, &after);
    let audit = Audit::updated("cart_settings", id, &CartSettingsSnapshot::of(id, &before), &new);
    tx.emit(&CartSettingsUpdated { cart_settings: new })?;
    tx.commit(audit).await?;
    Ok(after.into())
}
