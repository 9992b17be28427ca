//! What one membership comes to.

use rules::permission::{PermissionSet, effective};

use crate::tenancy::authority::{Authority, StoreReach};

/// The parts of a membership, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the role is that of an owner.
    pub is_owner: bool,
    /// What the role allows.
    pub role: PermissionSet,
    /// What is allowed beside it.
    pub grants: PermissionSet,
    /// What is denied, whatever else says.
    pub denies: PermissionSet,
    /// The stores that it reaches.
    pub stores: StoreReach,
}

impl Standing {
    /// What the member may do (rule A1).
    pub fn authority(&self) -> Authority {
        Authority { permissions: effective(self.role, self.grants, self.denies), stores: self.stores.clone() }
    }

    /// What the membership stands for: the same without the denials. A change is held against this, so
    /// that nobody gives a role that they do not hold by denying what is too much, for somebody else to
    /// lift the denial later.
    pub fn rank(&self) -> Authority {
        Authority { permissions: self.role | self.grants, stores: self.stores.clone() }
    }
}

#[cfg(test)]
mod tests {
    use rules::permission::{BuiltInRole, Permission};

    use super::*;

    #[test]
    fn rule_a1_a_denial_lowers_what_one_may_do_and_not_what_one_stands_for() {
        let denies: PermissionSet = [Permission::OrganizationManage].into_iter().collect();
        let standing = Standing {
            is_owner: true,
            role: BuiltInRole::from_key("OWNER").expect("a built-in role").permissions(),
            grants: PermissionSet::EMPTY,
            denies,
            stores: StoreReach::All,
        };
        let administrator = standing.authority();
        assert!(!administrator.permissions.contains(Permission::OrganizationManage));
        assert!(!administrator.covers(&standing.rank()), "an owner with a denial is still above an administrator");
    }
}
