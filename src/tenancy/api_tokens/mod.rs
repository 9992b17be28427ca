//! The tokens of a store: for partners' integrations, and for storefronts.
//!
//! Owns their names, scopes, networks and ends. A secret is shown once and stored as a hash; whoever
//! makes a token gives it no more than they hold, and at each use it is cut to what its maker holds
//! then (rule A2), which is the gate's part. Never lets a token make a token.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{ApiTokenCreateInput, create};
pub use mutation::ApiTokenMutation;
pub use query::ApiTokenQuery;
pub use types::{ApiToken, ApiTokenConnection};
