//! Batched reads of stores.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tenancy::stores;
use rules::ids::StoreId;

use super::settings::StoreLists;
use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Stores by id, of any organization and deleted ones too: whoever shows them decides.
pub struct StoreById;

impl Batch for StoreById {
    type Key = StoreId;
    type Value = Option<Arc<stores::Model>>;

    async fn load(ctx: &Ctx, keys: &[StoreId]) -> Result<HashMap<StoreId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.platform().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The currencies and languages of the request's own store; of no other, since the wall between stores
/// hides theirs.
pub struct ListsByStore;

impl Batch for ListsByStore {
    type Key = StoreId;
    type Value = Option<Arc<StoreLists>>;

    async fn load(ctx: &Ctx, keys: &[StoreId]) -> Result<HashMap<StoreId, Self::Value>> {
        match &ctx.caller().store {
            Some(own) if keys.contains(&own.id) => {
                let lists = store::lists(&ctx.store().await?).await?;
                Ok(HashMap::from([(own.id, Some(Arc::new(lists)))]))
            }
            _ => Ok(HashMap::new()),
        }
    }
}
