//! What an action takes off the basket as reduced so far, before it is taken.

use std::cmp::Reverse;

use super::action::{Action, Change, Spread};
use super::explanation::{Limit, SkipReason};
use super::groups;
use super::reduced::{Cut, Reduced};
use super::selector::Selector;
use super::{Caps, GiftStock};
use crate::currency::Currency;
use crate::money::{Money, MoneyError, PerCurrency, Rounding, RoundingLevel};
use crate::percent::Percent;

/// Units that an action is about: so many of a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    pub run: usize,
    pub line: usize,
    pub units: i64,
    pub price: Money,
}

/// What an action takes off, before it is taken.
#[derive(Debug, Clone)]
pub(super) enum Proposal {
    /// Off units.
    Units(Vec<Cut>),
    /// Off the order, each line's share.
    Order(Vec<Money>),
    /// Off the shipping.
    Shipping(Money),
    /// Units of a variant, and what they would cost.
    Gift(GiftStock, i64),
}

/// Why there is nothing to take.
pub(super) enum Nothing {
    /// By the rules.
    Skip(SkipReason),
    /// The amounts are beyond counting.
    Broken(MoneyError),
}

impl From<MoneyError> for Nothing {
    fn from(error: MoneyError) -> Self {
        Self::Broken(error)
    }
}

impl From<SkipReason> for Nothing {
    fn from(reason: SkipReason) -> Self {
        Self::Skip(reason)
    }
}

impl Action {
    /// What it takes off the basket as reduced so far, before the caps in money.
    pub(super) fn propose(&self, reduced: &Reduced<'_>, caps: &Caps, gifts: &[GiftStock]) -> Result<Proposal, Nothing> {
        let most = caps.maximum_applications.map_or(i64::MAX, i64::from);
        match self {
            Self::Order(change) => order(reduced, change),
            Self::OrderTiers(tiers) => {
                let mut reached: Option<(Money, &Change)> = None;
                for tier in tiers {
                    let Some(at_least) = tier.at_least.in_currency(reduced.basket().currency) else { continue };
                    let higher = reached.is_none_or(|(other, _)| at_least.minor() > other.minor());
                    if higher && reduced.subtotal().checked_cmp(at_least)?.is_ge() {
                        reached = Some((at_least, &tier.change));
                    }
                }
                order(reduced, reached.ok_or(SkipReason::NothingToReduce)?.1)
            }
            Self::Units { of, change, spread } => units(reduced, picks(reduced, of), change, *spread, most),
            Self::UnitTiers { of, tiers } => {
                let picks = picks(reduced, of);
                let count: i64 = picks.iter().map(|pick| pick.units).sum();
                let reached = tiers.iter().filter(|tier| i64::from(tier.at_least) <= count);
                let tier = reached.max_by_key(|tier| tier.at_least).ok_or(SkipReason::NothingToReduce)?;
                units(reduced, picks, &tier.change, Spread::Each, most)
            }
            Self::BuyGet { buy, buy_quantity, get, get_quantity, percent } => {
                let buys = (buy, i64::from(*buy_quantity));
                let gets = (get, i64::from(*get_quantity));
                let picks = groups::made_cheap(reduced, picks(reduced, get), buys, gets, most);
                Ok(Proposal::Units(percent_each(&picks, *percent, reduced.basket().rounding)?))
            }
            Self::CheapestFree { of, out_of } => {
                let mut picks = picks(reduced, of);
                let count: i64 = picks.iter().map(|pick| pick.units).sum();
                let free = (count / i64::from(*out_of).max(1)).min(most);
                cheapest_first(&mut picks);
                let picks = first_units(picks, free);
                let cuts = picks.iter().map(|pick| Ok(pick.cut(pick.amount()?)));
                Ok(Proposal::Units(cuts.collect::<Result<_, MoneyError>>()?))
            }
            Self::Shipping { change, rates } => {
                let (charge, shipping) =
                    reduced.basket().shipping.as_ref().zip(reduced.shipping()).ok_or(SkipReason::NoShipping)?;
                if !rates.is_empty() && !charge.rate.is_some_and(|rate| rates.contains(&rate)) {
                    return Err(SkipReason::OtherShipping.into());
                }
                Ok(Proposal::Shipping(change.off(shipping, reduced.basket().rounding)?))
            }
            Self::Gift { variant, quantity } => {
                let stock = gifts.iter().find(|stock| stock.variant == *variant);
                let taken = reduced.basket().units_of(*variant) + reduced.given(*variant);
                let free = stock.map_or(0, |stock| stock.available.map_or(i64::MAX, |all| all.saturating_sub(taken)));
                match stock {
                    Some(stock) if free >= i64::from(*quantity) => {
                        Ok(Proposal::Gift(stock.clone(), i64::from(*quantity)))
                    }
                    _ => Err(SkipReason::GiftOutOfStock { variant: *variant, available: free.max(0) }.into()),
                }
            }
        }
    }
}

