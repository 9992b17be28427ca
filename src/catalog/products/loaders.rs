//! Batched reads of products and of their own parts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::products;
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId};

use super::aggregate::OptionState;
use super::store::{self, Parent, ProductFilter};
use super::types::ProductSort;
use crate::kernel::loaders::Batch;
use crate::kernel::page::{Page, Slice};
use crate::kernel::{Ctx, Result};

/// Products by id, hidden and deleted ones too: whoever shows them asks [`super::Viewer`].
pub struct ProductById;

impl Batch for ProductById {
    type Key = ProductId;
    type Value = Option<Arc<products::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The texts of products.
pub struct DescriptionByProduct;

impl Batch for DescriptionByProduct {
    type Key = ProductId;
    type Value = Option<Arc<str>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let rows = store::list_descriptions(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.product_id, Some(row.html.into()))).collect())
    }
}

/// The options of products with their values.
pub struct OptionsByProduct;

impl Batch for OptionsByProduct {
    type Key = ProductId;
    type Value = Arc<Vec<OptionState>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let options = store::list_options(&ctx.store().await?, keys).await?;
        Ok(options.into_iter().map(|(product, options)| (product, Arc::new(options))).collect())
    }
}

/// The product of each option.
pub struct ProductByOption;

impl Batch for ProductByOption {
    type Key = ProductOptionId;
    type Value = Option<ProductId>;

    async fn load(ctx: &Ctx, keys: &[ProductOptionId]) -> Result<HashMap<ProductOptionId, Self::Value>> {
        let rows = store::list_options_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(row.product_id))).collect())
    }
}

/// The product of each value of an option.
pub struct ProductByOptionValue;

impl Batch for ProductByOptionValue {
    type Key = ProductOptionValueId;
    type Value = Option<ProductId>;

    async fn load(ctx: &Ctx, keys: &[ProductOptionValueId]) -> Result<HashMap<ProductOptionValueId, Self::Value>> {
        let rows = store::list_option_values_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(row.product_id))).collect())
    }
}

/// One page of the products inside one thing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PageInside {
    /// What they stand in.
    pub parent: Parent,
    /// In which order.
    pub sort: ProductSort,
    /// Which page of them.
    pub page: Page,
}

/// The products inside categories and collections that the caller may see, a page of each: one statement
/// for all that ask in the same way.
pub struct ProductsInside;

impl Batch for ProductsInside {
    type Key = PageInside;
    type Value = Slice<Arc<products::Model>>;

    async fn load(ctx: &Ctx, keys: &[PageInside]) -> Result<HashMap<PageInside, Self::Value>> {
        let scope = ctx.store().await?;
        let mut pages = HashMap::new();
        for ((kind, sort, page), alike) in alike(keys, |key| (key.parent.kind(), key.sort, key.page.clone())) {
            let filter = ProductFilter { priced: sort.needs_price(), ..ProductFilter::all(ctx)? };
            let sort = store::sort(sort, filter.currency);
            let ids: Vec<_> = alike.iter().map(|key| key.parent.id()).collect();
            let mut found = store::fetch_inside(ctx, &scope, (kind, &ids), &filter, &sort, &page).await?;
            for key in alike {
                if let Some(slice) = found.remove(&key.parent.id()) {
                    pages.insert(key, slice.map(Arc::new));
                }
            }
        }
        Ok(pages)
    }
}

/// How many products that the caller may see stand inside each, those without a price left out where `true`
/// stands beside it.
pub struct ProductCountInside;

impl Batch for ProductCountInside {
    type Key = (Parent, bool);
    type Value = u64;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, u64>> {
        let scope = ctx.store().await?;
        let mut counts = HashMap::new();
        for ((kind, priced), alike) in alike(keys, |(parent, priced)| (parent.kind(), *priced)) {
            let filter = ProductFilter { priced, ..ProductFilter::all(ctx)? };
            let ids: Vec<_> = alike.iter().map(|(parent, _)| parent.id()).collect();
            let found = store::count_inside(&scope, (kind, &ids), &filter).await?;
            counts.extend(alike.into_iter().filter_map(|key| Some((key, *found.get(&key.0.id())?))));
        }
        Ok(counts)
    }
}

/// The keys that one statement can answer together.
fn alike<K: Clone, G: Eq + std::hash::Hash>(keys: &[K], of: impl Fn(&K) -> G) -> HashMap<G, Vec<K>> {
    let mut groups: HashMap<G, Vec<K>> = HashMap::new();
    for key in keys {
        groups.entry(of(key)).or_default().push(key.clone());
    }
    groups
}
