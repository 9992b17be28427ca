//! What can be done to domains, one file each.

pub mod add;
pub mod remove;

pub use add::StoreDomainAddInput;
