//! What is told of stock.

use entity::inventory::inventory_items;
use rules::ids::{InventoryItemId, InventoryLevelId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A level was set; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventorySet {
    /// The variant that is stocked.
    pub variant_id: ProductVariantId,
    /// Its item.
    pub item_id: InventoryItemId,
    /// The level.
    pub level_id: InventoryLevelId,
    /// Where.
    pub location_id: LocationId,
    /// Units that are there now.
    pub on_hand: i64,
    /// Units more, or fewer where below zero.
    pub delta: i64,
    /// Why.
    pub reason: MovementReason,
    /// The paper behind it.
    pub reference: Option<String>,
}

impl Event for InventorySet {
    const TOPIC: &'static str = "inventory.set";
    const AGGREGATE: &'static str = "inventory_item";

    fn aggregate_id(&self) -> String {
        self.item_id.to_string()
    }
}

/// An item as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItemSnapshot {
    /// The id.
    pub id: InventoryItemId,
    /// The variant that is stocked.
    pub variant_id: ProductVariantId,
    /// Whether stock is counted.
    pub tracked: bool,
    /// What happens when it is gone.
    pub policy: InventoryPolicy,
    /// The version.
    pub version: i64,
}

impl From<&inventory_items::Model> for InventoryItemSnapshot {
    fn from(row: &inventory_items::Model) -> Self {
        Self { id: row.id, variant_id: row.variant_id, tracked: row.tracked, policy: row.policy, version: row.version }
    }
}

/// How an item is counted has changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItemUpdated {
    /// The item after the change.
    pub inventory_item: InventoryItemSnapshot,
}

impl Event for InventoryItemUpdated {
    const TOPIC: &'static str = "inventory_item.updated";
    const AGGREGATE: &'static str = "inventory_item";

    fn aggregate_id(&self) -> String {
        self.inventory_item.id.to_string()
    }
}
