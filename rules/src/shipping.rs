//! Shipping: where a store ships to, and what that costs.
//!
//! Owns the choice of zone and the price of each rate. Never knows a carrier, and never takes anything
//! off: promotions do. Goods of different profiles are shipped apart and paid together.
//!
//! A new way to price is a value of [`Pricing`].

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::ids::{LocationId, ShippingProfileId, ShippingRateId, ShippingZoneId};
use crate::money::{Money, MoneyError, PerCurrency};
use crate::place::{Place, Territory};
use crate::problem::{ErrorCode, Problem};

/// Goods that are shipped alike, and where to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingProfile {
    /// The profile.
    pub id: ShippingProfileId,
    /// Where it is shipped to.
    pub zones: Vec<ShippingZone>,
}

/// Places that are shipped to alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingZone {
    /// The zone; of two that describe a place as closely, the lower id holds.
    pub id: ShippingZoneId,
    /// Where it is.
    pub territories: Vec<Territory>,
    /// The ways to ship there.
    pub rates: Vec<ShippingRate>,
}

/// One way to ship, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingRate {
    /// The rate.
    pub id: ShippingRateId,
    /// What buyers see it called. Rates of different profiles with the same name are one choice.
    pub name: String,
    /// What it costs.
    pub pricing: Pricing,
    /// What the goods have to cost for it to be free; the amount itself is enough.
    #[serde(default)]
    pub free_from: Option<PerCurrency>,
    /// What the goods have to weigh.
    #[serde(default)]
    pub weight: WeightLimits,
    /// Where the buyer fetches the goods; `None` where they are sent.
    #[serde(default)]
    pub pickup: Option<LocationId>,
}

/// How much goods weigh that can be shipped in some way, both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeightLimits {
    /// The least, in grams.
    #[serde(default)]
    pub min_grams: Option<u64>,
    /// The most, in grams.
    #[serde(default)]
    pub max_grams: Option<u64>,
}

impl WeightLimits {
    /// Whether goods of this weight are within.
    pub fn hold(self, grams: u64) -> bool {
        self.min_grams.is_none_or(|least| grams >= least) && self.max_grams.is_none_or(|most| grams <= most)
    }
}

/// What a rate costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Pricing {
    /// Always the same.
    Flat(PerCurrency),
    /// By what the goods weigh: the first step that holds it. What is heavier is not shipped so.
    ByWeight(Vec<WeightStep>),
    /// By what the goods cost: the highest step that they reach. What costs less is not shipped so.
    ByPrice(Vec<PriceStep>),
}

/// What goods up to a weight cost to ship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WeightStep {
    /// The most that they weigh, in grams.
    pub up_to_grams: u64,
    /// What it costs.
    pub price: PerCurrency,
}

/// What goods from a price on cost to ship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceStep {
    /// The least that they cost.
    pub at_least: PerCurrency,
    /// What it costs.
    pub price: PerCurrency,
}

/// The goods of one profile in a basket. What needs no shipping is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goods {
    /// How they are shipped.
    pub profile: ShippingProfileId,
    /// What they weigh together, in grams.
    pub grams: u64,
    /// What they cost together, after what is off the lines.
    pub amount: Money,
}

/// One choice of the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingOption {
    /// The rates that it is made of, one for each profile in the basket.
    pub rates: Vec<ShippingRateId>,
    /// What buyers see it called.
    pub name: String,
    /// What it costs, in the store's tax mode.
    pub price: Money,
}

impl ShippingProfile {
    /// The zone of a place: the one that describes it most closely.
    pub fn zone(&self, place: &Place) -> Option<&ShippingZone> {
        let closeness = |zone: &ShippingZone| zone.territories.iter().filter_map(|area| area.closeness(place)).max();
        let zones = self.zones.iter().filter_map(|zone| closeness(zone).map(|closeness| (closeness, zone)));
        zones.min_by_key(|(closeness, zone)| (std::cmp::Reverse(*closeness), zone.id)).map(|(_, zone)| zone)
    }
}

impl ShippingRate {
    /// What it costs to ship goods; `None` where they can't be shipped so, or not in this currency.
    pub fn price(&self, goods: &Goods) -> Option<Money> {
        if !self.weight.hold(goods.grams) {
            return None;
        }
        let currency = goods.amount.currency();
        let reaches = |amounts: &PerCurrency| {
            amounts.in_currency(currency).is_some_and(|least| goods.amount.minor() >= least.minor())
        };
        let price = match &self.pricing {
            Pricing::Flat(price) => price.in_currency(currency),
            Pricing::ByWeight(steps) => {
                let holds = steps.iter().filter(|step| goods.grams <= step.up_to_grams);
                holds.min_by_key(|step| step.up_to_grams).and_then(|step| step.price.in_currency(currency))
            }
            Pricing::ByPrice(steps) => {
                let reached = steps.iter().filter(|step| reaches(&step.at_least));
                let least = |step: &&PriceStep| step.at_least.in_currency(currency).map(Money::minor);
                reached.max_by_key(least).and_then(|step| step.price.in_currency(currency))
            }
        }?;
        let is_free = self.free_from.as_ref().is_some_and(reaches);
        Some(if is_free { Money::zero(currency) } else { price })
    }
}

