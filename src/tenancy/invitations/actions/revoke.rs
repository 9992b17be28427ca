//! `invitationRevoke`: an invitation is taken back.

use entity::tenancy::invitations::ActiveModel;
use rules::ids::InvitationId;
use rules::permission::Permission;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{InvitationRevoked, InvitationSnapshot};
use super::super::store;
use super::super::types::Invitation;
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::tenancy::authority;

/// Takes the invitation back.
pub async fn run(ctx: &Ctx, id: InvitationId) -> Result<Invitation> {
    let organization = store::organization_of(&ctx.platform().await?, id).await?.ok_or(Error::NotFound)?;
    let (mut tx, _) = authority::begin(ctx, organization, Permission::MembersManage, Action::InvitationRevoke).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    let revoked = ActiveModel { revoked_at: Set(Some(ctx.now())), ..Default::default() };
    let Some(invitation) = store::close(&tx, id, revoked, false).await? else {
        let message = "The invitation was accepted or revoked already.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    };
    tx.emit(&InvitationRevoked { invitation: InvitationSnapshot::from(&invitation) })?;
    tx.commit(Audit::deleted("invitation", id, &InvitationSnapshot::from(&before))).await?;
    Ok(invitation.into())
}
