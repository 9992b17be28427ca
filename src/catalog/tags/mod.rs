//! Words that products are marked with.
//!
//! Owns tags: how they are written, compared, renamed and deleted. They come into being when a product is
//! first marked with them. Never decides which products carry one: that is the product's own list.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::read_name;
pub use loaders::{TagById, TagsByProduct};
pub use mutation::TagMutation;
pub use query::TagQuery;
pub use store::{list_by_ids, list_by_products};
pub use types::{Tag, TagConnection};
