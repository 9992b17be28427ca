//! `invitationCreate`: somebody is offered a membership.

use async_graphql::InputObject;
use entity::tenancy::invitations::ActiveModel;
use rules::ids::{InvitationId, OrganizationId, StoreId};
use rules::permission::{OWNER, Permission};
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{InvitationCreated, InvitationSnapshot};
use super::super::store;
use super::super::types::Invitation;
use crate::identity::email;
use crate::identity::secret::{Kind, Secret};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tenancy::authority::{self, StoreReach};
use crate::tenancy::roles::{self, RoleChoice};
use crate::tenancy::{memberships, stores};

/// Invitations of an organization that can be open at once.
const MAX_OPEN: u64 = 200;

/// A new invitation.
#[derive(InputObject, Clone)]
pub struct InvitationCreateInput {
    /// The e-mail address of whoever is invited; only an account with this address can accept.
    pub email: String,
    /// The role that the member will have.
    pub role: RoleChoice,
    /// Whether the membership will reach every store, also those to come.
    #[graphql(default)]
    pub all_stores: bool,
    /// The stores that the membership will reach, where not all.
    #[graphql(default)]
    pub store_ids: Vec<StoreId>,
}

/// Makes the invitation, and gives its secret.
pub async fn run(
    ctx: &Ctx,
    (organization, input): (OrganizationId, InvitationCreateInput),
) -> Result<(Invitation, String)> {
    let inviter = ctx.user()?;
    authority::authorize(ctx, organization, Permission::MembersManage)?;
    let mut problems = Problems::new();
    let email = problems.keep(email::read("email", &input.email));
    let listed = authority::stores(&mut problems, "storeIds", &input.store_ids, ctx.settings().input_list_max);
    if input.all_stores && !listed.is_empty() {
        problems.add(ErrorCode::Invalid, "storeIds", "Leave the list out where all stores are reached.");
    }
    if !input.all_stores && input.role == RoleChoice::BuiltIn(roles::BuiltInRoleKey::Owner) {
        problems.add(ErrorCode::NotAllowed, "allStores", "An owner has every right in every store.");
    }
    problems.finish()?;
    let Some(email) = email else { return Err(input::unread()) };

    let (mut tx, authority) =
        authority::begin(ctx, organization, Permission::MembersManage, Action::InvitationCreate).await?;
    let role = roles::chosen(&tx, input.role).await?.ok_or_else(|| input::not_found("role", "role"))?;
    stores::expect_living(&tx, "storeIds", &listed).await?;
    let reach = if input.all_stores { StoreReach::All } else { StoreReach::Only(listed.clone()) };
    let mut problems = Problems::new();
    problems.keep(authority.may_give("role", role.permissions));
    problems.keep(authority.may_reach(if input.all_stores { "allStores" } else { "storeIds" }, &reach));
    problems.finish()?;
    debug_assert!(role.built_in.as_deref() != Some(OWNER) || reach.is_all());
    if memberships::is_member(&tx, &email.key).await? {
        let message = "Somebody with this address is a member already.";
        return Err(Error::Conflict(Problem::new(ErrorCode::Taken, "email", message)));
    }
    store::close_expired(&tx, &email.key).await?;
    if store::count_open(&tx).await? >= MAX_OPEN {
        let message = format!("At most {MAX_OPEN} invitations can be open: revoke some first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }

    let secret = Secret::generate(Kind::Invitation, &*ctx.system().entropy);
    let row = ActiveModel {
        id: Set(ctx.id::<InvitationId>()),
        email: Set(email.address),
        email_normalized: Set(email.key),
        built_in_role: Set(role.built_in),
        role_id: Set(role.own),
        all_stores: Set(input.all_stores),
        token_hash: Set(secret.hash().to_vec()),
        invited_by_user_id: Set(inviter),
        expires_at: Set(ctx.now() + ctx.settings().invitation_lifetime),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let invitation = store::insert(&tx, row, &listed).await?;
    tx.emit(&InvitationCreated { invitation: InvitationSnapshot::from(&invitation) })?;
    tx.commit(Audit::created("invitation", invitation.id, &InvitationSnapshot::from(&invitation))).await?;
    Ok((invitation.into(), secret.expose().to_owned()))
}
