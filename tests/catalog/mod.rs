//! Stories of the catalog.

mod brands;
mod categories;
mod media;
mod products;
mod variants;
mod collections;
mod tags;
