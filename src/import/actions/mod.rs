//! What can be imported, one file each.

pub mod products_import;
