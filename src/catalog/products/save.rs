//! The doors through which whole products are written.
//!
//! [`create`] makes a new product, [`save`] makes one or brings the one with the same slug to what a draft
//! says, and [`open`] takes one in hand for a single change. All of them end in one comparison of before
//! and after, so that what does not differ is not written. None of them commits: the audit entry is the
//! caller's.

use entity::catalog::tags;
use rules::ids::{ProductId, ProductVariantId, TaxCategoryId};
use rules::{ErrorCode, Problem, Problems};

use super::aggregate::{Mint, ProductAggregate};
use super::draft::{Change, Checked, ProductDetails, ProductDraft, VariantDraft, listed};
use super::events::{ProductCreated, ProductSnapshot, ProductUpdated};
use super::store;
use crate::catalog::{brands, categories};
use crate::kernel::{Ctx, Error, Result, StoreScope, Tx, input, text};
use crate::tax::categories as tax_categories;

/// What a save did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new product.
    Created,
    /// The product was there, and something of it changed.
    Updated,
    /// The product was there and is as the draft says: nothing was written.
    Unchanged,
}

/// A product that was saved.
#[derive(Debug, Clone)]
pub struct Saved {
    /// What was done.
    pub outcome: Outcome,
    /// The product before; none where it is new.
    pub before: Option<ProductAggregate>,
    /// The product as it is now.
    pub after: ProductAggregate,
    /// The variants of the draft, in its order. Empty where it names none.
    pub variants: Vec<ProductVariantId>,
}

/// Makes a new product, and tells of it.
///
/// # Errors
/// `Invalid` where the draft does not fit itself, `Conflict` with `TAKEN` or `NOT_FOUND` where it does not
/// fit the store. A SKU that is taken stands at the path `sku`; [`explain`] finds out which.
pub async fn create(tx: &mut Tx<StoreScope>, draft: &Checked<ProductDraft>) -> Result<Saved> {
    let ctx = tx.ctx().clone();
    let tags = references(tx, &draft.details, None).await?;
    variant_references(tx, &draft.variants, listed).await?;
    let (product, variants) = filled(&ctx, tx, draft, tags)?;
    store::write(tx, None, &product).await?;
    tx.emit(&ProductCreated { product: ProductSnapshot::from(&product) })?;
    Ok(Saved { outcome: Outcome::Created, before: None, after: product, variants })
}

fn filled(
    ctx: &Ctx,
    scope: &StoreScope,
    draft: &ProductDraft,
    tags: Option<Vec<tags::Model>>,
) -> Result<(ProductAggregate, Vec<ProductVariantId>)> {
    let mint = Mint::of(ctx);
    let mut problems = Problems::new();
    let mut product = ProductAggregate::new(scope.id(), &mint);
    let variants = product.fill(draft, tags, &mint, &mut problems);
    problems.finish()?;
    Ok((product, variants))
}

/// Makes a product, or brings the living one with the draft's slug to what the draft says, and tells of it
/// if anything changed.
///
/// # Errors
/// As [`create`]; `Retry` where another transaction made the product at the same time.
pub async fn save(tx: &mut Tx<StoreScope>, draft: &Checked<ProductDraft>) -> Result<Saved> {
    let there = match slug_of(&draft.details) {
        Some(slug) => store::lock_by_slug(tx, &slug).await?,
        None => None,
    };
    let Some(product) = there else {
        return match create(tx, draft).await {
            Err(Error::Conflict(problem)) if problem.code == ErrorCode::Taken && problem.field == ["slug"] => {
                Err(Error::Retry)
            }
            outcome => outcome,
        };
    };
    let ctx = tx.ctx().clone();
    let before = store::aggregate(tx, product).await?;
    let mut edit = Edit { after: before.clone(), before };
    let tags = references(tx, &draft.details, Some(&edit.before)).await?;
    variant_references(tx, &draft.variants, listed).await?;
    let mut problems = Problems::new();
    let variants = edit.after.change(draft, tags, &Mint::of(&ctx), &mut problems);
    let Edit { before, after } = edit.close(tx, problems).await?;
    if before == after {
        return Ok(Saved { outcome: Outcome::Unchanged, before: Some(before), after, variants });
    }
    tx.emit(&ProductUpdated { product: ProductSnapshot::from(&after) })?;
    Ok(Saved { outcome: Outcome::Updated, before: Some(before), after, variants })
}

/// The slug by which a draft names its product.
fn slug_of(details: &ProductDetails) -> Option<String> {
    match (&details.slug, &details.title) {
        (Change::Set(slug), _) => Some(slug.clone()),
        (Change::Keep, Change::Set(title)) => Some(text::slug(title)),
        (Change::Keep, Change::Keep) => None,
    }
}

/// Finds out which variant of a draft has the SKU that is taken; leaves every other error as it is. To be
/// called after the transaction that failed has ended: PostgreSQL answers nothing more in it.
pub async fn explain(ctx: &Ctx, error: Error, draft: &ProductDraft) -> Error {
    let own = async {
        let Some(slug) = slug_of(&draft.details) else { return Ok(None) };
        Ok(store::find_by_slug(&ctx.store().await?, &slug).await?.map(|product| product.id))
    };
    explain_variants(ctx, error, own, &draft.variants).await
}

