//! `pricesSet`: prices of a product and its variants, all of them or none.

use std::collections::{HashMap, HashSet};

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::pricing::{ALWAYS, prices};
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId};
use rules::{Currency, Decimal, ErrorCode, Money, Problem, Problems};

use super::super::draft::{self, Plan, PriceDraft};
use super::super::events::{PriceSnapshot, PricesSet};
use super::super::rows::Placed;
use super::super::store;
use super::super::types::Price;
use crate::customers::segments;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};

/// A price to be set.
#[derive(InputObject, Clone)]
pub struct PriceInput {
    /// The variant; left out, the price is for every variant of the product that has none of its own.
    pub variant_id: Option<ProductVariantId>,
    /// The segment of customers that it is for; left out, it is for everybody. A customer of several gets the lowest.
    pub segment_id: Option<SegmentId>,
    /// The currency; one that the store sells in.
    pub currency: Currency,
    /// From how many units on it holds.
    #[graphql(default = 1)]
    pub minimum_quantity: i32,
    /// What one unit costs, with at most as many decimals as the currency has: "12.90" for EUR. 0 is a price.
    pub amount: Decimal,
    /// What one unit is said to have cost before.
    pub compare_at: Option<Decimal>,
    /// From when it holds; always where it is left out.
    pub valid_from: Option<DateTime<Utc>>,
    /// Until when it holds, not included; without end where it is left out.
    pub valid_to: Option<DateTime<Utc>>,
}

