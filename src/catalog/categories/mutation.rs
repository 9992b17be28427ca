//! Writes of categories.

use async_graphql::{Context, Object};
use rules::ids::CategoryId;
use rules::permission::Permission;

use super::actions::{self, CategoryCreateInput, CategoryUpdateInput};
use super::types::{CategoryCreatePayload, CategoryDeletePayload, CategoryRestorePayload, CategoryUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of categories.
#[derive(Default)]
pub struct CategoryMutation;

#[Object]
impl CategoryMutation {
    /// Creates a category, at the top of the tree or under another.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn category_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The category.")] input: CategoryCreateInput,
    ) -> Result<Option<CategoryCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a category, or moves it in the tree with everything below it. What the input leaves out
    /// stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn category_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which category.")] id: CategoryId,
        #[graphql(desc = "What changes.")] input: CategoryUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the category has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<CategoryUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a category; refused as IN_USE while others stand below it. Its products stay and keep it in
    /// mind: they show no category until `categoryRestore` brings it back or they are put elsewhere.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn category_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which category.")] id: CategoryId,
    ) -> Result<Option<CategoryDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }

    /// Brings a deleted category back to where it stood, behind the others there.
    #[graphql(directive = requires::apply(Permission::CollectionsManage))]
    async fn category_restore(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which category.")] id: CategoryId,
    ) -> Result<Option<CategoryRestorePayload>> {
        Ctx::of(gql)?.mutate(id, actions::restore::run).await.map(Some)
    }
}
