//! What is told of a store's settings of stock.

use entity::inventory::inventory_settings;
use rules::ids::StoreId;
use rules::states::StockStrategy;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// The settings as they were at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventorySettingsSnapshot {
    /// The store.
    pub store_id: StoreId,
    /// From which locations an order is sent first.
    pub strategy: StockStrategy,
    /// From how many units down few are left.
    pub low_stock: i64,
    /// Whether visitors are told how many units there are.
    pub shows_counts: bool,
    /// The version.
    pub version: i64,
}

impl From<&inventory_settings::Model> for InventorySettingsSnapshot {
    fn from(row: &inventory_settings::Model) -> Self {
        Self {
            store_id: row.store_id,
            strategy: row.strategy,
            low_stock: row.low_stock,
            shows_counts: row.shows_counts,
            version: row.version,
        }
    }
}

/// A store keeps its stock in another way, or tells more or less of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InventorySettingsUpdated {
    /// The settings after the change.
    pub inventory_settings: InventorySettingsSnapshot,
}

impl Event for InventorySettingsUpdated {
    const TOPIC: &'static str = "inventory_settings.updated";
    const AGGREGATE: &'static str = "inventory_settings";

    fn aggregate_id(&self) -> String {
        self.inventory_settings.store_id.to_string()
    }
}
