//! Named sets of permissions.
//!
//! Owns an organization's own roles, and how they and the built-in ones look and are chosen. Nobody
//! puts a permission into a role that they do not hold, and nobody changes a role that holds more
//! than they do (rule A1). The built-in roles stand in `rules` and are never changed.

mod actions;
mod events;
mod loaders;
mod mutation;
mod own;
mod query;
mod store;
mod types;

pub use loaders::RoleById;
pub use mutation::RoleMutation;
pub use query::RoleQuery;
pub use types::{BuiltInRoleKey, Role, RoleChoice};

pub(super) use store::{chosen, permissions_of};
