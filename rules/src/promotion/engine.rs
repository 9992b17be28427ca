//! Applies promotions one after the other, each tested again on what the others left (rule P1).

use chrono::{DateTime, Utc};

use super::codes::Codes;
use super::condition::Facts;
use super::explanation::{Decision, Effect, Evaluation, Limit, SkipReason, Verdict};
use super::proposal::{Nothing, Proposal};
use super::reduced::Reduced;
use super::{Offers, Promotion, VERSION, stacking};
use crate::basket::Basket;
use crate::currency::Currency;
use crate::money::{Money, MoneyError};
use crate::problem::Problem;

/// What the offers of a store do to a basket at a moment (rule P6).
///
/// Depends on nothing else, so that preview, cart and order get the same answer, to the byte, and an
/// order can be worked out again years later. The order of the promotions in the offers plays no part.
///
/// # Errors
/// What [`Basket::check`] refuses.
pub fn evaluate(basket: &Basket, offers: &Offers, at: DateTime<Utc>) -> Result<Evaluation, Problem> {
    basket.check()?;
    let mut promotions: Vec<&Promotion> = offers.promotions.iter().collect();
    promotions.sort_by_key(|promotion| (promotion.phase(), promotion.rank()));
    let codes = Codes::read(basket, offers, at);
    let decisions = {
        let engine = Engine { basket, offers, at, codes: &codes, promotions: &promotions };
        stacking::decide(&engine)?
    };
    let verdict = |(promotion, decision): (&Promotion, Decision)| Verdict {
        promotion: promotion.id,
        name: promotion.name.clone(),
        phase: promotion.phase(),
        code: codes.given_for(promotion).map(|code| code.code.clone()),
        decision,
    };
    let verdicts: Vec<Verdict> = promotions.iter().copied().zip(decisions).map(verdict).collect();
    let codes = codes.outcomes(&verdicts);
    Ok(Evaluation { version: VERSION, verdicts, codes })
}

/// All that a decision is made of. Promotions are known by their place in the order of rule P1.
pub(super) struct Engine<'a> {
    basket: &'a Basket,
    offers: &'a Offers,
    at: DateTime<Utc>,
    codes: &'a Codes<'a>,
    pub promotions: &'a [&'a Promotion],
}

/// What one promotion would do to the basket as reduced so far.
pub(super) struct Attempt {
    proposal: Proposal,
    amount: Money,
    limited_by: Option<Limit>,
    /// What it is worth to the buyer: what it takes off, and what a gift costs otherwise.
    pub worth: Money,
}

/// What a set of promotions does to the basket.
pub(super) struct Outcome {
    /// The promotions of the set, in their order, each with what came of it.
    pub decisions: Vec<(usize, Decision)>,
    /// What they are worth to the buyer together.
    pub worth: Money,
}

impl<'a> Engine<'a> {
    /// The basket with nothing off.
    pub fn untouched(&self) -> Result<Reduced<'a>, MoneyError> {
        Reduced::new(self.basket)
    }

    /// The one currency of the basket.
    pub fn currency(&self) -> Currency {
        self.basket.currency
    }

    /// Tests a promotion, and works out what it would take off. Takes nothing.
    pub fn attempt(&self, index: usize, reduced: &Reduced<'_>) -> Result<Attempt, Nothing> {
        let promotion = self.promotions[index];
        if let Some(from) = promotion.valid_from.filter(|from| self.at < *from) {
            return Err(SkipReason::NotStarted { from }.into());
        }
        if let Some(since) = promotion.valid_to.filter(|to| *to <= self.at) {
            return Err(SkipReason::Ended { since }.into());
        }
        if promotion.caps.maximum_uses.is_some_and(|most| promotion.spent.uses >= most) {
            return Err(SkipReason::BudgetUsedUp.into());
        }
        let code_given = self.codes.given_for(promotion).is_some();
        if let Some(unmet) = promotion.condition.unmet(&Facts { reduced, at: self.at, code_given })? {
            return Err(SkipReason::Condition { unmet }.into());
        }

        let currency = self.basket.currency;
        let mut proposal = promotion.action.propose(reduced, &promotion.caps, &self.offers.gifts)?;
        let mut amount = proposal.amount(currency)?;
        let (limit, limited_by) = promotion.caps.limit(amount, &promotion.spent.discount)?;
        if limited_by.is_some() {
            proposal = proposal.at_most(limit)?;
            amount = limit;
        }
        let worth = match &proposal {
            Proposal::Gift(gift, units) => {
                let price = gift.price.filter(|price| price.currency() == currency);
                price.map_or(Ok(Money::zero(currency)), |price| price.times(*units))?
            }
            _ if amount.is_zero() => return Err(SkipReason::NothingToReduce.into()),
            _ => amount,
        };
        Ok(Attempt { proposal, amount, limited_by, worth })
    }

    /// Applies a set of promotions in their order, each tested again right before.
    pub fn apply(&self, members: &[usize]) -> Result<Outcome, MoneyError> {
        let mut reduced = self.untouched()?;
        let mut worth = Money::zero(self.basket.currency);
        let mut decisions = Vec::with_capacity(members.len());
        for index in members {
            let decision = match self.attempt(*index, &reduced) {
                Ok(attempt) => {
                    worth = worth.checked_add(attempt.worth)?;
                    let effects = take(&mut reduced, attempt.proposal)?;
                    Decision::Applied { amount: attempt.amount, effects, limited_by: attempt.limited_by }
                }
                Err(Nothing::Skip(reason)) => Decision::Skipped { reason },
                Err(Nothing::Broken(error)) => return Err(error),
            };
            decisions.push((*index, decision));
        }
        Ok(Outcome { decisions, worth })
    }
}

/// Takes what was proposed, and says what was taken where.
fn take(reduced: &mut Reduced<'_>, proposal: Proposal) -> Result<Vec<Effect>, MoneyError> {
    let mut effects = Vec::new();
    match proposal {
        Proposal::Units(mut cuts) => {
            cuts.retain(|cut| !cut.amount.is_zero());
            for cut in &cuts {
                let cut_line = reduced.runs()[cut.run].line;
                match effects.last_mut() {
                    Some(Effect::Units { line, units, amount }) if *line == cut_line => {
                        *units += cut.units;
                        *amount = amount.checked_add(cut.amount)?;
                    }
                    _ => effects.push(Effect::Units { line: cut_line, units: cut.units, amount: cut.amount }),
                }
            }
            reduced.cut_units(&cuts)?;
        }
        Proposal::Order(shares) => {
            reduced.cut_lines(&shares)?;
            let shares = shares.into_iter().enumerate().filter(|(_, amount)| !amount.is_zero());
            effects.extend(shares.map(|(line, amount)| Effect::OrderShare { line, amount }));
        }
        Proposal::Shipping(amount) => {
            reduced.cut_shipping(amount)?;
            effects.push(Effect::Shipping { amount });
        }
        Proposal::Gift(gift, units) => {
            reduced.give(gift.variant, units);
            effects.push(Effect::Gift { gift, units });
        }
    }
    Ok(effects)
}
