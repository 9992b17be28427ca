//! What customers have at the store to pay with.
//!
//! Owns store credit, one for each customer with an account and currency, and the ledger of what it comes to: the sum of
//! its entries, which are appended and never changed, and which never falls below nothing, whoever spends it at once. It
//! is a payment, not a discount (rule P1). A checkout comes through [`stored`](super::stored), as for gift cards.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod spending;
mod store;
mod types;

pub use loaders::{StoreCreditById, StoreCreditsByCustomer};
pub use mutation::StoreCreditMutation;
pub use query::StoreCreditQuery;
pub use types::{StoreCredit, StoreCreditEntry};

pub(super) use spending::{available, give_back, hold, release, take};