/// The choices that a buyer has: by name, in the order of the first profile's rates. A profile that has
/// no rate of a name is shipped by its cheapest.
///
/// Goods of a profile that stand in several entries are shipped together.
///
/// # Errors
/// `INVALID` with the message why, where some of the goods are not shipped to the place at all;
/// `OUT_OF_RANGE` beyond counting.
pub fn options(
    profiles: &[ShippingProfile],
    goods: &[Goods],
    place: &Place,
    currency: Currency,
) -> Result<Vec<ShippingOption>, Problem> {
    let mut quotes: Vec<Vec<(&ShippingRate, Money)>> = Vec::new();
    for goods in together(goods)? {
        let zone = profiles.iter().find(|profile| profile.id == goods.profile).and_then(|profile| profile.zone(place));
        let rates = zone.map(|zone| zone.rates.as_slice()).unwrap_or_default();
        let priced: Vec<_> = rates.iter().filter_map(|rate| rate.price(&goods).map(|price| (rate, price))).collect();
        if priced.is_empty() {
            let message = format!("some of the goods are not shipped to {}: choose another address", place.country);
            return Err(Problem::new(ErrorCode::Invalid, "", message));
        }
        quotes.push(priced);
    }

    let mut names: Vec<&str> = Vec::new();
    for (rate, _) in quotes.iter().flatten() {
        if !names.contains(&rate.name.as_str()) {
            names.push(&rate.name);
        }
    }
    names.into_iter().map(|name| option(&quotes, name, currency)).collect::<Result<_, _>>().map_err(Problem::from)
}

fn option(
    quotes: &[Vec<(&ShippingRate, Money)>],
    name: &str,
    currency: Currency,
) -> Result<ShippingOption, MoneyError> {
    let chosen = quotes.iter().filter_map(|quotes| {
        let named = quotes.iter().find(|(rate, _)| rate.name == name);
        named.or_else(|| quotes.iter().min_by_key(|(rate, price)| (price.minor(), rate.id)))
    });
    let chosen: Vec<_> = chosen.collect();
    Ok(ShippingOption {
        rates: chosen.iter().map(|(rate, _)| rate.id).collect(),
        name: name.to_owned(),
        price: Money::sum(currency, chosen.iter().map(|(_, price)| *price))?,
    })
}

