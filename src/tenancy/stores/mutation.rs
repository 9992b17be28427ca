//! Writes of stores.

use async_graphql::{Context, Object};
use rules::ids::{OrganizationId, StoreId};
use rules::permission::Permission;

use super::actions::{self, StoreCreateInput, StoreUpdateInput};
use super::types::{StoreCreatePayload, StoreDeletePayload, StoreUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of stores.
#[derive(Default)]
pub struct StoreMutation;

#[Object]
impl StoreMutation {
    /// Opens a store in an organization, with a first location for its stock. Name it in the header
    /// `X-Store` from then on.
    #[graphql(directive = requires::apply(Permission::OrganizationManage))]
    async fn store_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Whose store it will be.")] organization_id: OrganizationId,
        #[graphql(desc = "The store.")] input: StoreCreateInput,
    ) -> Result<Option<StoreCreatePayload>> {
        Ctx::of(gql)?.mutate((organization_id, input), actions::create::run).await.map(Some)
    }

    /// Changes the settings of the store that the request is about. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::StoreManage))]
    async fn store_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: StoreUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the store has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<StoreUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::update::run).await.map(Some)
    }

    /// Closes a store: its tokens and domains are dead at once, and its handle is free. A store that is
    /// opened under the same handle later is another one: nothing that led to the old leads to it.
    #[graphql(directive = requires::apply(Permission::OrganizationManage))]
    async fn store_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which store.")] id: StoreId,
    ) -> Result<Option<StoreDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
