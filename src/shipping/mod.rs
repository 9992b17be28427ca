//! Where a store ships to, and what that costs.
//!
//! Owns shipping profiles with their goods, zones and rates, and the door through which carts and previews get
//! the ways to ship ([`quote()`]). Which zone holds and what a rate costs is decided by `rules::shipping` alone.
//! Stands above the catalog and inventory, and names their products and locations. Never takes anything off:
//! promotions do; never asks a carrier.

pub mod profiles;
mod quote;
pub mod rates;
pub mod zones;

use async_graphql::MergedObject;

pub use quote::{Quote, QuoteGroup, QuotedRate, ShippedLine, ShippingQuoteQuery, quote};

/// Every read of shipping.
#[derive(MergedObject, Default)]
pub struct ShippingQuery(
    profiles::ShippingProfileQuery,
    zones::ShippingZoneQuery,
    rates::ShippingRateQuery,
    ShippingQuoteQuery,
);

/// Every write of shipping.
#[derive(MergedObject, Default)]
pub struct ShippingMutation(
    profiles::ShippingProfileMutation,
    zones::ShippingZoneMutation,
    rates::ShippingRateMutation,
);
