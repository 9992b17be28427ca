//! `inventoryAdjust`: there are so many units more or fewer than before, whatever was there.

use async_graphql::InputObject;
use rules::ids::{LocationId, ProductVariantId};
use rules::{ErrorCode, Problems};

use super::super::MAX_ON_HAND;
use super::super::events::InventoryAdjusted;
use super::super::shelves::Change;
use super::super::types::{InventoryLevel, InventoryReason};
use crate::kernel::{Action, Audit, Ctx, Result};

/// So many units more or fewer of a variant at a location.
#[derive(InputObject, Clone)]
pub struct InventoryAdjustInput {
    /// What.
    pub variant_id: ProductVariantId,
    /// Where; the store's default location where it is left out.
    pub location_id: Option<LocationId>,
    /// Units more, or fewer where below zero; not 0.
    pub delta: i32,
    /// Why.
    pub reason: InventoryReason,
    /// The paper behind it, such as a report of damage; at most 200 characters.
    pub reference: Option<String>,
}

/// Changes the level.
pub async fn run(ctx: &Ctx, input: InventoryAdjustInput) -> Result<InventoryLevel> {
    let mut problems = Problems::new();
    let delta = i64::from(input.delta);
    if delta == 0 || delta.abs() > MAX_ON_HAND {
        let message = format!("Give -{MAX_ON_HAND} to {MAX_ON_HAND} units, and not 0.");
        problems.add(ErrorCode::OutOfRange, "delta", message);
    }
    let reference = problems.keep(super::reference(input.reference.as_deref())).flatten();
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::InventoryAdjust).await?;
    super::expect_variant(&tx, input.variant_id).await?;
    let location = super::place(&mut tx, "locationId", input.location_id).await?;
    let mut shelves = super::open(&tx, input.variant_id).await?;
    let shelf = shelves.get_mut(input.variant_id)?;
    let change = Change { delta, reserved_delta: 0, reason: input.reason.into(), reference, is_fact: false };
    shelf.change(&tx, location, change).map_err(|problem| problem.under("delta"))?;
    let level = shelf.level(&tx, location).clone();
    let changes = shelves.close(&mut tx, InventoryAdjusted).await?;
    tx.commit(Audit::updated("inventory_level", level.id, &changes[0].before(), &changes[0])).await?;
    Ok(level.into())
}
