//! A role of an organization's own, with what hangs on it.

use entity::tenancy::roles;
use rules::permission::PermissionSet;

/// An organization's own role with its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRole {
    /// Its row.
    pub row: roles::Model,
    /// What it allows.
    pub permissions: PermissionSet,
}
