//! `signUp`: a new account.
//!
//! The answer says nothing about whether the e-mail address was taken, and takes as long (rule A3):
//! the password is hashed and an entry committed either way. Only signing in tells, to whoever knows
//! the password.

use async_graphql::InputObject;
use entity::identity::users;
use rules::ids::UserId;
use rules::{ErrorCode, Problems};
use sea_orm::ActiveValue::Set;

use super::super::email::{self, Email};
use super::super::events::{UserCreated, UserSignUpRepeated, UserSnapshot};
use super::super::password::{self, Password};
use super::super::{store, throttle};
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};

/// A new account.
#[derive(InputObject, Clone)]
pub struct SignUpInput {
    /// The e-mail address to sign in with.
    pub email: String,
    /// The password; 8 to 256 characters, and not an easy guess.
    pub password: Password,
    /// The name to show; at most 200 characters.
    pub name: String,
    /// The language to be spoken to in, such as `pt-BR`; left to each request where it is left out.
    pub locale: Option<String>,
}

/// An account that is in order to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The address to sign in with.
    pub email: Email,
    /// The password, in clear.
    pub password: Password,
    /// The name to show.
    pub name: String,
    /// The language chosen.
    pub locale: Option<String>,
}

impl NewAccount {
    /// Checks every field.
    ///
    /// # Errors
    /// All problems at once.
    pub fn read(input: &SignUpInput) -> Result<Self> {
        let mut problems = Problems::new();
        let email = problems.keep(email::read("email", &input.email));
        let key = email.as_ref().map_or("", |email| email.key.as_str());
        problems.keep(input.password.check("password", key));
        let name = problems.keep(super::name(&input.name));
        let locale = problems.keep(input.locale.as_deref().map(|tag| input::language("locale", tag)).transpose());
        problems.finish()?;
        match (email, name) {
            (Some(email), Some(name)) => {
                Ok(Self { email, password: input.password.clone(), name, locale: locale.flatten() })
            }
            _ => Err(Error::internal("a field without a value has no problem")),
        }
    }
}

/// Signs up. True, whether the address was taken or not.
pub async fn run(ctx: &Ctx, input: SignUpInput) -> Result<bool> {
    if !ctx.settings().sign_up_open {
        return Err(Error::invalid(ErrorCode::Disabled, "", "Sign-up is closed here: ask to be invited."));
    }
    let account = NewAccount::read(&input)?;
    if let Some(until) = throttle::take(ctx, &throttle::sign_up(ctx)).await? {
        return Err(throttle::locked_out(until).into());
    }
    create(ctx, account).await?;
    Ok(true)
}

/// Creates the account; `None` where its e-mail address is taken, and then nothing was changed but
/// that its owner is told. Also for the shell and the demo, which need no open sign-up.
///
/// # Errors
/// `Busy` where too many hashes wait.
pub async fn create(ctx: &Ctx, account: NewAccount) -> Result<Option<UserId>> {
    let taken = store::find_by_email(&ctx.platform().await?, &account.email.key).await?;
    let hash = password::hash(ctx, &account.password).await?;
    // The hash stays good when transactions meet: only the write is run again.
    let written = match taken {
        None => ctx.retrying((account, hash), insert).await,
        Some((user, _)) => ctx.retrying(user, repeated).await,
    };
    match written {
        Err(Error::Retry) => Err(Error::Busy),
        written => written,
    }
}

async fn insert(ctx: &Ctx, (account, hash): (NewAccount, String)) -> Result<Option<UserId>> {
    let id: UserId = ctx.id();
    let mut tx = ctx.begin_account(id, Action::AccountSignUp).await?;
    let row = users::ActiveModel {
        email: Set(account.email.address),
        email_normalized: Set(account.email.key),
        name: Set(account.name),
        locale: Set(account.locale),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    // Somebody else was faster with the same address: the database decides.
    let Some(user) = store::insert_user(&tx, row, hash).await? else { return Ok(None) };
    tx.emit(&UserCreated { user: UserSnapshot::from(&user) })?;
    tx.commit(Audit::created("user", id, &UserSnapshot::from(&user))).await?;
    Ok(Some(id))
}

/// The address is taken: the account stays as it is, and its owner can be told.
async fn repeated(ctx: &Ctx, user: users::Model) -> Result<Option<UserId>> {
    let mut tx = ctx.begin_account(user.id, Action::AccountSignUpRepeat).await?;
    tx.emit(&UserSignUpRepeated { user: UserSnapshot::from(&user) })?;
    tx.commit(Audit::done("user", &UserSnapshot::from(&user))).await?;
    Ok(None)
}
