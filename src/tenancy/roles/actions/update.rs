//! `roleUpdate`: a role changes, for every member who has it.

use async_graphql::{InputObject, MaybeUndefined};
use entity::tenancy::roles::ActiveModel;
use rules::Problems;
use rules::ids::RoleId;
use rules::permission::Permission;
use sea_orm::ActiveValue::Set;

use super::super::events::{RoleSnapshot, RoleUpdated};
use super::super::store;
use super::super::types::Role;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};
use crate::tenancy::authority::{self, Authority, StoreReach};

/// What changes of a role. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct RoleUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// What the role is for; null clears.
    pub description: MaybeUndefined<String>,
    /// Everything that it allows from now on; [] allows nothing, null is refused.
    pub permissions: MaybeUndefined<Vec<Permission>>,
}

/// Changes the role.
pub async fn run(ctx: &Ctx, (id, input, expected): (RoleId, RoleUpdateInput, Option<i32>)) -> Result<Role> {
    let organization = super::organization_of(ctx, id).await?;
    authority::authorize(ctx, organization, Permission::RolesManage)?;
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.name_normalized = Set(text::fold(&name));
        row.name = Set(name);
    }
    match &input.description {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.description = Set(String::new()),
        MaybeUndefined::Value(text) => {
            if let Some(text) = problems.keep(super::description(text)) {
                row.description = Set(text);
            }
        }
    }
    let permissions = match &input.permissions {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            problems.push(input::null_list("permissions"));
            None
        }
        MaybeUndefined::Value(list) => Some(authority::permissions(&mut problems, "permissions", list)),
    };
    problems.finish()?;

    let (mut tx, authority) = authority::begin(ctx, organization, Permission::RolesManage, Action::RoleUpdate).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    // A role holds wherever its members are: changing it is giving, or taking, in every store.
    authority.may_touch(&Authority { permissions: before.permissions, stores: StoreReach::All })?;
    input::expect_version(expected, before.row.version)?;
    let permissions = permissions.unwrap_or(before.permissions);
    authority.may_give("permissions", permissions).map_err(Error::Conflict)?;
    let role = store::update(&tx, &before.row, row, permissions).await?.ok_or_else(input::stale)?;
    tx.emit(&RoleUpdated { role: RoleSnapshot::from(&role) })?;
    tx.commit(Audit::updated("role", id, &RoleSnapshot::from(&before), &RoleSnapshot::from(&role))).await?;
    Ok(role.into())
}
