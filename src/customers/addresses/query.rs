//! Reads of addresses: by their ids alone; their list is the customer's.

use rules::ids::CustomerAddressId;
use rules::permission::Permission;

use super::loaders::AddressById;
use super::types::CustomerAddress;
use crate::kernel::{ById, Ctx, Result};

/// An address, for the staff who may see customers, and for the customer.
impl ById for CustomerAddress {
    type Id = CustomerAddressId;

    async fn by_id(ctx: &Ctx, id: CustomerAddressId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if ctx.shopper().is_none() && !ctx.may(Permission::CustomersRead) {
            return Ok(None);
        }
        let own = |customer| ctx.may(Permission::CustomersRead) || ctx.shopper() == Some(customer);
        Ok(ctx.load::<AddressById>(id).await?.filter(|row| own(row.customer_id)).map(Self))
    }
}
