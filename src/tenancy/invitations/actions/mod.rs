//! What can be done to invitations, one file each.

pub mod accept;
pub mod create;
pub mod revoke;

pub use create::InvitationCreateInput;
