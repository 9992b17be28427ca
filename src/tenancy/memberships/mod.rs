//! People's places in organizations.
//!
//! Owns memberships: the role, what is granted and denied beside it, and the stores that it reaches
//! (rule A1). An organization is never without an owner, and an owner has everything everywhere. A
//! membership begins with an invitation, or with the organization itself. Never signs anybody in.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod standing;
mod store;
mod types;

pub use loaders::OwnMembership;
pub use mutation::MembershipMutation;
pub use query::MembershipQuery;
pub use types::{Membership, MembershipConnection};

pub(super) use events::{MembershipCreated, MembershipSnapshot};
pub(super) use loaders::scope_of;
pub(super) use store::{authority_of, insert, insert_reach, is_member};
