//! What is sent to a mailbox and comes back once.

use chrono::TimeDelta;
use entity::customers::{customer_one_time_tokens, customers};
use rules::ids::CustomerOneTimeTokenId;
use rules::states::{EmailTemplate, OneTimePurpose};
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::store;
use crate::identity::secret::{self, Kind};
use crate::kernel::{Error, Result, StoreScope, Tx};
use crate::messages::{self, Letter};

/// What goes with a purpose: the kind of secret, the letter, and how long it is good.
fn of(purpose: OneTimePurpose) -> (Kind, EmailTemplate, TimeDelta) {
    match purpose {
        OneTimePurpose::EmailVerification => {
            (Kind::EmailVerification, EmailTemplate::CustomerEmailVerification, TimeDelta::days(3))
        }
        OneTimePurpose::PasswordReset => {
            (Kind::PasswordReset, EmailTemplate::CustomerPasswordReset, TimeDelta::hours(1))
        }
        OneTimePurpose::Invitation => (Kind::CustomerInvitation, EmailTemplate::CustomerInvitation, TimeDelta::days(7)),
    }
}

/// Makes a token for a customer and queues the letter that carries it. What was sent for the same purpose before is
/// void.
pub async fn send(tx: &Tx<StoreScope>, customer: &customers::Model, purpose: OneTimePurpose) -> Result<()> {
    let (kind, template, lifetime) = of(purpose);
    let ctx = tx.ctx();
    let id: CustomerOneTimeTokenId = ctx.id();
    let secret = messages::one_time(&ctx.settings().secret, kind, tx.id(), id.0);
    let row = customer_one_time_tokens::ActiveModel {
        id: Set(id),
        customer_id: Set(customer.id),
        purpose: Set(purpose),
        email_normalized: Set(customer.email_normalized.clone()),
        token_hash: Set(secret.hash().to_vec()),
        expires_at: Set(ctx.now() + lifetime),
        used_at: Set(None),
        created_at: Set(ctx.now()),
        ..Default::default()
    };
    store::void_tokens_for(tx, customer.id, purpose).await?;
    store::insert_token(tx, row).await?;
    messages::queue(tx, letter(customer, template, Some(id))).await
}

/// A letter to a customer.
pub fn letter(customer: &customers::Model, template: EmailTemplate, token: Option<CustomerOneTimeTokenId>) -> Letter {
    let token = token.map(|token| token.0);
    Letter { template, recipient: customer.email.clone(), name: customer.first_name.clone(), token }
}

/// One answer for every reason.
pub fn invalid() -> Error {
    let message = "This is not valid any more: ask for a new letter.";
    Problem::new(ErrorCode::InvalidToken, "token", message).into()
}

/// Finds a token that could be good, as it came back. Whether it still is, only [`accept`] says.
///
/// # Errors
/// [`invalid`].
pub async fn find(scope: &StoreScope, purpose: OneTimePurpose, token: &str) -> Result<customer_one_time_tokens::Model> {
    let hash = secret::parse_kind(of(purpose).0, token).ok_or_else(invalid)?;
    store::find_token(scope, purpose, &hash).await?.ok_or_else(invalid)
}

/// Uses a token up, for a customer who is held and still has the mailbox that it was sent to.
///
/// # Errors
/// [`invalid`] where it was used, is too old, or proves another mailbox.
pub async fn accept(
    tx: &Tx<StoreScope>,
    token: &customer_one_time_tokens::Model,
    customer: &customers::Model,
) -> Result<()> {
    if token.email_normalized != customer.email_normalized || !store::use_token(tx, token.id).await? {
        return Err(invalid());
    }
    Ok(())
}
