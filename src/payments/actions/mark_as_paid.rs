//! `paymentMarkAsPaid`: money has come in by hand.

use rules::ids::PaymentId;
use rules::money::MoneyInput;

use super::super::changes;
use super::super::types::Payment;
use crate::kernel::{Ctx, Error, Result};

/// Says that the amount, or all that is missing, has come in.
pub async fn run(ctx: &Ctx, (id, amount): (PaymentId, Option<MoneyInput>)) -> Result<Payment> {
    let amount = super::amount(amount).map_err(Error::Conflict)?;
    let done = changes::mark_as_paid(ctx, id, amount).await?;
    Ok(done.into())
}
