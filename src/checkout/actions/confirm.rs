//! `checkoutConfirm`: the buyer has done what the provider asked for.

use super::{Whose, told};
use crate::checkout::follow::follow;
use crate::checkout::store;
use crate::checkout::types::Checkout;
use crate::kernel::{Ctx, Result};
use crate::payments;
use rules::states::CheckoutFate;

/// Asks the provider what became of the payment that is waited for, and goes on from there. Asked again, it tells the
/// same.
pub async fn run(ctx: &Ctx, whose: Whose) -> Result<Checkout> {
    let cart = whose.prove(ctx).await?.id;
    let newest = {
        let scope = ctx.store().await?;
        match store::find(&scope, cart).await? {
            Some(row) => store::list_attempts(&scope, row.id).await?.pop(),
            None => None,
        }
    };
    let Some(newest) = newest else { return told(ctx, cart, None).await };
    if newest.fate == CheckoutFate::Waiting {
        payments::changes::sync(ctx, newest.payment_id).await?;
        follow(ctx, cart).await?;
    }
    let progress = payments::session::progress(&ctx.store().await?, newest.payment_id).await?;
    told(ctx, cart, progress).await
}
