//! Batched reads of products and of their own parts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::catalog::products;
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId};

use super::aggregate::OptionState;
use super::store;
use crate::kernel::loaders::Batch;
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
