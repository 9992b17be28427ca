//! Writes of media.

use async_graphql::{Context, Object};
use rules::ids::{ProductId, ProductMediaId};
use rules::permission::Permission;

use super::actions::{self, ProductMediaInput, ProductMediaUpdateInput};
use super::types::{
    ProductMediaCreatePayload, ProductMediaDeletePayload, ProductMediaReorderPayload, ProductMediaUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of media.
#[derive(Default)]
pub struct ProductMediaMutation;

#[Object]
impl ProductMediaMutation {
    /// Adds pictures and films to a product, behind those that are there. Nothing is fetched.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_media_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ProductId,
        #[graphql(desc = "The pictures and films, in their order; 1 to 250.")] media: Vec<ProductMediaInput>,
    ) -> Result<Option<ProductMediaCreatePayload>> {
        Ctx::of(gql)?.mutate((product_id, media), actions::create::run).await.map(Some)
    }

    /// Changes a picture or film. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_media_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which medium.")] id: ProductMediaId,
        #[graphql(desc = "What changes.")] input: ProductMediaUpdateInput,
    ) -> Result<Option<ProductMediaUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input), actions::update::run).await.map(Some)
    }

    /// Takes a picture or film away from a product, and from the variants that it shows.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_media_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which medium.")] id: ProductMediaId,
    ) -> Result<Option<ProductMediaDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Puts the pictures and films of a product into another order.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn product_media_reorder(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The product.")] product_id: ProductId,
        #[graphql(desc = "Every medium of the product once, in the new order.")] media_ids: Vec<ProductMediaId>,
    ) -> Result<Option<ProductMediaReorderPayload>> {
        Ctx::of(gql)?.mutate((product_id, media_ids), actions::reorder::run).await.map(Some)
    }
}
