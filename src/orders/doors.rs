//! The doors through which other domains tell an order what became of it. Each works in the transaction of whoever
//! calls, holds the order until its end, and derives where it stands.

use entity::orders::orders::{ActiveModel, Model};
use entity::payments::payments as payment_rows;
use futures::FutureExt;
use rules::ids::{OrderId, OrderLineId, PaymentId};
use rules::state::payment::Payment;
use rules::{ErrorCode, Problem};

use super::events::{OrderPaymentChanged, OrderUnitsChanged};
use super::placing::{paid, payment_row};
use super::{statuses, store, tasks, told};
use crate::customers::{OrderCount, count_order};
use crate::kernel::{Action, Ctx, Error, Result, StoreScope, Tx, once};
use crate::payments::folded;

/// Notes what a payment of an order has come to, and tells where the order stands after it. The same twice changes
/// nothing. What a payment still has of an order that was called off becomes work: to be let go, or given back.
///
/// # Errors
/// `NotFound` where there is no such order; `Conflict` with `INVALID` for a payment in another currency.
pub async fn note_payment(
    tx: &mut Tx<StoreScope>,
    order: OrderId,
    payment: PaymentId,
    is: &Payment,
    why: Option<&str>,
) -> Result<Model> {
    let before = store::lock(tx, order).await?.ok_or(Error::NotFound)?;
    if is.captured.currency() != before.currency {
        let message = format!("The order is in {}.", before.currency);
        return Err(Error::Conflict(Problem::new(ErrorCode::Invalid, "amount", message)));
    }
    let known = store::list_payments(tx, &[order]).await?.into_iter().find(|row| row.payment_id == payment);
    if known.as_ref().is_some_and(|row| store::payment(&before, row) == *is) {
        return Ok(before);
    }
    let mut row = payment_row(tx, order, payment, is);
    row.created_at = known.map_or(row.created_at, |row| row.created_at);
    let had = statuses::facts(tx, &before).await?;
    store::save_payment(tx, row).await?;
    let facts = statuses::facts(tx, &before).await?;
    if let Some(customer) = before.customer_id {
        let (had, has) = (paid(before.currency, &had.payments)?, paid(before.currency, &facts.payments)?);
        let spent = has.checked_sub(had).map_err(Problem::from)?;
        count_order(tx, customer, OrderCount { orders: 0, spent }).await?;
    }
    let after = statuses::restate(tx, &before, ActiveModel::default(), &facts, why).await?;
    if after.canceled_at.is_some() {
        tasks::plan(tx, &after).await?;
    }
    tx.emit(&OrderPaymentChanged { order: told::snapshot(tx, &after).await? })?;
    Ok(after)
}

/// Notes what a payment has come to, in a write of its own.
///
/// # Errors
/// As [`note_payment`].
pub async fn hear(ctx: &Ctx, order: OrderId, payment: &payment_rows::Model) -> Result<()> {
    once(ctx, || hear_once(ctx, order, payment).boxed()).await
}

async fn hear_once(ctx: &Ctx, order: OrderId, payment: &payment_rows::Model) -> Result<()> {
    let mut tx = ctx.begin_store(Action::OrderPaymentsSettle).await?;
    note_payment(&mut tx, order, payment.id, &folded(payment), None).await?;
    tx.commit_unaudited("the history of the order says it").await
}

/// How many units of a line moved since the last time; below zero where something was taken back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnitsMoved {
    /// Sent, or called off before they left.
    pub fulfilled: i64,
    /// Came back.
    pub returned: i64,
    /// Are on their way back, or asked to be.
    pub returning: i64,
}

/// Notes what was sent of an order and what came back, and tells where the order stands after it.
///
/// # Errors
/// `NotFound` where there is no such order or line of it; `Conflict` with `OUT_OF_RANGE` for more than were ordered,
/// or more back than were sent; with `NOT_ALLOWED` where the order was called off. Then nothing is changed.
pub async fn note_units(
    tx: &mut Tx<StoreScope>,
    order: OrderId,
    moved: &[(OrderLineId, UnitsMoved)],
    why: Option<&str>,
) -> Result<Model> {
    let before = store::lock(tx, order).await?.ok_or(Error::NotFound)?;
    if before.canceled_at.is_some() {
        let message = "The order was called off.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    }
    let mut lines = store::list_lines(tx, &[order]).await?;
    for (place, (id, moved)) in moved.iter().enumerate() {
        let line = lines.iter_mut().find(|line| line.id == *id).ok_or(Error::NotFound)?;
        line.fulfilled += moved.fulfilled;
        line.returned += moved.returned;
        line.returning += moved.returning;
        let back = line.returned + line.returning;
        let counts = [line.fulfilled, line.returned, line.returning];
        if counts.iter().any(|count| *count < 0) || line.fulfilled > line.quantity || back > line.fulfilled {
            let message = format!("{} were ordered: no more are sent, and no more come back.", line.quantity);
            return Err(Error::Conflict(Problem::new(ErrorCode::OutOfRange, &format!("lines.{place}"), message)));
        }
        store::set_units(tx, line).await?;
    }
    let facts = statuses::facts(tx, &before).await?;
    let after = statuses::restate(tx, &before, ActiveModel::default(), &facts, why).await?;
    tx.emit(&OrderUnitsChanged { order: told::snapshot(tx, &after).await? })?;
    Ok(after)
}
