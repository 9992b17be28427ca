//! What is told of invitations; never their secrets.

use chrono::{DateTime, Utc};
use entity::tenancy::invitations;
use rules::ids::{InvitationId, RoleId, UserId};
use serde::Serialize;

/// An invitation as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitationSnapshot {
    /// The id.
    pub id: InvitationId,
    /// Whom it is for.
    pub email: String,
    /// The key of a built-in role.
    pub built_in_role: Option<String>,
    /// A role of the organization's own.
    pub role_id: Option<RoleId>,
    /// Whether the membership will reach every store.
    pub all_stores: bool,
    /// Who invited.
    pub invited_by_user_id: UserId,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
}

impl From<&invitations::Model> for InvitationSnapshot {
    fn from(row: &invitations::Model) -> Self {
        Self {
            id: row.id,
            email: row.email.clone(),
            built_in_role: row.built_in_role.clone(),
            role_id: row.role_id,
            all_stores: row.all_stores,
            invited_by_user_id: row.invited_by_user_id,
            expires_at: row.expires_at,
        }
    }
}

events! {
    "invitation", invitation: InvitationSnapshot;
    /// Somebody was invited.
    InvitationCreated = "invitation.created",
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked",
    /// An invitation was accepted.
    InvitationAccepted = "invitation.accepted",
}
