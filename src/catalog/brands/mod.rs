//! The makers of products.
//!
//! Owns brands: their names, slugs and descriptions. Visitors see every brand that is not deleted.
//! Never decides which products carry one: that is the product's own field.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::create::find_or_create;
pub use actions::{BrandCreateInput, create};
pub use loaders::BrandById;
pub use mutation::BrandMutation;
pub use query::BrandQuery;
pub use store::{find_by_slug, find_living, list_by_ids};
pub use types::{Brand, BrandConnection};
