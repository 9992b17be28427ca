//! What a cart comes to, and why.

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use rules::ids::{CartLineId, GiftCardId, ProductVariantId, PromotionId};
use rules::permission::Permission;
use rules::promotion::{Decision, Phase, SkipReason, Unmet, Verdict};
use rules::totals::{AppliedDiscount, LineKind, LineTotal, StepKind};
use rules::{Decimal, Money, TaxMode};
use serde::Serialize;

use crate::carts::priced::{Priced, TaxStatus};
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::cost;
use crate::kernel::graph::object;
use crate::kernel::payload::UserError;
use crate::kernel::{ById, Ctx, Result};
use crate::payments::stored::CardStanding;
use crate::promotions::preview::{DiscountCodeVerdict, PromotionVerdict};
use crate::tax::{TaxLine, TaxSource, TaxedAmount};

/// What a cart comes to at a moment, and why.
#[derive(Clone)]
pub struct CartPricing(pub Arc<Priced>);

/// What a cart comes to at a moment, and why. Amounts are in the store's tax mode where it is not said otherwise. Lines
/// that can't be bought are not in it.
#[object]
impl CartPricing {
    /// The moment.
    fn at(&self) -> DateTime<Utc> {
        self.0.facts.at
    }

    /// The lines that can be bought, in their order, then the gifts of promotions.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn lines(&self) -> Vec<CartPricingLine> {
        (0..self.0.totals.lines.len()).map(|place| CartPricingLine { priced: Arc::clone(&self.0), place }).collect()
    }

    /// What the lines cost before discounts.
    fn subtotal(&self) -> Money {
        self.0.totals.subtotal
    }

    /// What the lines get off.
    fn discount(&self) -> Money {
        self.0.totals.discount
    }

    /// What shipping costs before discounts; 0 until a way to ship is chosen for all that is shipped.
    fn shipping(&self) -> Money {
        self.0.totals.shipping_price
    }

    /// What shipping gets off.
    fn shipping_discount(&self) -> Money {
        self.0.totals.shipping_discount
    }

    /// Shipping with its discounts and taxes; null until a way to ship is chosen for all that is shipped.
    fn taxed_shipping(&self) -> Option<TaxedAmount> {
        self.0.totals.shipping.as_ref().map(TaxedAmount::from)
    }

    /// What is off shipping, promotion by promotion.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn shipping_discounts(&self) -> Vec<CartDiscount> {
        self.0.totals.shipping.iter().flat_map(|shipping| &shipping.discounts).map(CartDiscount::from).collect()
    }

    /// Whether prices include tax.
    fn tax_mode(&self) -> TaxMode {
        self.0.totals.tax_mode
    }

    /// How sure the taxes are.
    fn tax_status(&self) -> TaxStatus {
        self.0.tax_status()
    }

    /// Who worked the taxes out; null where they are unavailable.
    fn tax_source(&self) -> Option<TaxSource> {
        self.0.taxes.as_ref().map(|taxes| taxes.source)
    }

    /// The taxes by name and rate; they sum to `tax`.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn taxes(&self) -> Vec<TaxLine> {
        self.0.totals.taxes.iter().map(TaxLine::from).collect()
    }

    /// All taxes.
    fn tax(&self) -> Money {
        self.0.totals.tax
    }

    /// All without tax.
    fn net(&self) -> Money {
        self.0.totals.net
    }

    /// What the buyer pays: net and tax.
    fn total(&self) -> Money {
        self.0.totals.total
    }

    /// The gift cards that it is to be paid with, and what each covers of the total, in their order; at most 10.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn gift_cards(&self) -> Vec<CartGiftCard> {
        let cards = self.0.facts.standing.cards.iter().zip(self.0.covered().0);
        cards.map(|(card, covers)| CartGiftCard::of(card, covers)).collect()
    }

    /// Your store credit, and what it covers of the total after the gift cards; null where it is not used.
    fn store_credit(&self) -> Option<CartStoreCredit> {
        let available = self.0.facts.standing.credit?;
        self.0.covered().0.pop().map(|covers| CartStoreCredit { available, covers })
    }

    /// What is left to pay once gift cards and store credit have covered what they can.
    fn amount_due(&self) -> Money {
        self.0.covered().1
    }

    /// How the total comes together, step by step; after the last step it is the total.
    #[graphql(directive = cost::apply(1, Some(20)))]
    fn steps(&self) -> Result<Vec<CartPricingStep>> {
        let steps = self.0.totals.explain().map_err(rules::Problem::from)?;
        Ok(steps.into_iter().map(|step| CartPricingStep::of(&self.0, step)).collect())
    }

    /// What came of each promotion that was considered, in the order in which they are applied. Those that are not out
    /// yet, and those that wait for a code, are shown to callers with PROMOTIONS_READ alone.
    #[graphql(directive = cost::apply(1, Some(20)))]
    async fn promotions(&self, ctx: &Ctx) -> Result<Vec<PromotionVerdict>> {
        let sees_all = ctx.may(Permission::PromotionsRead);
        let verdicts = self.0.facts.evaluation.verdicts.iter();
        Ok(verdicts.filter(|verdict| sees_all || is_shown(verdict)).cloned().map(PromotionVerdict).collect())
    }

    /// What came of each code, in the order in which they were given.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn discount_codes(&self) -> Vec<DiscountCodeVerdict> {
        self.0.facts.evaluation.codes.iter().cloned().map(DiscountCodeVerdict).collect()
    }
}

