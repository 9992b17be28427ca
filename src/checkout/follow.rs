//! What a payment came to makes the order, or gives everything back (the third step of rule C5).

use chrono::{DateTime, TimeDelta, Utc};
use entity::checkout::checkout_attempts;
use entity::payments::payments as payment_rows;
use futures::FutureExt;
use rules::Money;
use rules::ids::{CartId, PaymentId};
use rules::state::checkout::{CheckoutEffect, CheckoutEvent, Refusal};
use rules::states::{CheckoutFate, CheckoutStatus, PaymentStatus};

use super::events::{CheckoutCompleted, CheckoutReopened, CheckoutSnapshot};
use super::held::Held;
use super::order::Agreed;
use super::store;
use crate::carts;
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, once};
use crate::orders::{self, Placed};
use crate::payments;
use crate::payments::stored;
use crate::promotions::redemption::give_back;

/// After how long what is to be undone and could not be is tried again.
const UNDO_AGAIN: TimeDelta = TimeDelta::minutes(1);

/// What a payment has come to, as far as a checkout asks.
enum News {
    /// So much was promised or taken; or somebody pays by hand later, which is as good.
    Made(Money),
    /// It was not made, and won't be.
    NotMade,
}

/// Looks at what the payments of a cart have come to, and takes the steps that follow: the order is made, or the cart
/// is open again; what nobody waits for is undone. Asks no provider what it has not told yet. Called again, it does
/// nothing twice.
///
/// # Errors
/// What the database says.
pub async fn follow(ctx: &Ctx, cart: CartId) -> Result<()> {
    let (order, attempts, known) = {
        let scope = ctx.store().await?;
        let Some(row) = store::find(&scope, cart).await? else { return Ok(()) };
        let attempts = store::list_attempts(&scope, row.id).await?;
        let ids: Vec<PaymentId> = attempts.iter().map(|attempt| attempt.payment_id).collect();
        (row.order_id, attempts, payments::list_by_ids(&scope, &ids).await?)
    };
    for attempt in &attempts {
        let Some(payment) = known.iter().find(|payment| payment.id == attempt.payment_id) else { continue };
        match (order, news(ctx, attempt, payment).await?) {
            (Some(order), None) if attempt.fate == CheckoutFate::Kept => {
                orders::hear(ctx, order, payment).await?;
            }
            (_, Some(news)) => hear(ctx, cart, attempt, payment, &news).await?,
            (_, None) => {}
        }
    }
    undo(ctx, cart).await
}

/// What is new about a payment to its checkout.
async fn news(ctx: &Ctx, attempt: &checkout_attempts::Model, payment: &payment_rows::Model) -> Result<Option<News>> {
    let waits = attempt.fate == CheckoutFate::Waiting;
    let came_after_all = attempt.fate == CheckoutFate::NotMade && payment.authorized > 0;
    if payment.authorized > 0 && (waits || came_after_all) {
        return Ok(Some(News::Made(Money::from_minor(payment.authorized, payment.currency))));
    }
    if !waits {
        return Ok(None);
    }
    if matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Voided) {
        return Ok(Some(News::NotMade));
    }
    // Who pays by hand pays after the order: it is placed, and waits for its money.
    let by_hand = payments::is_by_hand(&ctx.store().await?, payment).await?;
    Ok(by_hand.then(|| News::Made(Money::from_minor(payment.amount, payment.currency))))
}

async fn hear(
    ctx: &Ctx,
    cart: CartId,
    attempt: &checkout_attempts::Model,
    payment: &payment_rows::Model,
    news: &News,
) -> Result<()> {
    let number = attempt.number.unsigned_abs();
    let event = |refusals| match news {
        News::Made(amount) => CheckoutEvent::Accepted { attempt: number, amount: *amount, refusals },
        News::NotMade => CheckoutEvent::Declined { attempt: number },
    };
    let heard = once(ctx, || step(ctx, cart, event(Vec::new()), Some(payment)).boxed()).await;
    match heard {
        // What was held is gone: no order is made without it, and nobody keeps the money.
        Err(Error::Conflict(_) | Error::Invalid(_)) => {
            let refused = event(vec![Refusal::Unavailable { lines: Vec::new() }]);
            once(ctx, || step(ctx, cart, refused.clone(), None).boxed()).await
        }
        heard => heard,
    }
}

