//! The demo shops.
//!
//! Owns what `stoa demo` puts into a fresh database. The data stand in `catalog/*.json`, one file
//! an organization, and are read by `data`; `load` brings them in through the actions; `access` says who
//! can do what there. The data name nothing that has to be fetched to show them.

mod access;
pub mod data;
mod load;
mod selling;

pub use access::{Access, AccountAccess, StoreAccess};
pub use load::{Loaded, Standing, finish, load, standing};

/// The password of the demo's accounts, where only this machine can reach them.
pub const PASSWORD: &str = "look-around-the-loom";
