//! What a store sells and how it is arranged.
//!
//! Owns products with their options, variants and media, and the brands, categories, collections and
//! tags that arrange them. Never knows prices or stock: those domains stand above and name products.

pub mod brands;
pub mod categories;
pub mod collections;
pub mod media;
pub mod products;
mod rich_text;
pub mod tags;
pub mod variants;
mod variants_changed;

pub use variants_changed::VariantsChanged;