impl Change {
    /// What it takes off an amount as a whole.
    fn off(&self, amount: Money, rounding: Rounding) -> Result<Money, Nothing> {
        match self {
            Self::Percent(percent) => Ok(amount.times_rate(percent.rate(), rounding.mode)?),
            Self::Amount(amounts) => Ok(in_currency(amounts, amount)?.at_most(amount)?),
            Self::Price(prices) => Ok(down_to(amount, in_currency(prices, amount)?)?),
        }
    }
}

fn in_currency(amounts: &PerCurrency, of: Money) -> Result<Money, SkipReason> {
    amounts.in_currency(of.currency()).ok_or(SkipReason::NoAmountInCurrency { currency: of.currency() })
}

/// What is taken off so that `price` is left; nothing where it is less already.
fn down_to(amount: Money, price: Money) -> Result<Money, MoneyError> {
    amount.checked_sub(price.at_most(amount)?)
}

impl Pick {
    pub fn amount(&self) -> Result<Money, MoneyError> {
        self.price.times(self.units)
    }

    fn cut(&self, amount: Money) -> Cut {
        Cut { run: self.run, units: self.units, amount }
    }
}

/// The units that can still be made cheaper. One that costs nothing any more takes no part.
fn picks(reduced: &Reduced<'_>, of: &Selector) -> Vec<Pick> {
    let lines = &reduced.basket().lines;
    // The runs of a line follow each other.
    let mut last: Option<(usize, bool)> = None;
    let mut matches = |line: usize| match last {
        Some((known, matches)) if known == line => matches,
        _ => last.insert((line, of.matches(&lines[line]))).1,
    };
    let runs = reduced.runs().iter().enumerate();
    runs.filter(|(_, run)| !run.price.is_zero() && matches(run.line))
        .map(|(index, run)| Pick { run: index, line: run.line, units: run.units, price: run.price })
        .collect()
}

/// The dearest units first, ties by line.
fn dearest_first(picks: &mut [Pick]) {
    picks.sort_by_key(|pick| (Reverse(pick.price.minor()), pick.run));
}

/// The cheapest units first, ties by line.
pub(super) fn cheapest_first(picks: &mut [Pick]) {
    picks.sort_by_key(|pick| (pick.price.minor(), pick.run));
}

/// The first so many units, in the order of their runs.
pub(super) fn first_units(picks: Vec<Pick>, most: i64) -> Vec<Pick> {
    let mut left = most;
    let mut first = Vec::with_capacity(picks.len());
    for pick in picks {
        let units = pick.units.min(left);
        left -= units;
        if units > 0 {
            first.push(Pick { units, ..pick });
        }
    }
    first.sort_by_key(|pick| pick.run);
    first
}

fn sum(picks: &[Pick], currency: Currency) -> Result<Money, MoneyError> {
    picks.iter().try_fold(Money::zero(currency), |sum, pick| sum.checked_add(pick.amount()?))
}

/// Splits an amount over picks by what they cost (rule M4).
fn split(picks: &[Pick], amount: Money) -> Result<Vec<Cut>, MoneyError> {
    if let [pick] = picks {
        return Ok(vec![pick.cut(amount)]);
    }
    if picks.is_empty() {
        return Ok(Vec::new());
    }
    let weights = picks.iter().map(|pick| Ok(pick.amount()?.minor().unsigned_abs()));
    let weights: Vec<u64> = weights.collect::<Result<_, MoneyError>>()?;
    let parts = amount.allocate(&weights)?;
    Ok(picks.iter().zip(parts).map(|(pick, part)| pick.cut(part)).collect())
}

/// A percentage off each unit, rounded on the line or on the unit as the store has it.
fn percent_each(picks: &[Pick], percent: Percent, rounding: Rounding) -> Result<Vec<Cut>, MoneyError> {
    let mut cuts = Vec::with_capacity(picks.len());
    for line in picks.chunk_by(|one, other| one.line == other.line) {
        match rounding.level {
            RoundingLevel::Line => {
                let amount = sum(line, line[0].price.currency())?.times_rate(percent.rate(), rounding.mode)?;
                cuts.extend(split(line, amount)?);
            }
            RoundingLevel::Unit => {
                for pick in line {
                    cuts.push(pick.cut(rounding.of_line(pick.price, pick.units, percent.rate())?));
                }
            }
        }
    }
    Ok(cuts)
}

