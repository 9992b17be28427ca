//! The prices that hold for many variants, each for a quantity: the door for baskets.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rules::Currency;
use rules::ids::{ProductId, ProductVariantId, SegmentId};
use rules::pricing::{PriceQuery, PriceRow, resolve};

use super::rows::Rows;
use super::store;
use crate::kernel::{Result, StoreScope};

/// What prices are asked for.
#[derive(Debug, Clone, Copy)]
pub struct PriceQuestion<'a> {
    /// The currency that the buyer pays in.
    pub currency: Currency,
    /// The moment to look at (rule M5).
    pub at: DateTime<Utc>,
    /// The segments that the buyer belongs to.
    pub segments: &'a [SegmentId],
}

/// The price of each variant that has one (rule M2), found by the same resolver as the listing's, in one statement.
/// Each variant comes with its product, and with how many of it there are.
///
/// # Errors
/// What the database says.
pub async fn find_holding(
    scope: &StoreScope,
    wanted: &[(ProductId, ProductVariantId, i32)],
    question: &PriceQuestion<'_>,
) -> Result<HashMap<ProductVariantId, PriceRow>> {
    let products: HashSet<ProductId> = wanted.iter().map(|(product, ..)| *product).collect();
    let products: Vec<ProductId> = products.into_iter().collect();
    let mut rows: HashMap<ProductId, Rows> = HashMap::with_capacity(products.len());
    for (product, variant, row) in
        store::list_in_currency(scope, &products, question.currency, question.segments).await?
    {
        rows.entry(product).or_default().push(variant, row);
    }
    let holding = wanted.iter().filter_map(|(product, variant, quantity)| {
        let query = PriceQuery {
            currency: question.currency,
            quantity: *quantity,
            at: question.at,
            segments: question.segments,
        };
        let row = resolve(rows.get(product)?.of(*variant), &query)?;
        Some((*variant, row.clone()))
    });
    Ok(holding.collect())
}
