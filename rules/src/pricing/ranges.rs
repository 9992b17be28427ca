//! The price ranges of a product over time, for the storefront's filter and sort.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{PriceQuery, PriceRow, resolve};
use crate::currency::Currency;
use crate::money::Money;

/// What the cheapest and the dearest variant of a product cost during a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    /// The currency of both amounts.
    pub currency: Currency,
    /// The first moment of the stretch; `None` for the beginning of time.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment after the stretch; `None` for the end of time.
    pub valid_to: Option<DateTime<Utc>>,
    /// The lowest price among the variants.
    pub min: Money,
    /// The highest price among the variants.
    pub max: Money,
}

/// The moments at which some row begins or ceases to hold, in order, each once.
pub fn change_points<'a>(rows: impl IntoIterator<Item = &'a PriceRow>) -> Vec<DateTime<Utc>> {
    let moments: BTreeSet<_> = rows.into_iter().flat_map(|row| [row.valid_from, row.valid_to]).flatten().collect();
    moments.into_iter().collect()
}

/// The ranges of a product: by currency, then by time, never overlapping.
///
/// Takes the rows of each variant (its own and the product's). A price is what a buyer of one unit
/// pays who belongs to no segment. Variants without a price at the time are left out; a stretch in
/// which no variant has one is not in the answer. Stretches that follow each other with the same
/// amounts are one.
pub fn ranges<'a, V>(variants: impl IntoIterator<Item = V>) -> Vec<PriceRange>
where
    V: IntoIterator<Item = &'a PriceRow>,
{
    // Only these rows can hold for one unit and everybody.
    let variants: Vec<Vec<&PriceRow>> = variants
        .into_iter()
        .map(|rows| rows.into_iter().filter(|row| row.segment.is_none() && row.minimum_quantity <= 1).collect())
        .collect();
    let currencies: BTreeSet<Currency> = variants.iter().flatten().map(|row| row.amount.currency()).collect();
    currencies.into_iter().flat_map(|currency| ranges_in(currency, &variants)).collect()
}

fn ranges_in(currency: Currency, variants: &[Vec<&PriceRow>]) -> Vec<PriceRange> {
    let in_currency = variants.iter().flatten().copied().filter(|row| row.amount.currency() == currency);
    let points = change_points(in_currency);

    // The stretches between the points, and the two open ends.
    let starts = std::iter::once(None).chain(points.iter().copied().map(Some));
    let ends = points.iter().copied().map(Some).chain(std::iter::once(None));

    let mut ranges: Vec<PriceRange> = Vec::new();
    for (valid_from, valid_to) in starts.zip(ends) {
        // Nothing changes inside a stretch, so that its first moment speaks for all of it.
        let at = valid_from.unwrap_or(DateTime::<Utc>::MIN_UTC);
        let query = PriceQuery { currency, quantity: 1, at, segments: &[] };
        let mut amounts =
            variants.iter().filter_map(|rows| resolve(rows.iter().copied(), &query)).map(|row| row.amount.minor());
        let Some(first) = amounts.next() else { continue };
        let (min, max) = amounts.fold((first, first), |(min, max), amount| (min.min(amount), max.max(amount)));
        let (min, max) = (Money::from_minor(min, currency), Money::from_minor(max, currency));
        match ranges.last_mut() {
            Some(last) if last.valid_to == valid_from && last.min == min && last.max == max => {
                last.valid_to = valid_to;
            }
            _ => ranges.push(PriceRange { currency, valid_from, valid_to, min, max }),
        }
    }
    ranges
}
