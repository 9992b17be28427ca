//! Who must hear what a payment has come to.
//!
//! Owns the one seam through which payments reach the domain above them that knows what a payment is for, without
//! naming it: whoever changes a payment at somebody's wish takes a type that implements [`PaymentHeard`], and `schema.rs`
//! says which. A payment keeps in its own row whether it was heard of, in the write that changes it, so that what is
//! lost between that write and the hearing is found by the worker. Never decides what follows.

use chrono::{DateTime, Utc};
use entity::payments::payments;
use futures::FutureExt;
use rules::ids::PaymentId;

use super::store;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Action, Ctx, Result, once};

/// What follows from what a payment has come to, such as that an order is paid.
pub trait PaymentHeard: Send + Sync + 'static {
    /// Does what follows. Done again, it does nothing twice.
    ///
    /// # Errors
    /// What the database says; then it is done again later.
    fn heard(ctx: &Ctx, payment: PaymentId) -> impl Future<Output = Result<()>> + Send;
}

/// Tells of a payment that has just come to something. That nobody could hear of it now fails nothing: what happened to
/// the payment is kept, and the worker tells of it.
pub async fn tell<H: PaymentHeard>(ctx: &Ctx, payment: PaymentId) {
    if let Err(error) = H::heard(ctx, payment).await {
        tracing::warn!(%payment, %error, "what a payment has come to could not be followed now");
    }
}

/// The payments that were not heard of.
pub fn unheard(now: DateTime<Utc>) -> Waiting {
    store::unheard(now)
}

/// Tells of payments of the store that were not heard of, `most` of them, and answers how many they were. One that
/// fails does not stop the others.
///
/// # Errors
/// What the database says.
pub async fn tell_all<H: PaymentHeard>(ctx: &Ctx, most: u64) -> Result<u64> {
    let unheard = store::list_unheard(&ctx.store().await?, most).await?;
    for payment in &unheard {
        tell::<H>(ctx, payment.id).await;
    }
    Ok(u64::try_from(unheard.len()).unwrap_or(u64::MAX))
}

/// Says that everything has been done that follows from a payment as it is here.
///
/// # Errors
/// What the database says.
pub async fn followed(ctx: &Ctx, payment: &payments::Model) -> Result<()> {
    once(ctx, || follow_once(ctx, payment).boxed()).await
}

async fn follow_once(ctx: &Ctx, payment: &payments::Model) -> Result<()> {
    let tx = ctx.begin_store(Action::PaymentRecord).await?;
    store::set_followed(&tx, payment).await?;
    tx.commit_unaudited("nothing changed but that it was heard of").await
}
