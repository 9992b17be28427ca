//! Batched reads of organizations.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tenancy::organizations;
use rules::ids::OrganizationId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Organizations by id, deleted ones too: whoever shows them has checked that the caller belongs there.
pub struct OrganizationById;

impl Batch for OrganizationById {
    type Key = OrganizationId;
    type Value = Option<Arc<organizations::Model>>;

    async fn load(ctx: &Ctx, keys: &[OrganizationId]) -> Result<HashMap<OrganizationId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.platform().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
