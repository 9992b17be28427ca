//! `customerAddressCreate`: an address is kept.

use entity::customers::customer_addresses::ActiveModel;
use rules::ids::{CustomerAddressId, CustomerId};
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{AddressSnapshot, CustomerAddressCreated};
use super::super::store;
use super::super::types::CustomerAddress;
use super::CustomerAddressInput;
use crate::customers::profiles;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Keeps the address.
pub async fn run(ctx: &Ctx, (customer, input): (Option<CustomerId>, CustomerAddressInput)) -> Result<CustomerAddress> {
    let customer = super::whose(ctx, customer)?;
    let address = input.address.read("address")?;

    let mut tx = ctx.begin_store(Action::CustomerAddressCreate).await?;
    // Two at once are counted one after the other, and find the other's defaults.
    profiles::hold_living(&tx, customer).await?.ok_or(Error::NotFound)?;
    let there = store::count(&tx, customer).await?;
    if there >= super::MAX {
        let message = format!("A customer has {} addresses at the most: delete one first.", super::MAX);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let id: CustomerAddressId = ctx.id();
    let shipping = input.default_shipping.unwrap_or(there == 0);
    let billing = input.default_billing.unwrap_or(there == 0);
    super::clear_defaults(&tx, customer, id, (shipping, billing)).await?;
    let mut row = ActiveModel {
        id: Set(id),
        customer_id: Set(customer),
        is_default_shipping: Set(shipping),
        is_default_billing: Set(billing),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    super::write(&mut row, address);
    let row = store::insert(&tx, row).await?;
    tx.emit(&CustomerAddressCreated { address: AddressSnapshot::from(&row) })?;
    tx.commit(Audit::created("customer_address", id, &AddressSnapshot::from(&row))).await?;
    Ok(row.into())
}
