//! What is told of memberships.

use entity::tenancy::memberships;
use rules::ids::{MembershipId, RoleId, StoreId, UserId};
use rules::permission::{Permission, PermissionSet};
use serde::Serialize;

use super::standing::Standing;

/// A membership as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MembershipSnapshot {
    /// The id.
    pub id: MembershipId,
    /// The member.
    pub user_id: UserId,
    /// The key of a built-in role.
    pub built_in_role: Option<String>,
    /// A role of the organization's own.
    pub role_id: Option<RoleId>,
    /// Whether it reaches every store.
    pub all_stores: bool,
    /// The stores that it reaches, where it does not reach all.
    pub store_ids: Vec<StoreId>,
    /// What is allowed beside the role.
    pub grants: Vec<&'static str>,
    /// What is denied.
    pub denies: Vec<&'static str>,
    /// The version.
    pub version: i64,
}

fn names(set: PermissionSet) -> Vec<&'static str> {
    set.iter().map(Permission::name).collect()
}

impl MembershipSnapshot {
    /// A membership with its parts.
    pub fn of(row: &memberships::Model, standing: &Standing) -> Self {
        Self {
            store_ids: standing.stores.listed(),
            grants: names(standing.grants),
            denies: names(standing.denies),
            ..Self::plain(row, &[])
        }
    }

    /// A membership with nothing beside its role.
    pub fn plain(row: &memberships::Model, stores: &[StoreId]) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            built_in_role: row.built_in_role.clone(),
            role_id: row.role_id,
            all_stores: row.all_stores,
            store_ids: stores.to_vec(),
            grants: Vec::new(),
            denies: Vec::new(),
            version: row.version,
        }
    }
}

events! {
    "membership", membership: MembershipSnapshot;
    /// Somebody became a member.
    MembershipCreated = "membership.created",
    /// A member's rights changed.
    MembershipUpdated = "membership.updated",
    /// Somebody is no longer a member.
    MembershipRemoved = "membership.removed",
}