/// The same for variants of one product.
pub async fn explain_variants(
    ctx: &Ctx,
    error: Error,
    product: impl Future<Output = Result<Option<ProductId>>>,
    variants: &[VariantDraft],
) -> Error {
    match error {
        Error::Conflict(problem) if problem.code == ErrorCode::Taken && problem.field == [store::ANY_SKU] => {
            let wanted: Vec<(usize, String)> = variants
                .iter()
                .enumerate()
                .filter_map(|(index, draft)| Some((index, text::fold(draft.sku.set()?.as_deref()?))))
                .collect();
            let skus: Vec<String> = wanted.iter().map(|(_, sku)| sku.clone()).collect();
            let taken = async { store::list_foreign_skus(&ctx.store().await?, product.await?, &skus).await };
            match taken.await {
                Ok(taken) => {
                    let of_these = wanted.into_iter().filter(|(_, sku)| taken.contains(sku));
                    let told = of_these.map(|(index, _)| Problem { ..problem.clone() }.under(&listed(index)));
                    let told: Vec<Problem> = told.collect();
                    // Whoever had it may have given it up since.
                    if told.is_empty() { Error::Conflict(problem.under("variants")) } else { Error::Invalid(told) }
                }
                Err(error) => error,
            }
        }
        error => error,
    }
}

/// A product in hand: as it was, and as it shall be.
#[derive(Debug)]
pub struct Edit {
    /// As it was.
    pub before: ProductAggregate,
    /// As it shall be.
    pub after: ProductAggregate,
}

/// Takes a living product in hand, so that nobody else changes it until the transaction ends.
///
/// # Errors
/// `NotFound`; `Conflict` with `STALE` where it has another version than `expected`.
pub async fn open(tx: &Tx<StoreScope>, id: ProductId, expected: Option<i32>) -> Result<Edit> {
    let product = store::lock(tx, id).await?.filter(|row| row.deleted_at.is_none()).ok_or(Error::NotFound)?;
    input::expect_version(expected, product.version)?;
    let before = store::aggregate(tx, product).await?;
    Ok(Edit { after: before.clone(), before })
}

impl Edit {
    /// Writes what differs.
    ///
    /// # Errors
    /// `Invalid` with the problems that the change has had; `Conflict` where the store stands against it.
    pub async fn close(mut self, tx: &Tx<StoreScope>, problems: Problems) -> Result<Self> {
        problems.finish()?;
        self.after.stamp(&self.before, tx.ctx().now());
        store::write(tx, Some(&self.before), &self.after).await?;
        Ok(self)
    }
}

/// Holds that the brand and the category are there, where they are new to the product, and gives the rows
/// of the tags.
pub async fn references(
    tx: &Tx<StoreScope>,
    details: &ProductDetails,
    before: Option<&ProductAggregate>,
) -> Result<Option<Vec<tags::Model>>> {
    if let Some(Some(brand)) = details.brand_id.set()
        && before.is_none_or(|before| before.product.brand_id != Some(*brand))
        && brands::find_living(tx, *brand).await?.is_none()
    {
        return Err(input::not_found("brandId", "brand"));
    }
    if let Some(Some(category)) = details.category_id.set()
        && before.is_none_or(|before| before.product.category_id != Some(*category))
        && categories::find_living(tx, *category).await?.is_none()
    {
        return Err(input::not_found("categoryId", "category"));
    }
    if let Some(Some(category)) = details.tax_category_id.set()
        && before.is_none_or(|before| before.product.tax_category_id != Some(*category))
        && tax_categories::hold_living(tx, &[*category]).await?.is_empty()
    {
        return Err(input::not_found("taxCategoryId", "tax category"));
    }
    match details.tags.set() {
        Some(names) => Ok(Some(store::find_or_create_tags(tx, tx.ctx(), names).await?)),
        None => Ok(None),
    }
}

/// Holds that the tax categories that variants name are there. `at` says where each draft stands in the input.
///
/// # Errors
/// `Invalid` with `NOT_FOUND` for each that is not.
pub async fn variant_references(tx: &Tx<StoreScope>, variants: &[VariantDraft], at: fn(usize) -> String) -> Result<()> {
    let named = variants.iter().enumerate();
    let named: Vec<_> = named.filter_map(|(index, draft)| Some((index, (*draft.tax_category_id.set()?)?))).collect();
    if named.is_empty() {
        return Ok(());
    }
    let ids: Vec<TaxCategoryId> = named.iter().map(|(_, id)| *id).collect();
    let there = tax_categories::hold_living(tx, &ids).await?;
    let mut problems = Problems::new();
    for (index, _) in named.iter().filter(|(_, id)| !there.contains(id)) {
        let path = format!("{}.taxCategoryId", at(*index));
        problems.add(ErrorCode::NotFound, &path, "There is no such tax category here.");
    }
    Ok(problems.finish()?)
}
