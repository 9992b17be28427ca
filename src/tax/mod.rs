//! What taxes lie on what.
//!
//! Owns tax categories, zones and rates, how a store is taxed, and the door through which carts, orders and
//! previews get the taxes of a sale: from the store's own zones and rates, or from a provider ([`taxation`]).
//! How much a tax is, is decided by `rules::tax` alone (rules T1 to T4). Never changes a product: that names
//! its category itself.

pub mod categories;
mod preview;
mod provider;
pub mod rates;
mod sale;
pub mod settings;
pub mod zones;

use async_graphql::MergedObject;

pub use preview::{TaxLine, TaxPreviewQuery, TaxedAmount};
pub use provider::{ProviderError, TaxProvider, TaxProviders, TaxQuestion, TaxQuestionLine};
pub use sale::{Sale, TaxSource, WorkedOut, place_of_store, taxation};

/// Every read of taxes.
#[derive(MergedObject, Default)]
pub struct TaxQuery(
    categories::TaxCategoryQuery,
    zones::TaxZoneQuery,
    rates::TaxRateQuery,
    settings::TaxSettingsQuery,
    TaxPreviewQuery,
);

/// Every write of taxes.
#[derive(MergedObject, Default)]
pub struct TaxMutation(
    categories::TaxCategoryMutation,
    zones::TaxZoneMutation,
    rates::TaxRateMutation,
    settings::TaxSettingsMutation,
);
