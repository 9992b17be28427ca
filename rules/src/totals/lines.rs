//! What each line and shipping come to.

use serde::{Deserialize, Serialize};

use crate::basket::Basket;
use crate::ids::{ProductId, ProductVariantId, PromotionId, ShippingRateId, TaxCategoryId};
use crate::money::{Money, MoneyError};
use crate::problem::{ErrorCode, Problem};
use crate::promotion::{Effect, Evaluation, Phase, Verdict};
use crate::tax::{Charge, TaxPart, Taxed};

/// Some units, what they cost, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LineTotal {
    /// Where the line comes from.
    pub kind: LineKind,
    /// What is bought.
    pub variant: ProductVariantId,
    /// The product that it is a version of.
    pub product: ProductId,
    /// How many.
    pub quantity: i64,
    /// What one costs before discounts.
    pub unit_price: Money,
    /// What all cost before discounts.
    pub price: Money,
    /// What is off, and why.
    pub discounts: Vec<AppliedDiscount>,
    /// What is off together.
    pub discount: Money,
    /// What is left, in the store's tax mode.
    pub amount: Money,
    /// The same without tax.
    pub net: Money,
    /// All taxes on it.
    pub tax: Money,
    /// What the buyer pays for it: net and tax.
    pub gross: Money,
    /// The tax that was inside the price and is taken off for who pays none.
    pub tax_exempted: Money,
    /// Each tax on it.
    pub taxes: Vec<TaxPart>,
}

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LineKind {
    /// A line of the basket, by its place.
    Bought(usize),
    /// The gift of a promotion; the buyer can't edit it.
    Gift(PromotionId),
}

/// What a promotion takes off a line or off shipping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppliedDiscount {
    /// The promotion.
    pub promotion: PromotionId,
    /// What buyers see it called.
    pub name: String,
    /// The code that was given for it.
    pub code: Option<String>,
    /// Whether it is off the line, a share of what is off the order, or off shipping.
    pub phase: Phase,
    /// What is off, in the store's tax mode.
    pub amount: Money,
}

/// What shipping comes to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingTotal {
    /// The rate that was chosen.
    pub rate: Option<ShippingRateId>,
    /// What it costs before discounts.
    pub price: Money,
    /// What is off, and why.
    pub discounts: Vec<AppliedDiscount>,
    /// What is off together.
    pub discount: Money,
    /// What is left, in the store's tax mode.
    pub amount: Money,
    /// The same without tax.
    pub net: Money,
    /// All taxes on it.
    pub tax: Money,
    /// What the buyer pays for it: net and tax.
    pub gross: Money,
    /// The tax that was inside the price and is taken off for who pays none.
    pub tax_exempted: Money,
    /// Each tax on it.
    pub taxes: Vec<TaxPart>,
}

/// A line before taxes.
pub(super) struct LineDraft {
    kind: LineKind,
    variant: ProductVariantId,
    product: ProductId,
    category: Option<TaxCategoryId>,
    untaxed: bool,
    quantity: i64,
    unit_price: Money,
    off: Off,
}

/// Shipping before taxes.
pub(super) struct ShippingDraft {
    rate: Option<ShippingRateId>,
    off: Off,
    pub amount: Money,
}

/// A price and what is off.
struct Off {
    price: Money,
    discounts: Vec<AppliedDiscount>,
    discount: Money,
    amount: Money,
}

impl Off {
    fn nothing(price: Money) -> Self {
        Self { price, discounts: Vec::new(), discount: Money::zero(price.currency()), amount: price }
    }

    fn take(&mut self, verdict: &Verdict, amount: Money) -> Result<(), Problem> {
        self.discount = self.discount.checked_add(amount)?;
        self.amount = self.amount.checked_sub(amount)?;
        if amount.is_negative() || self.amount.is_negative() {
            return Err(misfit());
        }
        self.discounts.push(AppliedDiscount {
            promotion: verdict.promotion,
            name: verdict.name.clone(),
            code: verdict.code.clone(),
            phase: verdict.phase,
            amount,
        });
        Ok(())
    }
}

fn misfit() -> Problem {
    Problem::new(ErrorCode::Invalid, "", "the promotions were worked out for another cart: work them out again")
}

/// The basket's lines with what is off each, then the gifts.
pub(super) fn drafts(basket: &Basket, evaluation: &Evaluation) -> Result<Vec<LineDraft>, Problem> {
    let draft = |(index, line): (usize, &crate::basket::Line)| {
        Ok(LineDraft {
            kind: LineKind::Bought(index),
            variant: line.variant,
            product: line.product,
            category: line.tax_category,
            untaxed: line.untaxed,
            quantity: i64::from(line.quantity),
            unit_price: line.unit_price,
            off: Off::nothing(line.amount()?),
        })
    };
    let mut drafts = basket.lines.iter().enumerate().map(draft).collect::<Result<Vec<_>, MoneyError>>()?;
    for (verdict, effects) in evaluation.applied() {
        for effect in effects {
            match effect {
                Effect::Units { line, amount, .. } | Effect::OrderShare { line, amount } => {
                    let is_bought = *line < basket.lines.len();
                    drafts.get_mut(*line).filter(|_| is_bought).ok_or_else(misfit)?.off.take(verdict, *amount)?;
                }
                Effect::Gift { gift, units } => drafts.push(LineDraft {
                    kind: LineKind::Gift(verdict.promotion),
                    variant: gift.variant,
                    product: gift.product,
                    category: gift.tax_category,
                    untaxed: false,
                    quantity: *units,
                    unit_price: Money::zero(basket.currency),
                    off: Off::nothing(Money::zero(basket.currency)),
                }),
                Effect::Shipping { .. } => {}
            }
        }
    }
    Ok(drafts)
}

/// Shipping with what is off.
pub(super) fn shipping_draft(basket: &Basket, evaluation: &Evaluation) -> Result<Option<ShippingDraft>, Problem> {
    let mut off = basket.shipping.as_ref().map(|shipping| Off::nothing(shipping.amount));
    for (verdict, effects) in evaluation.applied() {
        for effect in effects {
            if let Effect::Shipping { amount } = effect {
                off.as_mut().ok_or_else(misfit)?.take(verdict, *amount)?;
            }
        }
    }
    let rate = basket.shipping.as_ref().and_then(|shipping| shipping.rate);
    Ok(off.map(|off| ShippingDraft { rate, amount: off.amount, off }))
}

impl LineDraft {
    /// What taxes lie on.
    pub(super) fn charge(&self) -> Charge {
        Charge { amount: self.off.amount, units: self.quantity, category: self.category, untaxed: self.untaxed }
    }

    /// The line with its taxes.
    pub(super) fn with(self, taxed: Taxed) -> LineTotal {
        LineTotal {
            kind: self.kind,
            variant: self.variant,
            product: self.product,
            quantity: self.quantity,
            unit_price: self.unit_price,
            price: self.off.price,
            discounts: self.off.discounts,
            discount: self.off.discount,
            amount: self.off.amount,
            net: taxed.net,
            tax: taxed.tax,
            gross: taxed.gross,
            tax_exempted: taxed.exempted,
            taxes: taxed.parts,
        }
    }
}

impl ShippingDraft {
    /// Shipping with its taxes.
    pub(super) fn with(self, taxed: Taxed) -> ShippingTotal {
        ShippingTotal {
            rate: self.rate,
            price: self.off.price,
            discounts: self.off.discounts,
            discount: self.off.discount,
            amount: self.off.amount,
            net: taxed.net,
            tax: taxed.tax,
            gross: taxed.gross,
            tax_exempted: taxed.exempted,
            taxes: taxed.parts,
        }
    }
}
