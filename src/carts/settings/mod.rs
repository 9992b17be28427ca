//! How a store treats carts.
//!
//! Owns after how long a cart counts as left. A store that never set anything has the defaults.

mod actions;
mod events;
mod mutation;
mod query;
mod store;
mod types;

use chrono::TimeDelta;

pub use mutation::CartSettingsMutation;
pub use query::CartSettingsQuery;
pub use store::find;
pub use types::CartSettings;

/// How long nobody edits a cart before it counts as left, where a store says nothing else.
pub const ABANDONED_AFTER: TimeDelta = TimeDelta::hours(1);

/// The shortest time that a store can say.
pub const SHORTEST: TimeDelta = TimeDelta::minutes(10);

/// How a store treats carts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// How long nobody edits a cart before it counts as left.
    pub abandoned_after: TimeDelta,
    /// Goes up by one with each change; 0 where nothing was ever set.
    pub version: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { abandoned_after: ABANDONED_AFTER, version: 0 }
    }
}
