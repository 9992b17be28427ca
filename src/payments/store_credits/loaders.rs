//! Batched reads of store credit.

use std::collections::HashMap;
use std::sync::Arc;

use entity::payments::{store_credit_entries, store_credits};
use rules::ids::{CustomerId, StoreCreditEntryId, StoreCreditId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Store credit by id.
pub struct StoreCreditById;

impl Batch for StoreCreditById {
    type Key = StoreCreditId;
    type Value = Option<Arc<store_credits::Model>>;

    async fn load(ctx: &Ctx, keys: &[StoreCreditId]) -> Result<HashMap<StoreCreditId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// Entries by id.
pub struct StoreCreditEntryById;

impl Batch for StoreCreditEntryById {
    type Key = StoreCreditEntryId;
    type Value = Option<Arc<store_credit_entries::Model>>;

    async fn load(ctx: &Ctx, keys: &[StoreCreditEntryId]) -> Result<HashMap<StoreCreditEntryId, Self::Value>> {
        let rows = store::list_entries_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The store credit of each customer, in the order of its currencies.
pub struct StoreCreditsByCustomer;

impl Batch for StoreCreditsByCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<store_credits::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let mut found: HashMap<CustomerId, Self::Value> = HashMap::with_capacity(keys.len());
        for row in store::list_by_customers(&ctx.store().await?, keys).await? {
            found.entry(row.customer_id).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}
