//! How a store is taxed beside its zones and rates.
//!
//! Owns where the store is for the tax office, by what shipping is taxed, and who works taxes out. Whether its
//! prices include tax and how it rounds stands with the store itself. A store that never set anything has the
//! defaults.

mod actions;
mod events;
mod mutation;
mod query;
mod store;
mod types;

use rules::ids::TaxCategoryId;
use rules::place::Place;
use rules::states::{ShippingTaxKind, TaxFailurePolicy};

pub use mutation::TaxSettingsMutation;
pub use query::TaxSettingsQuery;
pub use store::{StoreMoney, country_of_store, find, money_of_store};
pub use types::TaxSettings;

/// How a store is taxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the store is; none is somewhere in the country that it sells from.
    pub origin: Option<Place>,
    /// By what shipping is taxed.
    pub shipping_tax: ShippingTaxKind,
    /// The category that shipping is taxed by; none is the ordinary kind.
    pub shipping_category: Option<TaxCategoryId>,
    /// The name of who works taxes out; none is the store's own rates.
    pub provider: Option<String>,
    /// What becomes of a sale while the provider gives no taxes.
    pub on_provider_failure: TaxFailurePolicy,
    /// Goes up by one with each change; 0 where nothing was ever set.
    pub version: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origin: None,
            shipping_tax: ShippingTaxKind::Category,
            shipping_category: None,
            provider: None,
            on_provider_failure: TaxFailurePolicy::OwnRates,
            version: 0,
        }
    }
}
