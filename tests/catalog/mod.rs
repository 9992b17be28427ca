//! Stories of the catalog.

mod brands;
mod media;
mod products;
mod variants;
