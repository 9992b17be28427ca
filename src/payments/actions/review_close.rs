//! `paymentReviewClose`: somebody has looked at a payment.

use rules::ids::PaymentId;

use super::super::changes;
use super::super::types::Payment;
use crate::kernel::{Ctx, Result};

/// Says so.
pub async fn run(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    Ok(changes::close_review(ctx, id).await?.into())
}
