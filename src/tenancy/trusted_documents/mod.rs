//! The documents that a store has registered for its storefronts.
//!
//! Owns their texts, each named by the SHA-256 of it. Where the store's policy says so, its storefronts may
//! send these and no others. Never decides who is held to that, nor runs one: both are the gate's, which
//! reads here, with the caller's rights, whether a document is registered.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use mutation::TrustedDocumentMutation;
pub use query::TrustedDocumentQuery;
pub use types::{TrustedDocument, TrustedDocumentConnection};

pub(super) use store::is_any_registered;
