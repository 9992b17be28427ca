//! Batched reads of invitations' parts.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use entity::tenancy::invitations;
use rules::ids::{InvitationId, OrganizationId, StoreId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};
use crate::tenancy::memberships::scope_of;

/// Invitations by id, of any organization: whoever shows them decides.
pub struct InvitationById;

impl Batch for InvitationById {
    type Key = InvitationId;
    type Value = Option<Arc<invitations::Model>>;

    async fn load(ctx: &Ctx, keys: &[InvitationId]) -> Result<HashMap<InvitationId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.platform().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The stores that are offered, where not all are.
pub struct ReachByInvitation;

impl Batch for ReachByInvitation {
    type Key = (OrganizationId, InvitationId);
    type Value = BTreeSet<StoreId>;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let (scope, ids) = scope_of(ctx, keys).await?;
        let mut reach = store::reach(&scope, &ids).await?;
        Ok(keys.iter().filter_map(|key| Some((*key, reach.remove(&key.1)?))).collect())
    }
}
