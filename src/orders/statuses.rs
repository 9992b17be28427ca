//! Where an order stands (rule F2).
//!
//! It is never set: one function derives it from what was paid, sent and taken back, writes what has changed, and
//! notes each change in the history with who and why, all in the transaction of whoever changed a fact.

use entity::orders::order_status_history;
use entity::orders::orders::{ActiveModel, Model};
use rules::state;
use rules::states::OrderStatusKind;
use rules::{Money, MoneyError, Problem};
use sea_orm::ActiveValue::Set;

use super::store;
use crate::kernel::{Error, Result, StoreScope, Tx};

/// The facts that the state of an order follows from, as its rows have them.
///
/// # Errors
/// What the database says.
pub async fn facts(tx: &Tx<StoreScope>, order: &Model) -> Result<state::order::Order> {
    let payments = store::list_payments(tx, &[order.id]).await?;
    let lines = store::list_lines(tx, &[order.id]).await?;
    let units = lines.iter().map(|line| state::order::OrderLine {
        ordered: line.quantity,
        fulfilled: line.fulfilled,
        returned: line.returned,
        returning: line.returning,
    });
    Ok(state::order::Order {
        canceled: order.canceled_at.is_some(),
        total: Money::from_minor(order.total, order.currency),
        payments: payments.iter().map(|row| store::payment(order, row)).collect(),
        lines: units.collect(),
    })
}

/// Derives where an order that is held stands, writes `change` and whatever else has changed, and notes it.
///
/// # Errors
/// What the database says.
pub async fn restate(
    tx: &Tx<StoreScope>,
    before: &Model,
    mut change: ActiveModel,
    facts: &state::order::Order,
    why: Option<&str>,
) -> Result<Model> {
    let beyond = |error: MoneyError| Error::from(Problem::from(error));
    change.status = Set(facts.status().map_err(beyond)?);
    change.payment_status = Set(facts.payment_status().map_err(beyond)?);
    change.fulfillment_progress = Set(facts.fulfillment_progress());
    change.return_progress = Set(facts.return_progress());
    let after = store::update(tx, before, change).await?;
    note(tx, Some(before), &after, why).await?;
    Ok(after)
}

/// Notes where an order stands that was just placed.
///
/// # Errors
/// What the database says.
pub async fn note_beginning(tx: &Tx<StoreScope>, order: &Model) -> Result<()> {
    note(tx, None, order, None).await
}

async fn note(tx: &Tx<StoreScope>, before: Option<&Model>, after: &Model, why: Option<&str>) -> Result<()> {
    let (actor_kind, actor_id) = tx.ctx().actor().label();
    let words = |of: fn(&Model) -> &'static str| (before.map(of), of(after));
    let changes = [
        (OrderStatusKind::Order, words(|order| order.status.name())),
        (OrderStatusKind::Payment, words(|order| order.payment_status.name())),
        (OrderStatusKind::Fulfillment, words(|order| order.fulfillment_progress.name())),
        (OrderStatusKind::Return, words(|order| order.return_progress.name())),
    ];
    let changed = changes.into_iter().filter(|(_, (before, after))| *before != Some(after));
    let rows: Vec<_> = changed
        .map(|(kind, (from, to))| order_status_history::Model {
            store_id: tx.id(),
            id: tx.ctx().id(),
            order_id: after.id,
            kind,
            order_version: after.version,
            from_status: from.map(str::to_owned),
            to_status: to.to_owned(),
            actor_kind,
            actor_id: actor_id.clone(),
            reason: why.map(str::to_owned),
            created_at: tx.ctx().now(),
        })
        .collect();
    store::insert_history(tx, rows).await
}
