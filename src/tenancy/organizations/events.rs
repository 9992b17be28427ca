//! What is told of organizations.

use entity::tenancy::organizations;
use rules::ids::OrganizationId;
use serde::Serialize;

/// An organization as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationSnapshot {
    /// The id.
    pub id: OrganizationId,
    /// The name.
    pub name: String,
    /// The name in addresses.
    pub handle: String,
    /// The version.
    pub version: i64,
}

impl From<&organizations::Model> for OrganizationSnapshot {
    fn from(row: &organizations::Model) -> Self {
        Self { id: row.id, name: row.name.clone(), handle: row.handle.clone(), version: row.version }
    }
}

events! {
    "organization", organization: OrganizationSnapshot;
    /// An organization was created.
    OrganizationCreated = "organization.created",
    /// An organization was renamed.
    OrganizationUpdated = "organization.updated",
}
