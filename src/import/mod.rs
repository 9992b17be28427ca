//! Imports: catalogs that come from elsewhere.
//!
//! Owns the readers of foreign files, one folder a format. A reader is pure: it turns bytes into
//! products and problems, and never touches the database; writing is the work of the action that
//! drives it.
//!
//! To add a format, add a folder beside `shopify`.

pub mod shopify;
