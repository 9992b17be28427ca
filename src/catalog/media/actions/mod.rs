//! What can be done to media, one file each.

pub mod create;
pub mod delete;
pub mod reorder;
pub mod update;

pub use create::ProductMediaInput;
pub use update::ProductMediaUpdateInput;
