//! How what a provider says becomes what a payment has come to (rule Y1).
//!
//! Facts are appended as events, each once, and folded by `rules::state::payment`; the row of the payment keeps what
//! they come to, in the same transaction. What contradicts an event that came before is kept and counts for nothing:
//! then somebody has to look at the payment (attack C19). Whoever records holds the payment.

use entity::payments::{payment_events, payments, refunds};
use rules::Money;
use rules::state::payment::{Payment, PaymentEvent};
use rules::states::{
    PaymentAttemptKind, PaymentAttemptState, PaymentEventKind, PaymentEventSource, PaymentReview, PaymentStatus,
    RefundState,
};
use sea_orm::ActiveValue::Set;

use super::events::{PaymentReviewNeeded, PaymentSnapshot, tell};
use super::gateway::Fact;
use super::store;
use crate::kernel::{Ctx, Error, Result, StoreScope, Tx};

/// What came of recording.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The payment after it.
    pub payment: payments::Model,
    /// How many facts were new.
    pub news: usize,
    /// Whether some of them contradict what is known.
    pub parked: bool,
}

/// A payment's sums, as its row keeps them.
pub fn folded(row: &payments::Model) -> Payment {
    let money = |minor| Money::from_minor(minor, row.currency);
    Payment {
        authorized: money(row.authorized),
        captured: money(row.captured),
        voided: money(row.voided),
        refunded: money(row.refunded),
        refunding: money(row.refunding),
        declined: row.status == PaymentStatus::Failed,
    }
}

/// Records facts about a payment that is held.
///
/// # Errors
/// What the database says; `Internal` where the sums are beyond counting.
pub async fn record(
    tx: &mut Tx<StoreScope>,
    payment: payments::Model,
    source: PaymentEventSource,
    facts: &[Fact],
) -> Result<Recorded> {
    let ctx = tx.ctx().clone();
    let mut known = store::list_events(tx, &[payment.id]).await?;
    let mut fresh: Vec<payment_events::Model> = Vec::new();
    for fact in facts {
        let (reference, expected) = match of_refund(fact.kind) {
            true => {
                let refund = refund_of(tx, &payment, fact).await?;
                (refund.id.to_string(), Some(Money::from_minor(refund.amount, refund.currency)))
            }
            false => (fact.reference.clone(), None),
        };
        let same = |event: &&payment_events::Model| event.kind == fact.kind && event.reference == reference;
        let is_this = |event: &&payment_events::Model| Money::from_minor(event.amount, event.currency) == fact.amount;
        if known.iter().filter(same).any(|event| is_this(&event)) {
            continue;
        }
        let contradicts = fact.amount.currency() != payment.currency
            || known.iter().filter(same).any(|event| !event.parked)
            || expected.is_some_and(|expected| expected != fact.amount);
        let event = payment_events::Model {
            store_id: tx.id(),
            id: ctx.id(),
            payment_id: payment.id,
            kind: fact.kind,
            reference,
            currency: fact.amount.currency(),
            amount: fact.amount.minor(),
            source,
            parked: contradicts,
            occurred_at: fact.at.unwrap_or(ctx.now()),
            created_at: ctx.now(),
        };
        let event = store::insert_event(tx, event).await?;
        known.push(event.clone());
        fresh.push(event);
    }
    if fresh.is_empty() {
        return Ok(Recorded { payment, news: 0, parked: false });
    }
    let counted: Vec<PaymentEvent> = known.iter().filter(|event| !event.parked).map(in_rules).collect();
    let sums = Payment::fold(payment.currency, &counted).map_err(Error::internal)?;
    let parked = fresh.iter().any(|event| event.parked);
    let review = review(&payment, &sums, parked)?;
    let row = payments::ActiveModel {
        status: Set(sums.status()),
        authorized: Set(sums.authorized.minor()),
        captured: Set(sums.captured.minor()),
        voided: Set(sums.voided.minor()),
        refunded: Set(sums.refunded.minor()),
        refunding: Set(sums.refunding.minor()),
        review: Set(review),
        followed: Set(false),
        ..Default::default()
    };
    let after = store::update(tx, &payment, row).await?;
    for event in fresh.iter().filter(|event| !event.parked) {
        close(tx, &after, event, &counted).await?;
        tell(tx, &after, event.kind, Money::from_minor(event.amount, event.currency))?;
    }
    if review.is_some() && payment.review.is_none() {
        let amount = Money::from_minor(after.amount, after.currency);
        tx.emit(&PaymentReviewNeeded { payment: PaymentSnapshot::from(&after), amount })?;
    }
    Ok(Recorded { payment: after, news: fresh.len(), parked })
}

fn of_refund(kind: PaymentEventKind) -> bool {
    matches!(kind, PaymentEventKind::RefundRequested | PaymentEventKind::Refunded | PaymentEventKind::RefundFailed)
}

