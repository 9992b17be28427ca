//! Batched reads of memberships and their parts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use entity::tenancy::memberships;
use rules::ids::{MembershipId, OrganizationId, StoreId};
use rules::permission::PermissionSet;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Sorts keys by their organization: each organization's rows are read in its own scope.
pub fn by_organization<I: Copy>(keys: &[(OrganizationId, I)]) -> BTreeMap<OrganizationId, Vec<I>> {
    let mut sorted: BTreeMap<OrganizationId, Vec<I>> = BTreeMap::new();
    for (organization, id) in keys {
        sorted.entry(*organization).or_default().push(*id);
    }
    sorted
}

/// Memberships by id, of any organization: whoever shows them decides.
pub struct MembershipById;

impl Batch for MembershipById {
    type Key = MembershipId;
    type Value = Option<Arc<memberships::Model>>;

    async fn load(ctx: &Ctx, keys: &[MembershipId]) -> Result<HashMap<MembershipId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.platform().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The signed-in person's own membership of an organization.
pub struct OwnMembership;

impl Batch for OwnMembership {
    type Key = OrganizationId;
    type Value = Option<Arc<memberships::Model>>;

    async fn load(ctx: &Ctx, keys: &[OrganizationId]) -> Result<HashMap<OrganizationId, Self::Value>> {
        let rows = store::list_own(&ctx.account().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.organization_id, Some(Arc::new(row)))).collect())
    }
}

/// What is granted and denied beside the role.
pub struct OverridesByMembership;

impl Batch for OverridesByMembership {
    type Key = (OrganizationId, MembershipId);
    type Value = (PermissionSet, PermissionSet);

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (organization, ids) in by_organization(keys) {
            let overrides = store::overrides(&ctx.organization(organization).await?, &ids).await?;
            found.extend(overrides.into_iter().map(|(id, sets)| ((organization, id), sets)));
        }
        Ok(found)
    }
}

/// The stores that are listed, where not all are reached.
pub struct ReachByMembership;

impl Batch for ReachByMembership {
    type Key = (OrganizationId, MembershipId);
    type Value = BTreeSet<StoreId>;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (organization, ids) in by_organization(keys) {
            let reach = store::reach(&ctx.organization(organization).await?, &ids).await?;
            found.extend(reach.into_iter().map(|(id, stores)| ((organization, id), stores)));
        }
        Ok(found)
    }
}
