//! One tax at one rate, in one zone.
//!
//! Owns tax rates. Several on the same category all lie on it, each on the net; those without a category lie on
//! all that the zone has no rate of their own for (rule T1). Never works a tax out: `rules::tax` does.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{create, delete_of_zone};
pub use loaders::TaxRatesByZone;
pub use mutation::TaxRateMutation;
pub use query::TaxRateQuery;
pub use store::list_by_zones;
pub use types::{TaxRate, TaxRateConnection};
