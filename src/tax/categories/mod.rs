//! What goods are to the tax office.
//!
//! Owns tax categories and which of them is the default: where goods belong that name none. Never knows what
//! lies on a category: that stands with the rates of each zone.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use loaders::TaxCategoryById;
pub use mutation::TaxCategoryMutation;
pub use query::TaxCategoryQuery;
pub use store::{find_default, hold_living};
pub use types::{TaxCategory, TaxCategoryConnection};
