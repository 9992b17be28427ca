//! `cartStoreCreditUpdate`: a customer pays with store credit, or not.

use entity::carts::carts::ActiveModel;
use sea_orm::ActiveValue::Set;

use crate::carts::access::{CartRef, no_such_cart};
use crate::carts::edit::{self, Edited};
use crate::kernel::{Action, Ctx, Result};

/// Says whether the customer's store credit is used. Only a cart that is the customer's can be paid with it.
pub async fn run(ctx: &Ctx, (cart, used): (CartRef, bool)) -> Result<Edited> {
    let customer = ctx.customer()?;
    let mut edit = edit::begin(ctx, &cart, Action::CartStoreCreditUpdate).await?;
    if edit.parts.cart.customer_id != Some(customer) {
        return Err(no_such_cart());
    }
    if edit.parts.cart.store_credit == used {
        return Ok(edit.unchanged());
    }
    edit.parts.cart.store_credit = used;
    edit.finish(ActiveModel { store_credit: Set(used), ..ActiveModel::default() }).await
}
