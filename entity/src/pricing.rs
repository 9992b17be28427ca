//! What things cost.

use chrono::{DateTime, Utc};

pub mod prices;
pub mod product_price_ranges;

/// The beginning of a price that has none. A time and not a null, so that it can stand in keys.
pub const ALWAYS: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;
