//! Writes of brands.

use async_graphql::{Context, Object};
use rules::ids::BrandId;
use rules::permission::Permission;

use super::actions::{self, BrandCreateInput, BrandUpdateInput};
use super::types::{BrandCreatePayload, BrandDeletePayload, BrandRestorePayload, BrandUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of brands.
#[derive(Default)]
pub struct BrandMutation;

#[Object]
impl BrandMutation {
    /// Creates a brand.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn brand_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The brand.")] input: BrandCreateInput,
    ) -> Result<Option<BrandCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a brand. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn brand_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which brand.")] id: BrandId,
        #[graphql(desc = "What changes.")] input: BrandUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the brand has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<BrandUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a brand. Its products stay, without a brand to show; `brandRestore` brings it back.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn brand_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which brand.")] id: BrandId,
    ) -> Result<Option<BrandDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Brings a deleted brand back.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn brand_restore(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which brand.")] id: BrandId,
    ) -> Result<Option<BrandRestorePayload>> {
        Ctx::of(gql)?.mutate(id, actions::restore::run).await.map(Some)
    }
}
