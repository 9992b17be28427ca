//! How the answer looks in the schema.

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use rules::Money;
use rules::ids::{ProductVariantId, PromotionId};
use rules::promotion::{
    CodeOutcome, CodeRefusal, CodeStatus, Decision, Effect, Limit, Phase, SkipReason, Unmet, Verdict,
};
use rules::totals::{AppliedDiscount, LineKind, LineTotal};
use serde::Serialize;

use super::evaluate::Worked;
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::cost;
use crate::kernel::graph::object;
use crate::kernel::{ById, Ctx, Result};
use crate::promotions::types::number;

/// What promotions do to a basket, line by line and promotion by promotion. Amounts are in the store's tax mode; taxes
/// are not among them.
#[object]
pub struct PromotionPreview {
    /// The moment that was looked at.
    at: DateTime<Utc>,
    /// The lines of the basket in their order, then the gifts.
    #[graphql(directive = cost::apply(1, Some(20)))]
    lines: Vec<PromotionPreviewLine>,
    /// What the lines cost before promotions.
    subtotal: Money,
    /// What the lines get off: the sum of what each gets off.
    discount: Money,
    /// What shipping costs before promotions; 0 where no way to ship is chosen.
    shipping: Money,
    /// What shipping gets off.
    shipping_discount: Money,
    /// What is left: the subtotal and shipping, without their discounts.
    total: Money,
    /// One for each promotion that counts, in the order in which they are applied.
    #[graphql(directive = cost::apply(1, Some(50)))]
    promotions: Vec<PromotionVerdict>,
    /// One for each code, in the order in which they were given; twins are one.
    #[graphql(directive = cost::apply(1, Some(5)))]
    codes: Vec<DiscountCodeVerdict>,
}

impl PromotionPreview {
    /// The answer.
    pub fn of(worked: Worked, at: DateTime<Utc>) -> Self {
        let totals = worked.totals;
        // Without taxes what is left of the lines and of shipping is what is paid.
        Self {
            at,
            subtotal: totals.subtotal,
            discount: totals.discount,
            shipping: totals.shipping_price,
            shipping_discount: totals.shipping_discount,
            total: totals.total,
            lines: totals.lines.into_iter().map(PromotionPreviewLine).collect(),
            promotions: worked.evaluation.verdicts.into_iter().map(PromotionVerdict).collect(),
            codes: worked.evaluation.codes.into_iter().map(DiscountCodeVerdict).collect(),
        }
    }
}

/// A line of a basket, and what comes off it.
pub struct PromotionPreviewLine(LineTotal);

/// A line of a basket, and what comes off it.
#[object]
impl PromotionPreviewLine {
    /// What is bought, or given.
    fn variant_id(&self) -> ProductVariantId {
        self.0.variant
    }

    /// The variant; null where it is not yours to see.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        ProductVariant::by_id(ctx, self.0.variant).await
    }

    /// How many.
    fn quantity(&self) -> i32 {
        number(self.0.quantity)
    }

    /// The promotion that gives it; null for what is bought.
    fn gift_of(&self) -> Option<PromotionId> {
        match self.0.kind {
            LineKind::Bought(_) => None,
            LineKind::Gift(promotion) => Some(promotion),
        }
    }

    /// What one costs before promotions.
    fn unit_price(&self) -> Money {
        self.0.unit_price
    }

    /// What all cost before promotions.
    fn subtotal(&self) -> Money {
        self.0.price
    }

    /// What comes off, promotion by promotion.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn discounts(&self) -> Vec<PromotionPreviewDiscount> {
        self.0.discounts.iter().map(Into::into).collect()
    }

    /// What comes off together.
    fn discount(&self) -> Money {
        self.0.discount
    }

    /// What is left.
    fn total(&self) -> Money {
        self.0.amount
    }
}

/// What one promotion takes off one line.
#[object]
pub struct PromotionPreviewDiscount {
    /// The promotion's id.
    promotion_id: PromotionId,
    /// What buyers see it called.
    name: String,
    /// The code that was given for it.
    code: Option<String>,
    /// Whether it is off the line itself, or its share of what is off the order.
    phase: Phase,
    /// What is off.
    amount: Money,
}

impl From<&AppliedDiscount> for PromotionPreviewDiscount {
    fn from(discount: &AppliedDiscount) -> Self {
        Self {
            promotion_id: discount.promotion,
            name: discount.name.clone(),
            code: discount.code.clone(),
            phase: discount.phase,
            amount: discount.amount,
        }
    }
}

