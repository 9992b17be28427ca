//! `cartShippingAddressUpdate` and `cartBillingAddressUpdate`: where a cart goes to, and who pays. Taxes and ways to
//! ship are those of the new place from the next read on (rule T3).

use rules::address::Address;
use rules::states::AddressKind;

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Result};
use crate::places::AddressInput;

/// Sets where it goes to; `None` takes it away.
pub async fn shipping(ctx: &Ctx, (cart, address): (CartRef, Option<AddressInput>)) -> Result<Edited> {
    run(ctx, &cart, address, AddressKind::Shipping).await
}

/// Sets who pays; `None` takes it away.
pub async fn billing(ctx: &Ctx, (cart, address): (CartRef, Option<AddressInput>)) -> Result<Edited> {
    run(ctx, &cart, address, AddressKind::Billing).await
}

async fn run(ctx: &Ctx, cart: &CartRef, address: Option<AddressInput>, kind: AddressKind) -> Result<Edited> {
    let address: Option<Address> = address.map(|address| address.read("address")).transpose()?;
    let action = match kind {
        AddressKind::Shipping => Action::CartShippingAddressUpdate,
        AddressKind::Billing => Action::CartBillingAddressUpdate,
    };
    let mut edit = edit::begin(ctx, cart, action).await?;
    let before = match kind {
        AddressKind::Shipping => &mut edit.parts.shipping,
        AddressKind::Billing => &mut edit.parts.billing,
    };
    if *before == address {
        return Ok(edit.unchanged());
    }
    before.clone_from(&address);
    store::save_address(&edit.tx, edit.parts.cart.id, kind, address).await?;
    edit.finish(Default::default()).await
}
