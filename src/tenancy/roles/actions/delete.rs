//! `roleDelete`: a role that nobody has goes for good.

use rules::ids::RoleId;
use rules::permission::Permission;
use rules::{ErrorCode, Problem};

use super::super::events::{RoleDeleted, RoleSnapshot};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::tenancy::authority;

/// Deletes the role.
pub async fn run(ctx: &Ctx, id: RoleId) -> Result<RoleId> {
    let organization = super::organization_of(ctx, id).await?;
    let (mut tx, authority) = authority::begin(ctx, organization, Permission::RolesManage, Action::RoleDelete).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    if !authority.permissions.contains_all(before.permissions) {
        return Err(authority::above());
    }
    if store::is_used(&tx, id).await? {
        let message = "Members have this role, or open invitations offer it: give them another one first.";
        return Err(Error::Conflict(Problem::new(ErrorCode::InUse, "", message)));
    }
    store::delete(&tx, id).await?;
    tx.emit(&RoleDeleted { role: RoleSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("role", id, &RoleSnapshot::from(&before))).await?;
    Ok(id)
}
