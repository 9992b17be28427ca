//! `checkoutCancel`: the buyer goes back to the cart.

use futures::FutureExt;
use rules::state::checkout::CheckoutEvent;

use super::{Whose, told};
use crate::checkout::follow::{step, undo};
use crate::checkout::store;
use crate::checkout::types::Checkout;
use crate::kernel::{Ctx, Result, once};

/// Goes back: what is held is let go, the cart can be changed again, and the payment is undone, be it made or not. A
/// cart that is not being paid stays as it is.
pub async fn run(ctx: &Ctx, whose: Whose) -> Result<Checkout> {
    let cart = whose.prove(ctx).await?.id;
    if store::find(&ctx.store().await?, cart).await?.is_some() {
        once(ctx, || step(ctx, cart, CheckoutEvent::GoBack, None).boxed()).await?;
        undo(ctx, cart).await?;
    }
    told(ctx, cart, None).await
}
