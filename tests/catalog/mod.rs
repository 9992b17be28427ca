//! Stories of the catalog.

mod brands;
