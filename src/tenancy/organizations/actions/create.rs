//! `organizationCreate`: a new organization with its first owner.

use async_graphql::InputObject;
use entity::tenancy::{memberships, organizations};
use rules::ids::{MembershipId, OrganizationId, UserId};
use rules::permission::OWNER;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{OrganizationCreated, OrganizationSnapshot};
use super::super::store;
use super::super::types::Organization;
use crate::kernel::{Action, Audit, Ctx, Result, input, text};
use crate::tenancy::memberships::{MembershipCreated, MembershipSnapshot};
use crate::tenancy::stores::handle;

/// A new organization.
#[derive(InputObject, Clone, Default)]
pub struct OrganizationCreateInput {
    /// The name to show; at most 200 characters.
    pub name: String,
    /// The short name in addresses, unique on the platform; made from the name where it is left out.
    pub handle: Option<String>,
}

/// Creates the organization; who asks owns it.
pub async fn run(ctx: &Ctx, input: OrganizationCreateInput) -> Result<Organization> {
    create(ctx, (ctx.user()?, input)).await
}

/// Creates the organization for an owner. For the shell and the demo, which are nobody's.
///
/// # Errors
/// The problems of the input; `TAKEN` for the handle.
pub async fn create(ctx: &Ctx, (owner, input): (UserId, OrganizationCreateInput)) -> Result<Organization> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let handle = problems.keep(match &input.handle {
        Some(given) => handle::read("handle", given),
        None => made(&input.name),
    });
    problems.finish()?;
    let (Some(name), Some(handle)) = (name, handle) else { return Err(input::unread()) };

    let id: OrganizationId = ctx.id();
    let mut tx = ctx.begin_organization(id, Action::OrganizationCreate).await?;
    let row = organizations::ActiveModel {
        name: Set(name),
        handle: Set(handle),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let organization = store::insert(&tx, row).await?;
    let membership = memberships::ActiveModel {
        id: Set(ctx.id::<MembershipId>()),
        built_in_role: Set(Some(OWNER.to_owned())),
        role_id: Set(None),
        all_stores: Set(true),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let membership = store::insert_owner(&tx, owner, membership).await?;
    tx.emit(&OrganizationCreated { organization: OrganizationSnapshot::from(&organization) })?;
    tx.emit(&MembershipCreated { membership: MembershipSnapshot::plain(&membership, &[]) })?;
    tx.commit(Audit::created("organization", id, &OrganizationSnapshot::from(&organization))).await?;
    Ok(organization.into())
}

fn made(name: &str) -> Result<String, Problem> {
    let made = text::slug(name);
    if made.is_empty() {
        let message = "No handle can be made from this name: give one.";
        return Err(Problem::new(ErrorCode::Required, "handle", message));
    }
    handle::read("handle", &made)
}
