//! Places whose taxes are the same.
//!
//! Owns tax zones and where they are; no two zones of a store have the same territory. Which zone holds for a
//! place is decided by `rules::tax` (rule T1): the one that describes it most closely. Never knows a rate.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::create;
pub use loaders::TaxZoneById;
pub use mutation::TaxZoneMutation;
pub use query::TaxZoneQuery;
pub use store::{hold, list_of_country};
pub use types::{TaxZone, TaxZoneConnection};
