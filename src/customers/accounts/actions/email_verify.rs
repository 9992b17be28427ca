//! `customerEmailVerify`: the mailbox of an account is proven by what a letter brought, and the guest with the same
//! mailbox becomes part of the account.

use entity::customers::customers::ActiveModel;
use rules::states::OneTimePurpose;

use super::super::one_time;
use crate::customers::GuestAbsorbed;
use crate::customers::profiles::{self, CustomerSnapshot, CustomerUpdated};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Proves the mailbox.
pub async fn run<H: GuestAbsorbed>(ctx: &Ctx, token: String) -> Result<bool> {
    let token = one_time::find(&ctx.store().await?, OneTimePurpose::EmailVerification, &token).await?;
    let mut tx = ctx.begin_store(Action::CustomerEmailVerify).await?;
    let before = profiles::hold_living(&tx, token.customer_id).await?.ok_or_else(one_time::invalid)?;
    one_time::accept(&tx, &token, &before).await?;
    let snapshot = CustomerSnapshot::from(&before);
    let after = super::prove_mailbox::<H>(&mut tx, before, ActiveModel::default()).await?;
    tx.emit(&CustomerUpdated { customer: CustomerSnapshot::from(&after) })?;
    tx.commit(Audit::updated("customer", after.id, &snapshot, &CustomerSnapshot::from(&after))).await?;
    Ok(true)
}
