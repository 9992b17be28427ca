//! What a cart comes to at a moment, and why.
//!
//! [`Facts`] are all that is known of a cart and of what the store offers it; they are read alike on a read and
//! inside an edit. [`Priced`] are the facts with their taxes, which a provider may have to be asked for, and so
//! never inside an edit. Both are thrown away after the request: what a cart costs is true only when it is looked
//! at (rules M3 and P6).

mod facts;
mod obstacles;

use std::collections::HashMap;

use rules::basket::Basket;
use rules::ids::CartLineId;
use rules::tax::Taxation;
use rules::totals::{LineTotal, Terms, Totals};
use rules::{ErrorCode, Money, Problem};

pub use facts::{DeliveryGroup, Facts, buyer_key, unit_prices, wanted_line};
pub use obstacles::Obstacle;

use crate::kernel::{Ctx, Error, Result};
use crate::tax::{self, Sale, WorkedOut};

/// How sure the taxes of a cart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum, serde::Serialize)]
#[graphql(name = "CartTaxStatus")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaxStatus {
    /// They are those of the place that it goes to, or where the buyer is.
    Calculated,
    /// No address is known: they are those of the store's own place.
    Estimated,
    /// They can't be worked out now, and are not in the total.
    Unavailable,
}

/// A cart with all that it comes to.
#[derive(Debug, Clone)]
pub struct Priced {
    /// All that is known of it.
    pub facts: Facts,
    /// What is taxed how; none where that can't be said now.
    pub taxes: Option<WorkedOut>,
    /// What the buyer pays, and how it comes together.
    pub totals: Totals,
}

impl Priced {
    /// Works out the taxes of a cart, and with them what it comes to.
    ///
    /// # Errors
    /// `Invalid` for sums beyond counting; what the database says.
    pub async fn of(ctx: &Ctx, facts: Facts) -> Result<Self> {
        let codes = facts.tax_codes();
        let sale = Sale {
            basket: &facts.basket,
            evaluation: &facts.evaluation,
            shipping: facts.parts.shipping.as_ref().map(|address| &address.place),
            billing: facts.parts.billing.as_ref().map(|address| &address.place),
            exempt: facts.tax_exempt,
            codes: &codes,
        };
        let taxes = match tax::taxation(ctx, &sale).await {
            Ok(worked_out) => Some(worked_out),
            // A cart is shown without its taxes too; nobody can order it so.
            Err(Error::Conflict(problem)) if is_about_taxes(&problem) => None,
            Err(error) => return Err(error),
        };
        let untaxed = untaxed();
        let taxation = taxes.as_ref().map_or(&untaxed, |taxes| &taxes.taxation);
        let totals = Totals::new(&facts.basket, &facts.evaluation, taxation)?;
        Ok(Self { facts, taxes, totals })
    }

    /// How sure the taxes are.
    pub fn tax_status(&self) -> TaxStatus {
        let parts = &self.facts.parts;
        match &self.taxes {
            None => TaxStatus::Unavailable,
            Some(_) if parts.shipping.is_none() && parts.billing.is_none() => TaxStatus::Estimated,
            Some(_) => TaxStatus::Calculated,
        }
    }

    /// What a line of the cart comes to; none where it can't be bought now.
    pub fn line(&self, id: CartLineId) -> Option<&LineTotal> {
        let place = self.facts.parts.lines.iter().position(|line| line.id == id)?;
        let bought = self.facts.bought.iter().position(|bought| bought.place == place)?;
        self.totals.lines.get(bought)
    }

    /// The line of the cart that stands at a place of the totals; none for gifts.
    pub fn line_id(&self, place: usize) -> Option<CartLineId> {
        let bought = self.facts.bought.get(place)?;
        self.facts.parts.lines.get(bought.place).map(|line| line.id)
    }

    /// All that the total was worked out from, to be frozen on an order (rule P6). None where the taxes are not
    /// known: such a cart can't become one.
    pub fn terms(&self) -> Option<Terms> {
        let taxation = self.taxes.as_ref()?.taxation.clone();
        let Facts { basket, offers, at, .. } = &self.facts;
        Some(Terms::new(*at, basket.clone(), offers.clone(), taxation))
    }

    /// What each gift card covers of the total, in their order, then the store credit; and what is left to pay.
    pub fn covered(&self) -> (Vec<Money>, Money) {
        self.facts.standing.cover(self.totals.total)
    }

    /// What is bought, as promotions and taxes see it.
    pub fn basket(&self) -> &Basket {
        &self.facts.basket
    }
}

impl Facts {
    /// The codes that tax services know the variants by.
    fn tax_codes(&self) -> HashMap<rules::ids::ProductVariantId, String> {
        let lines = self.basket.lines.iter().zip(&self.bought);
        lines.filter_map(|(line, bought)| Some((line.variant, bought.tax_code.clone()?))).collect()
    }
}

/// Whether taxes can't be worked out now, or not yet.
fn is_about_taxes(problem: &Problem) -> bool {
    matches!(problem.code, ErrorCode::Required | ErrorCode::TaxUnavailable)
}

/// No taxes at all.
fn untaxed() -> Taxation {
    Taxation::External(Vec::new())
}
