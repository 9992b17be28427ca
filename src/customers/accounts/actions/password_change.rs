//! `customerPasswordChange`: a new password for the one that is known; every other session ends (rule A3).

use async_graphql::InputObject;
use rules::states::EmailTemplate;
use rules::{ErrorCode, Problem};

use super::super::events::{CustomerPasswordChanged, SessionEnd, SessionsEnded};
use super::super::{one_time, sessions, store};
use crate::customers::profiles::{self, Customer};
use crate::identity::password::{self, Password, Verdict};
use crate::identity::throttle::{self, Attempt, Key, Outcome};
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::messages;

/// A change of password.
#[derive(InputObject, Clone)]
pub struct CustomerPasswordChangeInput {
    /// The password until now.
    pub current_password: Password,
    /// The password from now on; 8 to 256 characters, and not an easy guess.
    pub new_password: Password,
}

fn wrong() -> Error {
    Problem::new(ErrorCode::InvalidCredentials, "currentPassword", "This is not your password.").into()
}

/// Changes the password.
pub async fn run(ctx: &Ctx, input: CustomerPasswordChangeInput) -> Result<Attempt<Customer>> {
    let id = ctx.customer()?;
    let customer = profiles::find_living(&ctx.store().await?, id).await?.ok_or(Error::Unauthenticated)?;
    input.new_password.check("newPassword", &customer.email_normalized)?;
    if !input.current_password.is_plausible() {
        return Err(wrong());
    }
    // A stolen session must not be a way to guess the password.
    let keys = throttle::customer_password_change(ctx, id);
    throttle::attempt(ctx, keys, async |keys| change(ctx, &input, keys).await).await
}

async fn change(ctx: &Ctx, input: &CustomerPasswordChangeInput, keys: Vec<Key>) -> Result<Customer> {
    let stored = store::find_credentials(&ctx.store().await?, ctx.customer()?).await?;
    let stored = stored.map(|credentials| credentials.password_hash);
    let verdict = password::verify(ctx, &input.current_password, stored.as_deref()).await?;
    let (Some(stored), Verdict::Right | Verdict::RightButOld) = (stored, verdict) else { return Err(wrong()) };
    let hash = password::hash(ctx, &input.new_password).await?;
    // The try is counted and the password right: only the write is run again when transactions meet.
    match ctx.retrying((stored, hash, keys), write).await {
        Err(Error::Retry) => Err(Error::Busy),
        written => written,
    }
}

async fn write(ctx: &Ctx, (stored, hash, keys): (String, String, Vec<Key>)) -> Result<Customer> {
    let (id, session) = super::session(ctx)?;
    let mut tx = ctx.begin_store(Action::CustomerPasswordChange).await?;
    // The credentials come first: a sign-in with the old password holds them, and its session is there to be ended
    // once it lets go.
    if !store::replace_hash(&tx, id, Some(&stored), hash, true).await? {
        // Another change was faster, so this is no longer the password.
        return Err(wrong());
    }
    let customer = profiles::find_living(&tx, id).await?.ok_or(Error::Unauthenticated)?;
    let reason = SessionEnd::PasswordChanged;
    let session_ids = sessions::end(&mut tx, id, store::all_but(session), reason).await?;
    store::void_tokens_for(&tx, id, rules::states::OneTimePurpose::PasswordReset).await?;
    throttle::settle(&*tx, &keys, Outcome::Right).await?;
    messages::queue(&tx, one_time::letter(&customer, EmailTemplate::CustomerPasswordChanged, None)).await?;
    tx.emit(&CustomerPasswordChanged { customer_id: id })?;
    tx.commit(Audit::deleted("customer_credentials", id, &SessionsEnded { session_ids, reason })).await?;
    Ok(customer.into())
}
