//! Where goods are shipped to, and what that costs.

pub mod shipping_profile_products;
pub mod shipping_profiles;
pub mod shipping_rate_free_from;
pub mod shipping_rate_prices;
pub mod shipping_rates;
pub mod shipping_zone_territories;
pub mod shipping_zones;
