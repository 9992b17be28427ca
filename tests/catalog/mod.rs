//! Stories of the catalog.

mod brands;
mod categories;
mod collections;
mod media;
mod nested;
mod products;
mod tags;
mod variants;
