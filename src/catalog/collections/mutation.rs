//! Writes of collections.

use async_graphql::{Context, Object};
use rules::ids::{CollectionId, ProductId};
use rules::permission::Permission;

use super::actions::{self, CollectionCreateInput, CollectionUpdateInput};
use super::types::{
    CollectionCreatePayload, CollectionDeletePayload, CollectionProductsAddPayload, CollectionProductsRemovePayload,
    CollectionProductsSetPayload, CollectionRestorePayload, CollectionUpdatePayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of collections.
#[derive(Default)]
pub struct CollectionMutation;

#[Object]
impl CollectionMutation {
    /// Creates a collection.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The collection.")] input: CollectionCreateInput,
    ) -> Result<Option<CollectionCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a collection, or publishes and hides it with `publishedAt`. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
        #[graphql(desc = "What changes.")] input: CollectionUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the collection has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CollectionUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Gives a collection these products and no others, in this order.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_products_set(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
        #[graphql(desc = "The products in their order; 250 at the most, more with `collectionProductsAdd`.")]
        product_ids: Vec<ProductId>,
        #[graphql(desc = "The version that was read; refused as STALE where the collection has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CollectionProductsSetPayload>> {
        Ctx::of(gql)?.mutate((id, product_ids, expected_version), actions::products_set::run).await.map(Some)
    }

    /// Puts products behind those of a collection. Products that stand in it already keep their place.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_products_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
        #[graphql(desc = "The products in their order; 250 at the most.")] product_ids: Vec<ProductId>,
    ) -> Result<Option<CollectionProductsAddPayload>> {
        Ctx::of(gql)?.mutate((id, product_ids), actions::products_add::run).await.map(Some)
    }

    /// Takes products out of a collection. Products that do not stand in it are passed over.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_products_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
        #[graphql(desc = "The products; 250 at the most.")] product_ids: Vec<ProductId>,
    ) -> Result<Option<CollectionProductsRemovePayload>> {
        Ctx::of(gql)?.mutate((id, product_ids), actions::products_remove::run).await.map(Some)
    }

    /// Deletes a collection. Its products stay; `collectionRestore` brings it back with its products.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
    ) -> Result<Option<CollectionDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Brings a deleted collection back.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn collection_restore(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which collection.")] id: CollectionId,
    ) -> Result<Option<CollectionRestorePayload>> {
        Ctx::of(gql)?.mutate(id, actions::restore::run).await.map(Some)
    }
}
