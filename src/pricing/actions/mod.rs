//! What can be done to prices, one file each.

pub mod delete;
pub mod set;

use std::collections::HashMap;

use entity::pricing::{prices, product_price_ranges};
use rules::ids::{ProductId, ProductVariantId};

use super::rows::{Placed, Rows, same_ranges};
use super::store;
use crate::kernel::{Result, StoreScope, Tx};

/// Makes the price ranges of products true again, after their prices, their variants or their
/// categories have changed in this transaction. Writes nothing where they are true. Products that are not there are passed over.
///
/// # Errors
/// What the database says.
pub async fn refresh_ranges(tx: &Tx<StoreScope>, products: &[ProductId]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let placed = store::lock_living_products(tx, products).await?;
    let products: Vec<ProductId> = placed.iter().map(|(product, _)| *product).collect();
    let rows = store::list_by_products(tx, &products, None).await?;
    let variants = store::list_living_variants(tx, &products).await?;
    rewrite_ranges(tx, &placed, &rows, &variants).await
}

/// Compares the ranges of locked products with what follows from their prices, and rewrites those that
/// differ.
async fn rewrite_ranges(
    tx: &Tx<StoreScope>,
    placed: &[Placed],
    rows: &[prices::Model],
    variants: &[(ProductId, ProductVariantId)],
) -> Result<()> {
    let mut stored: HashMap<ProductId, Vec<&product_price_ranges::Model>> = HashMap::new();
    let products: Vec<ProductId> = placed.iter().map(|(product, _)| *product).collect();
    let ranges = store::list_ranges(tx, &products).await?;
    for range in &ranges {
        stored.entry(range.product_id).or_default().push(range);
    }
    let mut by_product: HashMap<ProductId, (Rows, Vec<ProductVariantId>)> = HashMap::new();
    for row in rows {
        by_product.entry(row.product_id).or_default().0.add(row);
    }
    for (product, variant) in variants {
        by_product.entry(*product).or_default().1.push(*variant);
    }
    let (mut differ, mut made) = (Vec::new(), Vec::new());
    for place @ (product, _) in placed {
        let (rows, variants) = by_product.remove(product).unwrap_or_default();
        let ranges = rows.ranges(tx.id(), *place, &variants, tx.ctx().now());
        if !same_ranges(stored.get(product).map_or(&[], Vec::as_slice), &ranges) {
            differ.push(*product);
            made.extend(ranges);
        }
    }
    store::replace_ranges(tx, &differ, made).await
}
