//! What can be bought of a product.
//!
//! Owns how variants are read, and the verbs on single ones. What must hold among the variants of a
//! product stands with the product, which is changed as a whole. Never knows what a variant costs to buy
//! or how much of it there is: pricing and inventory hang those on the variant's id.

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod store;
mod types;

pub use actions::{
    ProductVariantBulkUpdateInput, ProductVariantCreateInput, ProductVariantUpdateInput, SelectedOptionInput,
    VariantFields, guard_cost, selected,
};
pub use loaders::{SelectedOptionsByProduct, VariantById, VariantsByProduct};
pub use mutation::ProductVariantMutation;
pub use query::ProductVariantQuery;
pub use store::{Selected, find_by_sku, list_by_ids, list_selected};
pub use types::{ProductVariant, SelectedOption};
