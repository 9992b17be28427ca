//! `customerEmailVerificationSend`: the letter that asks to prove the mailbox, once more.

use rules::states::OneTimePurpose;
use rules::{ErrorCode, Problem};

use super::super::events::CustomerLetterQueued;
use super::super::one_time;
use crate::customers::profiles;
use crate::identity::throttle;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Sends the letter.
pub async fn run(ctx: &Ctx, (): ()) -> Result<bool> {
    let (id, store) = (ctx.customer()?, ctx.store_context()?.id);
    let customer = profiles::find_living(&ctx.store().await?, id).await?.ok_or(Error::Unauthenticated)?;
    if customer.email_verified_at.is_some() {
        return Err(Problem::new(ErrorCode::NotAllowed, "", "Your e-mail address is verified already.").into());
    }
    let keys = throttle::customer_letters(ctx, store, &customer.email_normalized);
    if let Some(until) = throttle::take(ctx, &keys).await? {
        return Err(throttle::locked_out(until).into());
    }
    let mut tx = ctx.begin_store(Action::CustomerEmailVerificationSend).await?;
    one_time::send(&tx, &customer, OneTimePurpose::EmailVerification).await?;
    let queued = CustomerLetterQueued { customer_id: id };
    tx.emit(&queued)?;
    tx.commit(Audit::done("customer", &queued)).await?;
    Ok(true)
}
