//! Batched reads of invitations' parts.

use std::collections::{BTreeSet, HashMap};

use rules::ids::{InvitationId, OrganizationId, StoreId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};
use crate::tenancy::memberships::by_organization;

/// The stores that are offered, where not all are.
pub struct ReachByInvitation;

impl Batch for ReachByInvitation {
    type Key = (OrganizationId, InvitationId);
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
