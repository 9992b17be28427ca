//! `inventoryTransfer`: units go from one location to another.

use std::sync::Arc;

use async_graphql::InputObject;
use rules::ids::{LocationId, ProductVariantId};
use rules::states::MovementReason;
use rules::{ErrorCode, Problem, Problems};

use super::super::events::InventoryTransferred;
use super::super::shelves::Change;
use super::super::types::InventoryItem;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Units of a variant that go from one location to another.
#[derive(InputObject, Clone)]
pub struct InventoryTransferInput {
    /// What.
    pub variant_id: ProductVariantId,
    /// From where.
    pub from_location_id: LocationId,
    /// Where to.
    pub to_location_id: LocationId,
    /// How many units, 1 to 1,000,000,000.
    pub quantity: i32,
    /// The paper behind it, such as a waybill; at most 200 characters.
    pub reference: Option<String>,
}

/// Moves the units: both levels change, or neither.
pub async fn run(ctx: &Ctx, input: InventoryTransferInput) -> Result<InventoryItem> {
    let mut problems = Problems::new();
    let (from, to) = (input.from_location_id, input.to_location_id);
    if from == to {
        problems.add(ErrorCode::Invalid, "toLocationId", "Name two locations.");
    }
    let units = problems.keep(super::quantity("quantity", input.quantity));
    let reference = problems.keep(super::reference(input.reference.as_deref())).flatten();
    problems.finish()?;
    let units = units.ok_or_else(input::unread)?;

    let mut tx = ctx.begin_store(Action::InventoryTransfer).await?;
    super::expect_variant(&tx, input.variant_id).await?;
    super::place(&mut tx, "fromLocationId", Some(from)).await?;
    super::place(&mut tx, "toLocationId", Some(to)).await?;
    let mut shelves = super::open(&tx, input.variant_id).await?;
    let shelf = shelves.get_mut(input.variant_id)?;
    // What is promised from a location is sent from there.
    let level = shelf.level(&tx, from);
    let free = (level.on_hand - level.reserved).max(0);
    if units > free {
        let message = format!("{free} units are there and promised to nobody: no more can go.");
        return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, "quantity", message)));
    }
    for (location, delta) in [(from, -units), (to, units)] {
        let reason = MovementReason::Transferred;
        let change = Change { delta, reserved_delta: 0, reason, reference: reference.clone(), is_fact: false };
        shelf.change(&tx, location, change).map_err(|problem| problem.under("quantity"))?;
    }
    let item = shelf.item.clone();
    let changes = shelves.close(&mut tx, InventoryTransferred).await?;
    let before: Vec<_> = changes.iter().map(super::super::events::StockChange::before).collect();
    tx.commit(Audit::updated("inventory_item", item.id, &before, &changes)).await?;
    Ok(InventoryItem(Arc::new(item)))
}
