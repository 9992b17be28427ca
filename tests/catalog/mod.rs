//! Stories of the catalog.

mod brands;
mod categories;
