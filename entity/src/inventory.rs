//! What is in stock, and where.

pub mod inventory_items;
pub mod inventory_levels;
pub mod inventory_movements;
pub mod inventory_settings;
pub mod locations;
pub mod stock_reservations;
