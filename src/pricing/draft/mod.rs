//! Prices on their way in: what is wrong with them, and what they change.
//!
//! Owns the limits of a single price and of a product's prices, and the comparison with what is stored.
//! Never reads the database.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use entity::pricing::{ALWAYS, prices};
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId, StoreId};
use rules::{Currency, ErrorCode, Money, Problem, Problems};

/// No price reaches this many of the currency's major unit: the amount of a whole order has to be
/// counted in 64 bits of minor units too.
const AMOUNT_LIMIT: i64 = 1_000_000_000_000;

/// Prices of one variant, or of a product for all its variants.
const MAX_PER_LEVEL: usize = 100;

/// Prices of a product and all its variants together.
const MAX_PER_PRODUCT: usize = 2_500;

/// The last year that a window may name: both databases sort moments up to it.
const MAX_YEAR: i32 = 9999;

/// A price to be set.
///
/// Within a product it is known by its variant, its segment, its currency, its minimum quantity and the moment
/// it begins: a second one with the same five is the same price with other amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceDraft {
    /// The variant; `None` for every variant of the product.
    pub variant: Option<ProductVariantId>,
    /// The segment of customers that it is for; `None` for everybody.
    pub segment: Option<SegmentId>,
    /// From how many units on it holds; 1 is the ordinary price.
    pub minimum_quantity: i32,
    /// What one unit costs.
    pub amount: Money,
    /// What one unit is said to have cost before, in the same currency.
    pub compare_at: Option<Money>,
    /// From when it holds; `None` for always.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when it holds, not included; `None` for no end.
    pub valid_to: Option<DateTime<Utc>>,
}

/// What a price is known by within its product.
type Key = (Option<ProductVariantId>, Option<SegmentId>, Currency, i32, DateTime<Utc>);

impl PriceDraft {
    /// The ordinary price of one unit, without condition.
    pub fn new(variant: Option<ProductVariantId>, amount: Money) -> Self {
        Self { variant, segment: None, minimum_quantity: 1, amount, compare_at: None, valid_from: None, valid_to: None }
    }

    fn valid_from(&self) -> DateTime<Utc> {
        self.valid_from.map_or(ALWAYS, |from| from.trunc_subsecs(6))
    }

    fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.valid_to.map(|to| to.trunc_subsecs(6))
    }

    fn key(&self) -> Key {
        (self.variant, self.segment, self.amount.currency(), self.minimum_quantity, self.valid_from())
    }
}

fn key_of(row: &prices::Model) -> Key {
    (row.variant_id, row.segment_id, row.currency, row.minimum_quantity, row.valid_from)
}

/// Everything that is wrong with the prices of one product, as far as it can be seen without the
/// database. Takes each with its place in the caller's list, and the currencies that the store sells in.
/// Paths begin with the place: `0.amount`.
pub fn check<'a>(currencies: &[Currency], drafts: impl IntoIterator<Item = (usize, &'a PriceDraft)>) -> Vec<Problem> {
    let mut problems = Problems::new();
    let mut seen = HashSet::new();
    for (place, draft) in drafts {
        let at = |field: &str| format!("{place}.{field}");
        let currency = draft.amount.currency();
        if let Some(problem) = currency_problem(currencies, currency) {
            problems.push(problem.under(&at("currency")));
        }
        if let Some(problem) = amount_problem(draft.amount) {
            problems.push(problem.under(&at("amount")));
        }
        if let Some(compare_at) = draft.compare_at {
            if compare_at.currency() != currency {
                problems.add(ErrorCode::Invalid, &at("compareAt"), format!("Give it in {currency}, as the amount is."));
            } else if let Some(problem) = amount_problem(compare_at) {
                problems.push(problem.under(&at("compareAt")));
            }
        }
        if draft.minimum_quantity < 1 {
            problems.add(ErrorCode::OutOfRange, &at("minimumQuantity"), "Give 1 or more.");
        }
        for (field, moment) in [("validFrom", draft.valid_from), ("validTo", draft.valid_to)] {
            if moment.is_some_and(|moment| !is_reasonable(moment)) {
                let message = "Give a moment after 1970 and before the year 10000, or nothing for always.";
                problems.add(ErrorCode::OutOfRange, &at(field), message);
            }
        }
        if draft.valid_to().is_some_and(|to| to <= draft.valid_from()) {
            problems.add(ErrorCode::Invalid, &at("validTo"), "Give a moment after `validFrom`.");
        }
        if !seen.insert(draft.key()) {
            let message = "Another price of this list has the same variant, segment, currency, minimum quantity and beginning: \
                           give one of them.";
            problems.add(ErrorCode::Duplicate, &place.to_string(), message);
        }
    }
    problems.finish().err().unwrap_or_default()
}

