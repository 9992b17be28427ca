//! `membershipUpdate`: a member gets other rights, or other stores.

use std::collections::BTreeSet;

use async_graphql::{InputObject, MaybeUndefined};
use entity::tenancy::memberships::ActiveModel;
use rules::ids::{MembershipId, StoreId};
use rules::permission::{OWNER, Permission, PermissionSet};
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{MembershipSnapshot, MembershipUpdated};
use super::super::standing::Standing;
use super::super::store;
use super::super::types::Membership;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::tenancy::authority::{self, StoreReach};
use crate::tenancy::roles::{self, RoleChoice};
use crate::tenancy::stores;

/// What changes of a membership. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct MembershipUpdateInput {
    /// The role.
    pub role: Option<RoleChoice>,
    /// True reaches every store, also those to come; false reaches those of `storeIds` only.
    pub all_stores: Option<bool>,
    /// The stores that it reaches from now on, and no others; [] reaches none, null is refused.
    pub store_ids: MaybeUndefined<Vec<StoreId>>,
    /// Everything that the member may do beside the role; [] is nothing, null is refused.
    pub grants: MaybeUndefined<Vec<Permission>>,
    /// Everything that the member may not do, whatever else says; [] is nothing, null is refused.
    pub denies: MaybeUndefined<Vec<Permission>>,
}

/// The input, read.
struct Change {
    role: Option<RoleChoice>,
    all_stores: Option<bool>,
    stores: Option<BTreeSet<StoreId>>,
    grants: Option<PermissionSet>,
    denies: Option<PermissionSet>,
}

impl Change {
    fn read(input: &MembershipUpdateInput, max: usize) -> Result<Self> {
        let mut problems = Problems::new();
        let change = Self {
            role: input.role,
            all_stores: input.all_stores,
            stores: listed(&mut problems, "storeIds", &input.store_ids, |problems, path, list| {
                authority::stores(problems, path, list, max)
            }),
            grants: listed(&mut problems, "grants", &input.grants, authority::permissions),
            denies: listed(&mut problems, "denies", &input.denies, authority::permissions),
        };
        if change.all_stores == Some(true) && change.stores.as_ref().is_some_and(|stores| !stores.is_empty()) {
            problems.add(ErrorCode::Invalid, "storeIds", "Leave the list out where all stores are reached.");
        }
        problems.finish()?;
        Ok(change)
    }

    /// The stores reached afterwards.
    fn reach(&self, before: &StoreReach) -> StoreReach {
        match (self.all_stores, &self.stores) {
            (Some(true), _) => StoreReach::All,
            (_, Some(stores)) => StoreReach::Only(stores.clone()),
            (Some(false), None) => StoreReach::Only(before.listed().into_iter().collect()),
            (None, None) => before.clone(),
        }
    }
}

/// Reads a list that may be left out and must not be null.
fn listed<I, T>(
    problems: &mut Problems,
    path: &str,
    list: &MaybeUndefined<Vec<I>>,
    read: impl FnOnce(&mut Problems, &str, &[I]) -> T,
) -> Option<T> {
    match list {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            problems.push(input::null_list(path));
            None
        }
        MaybeUndefined::Value(list) => Some(read(problems, path, list)),
    }
}

/// Changes the membership.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (MembershipId, MembershipUpdateInput, Option<i32>),
) -> Result<Membership> {
    let organization = super::organization_of(ctx, id).await?;
    authority::authorize(ctx, organization, Permission::MembersManage)?;
    let change = Change::read(&input, ctx.settings().input_list_max)?;

    let (mut tx, authority) =
        authority::begin(ctx, organization, Permission::MembersManage, Action::MembershipUpdate).await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    let stood = store::standing(&tx, &before).await?;
    authority.may_touch(&stood.rank())?;
    input::expect_version(expected, before.version)?;
    if let Some(stores) = &change.stores {
        stores::expect_living(&tx, "storeIds", stores).await?;
    }

    let mut row = ActiveModel::default();
    let mut stands = Standing {
        grants: change.grants.unwrap_or(stood.grants),
        denies: change.denies.unwrap_or(stood.denies),
        stores: change.reach(&stood.stores),
        ..stood.clone()
    };
    if let Some(choice) = change.role {
        let role = roles::chosen(&tx, choice).await?.ok_or_else(|| input::not_found("role", "role"))?;
        stands.is_owner = role.built_in.as_deref() == Some(OWNER);
        stands.role = role.permissions;
        row.built_in_role = Set(role.built_in);
        row.role_id = Set(role.own);
    }
    expect_sound(&stands)?;
    let mut problems = Problems::new();
    problems.keep(authority.may_give("role", stands.role));
    problems.keep(authority.may_give("grants", stands.grants));
    problems.keep(authority.may_reach("storeIds", &stands.stores));
    problems.finish()?;
    if stood.is_owner && !stands.is_owner {
        super::keep_an_owner(&tx, id).await?;
    }

    let membership = store::update(&tx, &before, row, &stands).await?.ok_or_else(input::stale)?;
    let (before, after) = (MembershipSnapshot::of(&before, &stood), MembershipSnapshot::of(&membership, &stands));
    let audit = Audit::updated("membership", id, &before, &after);
    tx.emit(&MembershipUpdated { membership: after })?;
    tx.commit(audit).await?;
    Ok(membership.into())
}

