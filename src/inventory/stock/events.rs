//! What is told of stock.

use chrono::{DateTime, Utc};
use entity::inventory::inventory_items;
use rules::ids::{InventoryItemId, InventoryLevelId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// One change of a level; also what the audit log keeps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StockChange {
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
    /// Units more that are there, or fewer where below zero.
    pub delta: i64,
    /// Units that are promised to orders now.
    pub reserved: i64,
    /// Units more that are promised, or fewer where below zero.
    pub reserved_delta: i64,
    /// Why.
    pub reason: MovementReason,
    /// The paper behind it, or the order.
    pub reference: Option<String>,
}

impl StockChange {
    /// The level before the change.
    pub fn before(&self) -> Self {
        Self {
            on_hand: self.on_hand - self.delta,
            reserved: self.reserved - self.reserved_delta,
            delta: 0,
            reserved_delta: 0,
            ..self.clone()
        }
    }
}

macro_rules! stock_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name(pub StockChange);

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "inventory_item";

                fn aggregate_id(&self) -> String {
                    self.0.item_id.to_string()
                }
            }
        )+
    };
}

stock_events! {
    /// A level was set to what was counted.
    InventorySet = "inventory.set",
    /// A level was changed by so many units.
    InventoryAdjusted = "inventory.adjusted",
    /// Units went to another location, or came from one.
    InventoryTransferred = "inventory.transferred",
    /// Goods came in.
    InventoryReceived = "inventory.received",
    /// Units were promised to an order.
    InventoryReserved = "inventory.reserved",
    /// Units that were promised to an order are promised no longer.
    InventoryReleased = "inventory.released",
    /// Promised units went out to the buyer.
    InventoryFulfilled = "inventory.fulfilled",
    /// Units came back from the buyer.
    InventoryReturned = "inventory.returned",
}

/// So few units are left that they are ordered anew (rule I5). Told once, and again only after there were more.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryLow {
    /// The variant that is stocked.
    pub variant_id: ProductVariantId,
    /// Its item.
    pub item_id: InventoryItemId,
    /// Units that are there and promised to nobody, at all locations together.
    pub available: i64,
    /// From how many units down it is ordered anew.
    pub reorder_level: i64,
}

impl Event for InventoryLow {
    const TOPIC: &'static str = "inventory.low";
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
    /// How many units may be owed; none is without end.
    pub backorder_limit: Option<i64>,
    /// When more is expected.
    pub expected_at: Option<DateTime<Utc>>,
    /// Units that each location keeps back from sale.
    pub safety_stock: i64,
    /// From how many units down it is ordered anew.
    pub reorder_level: Option<i64>,
    /// The version.
    pub version: i64,
}

impl From<&inventory_items::Model> for InventoryItemSnapshot {
    fn from(row: &inventory_items::Model) -> Self {
        Self {
            id: row.id,
            variant_id: row.variant_id,
            tracked: row.tracked,
            policy: row.policy,
            backorder_limit: row.backorder_limit,
            expected_at: row.expected_at,
            safety_stock: row.safety_stock,
            reorder_level: row.reorder_level,
            version: row.version,
        }
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
