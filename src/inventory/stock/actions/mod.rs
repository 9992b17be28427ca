//! What can be done to stock, one file each.

pub mod item_update;
pub mod set;

pub use item_update::InventoryItemUpdateInput;
pub use set::InventorySetInput;
