//! `paymentVoid`: what was promised is let go.

use rules::ids::PaymentId;

use super::super::changes;
use super::super::types::Payment;
use crate::kernel::{Ctx, Result};

/// Lets go of what was promised and not taken.
pub async fn run(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    Ok(changes::void(ctx, id).await?.payment.into())
}
