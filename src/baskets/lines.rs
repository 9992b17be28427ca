//! What is known of variants, as promotions and taxes ask for it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::catalog::{categories as category_rows, products as product_rows};
use rules::Currency;
use rules::basket::Line;
use rules::ids::{CategoryId, CollectionId, ProductId, ProductVariantId, SegmentId, TagId};
use rules::pricing::PriceRow;

use crate::catalog::products::{self, Viewer};
use crate::catalog::{categories, collections, tags, variants};
use crate::kernel::{Result, StoreScope};
use crate::pricing::{self, PriceQuestion};

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

/// What was found of variants.
pub struct Found {
    variants: HashMap<ProductVariantId, ProductId>,
    products: HashMap<ProductId, Facts>,
    prices: HashMap<ProductVariantId, PriceRow>,
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
    /// A line of a variant.
    pub fn line(&self, variant: ProductVariantId, quantity: u32) -> Result<Line, Missing> {
        let product = *self.variants.get(&variant).ok_or(Missing::Variant)?;
        let facts = self.products.get(&product).ok_or(Missing::Variant)?;
        let price = self.prices.get(&variant).ok_or(Missing::Price)?;
        Ok(Line {
            variant,
            product,
            brand: facts.row.as_ref().and_then(|row| row.brand_id),
            categories: facts.categories.clone(),
            collections: facts.collections.clone(),
            tags: facts.tags.clone(),
            tax_category: None,
            quantity,
            unit_price: price.amount,
        })
    }

    /// The product of a variant that was found.
    pub fn product_of(&self, variant: ProductVariantId) -> Option<ProductId> {
        self.variants.get(&variant).copied()
    }

    /// Every variant that was found, with its product, to ask for the prices of single units.
    pub fn single_units(&self) -> Vec<(ProductId, ProductVariantId, i32)> {
        self.variants.iter().map(|(variant, product)| (*product, *variant, 1)).collect()
    }
}

/// Finds variants that can be seen, with their prices for these quantities, and all that their products are and
/// lie in.
pub async fn find(
    scope: &StoreScope,
    quantities: &HashMap<ProductVariantId, i32>,
    question: &Question<'_>,
) -> Result<Found> {
    let mut found = seen(scope, quantities.keys().copied(), question.viewer).await?;
    let products: Vec<ProductId> = found.products.keys().copied().collect();
    for (product, tag) in tags::list_by_products(scope, &products).await? {
        found.products.entry(product).or_default().tags.push(tag.id);
    }
    for (product, collection) in collections::list_by_products(scope, &products).await? {
        found.products.entry(product).or_default().collections.push(collection);
    }
    let lineages = lineages(scope, found.products.values()).await?;
    for facts in found.products.values_mut() {
        let category = facts.row.as_ref().and_then(|row| row.category_id);
        facts.categories = category.and_then(|category| lineages.get(&category)).cloned().unwrap_or_default();
    }
    let wanted = found.variants.iter().map(|(variant, product)| {
        let quantity = quantities.get(variant).copied().unwrap_or(1);
        (*product, *variant, quantity)
    });
    let asked = PriceQuestion { currency: question.currency, at: question.at, segments: question.segments };
    found.prices = pricing::find_holding(scope, &wanted.collect::<Vec<_>>(), &asked).await?;
    Ok(found)
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
    let variants = rows.iter().map(|row| (row.id, row.product_id));
    let variants = variants.filter(|(_, product)| products.contains_key(product)).collect();
    Ok(Found { variants, products, prices: HashMap::new() })
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
    let living = categories::list_by_ids(scope, &own).await?.into_iter().filter(lives);
    let mut lineages: HashMap<CategoryId, Vec<CategoryId>> = living.map(|row| (row.id, vec![row.id])).collect();
    for (start, above) in categories::list_above(scope, &own).await? {
        if lives(&above)
            && let Some(lineage) = lineages.get_mut(&start)
        {
            lineage.push(above.id);
        }
    }
    Ok(lineages)
}
