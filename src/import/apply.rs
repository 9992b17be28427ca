//! One product of a file, brought into the store in one transaction.

use std::sync::Arc;

use rules::Money;
use rules::ids::ProductVariantId;
use serde::Serialize;

use super::draft::{self, Around, Wanted};
use super::shopify::{Column, Columns, ImportedProduct, RowProblem, Skipped};
use crate::catalog::brands;
use crate::catalog::products::{self, Change, Outcome, ProductAggregate, ProductSnapshot, Saved};
use crate::inventory::{FirstLevel, set_first_levels};
use crate::kernel::{Action, Audit, Ctx, Error, Result, Scope, StoreScope, Tx};
use crate::pricing::{self, PriceChange, PriceDraft, ProductPrices};

/// A product on its way into the store.
#[derive(Debug, Clone)]
pub struct Work {
    /// What the file has of it.
    pub product: ImportedProduct,
    /// The columns of the file.
    pub columns: Columns,
    /// Whether it is only tried.
    pub dry_run: bool,
}

/// A product that went in.
#[derive(Debug)]
pub struct Applied {
    /// What became of it.
    pub outcome: Outcome,
    /// How many variants of it went in.
    pub variants: usize,
    /// How many images of it went in.
    pub images: usize,
    /// What of it did not.
    pub problems: Vec<RowProblem>,
}

/// Applies a product; gives its problems where it did not go in, and then nothing of it was written.
///
/// # Errors
/// Where it is not the product's fault.
pub async fn apply(ctx: &Ctx, work: Arc<Work>) -> Result<Result<Applied, Vec<RowProblem>>> {
    ctx.retrying(work, once).await
}

async fn once(ctx: &Ctx, work: Arc<Work>) -> Result<Result<Applied, Vec<RowProblem>>> {
    let mut tx = ctx.begin_store(Action::ProductsImport).await?;
    let wanted = match want(&mut tx, &work).await {
        Ok(Ok(wanted)) => wanted,
        Ok(Err(problems)) => return Ok(Err(problems)),
        Err(error) => return refused(error, &work.product, &work.columns),
    };
    let change = match write(&mut tx, &wanted, &work.columns).await {
        Ok(change) => change,
        Err(error) => {
            // PostgreSQL answers nothing more in a transaction that failed.
            tx.conn().rollback().await;
            let error = products::explain(ctx, error, &wanted.draft).await;
            return refused(error, &wanted.product, &work.columns);
        }
    };
    let outcome = change.outcome();
    match change.audit() {
        Some((action, audit)) if !work.dry_run => tx.commit_as(action, audit).await?,
        _ => tx.conn().rollback().await,
    }
    let Wanted { product, problems, .. } = wanted;
    Ok(Ok(Applied { outcome, variants: product.variants.len(), images: product.images.len(), problems }))
}

/// Tells what is the product's fault from what is not.
fn refused<T>(error: Error, product: &ImportedProduct, columns: &Columns) -> Result<Result<T, Vec<RowProblem>>> {
    match error {
        Error::Invalid(problems) => Ok(Err(draft::refused(problems, product, columns))),
        Error::Conflict(problem) => Ok(Err(draft::refused(vec![problem], product, columns))),
        error => Err(error),
    }
}

/// Looks up what the product names, and reads what it wants.
async fn want(tx: &mut Tx<StoreScope>, work: &Work) -> Result<Result<Wanted, Vec<RowProblem>>> {
    let slug = draft::slug(&work.product.handle);
    if slug.is_empty() {
        return Ok(Err(vec![RowProblem {
            line: work.product.line,
            handle: Some(work.product.handle.clone()),
            column: work.columns.name(Column::Handle).map(str::to_owned),
            reason: "no address can be made of this handle: use letters, digits and hyphens".to_owned(),
            skipped: Skipped::Product,
        }]));
    }
    let there = products::find_by_slug(tx, &slug).await?;
    let brand = match (&work.product.vendor, work.columns.has(Column::Vendor)) {
        (_, false) => Change::Keep,
        (None, true) => Change::Set(None),
        (Some(vendor), true) => Change::Set(Some(brands::find_or_create(tx, vendor).await?.id)),
    };
    let ctx = tx.ctx();
    let around =
        Around { columns: &work.columns, store: ctx.store_context()?, there: there.as_ref(), brand, now: ctx.now() };
    Ok(draft::read(work.product.clone(), &around))
}

/// What was written, or would be.
struct Written {
    saved: Saved,
    prices: Option<PriceChange>,
    stock: Stock,
}

#[derive(Serialize, Default)]
struct Stock {
    variants_created: usize,
    variants_changed: usize,
}

