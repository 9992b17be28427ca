//! How promotions look in the schema.

mod action;
mod condition;
mod selection;

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::promotions::promotions;
use rules::Money;
use rules::ids::PromotionId;
use rules::promotion::{Caps, Phase, Stacking};
use serde::Serialize;

use super::loaders::{SpendingByPromotion, UsesByPromotion};
use super::store::PromotionFilter;
use super::terms;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Result};
use crate::{connection, payload};

pub use action::PromotionAction;
pub use condition::PromotionCondition;

/// A number as the schema has it; what is larger ends there.
pub(super) fn number(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

/// Where a promotion stands, by its switch and the clock.
#[derive(Debug, Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromotionStatus {
    /// It is switched off, whatever the time.
    Disabled,
    /// It begins later.
    Scheduled,
    /// It holds now.
    Active,
    /// It is over.
    Ended,
}

impl PromotionStatus {
    /// The status of a promotion at a moment.
    fn of(row: &promotions::Model, now: DateTime<Utc>) -> Self {
        match row {
            row if !row.enabled => Self::Disabled,
            row if row.valid_to.is_some_and(|to| to <= now) => Self::Ended,
            row if row.valid_from.is_some_and(|from| now < from) => Self::Scheduled,
            _ => Self::Active,
        }
    }
}

/// An offer under conditions, such as ten per cent off for who spends fifty.
#[derive(Clone)]
pub struct Promotion(pub Arc<promotions::Model>);

impl From<promotions::Model> for Promotion {
    fn from(row: promotions::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// An offer under conditions, such as ten per cent off for who spends fifty.
#[object]
impl Promotion {
    /// The promotion's id.
    fn id(&self) -> PromotionId {
        self.0.id
    }

    /// What buyers see it called.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it counts at all.
    fn enabled(&self) -> bool {
        self.0.enabled
    }

    /// Where it stands now.
    fn status(&self, ctx: &Ctx) -> PromotionStatus {
        PromotionStatus::of(&self.0, ctx.now())
    }

    /// Its place inside its phase: the lower number goes first, of equal ones the older promotion.
    fn priority(&self) -> i32 {
        terms::priority(&self.0)
    }

    /// When it is applied, by what it gives: line promotions first, then those off the order, then those off shipping.
    fn phase(&self) -> Result<Phase> {
        Ok(terms::action(&self.0)?.phase())
    }

    /// The first moment at which it holds; null for always.
    fn valid_from(&self) -> Option<DateTime<Utc>> {
        self.0.valid_from
    }

    /// The first moment at which it no longer holds; null for never.
    fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }

    /// What must be so.
    fn condition(&self) -> Result<PromotionCondition> {
        Ok(terms::condition(&self.0)?.into())
    }

    /// What the buyer gets.
    fn action(&self) -> Result<PromotionAction> {
        Ok(terms::action(&self.0)?.into())
    }

    /// How much of it there is.
    fn caps(&self) -> Result<PromotionCaps> {
        Ok(terms::caps(&self.0)?.into())
    }

    /// What it may stand beside.
    fn stacking(&self) -> Result<PromotionStacking> {
        Ok(terms::stacking(&self.0)?.into())
    }

    /// How many orders it was applied to that are not canceled.
    fn uses(&self) -> Load<UsesByPromotion, i32> {
        Load::<UsesByPromotion, _>::of(self.0.id, number)
    }

    /// What it took off these orders, in each currency.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn spent(&self) -> Load<SpendingByPromotion, Vec<Money>> {
        Load::<SpendingByPromotion, _>::of(self.0.id, |rows| {
            rows.iter().filter(|row| row.spent > 0).map(|row| Money::from_minor(row.spent, row.currency)).collect()
        })
    }

    /// Goes up with each change; send it back as `expectedVersion`. What is used of it does not change it.
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

/// How much of a promotion there is.
#[object]
pub struct PromotionCaps {
    /// The most that it takes off one order, in each currency that it is given in; null for any amount.
    #[graphql(directive = cost::apply(1, Some(3)))]
    maximum_discount: Option<Vec<Money>>,
    /// How many units, or groups of units, of one order it is applied to at the most; null for all.
    maximum_applications: Option<i32>,
    /// The most that it takes off all orders together, in each currency that it is given in; null for any amount.
    #[graphql(directive = cost::apply(1, Some(3)))]
    budget: Option<Vec<Money>>,
    /// How many orders it is for; null for any number.
    maximum_uses: Option<i32>,
}

impl From<Caps> for PromotionCaps {
    fn from(caps: Caps) -> Self {
        Self {
            maximum_discount: caps.maximum_discount.map(|amounts| amounts.all().to_vec()),
            maximum_applications: caps.maximum_applications.map(number),
            budget: caps.budget.map(|amounts| amounts.all().to_vec()),
            maximum_uses: caps.maximum_uses.map(number),
        }
    }
}

/// What a promotion may stand beside. Two promotions stand beside each other where each combines with the phase of
/// the other, and they are not of the same exclusive group; of two that exclude each other the better one for the
/// buyer is applied.
#[object]
pub struct PromotionStacking {
    /// The phases of the promotions that it combines with; none means that it stands alone.
    combines_with: Vec<Phase>,
    /// A name; of the promotions with the same name one is applied at the most.
    exclusive_group: Option<String>,
}

impl From<Stacking> for PromotionStacking {
    fn from(stacking: Stacking) -> Self {
        Self { combines_with: stacking.combines_with, exclusive_group: stacking.exclusive_group }
    }
}

/// Which promotions to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct PromotionFilterInput {
    /// Those that stand here now.
    status: Option<PromotionStatus>,
    /// Those whose name starts with this; case and accents do not count.
    name_prefix: Option<String>,
}

impl PromotionFilterInput {
    /// The filter at a moment.
    pub fn at(self, now: DateTime<Utc>) -> PromotionFilter {
        PromotionFilter { status: self.status, now, name_prefix: self.name_prefix }
    }
}

/// In which order promotions are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum PromotionSort {
    /// By priority, the lowest number first.
    #[default]
    Priority,
    /// By name, from A to Z.
    Name,
    /// By name, from Z to A.
    NameDescending,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(PromotionConnection, PromotionEdge, Promotion, "promotions");

payload! {
    /// The answer of `promotionCreate`.
    PromotionCreatePayload {
        /// The new promotion.
        promotion: Promotion,
    }
}

payload! {
    /// The answer of `promotionUpdate`.
    PromotionUpdatePayload {
        /// The promotion as it is now.
        promotion: Promotion,
    }
}

payload! {
    /// The answer of `promotionDelete`.
    PromotionDeletePayload {
        /// The id of the deleted promotion.
        deleted_promotion_id: PromotionId,
    }
}
