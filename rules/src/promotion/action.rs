//! What a buyer gets (rule P3).

use serde::{Deserialize, Serialize};

use super::Phase;
use super::selector::Selector;
use crate::ids::{ProductVariantId, ShippingRateId};
use crate::money::PerCurrency;
use crate::percent::Percent;

/// What a buyer gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Off the order: a percentage of it or an amount, never more than it costs.
    Order(Change),
    /// Off the order, more the more it costs: the highest tier that it reaches.
    OrderTiers(Vec<OrderTier>),
    /// Off units of chosen lines.
    Units {
        /// Which lines.
        #[serde(default)]
        of: Selector,
        /// What becomes of their price.
        change: Change,
        /// Whether each unit is meant, or several together.
        #[serde(default)]
        spread: Spread,
    },
    /// Off each unit of chosen lines, more the more there are: the highest tier that they reach.
    UnitTiers {
        /// Which lines.
        #[serde(default)]
        of: Selector,
        /// The tiers.
        tiers: Vec<UnitTier>,
    },
    /// For so many units bought, so many others get a percentage off, the cheapest first. A unit that
    /// qualifies is never one that is made cheap.
    #[serde(rename_all = "camelCase")]
    BuyGet {
        /// Which lines qualify.
        #[serde(default)]
        buy: Selector,
        /// How many units qualify once.
        buy_quantity: u32,
        /// Which lines are made cheap.
        #[serde(default)]
        get: Selector,
        /// How many units are made cheap each time; only whole times count.
        get_quantity: u32,
        /// What these get off.
        percent: Percent,
    },
    /// Of so many units one is free: the cheapest of all that were chosen.
    #[serde(rename_all = "camelCase")]
    CheapestFree {
        /// Which lines.
        #[serde(default)]
        of: Selector,
        /// One unit is free in this many.
        out_of: u32,
    },
    /// Off the shipping; 100 per cent is free shipping.
    Shipping {
        /// What becomes of its price.
        change: Change,
        /// The rates that it is for; none is all of them.
        #[serde(default)]
        rates: Vec<ShippingRateId>,
    },
    /// A line of its own at the price 0, where there is enough in stock.
    Gift {
        /// What is given.
        variant: ProductVariantId,
        /// How many.
        quantity: u32,
    },
}

/// What becomes of a price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// So much of it is taken off.
    Percent(Percent),
    /// An amount is taken off, in the store's tax mode; never more than there is.
    Amount(PerCurrency),
    /// It is this instead, where that is less.
    Price(PerCurrency),
}

/// How a change is spread over units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Spread {
    /// Each unit for itself.
    #[default]
    Each,
    /// All of them together, split by what they cost (rule M4).
    Across,
    /// So many together, the dearest first, such as "three for 10.00"; what is left over stays as it is.
    Groups(u32),
}

/// One tier of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderTier {
    /// What the order costs at least; the amount itself is enough.
    pub at_least: PerCurrency,
    /// What it gets off.
    pub change: Change,
}

/// One tier of units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitTier {
    /// How many units there are at least.
    pub at_least: u32,
    /// What each of them gets off.
    pub change: Change,
}

impl Action {
    /// When it is applied (rule P1).
    pub fn phase(&self) -> Phase {
        match self {
            Self::Units { .. }
            | Self::UnitTiers { .. }
            | Self::BuyGet { .. }
            | Self::CheapestFree { .. }
            | Self::Gift { .. } => Phase::Line,
            Self::Order(_) | Self::OrderTiers(_) => Phase::Order,
            Self::Shipping { .. } => Phase::Shipping,
        }
    }
}
