//! Writes of organizations.

use async_graphql::{Context, Object};
use rules::ids::OrganizationId;
use rules::permission::Permission;

use super::actions::{self, OrganizationCreateInput, OrganizationUpdateInput};
use super::types::{OrganizationCreatePayload, OrganizationUpdatePayload};
use crate::gate::directives::{requires, user};
use crate::kernel::{Ctx, Result};

/// Writes of organizations.
#[derive(Default)]
pub struct OrganizationMutation;

#[Object]
impl OrganizationMutation {
    /// Creates an organization, which you own. Open a store in it with `storeCreate`.
    #[graphql(directive = user::apply())]
    async fn organization_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The organization.")] input: OrganizationCreateInput,
    ) -> Result<Option<OrganizationCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes an organization. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::OrganizationManage))]
    async fn organization_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which organization.")] id: OrganizationId,
        #[graphql(desc = "What changes.")] input: OrganizationUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the organization has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<OrganizationUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }
}
