//! What somebody holds in an organization, and whether it is enough to give or to change (rule A1).
//!
//! The gate asks only whether a caller holds a permission in some organization; here it is asked for
//! the one that the request is about: first from what the request knows, then again inside the write,
//! after the organization's row was locked. Whoever gives, takes or removes rights comes through
//! [`begin`], one at a time in an organization, so that no two calls add up to more than either may.

use std::collections::BTreeSet;

use rules::ids::{OrganizationId, StoreId};
use rules::permission::{Permission, PermissionSet};
use rules::{ErrorCode, Problem, Problems};

use super::{memberships, organizations};
use crate::kernel::{Action, Actor, Ctx, Error, OrganizationScope, Result, Tx};

/// The stores that a membership reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreReach {
    /// Every store, also those to come.
    All,
    /// These.
    Only(BTreeSet<StoreId>),
}

impl StoreReach {
    /// Whether the store is reached.
    pub fn contains(&self, store: StoreId) -> bool {
        match self {
            Self::All => true,
            Self::Only(stores) => stores.contains(&store),
        }
    }

    /// Whether every store that `other` reaches is reached.
    pub fn contains_all(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Only(_), Self::All) => false,
            (Self::Only(mine), Self::Only(others)) => others.is_subset(mine),
        }
    }

    /// Whether it is every store.
    pub fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// The stores that are listed; none where all are reached.
    pub fn listed(&self) -> Vec<StoreId> {
        match self {
            Self::All => Vec::new(),
            Self::Only(stores) => stores.iter().copied().collect(),
        }
    }
}

/// What somebody may do in an organization, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// What.
    pub permissions: PermissionSet,
    /// Where.
    pub stores: StoreReach,
}

impl Authority {
    /// Everything, everywhere.
    pub fn whole() -> Self {
        Self { permissions: PermissionSet::all(), stores: StoreReach::All }
    }

    /// Whether `other` is nothing more than this: somebody may give, change and take away only that.
    pub fn covers(&self, other: &Self) -> bool {
        self.permissions.contains_all(other.permissions) && self.stores.contains_all(&other.stores)
    }

    /// Refuses to give permissions that are not held.
    ///
    /// # Errors
    /// A problem at `path` that names them.
    pub fn may_give(&self, path: &str, given: PermissionSet) -> Result<(), Problem> {
        may_give(self.permissions, path, given)
    }

    /// Refuses to give a reach that is not held.
    ///
    /// # Errors
    /// A problem at `path`.
    pub fn may_reach(&self, path: &str, given: &StoreReach) -> Result<(), Problem> {
        if self.stores.contains_all(given) {
            return Ok(());
        }
        let message = "You do not reach all of these stores yourself, so you can't give them to anybody.";
        Err(Problem::new(ErrorCode::PermissionNotHeld, path, message))
    }

    /// Refuses to touch what allows or reaches more than this.
    ///
    /// # Errors
    /// `Conflict` with `PERMISSION_NOT_HELD`.
    pub fn may_touch(&self, other: &Self) -> Result<()> {
        if self.covers(other) { Ok(()) } else { Err(above()) }
    }
}

/// Refuses to give permissions beyond those that are held.
///
/// # Errors
/// A problem at `path` that names them.
pub fn may_give(held: PermissionSet, path: &str, given: PermissionSet) -> Result<(), Problem> {
    let beyond = given - held;
    if beyond.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = beyond.iter().map(Permission::name).collect();
    let message = format!("You do not hold {} here, so you can't give it to anybody.", names.join(", "));
    Err(Problem::new(ErrorCode::PermissionNotHeld, path, message))
}

/// The refusal to touch what stands above the caller.
pub fn above() -> Error {
    let message = "It allows or reaches more than you do: ask somebody who holds as much.";
    Error::Conflict(Problem::new(ErrorCode::PermissionNotHeld, "", message))
}

/// Reads a list of permissions that are about to be given or denied. One that stands twice is a
/// problem: nobody means that.
pub fn permissions(problems: &mut Problems, path: &str, list: &[Permission]) -> PermissionSet {
    let mut read = PermissionSet::EMPTY;
    for (place, permission) in list.iter().enumerate() {
        if read.contains(*permission) {
            let message = format!("{permission} stands here twice: leave one out.");
            problems.add(ErrorCode::Duplicate, &format!("{path}.{place}"), message);
        }
        read = read | [*permission].into_iter().collect();
    }
    read
}

/// Reads a list of stores that a membership is about to reach.
pub fn stores(problems: &mut Problems, path: &str, list: &[StoreId], max: usize) -> BTreeSet<StoreId> {
    if list.len() > max {
        problems.add(ErrorCode::TooLong, path, format!("List at most {max} stores, or choose all of them."));
        return BTreeSet::new();
    }
    let mut read = BTreeSet::new();
    for (place, store) in list.iter().enumerate() {
        if !read.insert(*store) {
            problems.add(ErrorCode::Duplicate, &format!("{path}.{place}"), "This store stands here twice.");
        }
    }
    read
}

