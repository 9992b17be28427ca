//! `customerAddressDelete`: an address is kept no longer.

use rules::ids::CustomerAddressId;

use super::super::events::{AddressSnapshot, CustomerAddressDeleted};
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Result};

/// Deletes the address.
pub async fn run(ctx: &Ctx, id: CustomerAddressId) -> Result<CustomerAddressId> {
    let mut tx = ctx.begin_store(Action::CustomerAddressDelete).await?;
    let before = super::hold(&tx, id).await?;
    store::delete(&tx, id).await?;
    tx.emit(&CustomerAddressDeleted { address: AddressSnapshot::from(&before) })?;
    tx.commit(Audit::deleted("customer_address", id, &AddressSnapshot::from(&before))).await?;
    Ok(id)
}
