//! Batched reads of customers' totals.

use std::collections::HashMap;
use std::sync::Arc;

use entity::customers::customer_order_totals;
use rules::ids::CustomerId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The totals of each customer, in the order of their currencies.
pub struct TotalsByCustomer;

impl Batch for TotalsByCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<customer_order_totals::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let mut totals: HashMap<CustomerId, Self::Value> = HashMap::with_capacity(keys.len());
        for row in store::list_by_customers(&ctx.store().await?, keys).await? {
            totals.entry(row.customer_id).or_default().push(Arc::new(row));
        }
        Ok(totals)
    }
}
