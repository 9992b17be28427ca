//! The store's tree of categories.
//!
//! Owns categories: their names, slugs, descriptions, and their places in the tree. Visitors see every
//! category that is not deleted. Never decides which products stand in one: that is the product's own
//! field, and a product whose category was deleted has none to show.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod tree;
mod types;

pub use actions::{CategoryCreateInput, create};
pub use loaders::{AncestorsByCategory, CategoriesByParent, CategoryById};
pub use mutation::CategoryMutation;
pub use query::CategoryQuery;
pub use store::{find_by_slug, find_living, list_above, list_below, list_by_ids};
pub use types::{Category, CategoryConnection};