fn units(
    reduced: &Reduced<'_>,
    mut picks: Vec<Pick>,
    change: &Change,
    spread: Spread,
    most: i64,
) -> Result<Proposal, Nothing> {
    let basket = reduced.basket();
    let cuts = match (spread, change) {
        (Spread::Across, change) => {
            let all = sum(&picks, basket.currency)?;
            split(&picks, change.off(all, basket.rounding)?)?
        }
        (Spread::Each, change) => {
            if most < i64::MAX {
                dearest_first(&mut picks);
                picks = first_units(picks, most);
            }
            match change {
                Change::Percent(percent) => percent_each(&picks, *percent, basket.rounding)?,
                change => {
                    let off_each =
                        |pick: &Pick| Ok(pick.cut(change.off(pick.price, basket.rounding)?.times(pick.units)?));
                    picks.iter().map(off_each).collect::<Result<_, Nothing>>()?
                }
            }
        }
        (Spread::Groups(size), change) => {
            dearest_first(&mut picks);
            let (count, amount) = groups::off_groups(&picks, i64::from(size).max(1), most, basket.currency, |group| {
                change.off(group, basket.rounding)
            })?;
            split(&first_units(picks, count), amount)?
        }
    };
    Ok(Proposal::Units(cuts))
}

fn order(reduced: &Reduced<'_>, change: &Change) -> Result<Proposal, Nothing> {
    let amount = change.off(reduced.subtotal(), reduced.basket().rounding)?;
    if amount.is_zero() {
        return Err(SkipReason::NothingToReduce.into());
    }
    let weights: Vec<u64> = reduced.lines().iter().map(|line| line.minor().unsigned_abs()).collect();
    Ok(Proposal::Order(amount.allocate(&weights)?))
}

impl Proposal {
    /// What it takes off together.
    pub fn amount(&self, currency: Currency) -> Result<Money, MoneyError> {
        match self {
            Self::Units(cuts) => Money::sum(currency, cuts.iter().map(|cut| cut.amount)),
            Self::Order(shares) => Money::sum(currency, shares.iter().copied()),
            Self::Shipping(amount) => Ok(*amount),
            Self::Gift(..) => Ok(Money::zero(currency)),
        }
    }

    /// The same, with no more than `most` off: each part is cut down by its share (rule M4).
    pub fn at_most(self, most: Money) -> Result<Self, MoneyError> {
        let weights = |amounts: &mut dyn Iterator<Item = Money>| -> Vec<u64> {
            amounts.map(|amount| amount.minor().unsigned_abs()).collect()
        };
        Ok(match self {
            Self::Units(mut cuts) => {
                let parts = most.allocate(&weights(&mut cuts.iter().map(|cut| cut.amount)))?;
                for (cut, part) in cuts.iter_mut().zip(parts) {
                    cut.amount = part;
                }
                Self::Units(cuts)
            }
            Self::Order(shares) => Self::Order(most.allocate(&weights(&mut shares.into_iter()))?),
            Self::Shipping(amount) => Self::Shipping(amount.at_most(most)?),
            gift @ Self::Gift(..) => gift,
        })
    }
}

impl Caps {
    /// The least that the caps in money leave of `amount`, and which of them it is.
    pub(super) fn limit(&self, amount: Money, spent: &PerCurrency) -> Result<(Money, Option<Limit>), Nothing> {
        let mut limited = (amount, None);
        if let Some(maximum) = &self.maximum_discount {
            let maximum = in_currency(maximum, amount)?;
            if maximum.checked_cmp(limited.0)?.is_lt() {
                limited = (maximum, Some(Limit::MaximumDiscount));
            }
        }
        if let Some(budget) = &self.budget {
            let budget = in_currency(budget, amount)?;
            let spent = spent.in_currency(amount.currency()).unwrap_or(Money::zero(amount.currency()));
            let left = budget.checked_sub(spent)?;
            if left.minor() <= 0 {
                return Err(SkipReason::BudgetUsedUp.into());
            }
            if left.checked_cmp(limited.0)?.is_lt() {
                limited = (left, Some(Limit::Budget));
            }
        }
        Ok(limited)
    }
}