/// Whether buyers are told of a promotion: not of what a merchant has yet to announce, nor of codes that they were
/// not given.
fn is_shown(verdict: &Verdict) -> bool {
    fn waits_for_code(unmet: &Unmet) -> bool {
        match unmet {
            Unmet::Code => true,
            Unmet::Any { all } => all.iter().any(waits_for_code),
            _ => false,
        }
    }
    match &verdict.decision {
        Decision::Applied { .. } => true,
        Decision::Skipped { reason: SkipReason::NotStarted { .. } | SkipReason::Ended { .. } } => {
            verdict.code.is_some()
        }
        Decision::Skipped { reason: SkipReason::Condition { unmet } } => !waits_for_code(unmet),
        Decision::Skipped { .. } => true,
    }
}

/// A line of a cart, or the gift of a promotion, with what it comes to.
#[derive(Clone)]
pub struct CartPricingLine {
    priced: Arc<Priced>,
    place: usize,
}

impl CartPricingLine {
    fn total_of(&self) -> &LineTotal {
        &self.priced.totals.lines[self.place]
    }
}

/// A line of a cart, or the gift of a promotion, with what it comes to.
#[object]
impl CartPricingLine {
    /// The line of the cart; null for a gift.
    fn line_id(&self) -> Option<CartLineId> {
        match self.total_of().kind {
            LineKind::Bought(place) => self.priced.line_id(place),
            LineKind::Gift(_) => None,
        }
    }

    /// The promotion that gives it; null for what is bought. Gifts can't be edited.
    fn gift_of(&self) -> Option<PromotionId> {
        match self.total_of().kind {
            LineKind::Bought(_) => None,
            LineKind::Gift(promotion) => Some(promotion),
        }
    }

    /// The id of what is bought, or given.
    fn variant_id(&self) -> ProductVariantId {
        self.total_of().variant
    }

    /// What is bought, or given.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        ProductVariant::by_id(ctx, self.total_of().variant).await
    }

    /// How many.
    fn quantity(&self) -> i32 {
        i32::try_from(self.total_of().quantity).unwrap_or(i32::MAX)
    }

    /// What one costs before discounts.
    fn unit_price(&self) -> Money {
        self.total_of().unit_price
    }

    /// What all cost before discounts.
    fn subtotal(&self) -> Money {
        self.total_of().price
    }

    /// What is off, promotion by promotion.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn discounts(&self) -> Vec<CartDiscount> {
        self.total_of().discounts.iter().map(CartDiscount::from).collect()
    }

    /// What is off together.
    fn discount(&self) -> Money {
        self.total_of().discount
    }

    /// What is left.
    fn total(&self) -> Money {
        self.total_of().amount
    }

    /// What is left, with its taxes.
    fn taxed(&self) -> TaxedAmount {
        TaxedAmount::from(self.total_of())
    }
}

