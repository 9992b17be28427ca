//! `customerPasswordReset`: a new password for what a letter brought; every session ends (rule A3).

use async_graphql::InputObject;
use entity::customers::{customer_one_time_tokens, customers};
use rules::states::{EmailTemplate, OneTimePurpose};

use super::super::events::{CustomerPasswordChanged, SessionEnd, SessionsEnded};
use super::super::{one_time, sessions, store};
use crate::customers::GuestAbsorbed;
use crate::customers::profiles;
use crate::identity::password::{self, Password};
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::messages;

/// A new password.
#[derive(InputObject, Clone)]
pub struct CustomerPasswordResetInput {
    /// What the letter brought.
    pub token: String,
    /// The password from now on; 8 to 256 characters, and not an easy guess.
    pub new_password: Password,
}

/// Chooses the password. Opens no session: sign in next.
pub async fn run<H: GuestAbsorbed>(ctx: &Ctx, input: CustomerPasswordResetInput) -> Result<bool> {
    let scope = ctx.store().await?;
    let token = one_time::find(&scope, OneTimePurpose::PasswordReset, &input.token).await?;
    // What is no longer good costs no hash.
    if token.used_at.is_some() || token.expires_at <= ctx.now() {
        return Err(one_time::invalid());
    }
    let customer = profiles::find_living(&scope, token.customer_id).await?.ok_or_else(one_time::invalid)?;
    input.new_password.check("newPassword", &customer.email_normalized)?;
    drop(scope);
    let hash = password::hash(ctx, &input.new_password).await?;
    // The hash stays good when transactions meet: only the write is run again.
    match ctx.retrying((token, hash), write::<H>).await {
        Err(Error::Retry) => Err(Error::Busy),
        written => written.map(|()| true),
    }
}

async fn write<H: GuestAbsorbed>(ctx: &Ctx, (token, hash): (customer_one_time_tokens::Model, String)) -> Result<()> {
    let id = token.customer_id;
    let mut tx = ctx.begin_store(Action::CustomerPasswordReset).await?;
    let customer = profiles::hold_living(&tx, id).await?.ok_or_else(one_time::invalid)?;
    if !sessions::may_enter(&customer) {
        return Err(one_time::invalid());
    }
    one_time::accept(&tx, &token, &customer).await?;
    if !store::replace_hash(&tx, id, None, hash, true).await? {
        return Err(one_time::invalid());
    }
    let reason = SessionEnd::PasswordChanged;
    let session_ids = sessions::end(&mut tx, id, store::every(), reason).await?;
    // Whoever reads the letter has the mailbox.
    let customer = super::prove_mailbox::<H>(&mut tx, customer, customers::ActiveModel::default()).await?;
    store::void_tokens_for(&tx, id, OneTimePurpose::EmailVerification).await?;
    messages::queue(&tx, one_time::letter(&customer, EmailTemplate::CustomerPasswordChanged, None)).await?;
    tx.emit(&CustomerPasswordChanged { customer_id: id })?;
    tx.commit(Audit::deleted("customer_credentials", id, &SessionsEnded { session_ids, reason })).await
}
