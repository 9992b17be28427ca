//! `invitationAccept`: whoever was invited becomes a member.

use entity::tenancy::{invitations, memberships as rows};
use rules::ids::MembershipId;
use rules::permission::Permission;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{InvitationAccepted, InvitationSnapshot};
use super::super::store;
use crate::identity::UserById;
use crate::identity::secret::{self, Hash, Kind};
use crate::kernel::{Action, Audit, Ctx, Error, OrganizationScope, Result, Tx};
use crate::tenancy::authority::{Authority, StoreReach};
use crate::tenancy::memberships::{self, Membership, MembershipCreated, MembershipSnapshot};
use crate::tenancy::{organizations, roles};

/// Reads the secret; what comes on is its hash. `None` where it is no secret of an invitation.
pub fn read(token: &str) -> Option<Hash> {
    secret::parse_kind(Kind::Invitation, token.trim())
}

/// Makes the member.
pub async fn run(ctx: &Ctx, hash: Option<Hash>) -> Result<Membership> {
    let user = ctx.user()?;
    let hash = hash.ok_or_else(invalid)?;
    let offer = store::find_by_hash(&ctx.platform().await?, &hash).await?.ok_or_else(invalid)?;
    let person = ctx.load::<UserById>(user).await?.ok_or(Error::Unauthenticated)?;
    if person.email_normalized != offer.email_normalized {
        let message = "This invitation was sent to another e-mail address: sign in with that one.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "token", message)));
    }

    let mut tx = ctx.begin_organization(offer.organization_id, Action::InvitationAccept).await?;
    match organizations::lock(&tx).await {
        // The organization is gone, and its invitations with it.
        Err(Error::NotFound) => return Err(invalid()),
        locked => locked?,
    };
    let accepted = invitations::ActiveModel { accepted_at: Set(Some(ctx.now())), ..Default::default() };
    let offer = store::close(&tx, offer.id, accepted, true).await?.ok_or_else(invalid)?;
    let stores = expect_covered(&tx, &offer).await?;
    let row = rows::ActiveModel {
        id: Set(ctx.id::<MembershipId>()),
        user_id: Set(user),
        built_in_role: Set(offer.built_in_role.clone()),
        role_id: Set(offer.role_id),
        all_stores: Set(offer.all_stores),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let membership = memberships::insert(&tx, row).await?;
    let stores = stores.listed();
    memberships::insert_reach(&tx, membership.id, &stores).await?;
    tx.emit(&InvitationAccepted { invitation: InvitationSnapshot::from(&offer) })?;
    tx.emit(&MembershipCreated { membership: MembershipSnapshot::plain(&membership, &stores) })?;
    tx.commit(Audit::created("membership", membership.id, &MembershipSnapshot::plain(&membership, &stores))).await?;
    Ok(membership.into())
}

/// Holds what is offered against what its inviter may give now: an invitation must not outlive the
/// rights that it was made with. Gives the stores that it offers.
async fn expect_covered(tx: &Tx<OrganizationScope>, offer: &invitations::Model) -> Result<StoreReach> {
    let stores = if offer.all_stores {
        StoreReach::All
    } else {
        StoreReach::Only(store::reach(&**tx, &[offer.id]).await?.remove(&offer.id).unwrap_or_default())
    };
    let permissions = roles::permissions_of(tx, offer.built_in_role.as_deref(), offer.role_id).await?;
    let inviter = memberships::authority_of(tx, offer.invited_by_user_id).await?.ok_or_else(invalid)?;
    let offered = Authority { permissions, stores: stores.clone() };
    if inviter.permissions.contains(Permission::MembersManage) && inviter.covers(&offered) {
        Ok(stores)
    } else {
        Err(invalid())
    }
}

/// The one answer to every secret that does not work.
fn invalid() -> Error {
    let message = "The invitation is not valid any more: ask for a new one.";
    Error::Conflict(Problem::new(ErrorCode::InvalidToken, "token", message))
}