/// A gift card that a cart is to be paid with. Its code is shown to nobody.
#[object]
#[derive(Clone)]
pub struct CartGiftCard {
    /// The card's id; send it to take the card off the cart.
    gift_card_id: GiftCardId,
    /// How its code ends.
    last_four: String,
    /// What could be paid with it; null where nothing can.
    available: Option<Money>,
    /// What it covers of the total.
    covers: Money,
    /// Why nothing can be paid with it: the cart can't be ordered until it is taken off.
    problem: Option<UserError>,
}

impl CartGiftCard {
    fn of(card: &CardStanding, covers: Money) -> Self {
        let (available, problem) = match card.available.clone() {
            Ok(available) => (Some(available), None),
            Err(problem) => (None, Some(problem.into())),
        };
        Self { gift_card_id: card.id, last_four: card.last_four.clone(), available, covers, problem }
    }
}

/// A customer's store credit that a cart is to be paid with.
#[object]
#[derive(Clone)]
pub struct CartStoreCredit {
    /// What could be paid with it.
    available: Money,
    /// What it covers of the total.
    covers: Money,
}

/// What one promotion takes off a line or off shipping.
#[object]
#[derive(Clone)]
pub struct CartDiscount {
    /// The promotion's id.
    promotion_id: PromotionId,
    /// What buyers see it called.
    name: String,
    /// The code that was given for it.
    code: Option<String>,
    /// Whether it is off the line itself, a share of what is off the order, or off shipping.
    phase: Phase,
    /// What is off.
    amount: Money,
}

impl From<&AppliedDiscount> for CartDiscount {
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

/// What a step on the way to the total is.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartPricingStepKind {
    /// What a line costs before discounts.
    Line,
    /// What a promotion takes off a line.
    Discount,
    /// What shipping costs before discounts.
    Shipping,
    /// What a promotion takes off shipping.
    ShippingDiscount,
    /// A tax that comes on top.
    Tax,
    /// The tax inside the prices that the buyer does not pay.
    TaxExempted,
}

/// One step on the way to the total.
#[object]
#[derive(Clone)]
pub struct CartPricingStep {
    /// What it is.
    kind: CartPricingStepKind,
    /// The line of the cart that it is about; null for gifts, shipping and taxes.
    line_id: Option<CartLineId>,
    /// The promotion that it is about.
    promotion_id: Option<PromotionId>,
    /// What the promotion or the tax is called.
    name: Option<String>,
    /// The rate of the tax.
    rate: Option<Decimal>,
    /// What it adds; below 0 what it takes off.
    amount: Money,
    /// What it comes to after it.
    so_far: Money,
}

impl CartPricingStep {
    fn of(priced: &Priced, step: rules::totals::Step) -> Self {
        let line_id = |place: usize| match priced.totals.lines.get(place)?.kind {
            LineKind::Bought(place) => priced.line_id(place),
            LineKind::Gift(_) => None,
        };
        let (amount, so_far) = (step.amount, step.so_far);
        let bare = |kind| Self { kind, line_id: None, promotion_id: None, name: None, rate: None, amount, so_far };
        match step.kind {
            StepKind::Line { line } => Self { line_id: line_id(line), ..bare(CartPricingStepKind::Line) },
            StepKind::Discount { line, promotion, name, .. } => Self {
                line_id: line_id(line),
                promotion_id: Some(promotion),
                name: Some(name),
                ..bare(CartPricingStepKind::Discount)
            },
            StepKind::Shipping => bare(CartPricingStepKind::Shipping),
            StepKind::ShippingDiscount { promotion, name, .. } => {
                let kind = CartPricingStepKind::ShippingDiscount;
                Self { promotion_id: Some(promotion), name: Some(name), ..bare(kind) }
            }
            StepKind::Tax { name, rate } => {
                Self { name: Some(name), rate: Some(rate), ..bare(CartPricingStepKind::Tax) }
            }
            StepKind::TaxExempted => bare(CartPricingStepKind::TaxExempted),
        }
    }
}
