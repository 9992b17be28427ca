//! Writes of tags.

use async_graphql::{Context, Object};
use rules::ids::TagId;
use rules::permission::Permission;

use super::actions::{self, TagUpdateInput};
use super::types::{TagDeletePayload, TagUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tags.
#[derive(Default)]
pub struct TagMutation;

#[Object]
impl TagMutation {
    /// Writes a tag otherwise, on every product that carries it. Refused as TAKEN where another tag is
    /// called so already.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn tag_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tag.")] id: TagId,
        #[graphql(desc = "What changes.")] input: TagUpdateInput,
    ) -> Result<Option<TagUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input), actions::update::run).await.map(Some)
    }

    /// Deletes a tag for good, and takes it off every product.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn tag_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tag.")] id: TagId,
    ) -> Result<Option<TagDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
