//! Batched reads of variants.
//!
//! What hangs on variants is keyed by their product: a page has at most 100 of those, and so one batch,
//! however many variants they have.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::product_variants;
use rules::ids::{ProductId, ProductVariantId};

use super::store;
use super::types::SelectedOption;
use crate::catalog::products;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The living variants of products, in their order.
pub struct VariantsByProduct;

impl Batch for VariantsByProduct {
    type Key = ProductId;
    type Value = Vec<Arc<product_variants::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let mut variants: HashMap<ProductId, Self::Value> = HashMap::new();
        for row in products::list_variants(&ctx.store().await?, keys).await? {
            variants.entry(row.product_id).or_default().push(Arc::new(row));
        }
        Ok(variants)
    }
}

/// Variants by id, deleted ones and those of hidden products too: whoever shows them decides.
pub struct VariantById;

impl Batch for VariantById {
    type Key = ProductVariantId;
    type Value = Option<Arc<product_variants::Model>>;

    async fn load(ctx: &Ctx, keys: &[ProductVariantId]) -> Result<HashMap<ProductVariantId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// What the variants of products answer to the options, by variant.
pub struct SelectedOptionsByProduct;

impl Batch for SelectedOptionsByProduct {
    type Key = ProductId;
    type Value = Arc<HashMap<ProductVariantId, Vec<SelectedOption>>>;

    async fn load(ctx: &Ctx, keys: &[ProductId]) -> Result<HashMap<ProductId, Self::Value>> {
        let mut products: HashMap<ProductId, HashMap<ProductVariantId, Vec<SelectedOption>>> = HashMap::new();
        for row in store::list_selected(&ctx.store().await?, keys).await? {
            let variants = products.entry(row.product_id).or_default();
            variants.entry(row.variant_id).or_default().push(SelectedOption { name: row.name, value: row.value });
        }
        Ok(products.into_iter().map(|(product, variants)| (product, Arc::new(variants))).collect())
    }
}
