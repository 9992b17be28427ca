//! Prices: which of many rows holds.
//!
//! Owns the one resolver that listing, cart and order share (rule M2), the table of quantity
//! breaks made from it, and the price ranges that the storefront filters and sorts by. Never reads
//! the database or the clock: the rows of a variant and of its product come in, with the moment to
//! look at (rule M5). Never converts a currency: no row in the currency is no price (rule M1).
//!
//! A new condition on prices is a field of `PriceRow`, a test in `PriceRow::applies`, and a place
//! in `rank`.

mod ranges;

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

pub use ranges::{PriceRange, change_points, ranges};

use crate::currency::Currency;
use crate::ids::{PriceId, SegmentId};
use crate::money::Money;

/// What a price was set on. A price of the variant goes before one of its product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PriceLevel {
    /// Set on the variant itself.
    Variant,
    /// Set on the product, for all its variants.
    Product,
}

/// One price: what a unit costs under some conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRow {
    /// The row's id, the last tie-breaker.
    pub id: PriceId,
    /// What it was set on.
    pub level: PriceLevel,
    /// The customer segment that it is for; `None` for everybody.
    pub segment: Option<SegmentId>,
    /// The quantity from which it holds; 1 is the ordinary price.
    pub minimum_quantity: i32,
    /// What one unit costs, and the currency of the row.
    pub amount: Money,
    /// What one unit is said to have cost before, in the same currency.
    pub compare_at: Option<Money>,
    /// The first moment at which it holds; `None` for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which it no longer holds; `None` for never.
    pub valid_to: Option<DateTime<Utc>>,
}

/// What a price is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceQuery<'a> {
    /// The currency that the buyer pays in.
    pub currency: Currency,
    /// How many of the variant, all lines of it together.
    pub quantity: i32,
    /// The moment to look at.
    pub at: DateTime<Utc>,
    /// The segments that the buyer belongs to, in any order.
    pub segments: &'a [SegmentId],
}

/// One step of the quantity breaks: from this quantity on, this row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier<'a> {
    /// The quantity from which the row is the one that holds.
    pub minimum_quantity: i32,
    /// The row.
    pub row: &'a PriceRow,
}

impl PriceRow {
    /// Whether the row holds for this buyer at this moment, from its minimum quantity on.
    fn is_open_to(&self, query: &PriceQuery<'_>) -> bool {
        self.amount.currency() == query.currency
            && self.valid_from.is_none_or(|from| from <= query.at)
            && self.valid_to.is_none_or(|to| query.at < to)
            && self.segment.is_none_or(|segment| query.segments.contains(&segment))
    }

    /// Whether the row holds for the query.
    fn applies(&self, query: &PriceQuery<'_>) -> bool {
        self.minimum_quantity <= query.quantity && self.is_open_to(query)
    }

    /// Where the row stands among those that apply: the least is the most specific.
    fn rank(&self) -> impl Ord + use<> {
        (self.level, self.segment.is_none(), Reverse(self.minimum_quantity), self.amount.minor(), self.id)
    }
}

/// The row that holds (rule M2), out of the rows of one variant and its product.
///
/// The most specific row wins: one of the variant before one of the product; one for a segment of
/// the buyer before one for everybody; the highest minimum quantity that is not above the quantity;
/// then the lower amount, then the id. The order of `rows` does not matter. `None` is `NO_PRICE`.
pub fn resolve<'a>(rows: impl IntoIterator<Item = &'a PriceRow>, query: &PriceQuery<'_>) -> Option<&'a PriceRow> {
    rows.into_iter().filter(|row| row.applies(query)).min_by_key(|row| row.rank())
}

/// The whole table of quantity breaks, by rising quantity; empty where there is no price at all.
///
/// Each step is what [`resolve`] answers from its quantity up to the next step's, so that the table
/// never disagrees with the cart. The query's own quantity plays no part. A step may cost more than
/// the one before it, where a more specific row says so.
pub fn ladder<'a>(rows: impl IntoIterator<Item = &'a PriceRow>, query: &PriceQuery<'_>) -> Vec<Tier<'a>> {
    let rows: Vec<&PriceRow> = rows.into_iter().filter(|row| row.is_open_to(query)).collect();
    // Nobody buys less than one: rows from a lower quantity begin there.
    let mut breaks: Vec<i32> = rows.iter().map(|row| row.minimum_quantity.max(1)).collect();
    breaks.sort_unstable();
    breaks.dedup();

    let mut tiers: Vec<Tier<'a>> = Vec::with_capacity(breaks.len());
    for quantity in breaks {
        let Some(row) = resolve(rows.iter().copied(), &PriceQuery { quantity, ..*query }) else { continue };
        if tiers.last().is_none_or(|tier| tier.row.id != row.id) {
            tiers.push(Tier { minimum_quantity: quantity, row });
        }
    }
    tiers
}

#[cfg(test)]
mod tests;
