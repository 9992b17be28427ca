//! Goods that are shipped alike.
//!
//! Owns shipping profiles, which of them is the default, and which goods belong to one: each product to one
//! profile, and those that were put into none to the default. Never knows where they are shipped to.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::create;
pub use loaders::{ShippingProfileById, ShippingProfileByProduct};
pub use mutation::ShippingProfileMutation;
pub use query::ShippingProfileQuery;
pub use store::{find_default, hold, list_of_products};
pub use types::{ShippingProfile, ShippingProfileConnection};
