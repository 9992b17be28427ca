//! `paymentSync`: the provider is asked what became of a payment.

use rules::ids::PaymentId;

use super::super::changes;
use super::super::types::Payment;
use crate::kernel::{Ctx, Result};

/// Asks after everything whose end is not known.
pub async fn run(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    Ok(changes::sync(ctx, id).await?.into())
}
