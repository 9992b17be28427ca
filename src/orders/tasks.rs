//! What is to be done about the payments of an order that was called off: written down with the order, and done by the
//! worker.

use chrono::{DateTime, TimeDelta, Utc};
use entity::orders::order_payment_tasks;
use entity::orders::orders::Model;
use futures::FutureExt;
use rules::states::PaymentTaskKind;

use super::{doors, store};
use crate::kernel::schedule::Waiting;
use crate::kernel::{Action, Ctx, Error, Result, StoreScope, Tx, once};
use crate::payments::{self, changes};

/// After how long a task that could not be done is tried again.
const AGAIN: TimeDelta = TimeDelta::minutes(2);

/// Writes down what each payment of a called-off order still has: what was promised is to be let go, and what was
/// taken is to be given back. One task of a kind is open for a payment at a time; it is done once nothing is left, so
/// that whoever does the work only has to tell what the payment has come to. The order is held.
///
/// # Errors
/// What the database says.
pub async fn plan(tx: &Tx<StoreScope>, order: &Model) -> Result<()> {
    let open = store::list_open_tasks(tx, order.id).await?;
    let now = tx.ctx().now();
    let mut changed = Vec::new();
    for row in store::list_payments(tx, &[order.id]).await? {
        let payment = store::payment(order, &row);
        let due = [
            (PaymentTaskKind::Void, payment.capturable().minor()),
            (PaymentTaskKind::Refund, payment.refundable().minor()),
        ];
        for (kind, amount) in due {
            let known = open.iter().find(|task| task.payment_id == row.payment_id && task.kind == kind);
            match known {
                Some(task) if amount == 0 => {
                    changed.push(order_payment_tasks::Model { done_at: Some(now), updated_at: now, ..task.clone() });
                }
                Some(task) if task.amount != amount => {
                    changed.push(order_payment_tasks::Model { amount, due_at: now, updated_at: now, ..task.clone() });
                }
                Some(_) => {}
                None if amount > 0 => changed.push(order_payment_tasks::Model {
                    store_id: tx.id(),
                    id: tx.ctx().id(),
                    order_id: order.id,
                    payment_id: row.payment_id,
                    kind,
                    amount,
                    due_at: now,
                    done_at: None,
                    created_at: now,
                    updated_at: now,
                }),
                None => {}
            }
        }
    }
    store::save_tasks(tx, changed).await
}

/// The tasks that are due at a moment.
pub fn due(now: DateTime<Utc>) -> Waiting {
    store::due_tasks(now)
}

/// Does tasks of the store that are due, `most` of them, and answers how many they were: lets go of what is promised
/// for orders that were called off, and gives back what was taken. One that fails does not stop the others, and is
/// tried again later.
///
/// # Errors
/// What the database says.
pub async fn carry_out(ctx: &Ctx, most: u64) -> Result<u64> {
    let tasks = once(ctx, || claim(ctx, most).boxed()).await?;
    for task in &tasks {
        if let Err(error) = carry_out_one(ctx, task).await {
            tracing::warn!(task = %task.id, %error, "the payment of an order that was called off could not be undone");
        }
    }
    Ok(u64::try_from(tasks.len()).unwrap_or(u64::MAX))
}

async fn claim(ctx: &Ctx, most: u64) -> Result<Vec<order_payment_tasks::Model>> {
    let tx = ctx.begin_store(Action::OrderPaymentsSettle).await?;
    let tasks = store::claim_tasks(&tx, ctx.now() + AGAIN, most).await?;
    tx.commit_unaudited("nothing changed but when they are tried again").await?;
    Ok(tasks)
}

/// Whatever is asked, no more is given back than was taken, and nothing is let go twice: the payment itself sees to it.
async fn carry_out_one(ctx: &Ctx, task: &order_payment_tasks::Model) -> Result<()> {
    let asked = match task.kind {
        PaymentTaskKind::Void => changes::void(ctx, task.payment_id).await.map(drop),
        PaymentTaskKind::Refund => {
            let refund = changes::Refund { payment: task.payment_id, amount: None, reason: None, key: None };
            changes::refund(ctx, &refund).await.map(drop)
        }
    };
    match asked {
        // Nothing is left of it, or another change is under way.
        Ok(()) | Err(Error::Conflict(_)) => {}
        Err(error) => return Err(error),
    }
    let payment = payments::list_by_ids(&ctx.store().await?, &[task.payment_id]).await?.pop();
    let Some(payment) = payment else { return Ok(()) };
    doors::hear(ctx, task.order_id, &payment).await?;
    payments::heard::followed(ctx, &payment).await
}
