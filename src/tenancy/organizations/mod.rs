//! The owners of stores.
//!
//! Owns organizations: their names and handles, and the lock that puts the writes of one organization
//! into a row. Whoever creates one becomes its owner. Never decides what a member may do.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{OrganizationCreateInput, OrganizationUpdateInput, create, update};
pub use loaders::OrganizationById;
pub use mutation::OrganizationMutation;
pub use query::OrganizationQuery;
pub use store::list_names;
pub use types::{Organization, OrganizationConnection};

pub(super) use store::lock;
