//! What can be done to tokens, one file each.

pub mod create;
pub mod revoke;

pub use create::ApiTokenCreateInput;
