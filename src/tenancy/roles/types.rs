//! How roles look in the schema, and how one is chosen.

use std::sync::Arc;

use async_graphql::{Enum, OneofObject};
use chrono::{DateTime, Utc};
use rules::ids::RoleId;
use rules::permission::{BUILT_IN_ROLES, BuiltInRole, Permission, PermissionSet};
use serde::Serialize;

use super::own::OwnRole;
use crate::kernel::graph::object;
use crate::payload;

/// A role that every organization has, and that nobody edits.
#[derive(Debug, Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "BuiltInRole")]
pub enum BuiltInRoleKey {
    /// Everything, with the organization itself. An organization has at least one.
    Owner,
    /// Everything in the stores, and the members; not the organization itself.
    Administrator,
    /// Runs the stores day by day, without members, roles and tokens.
    Manager,
    /// Keeps the catalog, its prices and promotions.
    Merchandiser,
    /// Sees everything in the stores, changes nothing.
    Viewer,
}

impl BuiltInRoleKey {
    /// All of them, the most powerful first.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Administrator, Self::Manager, Self::Merchandiser, Self::Viewer];

    /// The key in the database.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "OWNER",
            Self::Administrator => "ADMINISTRATOR",
            Self::Manager => "MANAGER",
            Self::Merchandiser => "MERCHANDISER",
            Self::Viewer => "VIEWER",
        }
    }

    /// What it allows.
    pub fn permissions(self) -> PermissionSet {
        BuiltInRole::from_key(self.key()).map_or(PermissionSet::EMPTY, BuiltInRole::permissions)
    }

    /// The built-in role of a key.
    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// Which role somebody gets.
#[derive(Debug, OneofObject, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "RoleInput")]
pub enum RoleChoice {
    /// One that every organization has.
    BuiltIn(BuiltInRoleKey),
    /// One of the organization's own, by its id.
    RoleId(RoleId),
}

/// A named set of permissions.
#[derive(Clone)]
pub struct Role(RoleView);

#[derive(Clone)]
enum RoleView {
    BuiltIn(&'static BuiltInRole),
    Own(Arc<OwnRole>),
}

impl Role {
    /// A built-in role by its key; `None` where there is none of it.
    pub fn of_key(key: &str) -> Option<Self> {
        BuiltInRole::from_key(key).map(|role| Self(RoleView::BuiltIn(role)))
    }

    /// The built-in roles, the most powerful first.
    pub fn all_built_in() -> impl Iterator<Item = Self> {
        BUILT_IN_ROLES.iter().map(|role| Self(RoleView::BuiltIn(role)))
    }

    /// What it allows.
    pub fn allows(&self) -> PermissionSet {
        match &self.0 {
            RoleView::BuiltIn(role) => role.permissions(),
            RoleView::Own(role) => role.permissions,
        }
    }

    fn own(&self) -> Option<&OwnRole> {
        match &self.0 {
            RoleView::BuiltIn(_) => None,
            RoleView::Own(role) => Some(role),
        }
    }
}

impl From<Arc<OwnRole>> for Role {
    fn from(role: Arc<OwnRole>) -> Self {
        Self(RoleView::Own(role))
    }
}

impl From<OwnRole> for Role {
    fn from(role: OwnRole) -> Self {
        Arc::new(role).into()
    }
}

/// A named set of permissions: one that every organization has, or one of the organization's own.
#[object]
impl Role {
    /// The role's id. Null where it is built in.
    fn id(&self) -> Option<RoleId> {
        self.own().map(|role| role.row.id)
    }

    /// Which of the built-in roles it is. Null where it is the organization's own.
    fn built_in(&self) -> Option<BuiltInRoleKey> {
        match &self.0 {
            RoleView::BuiltIn(role) => BuiltInRoleKey::from_key(role.key),
            RoleView::Own(_) => None,
        }
    }

    /// The name to show.
    fn name(&self) -> &str {
        match &self.0 {
            RoleView::BuiltIn(role) => role.name,
            RoleView::Own(role) => &role.row.name,
        }
    }

    /// What the role is for.
    fn description(&self) -> &str {
        match &self.0 {
            RoleView::BuiltIn(role) => role.description,
            RoleView::Own(role) => &role.row.description,
        }
    }

    /// What it allows.
    fn permissions(&self) -> Vec<Permission> {
        self.allows().iter().collect()
    }

    /// Goes up with each change; send it back as `expectedVersion`. Null where the role is built in.
    fn version(&self) -> Option<i32> {
        self.own().and_then(|role| i32::try_from(role.row.version).ok())
    }

    /// When it was created. Null where the role is built in.
    fn created_at(&self) -> Option<DateTime<Utc>> {
        self.own().map(|role| role.row.created_at)
    }

    /// When it last changed. Null where the role is built in.
    fn updated_at(&self) -> Option<DateTime<Utc>> {
        self.own().map(|role| role.row.updated_at)
    }
}

payload! {
    /// The answer of `roleCreate`.
    RoleCreatePayload {
        /// The new role.
        role: Role,
    }
}

payload! {
    /// The answer of `roleUpdate`.
    RoleUpdatePayload {
        /// The role as it is now.
        role: Role,
    }
}

payload! {
    /// The answer of `roleDelete`.
    RoleDeletePayload {
        /// The id of the deleted role.
        deleted_role_id: RoleId,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_has_the_built_in_roles_of_the_rules() {
        let keys: Vec<_> = BuiltInRoleKey::ALL.iter().map(|role| role.key()).collect();
        assert_eq!(keys, BUILT_IN_ROLES.iter().map(|role| role.key).collect::<Vec<_>>());
        assert!(BuiltInRoleKey::ALL.iter().all(|role| !role.permissions().is_empty()));
    }
}
