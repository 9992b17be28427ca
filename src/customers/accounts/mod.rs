//! Accounts of customers: how they sign up and in, and how they prove their mailboxes.
//!
//! Owns passwords, sessions and one-time tokens of customers, each of one store. The hashes, the brake on guessing
//! and the form of secrets are `identity`'s, for customers as for the people of the platform; neither credential
//! works for the other (rule A4). Answers never tell whether a mailbox has an account (rule A3): whoever asks gets the
//! same answer, after the same work, and a letter says the rest to the owner of the mailbox.

mod actions;
mod events;
mod mutation;
mod one_time;
mod sessions;
mod store;
mod types;

use chrono::{DateTime, TimeDelta, Utc};
use rules::ids::CustomerId;

pub use events::SessionEnd;
pub use mutation::AccountMutation;
pub use store::{forget, void_tokens};

use crate::kernel::schedule::Waiting;
use crate::kernel::{Action, Ctx, Result, StoreScope, Tx};

/// How long a session that has run out is kept, so that it can be told what happened.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Ends every session of a customer, in an open transaction.
///
/// # Errors
/// What the database says.
pub async fn end_sessions(tx: &mut Tx<StoreScope>, customer: CustomerId, reason: SessionEnd) -> Result<()> {
    sessions::end(tx, customer, store::every(), reason).await.map(|_| ())
}

/// The sessions that ran out so long ago that nobody asks for them any more.
pub fn over(now: DateTime<Utc>) -> Waiting {
    store::sessions_before(now - KEPT)
}

/// Removes sessions that ran out long ago, with their tokens, so many at the most, and one-time tokens that nobody can
/// use any more, of the store of the request. For the worker; gives how many sessions.
///
/// # Errors
/// `Busy` where the database is away.
pub async fn sweep(ctx: &Ctx, most: u64) -> Result<u64> {
    let tx = ctx.begin_store(Action::CustomerSessionsSweep).await?;
    let gone = store::delete_before(&tx, ctx.now() - KEPT, most).await?;
    tx.commit_unaudited("sessions that ran out long ago").await?;
    Ok(gone)
}
