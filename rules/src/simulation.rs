//! What a promotion would have done to orders that were placed without it (rule P7).
//!
//! Orders come in as the terms that are frozen on them, the oldest first, and each is worked out twice by the rules of
//! every cart: without the promotion, and with it beside the offers that were applied then. What it takes off counts
//! against its own budget from order to order. Never reads an order or a promotion itself.

use crate::money::{Money, PerCurrency};
use crate::problem::Problem;
use crate::promotion::{self, Decision, DiscountCode, GiftStock, Promotion, Spent};
use crate::tax::Taxation;
use crate::totals::{Terms, Totals};

/// A promotion that is tried on orders.
#[derive(Debug, Clone)]
pub struct Simulation {
    promotion: Promotion,
    code: Option<String>,
}

/// What the promotion would have done to one order. Amounts are in the store's tax mode, before taxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// What it takes off, or gives away.
    pub discount: Money,
    /// How much less the buyer pays: less than the discount where another promotion steps back for it, and nothing for
    /// what is given away.
    pub cost: Money,
}

impl Simulation {
    /// Tries a promotion as if it held at every moment and nothing had been used of it; with `as_if_given`, as if every
    /// buyer had typed a code of it.
    pub fn new(promotion: Promotion, as_if_given: bool) -> Self {
        let code = as_if_given.then(|| promotion.id.to_string());
        let promotion = Promotion { valid_from: None, valid_to: None, spent: Spent::default(), ..promotion };
        Self { promotion, code }
    }

    /// What it would have done to an order; `None` where nothing. `gifts` are what can be given away in the order's
    /// currency.
    ///
    /// # Errors
    /// As [`promotion::evaluate`] and [`Totals::new`].
    pub fn replay(&mut self, terms: &Terms, gifts: &[GiftStock]) -> Result<Option<Replayed>, Problem> {
        let id = self.promotion.id;
        let mut basket = terms.basket.clone();
        let mut offers = terms.offers.clone();
        offers.promotions.retain(|promotion| promotion.id != id);
        offers.codes.retain(|code| code.promotion != id);
        let before = promotion::evaluate(&basket, &offers, terms.at)?;
        let was = Totals::new(&basket, &before, &untaxed())?.total;

        offers.promotions.push(self.promotion.clone());
        offers.gifts.extend(
            gifts
                .iter()
                .filter(|gift| !offers.gifts.iter().any(|old| old.variant == gift.variant))
                .cloned()
                .collect::<Vec<_>>(),
        );
        if let Some(code) = &self.code {
            basket.codes.push(code.clone());
            offers.codes.push(code_of(code, &self.promotion));
        }
        let after = promotion::evaluate(&basket, &offers, terms.at)?;
        let verdict = after.verdicts.iter().find(|verdict| verdict.promotion == id);
        let Some(Decision::Applied { amount, .. }) = verdict.map(|verdict| &verdict.decision) else { return Ok(None) };
        let is = Totals::new(&basket, &after, &untaxed())?.total;
        self.spend(*amount)?;
        Ok(Some(Replayed { discount: *amount, cost: was.checked_sub(is)? }))
    }

    fn spend(&mut self, amount: Money) -> Result<(), Problem> {
        let spent = &mut self.promotion.spent;
        spent.uses += 1;
        let so_far = spent.discount.in_currency(amount.currency()).unwrap_or(Money::zero(amount.currency()));
        let others = spent.discount.all().iter().filter(|other| other.currency() != amount.currency()).copied();
        let amounts: Vec<Money> = others.chain([so_far.checked_add(amount)?]).collect();
        spent.discount = PerCurrency::try_new(amounts)?;
        Ok(())
    }
}

/// No taxes at all: discounts are in the store's tax mode, and taxes come after them.
fn untaxed() -> Taxation {
    Taxation::External(Vec::new())
}

/// A code of the promotion that everybody may use.
fn code_of(code: &str, promotion: &Promotion) -> DiscountCode {
    DiscountCode {
        code: code.to_owned(),
        promotion: promotion.id,
        customer: None,
        valid_from: None,
        valid_to: None,
        limit: None,
        limit_per_buyer: None,
        used: 0,
        used_by_buyer: 0,
    }
}
