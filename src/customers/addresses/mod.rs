//! Addresses that customers keep.
//!
//! Owns up to 50 of a customer, one of them the default for parcels and one for bills at the most. What is an address
//! is decided by `rules::address`. Never the address of an order: that is the order's own.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use loaders::AddressesByCustomer;
pub use mutation::AddressMutation;
pub use store::{absorb, delete_of, list_by_customers};
pub use types::CustomerAddress;
