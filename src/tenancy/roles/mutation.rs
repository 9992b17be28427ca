//! Writes of roles.

use async_graphql::{Context, Object};
use rules::ids::{OrganizationId, RoleId};
use rules::permission::Permission;

use super::actions::{self, RoleCreateInput, RoleUpdateInput};
use super::types::{RoleCreatePayload, RoleDeletePayload, RoleUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of roles.
#[derive(Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Creates a role. It can hold only what you hold yourself; otherwise PERMISSION_NOT_HELD.
    #[graphql(directive = requires::apply(Permission::RolesManage))]
    async fn role_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Whose role it will be.")] organization_id: OrganizationId,
        #[graphql(desc = "The role.")] input: RoleCreateInput,
    ) -> Result<Option<RoleCreatePayload>> {
        Ctx::of(gql)?.mutate((organization_id, input), actions::create::run).await.map(Some)
    }

    /// Changes a role, at once for every member who has it. PERMISSION_NOT_HELD where it allows more than
    /// you may, before or after, or you do not reach all stores. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::RolesManage))]
    async fn role_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which role.")] id: RoleId,
        #[graphql(desc = "What changes.")] input: RoleUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the role has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<RoleUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a role for good. IN_USE where a member has it or an open invitation offers it.
    #[graphql(directive = requires::apply(Permission::RolesManage))]
    async fn role_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which role.")] id: RoleId,
    ) -> Result<Option<RoleDeletePayload>> {
        Ctx::of(gql)?.mutate(id, actions::delete::run).await.map(Some)
    }
}
