//! What a worker does about checkouts, whatever was lost before (rule C5).

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use rules::ids::CartId;
use rules::state::checkout::{CheckoutEffect, CheckoutEvent};

use super::follow::{follow, later, step, undo};
use super::held::Held;
use super::store;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Action, Ctx, Result, once};
use crate::payments;

/// By when whoever took a checkout has driven it on: then it is somebody else's turn.
const CLAIM: TimeDelta = TimeDelta::minutes(2);
/// How long a payment is waited for, such as for a buyer who has to prove something to the bank.
const PATIENCE: TimeDelta = TimeDelta::minutes(30);
/// How often a provider is asked at the most.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// The checkouts that are due at a moment.
pub fn due(now: DateTime<Utc>) -> Waiting {
    store::due(now)
}

/// Drives checkouts of the store on that are due, `most` of them: asks providers what became of payments that nobody
/// heard of for long, makes orders of those that were made, and undoes what nobody waits for. Answers how many they
/// were. One that fails does not stop the others, and is due again soon.
///
/// # Errors
/// What the database says.
pub async fn drive(ctx: &Ctx, most: u64) -> Result<u64> {
    let carts = once(ctx, || claim(ctx, most).boxed()).await?;
    for cart in &carts {
        if let Err(error) = drive_one(ctx, *cart).await {
            tracing::warn!(%cart, %error, "a checkout could not be driven on");
        }
    }
    Ok(u64::try_from(carts.len()).unwrap_or(u64::MAX))
}

async fn claim(ctx: &Ctx, most: u64) -> Result<Vec<CartId>> {
    let tx = ctx.begin_store(Action::CheckoutConfirm).await?;
    let carts = store::claim(&tx, ctx.now() + CLAIM, most).await?;
    tx.commit_unaudited("nothing changed but when they are looked at again").await?;
    Ok(carts)
}

async fn drive_one(ctx: &Ctx, cart: CartId) -> Result<()> {
    let (waiting, undoing) = {
        let scope = ctx.store().await?;
        let Some(row) = store::find(&scope, cart).await? else { return Ok(()) };
        let held = Held::of(&scope, row).await?;
        let undoing = held.due(ctx.now()).iter().any(|effect| matches!(effect, CheckoutEffect::Undo { .. }));
        (held.waiting().cloned(), undoing)
    };
    if undoing {
        undo(ctx, cart).await?;
    }
    let Some(waiting) = waiting else { return Ok(()) };
    if waiting.ask_from <= ctx.now() {
        payments::changes::sync(ctx, waiting.payment_id).await?;
    }
    follow(ctx, cart).await?;
    let still_waits = {
        let scope = ctx.store().await?;
        let attempts = store::list_attempts(&scope, waiting.checkout_id).await?;
        attempts.iter().any(|attempt| attempt.number == waiting.number && attempt.fate == waiting.fate)
    };
    if !still_waits {
        return Ok(());
    }
    if waiting.created_at + PATIENCE <= ctx.now() {
        once(ctx, || step(ctx, cart, CheckoutEvent::GoBack, None).boxed()).await?;
        return undo(ctx, cart).await;
    }
    let again = ctx.now() + ASK_AGAIN.max((ctx.now() - waiting.created_at) / 2);
    once(ctx, || later(ctx, cart, again).boxed()).await
}
