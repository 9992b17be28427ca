//! Totals: from a basket, its promotions and its taxes to what the buyer pays.
//!
//! Owns the lines and the summary of cart and order (rules T2, T4), the explanation that adds up to
//! the total, and the terms that are frozen on an order so that it can be worked out again. Never
//! decides what is off or taxed: `promotion` and `tax` do.
//!
//! The equations of rule T4 hold by the way the totals are made, and are checked before they are given
//! out: [`Totals::check`] is also for totals that come from elsewhere.

mod balance;
mod explanation;
mod lines;
mod split;
mod summary;
mod terms;

use serde::{Deserialize, Serialize};

pub use balance::Imbalance;
pub use explanation::{Step, StepKind};
pub use lines::{AppliedDiscount, LineKind, LineTotal, ShippingTotal};
pub use split::ShippingPart;
pub use terms::{Reckoning, Terms};

use crate::basket::Basket;
use crate::currency::Currency;
use crate::money::{Money, TaxMode};
use crate::problem::{ErrorCode, Problem};
use crate::promotion::Evaluation;
use crate::tax::{TaxPart, Taxation};

/// What a buyer pays, and how it comes together. Amounts are in the store's tax mode where it is not
/// said otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// The one currency of all amounts.
    pub currency: Currency,
    /// Whether prices include tax.
    pub tax_mode: TaxMode,
    /// The basket's lines in their order, then the gifts.
    pub lines: Vec<LineTotal>,
    /// Shipping; `None` until a way to ship is chosen.
    pub shipping: Option<ShippingTotal>,
    /// What the lines cost before discounts.
    pub subtotal: Money,
    /// What the lines get off.
    pub discount: Money,
    /// What shipping costs before discounts.
    pub shipping_price: Money,
    /// What shipping gets off.
    pub shipping_discount: Money,
    /// The tax that comes on top: all of it where prices are net, none where they are gross.
    pub tax_added: Money,
    /// The tax that was inside the prices and is taken off for who pays none.
    pub tax_exempted: Money,
    /// All without tax.
    pub net: Money,
    /// All taxes.
    pub tax: Money,
    /// What the buyer pays: net and tax.
    pub total: Money,
    /// The taxes by name and rate; they sum to `tax`.
    pub taxes: Vec<TaxPart>,
}

impl Totals {
    /// What the buyer pays for a basket with these promotions and taxes.
    ///
    /// # Errors
    /// What [`Basket::check`] refuses; `OUT_OF_RANGE` beyond counting; `INVALID` for an evaluation that
    /// is not of this basket, and for a tax provider's answer that does not fit.
    pub fn new(basket: &Basket, evaluation: &Evaluation, taxation: &Taxation) -> Result<Self, Problem> {
        basket.check()?;
        let drafts = lines::drafts(basket, evaluation)?;
        let shipping = lines::shipping_draft(basket, evaluation)?;
        let charges: Vec<_> = drafts.iter().map(lines::LineDraft::charge).collect();
        let to_pay = shipping.as_ref().map(|shipping| shipping.amount);
        let (taxed, taxed_shipping) = taxation.on(&charges, to_pay, basket.tax_mode, basket.rounding)?;

        let lines: Vec<LineTotal> = drafts.into_iter().zip(taxed).map(|(draft, taxed)| draft.with(taxed)).collect();
        let shipping = shipping.zip(taxed_shipping).map(|(draft, taxed)| draft.with(taxed));
        let totals = summary::totals(basket, lines, shipping)?;
        totals.check().map_err(|imbalance| Problem::new(ErrorCode::Invalid, "", imbalance.to_string()))?;
        Ok(totals)
    }
}

#[cfg(test)]
mod tests;