/// Whether a promotion was applied.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromotionDecision {
    /// It was.
    Applied,
    /// It was not; `skipped` says why.
    Skipped,
}

/// What came of one promotion.
#[derive(Clone)]
pub struct PromotionVerdict(pub Verdict);

/// What came of one promotion.
#[object]
impl PromotionVerdict {
    /// The promotion's id.
    fn promotion_id(&self) -> PromotionId {
        self.0.promotion
    }

    /// What buyers see it called.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// When it is applied.
    fn phase(&self) -> Phase {
        self.0.phase
    }

    /// The code that was given for it, as the store has it.
    fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Whether it was applied.
    fn decision(&self) -> PromotionDecision {
        if self.0.decision.is_applied() { PromotionDecision::Applied } else { PromotionDecision::Skipped }
    }

    /// What it took off altogether; null where it was skipped.
    fn amount(&self) -> Option<Money> {
        match &self.0.decision {
            Decision::Applied { amount, .. } => Some(*amount),
            Decision::Skipped { .. } => None,
        }
    }

    /// What it did, and where.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn effects(&self) -> Vec<PromotionEffect> {
        match &self.0.decision {
            Decision::Applied { effects, .. } => effects.iter().map(PromotionEffect::from).collect(),
            Decision::Skipped { .. } => Vec::new(),
        }
    }

    /// The cap that kept it from taking off more.
    fn limited_by(&self) -> Option<Limit> {
        match &self.0.decision {
            Decision::Applied { limited_by, .. } => *limited_by,
            Decision::Skipped { .. } => None,
        }
    }

    /// Why it was skipped; null where it was applied.
    fn skipped(&self) -> Option<PromotionSkip> {
        match &self.0.decision {
            Decision::Applied { .. } => None,
            Decision::Skipped { reason } => Some(reason.into()),
        }
    }
}

/// What a promotion does to.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromotionEffectKind {
    /// Units of a line got cheaper.
    Units,
    /// A line took its share of a discount on the order.
    OrderShare,
    /// Shipping got cheaper.
    Shipping,
    /// A line was added at the price 0.
    Gift,
}

/// What a promotion did to one part of the basket.
#[object]
pub struct PromotionEffect {
    /// To what.
    kind: PromotionEffectKind,
    /// The place of the line among those of the basket, from 0; null for shipping and gifts.
    line: Option<i32>,
    /// How many units it is about; null for the order and for shipping.
    units: Option<i32>,
    /// What they got off; null for a gift.
    amount: Option<Money>,
    /// What is given; null for all but gifts.
    gift_variant_id: Option<ProductVariantId>,
}

impl From<&Effect> for PromotionEffect {
    fn from(effect: &Effect) -> Self {
        let of = |kind| Self { kind, line: None, units: None, amount: None, gift_variant_id: None };
        match effect {
            Effect::Units { line, units, amount } => Self {
                line: Some(number(*line)),
                units: Some(number(*units)),
                amount: Some(*amount),
                ..of(PromotionEffectKind::Units)
            },
            Effect::OrderShare { line, amount } => {
                Self { line: Some(number(*line)), amount: Some(*amount), ..of(PromotionEffectKind::OrderShare) }
            }
            Effect::Shipping { amount } => Self { amount: Some(*amount), ..of(PromotionEffectKind::Shipping) },
            Effect::Gift { gift, units } => Self {
                units: Some(number(*units)),
                gift_variant_id: Some(gift.variant),
                ..of(PromotionEffectKind::Gift)
            },
        }
    }
}

/// Why a promotion was skipped, as a word.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromotionSkipReason {
    /// It begins later.
    NotStarted,
    /// It is over.
    Ended,
    /// Its budget, in money or in uses, is used up.
    BudgetUsedUp,
    /// A condition does not hold; `unmet` says which.
    Condition,
    /// It has no amount in the currency of the basket; none is ever converted.
    NoAmountInCurrency,
    /// Nothing in the basket would get cheaper by it.
    NothingToReduce,
    /// No way to ship is chosen yet.
    NoShipping,
    /// It is for another way to ship.
    OtherShipping,
    /// There is not enough of the gift.
    GiftOutOfStock,
    /// It can't be combined with one that is better for the buyer; `outdoneBy` says which.
    Outdone,
}

/// The kind of a condition that does not hold.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PromotionConditionKind {
    /// The lines do not cost enough; `missing` says how much is missing.
    Subtotal,
    /// There are not enough units.
    Quantity,
    /// What must be in the basket is not.
    Contains,
    /// It is for other segments.
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
    Any,
    /// Something holds that must not.
    Not,
}

