//! Batched reads of domains.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tenancy::store_domains;
use rules::ids::StoreId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The domains of the request's own store; of no other, since the wall between stores hides theirs.
pub struct DomainsByStore;

impl Batch for DomainsByStore {
    type Key = StoreId;
    type Value = Option<Vec<Arc<store_domains::Model>>>;

    async fn load(ctx: &Ctx, keys: &[StoreId]) -> Result<HashMap<StoreId, Self::Value>> {
        match &ctx.caller().store {
            Some(own) if keys.contains(&own.id) => {
                let rows = store::list(&ctx.store().await?).await?;
                Ok(HashMap::from([(own.id, Some(rows.into_iter().map(Arc::new).collect()))]))
            }
            _ => Ok(HashMap::new()),
        }
    }
}
