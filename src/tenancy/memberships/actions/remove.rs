//! `membershipRemove`: somebody is no longer a member.

use rules::ids::MembershipId;
use rules::permission::Permission;

use super::super::events::{MembershipRemoved, MembershipSnapshot};
use super::super::store;
use crate::kernel::{Action, Actor, Audit, Ctx, Error, Result};
use crate::tenancy::authority;

/// Removes the member.
pub async fn run(ctx: &Ctx, id: MembershipId) -> Result<MembershipId> {
    let organization = super::organization_of(ctx, id).await?;
    let (mut tx, authority) =
        authority::begin(ctx, organization, Permission::MembersManage, Action::MembershipRemove).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    let stood = store::standing(&tx, &before).await?;
    // One's own is never above oneself, even where something is denied.
    let is_own = matches!(ctx.actor(), Actor::User { user, .. } if *user == before.user_id);
    if !is_own {
        authority.may_touch(&stood.rank())?;
    }
    if stood.is_owner {
        super::keep_an_owner(&tx, id).await?;
    }
    store::delete(&tx, id).await?;
    let audit = Audit::deleted("membership", id, &MembershipSnapshot::of(&before, &stood));
    tx.emit(&MembershipRemoved { membership: MembershipSnapshot::of(&before, &stood) })?;
    tx.commit(audit).await?;
    Ok(id)
}
