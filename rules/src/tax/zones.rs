//! Which rates lie on what (rule T1).

use serde::{Deserialize, Serialize};

use super::amounts::{MAX_DECIMALS, millionths};
use crate::decimal::Decimal;
use crate::ids::{TaxCategoryId, TaxZoneId};
use crate::place::{Place, Territory};
use crate::problem::{ErrorCode, Problem, Problems};

/// The taxes of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxRules {
    /// The zones, in any order.
    pub zones: Vec<TaxZone>,
    /// How shipping is taxed.
    #[serde(default)]
    pub shipping: ShippingTax,
}

/// Places whose taxes are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxZone {
    /// The zone's id, the last tie-breaker.
    pub id: TaxZoneId,
    /// Where it is.
    pub territories: Vec<Territory>,
    /// What lies on goods there.
    pub rates: Vec<TaxRate>,
}

/// One tax at one rate. Several on the same category all lie on it, each on the net.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxRate {
    /// What it is called on an invoice, such as `VAT`.
    pub name: String,
    /// The number to multiply the net by, such as 0.19; six decimals at the most.
    pub rate: Decimal,
    /// What it lies on; `None` for all categories that the zone has no rate of their own for.
    #[serde(default)]
    pub category: Option<TaxCategoryId>,
}

/// How shipping is taxed (rule T2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ShippingTax {
    /// By a category of its own.
    Category(Option<TaxCategoryId>),
    /// Like the goods: each line's rates on its share of the shipping, by what the lines cost.
    ByLines,
}

impl Default for ShippingTax {
    fn default() -> Self {
        Self::Category(None)
    }
}

/// The places that decide over a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Where it is shipped to.
    #[serde(default)]
    pub shipping: Option<Place>,
    /// Where the buyer is.
    #[serde(default)]
    pub billing: Option<Place>,
    /// Where the store is.
    pub store: Place,
}

impl Places {
    /// The place that counts: where it is shipped to, else where the buyer is, else the store.
    pub fn taxed(&self) -> &Place {
        self.shipping.as_ref().or(self.billing.as_ref()).unwrap_or(&self.store)
    }
}

impl TaxRules {
    /// The zone of a place: the one that describes it most closely, region before country. `None` is a
    /// place without taxes.
    pub fn zone(&self, place: &Place) -> Option<&TaxZone> {
        let closeness = |zone: &TaxZone| zone.territories.iter().filter_map(|area| area.closeness(place)).max();
        let zones = self.zones.iter().filter_map(|zone| closeness(zone).map(|closeness| (closeness, zone)));
        // The closest first, ties by id.
        zones.min_by_key(|(closeness, zone)| (std::cmp::Reverse(*closeness), zone.id)).map(|(_, zone)| zone)
    }

    /// Whether the rules can be counted with.
    ///
    /// # Errors
    /// Every problem, each with the way to its field.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Problems::new();
        for (zone_index, zone) in self.zones.iter().enumerate() {
            for (index, rate) in zone.rates.iter().enumerate() {
                let path = format!("zones.{zone_index}.rates.{index}");
                if millionths(rate.rate).is_none() {
                    let message =
                        format!("a tax rate is a number such as 0.19, with {MAX_DECIMALS} decimals at the most");
                    problems.add(ErrorCode::OutOfRange, &format!("{path}.rate"), message);
                }
                let twin = |other: &TaxRate| other.name == rate.name && other.category == rate.category;
                if zone.rates[..index].iter().any(twin) {
                    problems.add(ErrorCode::Duplicate, &path, "the zone has this tax on this category already");
                }
            }
        }
        problems.finish()
    }
}

impl TaxZone {
    /// What lies on a category: its own rates, else the ordinary ones, else nothing.
    pub fn rates_of(&self, category: Option<TaxCategoryId>) -> Vec<&TaxRate> {
        let of = |category: Option<TaxCategoryId>| self.rates.iter().filter(move |rate| rate.category == category);
        let own: Vec<&TaxRate> = of(category).collect();
        if own.is_empty() { of(None).collect() } else { own }
    }
}
