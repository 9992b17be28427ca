//! Batched reads of roles.

use std::collections::HashMap;
use std::sync::Arc;

use rules::ids::{OrganizationId, RoleId};

use super::own::OwnRole;
use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};
use crate::tenancy::memberships::by_organization;

/// An organization's own roles by id.
pub struct RoleById;

impl Batch for RoleById {
    type Key = (OrganizationId, RoleId);
    type Value = Option<Arc<OwnRole>>;

    async fn load(ctx: &Ctx, keys: &[Self::Key]) -> Result<HashMap<Self::Key, Self::Value>> {
        let mut found = HashMap::new();
        for (organization, ids) in by_organization(keys) {
            let roles = store::list_by_ids(&ctx.organization(organization).await?, &ids).await?;
            found.extend(roles.into_iter().map(|role| ((organization, role.row.id), Some(Arc::new(role)))));
        }
        Ok(found)
    }
}
