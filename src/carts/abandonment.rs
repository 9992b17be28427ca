//! Carts that nobody comes back to (rule C7): the doors for the jobs of a store.
//!
//! Owns when a cart counts as left, the secret that leads back to it, and when it is thrown away. Each door works on a
//! few carts in a transaction of its own and says how many they were; several nodes may do it at once, and each
//! cart is told of once. Never writes to a buyer: an event says that there is somebody to write to.

use entity::carts::cart_abandonments;
use rules::ids::{CartAbandonmentId, CartId, StoreId};
use serde_json::json;

use super::events::{CartAbandoned, CartSnapshot};
pub use super::store::{over, quiet};
use super::{settings, store};
use crate::identity::secret::{Kind, Secret};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Notices carts of the store that were left, `most` of them, and tells of each; answers how many there were: fewer
/// than `most` means that none are left to notice. A cart counts as left when something is in it and nobody edited
/// it for as long as the store's settings say.
///
/// # Errors
/// What the database says.
pub async fn notice(ctx: &Ctx, most: u64) -> Result<u64> {
    let mut tx = ctx.begin_store(Action::CartsAbandon).await?;
    let quiet = ctx.now() - settings::find(&tx).await?.abandoned_after;
    let left = store::lock_quiet(&tx, quiet, most).await?;
    if left.is_empty() {
        return Ok(0);
    }
    let ids: Vec<CartId> = left.iter().map(|cart| cart.id).collect();
    let lines = store::list_lines(&tx, &ids).await?;
    let rows: Vec<cart_abandonments::Model> = left
        .iter()
        .map(|cart| {
            let id: CartAbandonmentId = ctx.id();
            cart_abandonments::Model {
                store_id: tx.id(),
                id,
                cart_id: cart.id,
                token_hash: recovery_secret(ctx, tx.id(), id).hash().to_vec(),
                abandoned_at: cart.active_at,
                told_at: ctx.now(),
                recovered_at: None,
            }
        })
        .collect();
    store::mark_abandoned(&tx, &ids).await?;
    store::insert_abandonments(&tx, rows.clone()).await?;
    for (cart, row) in left.iter().zip(&rows) {
        let own: Vec<_> = lines.iter().filter(|line| line.cart_id == cart.id).cloned().collect();
        tx.emit(&CartAbandoned::of(CartSnapshot::of(cart, &own), row))?;
    }
    tx.commit(Audit::done("cart", &json!({ "abandoned": ids }))).await?;
    Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
}

/// The secret that leads back to a cart: for the link in a letter to its buyer, and for nobody else. The server's key
/// makes it from the id each time, so that it is stored nowhere.
pub fn recovery_secret(ctx: &Ctx, store: StoreId, id: CartAbandonmentId) -> Secret {
    let signed = ctx.settings().secret.sign("cart recovery", &[store.0.as_bytes(), id.0.as_bytes()]);
    Secret::of_bytes(Kind::CartRecovery, signed)
}

/// Throws away carts of the store that are over, `most` of them, and answers how many there were. They count nowhere
/// already. One that was being paid at any time may have money on it and is kept.
///
/// # Errors
/// What the database says.
pub async fn sweep(ctx: &Ctx, most: u64) -> Result<u64> {
    let tx = ctx.begin_store(Action::CartsSweep).await?;
    let gone = store::delete_over(&tx, ctx.now(), most).await?;
    tx.commit_unaudited("carts that are over are nobody's any more").await?;
    Ok(gone)
}
