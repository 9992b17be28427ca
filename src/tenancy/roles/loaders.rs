//! Batched reads of roles.

use std::collections::HashMap;
use std::sync::Arc;

use rules::ids::{OrganizationId, RoleId};

use super::own::OwnRole;
use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};
use crate::tenancy::memberships::scope_of;

/// An organization's own roles by id.
pub struct RoleById;

impl Batch for RoleById {
    type Key = (OrganizationId, RoleId);
    type Value = Option<Arc<OwnRole>>;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let (scope, ids) = scope_of(ctx, keys).await?;
        let roles = store::list_by_ids(&scope, &ids).await?;
        Ok(roles.into_iter().map(|role| ((role.row.organization_id, role.row.id), Some(Arc::new(role)))).collect())
    }
}
