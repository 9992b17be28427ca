//! What a store has, and where.
//!
//! Owns locations, what is stocked of each variant, how much of it is where, and every movement
//! (rules I1 to I4). Stands above the catalog and names its variants. Never decides what is sold to whom.

pub mod locations;
pub mod stock;

pub use stock::{FirstLevel, FirstLevels, MAX_ON_HAND, set_first_level, set_first_levels};
