//! `inventoryItemUpdate`: how a variant's stock is counted and sold changes.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use entity::inventory::inventory_items::ActiveModel;
use rules::ids::ProductVariantId;
use rules::states::InventoryPolicy;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::MAX_ON_HAND;
use super::super::events::{InventoryItemSnapshot, InventoryItemUpdated, InventorySet};
use super::super::store;
use super::super::types::InventoryItem;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of an item. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct InventoryItemUpdateInput {
    /// Whether stock is counted at all.
    pub tracked: Option<bool>,
    /// What happens when the stock is gone.
    pub policy: Option<InventoryPolicy>,
    /// How many units may be sold beyond the stock where the policy is CONTINUE, 0 to 1,000,000,000; null is
    /// without end.
    pub backorder_limit: MaybeUndefined<i32>,
    /// When more is expected. Visitors are told of it while it lies ahead.
    pub expected_at: MaybeUndefined<DateTime<Utc>>,
    /// Units that each location keeps back from sale, 0 to 1,000,000,000.
    pub safety_stock: Option<i32>,
    /// From how many units down, at all locations together and without those that are promised, an event
    /// tells that it is ordered anew; 0 to 1,000,000,000, null never does.
    pub reorder_level: MaybeUndefined<i32>,
}

/// Reads what changes.
fn read(input: &InventoryItemUpdateInput) -> Result<ActiveModel> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(tracked) = input.tracked {
        row.tracked = Set(tracked);
    }
    if let Some(policy) = input.policy {
        row.policy = Set(policy);
    }
    if let Some(units) = input.safety_stock.and_then(|given| problems.keep(units("safetyStock", given))) {
        row.safety_stock = Set(units);
    }
    if let Some(limit) = problems.keep(optional_units("backorderLimit", &input.backorder_limit)).flatten() {
        row.backorder_limit = Set(limit);
    }
    if let Some(level) = problems.keep(optional_units("reorderLevel", &input.reorder_level)).flatten() {
        row.reorder_level = Set(level);
    }
    match input.expected_at {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.expected_at = Set(None),
        MaybeUndefined::Value(given) => {
            if let Some(moment) = problems.keep(input::moment("expectedAt", given)) {
                row.expected_at = Set(Some(moment));
            }
        }
    }
    problems.finish()?;
    Ok(row)
}

fn units(path: &str, given: i32) -> Result<i64, Problem> {
    let units = i64::from(given);
    if (0..=MAX_ON_HAND).contains(&units) {
        return Ok(units);
    }
    Err(Problem::new(ErrorCode::OutOfRange, path, format!("Give 0 to {MAX_ON_HAND} units.")))
}

/// `None` where it stays as it is, `Some(None)` where it is cleared.
fn optional_units(path: &str, given: &MaybeUndefined<i32>) -> Result<Option<Option<i64>>, Problem> {
    match given {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(given) => Ok(Some(Some(units(path, *given)?))),
    }
}

/// Changes the item, which is made where stock of the variant was never set.
pub async fn run(
    ctx: &Ctx,
    (variant, input, expected): (ProductVariantId, InventoryItemUpdateInput, Option<i32>),
) -> Result<InventoryItem> {
    let row = read(&input)?;
    let mut tx = ctx.begin_store(Action::InventoryItemUpdate).await?;
    if store::living_variants(&tx, [variant]).await?.is_empty() {
        return Err(Error::NotFound);
    }
    let mut shelves = super::open(&tx, variant).await?;
    let shelf = shelves.get_mut(variant)?;
    let before = shelf.item.clone();
    input::expect_version(expected, before.version)?;
    let item = store::update_item(&tx, &before, row).await?.ok_or(Error::Retry)?;
    if item.expected_at != before.expected_at {
        tx.shows();
    }
    tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(&item) })?;
    shelf.item = item.clone();
    shelves.close(&mut tx, InventorySet).await?;
    let (before, after) = (InventoryItemSnapshot::from(&before), InventoryItemSnapshot::from(&item));
    tx.commit(Audit::updated("inventory_item", item.id, &before, &after)).await?;
    Ok(item.into())
}
