//! What taxes lie on what, and where.

pub mod tax_categories;
pub mod tax_rates;
pub mod tax_settings;
pub mod tax_zone_territories;
pub mod tax_zones;
