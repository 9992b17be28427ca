//! Customers as such: who they are, what the staff knows of them, and their consents.
//!
//! Owns guests and registered customers of a store, one of each kind and e-mail address, with their tags. Never
//! knows a password; that is `accounts`'.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::absorb::absorb_guest;
pub use actions::fields::{Consent, ProfileFields, sort_name};
pub use actions::guest::{find_or_create_guest, hold_buyer};
pub use events::{CustomerCreated, CustomerSnapshot, CustomerUpdated};
pub use loaders::{CustomerById, CustomersInSegment};
pub use mutation::CustomerMutation;
pub use query::CustomerQuery;
pub use store::{find_by_email, find_living, hold_living, insert, list_living, update};
pub use types::{Customer, CustomerConnection, CustomerSort};
