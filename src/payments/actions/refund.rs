//! `paymentRefund`: money is given back.

use async_graphql::InputObject;
use rules::Problems;
use rules::ids::PaymentId;
use rules::money::MoneyInput;

use super::super::changes;
use super::super::heard::{PaymentHeard, tell};
use super::super::types::Refund;
use crate::kernel::{Ctx, Error, Result, input};

/// What is given back.
#[derive(InputObject, Clone)]
pub struct PaymentRefundInput {
    /// How much; all that is left where it is left out.
    pub amount: Option<MoneyInput>,
    /// Why; at most 500 characters.
    pub reason: Option<String>,
    /// What the refund is known by: the same key again is the same refund, and gives nothing back twice.
    pub idempotency_key: Option<String>,
}

/// Gives it back.
pub async fn run<H: PaymentHeard>(ctx: &Ctx, (payment, input): (PaymentId, PaymentRefundInput)) -> Result<Refund> {
    let mut problems = Problems::new();
    let amount = problems.keep(super::amount(input.amount));
    let reason = problems.keep(input::optional_line("reason", input.reason.as_deref(), 500));
    let key = problems.keep(input::optional_line("idempotencyKey", input.idempotency_key.as_deref(), 100));
    problems.finish().map_err(Error::Invalid)?;
    let (Some(amount), Some(reason), Some(key)) = (amount, reason, key) else { return Err(input::unread()) };
    let refund = changes::Refund { payment, amount, reason, key };
    let made = changes::refund(ctx, &refund).await?;
    tell::<H>(ctx, payment).await;
    Ok(made.into())
}
