//! Batched reads of addresses.

use std::collections::HashMap;
use std::sync::Arc;

use entity::customers::customer_addresses;
use rules::ids::{CustomerAddressId, CustomerId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// The addresses of each customer, the oldest first.
pub struct AddressesByCustomer;

impl Batch for AddressesByCustomer {
    type Key = CustomerId;
    type Value = Vec<Arc<customer_addresses::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerId]) -> Result<HashMap<CustomerId, Self::Value>> {
        let mut found: HashMap<CustomerId, Self::Value> = HashMap::with_capacity(keys.len());
        for row in store::list_by_customers(&ctx.store().await?, keys).await? {
            found.entry(row.customer_id).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}

/// Addresses by id, whosever: whoever shows one has checked that the caller may see it.
pub struct AddressById;

impl Batch for AddressById {
    type Key = CustomerAddressId;
    type Value = Option<Arc<customer_addresses::Model>>;

    async fn load(ctx: &Ctx, keys: &[CustomerAddressId]) -> Result<HashMap<CustomerAddressId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