/// Whether the caller may do this in one organization as a whole, by what the request knows.
///
/// # Errors
/// `NotFound` where the caller does not belong to the organization, so that nobody learns whether it
/// is there; `Forbidden` where the caller belongs to it and lacks the permission.
pub fn authorize(ctx: &Ctx, organization: OrganizationId, permission: Permission) -> Result<()> {
    belongs(ctx, organization)?;
    if ctx.permissions_in(organization).contains(permission) { Ok(()) } else { Err(Error::Forbidden(permission)) }
}

/// Whether the caller belongs to an organization.
///
/// # Errors
/// `NotFound` where not.
pub fn belongs(ctx: &Ctx, organization: OrganizationId) -> Result<()> {
    let is_operator = matches!(ctx.actor(), Actor::Operator);
    if is_operator || ctx.actor().member_of(organization).is_some() { Ok(()) } else { Err(Error::NotFound) }
}

/// Begins a write that needs a permission in the organization as a whole. Locks the organization's row
/// first, then reads again what the caller holds: what was taken away a moment ago is gone here too.
///
/// # Errors
/// As [`authorize`]; `Refused` where the organization is suspended.
pub async fn begin(
    ctx: &Ctx,
    organization: OrganizationId,
    permission: Permission,
    action: Action,
) -> Result<(Tx<OrganizationScope>, Authority)> {
    authorize(ctx, organization, permission)?;
    let tx = ctx.begin_organization(organization, action).await?;
    organizations::lock(&tx).await?;
    let authority = match ctx.actor() {
        Actor::Operator => Authority::whole(),
        _ => memberships::authority_of(&tx, ctx.user()?).await?.ok_or(Error::NotFound)?,
    };
    if authority.permissions.contains(permission) { Ok((tx, authority)) } else { Err(Error::Forbidden(permission)) }
}

#[cfg(test)]
mod tests {
    use rules::permission::BuiltInRole;
    use uuid::Uuid;

    use super::*;

    fn role(key: &str) -> PermissionSet {
        BuiltInRole::from_key(key).expect("a built-in role").permissions()
    }

    fn only(stores: &[u128]) -> StoreReach {
        StoreReach::Only(stores.iter().map(|bits| StoreId(Uuid::from_u128(*bits))).collect())
    }

    #[test]
    fn rule_a1_nobody_covers_what_allows_or_reaches_more() {
        let administrator = Authority { permissions: role("ADMINISTRATOR"), stores: StoreReach::All };
        let of_two = Authority { permissions: role("ADMINISTRATOR"), stores: only(&[1, 2]) };
        let viewer_everywhere = Authority { permissions: role("VIEWER"), stores: StoreReach::All };
        let manager_of_one = Authority { permissions: role("MANAGER"), stores: only(&[2]) };

        assert!(Authority::whole().covers(&administrator) && !administrator.covers(&Authority::whole()));
        assert!(administrator.covers(&administrator), "equals may change each other");
        assert!(administrator.covers(&of_two) && !of_two.covers(&administrator));
        assert!(of_two.covers(&manager_of_one) && !manager_of_one.covers(&of_two));
        assert!(!of_two.covers(&viewer_everywhere), "a reach can't be given that is not held");
        assert!(of_two.covers(&Authority { permissions: PermissionSet::EMPTY, stores: only(&[]) }));
    }

    #[test]
    fn attack_t14_what_is_not_held_is_named() {
        let manager = Authority { permissions: role("MANAGER"), stores: only(&[1]) };
        let problem = manager.may_give("permissions", role("ADMINISTRATOR")).expect_err("it is more");
        assert_eq!(problem.code, ErrorCode::PermissionNotHeld);
        assert!(problem.message.contains("MEMBERS_MANAGE") && !problem.message.contains("PRODUCTS_READ"));
        assert!(manager.may_give("permissions", role("MERCHANDISER")).is_ok());
        assert!(manager.may_reach("stores", &only(&[1])).is_ok() && manager.may_reach("stores", &only(&[2])).is_err());
    }

    #[test]
    fn attack_t12_a_permission_that_stands_twice_is_a_problem() {
        let mut problems = Problems::new();
        let read = permissions(&mut problems, "permissions", &[Permission::ProductsRead, Permission::ProductsRead]);
        assert_eq!(read, [Permission::ProductsRead].into_iter().collect());
        let problems = problems.finish().expect_err("one stands twice");
        assert_eq!((problems[0].code, problems[0].field.join(".")), (ErrorCode::Duplicate, "permissions.1".to_owned()));
        assert!(permissions(&mut Problems::new(), "permissions", &[]).is_empty(), "nothing is nothing, never all");
    }
}
