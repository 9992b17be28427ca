//! `customerAddressUpdate`: another address takes the place of one.

use entity::customers::customer_addresses::ActiveModel;
use rules::ids::CustomerAddressId;
use sea_orm::ActiveValue::Set;

use super::super::events::{AddressSnapshot, CustomerAddressUpdated};
use super::super::store;
use super::super::types::CustomerAddress;
use super::CustomerAddressInput;
use crate::kernel::{Action, Audit, Ctx, Result, input};

/// Changes the address.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (CustomerAddressId, CustomerAddressInput, Option<i32>),
) -> Result<CustomerAddress> {
    let address = input.address.read("address")?;
    let mut row = ActiveModel::default();
    super::write(&mut row, address);
    if let Some(shipping) = input.default_shipping {
        row.is_default_shipping = Set(shipping);
    }
    if let Some(billing) = input.default_billing {
        row.is_default_billing = Set(billing);
    }

    let mut tx = ctx.begin_store(Action::CustomerAddressUpdate).await?;
    let before = super::hold(&tx, id).await?;
    input::expect_version(expected, before.version)?;
    let defaults = (input.default_shipping == Some(true), input.default_billing == Some(true));
    super::clear_defaults(&tx, before.customer_id, id, defaults).await?;
    let after = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&CustomerAddressUpdated { address: AddressSnapshot::from(&after) })?;
    let (before, told) = (AddressSnapshot::from(&before), AddressSnapshot::from(&after));
    tx.commit(Audit::updated("customer_address", id, &before, &told)).await?;
    Ok(after.into())
}
