//! Places that a profile's goods are shipped to alike.
//!
//! Owns shipping zones and where they are; no two zones of a profile have the same territory. Which zone holds
//! for a place is decided by `rules::shipping`: the one that describes it most closely. Never knows a price.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{create, delete_of_profile};
pub use loaders::{ShippingZoneById, ShippingZonesByProfile};
pub use mutation::ShippingZoneMutation;
pub use query::ShippingZoneQuery;
pub use store::{hold, list_of_country};
pub use types::{ShippingZone, ShippingZoneConnection};
