//! What can be done to registered documents, one file each.

pub mod delete;
pub mod register;

pub use register::TrustedDocumentsRegisterInput;
