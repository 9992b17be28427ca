//! Writes of invitations.

use async_graphql::{Context, Object};
use rules::ids::{InvitationId, OrganizationId};
use rules::permission::Permission;

use super::actions::{self, InvitationCreateInput};
use super::types::{InvitationAcceptPayload, InvitationCreatePayload, InvitationRevokePayload};
use crate::gate::directives::{credential, requires, user};
use crate::kernel::{Ctx, Result};

/// Writes of invitations.
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Invites somebody by their e-mail address. The answer holds the secret, this once. Nobody offers more
    /// than they hold: PERMISSION_NOT_HELD.
    #[graphql(directive = requires::apply(Permission::MembersManage))]
    async fn invitation_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Into which organization.")] organization_id: OrganizationId,
        #[graphql(desc = "The invitation.")] input: InvitationCreateInput,
    ) -> Result<Option<InvitationCreatePayload>> {
        Ctx::of(gql)?.mutate((organization_id, input), actions::create::run).await.map(Some)
    }

    /// Takes an invitation back: its secret is void at once.
    #[graphql(directive = requires::apply(Permission::MembersManage))]
    async fn invitation_revoke(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which invitation.")] id: InvitationId,
    ) -> Result<Option<InvitationRevokePayload>> {
        Ctx::of(gql)?.mutate(id, actions::revoke::run).await.map(Some)
    }

    /// Accepts an invitation, once, in time, signed in with the e-mail address that it was sent to.
    /// INVALID_TOKEN where it is not known, was used or taken back, has run out, or offers more than its
    /// inviter may give by now.
    #[graphql(directive = user::apply(), directive = credential::apply())]
    async fn invitation_accept(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The secret of the invitation.")] token: String,
    ) -> Result<Option<InvitationAcceptPayload>> {
        let hash = actions::accept::read(&token);
        Ctx::of(gql)?.mutate(hash, actions::accept::run).await.map(Some)
    }
}
