//! What a store sells and how it is arranged.
//!
//! Owns products with their options, variants and media, and the brands, categories, collections and
//! tags that arrange them. Never knows prices or stock: those domains stand above and name products.

pub mod brands;
pub mod categories;
pub mod collections;
mod listing_changed;
pub mod media;
pub mod products;
mod rich_text;
pub mod tags;
pub mod variants;

pub use listing_changed::ListingChanged;
