//! The stores of organizations: each a shop, and a tenant of its own.
//!
//! Owns stores and their settings: names and handles, currencies and languages, how prices are rounded
//! and taxed. Opening and closing one is the organization's; its settings are the store's own. Never
//! finds the store of a request: that is the gate's.

mod actions;
mod events;
pub mod handle;
mod loaders;
mod mutation;
mod query;
mod settings;
mod store;
mod types;

pub use actions::{StoreCreateInput, create, set_plan};
pub use loaders::StoreById;
pub use mutation::StoreMutation;
pub use query::StoreQuery;
pub use store::{all_ids, get};
pub use types::{Store, StoreConnection};

pub(super) use store::{expect_living, lock};
