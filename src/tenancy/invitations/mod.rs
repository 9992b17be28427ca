//! Offers of memberships.
//!
//! Owns invitations: to whom, with which role and which stores, until when. The secret is shown once,
//! to whoever invites, and works once, for the e-mail address that it was made for. What it gives is
//! held against its inviter again when it is accepted (rule A1). Never sends a message.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{InvitationCreateInput, accept, create};
pub use mutation::InvitationMutation;
pub use query::InvitationQuery;
pub use types::{Invitation, InvitationConnection};