/// Why a promotion was skipped.
#[object]
pub struct PromotionSkip {
    /// Why, as a word to branch on.
    reason: PromotionSkipReason,
    /// Why, as a sentence.
    message: String,
    /// The kind of the condition that does not hold.
    unmet: Option<PromotionConditionKind>,
    /// How much more the lines would have to cost.
    missing: Option<Money>,
    /// The promotion that was applied instead.
    outdone_by: Option<PromotionId>,
}

impl From<&SkipReason> for PromotionSkip {
    fn from(skipped: &SkipReason) -> Self {
        let because =
            |reason| Self { reason, message: skipped.to_string(), unmet: None, missing: None, outdone_by: None };
        match skipped {
            SkipReason::NotStarted { .. } => because(PromotionSkipReason::NotStarted),
            SkipReason::Ended { .. } => because(PromotionSkipReason::Ended),
            SkipReason::BudgetUsedUp => because(PromotionSkipReason::BudgetUsedUp),
            SkipReason::NoAmountInCurrency { .. } => because(PromotionSkipReason::NoAmountInCurrency),
            SkipReason::NothingToReduce => because(PromotionSkipReason::NothingToReduce),
            SkipReason::NoShipping => because(PromotionSkipReason::NoShipping),
            SkipReason::OtherShipping => because(PromotionSkipReason::OtherShipping),
            SkipReason::GiftOutOfStock { .. } => because(PromotionSkipReason::GiftOutOfStock),
            SkipReason::Outdone { by } => Self { outdone_by: Some(*by), ..because(PromotionSkipReason::Outdone) },
            SkipReason::Condition { unmet } => Self {
                unmet: Some(unmet.into()),
                missing: match unmet {
                    Unmet::Subtotal { needed, have } => needed.checked_sub(*have).ok(),
                    _ => None,
                },
                ..because(PromotionSkipReason::Condition)
            },
        }
    }
}

impl From<&Unmet> for PromotionConditionKind {
    fn from(unmet: &Unmet) -> Self {
        match unmet {
            Unmet::Subtotal { .. } => Self::Subtotal,
            Unmet::Quantity { .. } => Self::Quantity,
            Unmet::Contains => Self::Contains,
            Unmet::Segment => Self::Segment,
            Unmet::FirstOrder => Self::FirstOrder,
            Unmet::Currency => Self::Currency,
            Unmet::Country => Self::Country,
            Unmet::Channel => Self::Channel,
            Unmet::Time => Self::Time,
            Unmet::Code => Self::Code,
            Unmet::Any { .. } => Self::Any,
            Unmet::Not { .. } => Self::Not,
        }
    }
}

/// What came of a code, as a word.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiscountCodeDecision {
    /// It opened its promotion, which was applied.
    Applied,
    /// It is good, but not needed: another promotion is better, or another code opened this one already.
    Outdone,
    /// It can't be used; `refusal` says why.
    Refused,
}

/// What came of a code.
#[derive(Clone)]
pub struct DiscountCodeVerdict(pub CodeOutcome);

/// What came of a code.
#[object]
impl DiscountCodeVerdict {
    /// The code, as it was given.
    fn code(&self) -> &str {
        &self.0.typed
    }

    /// What came of it.
    fn decision(&self) -> DiscountCodeDecision {
        match self.0.status {
            CodeStatus::Applied { .. } => DiscountCodeDecision::Applied,
            CodeStatus::Outdone { .. } => DiscountCodeDecision::Outdone,
            CodeStatus::Refused { .. } => DiscountCodeDecision::Refused,
        }
    }

    /// The promotion that was applied: its own, or the one that is better.
    fn promotion_id(&self) -> Option<PromotionId> {
        match self.0.status {
            CodeStatus::Applied { promotion } => Some(promotion),
            CodeStatus::Outdone { by } => Some(by),
            CodeStatus::Refused { .. } => None,
        }
    }

    /// Why it can't be used.
    fn refusal(&self) -> Option<CodeRefusal> {
        match self.0.status {
            CodeStatus::Refused { refusal } => Some(refusal),
            CodeStatus::Applied { .. } | CodeStatus::Outdone { .. } => None,
        }
    }

    /// The same as a sentence for the buyer.
    fn message(&self) -> Option<String> {
        self.refusal().map(|refusal| refusal.to_string())
    }
}
