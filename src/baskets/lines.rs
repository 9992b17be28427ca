//! What is known of variants, as promotions and taxes ask for it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::catalog::{categories as category_rows, product_variants as variant_rows, products as product_rows};
use futures::FutureExt;
use rules::basket::Line;
use rules::ids::{CategoryId, CollectionId, ProductId, ProductVariantId, SegmentId, TagId, TaxCategoryId};
use rules::pricing::PriceRow;
use rules::{Currency, ErrorCode, Money, Problem};

use crate::catalog::products::{self, Viewer};
use crate::catalog::{categories, collections, tags, variants};
use crate::kernel::{Result, StoreScope};
use crate::pricing::{self, PriceQuestion};
use crate::tax;

/// How variants are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The currency of prices.
    pub currency: Currency,
    /// The moment of prices.
    pub at: DateTime<Utc>,
    /// Who looks.
    pub viewer: Viewer,
    /// The segments of the buyer.
    pub segments: &'a [SegmentId],
}

/// What a variant lacks to be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// It is not there, or not to be seen.
    Variant,
    /// It has no price.
    Price,
}

impl Missing {
    /// What whoever wants to buy it is told, about the input field at `path`.
    pub fn problem(self, currency: Currency, path: &str) -> Problem {
        match self {
            Self::Variant => Problem::new(ErrorCode::NotFound, path, "There is no such variant here."),
            Self::Price => {
                let message = format!("It has no price in {currency} for this quantity at this time.");
                Problem::new(ErrorCode::NoPrice, path, message)
            }
        }
    }
}

/// What was found of variants.
pub struct Found {
    variants: HashMap<ProductVariantId, variant_rows::Model>,
    products: HashMap<ProductId, Facts>,
    prices: HashMap<ProductVariantId, PriceRow>,
    /// The tax category of goods that name none.
    pub default_tax_category: Option<TaxCategoryId>,
}

/// What the variants of a product have in common.
#[derive(Default)]
struct Facts {
    row: Option<product_rows::Model>,
    categories: Vec<CategoryId>,
    collections: Vec<CollectionId>,
    tags: Vec<TagId>,
}

impl Found {
    /// A line of a variant, and the variant.
    pub fn line(&self, variant: ProductVariantId, quantity: u32) -> Result<(Line, &variant_rows::Model), Missing> {
        let row = self.variants.get(&variant).ok_or(Missing::Variant)?;
        let facts = self.products.get(&row.product_id).ok_or(Missing::Variant)?;
        let unit_price = self.unit_price(variant)?;
        let line = Line {
            variant,
            product: row.product_id,
            brand: facts.row.as_ref().and_then(|row| row.brand_id),
            categories: facts.categories.clone(),
            collections: facts.collections.clone(),
            tags: facts.tags.clone(),
            tax_category: self.tax_category_of(variant),
            untaxed: !row.taxable,
            quantity,
            unit_price,
        };
        Ok((line, row))
    }

    /// What one unit of a variant costs.
    pub fn unit_price(&self, variant: ProductVariantId) -> Result<Money, Missing> {
        let row = self.variants.get(&variant).ok_or(Missing::Variant)?;
        let price = self.prices.get(&row.id).ok_or(Missing::Price)?;
        Ok(price.amount)
    }

    /// The product of a variant that was found.
    pub fn product_of(&self, variant: ProductVariantId) -> Option<ProductId> {
        self.variants.get(&variant).map(|row| row.product_id)
    }

    /// What a variant is to the tax office: its own category, else its product's, else the store's default.
    pub fn tax_category_of(&self, variant: ProductVariantId) -> Option<TaxCategoryId> {
        let row = self.variants.get(&variant)?;
        let product = self.products.get(&row.product_id).and_then(|facts| facts.row.as_ref());
        row.tax_category_id.or(product.and_then(|row| row.tax_category_id)).or(self.default_tax_category)
    }

    /// Every variant that was found, with its product, to ask for the prices of single units.
    pub fn single_units(&self) -> Vec<(ProductId, ProductVariantId, i32)> {
        self.variants.values().map(|row| (row.product_id, row.id, 1)).collect()
    }
}

