//! What a store has, and where.
//!
//! Owns locations, what is stocked of each variant, how much of it is where, every movement, what is kept
//! for whom, and what visitors are told of it (rules I1 to I5). Stands above the catalog and names its
//! variants. Never decides what is sold to whom.

pub mod availability;
pub mod locations;
pub mod reservations;
pub mod settings;
pub mod stock;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::SelectStatement;

use crate::kernel::StoreScope;

pub use stock::{FirstLevel, FirstLevels, MAX_ON_HAND, set_first_level, set_first_levels};

/// When what visitors are told of stock may change next by the clock alone: a hold ends, or more is expected
/// no longer.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    [reservations::moments(scope, now), stock::moments(scope, now)].concat()
}
