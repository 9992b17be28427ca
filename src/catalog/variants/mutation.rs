//! Writes of variants.

use std::marker::PhantomData;

use async_graphql::{Context, Object};
use rules::ids::{ProductId, ProductVariantId};
use rules::permission::Permission;

use super::actions::{self, ProductVariantBulkUpdateInput, ProductVariantCreateInput, ProductVariantUpdateInput};
use super::types::{
    ProductVariantCreatePayload, ProductVariantDeletePayload, ProductVariantUpdatePayload,
    ProductVariantsBulkUpdatePayload,
};
use crate::catalog::ListingChanged;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of variants. `R` is what follows when a product is listed in another way.
pub struct ProductVariantMutation<R>(PhantomData<R>);

impl<R> Default for ProductVariantMutation<R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<R: ListingChanged> ProductVariantMutation<R> {
    /// Adds a variant to a product, behind those that are there.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_variant_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ProductId,
        #[graphql(desc = "The variant.")] input: ProductVariantCreateInput,
    ) -> Result<Option<ProductVariantCreatePayload>> {
        Ctx::of(gql)?.mutate((product_id, input), actions::create::run::<R>).await.map(Some)
    }

    /// Changes a variant. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_variant_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which variant.")] id: ProductVariantId,
        #[graphql(desc = "What changes.")] input: ProductVariantUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the variant has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ProductVariantUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a variant for good. The last one of a product can't be deleted.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_variant_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which variant.")] id: ProductVariantId,
    ) -> Result<Option<ProductVariantDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run::<R>).await.map(Some)
    }

    /// Changes many variants of a product: all of them, or none where one can't be changed. Variants may
    /// trade their option values and SKUs.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_variants_bulk_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ProductId,
        #[graphql(desc = "What changes, by variant; 1 to 250.")] variants: Vec<ProductVariantBulkUpdateInput>,
    ) -> Result<Option<ProductVariantsBulkUpdatePayload>> {
        Ctx::of(gql)?.mutate((product_id, variants), actions::bulk_update::run).await.map(Some)
    }
}
