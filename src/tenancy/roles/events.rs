//! What is told of roles.

use rules::ids::RoleId;
use rules::permission::Permission;
use serde::Serialize;

use super::own::OwnRole;

/// A role as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleSnapshot {
    /// The id.
    pub id: RoleId,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows.
    pub permissions: Vec<&'static str>,
    /// The version.
    pub version: i64,
}

impl From<&OwnRole> for RoleSnapshot {
    fn from(role: &OwnRole) -> Self {
        Self {
            id: role.row.id,
            name: role.row.name.clone(),
            description: role.row.description.clone(),
            permissions: role.permissions.iter().map(Permission::name).collect(),
            version: role.row.version,
        }
    }
}

events! {
    "role", role: RoleSnapshot;
    /// A role was created.
    RoleCreated = "role.created",
    /// A role was changed.
    RoleUpdated = "role.updated",
    /// A role was deleted.
    RoleDeleted = "role.deleted",
}
