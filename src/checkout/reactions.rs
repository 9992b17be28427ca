//! What checkouts and orders do when a payment comes to something.

use rules::ids::PaymentId;

use super::follow::follow;
use super::store;
use crate::kernel::{Ctx, Result};
use crate::orders;
use crate::payments::{self, PaymentHeard, heard};

/// What was paid for a cart makes its order, and an order stands where its payments say.
#[derive(Default)]
pub struct PaymentsFollowed;

impl PaymentHeard for PaymentsFollowed {
    async fn heard(ctx: &Ctx, payment: PaymentId) -> Result<()> {
        let (row, cart) = {
            let scope = ctx.store().await?;
            (payments::list_by_ids(&scope, &[payment]).await?.pop(), store::cart_of(&scope, payment).await?)
        };
        let Some(row) = row else { return Ok(()) };
        match (cart, row.order_id) {
            (Some(cart), _) => follow(ctx, cart).await?,
            (None, Some(order)) => orders::hear(ctx, order, &row).await?,
            (None, None) => {}
        }
        heard::followed(ctx, &row).await
    }
}
