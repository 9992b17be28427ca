//! What a store sells and how it is arranged.

pub mod brands;
pub mod categories;
pub mod collection_products;
pub mod collections;
pub mod product_descriptions;
pub mod product_media;
pub mod product_option_values;
pub mod product_options;
pub mod product_tags;
pub mod product_variants;
pub mod products;
pub mod tags;
pub mod variant_option_values;
