//! Places on earth as the API takes and shows them.
//!
//! Owns the inputs of places, territories and postal addresses, how territories stand in rows, and how they look in the schema.
//! What is a place and which zone it lies in is decided by `rules::place`. Never knows what a zone is for:
//! taxes and shipping do.

mod address;
mod input;
mod rows;
mod types;

pub use address::{Address, AddressInput};
pub use input::{PlaceInput, TerritoryInput, read_territories};
pub use rows::{ClaimRow, gather, rows};
pub use types::{Place, Territory};