/// Finds variants that can be seen, with their prices for these quantities, and all that their products are and
/// lie in.
pub async fn find(
    scope: &StoreScope,
    quantities: &HashMap<ProductVariantId, i32>,
    question: &Question<'_>,
) -> Result<Found> {
    let (mut found, default_tax_category) =
        tokio::try_join!(seen(scope, quantities.keys().copied(), question.viewer), default_tax_category(scope))?;
    found.default_tax_category = default_tax_category;
    let products: Vec<ProductId> = found.products.keys().copied().collect();
    let (tags, collections, lineages, prices) = tokio::try_join!(
        tags::list_by_products(scope, &products).boxed(),
        collections::list_by_products(scope, &products).boxed(),
        lineages(scope, found.products.values()).boxed(),
        prices(scope, &found, quantities, question).boxed(),
    )?;
    for (product, tag) in tags {
        found.products.entry(product).or_default().tags.push(tag.id);
    }
    for (product, collection) in collections {
        found.products.entry(product).or_default().collections.push(collection);
    }
    for facts in found.products.values_mut() {
        let category = facts.row.as_ref().and_then(|row| row.category_id);
        facts.categories = category.and_then(|category| lineages.get(&category)).cloned().unwrap_or_default();
    }
    found.prices = prices;
    Ok(found)
}

/// Finds variants that can be seen, with their prices for these quantities, and nothing else of them.
pub async fn priced(
    scope: &StoreScope,
    quantities: &HashMap<ProductVariantId, i32>,
    question: &Question<'_>,
) -> Result<Found> {
    let mut found = seen(scope, quantities.keys().copied(), question.viewer).await?;
    found.prices = prices(scope, &found, quantities, question).await?;
    Ok(found)
}

async fn prices(
    scope: &StoreScope,
    found: &Found,
    quantities: &HashMap<ProductVariantId, i32>,
    question: &Question<'_>,
) -> Result<HashMap<ProductVariantId, PriceRow>> {
    let wanted = found.variants.values().map(|row| {
        let quantity = quantities.get(&row.id).copied().unwrap_or(1);
        (row.product_id, row.id, quantity)
    });
    let asked = PriceQuestion { currency: question.currency, at: question.at, segments: question.segments };
    pricing::find_holding(scope, &wanted.collect::<Vec<_>>(), &asked).await
}

/// The tax category of goods that name none.
pub async fn default_tax_category(scope: &StoreScope) -> Result<Option<TaxCategoryId>> {
    Ok(tax::categories::find_default(scope).await?.map(|category| category.id))
}

/// The variants that can be seen, with their products.
pub async fn seen(scope: &StoreScope, wanted: impl Iterator<Item = ProductVariantId>, viewer: Viewer) -> Result<Found> {
    let wanted: Vec<ProductVariantId> = wanted.collect();
    let mut rows = variants::list_by_ids(scope, &wanted).await?;
    rows.retain(|row| row.deleted_at.is_none());
    let products: HashSet<ProductId> = rows.iter().map(|row| row.product_id).collect();
    let products = products::list_by_ids(scope, &products.into_iter().collect::<Vec<_>>()).await?;
    let products: HashMap<ProductId, Facts> = products
        .into_iter()
        .filter(|row| viewer.sees(row))
        .map(|row| (row.id, Facts { row: Some(row), ..Facts::default() }))
        .collect();
    let variants = rows.into_iter().filter(|row| products.contains_key(&row.product_id));
    let variants = variants.map(|row| (row.id, row)).collect();
    Ok(Found { variants, products, prices: HashMap::new(), default_tax_category: None })
}

/// Each category of products that lives, with itself and the living ones that it lies in.
async fn lineages(
    scope: &StoreScope,
    products: impl Iterator<Item = &Facts>,
) -> Result<HashMap<CategoryId, Vec<CategoryId>>> {
    let own: HashSet<CategoryId> =
        products.filter_map(|facts| facts.row.as_ref().and_then(|row| row.category_id)).collect();
    let own: Vec<CategoryId> = own.into_iter().collect();
    let lives = |row: &category_rows::Model| row.deleted_at.is_none();
    let (own, all_above) = tokio::try_join!(categories::list_by_ids(scope, &own), categories::list_above(scope, &own))?;
    let living = own.into_iter().filter(lives);
    let mut lineages: HashMap<CategoryId, Vec<CategoryId>> = living.map(|row| (row.id, vec![row.id])).collect();
    for (start, above) in all_above {
        if lives(&above)
            && let Some(lineage) = lineages.get_mut(&start)
        {
            lineage.push(above.id);
        }
    }
    Ok(lineages)
}
