//! `paymentVoid`: what was promised is let go.

use rules::ids::PaymentId;

use super::super::changes;
use super::super::heard::{PaymentHeard, tell};
use super::super::types::Payment;
use crate::kernel::{Ctx, Result};

/// Lets go of what was promised and not taken.
pub async fn run<H: PaymentHeard>(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    let done = changes::void(ctx, id).await?;
    tell::<H>(ctx, id).await;
    Ok(done.payment.into())
}
