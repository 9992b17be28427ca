//! Stories of the catalog.

mod brands;
mod categories;
mod collections;
mod tags;
