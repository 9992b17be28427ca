//! What can be done to checkouts, one file each.

pub mod cancel;
pub mod confirm;
pub mod pay;

pub use pay::CheckoutPayInput;

use entity::carts::carts as cart_rows;
use rules::ids::CartId;

use super::store;
use super::types::Checkout;
use crate::carts;
use crate::kernel::{Ctx, Result, input};
use crate::payments::session::Progress;

/// Which cart, and the secret that proves it.
#[derive(Debug, Clone)]
pub struct Whose {
    /// The cart.
    pub cart: CartId,
    /// Its secret; none for a customer's.
    pub token: Option<String>,
}

impl Whose {
    /// The cart, for whoever proves it.
    async fn prove(&self, ctx: &Ctx) -> Result<cart_rows::Model> {
        let found = carts::checkout::find(ctx, self.cart, self.token.as_deref()).await?;
        found.ok_or_else(|| input::not_found("cartId", "cart"))
    }
}

/// The checkout of a cart as it stands, with what the buyer has to do about its payment.
async fn told(ctx: &Ctx, cart: CartId, progress: Option<Progress>) -> Result<Checkout> {
    let scope = ctx.store().await?;
    let row = store::find(&scope, cart).await?;
    Ok(Checkout::of(cart, row, progress))
}
