//! How shipping rates look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::shipping::shipping_rates;
use rules::ids::ShippingRateId;
use rules::permission::Permission;
use rules::shipping::Pricing;
use rules::states::ShippingPricing;
use rules::{Money, PerCurrency};

use super::loaders::PricesByRate;
use super::prices::Prices;
use crate::gate::directives::{cost, requires};
use crate::inventory::locations::{Location, LocationById};
use crate::kernel::graph::{Load, object};
use crate::shipping::zones::{ShippingZone, ShippingZoneById};
use crate::{connection, payload};

/// One way to ship to a zone, and what it costs.
#[derive(Clone)]
pub struct ShippingRate(pub Arc<shipping_rates::Model>);

impl From<shipping_rates::Model> for ShippingRate {
    fn from(row: shipping_rates::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl ShippingRate {
    fn prices_of<T: 'static>(&self, pick: fn(&Prices) -> Vec<T>) -> Load<PricesByRate, Vec<T>> {
        Load::<PricesByRate, _>::of(self.0.id, move |prices| prices.as_deref().map(pick).unwrap_or_default())
    }
}

/// One way to ship to a zone, and what it costs. Rates of different profiles with the same name are one choice of
/// the buyer.
#[object]
impl ShippingRate {
    /// The shipping rate's id.
    fn id(&self) -> ShippingRateId {
        self.0.id
    }

    /// What buyers see it called; unique in the zone.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The zone that is shipped to.
    fn zone(&self) -> Load<ShippingZoneById, Option<ShippingZone>> {
        Load::<ShippingZoneById, _>::of(self.0.zone_id, |row| row.map(ShippingZone))
    }

    /// What its prices go by.
    fn pricing(&self) -> ShippingPricing {
        self.0.pricing
    }

    /// What it costs, step by step in each currency. At most 100 steps.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn prices(&self) -> Load<PricesByRate, Vec<ShippingRatePrice>> {
        self.prices_of(ShippingRatePrice::of)
    }

    /// What the goods have to cost for it to be free, in each currency; empty is never.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn free_from(&self) -> Load<PricesByRate, Vec<Money>> {
        self.prices_of(|prices| prices.free_from.iter().flat_map(PerCurrency::all).copied().collect())
    }

    /// The least that the goods weigh, in grams; null is nothing.
    fn min_grams(&self) -> Option<i32> {
        self.0.min_grams.and_then(|grams| i32::try_from(grams).ok())
    }

    /// The most that the goods weigh, in grams; null is no end.
    fn max_grams(&self) -> Option<i32> {
        self.0.max_grams.and_then(|grams| i32::try_from(grams).ok())
    }

    /// Where the buyer fetches the goods; null where they are sent. While the location is closed, the rate is not
    /// offered.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    fn pickup_location(&self) -> Load<LocationById, Option<Location>> {
        Load::<LocationById, _>::maybe(self.0.pickup_location_id, |row| {
            row.filter(|row| row.deleted_at.is_none()).map(Location)
        })
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// One step of what a shipping rate costs.
#[object]
#[derive(Debug, Clone)]
pub struct ShippingRatePrice {
    /// The most that the goods weigh, in grams; null where the weight does not count.
    up_to_grams: Option<i32>,
    /// The least that the goods cost; null where their price does not count.
    at_least: Option<Money>,
    /// What it costs.
    price: Money,
}

impl ShippingRatePrice {
    fn of(prices: &Prices) -> Vec<Self> {
        let step = |up_to_grams, at_least, price| Self { up_to_grams, at_least, price };
        match &prices.pricing {
            Pricing::Flat(price) => price.all().iter().map(|price| step(None, None, *price)).collect(),
            Pricing::ByWeight(steps) => {
                let each = steps.iter().flat_map(|of| of.price.all().iter().map(move |price| (of.up_to_grams, *price)));
                each.map(|(grams, price)| step(i32::try_from(grams).ok(), None, price)).collect()
            }
            Pricing::ByPrice(steps) => {
                let each = steps.iter().flat_map(|of| of.price.all().iter().map(move |price| (of, *price)));
                each.map(|(of, price)| step(None, of.at_least.in_currency(price.currency()), price)).collect()
            }
        }
    }
}

connection!(ShippingRateConnection, ShippingRateEdge, ShippingRate, "shipping rates");

payload! {
    /// The answer of `shippingRateCreate`.
    ShippingRateCreatePayload {
        /// The new shipping rate.
        shipping_rate: ShippingRate,
    }
}

payload! {
    /// The answer of `shippingRateUpdate`.
    ShippingRateUpdatePayload {
        /// The shipping rate as it is now.
        shipping_rate: ShippingRate,
    }
}

payload! {
    /// The answer of `shippingRateDelete`.
    ShippingRateDeletePayload {
        /// The id of the deleted shipping rate.
        deleted_shipping_rate_id: ShippingRateId,
    }
}
