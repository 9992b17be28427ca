//! `roleCreate`: a new role of an organization.

use async_graphql::InputObject;
use entity::tenancy::roles::ActiveModel;
use rules::ids::{OrganizationId, RoleId};
use rules::permission::Permission;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{RoleCreated, RoleSnapshot};
use super::super::store;
use super::super::types::Role;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};
use crate::tenancy::authority;

/// A new role.
#[derive(InputObject, Clone, Default)]
pub struct RoleCreateInput {
    /// The name to show, unique in the organization; at most 100 characters.
    pub name: String,
    /// What the role is for; at most 500 characters.
    pub description: Option<String>,
    /// What it allows; [] allows nothing.
    pub permissions: Vec<Permission>,
}

/// Creates the role.
pub async fn run(ctx: &Ctx, (organization, input): (OrganizationId, RoleCreateInput)) -> Result<Role> {
    authority::authorize(ctx, organization, Permission::RolesManage)?;
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let description = problems.keep(super::description(input.description.as_deref().unwrap_or_default()));
    let permissions = authority::permissions(&mut problems, "permissions", &input.permissions);
    problems.finish()?;
    let (Some(name), Some(description)) = (name, description) else { return Err(input::unread()) };

    let (mut tx, authority) = authority::begin(ctx, organization, Permission::RolesManage, Action::RoleCreate).await?;
    authority.may_give("permissions", permissions).map_err(Error::Conflict)?;
    if store::count(&tx).await? >= super::MAX_ROLES {
        let message = format!("An organization can have {} roles of its own: delete one first.", super::MAX_ROLES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let row = ActiveModel {
        id: Set(ctx.id::<RoleId>()),
        name_normalized: Set(text::fold(&name)),
        name: Set(name),
        description: Set(description),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let role = store::insert(&tx, row, permissions).await?;
    tx.emit(&RoleCreated { role: RoleSnapshot::from(&role) })?;
    tx.commit(Audit::created("role", role.row.id, &RoleSnapshot::from(&role))).await?;
    Ok(role.into())
}
