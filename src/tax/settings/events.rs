//! What is told of tax settings.

use rules::ids::{StoreId, TaxCategoryId};
use rules::place::Place;
use rules::states::{ShippingTaxKind, TaxFailurePolicy};
use serde::Serialize;

use super::Settings;
use crate::kernel::outbox::Event;

/// Tax settings as they were at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxSettingsSnapshot {
    /// The store.
    pub store_id: StoreId,
    /// Where the store is.
    pub origin: Option<Place>,
    /// By what shipping is taxed.
    pub shipping_tax: ShippingTaxKind,
    /// The category that shipping is taxed by.
    pub shipping_category_id: Option<TaxCategoryId>,
    /// Who works taxes out.
    pub provider: Option<String>,
    /// What becomes of a sale while the provider gives no taxes.
    pub on_provider_failure: TaxFailurePolicy,
    /// The version.
    pub version: i64,
}

impl TaxSettingsSnapshot {
    /// The settings of a store.
    pub fn of(store: StoreId, settings: &Settings) -> Self {
        Self {
            store_id: store,
            origin: settings.origin.clone(),
            shipping_tax: settings.shipping_tax,
            shipping_category_id: settings.shipping_category,
            provider: settings.provider.clone(),
            on_provider_failure: settings.on_provider_failure,
            version: settings.version,
        }
    }
}

/// A store's tax settings were changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxSettingsUpdated {
    /// The settings after the change.
    pub tax_settings: TaxSettingsSnapshot,
}

impl Event for TaxSettingsUpdated {
    const TOPIC: &'static str = "tax_settings.updated";
    const AGGREGATE: &'static str = "tax_settings";

    fn aggregate_id(&self) -> String {
        self.tax_settings.store_id.to_string()
    }
}
