//! How a quote of shipping looks in the schema.

use std::sync::Arc;

use rules::Money;
use rules::ids::{ProductVariantId, ShippingRateId};
use rules::shipping::ShippingOption as Choice;

use super::{Quote, QuoteGroup};
use crate::kernel::graph::{Load, object};
use crate::shipping::profiles::{ShippingProfile, ShippingProfileById};
use crate::shipping::rates::{ShippingRate, ShippingRateById};
use crate::shipping::zones::{ShippingZone, ShippingZoneById};

/// The ways to ship some goods to a place.
#[derive(Clone)]
pub struct ShippingQuote {
    quote: Arc<Quote>,
    variants: Arc<Vec<ProductVariantId>>,
}

impl ShippingQuote {
    /// A quote, and the variants of its lines in their order.
    pub fn new(quote: Quote, variants: Vec<ProductVariantId>) -> Self {
        Self { quote: Arc::new(quote), variants: Arc::new(variants) }
    }
}

/// The ways to ship some goods to a place.
#[object]
impl ShippingQuote {
    /// What is shipped apart: the goods of each profile. What needs no shipping is in none.
    fn groups(&self) -> Vec<ShippingQuoteGroup> {
        let places = 0..self.quote.groups.len();
        places.map(|place| ShippingQuoteGroup { of: self.clone(), place }).collect()
    }

    /// The choices that a buyer has, each over all groups; empty where nothing needs shipping, or some goods are
    /// not shipped there.
    fn options(&self) -> Vec<ShippingOption> {
        self.quote.options.iter().flatten().map(ShippingOption::from).collect()
    }

    /// Why the goods are not shipped there; null where they are.
    fn refusal(&self) -> Option<&str> {
        self.quote.options.as_ref().err().map(|problem| problem.message.as_str())
    }
}

/// The goods of one profile, and the rates that they can be shipped by.
#[derive(Clone)]
pub struct ShippingQuoteGroup {
    of: ShippingQuote,
    place: usize,
}

impl ShippingQuoteGroup {
    fn group(&self) -> &QuoteGroup {
        &self.of.quote.groups[self.place]
    }
}

/// The goods of one profile, and the rates that they can be shipped by.
#[object]
impl ShippingQuoteGroup {
    /// The profile.
    fn profile(&self) -> Load<ShippingProfileById, Option<ShippingProfile>> {
        Load::<ShippingProfileById, _>::of(self.group().profile, |row| row.map(ShippingProfile))
    }

    /// The zone of the profile that holds; null where its goods are not shipped there.
    fn zone(&self) -> Load<ShippingZoneById, Option<ShippingZone>> {
        Load::<ShippingZoneById, _>::maybe(self.group().zone, |row| row.map(ShippingZone))
    }

    /// The ids of the variants that belong to it, in the order of the input.
    fn variant_ids(&self) -> Vec<ProductVariantId> {
        self.group().lines.iter().filter_map(|line| self.of.variants.get(*line).copied()).collect()
    }

    /// What they weigh together, in grams.
    fn grams(&self) -> i32 {
        i32::try_from(self.group().goods.grams).unwrap_or(i32::MAX)
    }

    /// What they cost together.
    fn amount(&self) -> Money {
        self.group().goods.amount
    }

    /// The rates that take them, with what each costs.
    fn rates(&self) -> Vec<ShippingQuoteRate> {
        self.group().rates.iter().map(|rate| ShippingQuoteRate { rate: rate.id, price: rate.price }).collect()
    }
}

/// A rate that takes the goods of a group.
#[derive(Clone)]
pub struct ShippingQuoteRate {
    rate: ShippingRateId,
    price: Money,
}

/// A rate that takes the goods of a group.
#[object]
impl ShippingQuoteRate {
    /// The rate.
    fn rate(&self) -> Load<ShippingRateById, Option<ShippingRate>> {
        Load::<ShippingRateById, _>::of(self.rate, |row| row.map(ShippingRate))
    }

    /// What it costs for these goods, in the store's tax mode.
    fn price(&self) -> Money {
        self.price
    }
}

/// One choice of the buyer, over all groups.
#[object]
#[derive(Clone)]
pub struct ShippingOption {
    /// What buyers see it called.
    name: String,
    /// What it costs, in the store's tax mode.
    price: Money,
    /// The rates that it is made of, one for each group.
    rate_ids: Vec<ShippingRateId>,
}

impl From<&Choice> for ShippingOption {
    fn from(choice: &Choice) -> Self {
        Self { name: choice.name.clone(), price: choice.price, rate_ids: choice.rates.clone() }
    }
}
