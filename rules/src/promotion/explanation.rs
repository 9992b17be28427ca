//! What came of each promotion, and why (rule P6).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::codes::CodeOutcome;
use super::{GiftStock, Phase};
use crate::currency::Currency;
use crate::ids::{ProductVariantId, PromotionId};
use crate::money::{Money, MoneyError};

/// The whole answer of [`super::evaluate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evaluation {
    /// The version of the rules that gave it.
    pub version: u16,
    /// One for each promotion of the store, in the order in which they are applied.
    pub verdicts: Vec<Verdict>,
    /// One for each code of the basket, in the order in which they were typed.
    pub codes: Vec<CodeOutcome>,
}

/// What came of one promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// Which one.
    pub promotion: PromotionId,
    /// What buyers see it called.
    pub name: String,
    /// When it is applied.
    pub phase: Phase,
    /// The code that was given for it, as the store has it.
    #[serde(default)]
    pub code: Option<String>,
    /// What came of it.
    pub decision: Decision,
}

/// What came of one promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Decision {
    /// It was applied.
    Applied {
        /// What it took off altogether.
        amount: Money,
        /// What it took off where.
        effects: Vec<Effect>,
        /// The cap that kept it from taking off more.
        #[serde(default)]
        limited_by: Option<Limit>,
    },
    /// It was not applied.
    Skipped {
        /// Why.
        reason: SkipReason,
    },
}

/// What a promotion did to one part of the basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "on", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Effect {
    /// Units of a line got cheaper.
    Units {
        /// The line's place in the basket.
        line: usize,
        /// How many units.
        units: i64,
        /// What they got off together.
        amount: Money,
    },
    /// A line took its share of a discount on the order (rule P2).
    OrderShare {
        /// The line's place in the basket.
        line: usize,
        /// The share.
        amount: Money,
    },
    /// Shipping got cheaper.
    Shipping {
        /// What it got off.
        amount: Money,
    },
    /// A line was added at the price 0.
    Gift {
        /// What is given.
        gift: GiftStock,
        /// How many.
        units: i64,
    },
}

/// A cap that cut a discount down (rule P3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "PromotionLimit"))]
pub enum Limit {
    /// The most that it takes off one order.
    MaximumDiscount,
    /// What is left of its budget.
    Budget,
}

/// Why a promotion was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum SkipReason {
    /// It begins later.
    NotStarted {
        /// When.
        from: DateTime<Utc>,
    },
    /// It is over.
    Ended {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// Its budget, in money or in uses, is used up.
    BudgetUsedUp,
    /// A condition does not hold.
    Condition {
        /// Which one.
        unmet: Unmet,
    },
    /// The merchant gave it no amount in the currency of the basket; none is ever converted.
    NoAmountInCurrency {
        /// That currency.
        currency: Currency,
    },
    /// Nothing in the basket would get cheaper by it.
    NothingToReduce,
    /// No way to ship is chosen yet.
    NoShipping,
    /// It is for another way to ship.
    OtherShipping,
    /// There is not enough of the gift.
    GiftOutOfStock {
        /// What it would give.
        variant: ProductVariantId,
        /// How many there are.
        available: i64,
    },
    /// It excludes one that was applied and is better for the buyer, or as good and earlier.
    Outdone {
        /// The one that was applied.
        by: PromotionId,
    },
}

/// A condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "condition", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Unmet {
    /// The lines do not cost enough.
    Subtotal {
        /// What they would have to cost.
        needed: Money,
        /// What they cost.
        have: Money,
    },
    /// There are not enough units.
    Quantity {
        /// How many there would have to be.
        needed: u32,
        /// How many there are.
        have: u64,
    },
    /// What must be in the basket is not.
    Contains,
    /// It is for others.
    Segment,
    /// It is for a first order.
    FirstOrder,
    /// It is for other currencies.
    Currency,
    /// It is for other countries.
    Country,
    /// It is for other channels.
    Channel,
    /// It is for another time.
    Time,
    /// Its code is not given.
    Code,
    /// None of several holds.
    Any {
        /// What is missing to each.
        all: Vec<Unmet>,
    },
    /// Something holds that must not.
    Not {
        /// Whether that is about the buyer alone.
        about_buyer: bool,
    },
}

impl Evaluation {
    /// Those that were applied, with what they did.
    pub fn applied(&self) -> impl Iterator<Item = (&Verdict, &[Effect])> {
        self.verdicts.iter().filter_map(|verdict| match &verdict.decision {
            Decision::Applied { effects, .. } => Some((verdict, effects.as_slice())),
            Decision::Skipped { .. } => None,
        })
    }

    /// What all promotions take off together.
    ///
    /// # Errors
    /// `Overflow`, `CurrencyMismatch`.
    pub fn amount(&self, currency: Currency) -> Result<Money, MoneyError> {
        let amounts = self.verdicts.iter().filter_map(|verdict| match &verdict.decision {
            Decision::Applied { amount, .. } => Some(*amount),
            Decision::Skipped { .. } => None,
        });
        Money::sum(currency, amounts)
    }
}

impl Decision {
    /// Whether it was applied.
    pub fn is_applied(&self) -> bool {
        matches!(self, Self::Applied { .. })
    }
}

impl Unmet {
    /// Whether it is the buyer who does not fit, and not the basket (rule P5).
    pub fn is_about_buyer(&self) -> bool {
        match self {
            Self::Segment | Self::FirstOrder => true,
            Self::Not { about_buyer } => *about_buyer,
            Self::Any { all } => !all.is_empty() && all.iter().all(Self::is_about_buyer),
            _ => false,
        }
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { from } => write!(f, "it begins on {}", from.format("%Y-%m-%d %H:%M UTC")),
            Self::Ended { since } => write!(f, "it ended on {}", since.format("%Y-%m-%d %H:%M UTC")),
            Self::BudgetUsedUp => f.write_str("its budget is used up"),
            Self::Condition { unmet } => unmet.fmt(f),
            Self::NoAmountInCurrency { currency } => write!(f, "it has no amount in {currency}"),
            Self::NothingToReduce => f.write_str("nothing in the cart gets cheaper by it"),
            Self::NoShipping => f.write_str("no shipping method is chosen yet"),
            Self::OtherShipping => f.write_str("it is for another shipping method"),
            Self::GiftOutOfStock { available, .. } => write!(f, "its gift is out of stock ({available} left)"),
            Self::Outdone { .. } => f.write_str("it can't be combined with one that is better"),
        }
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Subtotal { needed, have } => match needed.checked_sub(*have) {
                Ok(missing) => write!(f, "{missing} are missing to {needed}"),
                Err(_) => write!(f, "it is for {needed} and more"),
            },
            Self::Quantity { needed, have } => write!(f, "it is for {needed} units and more, and there are {have}"),
            Self::Contains => f.write_str("what it is for is not in the cart"),
            Self::Segment => f.write_str("it is for other customers"),
            Self::FirstOrder => f.write_str("it is for a first order"),
            Self::Currency => f.write_str("it is for other currencies"),
            Self::Country => f.write_str("it is for other countries"),
            Self::Channel => f.write_str("it is for other channels"),
            Self::Time => f.write_str("it is for another time"),
            Self::Code => f.write_str("its code is not given"),
            Self::Any { all } => {
                for (index, unmet) in all.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; or ")?;
                    }
                    unmet.fmt(f)?;
                }
                Ok(())
            }
            Self::Not { .. } => f.write_str("something is so that must not be so"),
        }
    }
}
