//! Places where stock is kept.
//!
//! Owns locations and which of them is the default: where stock goes when no place is named. A store
//! that has none gets one the first time stock is set. Never counts stock.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{LocationCreateInput, create, default_location};
pub use loaders::LocationById;
pub use mutation::LocationMutation;
pub use query::LocationQuery;
pub use store::{hold_all_active, hold_living, list_active};
pub use types::{Coordinates, Location, LocationConnection};
