//! Reads of variants.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::catalog::product_variants;
use rules::ids::ProductVariantId;

use super::loaders::VariantById;
use super::store;
use super::types::ProductVariant;
use crate::catalog::products::{ProductById, Viewer};
use crate::gate::directives::{CacheScope, cache_control, public};
use crate::kernel::{ById, Ctx, Error, Result};

impl ById for ProductVariant {
    type Id = ProductVariantId;

    async fn by_id(ctx: &Ctx, id: ProductVariantId) -> Result<Option<Self>> {
        ctx.store_context()?;
        match ctx.load::<VariantById>(id).await? {
            Some(row) if row.deleted_at.is_none() => shown(ctx, row).await,
            _ => Ok(None),
        }
    }
}

/// Reads of variants.
#[derive(Default)]
pub struct ProductVariantQuery;

#[Object]
impl ProductVariantQuery {
    /// One variant, by its id or by its SKU. Null where the store has no such variant, or the caller may
    /// not see its product.
    #[graphql(directive = public::apply(), directive = cache_control::apply(60, CacheScope::Public))]
    async fn product_variant(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The variant's id.")] id: Option<ProductVariantId>,
        #[graphql(desc = "The merchant's stock number; case does not count.")] sku: Option<String>,
    ) -> Result<Option<ProductVariant>> {
        let ctx = Ctx::of(gql)?;
        match (id, sku) {
            (Some(id), None) => ProductVariant::by_id(ctx, id).await,
            (None, Some(sku)) => match store::find_by_sku(&ctx.store().await?, &sku).await? {
                Some(row) => shown(ctx, Arc::new(row)).await,
                None => Ok(None),
            },
            _ => Err(Error::BadInput("Give either `id` or `sku`.".to_owned())),
        }
    }
}

/// A living variant, if the caller may see its product.
async fn shown(ctx: &Ctx, row: Arc<product_variants::Model>) -> Result<Option<ProductVariant>> {
    let product = ctx.load::<ProductById>(row.product_id).await?;
    let seen = product.is_some_and(|product| Viewer::of(ctx).sees(&product));
    Ok(seen.then_some(ProductVariant(row)))
}
