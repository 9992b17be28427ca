//! `shippingProfileDelete`: a shipping profile that no goods belong to goes, with its zones and rates.

use rules::ids::ShippingProfileId;
use rules::{ErrorCode, Problem};

use super::super::events::{ShippingProfileDeleted, ShippingProfileSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::shipping::zones;

/// Deletes the shipping profile.
pub async fn run(ctx: &Ctx, (id, expected): (ShippingProfileId, Option<i32>)) -> Result<ShippingProfileId> {
    let mut tx = ctx.begin_store(Action::ShippingProfileDelete).await?;
    tx.hold_store().await?;
    // Whoever puts goods or a zone into it holds it too: what is unused now stays unused.
    let before = store::hold_against_all(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if before.is_default {
        let message = "Goods without a profile need a default: make another shipping profile the default first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    }
    if store::holds_products(&tx, id).await? {
        let message = "Products belong to this profile: put them into another one first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "", message)));
    }
    zones::delete_of_profile(&mut tx, id).await?;
    store::delete(&tx, id).await?;
    tx.emit(&ShippingProfileDeleted { shipping_profile: ShippingProfileSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("shipping_profile", id, &ShippingProfileSnapshot::from(&before))).await?;
    Ok(id)
}
