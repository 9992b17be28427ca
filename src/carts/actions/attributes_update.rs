//! `cartAttributesUpdate`: what the storefront keeps with a cart.

use entity::carts::carts::ActiveModel;
use sea_orm::ActiveValue::Set;

use crate::carts::access::CartRef;
use crate::carts::attributes::{self, CartAttributeInput};
use crate::carts::edit::{self, Edited};
use crate::kernel::{Action, Ctx, Result};

/// Puts these attributes in the place of all that the cart has.
pub async fn run(ctx: &Ctx, (cart, given): (CartRef, Vec<CartAttributeInput>)) -> Result<Edited> {
    let stored = attributes::stored(&attributes::read("attributes", &given)?)?;
    let edit = edit::begin(ctx, &cart, Action::CartAttributesUpdate).await?;
    if stored == edit.parts.cart.attributes {
        return Ok(edit.unchanged());
    }
    edit.finish(ActiveModel { attributes: Set(stored), ..ActiveModel::default() }).await
}
