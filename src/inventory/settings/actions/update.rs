//! `inventorySettingsUpdate`: how a store keeps its stock changes, or how much of it visitors are told.

use async_graphql::InputObject;
use entity::inventory::inventory_settings::ActiveModel;
use rules::ErrorCode;
use rules::states::StockStrategy;
use sea_orm::ActiveValue::Set;

use super::super::events::{InventorySettingsSnapshot, InventorySettingsUpdated};
use super::super::store;
use super::super::types::InventorySettings;
use crate::inventory::MAX_ON_HAND;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// What changes of a store's settings of stock. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct InventorySettingsUpdateInput {
    /// From which locations an order is sent first.
    pub strategy: Option<StockStrategy>,
    /// From how many units down visitors are told that few are left, 0 to 1,000,000,000; 0 never says so.
    pub low_stock: Option<i32>,
    /// Whether visitors are told how many units there are.
    pub shows_counts: Option<bool>,
}

/// Changes the settings.
pub async fn run(
    ctx: &Ctx,
    (input, expected): (InventorySettingsUpdateInput, Option<i32>),
) -> Result<InventorySettings> {
    let mut row = ActiveModel::default();
    if let Some(strategy) = input.strategy {
        row.strategy = Set(strategy);
    }
    if let Some(low) = input.low_stock.map(i64::from) {
        if !(0..=MAX_ON_HAND).contains(&low) {
            let message = format!("Give 0 to {MAX_ON_HAND} units.");
            return Err(Error::invalid(ErrorCode::OutOfRange, "lowStock", message));
        }
        row.low_stock = Set(low);
    }
    if let Some(shows) = input.shows_counts {
        row.shows_counts = Set(shows);
    }

    let mut tx = ctx.begin_store(Action::InventorySettingsUpdate).await?;
    let before = store::hold(&tx).await?;
    input::expect_version(expected, before.version)?;
    let after = store::update(&tx, &before, row).await?.ok_or(Error::Retry)?;
    tx.emit(&InventorySettingsUpdated { inventory_settings: InventorySettingsSnapshot::from(&after) })?;
    let snapshots = (InventorySettingsSnapshot::from(&before), InventorySettingsSnapshot::from(&after));
    tx.commit(Audit::updated("inventory_settings", after.store_id, &snapshots.0, &snapshots.1)).await?;
    Ok(after.into())
}
