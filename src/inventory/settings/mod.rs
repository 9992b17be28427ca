//! How a store keeps its stock, and how much of it visitors are told.
//!
//! Owns one row a store: the strategy over several locations (rule I4), and what the storefront says of
//! quantities. A store that never changed them has those of [`store::defaults`]. Never counts anything.

mod actions;
mod events;
mod mutation;
mod query;
mod store;
mod types;

pub use mutation::InventorySettingsMutation;
pub use query::InventorySettingsQuery;
pub use store::{candor, find_held, told};
