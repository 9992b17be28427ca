//! What a visitor is told of a variant's stock, now and as time goes on.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::level::{Hold, Level, Rule, Sellable, in_stock, sellable};
use crate::ids::LocationId;
use crate::states::{AvailabilityStatus, InventoryPolicy};

/// How much of its stock a store tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candor {
    /// From how many units down few are left; 0 never says so.
    pub low: i64,
    /// Whether it tells how many units there are.
    pub counts: bool,
}

/// What is told of a variant's stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Whether it can be bought.
    pub status: AvailabilityStatus,
    /// Units that can be sent now; `None` where nobody counts, or the store does not tell.
    pub units: Option<i64>,
}

/// What is told of a variant with these levels.
pub fn availability(rule: Rule, levels: &[Level], candor: Candor) -> Availability {
    if !rule.tracked {
        return Availability { status: AvailabilityStatus::InStock, units: None };
    }
    let units = in_stock(levels).max(0);
    let status = match units {
        0 if rule.policy == InventoryPolicy::Continue && sellable(rule, levels) != Sellable::Units(0) => {
            AvailabilityStatus::Backorder
        }
        0 => AvailabilityStatus::Out,
        units if units <= candor.low => AvailabilityStatus::Low,
        _ => AvailabilityStatus::InStock,
    };
    Availability { status, units: candor.counts.then_some(units) }
}

/// What will be told from a moment on if nobody writes: what is told then, and from which later moments on
/// something else, as one hold after the other ends. `levels` come without holds.
///
/// Two outlooks that are equal look the same to every visitor at every moment. A write that leaves the
/// outlook as it was is one that no storefront can see.
pub fn outlook<C>(
    rule: Rule,
    levels: &[Level],
    holds: &[(LocationId, Hold<C>)],
    candor: Candor,
    at: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, Availability)> {
    let mut levels: Vec<Level> = levels.to_vec();
    let mut ends: BTreeMap<DateTime<Utc>, Vec<(usize, i64)>> = BTreeMap::new();
    for (location, hold) in holds.iter().filter(|(_, hold)| at < hold.expires_at) {
        let Some(place) = levels.iter().position(|level| level.location == *location) else { continue };
        levels[place].held = levels[place].held.saturating_add(hold.units);
        ends.entry(hold.expires_at).or_default().push((place, hold.units));
    }
    let mut told = vec![(at, availability(rule, &levels, candor))];
    for (moment, ended) in ends {
        for (place, units) in ended {
            levels[place].held -= units;
        }
        let then = availability(rule, &levels, candor);
        if told.last().is_none_or(|(_, before)| *before != then) {
            told.push((moment, then));
        }
    }
    told
}
