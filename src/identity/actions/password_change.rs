//! `passwordChange`: a new password for the one that is known; every other session ends (rule A3).

use async_graphql::InputObject;
use rules::{ErrorCode, Problem};

use super::super::events::{SessionEnd, SessionsEnded, UserPasswordChanged, UserSnapshot};
use super::super::password::{self, Password, Verdict};
use super::super::throttle::{self, Attempt, Key, Outcome};
use super::super::types::User;
use super::super::{sessions, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// A change of password.
#[derive(InputObject, Clone)]
pub struct PasswordChangeInput {
    /// The password until now.
    pub current_password: Password,
    /// The password from now on; 8 to 256 characters, and not an easy guess.
    pub new_password: Password,
}

fn wrong() -> Error {
    Problem::new(ErrorCode::InvalidCredentials, "currentPassword", "This is not your password.").into()
}

/// Changes the password.
pub async fn run(ctx: &Ctx, input: PasswordChangeInput) -> Result<Attempt<User>> {
    let user = store::find_user(&ctx.account().await?).await?.ok_or(Error::Unauthenticated)?;
    input.new_password.check("newPassword", &user.email_normalized)?;
    if !input.current_password.is_plausible() {
        return Err(wrong());
    }
    // A stolen session must not be a way to guess the password.
    throttle::attempt(ctx, throttle::password_change(ctx, user.id), async |keys| change(ctx, &input, keys).await).await
}

async fn change(ctx: &Ctx, input: &PasswordChangeInput, keys: Vec<Key>) -> Result<User> {
    let stored = store::find_credentials(&ctx.account().await?).await?;
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

async fn write(ctx: &Ctx, (stored, hash, keys): (String, String, Vec<Key>)) -> Result<User> {
    let (user, session) = super::session(ctx)?;
    let mut tx = ctx.begin_account(user, Action::AccountPasswordChange).await?;
    // The credentials come first: a sign-in with the old password holds them, and its session is
    // there to be ended once it lets go.
    if !store::replace_hash(&tx, &stored, hash, true).await? {
        // Another change was faster, so this is no longer the password.
        return Err(wrong());
    }
    let reason = SessionEnd::PasswordChanged;
    let session_ids = sessions::end(&mut tx, store::all_but(session), reason).await?;
    throttle::settle(&*tx, &keys, Outcome::Right).await?;
    let row = store::find_user(&tx).await?.ok_or(Error::Unauthenticated)?;
    tx.emit(&UserPasswordChanged { user: UserSnapshot::from(&row) })?;
    let audit = Audit::updated("user", user, &UserSnapshot::from(&row), &SessionsEnded { session_ids, reason });
    tx.commit(audit).await?;
    Ok(row.into())
}
