//! How a store is paid: its providers, each one a choice of its buyers.
//!
//! Owns the accounts at providers: their names, when they take money, in which currencies, and their keys, which are
//! sealed before they are written and are never shown again. What buyers can choose is `paymentMethods`. Never makes a
//! payment: the payments do, with an [`Account`](crate::payments::gateway::Account) opened here.

mod account;
mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use account::{open, secret_places};
pub use actions::create;
pub use actions::reseal::run as reseal;
pub use loaders::PaymentProviderById;
pub use mutation::PaymentProviderMutation;
pub use query::PaymentProviderQuery;
pub use store::{find, is_offered_in, list};
pub use types::PaymentProvider;
