//! How much there is of each variant, and where.
//!
//! Owns inventory items (one a variant, made when stock is first set), their levels (one a location) and
//! the movements between what was and what is. Every change of a level goes through [`Shelves`], with a
//! movement beside it, so that the sum of the movements is what is on hand, always (rules I2, I3). Never
//! knows what is promised to whom: that stands in [`super::reservations`].

mod actions;
mod events;
mod loaders;
mod mutation;
mod query;
mod shelves;
mod store;
mod subscription;
mod types;

pub use actions::{FirstLevel, FirstLevels, InventorySetInput, set, set_first_level, set_first_levels};
pub use events::{InventoryFulfilled, InventoryReleased, InventoryReserved, InventoryReturned};
pub use loaders::{InventoryItemById, InventoryItemByVariant, InventoryLevelById, InventoryMovementById, LevelsByItem};
pub use mutation::StockMutation;
pub use query::StockQuery;
pub use shelves::{Change, Shelf, Shelves, rule};
pub use store::{items_by_variants, levels_by_items, moments, sent};
pub use subscription::StockSubscription;
pub use types::{InventoryItem, InventoryLevel, InventoryMovement, InventoryMovementConnection};

/// Units that a level holds at the most.
pub const MAX_ON_HAND: i64 = 1_000_000_000;
