//! The host names that lead to stores.
//!
//! Owns which host leads to which store, and the one form that hosts are stored and compared in. A host
//! leads to one store of the whole platform. Never proves that a host belongs to whoever adds it, and
//! never answers for one: that is the gate's and the operator's DNS.

mod actions;
mod events;
pub mod host;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{StoreDomainAddInput, add};
pub use loaders::DomainsByStore;
pub use mutation::StoreDomainMutation;
pub use types::StoreDomain;
