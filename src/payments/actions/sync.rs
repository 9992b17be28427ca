//! `paymentSync`: the provider is asked what became of a payment.

use rules::ids::PaymentId;

use super::super::changes;
use super::super::heard::{PaymentHeard, tell};
use super::super::types::Payment;
use crate::kernel::{Ctx, Result};

/// Asks after everything whose end is not known.
pub async fn run<H: PaymentHeard>(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    let now = changes::sync(ctx, id).await?;
    tell::<H>(ctx, id).await;
    Ok(now.into())
}
