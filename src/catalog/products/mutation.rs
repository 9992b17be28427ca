//! Writes of products.

use std::marker::PhantomData;

use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use rules::ids::ProductId;
use rules::permission::Permission;

use super::actions::{self, ProductCreateInput, ProductOptionInput, ProductUpdateInput};
use super::types::{
    ProductCreatePayload, ProductDeletePayload, ProductOptionsSetPayload, ProductPublishPayload, ProductRestorePayload,
    ProductUnpublishPayload, ProductUpdatePayload,
};
use crate::catalog::ListingChanged;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of products. `R` is what follows when a product is listed in another way.
pub struct ProductMutation<R>(PhantomData<R>);

impl<R> Default for ProductMutation<R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<R: ListingChanged> ProductMutation<R> {
    /// Creates a product with its options, variants, media and tags. A product that is given no options
    /// gets one variant. It is a draft unless its status says otherwise.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product.")] input: ProductCreateInput,
    ) -> Result<Option<ProductCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a product. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
        #[graphql(desc = "What changes.")] input: ProductUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the product has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ProductUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run::<R>).await.map(Some)
    }

    /// Deletes a product with its variants; `productRestore` brings them back. Slug and SKUs are free at once.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
    ) -> Result<Option<ProductDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Brings a deleted product back, with the variants that went with it. Refused as TAKEN where another
    /// product has its slug by now, or another variant one of its SKUs.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_restore(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
    ) -> Result<Option<ProductRestorePayload>> {
        Ctx::of(gql)?.mutate(id, actions::restore::run).await.map(Some)
    }

    /// Makes a product active, and shows it in storefronts from a time on.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_publish(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
        #[graphql(desc = "From when; now where it is left out.")] at: Option<DateTime<Utc>>,
    ) -> Result<Option<ProductPublishPayload>> {
        Ctx::of(gql)?.mutate((id, at), actions::publish::run).await.map(Some)
    }

    /// Takes a product out of the storefronts. Its status stays as it is.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_unpublish(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
    ) -> Result<Option<ProductUnpublishPayload>> {
        Ctx::of(gql)?.mutate(id, actions::unpublish::run).await.map(Some)
    }

    /// Gives a product other options. Options and values that were there under the same name keep their
    /// ids, and variants take the first value of an option that is new. Refused as OPTION_MISMATCH where a
    /// variant has a value that would be gone, or where two variants would be the same.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_options_set(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which product.")] id: ProductId,
        #[graphql(desc = "All its options, in their order; at most 3.")] options: Vec<ProductOptionInput>,
        #[graphql(desc = "The version that was read; refused as STALE where the product has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<ProductOptionsSetPayload>> {
        Ctx::of(gql)?.mutate((id, options, expected_version), actions::options_set::run).await.map(Some)
    }
}
