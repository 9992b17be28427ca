//! `inventoryItemUpdate`: how a variant's stock is counted changes.

use async_graphql::InputObject;
use entity::inventory::inventory_items::ActiveModel;
use rules::ids::ProductVariantId;
use rules::states::InventoryPolicy;
use sea_orm::ActiveValue::Set;

use super::super::events::{InventoryItemSnapshot, InventoryItemUpdated};
use super::super::store;
use super::super::types::InventoryItem;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of an item. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct InventoryItemUpdateInput {
    /// Whether stock is counted at all.
    pub tracked: Option<bool>,
    /// What happens when the stock is gone.
    pub policy: Option<InventoryPolicy>,
}

/// Changes the item, which is made where stock of the variant was never set.
pub async fn run(
    ctx: &Ctx,
    (variant, input, expected): (ProductVariantId, InventoryItemUpdateInput, Option<i32>),
) -> Result<InventoryItem> {
    let mut row = ActiveModel::default();
    if let Some(tracked) = input.tracked {
        row.tracked = Set(tracked);
    }
    if let Some(policy) = input.policy {
        row.policy = Set(policy);
    }

    let mut tx = ctx.begin_store(Action::InventoryItemUpdate).await?;
    if !store::variant_lives(&tx, variant).await? {
        return Err(Error::NotFound);
    }
    let before = store::hold_item(&tx, variant).await?;
    input::expect_version(expected, before.version)?;
    let item = store::update_item(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&InventoryItemUpdated { inventory_item: InventoryItemSnapshot::from(&item) })?;
    let (before, after) = (InventoryItemSnapshot::from(&before), InventoryItemSnapshot::from(&item));
    tx.commit(Audit::updated("inventory_item", item.id, &before, &after)).await?;
    Ok(item.into())
}
