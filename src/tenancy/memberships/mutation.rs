//! Writes of memberships.

use async_graphql::{Context, Object};
use rules::ids::MembershipId;
use rules::permission::Permission;

use super::actions::{self, MembershipUpdateInput};
use super::types::{MembershipRemovePayload, MembershipUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of memberships.
#[derive(Default)]
pub struct MembershipMutation;

#[Object]
impl MembershipMutation {
    /// Changes a member's role, rights or stores. PERMISSION_NOT_HELD where the membership is, or would be,
    /// more than your own; LAST_OWNER where the organization would be left without one.
    #[graphql(directive = requires::apply(Permission::MembersManage))]
    async fn membership_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which membership.")] id: MembershipId,
        #[graphql(desc = "What changes.")] input: MembershipUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the membership has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<MembershipUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Removes a member, who may be yourself; what the membership allowed is gone with the next request.
    /// PERMISSION_NOT_HELD where it is more than your own; LAST_OWNER where it is the last owner's.
    #[graphql(directive = requires::apply(Permission::MembersManage))]
    async fn membership_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which membership.")] id: MembershipId,
    ) -> Result<Option<MembershipRemovePayload>> {
        Ctx::of(gql)?.mutate(id, actions::remove::run).await.map(Some)
    }
}
