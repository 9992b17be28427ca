//! A cart is being paid, or not any more, or became an order.

use entity::carts::carts::{ActiveModel, Model};
use rules::ids::{CartId, OrderId};
use rules::states::CartState;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use crate::carts::edit::{expect_open, expiry};
use crate::carts::events::{CartCompleted, CartSnapshot};
use crate::carts::store;
use crate::kernel::{Error, Result, StoreScope, Tx, input};

/// Begins the payment of a cart, in the version that was priced: from here on edits are refused, and the cart is
/// never thrown away, since there may be money on it (rule C7).
///
/// # Errors
/// `NotFound` where there is no such cart; `Conflict` with `STALE` where it was edited since it was priced, with
/// `CART_LOCKED` where it is being paid already, and with `CART_COMPLETED` where it became an order.
pub async fn lock(tx: &Tx<StoreScope>, cart: CartId, version: i64) -> Result<Model> {
    let row = store::lock(tx, cart).await?.ok_or(Error::NotFound)?;
    expect_open(&row)?;
    if row.version != version {
        return Err(input::stale());
    }
    let now = tx.ctx().now();
    let change = ActiveModel {
        state: Set(CartState::Locked),
        locked_at: Set(Some(now)),
        payment_started_at: Set(row.payment_started_at.or(Some(now))),
        active_at: Set(now),
        abandoned_at: Set(None),
        expires_at: Set(expiry(now, row.customer_id)),
        ..ActiveModel::default()
    };
    store::update(tx, &row, change).await
}

/// Goes back from the payment of a cart. A cart that is open stays open.
///
/// # Errors
/// `NotFound` where there is no such cart; `Conflict` with `CART_COMPLETED` where it became an order.
pub async fn unlock(tx: &Tx<StoreScope>, cart: CartId) -> Result<Model> {
    let row = store::lock(tx, cart).await?.ok_or(Error::NotFound)?;
    if row.state == CartState::Locked {
        let now = tx.ctx().now();
        let change = ActiveModel {
            state: Set(CartState::Open),
            locked_at: Set(None),
            active_at: Set(now),
            expires_at: Set(expiry(now, row.customer_id)),
            ..ActiveModel::default()
        };
        return store::update(tx, &row, change).await;
    }
    expect_open(&row)?;
    Ok(row)
}

/// Makes a cart the order's, and tells of it. Once: the same order again changes nothing, and no other order gets the
/// cart. A cart that costs nothing is completed without ever having been locked.
///
/// # Errors
/// `NotFound` where there is no such cart; `Conflict` with `CART_COMPLETED` where it became another order, and with
/// `STALE` where it is open and was edited since it was priced.
pub async fn complete(tx: &mut Tx<StoreScope>, cart: CartId, version: i64, order: OrderId) -> Result<Model> {
    let row = store::lock(tx, cart).await?.ok_or(Error::NotFound)?;
    match row.state {
        CartState::Completed if row.order_id == Some(order) => return Ok(row),
        CartState::Completed => {
            let message = "The cart became an order already.";
            return Err(Error::Conflict(Problem::new(ErrorCode::CartCompleted, "cartId", message)));
        }
        CartState::Open | CartState::Locked if row.version != version => return Err(input::stale()),
        CartState::Open | CartState::Locked => {}
    }
    let completed = store::complete(tx, &row, order).await?;
    let lines = store::list_lines(tx, &[cart]).await?;
    tx.emit(&CartCompleted { cart: CartSnapshot::of(&completed, &lines) })?;
    Ok(completed)
}