/// Refuses what contradicts itself: a permission both granted and denied, and an owner who is less than one.
fn expect_sound(stands: &Standing) -> Result<()> {
    let both = stands.grants & stands.denies;
    if let Some(permission) = both.iter().next() {
        let message = format!("{permission} can't be granted and denied at once: leave it out of one list.");
        return Err(Error::Conflict(Problem::new(ErrorCode::Invalid, "denies", message)));
    }
    if stands.is_owner && !(stands.denies.is_empty() && stands.stores.is_all()) {
        let message = "An owner has every right in every store: choose another role to take some away.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "role", message)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rules::permission::BuiltInRole;
    use uuid::Uuid;

    use super::*;

    fn store(bits: u128) -> StoreId {
        StoreId(Uuid::from_u128(bits))
    }

    fn read(input: MembershipUpdateInput) -> Result<Change> {
        Change::read(&input, 250)
    }

    #[test]
    fn attack_t13_omitted_keeps_empty_empties_and_null_is_refused() {
        let kept = read(MembershipUpdateInput::default()).expect("nothing changes");
        assert!(kept.grants.is_none() && kept.denies.is_none() && kept.stores.is_none());
        assert_eq!(kept.reach(&StoreReach::All), StoreReach::All);

        let emptied = MembershipUpdateInput {
            grants: MaybeUndefined::Value(Vec::new()),
            store_ids: MaybeUndefined::Value(Vec::new()),
            ..Default::default()
        };
        let emptied = read(emptied).expect("empty lists");
        assert_eq!(emptied.grants, Some(PermissionSet::EMPTY));
        assert_eq!(emptied.reach(&StoreReach::All), StoreReach::Only(BTreeSet::new()), "none, never all");

        let nulls = MembershipUpdateInput {
            grants: MaybeUndefined::Null,
            denies: MaybeUndefined::Null,
            store_ids: MaybeUndefined::Null,
            ..Default::default()
        };
        let Err(Error::Invalid(problems)) = read(nulls) else { panic!("null was taken") };
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.join(".")).collect();
        assert_eq!(fields, ["storeIds", "grants", "denies"]);
    }

    #[test]
    fn all_stores_and_a_list_of_them_contradict_each_other() {
        let list = MaybeUndefined::Value(vec![store(1)]);
        let both = MembershipUpdateInput { all_stores: Some(true), store_ids: list.clone(), ..Default::default() };
        assert!(read(both).is_err());
        let few = read(MembershipUpdateInput { store_ids: list, ..Default::default() }).expect("a list");
        assert_eq!(few.reach(&StoreReach::All), StoreReach::Only([store(1)].into()));
        let none = read(MembershipUpdateInput { all_stores: Some(false), ..Default::default() }).expect("a flag");
        assert_eq!(none.reach(&StoreReach::All), StoreReach::Only(BTreeSet::new()));
    }

    #[test]
    fn rule_a1_an_owner_is_never_less_than_one() {
        let owner = Standing {
            is_owner: true,
            role: BuiltInRole::from_key(OWNER).expect("a built-in role").permissions(),
            grants: PermissionSet::EMPTY,
            denies: PermissionSet::EMPTY,
            stores: StoreReach::All,
        };
        assert!(expect_sound(&owner).is_ok());
        let denied = [Permission::MembersManage].into_iter().collect();
        assert!(expect_sound(&Standing { denies: denied, ..owner.clone() }).is_err());
        assert!(expect_sound(&Standing { stores: StoreReach::Only([store(1)].into()), ..owner }).is_err());
    }
}
