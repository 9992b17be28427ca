//! What can be sold of one variant (rule I1).

use chrono::{DateTime, Utc};

use crate::ids::LocationId;
use crate::problem::{ErrorCode, Problem};
use crate::states::InventoryPolicy;

/// The stock of one variant at one location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// Where.
    pub location: LocationId,
    /// Units that are there; below zero where more was sold than counted.
    pub on_hand: i64,
    /// Units of these that are promised to orders.
    pub reserved: i64,
    /// Units of these that carts hold, others than the one that asks (see [`held`]).
    pub held: i64,
    /// Units that are kept back from sale.
    pub safety: i64,
}

/// How a variant is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Whether its stock is counted at all. Movements are logged either way.
    pub tracked: bool,
    /// What happens when the stock is gone.
    pub policy: InventoryPolicy,
    /// How far below nothing it may be sold, where it may; `None` is without end.
    pub backorder_limit: Option<u32>,
}

/// What can be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sellable {
    /// Any number.
    Unlimited,
    /// So many units at the most, never below zero.
    Units(i64),
}

/// Units that a cart keeps for itself for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold<C> {
    /// Whose they are.
    pub cart: C,
    /// How many.
    pub units: i64,
    /// The moment from which they are free again, whether a job tidied them away or not.
    pub expires_at: DateTime<Utc>,
}

/// The units that are held at a moment. A cart's own holds never stand in its way.
pub fn held<C: PartialEq>(holds: &[Hold<C>], at: DateTime<Utc>, own: Option<&C>) -> i64 {
    let live = holds.iter().filter(|hold| at < hold.expires_at && own != Some(&hold.cart));
    live.map(|hold| hold.units).sum()
}

impl Level {
    /// Units that are there and promised to nobody; below zero where more is promised than there is.
    fn free(&self) -> i64 {
        self.on_hand.saturating_sub(self.reserved).saturating_sub(self.held)
    }

    /// Units that can be sold from here: on hand − reserved − held − safety, never below zero.
    pub fn sellable(&self) -> i64 {
        self.free().saturating_sub(self.safety).max(0)
    }

    /// The level after units were promised to an order. Its own hold on them ends with it.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for less than one unit, and beyond counting.
    pub fn reserve(self, units: i64) -> Result<Self, Problem> {
        let reserved = self.reserved.checked_add(at_least_one(units)?).ok_or_else(beyond)?;
        Ok(Self { reserved, ..self })
    }

    /// The level after promised units are promised no longer, such as of a canceled order.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for more than are promised.
    pub fn release(self, units: i64) -> Result<Self, Problem> {
        if at_least_one(units)? > self.reserved {
            let message = format!("{units} can't be released: {} are reserved", self.reserved);
            return Err(Problem::new(ErrorCode::OutOfRange, "", message));
        }
        Ok(Self { reserved: self.reserved - units, ..self })
    }

    /// The level after promised units went out. Only what is there goes out.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for more than are promised or there.
    pub fn consume(self, units: i64) -> Result<Self, Problem> {
        if at_least_one(units)? > self.on_hand {
            let message = format!("{units} can't be sent: {} are on hand", self.on_hand);
            return Err(Problem::new(ErrorCode::OutOfRange, "", message));
        }
        let released = self.release(units)?;
        Ok(Self { on_hand: released.on_hand - units, ..released })
    }

    /// The level after units came in, or came back.
    ///
    /// # Errors
    /// `OUT_OF_RANGE` for less than one unit, and beyond counting.
    pub fn put_back(self, units: i64) -> Result<Self, Problem> {
        let on_hand = self.on_hand.checked_add(at_least_one(units)?).ok_or_else(beyond)?;
        Ok(Self { on_hand, ..self })
    }
}

fn at_least_one(units: i64) -> Result<i64, Problem> {
    if units < 1 {
        return Err(Problem::new(ErrorCode::OutOfRange, "", "name one unit at least"));
    }
    Ok(units)
}

fn beyond() -> Problem {
    Problem::new(ErrorCode::OutOfRange, "", "the stock is beyond what can be counted")
}

impl Sellable {
    /// Whether so many can be sold.
    pub fn covers(self, units: i64) -> bool {
        match self {
            Self::Unlimited => true,
            Self::Units(most) => units <= most,
        }
    }

    /// So many of the wanted units as can be sold (rule C2).
    pub fn fits(self, units: i64) -> i64 {
        match self {
            Self::Unlimited => units,
            Self::Units(most) => units.min(most),
        }
    }
}

/// Units of a variant that can be sent now, over all its locations; below zero where more is owed.
///
/// A location that has promised more than it has owes it, and the others pay for it; units that are
/// kept back at one are no debt of the others.
pub fn in_stock(levels: &[Level]) -> i64 {
    let own = |level: &Level| level.sellable().saturating_add(level.free().min(0));
    levels.iter().map(own).fold(0_i64, i64::saturating_add)
}

/// What can be sold of a variant over all its locations: what is in stock, and beyond it as the rule has it.
pub fn sellable(rule: Rule, levels: &[Level]) -> Sellable {
    if !rule.tracked {
        return Sellable::Unlimited;
    }
    let stock = in_stock(levels);
    match (rule.policy, rule.backorder_limit) {
        (InventoryPolicy::Deny, _) => Sellable::Units(stock.max(0)),
        (InventoryPolicy::Continue, None) => Sellable::Unlimited,
        (InventoryPolicy::Continue, Some(limit)) => Sellable::Units(stock.saturating_add(i64::from(limit)).max(0)),
    }
}
