//! Promotions: what a buyer gets off, and why.
//!
//! Owns the whole decision (rules P1 to P6): [`evaluate`] is a pure function of a basket, the offers
//! of the store and a moment, and answers for every promotion whether it was applied, with its
//! effects, or skipped, with the reason. Never reads a clock or a database: how often a code was used
//! and what is in stock come in as facts. Gift cards and store credit are payments, not promotions.
//!
//! A new kind of condition is a value of `Condition`, a test in `condition`, and a sentence in
//! `explanation`; a new kind of benefit is a value of `Action` and a rule in `proposal`.

mod action;
mod check;
mod codes;
mod condition;
mod engine;
mod explanation;
mod groups;
mod proposal;
mod reduced;
mod selector;
mod stacking;
mod summary;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use action::{Action, Change, OrderTier, Spread, UnitTier};
pub use check::{MAX_CONDITIONS, MAX_DEPTH};
pub use codes::{CodeOutcome, CodeRefusal, CodeStatus, DiscountCode};
pub use condition::Condition;
pub use engine::evaluate;
pub use explanation::{Decision, Effect, Evaluation, Limit, SkipReason, Unmet, Verdict};
pub use selector::{Selector, Target};

use crate::ids::{ProductId, ProductVariantId, PromotionId, TaxCategoryId};
use crate::money::{Money, PerCurrency};

/// The version of these rules, as it is frozen on an order. It goes up when a basket could get
/// another answer than before; the older rules then stay beside the newer ones.
pub const VERSION: u16 = 1;

/// When a promotion is applied, and what class it is of when promotions are combined (rules P1, P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "graphql", derive(async_graphql::Enum), graphql(name = "PromotionPhase"))]
pub enum Phase {
    /// First: off units of lines, and gifts.
    Line,
    /// Then: off the order as reduced by the first.
    Order,
    /// Last: off the shipping.
    Shipping,
}

/// An offer under conditions, with what was used of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Promotion {
    /// The promotion's id, the last tie-breaker.
    pub id: PromotionId,
    /// What buyers see it called.
    pub name: String,
    /// When it was made; of two with the same priority the older one goes first.
    pub created_at: DateTime<Utc>,
    /// Its place inside its phase: the lower number goes first.
    pub priority: i32,
    /// The first moment at which it holds; `None` for always.
    #[serde(default)]
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; `None` for never.
    #[serde(default)]
    pub valid_to: Option<DateTime<Utc>>,
    /// What must be so.
    pub condition: Condition,
    /// What the buyer gets.
    pub action: Action,
    /// How much of it there is.
    #[serde(default)]
    pub caps: Caps,
    /// What it may stand beside.
    #[serde(default)]
    pub stacking: Stacking,
    /// What was used of its budget by orders that are not canceled.
    #[serde(default)]
    pub spent: Spent,
}

/// How much of a promotion there is (rule P3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Caps {
    /// The most that it takes off one order.
    #[serde(default)]
    pub maximum_discount: Option<PerCurrency>,
    /// How many units or groups of units of one order it is applied to, at the most.
    #[serde(default)]
    pub maximum_applications: Option<u32>,
    /// The most that it takes off all orders together. The last order gets what is left.
    #[serde(default)]
    pub budget: Option<PerCurrency>,
    /// How many orders it is for.
    #[serde(default)]
    pub maximum_uses: Option<u64>,
}

/// What was used of a promotion so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spent {
    /// What it took off; a currency without an amount counts as nothing.
    #[serde(default)]
    pub discount: PerCurrency,
    /// How many orders it was applied to.
    #[serde(default)]
    pub uses: u64,
}

/// What a promotion may stand beside (rule P4).
///
/// Two promotions stand beside each other where each combines with the class of the other, and they
/// are not of the same exclusive group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stacking {
    /// The classes of promotions that it combines with; none means that it stands alone.
    #[serde(default)]
    pub combines_with: Vec<Phase>,
    /// A name; of the promotions with the same name at the most one is applied.
    #[serde(default)]
    pub exclusive_group: Option<String>,
}

/// All that a store offers at the time, with the facts that decide over it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offers {
    /// The promotions, in any order.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    /// The discount codes; at least those that the basket names.
    #[serde(default)]
    pub codes: Vec<DiscountCode>,
    /// What can be given away.
    #[serde(default)]
    pub gifts: Vec<GiftStock>,
}

/// What is known of a variant that a promotion gives away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GiftStock {
    /// What is given.
    pub variant: ProductVariantId,
    /// The product that it is a version of.
    pub product: ProductId,
    /// What it is to the tax office.
    #[serde(default)]
    pub tax_category: Option<TaxCategoryId>,
    /// What it costs otherwise, to compare its worth with other promotions; `None` counts as nothing.
    #[serde(default)]
    pub price: Option<Money>,
    /// How many can be had, the basket's own units of it included; `None` where it never runs out.
    #[serde(default)]
    pub available: Option<i64>,
}

impl Promotion {
    /// The class of the promotion, by what it does.
    pub fn phase(&self) -> Phase {
        self.action.phase()
    }

    /// Where it stands among those of its phase (rule P1).
    pub(crate) fn rank(&self) -> (i32, DateTime<Utc>, PromotionId) {
        (self.priority, self.created_at, self.id)
    }

    /// Whether one of the two excludes the other (rule P4).
    pub fn excludes(&self, other: &Self) -> bool {
        let same_group =
            self.stacking.exclusive_group.is_some() && self.stacking.exclusive_group == other.stacking.exclusive_group;
        let combines = self.stacking.combines_with.contains(&other.phase())
            && other.stacking.combines_with.contains(&self.phase());
        same_group || !combines
    }
}

#[cfg(test)]
mod tests;
