//! What is told of shipping rates.

use entity::shipping::shipping_rates;
use rules::PerCurrency;
use rules::ids::{LocationId, ShippingRateId, ShippingZoneId};
use rules::shipping::Pricing;
use serde::Serialize;

use super::prices::Prices;
use crate::kernel::outbox::Event;

/// A shipping rate as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingRateSnapshot {
    /// The id.
    pub id: ShippingRateId,
    /// The zone.
    pub zone_id: ShippingZoneId,
    /// The name.
    pub name: String,
    /// What it costs.
    pub pricing: Pricing,
    /// What the goods have to cost for it to be free.
    pub free_from: Option<PerCurrency>,
    /// The least that the goods weigh.
    pub min_grams: Option<i64>,
    /// The most that the goods weigh.
    pub max_grams: Option<i64>,
    /// Where the buyer fetches the goods.
    pub pickup_location_id: Option<LocationId>,
    /// The version.
    pub version: i64,
}

impl ShippingRateSnapshot {
    /// A rate with its prices.
    pub fn of(row: &shipping_rates::Model, prices: Prices) -> Self {
        Self {
            id: row.id,
            zone_id: row.zone_id,
            name: row.name.clone(),
            pricing: prices.pricing,
            free_from: prices.free_from,
            min_grams: row.min_grams,
            max_grams: row.max_grams,
            pickup_location_id: row.pickup_location_id,
            version: row.version,
        }
    }
}

macro_rules! shipping_rate_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The shipping rate after the change, or before it was deleted.
                pub shipping_rate: ShippingRateSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "shipping_rate";

                fn aggregate_id(&self) -> String {
                    self.shipping_rate.id.to_string()
                }
            }
        )+
    };
}

shipping_rate_events! {
    /// A shipping rate was created.
    ShippingRateCreated = "shipping_rate.created",
    /// A shipping rate was changed.
    ShippingRateUpdated = "shipping_rate.updated",
    /// A shipping rate was deleted.
    ShippingRateDeleted = "shipping_rate.deleted",
}
