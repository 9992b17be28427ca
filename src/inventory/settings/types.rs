//! How a store's settings of stock look in the schema.

use entity::inventory::inventory_settings;
use rules::states::StockStrategy;

use crate::kernel::graph::object;
use crate::payload;

/// How a store keeps its stock, and how much of it visitors are told.
#[derive(Clone)]
pub struct InventorySettings(pub inventory_settings::Model);

impl From<inventory_settings::Model> for InventorySettings {
    fn from(row: inventory_settings::Model) -> Self {
        Self(row)
    }
}

/// How a store keeps its stock, and how much of it visitors are told.
#[object]
impl InventorySettings {
    /// From which locations an order is sent first. One location that has all of it goes before several.
    fn strategy(&self) -> StockStrategy {
        self.0.strategy
    }

    /// From how many units down visitors are told that few are left (LOW); 0 never says so.
    fn low_stock(&self) -> Option<i32> {
        i32::try_from(self.0.low_stock).ok()
    }

    /// Whether visitors are told how many units there are.
    fn shows_counts(&self) -> bool {
        self.0.shows_counts
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }
}

payload! {
    /// The answer of `inventorySettingsUpdate`.
    InventorySettingsUpdatePayload {
        /// The settings as they are now.
        inventory_settings: InventorySettings,
    }
}
