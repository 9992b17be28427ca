//! Every query and write of roles.

use std::collections::HashMap;

use entity::tenancy::roles::{ActiveModel, Column, Entity, Model};
use entity::tenancy::{invitations, memberships, role_permissions};
use rules::ids::{OrganizationId, RoleId};
use rules::permission::{BuiltInRole, Permission, PermissionSet};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};

use super::own::OwnRole;
use super::types::RoleChoice;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page;
use crate::kernel::{OrganizationRows, OrganizationScope, PlatformScope, Result, Scope, Tx, db};

const TAKEN: &str = "Another role of the organization has this name: choose a different one.";

/// The organization's own roles, by name.
pub async fn list(scope: &OrganizationScope) -> Result<Vec<OwnRole>> {
    let rows = scope.find::<Entity>().order_by_asc(Column::NameNormalized).list(scope.conn()).await?;
    with_permissions(scope, rows).await
}

pub async fn list_by_ids(scope: &impl OrganizationRows, ids: &[RoleId]) -> Result<Vec<OwnRole>> {
    let select = scope.rows::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    let rows = select.list(scope.conn()).await?;
    with_permissions(scope, rows).await
}

async fn with_permissions(scope: &impl OrganizationRows, rows: Vec<Model>) -> Result<Vec<OwnRole>> {
    let ids = rows.iter().map(|row| row.id.0);
    let select = scope.rows::<role_permissions::Entity>().filter(db::any_of(
        scope.conn(),
        role_permissions::Column::RoleId,
        ids,
    ));
    let mut held: HashMap<RoleId, PermissionSet> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        let set = held.entry(row.role_id).or_default();
        *set = *set | read(&row.permission);
    }
    Ok(rows
        .into_iter()
        .map(|row| OwnRole { permissions: held.get(&row.id).copied().unwrap_or_default(), row })
        .collect())
}

/// A stored permission. One of a newer version, after a step back, gives nothing.
fn read(name: &str) -> PermissionSet {
    Permission::from_name(name).into_iter().collect()
}

pub async fn find(scope: &OrganizationScope, id: RoleId) -> Result<Option<OwnRole>> {
    Ok(list_by_ids(scope, &[id]).await?.pop())
}

/// Which organization a role belongs to.
pub async fn organization_of(scope: &PlatformScope, id: RoleId) -> Result<Option<OrganizationId>> {
    let row = scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?;
    Ok(row.map(|row| row.organization_id))
}

/// What a stored role allows, built in or own.
///
/// # Errors
/// What the database says.
pub async fn permissions_of(
    scope: &OrganizationScope,
    built_in: Option<&str>,
    own: Option<RoleId>,
) -> Result<PermissionSet> {
    let built_in = built_in.and_then(BuiltInRole::from_key).map(BuiltInRole::permissions);
    let own = match own {
        Some(id) => find(scope, id).await?.map(|role| role.permissions),
        None => None,
    };
    Ok(built_in.or(own).unwrap_or_default())
}

/// A role that was chosen, as it is stored, with what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenRole {
    /// The key of a built-in one.
    pub built_in: Option<String>,
    /// The id of an own one.
    pub own: Option<RoleId>,
    /// What it allows.
    pub permissions: PermissionSet,
}

/// Finds the role that was chosen; `None` where the organization has no such role.
///
/// # Errors
/// What the database says.
pub async fn chosen(scope: &OrganizationScope, choice: RoleChoice) -> Result<Option<ChosenRole>> {
    Ok(match choice {
        RoleChoice::BuiltIn(role) => {
            Some(ChosenRole { built_in: Some(role.key().to_owned()), own: None, permissions: role.permissions() })
        }
        RoleChoice::RoleId(id) => find(scope, id).await?.map(|role| ChosenRole {
            built_in: None,
            own: Some(id),
            permissions: role.permissions,
        }),
    })
}

pub async fn count(scope: &OrganizationScope) -> Result<u64> {
    page::count(scope, scope.find::<Entity>()).await
}

pub async fn insert(tx: &Tx<OrganizationScope>, row: ActiveModel, permissions: PermissionSet) -> Result<OwnRole> {
    let row = tx.insert::<Entity>(row).await.map_err(taken("name", "name", TAKEN))?;
    insert_permissions(tx, row.id, permissions).await?;
    Ok(OwnRole { row, permissions })
}

async fn insert_permissions(tx: &Tx<OrganizationScope>, id: RoleId, permissions: PermissionSet) -> Result<()> {
    let rows = permissions.iter().map(|permission| role_permissions::ActiveModel {
        role_id: Set(id),
        permission: Set(permission.name().to_owned()),
        ..Default::default()
    });
    Ok(tx.insert_many::<role_permissions::Entity>(rows.collect()).await?)
}

/// Writes the set columns and all permissions, if the row still has the version that was read. `None`
/// where it has moved on.
pub async fn update(
    tx: &Tx<OrganizationScope>,
    before: &Model,
    mut row: ActiveModel,
    permissions: PermissionSet,
) -> Result<Option<OwnRole>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken("name", "name", TAKEN))?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    tx.delete_many::<role_permissions::Entity>()
        .filter(role_permissions::Column::RoleId.eq(row.id))
        .exec(tx.conn())
        .await?;
    insert_permissions(tx, row.id, permissions).await?;
    Ok(Some(OwnRole { row, permissions }))
}

/// Whether a member has the role, or an open invitation offers it.
pub async fn is_used(tx: &Tx<OrganizationScope>, id: RoleId) -> Result<bool> {
    let members = tx.find::<memberships::Entity>().filter(memberships::Column::RoleId.eq(id));
    let offers = tx
        .find::<invitations::Entity>()
        .filter(invitations::Column::RoleId.eq(id))
        .filter(invitations::Column::AcceptedAt.is_null())
        .filter(invitations::Column::RevokedAt.is_null())
        .filter(invitations::Column::ExpiresAt.gt(tx.ctx().now()));
    let used = members.first(tx.conn()).await?.is_some();
    Ok(used || offers.first(tx.conn()).await?.is_some())
}

/// Removes a role that nobody has. Invitations that are over go with it: the audit log has them, and
/// a row that still names the role would keep it for ever.
pub async fn delete(tx: &Tx<OrganizationScope>, id: RoleId) -> Result<()> {
    let over = Condition::any()
        .add(invitations::Column::AcceptedAt.is_not_null())
        .add(invitations::Column::RevokedAt.is_not_null())
        .add(invitations::Column::ExpiresAt.lte(tx.ctx().now()));
    tx.delete_many::<invitations::Entity>()
        .filter(invitations::Column::RoleId.eq(id))
        .filter(over)
        .exec(tx.conn())
        .await?;
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}
