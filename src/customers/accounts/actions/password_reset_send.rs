//! `customerPasswordResetSend`: a letter with which its reader chooses a new password.
//!
//! The answer says nothing about whether the mailbox has an account, and takes as long (rule A3): one letter is
//! committed either way. Without an account it says so, to the owner of the mailbox alone.

use entity::customers::customers::Model;
use rules::states::{EmailTemplate, OneTimePurpose};

use super::super::events::CustomerLetterQueued;
use super::super::{one_time, sessions, store};
use crate::identity::email::{self, Email};
use crate::identity::throttle;
use crate::kernel::{Action, Audit, Ctx, Result};
use crate::messages::{self, Letter};

/// Sends the letter. True, whether there is an account or not.
pub async fn run(ctx: &Ctx, raw: String) -> Result<bool> {
    let store = ctx.store_context()?.id;
    let email = email::read("email", &raw)?;
    if let Some(until) = throttle::take(ctx, &throttle::customer_letters(ctx, store, &email.key)).await? {
        return Err(throttle::locked_out(until).into());
    }
    let found = store::find_by_email(&ctx.store().await?, &email.key).await?.map(|(customer, _)| customer);
    match found.filter(sessions::may_enter) {
        Some(customer) => known(ctx, &customer).await?,
        None => unknown(ctx, email).await?,
    }
    Ok(true)
}

async fn known(ctx: &Ctx, customer: &Model) -> Result<()> {
    let mut tx = ctx.begin_store(Action::CustomerPasswordResetSend).await?;
    one_time::send(&tx, customer, OneTimePurpose::PasswordReset).await?;
    let queued = CustomerLetterQueued { customer_id: customer.id };
    tx.emit(&queued)?;
    tx.commit(Audit::done("customer", &queued)).await
}

async fn unknown(ctx: &Ctx, email: Email) -> Result<()> {
    let tx = ctx.begin_store(Action::CustomerPasswordResetSend).await?;
    let template = EmailTemplate::CustomerPasswordResetUnknown;
    messages::queue(&tx, Letter { template, recipient: email.address, name: None, token: None }).await?;
    tx.commit_unaudited("a letter to somebody who is no customer").await
}
