//! The door through which goods get their ways to be shipped, and `shippingQuote` over it.
//!
//! Owns how goods are gathered by profile, and which rates each gets. Never chooses for the buyer, and keeps
//! nothing: a way that was chosen is held against a new quote at each change of cart or address
//! ([`Quote::option`]).

mod query;
mod types;

use std::collections::HashMap;

use rules::ids::{LocationId, ProductId, ShippingProfileId, ShippingRateId, ShippingZoneId};
use rules::place::Place;
use rules::shipping::{Goods, ShippingOption, ShippingProfile, ShippingRate, ShippingZone, options};
use rules::{Currency, ErrorCode, Money, Problem};

pub use query::ShippingQuoteQuery;

use super::{profiles, rates, zones};
use crate::kernel::{Error, Result, StoreScope};

/// Some units that have to be shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShippedLine {
    /// The product.
    pub product: ProductId,
    /// What the units weigh together, in grams.
    pub grams: u64,
    /// What they cost together, after what is off the line.
    pub amount: Money,
}

/// The ways to ship some goods to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// What is shipped apart, by profile, in the order of the lines.
    pub groups: Vec<QuoteGroup>,
    /// The choices that a buyer has, each over all groups; the problem where some goods are not shipped there.
    pub options: Result<Vec<ShippingOption>, Problem>,
}

/// The goods of one profile, and the rates that they can be shipped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteGroup {
    /// The profile.
    pub profile: ShippingProfileId,
    /// The zone of it that holds; none where its goods are not shipped there.
    pub zone: Option<ShippingZoneId>,
    /// The places of its lines in what was asked.
    pub lines: Vec<usize>,
    /// What its goods weigh and cost.
    pub goods: Goods,
    /// The rates that take them, with what each costs.
    pub rates: Vec<QuotedRate>,
}

/// A rate that takes the goods of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedRate {
    /// The rate.
    pub id: ShippingRateId,
    /// What buyers see it called.
    pub name: String,
    /// What it costs for these goods, in the store's tax mode.
    pub price: Money,
    /// Where the buyer fetches the goods; none where they are sent.
    pub pickup: Option<LocationId>,
}

impl Quote {
    /// The choice that is made of these rates; none where it is not offered any more.
    pub fn option(&self, rates: &[ShippingRateId]) -> Option<&ShippingOption> {
        self.options.as_deref().ok()?.iter().find(|option| option.rates == rates)
    }
}

/// The ways to ship goods to a place. What needs no shipping is not among the lines. Takes as many statements
/// however many lines, zones and rates there are.
///
/// # Errors
/// `Conflict` with `NOT_ALLOWED` where the store has no shipping profile yet; `OUT_OF_RANGE` beyond counting;
/// what the database says.
pub async fn quote(scope: &StoreScope, lines: &[ShippedLine], place: &Place, currency: Currency) -> Result<Quote> {
    if lines.is_empty() {
        return Ok(Quote { groups: Vec::new(), options: Ok(Vec::new()) });
    }
    let groups = gather(scope, lines).await?;
    let profiles = profiles_of(scope, &groups, place).await?;
    let goods: Vec<Goods> = groups.iter().map(|group| group.1).collect();
    let found = options(&profiles, &goods, place, currency);
    let groups = groups.into_iter().map(|(lines, goods)| {
        let profile = profiles.iter().find(|profile| profile.id == goods.profile);
        let zone = profile.and_then(|profile| profile.zone(place));
        let rates = zone.map(|zone| zone.rates.as_slice()).unwrap_or_default();
        QuoteGroup {
            profile: goods.profile,
            zone: zone.map(|zone| zone.id),
            lines,
            goods,
            rates: rates.iter().filter_map(|rate| quoted(rate, &goods)).collect(),
        }
    });
    Ok(Quote { groups: groups.collect(), options: found })
}

fn quoted(rate: &ShippingRate, goods: &Goods) -> Option<QuotedRate> {
    let price = rate.price(goods)?;
    Some(QuotedRate { id: rate.id, name: rate.name.clone(), price, pickup: rate.pickup })
}

/// The lines of each profile with their sums, in the order in which the profiles first appear.
async fn gather(scope: &StoreScope, lines: &[ShippedLine]) -> Result<Vec<(Vec<usize>, Goods)>> {
    let products: Vec<ProductId> = lines.iter().map(|line| line.product).collect();
    let (members, default) =
        tokio::try_join!(profiles::list_of_products(scope, &products), profiles::find_default(scope))?;
    let default = default.map(|profile| profile.id);
    let mut groups: Vec<(Vec<usize>, Goods)> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let profile = members.get(&line.product).copied().or(default).ok_or_else(|| {
            let message = "The store ships nothing yet: create a shipping profile.";
            Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message))
        })?;
        match groups.iter_mut().find(|(_, goods)| goods.profile == profile) {
            Some((places, goods)) => {
                places.push(index);
                goods.grams = goods.grams.saturating_add(line.grams);
                goods.amount = goods.amount.checked_add(line.amount).map_err(Problem::from)?;
            }
            None => groups.push((vec![index], Goods { profile, grams: line.grams, amount: line.amount })),
        }
    }
    Ok(groups)
}

/// The profiles of the groups, with those of their zones that can hold in the country, and their rates.
async fn profiles_of(
    scope: &StoreScope,
    groups: &[(Vec<usize>, Goods)],
    place: &Place,
) -> Result<Vec<ShippingProfile>> {
    let ids: Vec<ShippingProfileId> = groups.iter().map(|(_, goods)| goods.profile).collect();
    let mut profiles: Vec<ShippingProfile> =
        ids.iter().map(|id| ShippingProfile { id: *id, zones: Vec::new() }).collect();
    let found = zones::list_of_country(scope, &ids, &place.country).await?;
    let zone_ids: Vec<ShippingZoneId> = found.iter().map(|(_, zone, _)| *zone).collect();
    let mut offered: HashMap<ShippingZoneId, Vec<ShippingRate>> = HashMap::new();
    if !zone_ids.is_empty() {
        for (row, prices) in rates::list_offered(scope, &zone_ids).await? {
            offered.entry(row.zone_id).or_default().push(prices.with(&row));
        }
    }
    for (profile, id, territories) in found {
        if let Some(profile) = profiles.iter_mut().find(|known| known.id == profile) {
            let rates = offered.remove(&id).unwrap_or_default();
            profile.zones.push(ShippingZone { id, territories, rates });
        }
    }
    profiles.iter_mut().for_each(|profile| profile.zones.sort_by_key(|zone| zone.id));
    Ok(profiles)
}
