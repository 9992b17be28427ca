//! What can be done to stock, one file each.

pub mod first_levels;
pub mod item_update;
pub mod set;

pub use first_levels::{FirstLevel, FirstLevels, set_first_level, set_first_levels};
pub use item_update::InventoryItemUpdateInput;
pub use set::InventorySetInput;

use rules::ids::ProductVariantId;

use super::events::InventorySet;
use super::store::Movement;

/// What is told of a movement.
fn told(variant: ProductVariantId, movement: &Movement) -> InventorySet {
    InventorySet {
        variant_id: variant,
        item_id: movement.level.item_id,
        level_id: movement.level.id,
        location_id: movement.level.location_id,
        on_hand: movement.level.on_hand,
        delta: movement.delta(),
        reason: movement.reason,
        reference: movement.reference.clone(),
    }
}
