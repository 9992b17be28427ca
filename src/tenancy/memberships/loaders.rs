//! Batched reads of memberships and their parts.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use entity::tenancy::memberships;
use rules::ids::{MembershipId, OrganizationId, StoreId};
use rules::permission::PermissionSet;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, OrganizationsScope, Result};

/// Opens the scope of all organizations that the keys name, and the ids apart.
///
/// # Errors
/// `Busy` where no connection is free.
pub async fn scope_of<I: Copy>(ctx: &Ctx, keys: &[(OrganizationId, I)]) -> Result<(OrganizationsScope, Vec<I>)> {
    let organizations: BTreeSet<OrganizationId> = keys.iter().map(|(organization, _)| *organization).collect();
    let scope = ctx.organizations(organizations.into_iter().collect()).await?;
    Ok((scope, keys.iter().map(|(_, id)| *id).collect()))
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
        let (scope, ids) = scope_of(ctx, keys).await?;
        let overrides = store::overrides(&scope, &ids).await?;
        Ok(keys.iter().filter_map(|key| Some((*key, *overrides.get(&key.1)?))).collect())
    }
}

/// The stores that are listed, where not all are reached.
pub struct ReachByMembership;

impl Batch for ReachByMembership {
    type Key = (OrganizationId, MembershipId);
    type Value = BTreeSet<StoreId>;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let (scope, ids) = scope_of(ctx, keys).await?;
        let mut reach = store::reach(&scope, &ids).await?;
        Ok(keys.iter().filter_map(|key| Some((*key, reach.remove(&key.1)?))).collect())
    }
}
