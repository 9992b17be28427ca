//! What the caller may do.

use rules::ids::OrganizationId;
use rules::permission::{Permission, PermissionSet, Reach};

use super::{Actor, Ctx};
use crate::kernel::error::{Error, Result};

impl Ctx {
    /// What the caller may do here: in the store of the request and its organization, or in none.
    pub fn permissions(&self) -> PermissionSet {
        let store = self.0.caller.store.as_ref();
        match self.actor() {
            Actor::Anonymous | Actor::Customer { .. } => PermissionSet::EMPTY,
            Actor::Operator => PermissionSet::all(),
            Actor::Token { permissions, .. } => *permissions,
            Actor::User { members, .. } => members.iter().fold(PermissionSet::EMPTY, |held, member| {
                held | match store {
                    Some(store) if store.organization != member.organization => PermissionSet::EMPTY,
                    Some(store) if member.reaches(store.id) => member.permissions,
                    _ => member.permissions.with_reach(Reach::Organization),
                }
            }),
        }
    }

    /// Whether the caller may do this here.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions().contains(permission)
    }

    /// Whether the caller holds this permission in one of their stores, and only the store was not named.
    pub fn lacks_store_for(&self, permission: Permission) -> bool {
        let Actor::User { members, .. } = self.actor() else { return false };
        let holds = || members.iter().any(|member| member.permissions.contains(permission));
        self.0.caller.store.is_none() && permission.reach() == Reach::Store && holds()
    }

    /// Holds that the caller may do this here.
    ///
    /// # Errors
    /// `Forbidden`, or `StoreRequired` where the caller may in a store, and the request names none.
    pub fn require(&self, permission: Permission) -> Result<()> {
        match self.may(permission) {
            true => Ok(()),
            false if self.lacks_store_for(permission) => Err(Error::StoreRequired),
            false => Err(Error::Forbidden(permission)),
        }
    }

    /// What the caller may do in one organization as a whole and, if `store` is given, in that store.
    pub fn permissions_in(&self, organization: OrganizationId) -> PermissionSet {
        match self.actor() {
            Actor::Operator => PermissionSet::all(),
            actor => actor.member_of(organization).map_or(PermissionSet::EMPTY, |member| member.permissions),
        }
    }
}