impl PriceInput {
    fn read(&self) -> Result<PriceDraft, Vec<Problem>> {
        let mut problems = Problems::new();
        let mut money = |field: &str, amount| {
            problems.keep(Money::try_from_decimal(amount, self.currency).map_err(|problem| problem.under(field)))
        };
        let amount = money("amount", self.amount);
        let compare_at = self.compare_at.and_then(|amount| money("compareAt", amount));
        problems.finish()?;
        Ok(PriceDraft {
            variant: self.variant_id,
            segment: self.segment_id,
            minimum_quantity: self.minimum_quantity,
            amount: amount.unwrap_or_else(|| Money::zero(self.currency)),
            compare_at,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

/// What `pricesSet` takes.
#[derive(Clone)]
pub struct PricesSetInput {
    /// Whose prices.
    pub product_id: ProductId,
    /// The prices.
    pub prices: Vec<PriceInput>,
    /// Whether every other price of the product goes.
    pub remove_others: bool,
}

/// Sets the prices.
pub async fn run(ctx: &Ctx, input: PricesSetInput) -> Result<Vec<Price>> {
    let max = ctx.settings().input_list_max;
    if input.prices.len() > max {
        return Err(Error::invalid(ErrorCode::TooLong, "prices", format!("Give at most {max} prices at once.")));
    }
    let mut problems = Problems::new();
    let mut drafts = Vec::with_capacity(input.prices.len());
    for (place, price) in input.prices.iter().enumerate() {
        match price.read() {
            Ok(draft) => drafts.push((place, draft)),
            Err(wrong) => {
                wrong.into_iter().for_each(|problem| problems.push(problem.under(&format!("prices.{place}"))));
            }
        }
    }
    let currencies = &ctx.store_context()?.currencies;
    for problem in draft::check(currencies, drafts.iter().map(|(place, draft)| (*place, draft))) {
        problems.push(problem.under("prices"));
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::PricesSet).await?;
    let wanted = ProductPrices {
        product: input.product_id,
        prices: drafts.into_iter().map(|(_, draft)| draft).collect(),
        clear: Vec::new(),
        remove_others: input.remove_others,
    };
    let change = set(&mut tx, wanted).await?;
    let audit = Audit::updated("product", input.product_id, &change.before, &change.after);
    if change.is_empty() {
        // Nothing differs: the transaction ends as it began.
        return Ok(change.into_prices());
    }
    tx.commit(audit).await?;
    Ok(change.into_prices())
}

/// The prices that a product is to have.
#[derive(Debug, Clone)]
pub struct ProductPrices {
    /// Whose prices.
    pub product: ProductId,
    /// The prices.
    pub prices: Vec<PriceDraft>,
    /// Variants whose ordinary price in a currency goes: the one from a single unit on, without a beginning.
    pub clear: Vec<(ProductVariantId, Currency)>,
    /// Whether every other price of the product and its variants goes.
    pub remove_others: bool,
}

/// What setting the prices of one product came to.
#[derive(Debug)]
pub struct PriceChange {
    /// The product.
    pub product: ProductId,
    /// The prices that changed or went, as they were: for the audit log.
    pub before: Vec<PriceSnapshot>,
    /// The prices that are new or changed, as they are now: for the audit log.
    pub after: Vec<PriceSnapshot>,
    named: Vec<prices::Model>,
}

impl PriceChange {
    /// Whether everything was as it was to be, and nothing was written.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    fn into_prices(self) -> Vec<Price> {
        self.named.into_iter().map(Price::from).collect()
    }
}

/// Sets the prices of one product in an open transaction: writes what differs, makes the product's price
/// ranges true for its prices and its variants as they are now, and tells of it. The audit entry is the
/// caller's.
///
/// # Errors
/// `NotFound` where the product is not there; `Invalid` and `Conflict` with paths that begin with
/// `prices`. The transaction is no good then: drop it.
pub async fn set(tx: &mut Tx<StoreScope>, wanted: ProductPrices) -> Result<PriceChange> {
    let mut changes = write(tx, vec![wanted], |_| "prices".to_owned()).await?;
    changes.pop().ok_or(Error::NotFound)
}

/// The same for many products in as many statements as for one, for imports. Each product stands once in
/// the list; the changes come in its order. Paths begin with the product's place: `3.prices.0.amount`.
///
/// # Errors
/// As [`set`].
pub async fn set_many(tx: &mut Tx<StoreScope>, wanted: Vec<ProductPrices>) -> Result<Vec<PriceChange>> {
    write(tx, wanted, |place| format!("{place}.prices")).await
}

async fn write(
    tx: &mut Tx<StoreScope>,
    wanted: Vec<ProductPrices>,
    path: impl Fn(usize) -> String,
) -> Result<Vec<PriceChange>> {
    let currencies = &tx.ctx().store_context()?.currencies;
    let mut problems = Problems::new();
    for (place, wanted) in wanted.iter().enumerate() {
        for problem in draft::check(currencies, wanted.prices.iter().enumerate()) {
            problems.push(problem.under(&path(place)));
        }
    }
    problems.finish()?;

    let products: Vec<ProductId> = wanted.iter().map(|wanted| wanted.product).collect();
    let placed = store::lock_living_products(tx, &products).await?;
    let living: HashSet<ProductId> = placed.iter().map(|(product, _)| *product).collect();
    if !products.iter().all(|product| living.contains(product)) {
        return Err(Error::NotFound);
    }
    let variants = store::list_living_variants(tx, &products).await?;
    variants_exist(&wanted, &variants, &path)?;
    segments_exist(tx, &wanted, &path).await?;

    let mut stored: HashMap<ProductId, Vec<prices::Model>> = HashMap::new();
    for row in store::list_by_products(tx, &products, None).await? {
        stored.entry(row.product_id).or_default().push(row);
    }
    let mut plans = Vec::with_capacity(wanted.len());
    for (place, wanted) in wanted.into_iter().enumerate() {
        let ProductPrices { product, prices, clear, remove_others } = wanted;
        let stored = stored.remove(&product).unwrap_or_default();
        let (cleared, stored) = stored.into_iter().partition(|row| is_ordinary(row) && is_named(row, &clear));
        let ctx = tx.ctx();
        let plan = draft::plan((tx.id(), product), stored, &prices, remove_others, ctx.now(), || ctx.id::<PriceId>());
        let mut plan = plan.map_err(|problem| Error::Conflict(problem.under(&path(place))))?;
        plan.remove.extend::<Vec<_>>(cleared);
        plans.push((product, plan));
    }
    save(tx, &placed, &plans, &variants).await?;
    plans.into_iter().map(|(product, plan)| tell(tx, product, plan)).collect()
}

/// Whether a price holds for everybody, from a single unit on, and always did.
pub fn is_ordinary(row: &prices::Model) -> bool {
    row.segment_id.is_none() && row.minimum_quantity == 1 && row.valid_from == ALWAYS
}

fn is_named(row: &prices::Model, clear: &[(ProductVariantId, Currency)]) -> bool {
    clear.iter().any(|(variant, currency)| row.variant_id == Some(*variant) && row.currency == *currency)
}

/// Whether each named variant is one of its product's.
fn variants_exist(
    wanted: &[ProductPrices],
    variants: &[(ProductId, ProductVariantId)],
    path: impl Fn(usize) -> String,
) -> Result<()> {
    let variants: HashSet<_> = variants.iter().copied().collect();
    for (place, wanted) in wanted.iter().enumerate() {
        for (number, draft) in wanted.prices.iter().enumerate() {
            if draft.variant.is_some_and(|variant| !variants.contains(&(wanted.product, variant))) {
                return Err(input::not_found(
                    &format!("{}.{number}.variantId", path(place)),
                    "variant of this product",
                ));
            }
        }
    }
    Ok(())
}

/// Whether the store has each named segment. Runs no statement where none is named.
async fn segments_exist(tx: &Tx<StoreScope>, wanted: &[ProductPrices], path: impl Fn(usize) -> String) -> Result<()> {
    let named: HashSet<SegmentId> =
        wanted.iter().flat_map(|wanted| wanted.prices.iter().filter_map(|draft| draft.segment)).collect();
    if named.is_empty() {
        return Ok(());
    }
    let named: Vec<SegmentId> = named.into_iter().collect();
    let there: HashSet<SegmentId> = segments::list_by_ids(tx, &named).await?.into_iter().map(|row| row.id).collect();
    for (place, wanted) in wanted.iter().enumerate() {
        for (number, draft) in wanted.prices.iter().enumerate() {
            if draft.segment.is_some_and(|segment| !there.contains(&segment)) {
                return Err(input::not_found(&format!("{}.{number}.segmentId", path(place)), "segment"));
            }
        }
    }
    Ok(())
}

/// Writes what the plans say, and the ranges that follow from it and from the variants as they are now.
async fn save(
    tx: &Tx<StoreScope>,
    placed: &[Placed],
    plans: &[(ProductId, Plan)],
    variants: &[(ProductId, ProductVariantId)],
) -> Result<()> {
    let gone: Vec<PriceId> = plans.iter().flat_map(|(_, plan)| plan.remove.iter().map(|row| row.id)).collect();
    store::delete(tx, &gone).await?;
    store::save(tx, plans.iter().flat_map(|(_, plan)| plan.save.iter().cloned()).collect()).await?;
    let rows: Vec<prices::Model> = plans.iter().flat_map(|(_, plan)| plan.after.iter().cloned()).collect();
    super::rewrite_ranges(tx, placed, &rows, variants).await
}

fn tell(tx: &mut Tx<StoreScope>, product: ProductId, plan: Plan) -> Result<PriceChange> {
    let snapshots = |rows: &[prices::Model]| rows.iter().map(PriceSnapshot::from).collect::<Vec<_>>();
    let (set, removed) = (snapshots(&plan.save), snapshots(&plan.remove));
    let before = snapshots(&plan.before).into_iter().chain(removed.iter().cloned()).collect();
    if !plan.is_empty() {
        tx.emit(&PricesSet { product_id: product, set: set.clone(), removed })?;
    }
    Ok(PriceChange { product, before, after: set, named: plan.named })
}
