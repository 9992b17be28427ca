//! How tax settings look in the schema.

use std::sync::Arc;

use rules::states::{ShippingTaxKind, TaxFailurePolicy};

use super::Settings;
use crate::kernel::graph::{Load, object};
use crate::payload;
use crate::places::Place;
use crate::tax::categories::{TaxCategory, TaxCategoryById};

/// How a store is taxed.
#[derive(Clone)]
pub struct TaxSettings(Arc<Settings>);

impl From<Settings> for TaxSettings {
    fn from(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }
}

/// How a store is taxed beside its zones and rates. Whether its prices include tax stands in `Store.taxMode`.
#[object]
impl TaxSettings {
    /// Where the store is; null is somewhere in the country that it sells from. What goes to no known place is
    /// taxed here.
    fn origin(&self) -> Option<Place> {
        self.0.origin.clone().map(Place)
    }

    /// By what shipping is taxed.
    fn shipping_tax(&self) -> ShippingTaxKind {
        self.0.shipping_tax
    }

    /// The category that shipping is taxed by; null is the ordinary kind.
    fn shipping_category(&self) -> Load<TaxCategoryById, Option<TaxCategory>> {
        TaxCategory::of(self.0.shipping_category)
    }

    /// The name of the tax provider that works taxes out; null is the store's own zones and rates.
    fn provider(&self) -> Option<&str> {
        self.0.provider.as_deref()
    }

    /// What becomes of a sale while the provider gives no taxes.
    fn on_provider_failure(&self) -> TaxFailurePolicy {
        self.0.on_provider_failure
    }

    /// Goes up with each change, from 0 where nothing was ever set; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }
}

payload! {
    /// The answer of `taxSettingsUpdate`.
    TaxSettingsUpdatePayload {
        /// The settings as they are now.
        tax_settings: TaxSettings,
    }
}
