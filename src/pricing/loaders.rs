//! Batched reads of prices.
//!
//! The key is the product and not the variant: whoever shows one price shows its siblings' too, and a
//! page of products with all their variants stays one statement.

use std::collections::HashMap;
use std::sync::Arc;

use entity::pricing::{prices, product_price_ranges};
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId};

use super::rows::Rows;
use super::store;
use crate::customers;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The rows of each product in the currency of the request, as the resolver takes them: those for everybody, and
/// those for the segments of the customer who asks.
pub struct PricesInCurrency;

impl Batch for PricesInCurrency {
    type Key = ProductId;
    type Value = Arc<Rows>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let currency = ctx.currency()?;
        // A batch never loads through another one: the segments are asked here, once for all products of a level.
        let segments: Arc<[SegmentId]> = match ctx.shopper() {
            Some(customer) => {
                let mut found = customers::list_segments_of(&ctx.store().await?, &[customer]).await?;
                found.remove(&customer).unwrap_or_default().into()
            }
            None => Arc::default(),
        };
        let mut products: HashMap<ProductId, Rows> = HashMap::with_capacity(keys.len());
        let found = store::list_in_currency(&ctx.store().await?, keys, currency, &segments).await?;
        for (product, variant, row) in found {
            products.entry(product).or_default().push(variant, row);
        }
        let products = products.into_iter();
        Ok(products.map(|(product, rows)| (product, Arc::new(rows.for_segments(Arc::clone(&segments))))).collect())
    }
}

/// All prices of one product: those of each variant, and under `None` those of the product itself.
pub type ByVariant = HashMap<Option<ProductVariantId>, Vec<Arc<prices::Model>>>;

/// Every price of each product, in all currencies and at all times, the oldest first.
pub struct PricesByProduct;

impl Batch for PricesByProduct {
    type Key = ProductId;
    type Value = Arc<ByVariant>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let mut products: HashMap<ProductId, ByVariant> = HashMap::with_capacity(keys.len());
        for row in store::list_by_products(&ctx.store().await?, keys, None).await? {
            products.entry(row.product_id).or_default().entry(row.variant_id).or_default().push(Arc::new(row));
        }
        Ok(products.into_iter().map(|(product, rows)| (product, Arc::new(rows))).collect())
    }
}

/// Prices by id.
pub struct PriceById;

impl Batch for PriceById {
    type Key = PriceId;
    type Value = Option<Arc<prices::Model>>;

    async fn load(ctx: &Ctx, keys: &[PriceId]) -> Result<HashMap<PriceId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The range of each product in the currency of the request, at its moment.
pub struct PriceRangeByProduct;

impl Batch for PriceRangeByProduct {
    type Key = ProductId;
    type Value = Option<Arc<product_price_ranges::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let rows = store::list_ranges_at(&ctx.store().await?, keys, ctx.currency()?, ctx.now()).await?;
        Ok(rows.into_iter().map(|row| (row.product_id, Some(Arc::new(row)))).collect())
    }
}
