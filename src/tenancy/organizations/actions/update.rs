//! `organizationUpdate`: an organization gets another name or handle.

use async_graphql::InputObject;
use entity::tenancy::organizations::ActiveModel;
use rules::Problems;
use rules::ids::OrganizationId;
use rules::permission::Permission;
use sea_orm::ActiveValue::Set;

use super::super::events::{OrganizationSnapshot, OrganizationUpdated};
use super::super::store;
use super::super::types::Organization;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tenancy::authority;
use crate::tenancy::stores::handle;

/// What changes of an organization. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct OrganizationUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The short name in addresses.
    pub handle: Option<String>,
}

/// Changes the organization.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (OrganizationId, OrganizationUpdateInput, Option<i32>),
) -> Result<Organization> {
    authority::authorize(ctx, id, Permission::OrganizationManage)?;
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.name = Set(name);
    }
    if let Some(handle) = &input.handle
        && let Some(handle) = problems.keep(handle::read("handle", handle))
    {
        row.handle = Set(handle);
    }
    problems.finish()?;

    let (mut tx, _) = authority::begin(ctx, id, Permission::OrganizationManage, Action::OrganizationUpdate).await?;
    let before = store::find_living(&tx).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let organization = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&OrganizationUpdated { organization: OrganizationSnapshot::from(&organization) })?;
    let (before, after) = (OrganizationSnapshot::from(&before), OrganizationSnapshot::from(&organization));
    tx.commit(Audit::updated("organization", id, &before, &after)).await?;
    Ok(organization.into())
}
