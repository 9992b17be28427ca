//! `inventoryReceive`: goods came in.

use std::collections::BTreeMap;

use async_graphql::InputObject;
use rules::ids::{LocationId, ProductVariantId};
use rules::states::MovementReason;
use rules::{ErrorCode, Problems};

use super::super::events::InventoryReceived;
use super::super::shelves::{Change, Shelves};
use super::super::store;
use super::super::types::InventoryLevel;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// Units of a variant that came in.
#[derive(InputObject, Clone)]
pub struct InventoryReceiveLineInput {
    /// What.
    pub variant_id: ProductVariantId,
    /// How many units, 1 to 1,000,000,000.
    pub quantity: i32,
}

/// Goods that came in at a location.
#[derive(InputObject, Clone)]
pub struct InventoryReceiveInput {
    /// Where; the store's default location where it is left out.
    pub location_id: Option<LocationId>,
    /// What came; 1 to 250 lines, each variant once.
    pub lines: Vec<InventoryReceiveLineInput>,
    /// The paper behind it, such as a delivery note; at most 200 characters.
    pub reference: Option<String>,
}

/// Takes the goods in: all of them, or none.
pub async fn run(ctx: &Ctx, input: InventoryReceiveInput) -> Result<Vec<InventoryLevel>> {
    let (units, reference) = read(ctx, &input)?;
    let mut tx = ctx.begin_store(Action::InventoryReceive).await?;
    let living = store::living_variants(&tx, units.keys().copied()).await?;
    if let Some(place) = input.lines.iter().position(|line| !living.contains(&line.variant_id)) {
        return Err(input::not_found(&format!("lines.{place}.variantId"), "variant"));
    }
    let location = super::place(&mut tx, "locationId", input.location_id).await?;
    let mut shelves = Shelves::open_all(&tx, &living, |item| item).await?;
    let mut levels = Vec::with_capacity(units.len());
    for (place, line) in input.lines.iter().enumerate() {
        let shelf = shelves.get_mut(line.variant_id)?;
        let change = Change {
            delta: units.get(&line.variant_id).copied().unwrap_or_default(),
            reserved_delta: 0,
            reason: MovementReason::Received,
            reference: reference.clone(),
            is_fact: false,
        };
        let path = format!("lines.{place}.quantity");
        shelf.change(&tx, location, change).map_err(|problem| problem.under(&path))?;
        levels.push(InventoryLevel::from(shelf.level(&tx, location).clone()));
    }
    let changes = shelves.close(&mut tx, InventoryReceived).await?;
    tx.commit(Audit::done("inventory_level", &changes)).await?;
    Ok(levels)
}

/// Reads the lines, and the paper.
fn read(ctx: &Ctx, input: &InventoryReceiveInput) -> Result<(BTreeMap<ProductVariantId, i64>, Option<String>), Error> {
    let mut problems = Problems::new();
    let most = ctx.settings().input_list_max;
    if input.lines.is_empty() {
        problems.add(ErrorCode::Required, "lines", "List one line at least.");
    } else if input.lines.len() > most {
        problems.add(ErrorCode::TooLong, "lines", format!("List at most {most} lines."));
    }
    let mut units = BTreeMap::new();
    for (place, line) in input.lines.iter().take(most).enumerate() {
        let quantity = problems.keep(super::quantity(&format!("lines.{place}.quantity"), line.quantity));
        if units.insert(line.variant_id, quantity.unwrap_or_default()).is_some() {
            let path = format!("lines.{place}.variantId");
            problems.add(ErrorCode::Duplicate, &path, "This variant stands in the list twice.");
        }
    }
    let reference = problems.keep(super::reference(input.reference.as_deref())).flatten();
    problems.finish()?;
    Ok((units, reference))
}