/// Goods of the same profile as one, in the order in which the profiles first appear.
fn together(goods: &[Goods]) -> Result<Vec<Goods>, MoneyError> {
    let mut sums: Vec<Goods> = Vec::new();
    for goods in goods {
        match sums.iter_mut().find(|sum| sum.profile == goods.profile) {
            Some(sum) => {
                sum.grams = sum.grams.saturating_add(goods.grams);
                sum.amount = sum.amount.checked_add(goods.amount)?;
            }
            None => sums.push(*goods),
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::place::PostalRange;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn rate(number: u128, name: &str, pricing: Pricing) -> ShippingRate {
        ShippingRate {
            id: ShippingRateId(Uuid::from_u128(number)),
            name: name.to_owned(),
            pricing,
            free_from: None,
            weight: WeightLimits::default(),
            pickup: None,
        }
    }

    fn flat(number: u128, name: &str, minor: i64) -> ShippingRate {
        rate(number, name, Pricing::Flat(eur(minor).into()))
    }

    fn zone(
        number: u128,
        country: Option<&str>,
        postal: Option<(&str, &str)>,
        rates: Vec<ShippingRate>,
    ) -> ShippingZone {
        let postal = postal.map(|(from, to)| PostalRange { from: from.to_owned(), to: to.to_owned() });
        ShippingZone {
            id: ShippingZoneId(Uuid::from_u128(number)),
            territories: vec![Territory {
                country: country.map(str::to_owned),
                region: None,
                postal_codes: postal.into_iter().collect(),
            }],
            rates,
        }
    }

    fn profile(number: u128, zones: Vec<ShippingZone>) -> ShippingProfile {
        ShippingProfile { id: ShippingProfileId(Uuid::from_u128(number)), zones }
    }

    fn goods(number: u128, grams: u64, minor: i64) -> Goods {
        Goods { profile: ShippingProfileId(Uuid::from_u128(number)), grams, amount: eur(minor) }
    }

    fn prices(profiles: &[ShippingProfile], goods: &[Goods], place: &Place) -> Vec<(String, i64)> {
        let options = options(profiles, goods, place, Currency::EUR).expect("options");
        options.into_iter().map(|option| (option.name, option.price.minor())).collect()
    }

    #[test]
    fn the_closest_zone_holds() {
        let island = zone(2, Some("DE"), Some(("27498", "27499")), vec![flat(2, "Ship", 1_900)]);
        let profile = profile(
            1,
            vec![
                zone(1, Some("DE"), None, vec![flat(1, "Post", 490)]),
                island,
                zone(3, None, None, vec![flat(3, "World", 2_900)]),
            ],
        );
        let to = |place: Place| prices(std::slice::from_ref(&profile), &[goods(1, 100, 1_000)], &place);
        assert_eq!(to(Place::country("DE")), [("Post".to_owned(), 490)]);
        let helgoland = Place { postal_code: Some("27498".to_owned()), ..Place::country("DE") };
        assert_eq!(to(helgoland), [("Ship".to_owned(), 1_900)]);
        assert_eq!(to(Place::country("NZ")), [("World".to_owned(), 2_900)]);
    }

    #[test]
    fn weight_and_price_steps_hold_their_ends() {
        let by_weight = Pricing::ByWeight(vec![
            WeightStep { up_to_grams: 5_000, price: eur(900).into() },
            WeightStep { up_to_grams: 1_000, price: eur(400).into() },
        ]);
        let by_price = Pricing::ByPrice(vec![
            PriceStep { at_least: eur(1_000).into(), price: eur(500).into() },
            PriceStep { at_least: eur(5_000).into(), price: eur(200).into() },
        ]);
        let price = |pricing: &Pricing, grams, minor| {
            rate(1, "Post", pricing.clone()).price(&goods(1, grams, minor)).map(Money::minor)
        };
        for (grams, expected) in
            [(0, Some(400)), (1_000, Some(400)), (1_001, Some(900)), (5_000, Some(900)), (5_001, None)]
        {
            assert_eq!(price(&by_weight, grams, 100), expected, "{grams} g");
        }
        for (minor, expected) in [(999, None), (1_000, Some(500)), (4_999, Some(500)), (5_000, Some(200))] {
            assert_eq!(price(&by_price, 1, minor), expected, "{minor}");
        }
    }

    #[test]
    fn goods_out_of_the_limits_of_weight_are_not_shipped_so() {
        let weight = WeightLimits { min_grams: Some(100), max_grams: Some(2_000) };
        let letter = ShippingRate { weight, ..flat(1, "Letter", 110) };
        for (grams, expected) in [(99, None), (100, Some(eur(110))), (2_000, Some(eur(110))), (2_001, None)] {
            assert_eq!(letter.price(&goods(1, grams, 100)), expected, "{grams} g");
        }
    }

    #[test]
    fn shipping_is_free_from_an_amount_on_and_only_in_currencies_that_have_one() {
        let free = ShippingRate { free_from: Some(eur(5_000).into()), ..flat(1, "Post", 490) };
        assert_eq!(free.price(&goods(1, 1, 4_999)), Some(eur(490)));
        assert_eq!(free.price(&goods(1, 1, 5_000)), Some(eur(0)));
        let dollars = Goods { amount: Money::from_minor(9_000, Currency::USD), ..goods(1, 1, 0) };
        assert_eq!(free.price(&dollars), None);
    }

    #[test]
    fn goods_of_two_profiles_are_paid_together_by_the_name_of_the_rate() {
        let small = profile(1, vec![zone(1, Some("DE"), None, vec![flat(1, "Post", 490), flat(2, "Express", 1_200)])]);
        let large =
            profile(2, vec![zone(2, Some("DE"), None, vec![flat(3, "Freight", 4_000), flat(4, "Express", 9_000)])]);
        let both = [goods(1, 100, 1_000), goods(2, 90_000, 50_000), goods(1, 100, 1_000)];
        let expected = [("Post", 4_490), ("Express", 10_200), ("Freight", 4_490)];
        let expected = expected.map(|(name, minor)| (name.to_owned(), minor));
        assert_eq!(prices(&[small.clone(), large.clone()], &both, &Place::country("DE")), expected);

        let nowhere = options(&[small, large], &both, &Place::country("FR"), Currency::EUR);
        assert_eq!(nowhere.map_err(|problem| problem.code), Err(ErrorCode::Invalid));
        assert_eq!(options(&[], &[], &Place::country("FR"), Currency::EUR), Ok(Vec::new()));
    }
}
