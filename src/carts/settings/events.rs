//! What is told of cart settings.

use rules::ids::StoreId;
use serde::Serialize;

use super::Settings;
use crate::kernel::outbox::Event;

/// Cart settings as they were at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartSettingsSnapshot {
    /// The store.
    pub store_id: StoreId,
    /// Minutes without an edit after which a cart counts as left.
    pub abandoned_after_minutes: i64,
    /// The version.
    pub version: i64,
}

impl CartSettingsSnapshot {
    /// The settings of a store.
    pub fn of(store: StoreId, settings: &Settings) -> Self {
        Self {
            store_id: store,
            abandoned_after_minutes: settings.abandoned_after.num_minutes(),
            version: settings.version,
        }
    }
}

/// A store's cart settings were changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CartSettingsUpdated {
    /// The settings after the change.
    pub cart_settings: CartSettingsSnapshot,
}

impl Event for CartSettingsUpdated {
    const TOPIC: &'static str = "cart_settings.updated";
    const AGGREGATE: &'static str = "cart_settings";

    fn aggregate_id(&self) -> String {
        self.cart_settings.store_id.to_string()
    }
}