/// One step in a transaction of its own.
///
/// # Errors
/// `Conflict` and `Invalid` where the order can't be made; nothing was changed then.
pub(super) async fn step(
    ctx: &Ctx,
    cart: CartId,
    event: CheckoutEvent,
    payment: Option<&payment_rows::Model>,
) -> Result<()> {
    let action = match event {
        CheckoutEvent::GoBack => Action::CheckoutCancel,
        _ => Action::CheckoutConfirm,
    };
    let mut tx = ctx.begin_store(action).await?;
    let Some(mut held) = Held::lock_existing(&tx, cart).await? else { return Err(Error::NotFound) };
    let before = CheckoutSnapshot::from(&held.row);
    let waited_for = held.waiting().cloned();
    let effects = held.step(event)?;
    let mut order = None;
    for effect in &effects {
        match effect {
            CheckoutEffect::CreateOrder => {
                let attempt = waited_for.as_ref().ok_or_else(|| Error::internal("an order that nobody waited for"))?;
                order = Some(create_order(&mut tx, cart, attempt, payment).await?);
            }
            CheckoutEffect::ReleaseHolds => release(&mut tx, cart, waited_for.as_ref()).await?,
            // Outside, after the commit.
            CheckoutEffect::Undo { .. } | CheckoutEffect::Charge { .. } | CheckoutEffect::Ask { .. } => {}
        }
    }
    let held = held.save(&tx, order.as_ref().map(|placed| placed.order.id), ctx.now()).await?;
    let after = CheckoutSnapshot::from(&held.row);
    if before.status != after.status {
        let checkout = after.clone();
        match after.status {
            CheckoutStatus::Completed => tx.emit(&CheckoutCompleted { checkout })?,
            CheckoutStatus::Open | CheckoutStatus::Paying => tx.emit(&CheckoutReopened { checkout })?,
        }
    }
    tx.commit(Audit::updated("checkout", after.id, &before, &after)).await
}

/// The order of a payment that was waited for.
async fn create_order(
    tx: &mut Tx<StoreScope>,
    cart: CartId,
    attempt: &checkout_attempts::Model,
    payment: Option<&payment_rows::Model>,
) -> Result<Placed> {
    let agreed: Agreed = serde_json::from_value(attempt.terms.clone()).map_err(Error::internal)?;
    let parts = carts::checkout::stored(tx, cart, tx.ctx().now()).await?.ok_or(Error::NotFound)?;
    let bought: Vec<usize> = (0..parts.lines.len()).collect();
    let mut made = agreed.take(tx, cart, attempt.order_id).await?;
    made.extend(payment.map(|payment| (payment.id, payments::folded(payment))));
    let placement = agreed.placement(attempt.order_id, parts, &bought, made)?;
    let placed = orders::place(tx, placement).await?;
    carts::checkout::complete(tx, cart, attempt.cart_version, placed.order.id).await?;
    if let Some(payment) = payment {
        payments::belongs_to(tx, payment.id, placed.order.id).await?;
    }
    Ok(placed)
}

/// Gives back what is held for a payment that nobody waits for any more.
async fn release(tx: &mut Tx<StoreScope>, cart: CartId, attempt: Option<&checkout_attempts::Model>) -> Result<()> {
    reservations::release(tx, &Owner::from(cart), None).await?;
    stored::release(tx, cart).await?;
    if let Some(attempt) = attempt {
        give_back(tx, attempt.order_id).await?;
    }
    carts::checkout::unlock(tx, cart).await?;
    Ok(())
}

/// Undoes what is to be undone, be it made or not. What can't be undone now is tried again later.
///
/// # Errors
/// What the database says.
pub(super) async fn undo(ctx: &Ctx, cart: CartId) -> Result<()> {
    let undoing = {
        let scope = ctx.store().await?;
        let Some(row) = store::find(&scope, cart).await? else { return Ok(()) };
        let attempts = store::list_attempts(&scope, row.id).await?;
        attempts.into_iter().filter(|attempt| attempt.fate == CheckoutFate::Undoing).collect::<Vec<_>>()
    };
    for attempt in undoing {
        let undone = payments::changes::undo(ctx, attempt.payment_id).await?;
        if undone.finished {
            let event = CheckoutEvent::Undone { attempt: attempt.number.unsigned_abs(), was_made: undone.was_made };
            once(ctx, || step(ctx, cart, event.clone(), None).boxed()).await?;
        } else {
            once(ctx, || later(ctx, cart, ctx.now() + UNDO_AGAIN).boxed()).await?;
        }
    }
    Ok(())
}

/// Looks at a checkout again at a later moment.
pub(super) async fn later(ctx: &Ctx, cart: CartId, at: DateTime<Utc>) -> Result<()> {
    let tx = ctx.begin_store(Action::CheckoutConfirm).await?;
    let Some(mut held) = Held::lock_existing(&tx, cart).await? else { return Ok(()) };
    held.ask_from(at);
    held.save(&tx, None, at).await?;
    tx.commit_unaudited("nothing changed but when it is looked at again").await
}
