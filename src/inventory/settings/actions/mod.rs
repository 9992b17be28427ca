//! What can be done to a store's settings of stock.

pub mod update;

pub use update::InventorySettingsUpdateInput;
