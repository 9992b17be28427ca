//! `customerSignIn`: an e-mail address and a password for a session at the store.

use async_graphql::InputObject;
use entity::customers::customers;
use rules::ids::CustomerId;
use rules::{ErrorCode, Problem};

use super::super::events::{CustomerSessionCreated, SessionSnapshot};
use super::super::sessions::{self, Tokens};
use super::super::store;
use crate::identity::email;
use crate::identity::password::{self, Password, Verdict};
use crate::identity::throttle::{self, Attempt, Key, Outcome};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Who signs in.
#[derive(InputObject, Clone)]
pub struct CustomerSignInInput {
    /// The e-mail address of the account.
    pub email: String,
    /// Its password.
    pub password: Password,
}

/// One answer for every reason: an unknown address, a wrong password, an account that is kept out.
fn wrong() -> Error {
    let message = "The e-mail address and the password do not belong together.";
    Problem::new(ErrorCode::InvalidCredentials, "", message).into()
}

/// Signs in.
pub async fn run(ctx: &Ctx, input: CustomerSignInInput) -> Result<Attempt<(Tokens, customers::Model)>> {
    let store = ctx.store_context()?.id;
    // What can't be an address or a password of anybody costs nothing, and says nothing.
    let email = email::read("email", &input.email).map_err(|_| wrong())?;
    if !input.password.is_plausible() {
        return Err(wrong());
    }
    let keys = throttle::customer_sign_in(ctx, store, &email.key);
    throttle::attempt(ctx, keys, async |keys| guess(ctx, &email.key, &input.password, keys).await).await
}

async fn guess(ctx: &Ctx, email_key: &str, password: &Password, keys: Vec<Key>) -> Result<(Tokens, customers::Model)> {
    let found = store::find_by_email(&ctx.store().await?, email_key).await?;
    let stored = found.as_ref().and_then(|(_, credentials)| credentials.as_ref());
    let stored = stored.map(|credentials| credentials.password_hash.clone());
    let verdict = password::verify(ctx, password, stored.as_deref()).await?;
    let (Some((customer, _)), Some(stored), Verdict::Right | Verdict::RightButOld) = (found, stored, verdict) else {
        return Err(wrong());
    };
    if !sessions::may_enter(&customer) {
        return Err(wrong());
    }
    let renewed = match verdict {
        Verdict::RightButOld => Some(password::hash(ctx, password).await?),
        _ => None,
    };
    // The try is counted and the password right: only the write is run again when transactions meet.
    let opening = Opening { customer: customer.id, stored, renewed, keys };
    match ctx.retrying(opening, open).await {
        Ok(tokens) => Ok((tokens, customer)),
        Err(Error::Retry) => Err(Error::Busy),
        Err(error) => Err(error),
    }
}

/// A session about to be opened.
#[derive(Clone)]
struct Opening {
    customer: CustomerId,
    /// The hash that the password was compared with.
    stored: String,
    /// The hash to put into its place.
    renewed: Option<String>,
    keys: Vec<Key>,
}

async fn open(ctx: &Ctx, opening: Opening) -> Result<Tokens> {
    let Opening { customer, stored, renewed, keys } = opening;
    let mut tx = ctx.begin_store(Action::CustomerSignIn).await?;
    let stands = match renewed {
        Some(hash) => store::replace_hash(&tx, customer, Some(&stored), hash, false).await?,
        None => store::hold_credentials(&tx, customer, &stored).await?,
    };
    if !stands {
        // The password was changed while it was compared. Or it was only hashed anew, by another sign-in: then the
        // next try succeeds.
        return Err(wrong());
    }
    let (tokens, session) = sessions::open(&mut tx, customer).await?;
    throttle::settle(&*tx, &keys, Outcome::Right).await?;
    tx.emit(&CustomerSessionCreated { session: SessionSnapshot::from(&session) })?;
    tx.commit(Audit::created("customer_session", session.id, &SessionSnapshot::from(&session))).await?;
    Ok(tokens)
}
