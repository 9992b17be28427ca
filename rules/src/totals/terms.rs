//! The terms of an order: all that its total was worked out from, frozen (rule P6).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Totals;
use crate::basket::Basket;
use crate::problem::{ErrorCode, Problem};
use crate::promotion::{self, Effect, Evaluation, Offers};
use crate::tax::Taxation;

/// All that a total is worked out from. Serialized on an order, it gives the same total years later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// The version of the rules of promotions, taxes and totals.
    pub version: u16,
    /// The moment that was looked at.
    pub at: DateTime<Utc>,
    /// What is bought.
    pub basket: Basket,
    /// What was offered.
    pub offers: Offers,
    /// What is taxed how.
    pub taxation: Taxation,
}

/// What a total was worked out to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reckoning {
    /// What came of each promotion.
    pub evaluation: Evaluation,
    /// What the buyer pays.
    pub totals: Totals,
}

impl Terms {
    /// Terms under today's rules.
    pub fn new(at: DateTime<Utc>, basket: Basket, offers: Offers, taxation: Taxation) -> Self {
        Self { version: promotion::VERSION, at, basket, offers, taxation }
    }

    /// Works out promotions, taxes and totals, by the version of the rules that the terms name.
    ///
    /// # Errors
    /// As [`promotion::evaluate`] and [`Totals::new`]; `INVALID` for a version that is not known here.
    pub fn work_out(&self) -> Result<Reckoning, Problem> {
        if self.version != promotion::VERSION {
            let message = format!("version {} of the rules is not known: it was made by a newer release", self.version);
            return Err(Problem::new(ErrorCode::Invalid, "version", message));
        }
        let evaluation = promotion::evaluate(&self.basket, &self.offers, self.at)?;
        let totals = Totals::new(&self.basket, &evaluation, &self.taxation)?;
        Ok(Reckoning { evaluation, totals })
    }

    /// The same terms with only those offers that were applied. They give the same totals and are
    /// small enough to stand on every order; why the others were skipped stands in the evaluation.
    #[must_use]
    pub fn frozen(mut self, evaluation: &Evaluation) -> Self {
        let applied: Vec<_> = evaluation.applied().map(|(verdict, _)| verdict.promotion).collect();
        let is_given = |variant| {
            let given = |effect: &Effect| matches!(effect, Effect::Gift { gift, .. } if gift.variant == variant);
            evaluation.applied().any(|(_, effects)| effects.iter().any(given))
        };
        self.offers.promotions.retain(|promotion| applied.contains(&promotion.id));
        self.offers.codes.retain(|code| applied.contains(&code.promotion));
        self.offers.gifts.retain(|gift| is_given(gift.variant));
        self
    }
}