fn in_rules(event: &payment_events::Model) -> PaymentEvent {
    PaymentEvent {
        kind: event.kind,
        reference: event.reference.clone(),
        amount: Money::from_minor(event.amount, event.currency),
        at: event.occurred_at,
    }
}

/// Why somebody has to look at the payment. What was only told in another order mends itself; a contradiction stays
/// until somebody has looked.
fn review(before: &payments::Model, sums: &Payment, parked: bool) -> Result<Option<PaymentReview>> {
    if parked || before.review == Some(PaymentReview::AmountDiffers) {
        return Ok(Some(PaymentReview::AmountDiffers));
    }
    let given_back = sums.refunded.checked_add(sums.refunding).map_err(Error::internal)?;
    Ok(if given_back.minor() > sums.captured.minor() {
        Some(PaymentReview::OverRefunded)
    } else if sums.captured.minor() > before.amount {
        Some(PaymentReview::OverPaid)
    } else {
        None
    })
}

/// The refund that a fact is about: the one that the provider names as ours, the one that it knows by this reference,
/// one that we asked for and that has no reference yet, or a new one: it was made at the provider.
async fn refund_of(tx: &Tx<StoreScope>, payment: &payments::Model, fact: &Fact) -> Result<refunds::Model> {
    let refunds = store::list_refunds(tx, &[payment.id]).await?;
    let state = match fact.kind {
        PaymentEventKind::Refunded => RefundState::Succeeded,
        PaymentEventKind::RefundFailed => RefundState::Failed,
        _ => RefundState::Requested,
    };
    let amount = fact.amount;
    let named = |refund: &&refunds::Model| Some(refund.id) == fact.refund;
    let referred = |refund: &&refunds::Model| refund.reference.as_deref() == Some(fact.reference.as_str());
    let waiting = |refund: &&refunds::Model| {
        fact.refund.is_none()
            && refund.reference.is_none()
            && refund.state == RefundState::Requested
            && refund.amount == amount.minor()
    };
    let found = refunds.iter().find(named).or_else(|| refunds.iter().find(referred));
    if let Some(found) = found.or_else(|| refunds.iter().find(waiting)) {
        // A refund that was made is made, whatever is told late.
        let state = if found.state == RefundState::Succeeded { found.state } else { state };
        let reference = (fact.reference != found.id.to_string()).then(|| fact.reference.clone());
        if Money::from_minor(found.amount, found.currency) != amount {
            return Ok(found.clone());
        }
        return store::update_refund(tx, found, state, reference).await;
    }
    let ctx = tx.ctx();
    let made = refunds::Model {
        store_id: tx.id(),
        id: ctx.id(),
        payment_id: payment.id,
        currency: amount.currency(),
        amount: amount.minor(),
        state,
        reason: None,
        idempotency_key: None,
        reference: Some(fact.reference.clone()),
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    store::insert_refund(tx, made).await
}

/// Ends the requests whose end is known by an event, whoever told of it.
async fn close(
    tx: &Tx<StoreScope>,
    payment: &payments::Model,
    event: &payment_events::Model,
    counted: &[PaymentEvent],
) -> Result<()> {
    use PaymentAttemptKind::{Authorize, Capture, Refund, Void};
    use PaymentAttemptState::{Declined, Succeeded};
    let was_made = |reference: &str| {
        counted.iter().any(|other| other.kind == PaymentEventKind::Refunded && other.reference == reference)
    };
    let ends: &[(PaymentAttemptKind, PaymentAttemptState)] = match event.kind {
        PaymentEventKind::Authorized => &[(Authorize, Succeeded)],
        PaymentEventKind::Captured => &[(Authorize, Succeeded), (Capture, Succeeded)],
        PaymentEventKind::Declined => &[(Authorize, Declined)],
        PaymentEventKind::Voided => &[(Authorize, Declined), (Void, Succeeded)],
        PaymentEventKind::Refunded => &[(Refund, Succeeded)],
        PaymentEventKind::RefundFailed if !was_made(&event.reference) => &[(Refund, Declined)],
        PaymentEventKind::RefundFailed | PaymentEventKind::RefundRequested => &[],
    };
    for (kind, state) in ends {
        let refund = match kind {
            Refund => event.reference.parse().ok(),
            _ => None,
        };
        store::end_attempts(tx, payment.id, (*kind, refund), *state).await?;
    }
    Ok(())
}

/// A fact that no provider told: it is known by an id of ours.
pub fn own_fact(ctx: &Ctx, kind: PaymentEventKind, reference: impl ToString, amount: Money) -> Fact {
    Fact { kind, reference: reference.to_string(), amount, at: Some(ctx.now()), refund: None }
}
