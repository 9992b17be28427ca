//! Pictures and films of products.
//!
//! Owns how media are read, and the verbs on single ones. They are kept elsewhere and named by their
//! address; nothing here ever fetches one. What must hold among the media of a product stands with the
//! product, which is changed as a whole.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{ProductMediaInput, ProductMediaUpdateInput};
pub use loaders::{MediaById, MediaByProduct};
pub use mutation::ProductMediaMutation;
pub use types::ProductMedia;
