//! The doors for whoever turns a cart into an order.
//!
//! | door | what it does |
//! |---|---|
//! | [`find`] | the cart that a caller proves to be theirs |
//! | [`priced`] | the cart with all that it comes to now, to be agreed to, and frozen on the order |
//! | [`lock`] | begins the payment: nobody edits the cart meanwhile |
//! | [`unlock`] | goes back: the cart can be edited again |
//! | [`complete`] | makes the cart the order's, once |
//!
//! The last three work inside the transaction of whoever calls, and hold the cart until it ends. Never takes
//! money and never holds stock: whoever calls does both, in the name of the cart (`Owner::from(cart.id)`).

mod actions;

pub use actions::{complete, lock, unlock};

use chrono::{DateTime, Utc};
use entity::carts::carts;
use rules::ids::CartId;

use super::access::{CartRef, Proof};
use super::priced::{Facts, Priced};
use super::store::{self, Parts};
use crate::kernel::{Ctx, Error, Result, StoreScope};

pub use super::priced::buyer_key;

/// The cart that a caller proves to be theirs; `None` alike where it is not there.
///
/// # Errors
/// What the database says.
pub async fn find(ctx: &Ctx, id: CartId, token: Option<&str>) -> Result<Option<carts::Model>> {
    let cart = CartRef { id, token: token.map(str::to_owned) };
    store::find_proven(&ctx.store().await?, cart.id, &Proof::of(ctx, cart.token.as_deref()), ctx.now()).await
}

/// A cart with all that belongs to it, as it is stored.
///
/// # Errors
/// What the database says.
pub async fn stored(scope: &StoreScope, id: CartId, now: DateTime<Utc>) -> Result<Option<Parts>> {
    let Some(cart) = store::find(scope, id, now).await? else { return Ok(None) };
    Ok(store::parts_of(scope, vec![cart]).await?.remove(&id))
}

/// A cart with all that it comes to now. Asks a tax provider where the store has one, and so never belongs inside a
/// write; [`lock`] then holds the cart to the version that was priced.
///
/// # Errors
/// `NotFound` where there is no such cart; `Invalid` for sums beyond counting; what the database says.
pub async fn priced(ctx: &Ctx, id: CartId) -> Result<Priced> {
    let facts = {
        let scope = ctx.store().await?;
        let cart = store::find(&scope, id, ctx.now()).await?.ok_or(Error::NotFound)?;
        let parts = store::parts_of(&scope, vec![cart]).await?.remove(&id).ok_or(Error::NotFound)?;
        Facts::gather(&scope, parts, ctx.now()).await?
    };
    Priced::of(ctx, facts).await
}
