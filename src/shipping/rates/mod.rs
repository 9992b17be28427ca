//! One way to ship to a zone, and what it costs.
//!
//! Owns shipping rates with their prices. Rates of different profiles with the same name are one choice of the
//! buyer. What a rate costs for some goods is decided by `rules::shipping`. Never converts a currency: where a
//! rate has no price in one, nothing is shipped so in it.

mod actions;
mod events;
mod loaders;
mod mutation;
mod prices;
mod query;
mod store;
mod types;

pub use actions::{ShippingPricingInput, create, delete_of_zones};
pub use loaders::{ShippingRateById, ShippingRatesByZone};
pub use mutation::ShippingRateMutation;
pub use prices::Prices;
pub use query::ShippingRateQuery;
pub use store::{list_by_ids, list_offered};
pub use types::{ShippingRate, ShippingRateConnection};
