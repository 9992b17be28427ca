//! `cartBuyerIdentityUpdate`: who buys.

use async_graphql::{InputObject, MaybeUndefined};
use entity::carts::carts::ActiveModel;
use sea_orm::ActiveValue::Set;

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::identity::email;
use crate::kernel::{Action, Ctx, Result};

/// Who buys. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct CartBuyerIdentityInput {
    /// The e-mail address. It proves nothing: a registered customer's account is neither read nor changed by it.
    pub email: MaybeUndefined<String>,
}

/// Changes who buys.
pub async fn run(ctx: &Ctx, (cart, change): (CartRef, CartBuyerIdentityInput)) -> Result<Edited> {
    let (address, key) = match &change.email {
        MaybeUndefined::Undefined => (None, None),
        MaybeUndefined::Null => (Some(None), Some(None)),
        MaybeUndefined::Value(email) => {
            let email = email::read("buyerIdentity.email", email)?;
            (Some(Some(email.address)), Some(Some(email.key)))
        }
    };
    let mut edit = edit::begin(ctx, &cart, Action::CartBuyerIdentityUpdate).await?;
    let (Some(address), Some(key)) = (address, key) else { return Ok(edit.unchanged()) };
    if address == edit.parts.cart.email {
        return Ok(edit.unchanged());
    }
    let row = ActiveModel { email: Set(address.clone()), email_normalized: Set(key), ..ActiveModel::default() };
    edit.parts.cart.email = address;
    edit.finish(row).await
}
