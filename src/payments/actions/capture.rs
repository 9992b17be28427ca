//! `paymentCapture`: takes what was promised.

use rules::ids::PaymentId;
use rules::money::MoneyInput;

use super::super::changes;
use super::super::heard::{PaymentHeard, tell};
use super::super::types::Payment;
use crate::kernel::{Ctx, Error, Result};

/// Takes the amount, or all that is left.
pub async fn run<H: PaymentHeard>(ctx: &Ctx, (id, amount): (PaymentId, Option<MoneyInput>)) -> Result<Payment> {
    let amount = super::amount(amount).map_err(Error::Conflict)?;
    let done = changes::capture(ctx, id, amount).await?;
    tell::<H>(ctx, id).await;
    Ok(done.payment.into())
}
