//! Money that came in past every provider: somebody of the store says so.

use entity::payments::payments;
use rules::Money;
use rules::ids::OrderId;
use rules::states::{CaptureMode, PaymentEventKind, PaymentEventSource, PaymentStatus};

use super::events::{PaymentSnapshot, PaymentStarted};
use super::record::{own_fact, record};
use super::store;
use crate::kernel::{Action, Audit, Result, StoreScope, Tx};

/// Makes the payment of an order that somebody says was paid: it is taken from the start. Whoever calls holds the order,
/// and has seen that so much is missing.
///
/// # Errors
/// What the database says.
pub async fn paid_by_hand(tx: &mut Tx<StoreScope>, order: OrderId, amount: Money) -> Result<payments::Model> {
    let ctx = tx.ctx().clone();
    let id = ctx.id();
    let row = payments::Model {
        store_id: tx.id(),
        id,
        provider_id: None,
        gift_card_id: None,
        store_credit_id: None,
        cart_id: None,
        order_id: Some(order),
        idempotency_key: format!("by hand {id}"),
        currency: amount.currency(),
        amount: amount.minor(),
        capture_mode: CaptureMode::Manual,
        status: PaymentStatus::Pending,
        authorized: 0,
        captured: 0,
        voided: 0,
        refunded: 0,
        refunding: 0,
        reference: None,
        review: None,
        followed: true,
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let payment = store::insert(tx, row).await?;
    tx.emit(&PaymentStarted { payment: PaymentSnapshot::from(&payment), amount })?;
    tx.audit(Action::PaymentStart, Audit::created("payment", id, &PaymentSnapshot::from(&payment))).await?;
    let fact = |kind| own_fact(&ctx, kind, id, amount);
    let facts = [fact(PaymentEventKind::Authorized), fact(PaymentEventKind::Captured)];
    Ok(record(tx, payment, PaymentEventSource::Staff, &facts).await?.payment)
}
