//! Imports: catalogs that come from elsewhere.
//!
//! Owns the readers of foreign files, one folder a format, and the way of what they read into a store.
//! A reader is pure: it turns bytes into products and problems. `draft` says what a product of the file
//! wants of the store, `apply` brings one product there in one transaction, through the doors of the
//! domains, and `run` does so for a whole file. Never writes a row by itself.
//!
//! What counts: a product is known by its handle, a variant by its option values. A column that the file
//! does not have leaves things as they are; a blank cell clears. Options, variants and images that the
//! file does not name stay. Nothing is written where nothing differs.
//!
//! To add a format, add a folder beside `shopify`.

mod actions;
mod apply;
mod draft;
mod mutation;
mod run;
pub mod shopify;
mod types;

pub use mutation::ImportMutation;
pub use run::{ImportError, Progress, run};
pub use types::{ImportProblem, ImportReport};
