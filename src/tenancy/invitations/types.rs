//! How invitations look in the schema.

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use entity::tenancy::invitations;
use futures::future::try_join_all;
use rules::Problem;
use rules::ids::InvitationId;
use serde::Serialize;

use super::loaders::ReachByInvitation;
use crate::identity::{User, UserById};
use crate::kernel::graph::{Load, object};
use crate::kernel::payload::{Payload, UserError};
use crate::kernel::{Ctx, Result};
use crate::tenancy::memberships::Membership;
use crate::tenancy::roles::{Role, RoleById};
use crate::tenancy::stores::{Store, StoreById};
use crate::{connection, payload};

/// How far an invitation has come.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    /// It was accepted.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Nobody accepted it in time.
    Expired,
}

/// An offer of a membership to whoever has an e-mail address.
#[derive(Clone)]
pub struct Invitation(pub Arc<invitations::Model>);

impl From<invitations::Model> for Invitation {
    fn from(row: invitations::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// An offer of a membership to whoever has an e-mail address.
#[object]
impl Invitation {
    /// The invitation's id.
    fn id(&self) -> InvitationId {
        self.0.id
    }

    /// Whom it is for.
    fn email(&self) -> &str {
        &self.0.email
    }

    /// How far it has come.
    fn state(&self, ctx: &Ctx) -> InvitationState {
        let now = ctx.now();
        match &*self.0 {
            row if row.accepted_at.is_some() => InvitationState::Accepted,
            row if row.revoked_at.is_some() => InvitationState::Revoked,
            row if row.expires_at <= now => InvitationState::Expired,
            _ => InvitationState::Open,
        }
    }

    /// The role that it offers. Null where that is gone.
    fn role(&self) -> Load<RoleById, Option<Role>> {
        match (&self.0.built_in_role, self.0.role_id) {
            (Some(key), _) => Load::known(Role::of_key(key)),
            (None, id) => {
                Load::<RoleById, _>::maybe(id.map(|id| (self.0.organization_id, id)), |role| role.map(Into::into))
            }
        }
    }

    /// Whether the membership will reach every store.
    fn all_stores(&self) -> bool {
        self.0.all_stores
    }

    /// The stores that the membership will reach, where not all.
    async fn stores(&self, ctx: &Ctx) -> Result<Vec<Store>> {
        if self.0.all_stores {
            return Ok(Vec::new());
        }
        let ids = ctx.load::<ReachByInvitation>((self.0.organization_id, self.0.id)).await?;
        let stores = try_join_all(ids.into_iter().map(|id| ctx.load::<StoreById>(id))).await?;
        Ok(stores.into_iter().flatten().filter(|row| row.deleted_at.is_none()).map(Store::bare).collect())
    }

    /// Who invited.
    fn invited_by(&self) -> Load<UserById, Option<User>> {
        Load::<UserById, _>::of(self.0.invited_by_user_id, |user| user.map(User::new))
    }

    /// Until when it can be accepted.
    fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was made.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(InvitationConnection, InvitationEdge, Invitation, "invitations");

/// The answer of `invitationCreate`.
#[object]
pub struct InvitationCreatePayload {
    /// The new invitation.
    invitation: Option<Invitation>,
    /// The secret to accept it with. It is shown this once: hand it to the person who is invited.
    token: Option<String>,
    /// What to mend, where nothing was changed; empty otherwise.
    user_errors: Vec<UserError>,
}

impl Payload for InvitationCreatePayload {
    type Value = (Invitation, String);

    fn done((invitation, token): Self::Value) -> Self {
        Self { invitation: Some(invitation), token: Some(token), user_errors: Vec::new() }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { invitation: None, token: None, user_errors: problems.into_iter().map(Into::into).collect() }
    }
}

payload! {
    /// The answer of `invitationRevoke`.
    InvitationRevokePayload {
        /// The invitation as it is now.
        invitation: Invitation,
    }
}

payload! {
    /// The answer of `invitationAccept`.
    InvitationAcceptPayload {
        /// Your new membership.
        membership: Membership,
    }
}
