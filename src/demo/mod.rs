//! The demo shops.
//!
//! Owns what `stoa demo` puts into a fresh database. The data stand in `catalog/*.json`, one file
//! an organization, and are read by `data`; they name nothing that has to be fetched to show them.

pub mod data;
