//! What is to be done about the payments of an order that was called off.

use entity::orders::order_payment_tasks;
use entity::orders::orders::Model;
use rules::states::PaymentTaskKind;

use super::store;
use crate::kernel::{Result, StoreScope, Tx};

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
                    changed.push(order_payment_tasks::Model { amount, updated_at: now, ..task.clone() });
                }
                Some(_) => {}
                None if amount > 0 => changed.push(order_payment_tasks::Model {
                    store_id: tx.id(),
                    id: tx.ctx().id(),
                    order_id: order.id,
                    payment_id: row.payment_id,
                    kind,
                    amount,
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