/// Whether a moment can stand in a window: both databases keep it and sort it.
pub fn is_reasonable(moment: DateTime<Utc>) -> bool {
    moment > ALWAYS && moment.year() <= MAX_YEAR
}

/// What is wrong with a currency, for a store that sells in these.
pub fn currency_problem(currencies: &[Currency], currency: Currency) -> Option<Problem> {
    let known = currencies.iter().map(|currency| currency.code()).collect::<Vec<_>>().join(", ");
    let message = format!("This store does not sell in {currency}: use one of {known}.");
    (!currencies.contains(&currency)).then(|| Problem::new(ErrorCode::CurrencyNotEnabled, "", message))
}

fn amount_problem(amount: Money) -> Option<Problem> {
    let limit = AMOUNT_LIMIT.saturating_mul(amount.currency().minor_units());
    if amount.is_negative() {
        return Some(Problem::new(ErrorCode::OutOfRange, "", "Give 0 or more."));
    }
    let message = format!("Give less than {AMOUNT_LIMIT} {}.", amount.currency());
    (amount.minor() >= limit).then(|| Problem::new(ErrorCode::OutOfRange, "", message))
}

/// What a list of drafts changes in one product's prices.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The rows that the drafts name, as they are afterwards, in the drafts' order.
    pub named: Vec<prices::Model>,
    /// Those of them that are new or change.
    pub save: Vec<prices::Model>,
    /// Those of them that change, as they were.
    pub before: Vec<prices::Model>,
    /// The rows that go.
    pub remove: Vec<prices::Model>,
    /// Every row of the product afterwards.
    pub after: Vec<prices::Model>,
}

impl Plan {
    /// Whether nothing has to be written.
    pub fn is_empty(&self) -> bool {
        self.save.is_empty() && self.remove.is_empty()
    }
}

/// Compares checked drafts with the product's rows. `id` makes the ids of new ones.
///
/// # Errors
/// `LIMIT_REACHED` where the product would have too many prices.
pub fn plan(
    (store_id, product_id): (StoreId, ProductId),
    stored: Vec<prices::Model>,
    drafts: &[PriceDraft],
    remove_others: bool,
    now: DateTime<Utc>,
    mut id: impl FnMut() -> PriceId,
) -> Result<Plan, Problem> {
    let mut stored: BTreeMap<PriceId, prices::Model> = stored.into_iter().map(|row| (row.id, row)).collect();
    let by_key: HashMap<Key, PriceId> = stored.values().map(|row| (key_of(row), row.id)).collect();
    let mut plan = Plan::default();
    for draft in drafts {
        let before = by_key.get(&draft.key()).and_then(|id| stored.remove(id));
        let row = prices::Model {
            store_id,
            id: before.as_ref().map_or_else(&mut id, |row| row.id),
            product_id,
            variant_id: draft.variant,
            segment_id: draft.segment,
            currency: draft.amount.currency(),
            minimum_quantity: draft.minimum_quantity,
            amount: draft.amount.minor(),
            compare_at_amount: draft.compare_at.map(Money::minor),
            valid_from: draft.valid_from(),
            valid_to: draft.valid_to(),
            created_at: before.as_ref().map_or(now, |row| row.created_at),
            updated_at: before.as_ref().map_or(now, |row| row.updated_at),
        };
        if before.as_ref() == Some(&row) {
            plan.named.push(row);
            continue;
        }
        let row = prices::Model { updated_at: now, ..row };
        plan.save.push(row.clone());
        plan.named.push(row);
        plan.before.extend(before);
    }
    plan.after.clone_from(&plan.named);
    if remove_others {
        plan.remove.extend(stored.into_values());
    } else {
        plan.after.extend(stored.into_values());
    }
    within_limits(&plan.after)?;
    Ok(plan)
}

fn within_limits(rows: &[prices::Model]) -> Result<(), Problem> {
    let mut levels: HashMap<Option<ProductVariantId>, usize> = HashMap::new();
    for row in rows {
        *levels.entry(row.variant_id).or_default() += 1;
    }
    let message = if rows.len() > MAX_PER_PRODUCT {
        format!("A product takes {MAX_PER_PRODUCT} prices, those of its variants among them: remove some first.")
    } else if levels.into_values().any(|count| count > MAX_PER_LEVEL) {
        format!(
            "A variant takes {MAX_PER_LEVEL} prices, and so does a product for all its variants: remove some first."
        )
    } else {
        return Ok(());
    };
    Err(Problem::new(ErrorCode::LimitReached, "", message))
}

#[cfg(test)]
mod tests;
