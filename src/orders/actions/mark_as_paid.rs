//! `orderMarkAsPaid`: an order that nobody paid at a provider is paid.

use rules::ids::OrderId;
use rules::state::payment::Payment;
use rules::states::PaymentStatus;
use rules::{ErrorCode, Money, Problem};

use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::orders::attributes::{MAX_NOTE, free_text};
use crate::orders::doors::note_payment;
use crate::orders::types::Order;
use crate::orders::{statuses, store, told};
use crate::payments::{folded, paid_by_hand};

/// Makes a payment of all that is missing, and takes it. Refused while a payment of the order can still bring the money:
/// nobody pays twice.
pub async fn run(ctx: &Ctx, (id, note): (OrderId, Option<String>)) -> Result<Order> {
    let note = note.as_deref().map(|note| free_text("note", note, MAX_NOTE)).transpose()?;
    let mut tx = ctx.begin_store(Action::OrderMarkAsPaid).await?;
    let before = store::lock(&tx, id).await?.ok_or(Error::NotFound)?;
    if before.canceled_at.is_some() {
        return refuse("The order was called off: nobody pays it any more.");
    }
    let facts = statuses::facts(&tx, &before).await?;
    let is_open = |payment: &Payment| payment.status() == PaymentStatus::Pending || !payment.capturable().is_zero();
    if facts.payments.iter().any(is_open) {
        return refuse("A payment of the order is under way: say there that it came in, take it, or let it go first.");
    }
    let taken = Money::sum(before.currency, facts.payments.iter().map(|payment| payment.captured));
    let missing = facts.total.checked_sub(taken.map_err(Problem::from)?).map_err(Problem::from)?;
    if missing.minor() < 1 {
        return refuse("Nothing is missing: the order is paid.");
    }
    let snapshot_before = told::snapshot(&tx, &before).await?;
    let payment = paid_by_hand(&mut tx, id, missing).await?;
    let after = note_payment(&mut tx, id, payment.id, &folded(&payment), note.as_deref()).await?;
    let snapshot = told::snapshot(&tx, &after).await?;
    tx.commit(Audit::updated("order", id, &snapshot_before, &snapshot)).await?;
    Ok(after.into())
}

fn refuse<T>(message: &str) -> Result<T> {
    Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)))
}
