//! Whether a promotion makes sense at all, before it is stored.

use super::{Action, Change, Condition, Promotion, Spread};
use crate::money::PerCurrency;
use crate::problem::{ErrorCode, Problem, Problems};

/// How deep conditions may be nested.
pub const MAX_DEPTH: usize = 6;

/// How many conditions a promotion may have, all levels together.
pub const MAX_CONDITIONS: usize = 100;

/// The most tiers that an action may have.
const MAX_TIERS: usize = 50;

impl Promotion {
    /// Whether the promotion can be applied to anybody at all.
    ///
    /// # Errors
    /// Every problem, each with the way to its field.
    pub fn check(&self) -> Result<(), Vec<Problem>> {
        let mut problems = Problems::new();
        if self.valid_from.zip(self.valid_to).is_some_and(|(from, to)| to <= from) {
            problems.add(ErrorCode::OutOfRange, "validTo", "it ends before it begins: choose a later end");
        }
        check_condition(&self.condition, &mut problems);
        check_action(&self.action, &mut problems);
        for (path, amounts) in
            [("caps.maximumDiscount", &self.caps.maximum_discount), ("caps.budget", &self.caps.budget)]
        {
            if let Some(amounts) = amounts {
                check_amounts(amounts, path, &mut problems);
            }
        }
        if self.caps.maximum_applications == Some(0) {
            let message = "it would never be applied: leave it out, or allow one application at least";
            problems.add(ErrorCode::OutOfRange, "caps.maximumApplications", message);
        }
        problems.finish()
    }
}

fn check_condition(condition: &Condition, problems: &mut Problems) {
    let mut count = 0;
    condition.visit("condition", 1, &mut |condition, path, depth| {
        count += 1;
        if depth == MAX_DEPTH + 1 {
            problems.add(ErrorCode::LimitReached, path, format!("conditions are nested {MAX_DEPTH} deep at the most"));
        }
        match condition {
            Condition::Any(of) if of.is_empty() => {
                problems.add(ErrorCode::Required, path, "name one condition at least, of which any may hold");
            }
            Condition::Subtotal { at_least, .. } => {
                check_amounts(at_least, &format!("{path}.subtotal.atLeast"), problems)
            }
            Condition::During { from: Some(from), until: Some(until) } if until <= from => {
                problems.add(ErrorCode::OutOfRange, path, "it ends before it begins: choose a later end");
            }
            Condition::Segments(list) if list.is_empty() => required(path, problems),
            Condition::Currencies(list) if list.is_empty() => required(path, problems),
            Condition::Countries(list) | Condition::Channels(list) if list.is_empty() => required(path, problems),
            _ => {}
        }
    });
    if count > MAX_CONDITIONS {
        let message = format!("a promotion has {MAX_CONDITIONS} conditions at the most");
        problems.add(ErrorCode::LimitReached, "condition", message);
    }
}

fn required(path: &str, problems: &mut Problems) {
    problems.add(ErrorCode::Required, path, "name one at least");
}

fn at_least_one(number: u32, path: &str, problems: &mut Problems) {
    if number == 0 {
        problems.add(ErrorCode::OutOfRange, path, "it must be one at least");
    }
}

fn check_action(action: &Action, problems: &mut Problems) {
    match action {
        Action::Order(change) => check_change(change, "action.order", problems),
        Action::Shipping { change, .. } => check_change(change, "action.shipping.change", problems),
        Action::Units { change, spread, .. } => {
            check_change(change, "action.units.change", problems);
            if let Spread::Groups(size) = spread {
                at_least_one(*size, "action.units.spread.groups", problems);
            }
        }
        Action::OrderTiers(tiers) => {
            check_tiers(tiers.len(), "action.orderTiers", problems);
            for (index, tier) in tiers.iter().enumerate() {
                let path = format!("action.orderTiers.{index}");
                check_amounts(&tier.at_least, &format!("{path}.atLeast"), problems);
                check_change(&tier.change, &format!("{path}.change"), problems);
                if tiers[..index].iter().any(|earlier| earlier.at_least == tier.at_least) {
                    problems.add(ErrorCode::Duplicate, &path, "two tiers begin at the same amount: leave one");
                }
            }
        }
        Action::UnitTiers { tiers, .. } => {
            check_tiers(tiers.len(), "action.unitTiers.tiers", problems);
            for (index, tier) in tiers.iter().enumerate() {
                let path = format!("action.unitTiers.tiers.{index}");
                check_change(&tier.change, &format!("{path}.change"), problems);
                if tiers[..index].iter().any(|earlier| earlier.at_least == tier.at_least) {
                    problems.add(ErrorCode::Duplicate, &path, "two tiers begin at the same number: leave one");
                }
            }
        }
        Action::BuyGet { buy_quantity, get_quantity, .. } => {
            at_least_one(*buy_quantity, "action.buyGet.buyQuantity", problems);
            at_least_one(*get_quantity, "action.buyGet.getQuantity", problems);
        }
        Action::CheapestFree { out_of, .. } => at_least_one(*out_of, "action.cheapestFree.outOf", problems),
        Action::Gift { quantity, .. } => at_least_one(*quantity, "action.gift.quantity", problems),
    }
}

fn check_tiers(count: usize, path: &str, problems: &mut Problems) {
    match count {
        0 => required(path, problems),
        1..=MAX_TIERS => {}
        _ => problems.add(ErrorCode::LimitReached, path, format!("there are {MAX_TIERS} tiers at the most")),
    }
}

fn check_change(change: &Change, path: &str, problems: &mut Problems) {
    match change {
        Change::Percent(_) => {}
        Change::Amount(amounts) => check_amounts(amounts, &format!("{path}.amount"), problems),
        Change::Price(prices) => check_amounts(prices, &format!("{path}.price"), problems),
    }
}

fn check_amounts(amounts: &PerCurrency, path: &str, problems: &mut Problems) {
    if amounts.is_empty() {
        problems.add(ErrorCode::Required, path, "give an amount in one currency at least");
    }
    // What was read from elsewhere is checked like what was made here.
    if let Err(problem) = PerCurrency::try_new(amounts.all().to_vec()) {
        problems.push(problem.under(path));
    }
}