async fn write(tx: &mut Tx<StoreScope>, wanted: &Wanted, columns: &Columns) -> Result<Written> {
    let saved = products::save(tx, &wanted.draft).await?;
    let prices = write_prices(tx, &saved, wanted, columns).await?;
    let levels = saved.variants.iter().zip(&wanted.stock).map(|(variant, stock)| FirstLevel {
        variant: *variant,
        on_hand: stock.on_hand,
        policy: stock.policy,
        tracked: stock.tracked,
    });
    let levels: Vec<FirstLevel> = levels.collect();
    let mut stock = Stock::default();
    if !levels.is_empty() {
        let done = set_first_levels(tx, &levels).await?;
        stock = Stock { variants_created: done.created, variants_changed: done.changed };
    }
    Ok(Written { saved, prices, stock })
}

/// Sets the ordinary price of each variant in the store's own currency. Every other price stays: other
/// currencies, quantities and times are nothing that the file knows of.
async fn write_prices(
    tx: &mut Tx<StoreScope>,
    saved: &Saved,
    wanted: &Wanted,
    columns: &Columns,
) -> Result<Option<PriceChange>> {
    let product = saved.after.product.id;
    let currency = tx.ctx().store_context()?.currency;
    let (with_price, with_compare_at) = (columns.has(Column::Price), columns.has(Column::CompareAt));
    let mut held = Vec::new();
    if with_price != with_compare_at && saved.outcome != Outcome::Created {
        held = pricing::list_by_products(tx, &[product], Some(currency)).await?;
        held.retain(pricing::is_ordinary);
    }
    let held = |variant: ProductVariantId| held.iter().find(|row| row.variant_id == Some(variant));
    let money = |minor| Money::from_minor(minor, currency);
    let (mut prices, mut clear) = (Vec::new(), Vec::new());
    for (variant, amounts) in saved.variants.iter().zip(&wanted.amounts) {
        let held = held(*variant);
        let amount = match &amounts.amount {
            Change::Keep => held.map(|row| money(row.amount)),
            Change::Set(amount) => *amount,
        };
        let compare_at = match &amounts.compare_at {
            Change::Keep => held.and_then(|row| row.compare_at_amount).map(money),
            Change::Set(amount) => *amount,
        };
        match amount {
            Some(amount) => prices.push(PriceDraft { compare_at, ..PriceDraft::new(Some(*variant), amount) }),
            // A former price alone is no price.
            None if with_price => clear.push((*variant, currency)),
            None => {}
        }
    }
    let mut change = None;
    if (with_price || with_compare_at) && !(prices.is_empty() && clear.is_empty()) {
        change = Some(pricing::set(tx, ProductPrices { product, prices, clear, remove_others: false }).await?);
    }
    if change.as_ref().is_none_or(PriceChange::is_empty) && is_listed_otherwise(saved) {
        pricing::refresh_ranges(tx, &[product]).await?;
    }
    Ok(change.filter(|change| !change.is_empty()))
}

/// Whether variants came to a product that was there, or it went to another category.
fn is_listed_otherwise(saved: &Saved) -> bool {
    let category = |product: &ProductAggregate| product.product.category_id;
    if saved.before.as_ref().is_some_and(|before| category(before) != category(&saved.after)) {
        return true;
    }
    let before = saved.before.iter().flat_map(|before| &before.variants).map(|variant| variant.row.id);
    let before: Vec<ProductVariantId> = before.collect();
    saved.after.variants.iter().any(|variant| !before.contains(&variant.row.id))
}

/// A product in the audit log, with the prices that changed.
#[derive(Serialize)]
struct Snapshot<'a, P> {
    #[serde(flatten)]
    product: ProductSnapshot,
    #[serde(skip_serializing_if = "Option::is_none")]
    prices: Option<&'a Vec<P>>,
}

impl Written {
    fn outcome(&self) -> Outcome {
        let also = self.prices.is_some() || self.stock.variants_created + self.stock.variants_changed > 0;
        match self.saved.outcome {
            Outcome::Unchanged if also => Outcome::Updated,
            outcome => outcome,
        }
    }

    /// The entry of what was done; none where nothing was.
    fn audit(&self) -> Option<(Action, Audit)> {
        let id = self.saved.after.product.id;
        let (prices_before, prices_after) = match &self.prices {
            Some(change) => (Some(&change.before), Some(&change.after)),
            None => (None, None),
        };
        let after = || Snapshot { product: ProductSnapshot::from(&self.saved.after), prices: prices_after };
        match (&self.saved.before, self.saved.outcome, &self.prices) {
            (None, ..) | (_, Outcome::Created, _) => {
                Some((Action::ProductCreate, Audit::created("product", id, &after())))
            }
            (Some(before), Outcome::Updated, _) => {
                let before = Snapshot { product: ProductSnapshot::from(before), prices: prices_before };
                Some((Action::ProductUpdate, Audit::updated("product", id, &before, &after())))
            }
            (_, Outcome::Unchanged, Some(change)) => {
                Some((Action::PricesSet, Audit::updated("product", id, &change.before, &change.after)))
            }
            (_, Outcome::Unchanged, None) if self.outcome() == Outcome::Unchanged => None,
            // What there was and is now stands in the movements.
            (_, Outcome::Unchanged, None) => {
                Some((Action::InventorySet, Audit::updated("product", id, &(), &self.stock)))
            }
        }
    }
}
